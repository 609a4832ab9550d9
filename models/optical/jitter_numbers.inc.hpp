// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Random bits of jittering phases for the kernels of one instruction set, with their registers of fields. Included
// inside an anonymous namespace.

#include "models/optical/mesh_vectors.inc.hpp"

typedef uint64_t Wide __attribute__((vector_size(kVectorBytes)));

// 32 x 32 -> 64 bit in every lane, of the low halves. (The masked form is for GCC bug 105593.)
inline __attribute__((always_inline)) Wide multiply(const Wide& a, uint32_t b) {
#if defined(__AVX512F__)
  return reinterpret_cast<Wide>(_mm512_maskz_mul_epu32(0xff, reinterpret_cast<__m512i>(a), _mm512_set1_epi64(b)));
#elif defined(__AVX2__)
  return reinterpret_cast<Wide>(_mm256_mul_epu32(reinterpret_cast<__m256i>(a), _mm256_set1_epi64x(b)));
#else
  return reinterpret_cast<Wide>(_mm_mul_epu32(reinterpret_cast<__m128i>(a), _mm_set1_epi64x(b)));
#endif
}

struct RoundKeys {
  uint64_t key0[10], key1[10];
  explicit RoundKeys(uint64_t seed) {
    for (uint32_t round = 0; round < 10; ++round) {
      key0[round] = uint32_t(seed + round * 0x9E3779B9u);
      key1[round] = uint32_t((seed >> 32) + round * 0xBB67AE85u);
    }
  }
};

/// Philox 4x32-10 in the low halves of 64-bit lanes; the high halves hold anything.
struct Words {
  Wide w[4];
};
inline __attribute__((always_inline)) Words philox(Words c, const RoundKeys& keys) {
#pragma GCC unroll 10
  for (int round = 0; round < 10; ++round) {
    const Wide p0 = multiply(c.w[0], 0xD2511F53u), p1 = multiply(c.w[2], 0xCD9E8D57u);
    c = {{(p1 >> 32) ^ c.w[1] ^ keys.key0[round], p1, (p0 >> 32) ^ c.w[3] ^ keys.key1[round], p0}};
  }
  return c;
}
