// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/energy/quanta.hpp"

#include <cmath>
#include <cstring>
#include <stdexcept>

namespace szilard::energy {
namespace {

__extension__ using UInt128 = unsigned __int128;

// 10^34 = 2^34 5^34, and 5^34 < 2^79.
constexpr UInt128 power_of_five(int n) { return n == 0 ? 1 : 5 * power_of_five(n - 1); }
constexpr UInt128 kFive34 = power_of_five(34);
constexpr auto kFive34High = static_cast<std::uint64_t>(kFive34 >> 64);
constexpr auto kFive34Low = static_cast<std::uint64_t>(kFive34);
constexpr double kLimit_J = 17014.118346046923;  // 2^127 quanta, to the nearest double

UInt128 magnitude(Int128 count) { return count < 0 ? -static_cast<UInt128>(count) : static_cast<UInt128>(count); }

}  // namespace

void Quanta::throw_overflow() { throw std::overflow_error("energy outside the ledger's range of +-1.7e4 J"); }

Quanta Quanta::from_joules(double joules) {
  if (!(std::fabs(joules) < kLimit_J)) throw_overflow();
  std::uint64_t bits = 0;
  std::memcpy(&bits, &joules, sizeof bits);
  const int field = static_cast<int>(bits >> 52 & 0x7ff);
  // |joules| = mantissa 2^(field - 1075), so quanta = mantissa 5^34 2^(34 + field - 1075), and the shift is to the
  // right for all values in range.
  const std::uint64_t mantissa = (bits & 0xfffffffffffffULL) | 0x10000000000000ULL;
  const int shift = 1075 - 34 - field;
  if (shift > 132) return {};  // below half a quantum, subnormal doubles and zero included

  const UInt128 low = static_cast<UInt128>(mantissa) * kFive34Low;
  const UInt128 high = static_cast<UInt128>(mantissa) * kFive34High + (low >> 64);
  const auto last = static_cast<std::uint64_t>(low);
  UInt128 quotient = 0, rest = 0, half = 0;
  if (shift >= 64) {
    const int s = shift - 64;
    quotient = high >> s;
    // The word `last` decides only whether a tie is one: it is kept as one sticky bit.
    rest = (high - (quotient << s)) << 1 | (last != 0);
    half = UInt128{1} << s;
    if (s == 0) {
      rest = last;
      half = UInt128{1} << 63;
    }
  } else {
    quotient = high << (64 - shift) | last >> shift;
    rest = last & ((std::uint64_t{1} << shift) - 1);
    half = UInt128{1} << (shift - 1);
  }
  if (rest > half || (rest == half && (quotient & 1) != 0)) ++quotient;
  const auto count = static_cast<Int128>(quotient);
  return {joules < 0 ? -count : count};
}

double Quanta::joules() const {
  const UInt128 n = magnitude(count);
  if (n == 0) return 0;
  // Long division by 5^34 in two steps of integers gives the quotient with at least 64 bits; what is left over only
  // breaks ties, so that one rounding remains, that of the conversion to double.
  const auto words = static_cast<std::uint64_t>(n >> 64);
  int lead = words != 0 ? __builtin_clzll(words) : 64 + __builtin_clzll(static_cast<std::uint64_t>(n));
  if (lead > 0) --lead;  // a count of 2^127 has no room, and none is needed
  const UInt128 scaled = n << lead;
  const UInt128 first = scaled / kFive34;
  constexpr int kSecondBits = 48;  // remainder < 2^79, so its shift stays below 2^127
  const UInt128 remainder = (scaled - first * kFive34) << kSecondBits;
  const UInt128 second = remainder / kFive34;
  const bool inexact = second * kFive34 != remainder;
  UInt128 quotient = first << kSecondBits | second;
  int exponent = -lead - kSecondBits - 34;
  const auto top = static_cast<std::uint64_t>(quotient >> 64);
  const int excess = top != 0 ? 64 - __builtin_clzll(top) : 0;
  const bool cut = (quotient & ((UInt128{1} << excess) - 1)) != 0;
  const auto kept = static_cast<std::uint64_t>(quotient >> excess) | static_cast<std::uint64_t>(inexact || cut);
  exponent += excess;
  const double value = std::ldexp(static_cast<double>(kept), exponent);
  return count < 0 ? -value : value;
}

Quanta operator*(Quanta a, std::int64_t n) {
  const UInt128 left = magnitude(a.count);
  const std::uint64_t right = n < 0 ? -static_cast<std::uint64_t>(n) : static_cast<std::uint64_t>(n);
  const UInt128 low = static_cast<UInt128>(static_cast<std::uint64_t>(left)) * right;
  const UInt128 high = static_cast<UInt128>(static_cast<std::uint64_t>(left >> 64)) * right + (low >> 64);
  if (high >> 63 != 0) Quanta::throw_overflow();
  const auto product = static_cast<Int128>(high << 64 | static_cast<std::uint64_t>(low));
  return {(a.count < 0) != (n < 0) ? -product : product};
}

}  // namespace szilard::energy
