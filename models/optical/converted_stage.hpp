// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "models/electronic/converters/converted_edges.hpp"
#include "models/optical/optical_stage.hpp"

namespace szilard::optical {

/// An optical stage between converters: ConvertedEdges (models/electronic/converters/converted_edges.hpp) around it, a
/// DAC a modulator. Left out: converters' power while shifters settle.
class ConvertedStage final : public OpticalStage {
 public:
  ConvertedStage(std::unique_ptr<OpticalStage> inner, std::optional<electronic::Converter> input,
                 std::optional<electronic::Converter> output, std::uint64_t seed, const std::string& stream_name);

  const linear::LinearMap& map() const override;
  std::int64_t duration_ps() const override;
  void open_accounts(const std::string& component, energy::EnergySink& sink) override;
  support::SignalBlock forward(const support::SignalBlock& x, energy::EnergySink& sink) override;

  const char* medium() const override;
  const LightParameters& light() const override;
  std::vector<OpticalTileReport> tiles() const override;
  std::vector<TileProgram> programs() const override;
  LinkBudget link() const override;
  std::vector<support::AreaPart> areas(const std::string& component) const override;
  double detected_photons() const override;

  std::size_t dacs() const;
  std::size_t adcs() const;

 private:
  std::unique_ptr<OpticalStage> inner_;
  electronic::ConvertedEdges edges_;
};

}  // namespace szilard::optical
