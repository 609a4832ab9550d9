// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Vectors of one instruction set for wire_kernels.inc.hpp.
#pragma once

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

#include "models/electronic/wires/wire_kernels.hpp"

#define SZILARD_INLINE inline __attribute__((always_inline))

namespace szilard::wires {
namespace {

#if defined(__AVX512F__)
constexpr size_t kVectorBytes = 64;
#elif defined(__AVX2__)
constexpr size_t kVectorBytes = 32;
#else
constexpr size_t kVectorBytes = 16;
#endif
constexpr int kSingles = kVectorBytes / 4, kDoubles = kVectorBytes / 8;                // lanes of a vector
constexpr int kSingleVectors = kLanes / kSingles, kDoubleVectors = kLanes / kDoubles;  // vectors of a panel's row

typedef double Double __attribute__((vector_size(kVectorBytes)));
typedef float Single __attribute__((vector_size(kVectorBytes)));
typedef float HalfSingle __attribute__((vector_size(kVectorBytes / 2)));  // as many floats as Double has doubles
typedef int32_t SingleIndex __attribute__((vector_size(kVectorBytes)));
typedef int64_t DoubleIndex __attribute__((vector_size(kVectorBytes)));
typedef double DoubleInMemory __attribute__((vector_size(kVectorBytes), aligned(8), may_alias));
typedef float SingleInMemory __attribute__((vector_size(kVectorBytes), aligned(4), may_alias));
typedef float HalfInMemory __attribute__((vector_size(kVectorBytes / 2), aligned(4), may_alias));

SZILARD_INLINE Double load(const double* p) { return *reinterpret_cast<const DoubleInMemory*>(p); }
SZILARD_INLINE Single load(const float* p) { return *reinterpret_cast<const SingleInMemory*>(p); }
SZILARD_INLINE void store(double* p, Double value) { *reinterpret_cast<DoubleInMemory*>(p) = value; }
SZILARD_INLINE void store(float* p, Single value) { *reinterpret_cast<SingleInMemory*>(p) = value; }
#if defined(__AVX512F__)
// GCC 12 would convert in two halves. (The form with a mask spares its false warning of bug 105593.)
SZILARD_INLINE Double widened(HalfSingle value) { return _mm512_maskz_cvtps_pd(0xff, value); }
#else
SZILARD_INLINE Double widened(HalfSingle value) { return __builtin_convertvector(value, Double); }
#endif
SZILARD_INLINE Double load_widened(const float* p) { return widened(*reinterpret_cast<const HalfInMemory*>(p)); }

// Halves by shuffles: through memory, a whole vector loaded after two stored halves would wait for them.
#if defined(__AVX512F__)
#define SZILARD_FIRST_HALF 0, 1, 2, 3, 4, 5, 6, 7
#define SZILARD_SECOND_HALF 8, 9, 10, 11, 12, 13, 14, 15
#elif defined(__AVX2__)
#define SZILARD_FIRST_HALF 0, 1, 2, 3
#define SZILARD_SECOND_HALF 4, 5, 6, 7
#else
#define SZILARD_FIRST_HALF 0, 1
#define SZILARD_SECOND_HALF 2, 3
#endif
SZILARD_INLINE Double widen(Single value, int half) {
  const HalfSingle first = __builtin_shufflevector(value, value, SZILARD_FIRST_HALF);
  const HalfSingle second = __builtin_shufflevector(value, value, SZILARD_SECOND_HALF);
  return widened(half == 0 ? first : second);
}
SZILARD_INLINE Single narrow(Double first, Double second) {
  return __builtin_shufflevector(__builtin_convertvector(first, HalfSingle),
                                 __builtin_convertvector(second, HalfSingle), SZILARD_FIRST_HALF, SZILARD_SECOND_HALF);
}

SZILARD_INLINE double sum(Double value) {
  double total = 0;
  for (int k = 0; k < kDoubles; ++k) total += value[k];
  return total;
}

/// Lanes of (a, b) by number. Clang knows no shuffle by a vector of numbers.
template <typename Vector, typename Index>
SZILARD_INLINE Vector shuffled(Vector a, Vector b, Index index) {
#if defined(__clang__)
  constexpr int kLanes = sizeof(Vector) / sizeof(a[0]);
  Vector picked = {};
  for (int k = 0; k < kLanes; ++k) picked[k] = index[k] < kLanes ? a[index[k]] : b[index[k] - kLanes];
  return picked;
#else
  return __builtin_shuffle(a, b, index);
#endif
}

/// The lanes of (before, here) one to the left: lane k becomes lane k - 1.
SZILARD_INLINE Single lane_before(Single before, Single here) {
  SingleIndex index;
  for (int k = 0; k < kSingles; ++k) index[k] = kSingles - 1 + k;
  return shuffled(before, here, index);
}
SZILARD_INLINE Single lane_after(Single here, Single after) {
  SingleIndex index;
  for (int k = 0; k < kSingles; ++k) index[k] = 1 + k;
  return shuffled(here, after, index);
}

SZILARD_INLINE Double lane_before(Double before, Double here) {
  DoubleIndex index;
  for (int k = 0; k < kDoubles; ++k) index[k] = kDoubles - 1 + k;
  return shuffled(before, here, index);
}
SZILARD_INLINE Double lane_after(Double here, Double after) {
  DoubleIndex index;
  for (int k = 0; k < kDoubles; ++k) index[k] = 1 + k;
  return shuffled(here, after, index);
}

template <typename Vector, typename Index, int Lanes, int Step>
SZILARD_INLINE void transpose_from(Vector* rows) {
  if constexpr (Step > 0) {
    Index low = {}, high = {};
    for (int k = 0; k < Lanes; ++k) {
      low[k] = (k & Step) == 0 ? k : Lanes + k - Step;
      high[k] = (k & Step) == 0 ? k + Step : Lanes + k;
    }
    for (int row = 0; row < Lanes; ++row) {
      if ((row & Step) != 0) continue;
      const Vector a = rows[row], b = rows[row + Step];
      rows[row] = shuffled(a, b, low);
      rows[row + Step] = shuffled(a, b, high);
    }
    transpose_from<Vector, Index, Lanes, Step / 2>(rows);
  }
}
/// Square blocks in place.
SZILARD_INLINE void transpose(Single* rows) { transpose_from<Single, SingleIndex, kSingles, kSingles / 2>(rows); }
SZILARD_INLINE void transpose(Double* rows) { transpose_from<Double, DoubleIndex, kDoubles, kDoubles / 2>(rows); }

}  // namespace
}  // namespace szilard::wires
