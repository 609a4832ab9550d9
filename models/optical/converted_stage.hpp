// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "models/electronic/converters/converter.hpp"
#include "models/optical/optical_stage.hpp"

namespace szilard::optical {

/// An optical stage between converters.
///
/// Law. y = ADC(stage(DAC(x))). There is a DAC a modulator of a product (groups x terms), and an ADC for
/// columns_per_converter outputs, in turn. An input that serves several positions of a convolution is converted by the DAC of the first of
/// them, once, and is paid for in each. Laws, errors and energies of converters: converter.hpp. Each position takes the
/// time of a DAC, a symbol, and of the ADC's turns, one after another.
///
/// Streams STREAM_NAME/dac and STREAM_NAME/adc. Left out: converters' power while shifters settle.
class ConvertedStage final : public OpticalStage {
 public:
  ConvertedStage(std::unique_ptr<OpticalStage> inner, std::optional<electronic::Converter> input,
                 std::optional<electronic::Converter> output, std::uint64_t seed, const std::string& stream_name);
  ~ConvertedStage() override;

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
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace szilard::optical
