// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "models/electronic/wires/coarse_grid.hpp"
#include "models/electronic/wires/wire_kernels.hpp"
#include "models/electronic/wires/wire_network.hpp"
#include "models/support/aligned_vector.hpp"

namespace szilard::wires {

/// The linear network in the kernels' layout, and its solver. Internal to this folder.
class WireSystem {
 public:
  WireSystem(std::size_t rows, std::size_t columns, const double* conductances_s, const WireParameters& wires);
  /// Other conductances in the same wires.
  void set_conductances(const double* conductances_s);

  /// Bit-line voltages x() for the word lines' sources v (rows, padded with zeros) and injected cell currents s (null: none).
  int solve(const double* v, const double* s, const SolveOptions& options);
  /// Power of two by which sources should be multiplied before solve() so that nothing under- or overflows.
  double scale_for(double largest_v) const;
  /// The same with 1 / grid().bit_last_end volts at the last end of one bit line and all other terminals at 0 V.
  int solve_bit_source(std::size_t column, const SolveOptions& options);

  /// Word-line drops and cell currents that follow from v, s and x(); returns the norm of the bit lines' residual.
  double finish(const double* v, const double* s);
  const double* x() const { return x_.data(); }
  const double* drop() const { return drop_.data(); }
  const double* current() const { return current_.data(); }

  const WireGrid& grid() const { return grid_; }
  const WireKernels& kernels() const { return kernels_; }
  std::size_t size() const { return grid_.panels * grid_.padded_columns * kLanes; }
  std::size_t at(std::size_t i, std::size_t j) const {
    return (i / kLanes * grid_.padded_columns + j) * kLanes + i % kLanes;
  }
  /// Conductances from the ends of a line to its terminals, as the solver has them.
  double driver_s() const { return grid_.word_first_end / grid_.word_ohm; }
  double sense_s() const { return grid_.bit_last_end / grid_.bit_ohm; }
  const WireParameters& wires() const { return wires_; }

 private:
  int run(const SolveOptions& options, int done);
  int run_to_tolerance(const double* v, const double* s, const SolveOptions& options);
  double direction_product(double r_z);
  void lump(double* values) const;

  WireParameters wires_;
  WireGrid grid_;
  const WireKernels& kernels_;
  support::AlignedVector<double> g_, word_pivots_, x_, r_, q_, drop_, current_, work_;
  support::AlignedVector<float> bit_pivots_, z_, p_, bit_work_, coarse_values_;
  std::unique_ptr<CoarseGrid> coarse_;
  double largest_s_ = 0;
  double first_r_z_ = 0;  // of the residual that x() = 0 leaves
};

}  // namespace szilard::wires
