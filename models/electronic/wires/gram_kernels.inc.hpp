// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Inner products of the rows of two matrices.
#pragma once

#include "models/electronic/wires/wire_vectors.inc.hpp"

namespace szilard::wires {
namespace {

#if defined(__AVX512F__)
constexpr size_t kTileA = 4, kTileB = 6;
#else
constexpr size_t kTileA = 3, kTileB = 4;  // sixteen registers
#endif
static_assert(kGramRows % kTileA == 0 && kGramRows % kTileB == 0);

SZILARD_INLINE void gram_tile(const double* a, const double* b, size_t stride, size_t length, double* out,
                              size_t out_stride) {
  Double sums[kTileA][kTileB] = {};
  for (size_t t = 0; t < length; t += kDoubles) {
    Double here[kTileB];
    for (size_t l = 0; l < kTileB; ++l) here[l] = load(b + l * stride + t);
    for (size_t k = 0; k < kTileA; ++k) {
      const Double value = load(a + k * stride + t);
      for (size_t l = 0; l < kTileB; ++l) sums[k][l] += value * here[l];
    }
  }
  for (size_t k = 0; k < kTileA; ++k)
    for (size_t l = 0; l < kTileB; ++l) out[k * out_stride + l] += sum(sums[k][l]);
}

void gram(const double* a, const double* b, size_t stride, size_t rows_a, size_t rows_b, size_t length, bool only_lower,
          double* out, size_t out_stride) {
  for (size_t k = 0; k < rows_a; k += kTileA)
    for (size_t l = 0; l < rows_b && (!only_lower || l < k + kTileA); l += kTileB)
      gram_tile(a + k * stride, b + l * stride, stride, length, out + k * out_stride + l, out_stride);
}

}  // namespace
}  // namespace szilard::wires
