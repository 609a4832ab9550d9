// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// philox_arithmetic.inc.hpp for many numbers side by side. Included once by each of philox_v2.cpp, philox_v3.cpp and
// philox_v4.cpp, which define SZILARD_GAUSSIAN_KERNELS as the name of the function that hands the kernels out.
#include <immintrin.h>

#include "models/support/philox_kernel.hpp"

namespace szilard::support {
namespace {

// Numbers are handled kLanes at a time, in several registers: the chain of dependent steps is longer than what a
// processor looks ahead, so two chains run side by side.
#if defined(__AVX512F__)
constexpr size_t kVectorBytes = 64, kLanes = 16;
#elif defined(__AVX2__)
constexpr size_t kVectorBytes = 32, kLanes = 8;
#else
constexpr size_t kVectorBytes = 16, kLanes = 8;
#endif
constexpr size_t kSampleLanes = 8;  ///< samples come in groups of this
constexpr size_t kPartLanes = kVectorBytes / 8;
constexpr size_t kParts = kLanes / kPartLanes;

template <typename E>
struct Wide {
  typedef E Part __attribute__((vector_size(kVectorBytes)));
  typedef E PartInMemory __attribute__((vector_size(kVectorBytes), aligned(8), may_alias));
  Part part[kParts];

  static inline __attribute__((always_inline)) Wide of(E value) {
    Wide wide;
    for (Part& part : wide.part) part = Part{} + value;
    return wide;
  }

#define SZILARD_OPERATOR(op)                                                                    \
  friend inline __attribute__((always_inline)) Wide operator op(const Wide& a, const Wide& b) { \
    Wide c;                                                                                     \
    for (size_t i = 0; i < kParts; ++i) c.part[i] = a.part[i] op b.part[i];                     \
    return c;                                                                                   \
  }                                                                                             \
  friend inline __attribute__((always_inline)) Wide operator op(const Wide& a, E b) {           \
    Wide c;                                                                                     \
    for (size_t i = 0; i < kParts; ++i) c.part[i] = a.part[i] op b;                             \
    return c;                                                                                   \
  }
  SZILARD_OPERATOR(+)
  SZILARD_OPERATOR(-)
  SZILARD_OPERATOR(*)
  SZILARD_OPERATOR(/)
  SZILARD_OPERATOR(&)
  SZILARD_OPERATOR(|)
  SZILARD_OPERATOR(^)
  SZILARD_OPERATOR(<<)
  SZILARD_OPERATOR(>>)
#undef SZILARD_OPERATOR
};
using Reals = Wide<double>;
using Bits = Wide<uint64_t>;

template <typename D>
inline __attribute__((always_inline)) D as_real(const Bits& bits) {
  D real;
  for (size_t i = 0; i < kParts; ++i) real.part[i] = reinterpret_cast<typename D::Part>(bits.part[i]);
  return real;
}
template <typename U>
inline __attribute__((always_inline)) U as_bits(const Reals& real) {
  U bits;
  for (size_t i = 0; i < kParts; ++i) bits.part[i] = reinterpret_cast<typename U::Part>(real.part[i]);
  return bits;
}

// 32 x 32 -> 64 bit in every lane, and square roots: compilers find neither instruction in plain vector code. The
// unmasked forms of GCC 12's AVX-512 header raise a false -Wmaybe-uninitialized (GCC bug 105593); with a full mask the
// code is the same.
inline __attribute__((always_inline)) Bits multiply_low32(const Bits& a, uint32_t b) {
  Bits c;
  for (size_t i = 0; i < kParts; ++i) {
#if defined(__AVX512F__)
    const auto part = _mm512_maskz_mul_epu32(0xff, reinterpret_cast<__m512i>(a.part[i]), _mm512_set1_epi64(b));
#elif defined(__AVX2__)
    const auto part = _mm256_mul_epu32(reinterpret_cast<__m256i>(a.part[i]), _mm256_set1_epi64x(b));
#else
    const auto part = _mm_mul_epu32(reinterpret_cast<__m128i>(a.part[i]), _mm_set1_epi64x(b));
#endif
    c.part[i] = reinterpret_cast<Bits::Part>(part);
  }
  return c;
}

inline __attribute__((always_inline)) Reals square_root(const Reals& a) {
  Reals b;
  for (size_t i = 0; i < kParts; ++i) {
#if defined(__AVX512F__)
    b.part[i] = _mm512_maskz_sqrt_pd(0xff, a.part[i]);
#elif defined(__AVX2__)
    b.part[i] = _mm256_sqrt_pd(a.part[i]);
#else
    b.part[i] = _mm_sqrt_pd(a.part[i]);
#endif
  }
  return b;
}

#include "models/support/philox_arithmetic.inc.hpp"

// first + 0, first + 1, ... in all lanes, starting anew every `period` lanes.
inline __attribute__((always_inline)) Bits counting(uint64_t first, size_t period) {
  Bits bits;
  for (size_t lane = 0; lane < kLanes; ++lane) bits.part[lane / kPartLanes][lane % kPartLanes] = lane % period;
  return bits + first;
}

inline __attribute__((always_inline)) void store(double* out, const Reals& values, size_t first_part, size_t parts) {
  for (size_t i = 0; i < parts; ++i)
    *reinterpret_cast<Reals::PartInMemory*>(out + i * kPartLanes) = values.part[first_part + i];
}

void across_samples(const GaussianRun& run, size_t groups) {
  constexpr size_t kPairs = kLanes / kSampleLanes;
  constexpr size_t kGroupParts = kSampleLanes / kPartLanes;
  const RoundKeys keys(run.seed);
  const uint64_t end = run.first_index + run.count;
  const Bits lanes = counting(0, kSampleLanes);
  for (uint64_t pair = run.first_index / 2; 2 * pair < end; pair += kPairs) {
    Bits pairs;
    for (size_t i = 0; i < kParts; ++i) pairs.part[i] = Bits::Part{} + (pair + i / kGroupParts);
    for (size_t group = 0; group < groups; ++group) {
      const Pair<Reals> z =
          gaussian_pair<Reals, Bits>(pairs, Bits::of(run.stream), lanes + (run.sample + kSampleLanes * group), keys);
      for (size_t p = 0; p < kPairs; ++p) {
        const uint64_t index = 2 * (pair + p);
        const size_t sample = kSampleLanes * group;
        if (index >= run.first_index && index < end)
          store(run.out + (index - run.first_index) * run.stride + sample, z.first, p * kGroupParts, kGroupParts);
        if (index + 1 < end)
          store(run.out + (index + 1 - run.first_index) * run.stride + sample, z.second, p * kGroupParts, kGroupParts);
      }
    }
  }
}

void across_indices(const GaussianRun& run) {
  const RoundKeys keys(run.seed);
  const uint64_t end = run.first_index + run.count;
  const Bits lanes = counting(0, kLanes);
  for (uint64_t base = run.first_index & ~uint64_t(1); base < end; base += 2 * kLanes) {
    const Pair<Reals> z =
        gaussian_pair<Reals, Bits>(lanes + base / 2, Bits::of(run.stream), Bits::of(run.sample), keys);
    double first[kLanes], second[kLanes];
    store(first, z.first, 0, kParts);
    store(second, z.second, 0, kParts);
    for (size_t lane = 0; lane < kLanes; ++lane) {
      const uint64_t index = base + 2 * lane;
      if (index >= run.first_index && index < end) run.out[(index - run.first_index) * run.stride] = first[lane];
      if (index + 1 < end) run.out[(index + 1 - run.first_index) * run.stride] = second[lane];
    }
  }
}

// Single precision: one vector of 32-bit lanes.
constexpr size_t kSingleLanes = kVectorBytes / 4;
typedef float Singles __attribute__((vector_size(kVectorBytes)));
typedef uint32_t SingleBits __attribute__((vector_size(kVectorBytes)));
typedef int32_t SingleIntegers __attribute__((vector_size(kVectorBytes)));

template <typename F>
inline __attribute__((always_inline)) F as_single(const SingleBits& bits) {
  return reinterpret_cast<F>(bits);
}
template <typename U>
inline __attribute__((always_inline)) U as_bits_single(const Singles& real) {
  return reinterpret_cast<U>(real);
}
template <typename F>
inline __attribute__((always_inline)) F to_float(const SingleBits& below_2_to_31) {
  return __builtin_convertvector(reinterpret_cast<SingleIntegers>(below_2_to_31), F);
}

inline __attribute__((always_inline)) Singles square_root(const Singles& a) {
#if defined(__AVX512F__)
  return _mm512_maskz_sqrt_ps(0xffff, a);
#elif defined(__AVX2__)
  return _mm256_sqrt_ps(a);
#else
  return _mm_sqrt_ps(a);
#endif
}

template <typename U>
struct HighLow;
HighLow<SingleBits> multiply_high_low(const SingleBits& a, uint32_t b);

#include "models/support/philox_single.inc.hpp"

// The even lanes' products and the odd lanes', then put together.
inline __attribute__((always_inline)) HighLow<SingleBits> multiply_high_low(const SingleBits& a, uint32_t b) {
  typedef uint64_t Part __attribute__((vector_size(kVectorBytes)));
  const Part odd_lanes = reinterpret_cast<Part>(a) >> 32;
#if defined(__AVX512F__)
  const __m512i factor = _mm512_set1_epi64(b);
  const Part even = reinterpret_cast<Part>(_mm512_maskz_mul_epu32(0xff, reinterpret_cast<__m512i>(a), factor));
  const Part odd = reinterpret_cast<Part>(_mm512_maskz_mul_epu32(0xff, reinterpret_cast<__m512i>(odd_lanes), factor));
#elif defined(__AVX2__)
  const __m256i factor = _mm256_set1_epi64x(b);
  const Part even = reinterpret_cast<Part>(_mm256_mul_epu32(reinterpret_cast<__m256i>(a), factor));
  const Part odd = reinterpret_cast<Part>(_mm256_mul_epu32(reinterpret_cast<__m256i>(odd_lanes), factor));
#else
  const __m128i factor = _mm_set1_epi64x(b);
  const Part even = reinterpret_cast<Part>(_mm_mul_epu32(reinterpret_cast<__m128i>(a), factor));
  const Part odd = reinterpret_cast<Part>(_mm_mul_epu32(reinterpret_cast<__m128i>(odd_lanes), factor));
#endif
  const Part upper = Part{} + 0xffffffff00000000u;
  return {reinterpret_cast<SingleBits>((even >> 32) | (odd & upper)),
          reinterpret_cast<SingleBits>((even & ~upper) | (odd << 32))};
}

inline __attribute__((always_inline)) void store_wide(double* out, const Singles& values) {
#if defined(__AVX512F__)
  _mm512_storeu_pd(out, _mm512_maskz_cvtps_pd(0xff, _mm512_maskz_extractf32x8_ps(0xff, values, 0)));
  _mm512_storeu_pd(out + 8, _mm512_maskz_cvtps_pd(0xff, _mm512_maskz_extractf32x8_ps(0xff, values, 1)));
#elif defined(__AVX2__)
  _mm256_storeu_pd(out, _mm256_cvtps_pd(_mm256_castps256_ps128(values)));
  _mm256_storeu_pd(out + 4, _mm256_cvtps_pd(_mm256_extractf128_ps(values, 1)));
#else
  _mm_storeu_pd(out, _mm_cvtps_pd(values));
  _mm_storeu_pd(out + 2, _mm_cvtps_pd(_mm_movehl_ps(values, values)));
#endif
}

void single_across_samples(const GaussianRun& run, size_t samples) {
  const RoundKeys keys(run.seed);
  const uint64_t end = run.first_index + run.count;
  SingleBits lanes;
  for (uint32_t lane = 0; lane < kSingleLanes; ++lane) lanes[lane] = lane;
  for (size_t s = 0; s < samples; s += kSingleLanes) {
    const uint64_t first = run.sample + s;
    const SingleBits low = lanes + uint32_t(first);
    const SingleBits carried = reinterpret_cast<SingleBits>(low < lanes);  // all ones where the low word wrapped
    const SingleBits high = uint32_t(first >> 32) - carried;
    const size_t used = samples - s < kSingleLanes ? samples - s : kSingleLanes;
    for (uint64_t four = run.first_index / 4; 4 * four < end; ++four) {
      const Four<Singles> z = gaussian_four<Singles, SingleBits>(
          {SingleBits{} + uint32_t(four), SingleBits{} + run.stream, low, high}, keys);
      for (uint64_t i = 0; i < 4; ++i) {
        const uint64_t index = 4 * four + i;
        if (index < run.first_index || index >= end) continue;
        double* out = run.out + (index - run.first_index) * run.stride + s;
        if (used == kSingleLanes) {
          store_wide(out, z.value[i]);
        } else {
          for (size_t lane = 0; lane < used; ++lane) out[lane] = double(z.value[i][lane]);
        }
      }
    }
  }
}

}  // namespace

GaussianKernels SZILARD_GAUSSIAN_KERNELS() { return {across_samples, across_indices, single_across_samples}; }

}  // namespace szilard::support
