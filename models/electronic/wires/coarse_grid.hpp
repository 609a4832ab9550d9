// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "models/electronic/wires/banded_cholesky.hpp"
#include "models/electronic/wires/wire_kernels.hpp"

namespace szilard::wires {

/// Hat functions over the points 0 .. size - 1 of a line, with the Galerkin forms of its mass and stiffness.
struct Hats {
  std::size_t knots = 0;
  std::vector<std::size_t> interval;  ///< of each point
  std::vector<double> weight;         ///< of the knot behind it
  /// [knot][0] on the diagonal, [knot][1] with the next knot.
  std::vector<double> mass, stiffness;

  /// `edges`: positions of the knots; one edge means the constant function. Ends add their conductance, relative to
  /// that of a segment.
  static Hats make(std::size_t size, const std::vector<double>& edges, double first_end, double last_end);
};

/// The coarse level of the preconditioner (wire_network.hpp): e = (S_c^-1 - M_c^-1) P' r. Internal to this folder.
class CoarseGrid {
 public:
  /// Chooses the knots from the wires' length scales, finer if many solves are to share them; there may be none.
  CoarseGrid(const WireGrid& grid, const WireKernels& kernels, double mean_conductance_s, bool for_many);

  const CoarseRows& rows() const { return rows_; }
  bool empty() const { return rows_.knots == 0; }
  /// `values` [knot of rows][padded column]: in, the restriction along i; out, the correction still to be interpolated
  /// along i.
  /// Returns the product of restriction and correction.
  double apply(float* values);

 private:
  void choose(const WireGrid& grid, double mean_conductance, bool for_many);
  void assemble(const WireGrid& grid, const WireKernels& kernels);

  std::size_t columns_ = 0, padded_columns_ = 0;
  Hats along_rows_, along_columns_;
  std::vector<std::size_t> panel_interval_;
  std::vector<float> row_weight_, column_weight_;
  std::vector<std::size_t> first_column_;  // of each interval, and the end
  CoarseRows rows_{0, nullptr, nullptr};
  BandedCholesky network_, bit_lines_;
  std::vector<double> restricted_, both_, bits_;
};

}  // namespace szilard::wires
