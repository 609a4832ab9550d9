// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/golden/bfloat.hpp"

#include <algorithm>
#include <cmath>

namespace szilard::rtl {
namespace {

__extension__ using Wide = unsigned __int128;

/// (-1)^sign x significand x 2^exponent; a 32-bit number, or the exact product of two 16-bit ones.
struct Number {
  bool negative = false, infinite = false, nan = false;
  Wide significand = 0;
  int exponent = 0;
};

Number taken_apart(std::uint32_t bits, int fraction_bits) {
  const std::uint32_t field = bits >> fraction_bits & 0xffu, fraction = bits & ((1u << fraction_bits) - 1);
  Number n;
  n.negative = bits >> (fraction_bits + 8) & 1u;
  n.infinite = field == 0xffu && fraction == 0;
  n.nan = field == 0xffu && fraction != 0;
  n.significand = field == 0 ? fraction : fraction | 1u << fraction_bits;
  n.exponent = static_cast<int>(std::max(field, 1u)) - 127 - fraction_bits;
  return n;
}

int bit_length(Wide w) {
  const auto high = static_cast<std::uint64_t>(w >> 64), low = static_cast<std::uint64_t>(w);
  return high ? 128 - __builtin_clzll(high) : low ? 64 - __builtin_clzll(low) : 0;
}

/// To `precision` significant bits with the exponents of the 32-bit format; the result as a 32-bit number.
std::uint32_t rounded(const Number& n, int precision) {
  const std::uint32_t sign = n.negative ? 0x80000000u : 0u;
  if (n.significand == 0) return sign;
  constexpr int kLeastExponent = -126;
  const int leading = n.exponent + bit_length(n.significand) - 1;
  // the last place's weight is 2^last
  const int last = std::max(leading, kLeastExponent) - (precision - 1);
  const int drop = last - n.exponent;
  Wide kept = 0;
  if (drop <= 0) {
    kept = n.significand << -drop;
  } else if (drop <= 127) {
    const Wide half = Wide(1) << (drop - 1), rest = n.significand & ((Wide(1) << drop) - 1);
    kept = n.significand >> drop;
    if (rest > half || (rest == half && (kept & 1))) ++kept;
  }
  // with the leading bit in place of the exponent field's last, a carry of the rounding goes where it belongs
  const auto places = static_cast<std::uint32_t>(std::max(leading, kLeastExponent) - kLeastExponent);
  const std::uint64_t bits = (static_cast<std::uint64_t>(places) << (precision - 1)) + static_cast<std::uint64_t>(kept);
  const std::uint64_t moved = bits << (24 - precision);
  return sign | static_cast<std::uint32_t>(std::min<std::uint64_t>(moved, 0x7f800000u));
}

std::uint32_t rounded_sum(Number a, Number b) {
  if (a.nan || b.nan || (a.infinite && b.infinite && a.negative != b.negative)) return kFloatNan;
  if (a.infinite || b.infinite) return (a.infinite ? a.negative : b.negative) ? 0xff800000u : 0x7f800000u;
  if (a.significand == 0 && b.significand == 0) return a.negative && b.negative ? 0x80000000u : 0u;
  if (b.significand == 0) return rounded(a, 24);
  if (a.significand == 0) return rounded(b, 24);
  if (a.exponent < b.exponent) std::swap(a, b);
  // 24 bits and 90 places below them stand in 128; what lies further down only decides ties
  constexpr int kPlaces = 90;
  const int distance = a.exponent - b.exponent, up = std::min(distance, kPlaces), down = distance - up;
  const Wide left = a.significand << up;
  Wide right = down >= 100 ? 0 : b.significand >> down;
  if (down > 0 && (down >= 100 || (right << down) != b.significand)) right |= 1;
  Number sum;
  sum.exponent = a.exponent - up;
  sum.negative = a.negative;
  if (a.negative == b.negative) {
    sum.significand = left + right;
  } else {
    sum.significand = left >= right ? left - right : right - left;
    if (left < right) sum.negative = b.negative;
    if (left == right) sum.negative = false;
  }
  return rounded(sum, 24);
}

}  // namespace

std::uint32_t multiply_add_bf16(std::uint32_t sum, std::uint16_t a, std::uint16_t b) {
  const Number x = taken_apart(a, 7), y = taken_apart(b, 7);
  Number product;
  product.negative = x.negative != y.negative;
  product.nan = x.nan || y.nan || (x.infinite && y.significand == 0) || (y.infinite && x.significand == 0);
  product.infinite = !product.nan && (x.infinite || y.infinite);
  product.significand = x.significand * y.significand;
  product.exponent = x.exponent + y.exponent;
  return rounded_sum(product, taken_apart(sum, 23));
}

std::uint32_t add_float32(std::uint32_t a, std::uint32_t b) {
  return rounded_sum(taken_apart(a, 23), taken_apart(b, 23));
}

std::uint32_t round_to_bf16(std::uint32_t number) {
  const Number n = taken_apart(number, 23);
  if (n.nan) return kFloatNan;
  return n.infinite ? number : rounded(n, 8);
}

std::uint16_t bf16_of(double number) {
  if (std::isnan(number)) return static_cast<std::uint16_t>(kFloatNan >> 16);
  if (std::isinf(number)) return number < 0 ? 0xff80u : 0x7f80u;
  Number n;
  n.negative = std::signbit(number);
  const double fraction = std::frexp(std::abs(number), &n.exponent);
  n.significand = static_cast<std::uint64_t>(std::ldexp(fraction, 53));
  n.exponent -= 53;
  return static_cast<std::uint16_t>(rounded(n, 8) >> 16);
}

std::uint32_t greater_of(std::uint32_t a, std::uint32_t b) {
  const auto key = [](std::uint32_t bits) { return bits >> 31 ? ~bits : bits | 0x80000000u; };
  return key(a) > key(b) ? a : b;
}

}  // namespace szilard::rtl
