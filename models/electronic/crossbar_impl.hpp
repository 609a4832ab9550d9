// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/electronic/code_product.hpp"
#include "models/electronic/crossbar_stage.hpp"
#include "models/electronic/elementwise.hpp"
#include "models/electronic/noise_source.hpp"
#include "models/electronic/programmed_array.hpp"
#include "models/electronic/read_energy.hpp"
#include "models/electronic/stage_converters.hpp"
#include "models/electronic/wired_array.hpp"
#include "models/electronic/working_rows.hpp"

namespace szilard::electronic {

/// The product in double or float. Internal to this folder.
template <typename Real>
struct Medium {
  support::AlignedVector<Real> weights;  // (groups x outputs) x terms
  WorkingRows<Real> values, products;
  std::vector<const Real*> picked;
};

/// The product of a DAC's codes. Internal to this folder.
struct CodeMedium {
  CodeWeights weights;
  bool has_bytes = false;  // else the same integers as doubles, in the medium of doubles
  int zero_code = 0;       // the byte that stands for 0
  WorkingRows<std::uint8_t> bytes;
  support::AlignedVector<std::uint8_t> panel;
  std::vector<const std::uint8_t*> picked;
};

class CrossbarStage::Impl {
 public:
  Impl(linear::LinearMap map, CrossbarParameters parameters, double input_full_scale, std::uint64_t seed,
       const std::string& stream_name);

  const linear::LinearMap& map() const { return layer_; }
  const CrossbarParameters& parameters() const { return parameters_; }
  const ProgrammedArray& array() const { return array_; }
  ReadEnergy& energy() { return energy_; }
  StageConverters& converters() { return converters_; }
  support::SignalBlock forward(const support::SignalBlock& x, energy::EnergySink& sink);

 private:
  const WiredArray* wired() const { return wired_ ? &*wired_ : nullptr; }
  linear::RowMatrix effective_weights() const { return wired_ ? wired_->effective_weights() : array_.effective_weights(); }
  template <typename Real>
  void prepare(Medium<Real>& medium);
  void prepare_codes();
  /// Takes in samples [first, first + lanes) of a block; `lane` below counts from `first`.
  void load(const support::SignalBlock& x, std::size_t first, std::size_t lanes);
  /// What DACs with errors make of the layer's inputs: input f of map_ in samples [first, first + lanes).
  void drive(const support::SignalBlock& x, std::size_t f, std::size_t first, double* out);
  void square(std::size_t lane, std::size_t lanes);
  void multiply(std::size_t group, const std::int32_t* gather, std::size_t lane, std::size_t lanes);
  void multiply_codes(std::size_t group, const std::int32_t* gather, std::size_t lane, std::size_t lanes);
  void read(std::size_t group, std::size_t position, support::SignalBlock& y, std::size_t first, std::size_t lane,
            std::size_t lanes);

  linear::LinearMap layer_;
  CrossbarParameters parameters_;
  DrivenMap driven_;
  const linear::LinearMap& map_ = driven_.map ? *driven_.map : layer_;
  ProgrammedArray array_;
  std::optional<WiredArray> wired_;
  ReadEnergy energy_;
  NoiseSource noise_;
  StageConverters converters_;
  Rounding input_rounding_, output_rounding_;
  Medium<double> double_;
  Medium<float> single_;
  CodeMedium codes_;
  WorkingRows<double> squares_;  // of every input, for energies and noise
  WorkingRows<double> inputs_;   // as the drivers have them, for energies with wires
};

}  // namespace szilard::electronic
