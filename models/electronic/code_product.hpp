// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "models/linear/linear_map.hpp"
#include "models/support/aligned_vector.hpp"

namespace szilard::electronic {

/// Weights rounded to 16 bits, each output on a scale of its own: weight = integer x scale, integers in -32639 .. 32639
/// so that both bytes can be signed. Products with codes of 8 bits are sums of integers below 2^53: exact whichever way
/// they are computed. Internal to this folder.
class CodeWeights {
 public:
  CodeWeights() = default;
  explicit CodeWeights(const linear::RowMatrix& weights);

  std::size_t terms() const { return terms_; }
  std::size_t quads() const { return quads_; }  ///< groups of four terms
  double scale(std::size_t q) const { return scales_[q]; }
  double sum(std::size_t q) const { return sums_[q]; }  ///< of the integers
  const double* integers(std::size_t q) const { return &integers_[q * terms_]; }
  const std::int8_t* high(std::size_t q) const { return &high_[q * 4 * quads_]; }
  const std::int8_t* low(std::size_t q) const { return &low_[q * 4 * quads_]; }

 private:
  std::size_t terms_ = 0, quads_ = 0;
  support::AlignedVector<double> scales_, sums_, integers_;
  support::AlignedVector<std::int8_t> high_, low_;  // integer = 256 high + low; terms filled up with zeros to fours
};

/// Lanes that the kernel below works on at once; rows of codes and results need room for the last whole group.
inline constexpr std::size_t kCodeLanes = 64;

/// Whether this processor multiplies bytes in fours (AVX-512 VNNI) and the instruction set in use allows it.
bool has_code_product();

/// out[o][s] = sum_k integer(first + o, k) x (codes[k][s] - zero_code) with that instruction, for o < outputs and s <
/// lanes. `codes` holds 4 x quads() rows of bytes. `panel` is working memory of 4 x quads() x kCodeLanes bytes.
void code_product(const CodeWeights& weights, std::size_t first, std::size_t outputs, const std::uint8_t* const* codes,
                  int zero_code, std::size_t lanes, std::uint8_t* panel, double* const* out);

}  // namespace szilard::electronic
