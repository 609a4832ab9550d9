// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "models/electronic/crossbar_stage.hpp"
#include "models/electronic/programmed_array.hpp"
#include "models/electronic/wired_array.hpp"
#include "models/support/aligned_vector.hpp"

namespace szilard::electronic {

/// Rows whose currents are converted together: all of them, or those of one row tile.
struct RowPart {
  std::size_t first = 0, rows = 0;
  std::size_t first_tile = 0, tiles = 1;
};

/// Variances of outputs, in weights squared: own (outputs) and offset (columns that are subtracted) times x^2, *_shot
/// times |x|, *_thermal as they are. Without shot or thermal noise those are empty; thermal noise includes that of
/// sampling. Internal to this folder.
struct CellNoise {
  linear::RowMatrix own, offset, own_shot, offset_shot;
  std::vector<double> own_thermal, offset_thermal;

  CellNoise(const linear::LinearMap& map, const CrossbarParameters& parameters, const ProgrammedArray& array,
            const WiredArray* wired, double input_full_scale, const RowPart& part);

  /// Rows of squares' weights, followed by magnitudes' where there are any.
  template <typename Real>
  static support::AlignedVector<Real> weights(const linear::RowMatrix& squares, const linear::RowMatrix& shot,
                                              bool has_shot) {
    support::AlignedVector<Real> out;
    out.reserve(static_cast<std::size_t>(squares.size() + shot.size()));
    for (Eigen::Index row = 0; row < squares.rows(); ++row) {
      for (Eigen::Index k = 0; k < squares.cols(); ++k) out.push_back(static_cast<Real>(squares(row, k)));
      if (!has_shot) continue;
      for (Eigen::Index k = 0; k < shot.cols(); ++k) out.push_back(static_cast<Real>(shot(row, k)));
    }
    return out;
  }
};

}  // namespace szilard::electronic
