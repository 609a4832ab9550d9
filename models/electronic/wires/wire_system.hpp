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

  /// The conductances, row by row.
  std::vector<double> conductances() const;
  /// Spends more on the preconditioner's set-up, for many solves with these conductances.
  void prepare_for_many();

  /// Bit-line voltages x() for the word lines' sources v (rows, padded with zeros) and injected cell currents s (null:
  /// none).
  /// Where only_ends, x() holds them at the sensed ends alone.
  int solve(const double* v, const double* s, const SolveOptions& options, bool only_ends = false);
  /// Power of two by which sources should be multiplied before solve() so that nothing under- or overflows.
  double scale_for(double largest_v) const;
  /// As solve() for sources that are 0 but for one row's.
  int solve_row_source(std::size_t row, const double* v, const SolveOptions& options);
  /// The ends of the bit lines at ends_v (columns), all sources at 0 V; returns what x() is to be divided by.
  double solve_bit_ends(const double* ends_v, const SolveOptions& options, int* iterations);
  /// 1 V at the last end of one bit line and all other terminals at 0 V: the currents into the word lines' sources
  /// (rows).
  int solve_bit_source(std::size_t column, const SolveOptions& options, double* row_currents_a);

  /// Word-line drops and cell currents that follow from v, s and x().
  void finish(const double* v, const double* s);
  const double* x() const { return x_; }
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
  /// Each bit line is one node to double precision.
  bool is_lumped() const { return is_lumped_; }

 private:
  void take_memory();
  void make_coarse_grid(bool for_many);
  /// Where sums (2 x rows rounded up) are given, what x() lifts the word lines' ends to is added to them.
  int run(const SolveOptions& options, int done, double* end_sums = nullptr);
  int run_to_tolerance(const double* v, const double* s, const SolveOptions& options);
  void lump(double* values) const;

  WireParameters wires_;
  WireGrid grid_;
  const WireKernels& kernels_;
  // One block of memory: the allocator keeps and reuses it from one network to the next, where many small ones would be
  // returned to the system and cleared again.
  struct Free {
    void operator()(void* block) const { ::operator delete(block); }
  };
  std::unique_ptr<void, Free> block_;
  double *g_ = nullptr, *word_pivots_ = nullptr, *x_ = nullptr, *r_ = nullptr, *q_ = nullptr, *work_ = nullptr;
  double *first_ = nullptr, *last_ = nullptr;  // ends of the word lines, of p
  float *bit_pivots_ = nullptr, *y_ = nullptr, *p_ = nullptr, *bit_state_ = nullptr;
  support::AlignedVector<double> drop_, current_;
  support::AlignedVector<float> coarse_values_;
  std::unique_ptr<CoarseGrid> coarse_;
  bool is_lumped_ = false;
  std::size_t first_x_panel_ = 0;
  double largest_s_ = 0, mean_s_ = 0;
  double first_r_z_ = 0;  // of the residual that x() = 0 leaves
};

}  // namespace szilard::wires
