// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "models/electronic/code_product_kernel.hpp"

namespace szilard::electronic {
namespace {

constexpr std::size_t kVectors = 4;  // of 16 lanes
constexpr std::size_t kPanelBytes = 64 * kVectors;

inline __attribute__((always_inline)) __m512i broadcast(const std::int8_t* four) {
  int word;
  __builtin_memcpy(&word, four, sizeof word);
  return _mm512_set1_epi32(word);
}

// In assembly, because GCC 12 keeps copies of the sums on the stack when it is given the intrinsic.
inline __attribute__((always_inline)) void multiply_add(__m512i& sum, __m512i codes, __m512i weights) {
  __asm__("vpdpbusd %2, %1, %0" : "+v"(sum) : "v"(codes), "v"(weights));
}

// By way of memory: the intrinsics that convert halves raise a false warning (GCC bug 105593).
inline __attribute__((always_inline)) void store(__m512i high, __m512i low, double* out) {
  alignas(64) int high_words[16], low_words[16];
  _mm512_store_si512(high_words, high);
  _mm512_store_si512(low_words, low);
  for (int i = 0; i < 16; ++i) out[i] = 256.0 * high_words[i] + low_words[i];
}

template <std::size_t kOutputs>
void multiply(const std::int8_t* high, const std::int8_t* low, std::size_t quads, const std::uint8_t* panel,
              std::size_t lane, double* const* out) {
  __m512i high_sums[kOutputs][kVectors], low_sums[kOutputs][kVectors];
#pragma GCC unroll 3
  for (std::size_t o = 0; o < kOutputs; ++o) {
#pragma GCC unroll 4
    for (std::size_t v = 0; v < kVectors; ++v) high_sums[o][v] = low_sums[o][v] = _mm512_setzero_si512();
  }
  for (std::size_t quad = 0; quad < quads; ++quad) {
    __m512i x[kVectors];
#pragma GCC unroll 4
    for (std::size_t v = 0; v < kVectors; ++v) x[v] = _mm512_loadu_si512(panel + quad * kPanelBytes + 64 * v);
#pragma GCC unroll 3
    for (std::size_t o = 0; o < kOutputs; ++o) {
      const __m512i h = broadcast(high + 4 * (o * quads + quad)), l = broadcast(low + 4 * (o * quads + quad));
#pragma GCC unroll 4
      for (std::size_t v = 0; v < kVectors; ++v) {
        multiply_add(high_sums[o][v], x[v], h);
        multiply_add(low_sums[o][v], x[v], l);
      }
    }
  }
#pragma GCC unroll 3
  for (std::size_t o = 0; o < kOutputs; ++o) {
#pragma GCC unroll 4
    for (std::size_t v = 0; v < kVectors; ++v) store(high_sums[o][v], low_sums[o][v], out[o] + lane + 16 * v);
  }
}

}  // namespace

void interleave_codes(const std::uint8_t* const* codes, std::size_t quads, std::size_t lane, std::uint8_t* panel) {
  for (std::size_t quad = 0; quad < quads; ++quad) {
    const std::uint8_t* const* rows = codes + 4 * quad;
    for (std::size_t s = 0; s < 64; s += 16) {
      __m128i row[4];
      for (int i = 0; i < 4; ++i) row[i] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(rows[i] + lane + s));
      const __m128i low01 = _mm_unpacklo_epi8(row[0], row[1]), high01 = _mm_unpackhi_epi8(row[0], row[1]);
      const __m128i low23 = _mm_unpacklo_epi8(row[2], row[3]), high23 = _mm_unpackhi_epi8(row[2], row[3]);
      auto* out = reinterpret_cast<__m128i*>(panel + quad * kPanelBytes + 4 * s);
      _mm_storeu_si128(out, _mm_unpacklo_epi16(low01, low23));
      _mm_storeu_si128(out + 1, _mm_unpackhi_epi16(low01, low23));
      _mm_storeu_si128(out + 2, _mm_unpacklo_epi16(high01, high23));
      _mm_storeu_si128(out + 3, _mm_unpackhi_epi16(high01, high23));
    }
  }
}

void multiply_codes(const std::int8_t* high, const std::int8_t* low, std::size_t quads, std::size_t outputs,
                    const std::uint8_t* panel, std::size_t lane, double* const* out) {
  switch (outputs) {
    case 3:
      return multiply<3>(high, low, quads, panel, lane, out);
    case 2:
      return multiply<2>(high, low, quads, panel, lane, out);
    default:
      return multiply<1>(high, low, quads, panel, lane, out);
  }
}

}  // namespace szilard::electronic
