// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>

namespace szilard::rtl {

/// Floating point arithmetic of mac_bf16 in integers, bit by bit: bfloat16 (1 sign, 8 exponent and 7 fraction bits;
/// Google's format, the upper half of IEEE 754's 32-bit format) with 32-bit sums. Every operation rounds its exact
/// result once, to nearest, ties to even, subnormal numbers included; every NaN that comes out is 7FC00000. Numbers are
/// their bits.

inline constexpr std::uint32_t kFloatNan = 0x7fc00000u;

/// sum + a x b, the product exact (16 significant bits), one rounding.
std::uint32_t multiply_add_bf16(std::uint32_t sum, std::uint16_t a, std::uint16_t b);
std::uint32_t add_float32(std::uint32_t a, std::uint32_t b);
/// The nearest bfloat16, as a 32-bit number whose lower half is 0.
std::uint32_t round_to_bf16(std::uint32_t number);
std::uint16_t bf16_of(double number);
/// Of two 32-bit numbers, in the total order of IEEE 754: -0 lies below +0, NaN above infinity.
std::uint32_t greater_of(std::uint32_t a, std::uint32_t b);

inline float float_of(std::uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}
inline std::uint32_t bits_of(float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

}  // namespace szilard::rtl
