// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/wires/banded_cholesky.hpp"

#include <algorithm>
#include <cmath>

namespace szilard::wires {

BandedCholesky::BandedCholesky(std::size_t size, std::size_t half_bandwidth)
    : size_(size), width_(half_bandwidth + 1), band_(size * width_), inverse_diagonal_(size) {}

bool BandedCholesky::factorise() {
  // Right-looking: the inner loop updates consecutive entries of one row from one scaled column, kept side by side.
  std::vector<double> scaled(width_);
  const std::size_t reach = width_ - 1;
  for (std::size_t k = 0; k < size_; ++k) {
    const double pivot = at(k, k);
    if (!(pivot > 0) || !std::isfinite(pivot)) return false;
    inverse_diagonal_[k] = 1 / pivot;
    const std::size_t last = std::min(size_ - 1, k + reach);
    for (std::size_t i = k + 1; i <= last; ++i) scaled[i - k] = at(i, k);
    for (std::size_t i = k + 1; i <= last; ++i) {
      const double factor = scaled[i - k] * inverse_diagonal_[k];
      if (factor == 0) continue;
      double* const row = &at(i, k);
      for (std::size_t j = 1; j <= i - k; ++j) row[j] -= factor * scaled[j];
      row[0] = factor;
    }
  }
  return true;
}

void BandedCholesky::solve(double* x) const {
  const std::size_t reach = width_ - 1;
  for (std::size_t i = 0; i < size_; ++i) {
    const std::size_t first = i > reach ? i - reach : 0;
    const double* const row = band_.data() + i * width_ + (first + width_ - 1 - i);
    double value = x[i];
    for (std::size_t k = first; k < i; ++k) value -= row[k - first] * x[k];
    x[i] = value;
  }
  for (std::size_t i = 0; i < size_; ++i) x[i] *= inverse_diagonal_[i];
  for (std::size_t i = size_; i-- > 0;) {
    const std::size_t first = i > reach ? i - reach : 0;
    const double* const row = band_.data() + i * width_ + (first + width_ - 1 - i);
    const double value = x[i];
    for (std::size_t k = first; k < i; ++k) x[k] -= row[k - first] * value;
  }
}

}  // namespace szilard::wires
