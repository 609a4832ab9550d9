// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/support/aligned_vector.hpp"

namespace szilard::electronic {

/// Samples whose inputs a stage takes in at once: a row of a block is read as one stream, which memory serves three
/// times as fast as short pieces of many rows.
inline constexpr std::size_t kLoadLanes = 256;
/// Most samples that it then works on at once: their rows should stay in the second-level cache, and the product likes
/// multiples of 48.
inline constexpr std::size_t kWorkingLanes = 96;
/// Distances of rows. A power of two would map all rows to a few sets of the first-level cache.
inline constexpr std::size_t kLoadStride = kLoadLanes + 16;
inline constexpr std::size_t kWorkingStride = kWorkingLanes + 16;

/// Working memory of a stage: rows `stride` apart and their addresses, all zero at first, and one row that
/// stays zero for padding. Internal to this folder.
template <typename Real>
class WorkingRows {
 public:
  WorkingRows() = default;
  explicit WorkingRows(std::size_t rows, std::size_t stride = kWorkingStride)
      : stride_(stride), values_((rows + 1) * stride, Real(0)), addresses_(rows) {
    for (std::size_t i = 0; i < rows; ++i) addresses_[i] = row(i);
  }
  // Moving keeps the addresses, copying would not.
  WorkingRows(WorkingRows&&) = default;
  WorkingRows& operator=(WorkingRows&&) = default;

  std::size_t size() const { return addresses_.size(); }
  Real* row(std::size_t i) { return values_.data() + i * stride_; }
  const Real* row(std::size_t i) const { return values_.data() + i * stride_; }
  const Real* zero() const { return row(addresses_.size()); }
  Real* const* addresses() const { return addresses_.data(); }

  /// picked[k] = the row of feature gather[k] from `lane` on, or the zero row where gather[k] is negative.
  void gather(const std::int32_t* gather, std::size_t terms, std::size_t lane, std::vector<const Real*>& picked) const {
    for (std::size_t k = 0; k < terms; ++k) {
      picked[k] = gather[k] < 0 ? zero() : row(static_cast<std::size_t>(gather[k])) + lane;
    }
  }

 private:
  std::size_t stride_ = kWorkingStride;
  support::AlignedVector<Real> values_;
  std::vector<Real*> addresses_;
};

}  // namespace szilard::electronic
