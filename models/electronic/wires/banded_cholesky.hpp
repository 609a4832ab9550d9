// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace szilard::wires {

/// A symmetric positive definite band matrix as L D L', for the coarse grid. Internal to this folder.
class BandedCholesky {
 public:
  BandedCholesky() = default;
  BandedCholesky(std::size_t size, std::size_t half_bandwidth);
  /// Entry of the lower triangle, row >= column.
  double& at(std::size_t row, std::size_t column) { return band_[row * width_ + (column + width_ - 1 - row)]; }
  std::size_t size() const { return size_; }
  /// False where the matrix is not positive definite in double precision.
  bool factorise();
  void solve(double* x) const;

 private:
  std::size_t size_ = 0, width_ = 1;
  std::vector<double> band_, inverse_diagonal_;
};

}  // namespace szilard::wires
