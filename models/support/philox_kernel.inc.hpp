// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Eight lanes of philox_arithmetic.inc.hpp. Included once by each of philox_v2.cpp, philox_v3.cpp and philox_v4.cpp, which define
// SZILARD_GAUSSIAN_KERNELS as the name of the function that hands the kernels out.
#include <immintrin.h>

#include "models/support/philox_kernel.hpp"

namespace szilard::support {
namespace {

constexpr size_t kLanes = 8;
typedef double Reals __attribute__((vector_size(8 * kLanes)));
typedef uint64_t Bits __attribute__((vector_size(8 * kLanes)));
typedef double UnalignedReals __attribute__((vector_size(8 * kLanes), aligned(8), may_alias));

template <typename D>
inline __attribute__((always_inline)) D as_real(Bits bits) {
  return reinterpret_cast<D>(bits);
}
template <typename U>
inline __attribute__((always_inline)) U as_bits(Reals real) {
  return reinterpret_cast<U>(real);
}

// 32 x 32 -> 64 bit in every lane, and square roots: compilers find neither instruction in plain vector code. The unmasked
// forms of GCC 12's header raise a false -Wmaybe-uninitialized (GCC bug 105593); with a full mask the code is the same.
#if defined(__AVX512F__)
constexpr __mmask8 kAll = 0xff;
#endif
inline __attribute__((always_inline)) Bits multiply_low32(Bits a, uint64_t b) {
#if defined(__AVX512F__)
  return reinterpret_cast<Bits>(_mm512_maskz_mul_epu32(kAll, reinterpret_cast<__m512i>(a), _mm512_set1_epi64(int64_t(b))));
#else
  union Parts {
    Bits whole;
#if defined(__AVX2__)
    __m256i part[2];
#else
    __m128i part[4];
#endif
  } parts = {a};
  for (auto& part : parts.part)
#if defined(__AVX2__)
    part = _mm256_mul_epu32(part, _mm256_set1_epi64x(int64_t(b)));
#else
    part = _mm_mul_epu32(part, _mm_set1_epi64x(int64_t(b)));
#endif
  return parts.whole;
#endif
}

inline __attribute__((always_inline)) Reals square_root(Reals a) {
#if defined(__AVX512F__)
  return reinterpret_cast<Reals>(_mm512_maskz_sqrt_pd(kAll, reinterpret_cast<__m512d>(a)));
#else
  union Parts {
    Reals whole;
#if defined(__AVX2__)
    __m256d part[2];
#else
    __m128d part[4];
#endif
  } parts = {a};
  for (auto& part : parts.part)
#if defined(__AVX2__)
    part = _mm256_sqrt_pd(part);
#else
    part = _mm_sqrt_pd(part);
#endif
  return parts.whole;
#endif
}

#include "models/support/philox_arithmetic.inc.hpp"

constexpr Bits kLaneNumbers = {0, 1, 2, 3, 4, 5, 6, 7};

void across_samples(const GaussianRun& run, size_t groups) {
  const uint64_t end = run.first_index + run.count;
  for (uint64_t pair = run.first_index / 2; 2 * pair < end; ++pair) {
    const bool has_first = 2 * pair >= run.first_index, has_second = 2 * pair + 1 < end;
    double* const row = run.out + (2 * pair - run.first_index) * run.stride;
    for (size_t group = 0; group < groups; ++group) {
      const Bits sample = kLaneNumbers + (run.sample + kLanes * group);
      const Pair<Reals> z = gaussian_pair<Reals, Bits>(Bits{} + pair, Bits{} + run.stream, sample, run.seed);
      if (has_first) *reinterpret_cast<UnalignedReals*>(row + kLanes * group) = z.first;
      if (has_second) *reinterpret_cast<UnalignedReals*>(row + run.stride + kLanes * group) = z.second;
    }
  }
}

void across_indices(const GaussianRun& run) {
  const uint64_t end = run.first_index + run.count;
  for (uint64_t base = run.first_index & ~uint64_t(1); base < end; base += 2 * kLanes) {
    const Pair<Reals> z = gaussian_pair<Reals, Bits>(kLaneNumbers + base / 2, Bits{} + run.stream,
                                                     Bits{} + run.sample, run.seed);
    const Reals low = __builtin_shufflevector(z.first, z.second, 0, 8, 1, 9, 2, 10, 3, 11);
    const Reals high = __builtin_shufflevector(z.first, z.second, 4, 12, 5, 13, 6, 14, 7, 15);
    if (run.stride == 1 && base >= run.first_index && base + 2 * kLanes <= end) {
      double* const out = run.out + (base - run.first_index);
      *reinterpret_cast<UnalignedReals*>(out) = low;
      *reinterpret_cast<UnalignedReals*>(out + kLanes) = high;
      continue;
    }
    const Reals values[2] = {low, high};
    for (size_t lane = 0; lane < 2 * kLanes; ++lane)
      if (base + lane >= run.first_index && base + lane < end)
        run.out[(base + lane - run.first_index) * run.stride] = values[lane / kLanes][lane % kLanes];
  }
}

}  // namespace

GaussianKernels SZILARD_GAUSSIAN_KERNELS() { return {across_samples, across_indices}; }

}  // namespace szilard::support
