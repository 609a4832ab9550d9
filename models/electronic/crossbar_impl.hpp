// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/electronic/cell_response.hpp"
#include "models/electronic/code_product.hpp"
#include "models/electronic/crossbar_stage.hpp"
#include "models/electronic/elementwise.hpp"
#include "models/electronic/noise_source.hpp"
#include "models/electronic/nonlinear_array.hpp"
#include "models/electronic/programmed_array.hpp"
#include "models/electronic/read_energy.hpp"
#include "models/electronic/row_drive.hpp"
#include "models/electronic/stage_converters.hpp"
#include "models/electronic/weight_slices.hpp"
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

/// Several conversions of an output. Internal to this folder.
struct Coded {
  std::vector<double> ranges;         // of the converters, part after part, slice after slice; 0: not known yet
  std::vector<Rounding> roundings;    // likewise
  WorkingRows<double> values;         // codes or inputs
  WorkingRows<double> drives;         // of one pass
  WorkingRows<double> heats, pulses;  // pulse_width: |x| full scale, and full scale squared where a pulse is
  WorkingRows<double> input_sum;
  std::vector<double> ones, converted;
  std::vector<const double*> picked;
};

/// Sums of bits or slices ahead of the ADCs. Internal to this folder.
struct AnalogSums {
  std::size_t slices = 1;                      // sums of an output and part: 1, or one a slice
  WorkingRows<double> values;                  // part after part, sum after sum, the layer's outputs and positions
  std::vector<double> bit_gains, slice_gains;  // of part and output; of part, output and slice: mismatch, nominal 1
  std::vector<double> sigmas;                  // of the sampled charge, of each sum's slice; empty: none
  std::optional<support::RandomStream> stream;
  std::vector<double> gaussians;
};

/// Cells that are not ohmic. Internal to this folder.
struct Nonlinear {
  CellResponse response;
  std::optional<NonlinearArray> wired;
  WorkingRows<double> heats, pulses;  // x times its ohmic equal, and x^2
};

class CrossbarStage::Impl {
 public:
  Impl(linear::LinearMap map, CrossbarParameters parameters, double input_full_scale, std::uint64_t seed,
       const std::string& stream_name);

  const linear::LinearMap& map() const { return layer_; }
  const CrossbarParameters& parameters() const { return parameters_; }
  const ProgrammedArray& array() const { return array_; }
  ReadEnergy& energy() { return energy_; }
  double input_full_scale() const { return input_full_scale_; }
  std::vector<ProgrammedTile> programmed_tiles() const;
  StageConverters& converters() { return converters_; }
  std::size_t slices() const { return slices_.slices; }
  bool has_slices_side_by_side() const { return slices_.is_side_by_side; }
  std::size_t row_of_slice(std::size_t output, std::size_t slice) const {
    return slices_.row_of(output, slice, map_.outputs);
  }
  double settling_s() const { return settling_s_; }
  std::int64_t duration_ps() const { return converters_.busy_ps(); }
  support::SignalBlock forward(const support::SignalBlock& x, energy::EnergySink& sink);
  void calibrate(const support::SignalBlock& x);

 private:
  /// The map of the slices, one group each.
  const linear::LinearMap& sliced_map() const { return slices_.map ? *slices_.map : map_; }
  const WiredArray* wired() const { return wired_ ? &*wired_ : nullptr; }
  linear::RowMatrix effective_weights() const {
    return wired_ ? wired_->effective_weights() : array_.effective_weights();
  }
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

  void prepare_nonlinear(std::uint64_t seed, const std::string& stream_name);
  /// Between load() and square(): inputs as ohmic cells would need them.
  void bend(std::size_t lanes);
  void post_nonlinear(std::size_t lanes, std::uint64_t first_sample, std::size_t samples, energy::EnergySink& sink);
  /// inputs_: what the word lines have in samples [first, first + lanes).
  void take_drives(const support::SignalBlock& x, std::size_t first, std::size_t lanes);

  void prepare_coded();
  ReadCounts counts() const;
  std::int64_t additions_of_output() const;
  void check_width(const support::SignalBlock& x) const;
  void set_range(std::size_t part, std::size_t slice, double range);
  void take_in(const support::SignalBlock& x, std::size_t first, std::size_t lanes);
  void drive_rows(std::size_t pass, std::size_t lanes);
  void convert(std::size_t pass, support::SignalBlock& y, std::size_t first, std::size_t lanes);
  void subtract_input_sum(support::SignalBlock& y, std::size_t first, std::size_t lanes);
  bool has_analog_sums() const { return parameters_.sums_bits() || parameters_.sums_slices(); }
  std::size_t rounds() const { return parameters_.sums_bits() ? drive_.phases() : drive_.passes(); }
  /// Ranges and conversions of a part: one a slice, or one for their sum.
  std::size_t converted_slices() const { return parameters_.sums_slices() ? 1 : slices_.slices; }
  bool ends_round(std::size_t pass) const { return !parameters_.sums_bits() || (pass + 1) % drive_.digits() == 0; }
  std::size_t round_of(std::size_t pass) const { return parameters_.sums_bits() ? pass / drive_.digits() : pass; }
  void prepare_sums();
  /// Weight of a slice's product in its sum, for an output of a part.
  double sum_weight(std::size_t pass, std::size_t slice, std::size_t part, std::size_t output) const;
  /// Largest sum that full-scale inputs could cause.
  double largest_sum(std::size_t part, std::size_t slice) const;
  void add_to_sums(std::size_t pass, std::uint64_t first_sample, std::size_t lanes, bool has_noise);
  void convert_sums(std::size_t pass, support::SignalBlock& y, std::size_t first, std::size_t lanes);
  void clear_sums();
  std::size_t sum_row(std::size_t part, std::size_t slice, std::size_t output, std::size_t position) const;

  /// Products of one part's rows for a group of the slices' map, in that map's numbers.
  void multiply_part(const RowPart& part, std::size_t group, std::size_t position, std::size_t lanes);
  support::SignalBlock forward_coded(const support::SignalBlock& x, energy::EnergySink& sink);

  linear::LinearMap layer_;
  CrossbarParameters parameters_;
  double input_full_scale_;
  std::uint64_t seed_;
  std::string stream_name_;
  DrivenMap driven_;
  const linear::LinearMap& map_ = driven_.map ? *driven_.map : layer_;
  RowDrive drive_;
  WeightSlices slices_;
  ProgrammedArray array_;
  std::optional<WiredArray> wired_;
  std::vector<RowPart> parts_;
  double settling_s_;
  LineCharging charging_;
  ReadEnergy energy_;
  std::vector<NoiseSource> noises_;  // of each part
  StageConverters converters_;
  Rounding input_rounding_, output_rounding_;
  Medium<double> double_;
  Medium<float> single_;
  CodeMedium codes_;
  Coded coded_;
  AnalogSums sums_;
  std::unique_ptr<Nonlinear> nonlinear_;
  WorkingRows<double> squares_;  // of every input, for energies and noise
  WorkingRows<double> inputs_;   // as the drivers have them, for energies with wires
};

}  // namespace szilard::electronic
