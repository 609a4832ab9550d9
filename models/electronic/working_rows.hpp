// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/support/aligned_vector.hpp"

namespace szilard::electronic {

/// Most samples that a stage works on at once: its rows should stay in the second-level cache, and the product likes
/// multiples of 48.
inline constexpr std::size_t kWorkingLanes = 96;
/// Distance of rows. A power of two would map all rows to a few sets of the first-level cache.
inline constexpr std::size_t kWorkingStride = kWorkingLanes + 16;

/// Working memory of a stage: rows of kWorkingStride values and their addresses, all zero at first, and one row that
/// stays zero for padding. Internal to this folder.
template <typename Real>
class WorkingRows {
 public:
  WorkingRows() = default;
  explicit WorkingRows(std::size_t rows) : values_((rows + 1) * kWorkingStride, Real(0)), addresses_(rows) {
    for (std::size_t i = 0; i < rows; ++i) addresses_[i] = values_.data() + i * kWorkingStride;
  }
  // Moving keeps the addresses, copying would not.
  WorkingRows(WorkingRows&&) = default;
  WorkingRows& operator=(WorkingRows&&) = default;

  std::size_t size() const { return addresses_.size(); }
  Real* row(std::size_t i) { return values_.data() + i * kWorkingStride; }
  const Real* row(std::size_t i) const { return values_.data() + i * kWorkingStride; }
  const Real* zero() const { return row(addresses_.size()); }
  Real* const* addresses() const { return addresses_.data(); }

  /// picked[k] = the row of feature gather[k], or the zero row where that is negative.
  void gather(const std::int32_t* gather, std::vector<const Real*>& picked) const {
    for (std::size_t k = 0; k < picked.size(); ++k) {
      picked[k] = gather[k] < 0 ? zero() : row(static_cast<std::size_t>(gather[k]));
    }
  }

 private:
  support::AlignedVector<Real> values_;
  std::vector<Real*> addresses_;
};

}  // namespace szilard::electronic
