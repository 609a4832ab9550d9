// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "models/electronic/converters/converter.hpp"
#include "models/linear/linear_stage.hpp"

namespace szilard::electronic {

/// DACs before and ADCs behind a linear stage that has none of its own.
///
/// Law. y = ADC(stage(DAC(x))). There is a DAC an input of a product (groups x terms), and an ADC for
/// columns_per_converter outputs, in turn. An input that serves several positions of a convolution is converted by the
/// DAC of the first of them, once, and is paid for in each. Laws, errors and energies of converters: converter.hpp.
/// Each position takes the time of a DAC, the stage's own, and of the ADC's turns, one after another.
///
/// Streams STREAM_NAME/dac and STREAM_NAME/adc. Left out: converters' power while a stage is being programmed.
class ConvertedEdges {
 public:
  /// `map` and the stage's own duration; the map must outlive this.
  ConvertedEdges(const linear::LinearMap& map, std::int64_t stage_ps, std::optional<Converter> input,
                 std::optional<Converter> output, std::uint64_t seed, const std::string& stream_name);
  ~ConvertedEdges();

  /// Of stage and converters, all positions.
  std::int64_t duration_ps() const;
  /// The stage's accounts stand between those of DACs and ADCs.
  void open_accounts(linear::LinearStage& stage, const std::string& component, energy::EnergySink& sink);
  support::SignalBlock forward(linear::LinearStage& stage, const support::SignalBlock& x, energy::EnergySink& sink);

  std::size_t dacs() const;
  std::size_t adcs() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Any linear stage between converters.
class ConvertedLinearStage final : public linear::LinearStage {
 public:
  ConvertedLinearStage(std::unique_ptr<linear::LinearStage> inner, std::optional<Converter> input,
                       std::optional<Converter> output, std::uint64_t seed, const std::string& stream_name);

  const linear::LinearMap& map() const override { return inner_->map(); }
  std::int64_t duration_ps() const override { return edges_.duration_ps(); }
  void open_accounts(const std::string& component, energy::EnergySink& sink) override {
    edges_.open_accounts(*inner_, component, sink);
  }
  support::SignalBlock forward(const support::SignalBlock& x, energy::EnergySink& sink) override {
    return edges_.forward(*inner_, x, sink);
  }
  const ConvertedEdges& edges() const { return edges_; }

 private:
  std::unique_ptr<linear::LinearStage> inner_;
  ConvertedEdges edges_;
};

}  // namespace szilard::electronic
