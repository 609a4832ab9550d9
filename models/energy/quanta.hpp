// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace szilard::energy {

/// Energy in 128-bit fixed point of 1e-34 J. Sums are exact, so totals do not depend on order, threads or block size.
/// Range +-1.7e4 J; kT ln2 at 300 K is 2.9e13 quanta. Conversion from double is exact but for one rounding to nearest,
/// ties to even: the double's integer mantissa times 5^34 in 192 bits, shifted (the quantum is the decimal 1e-34 J, not
/// the double next to it). Out of range or not finite throws std::overflow_error.
__extension__ using Int128 = __int128;

struct Quanta {
  Int128 count = 0;

  static constexpr double kJoulesPerQuantum = 1e-34;
  static Quanta from_joules(double joules);
  double joules() const;  ///< nearest double

  Quanta& operator+=(Quanta other) {  ///< throws std::overflow_error
    if (__builtin_add_overflow(count, other.count, &count)) throw_overflow();
    return *this;
  }
  Quanta& operator-=(Quanta other) {
    if (__builtin_sub_overflow(count, other.count, &count)) throw_overflow();
    return *this;
  }
  friend Quanta operator+(Quanta a, Quanta b) { return a += b; }
  friend Quanta operator-(Quanta a, Quanta b) { return a -= b; }
  friend Quanta operator-(Quanta a) { return Quanta{} - a; }
  friend Quanta operator*(Quanta a, std::int64_t n);  ///< throws std::overflow_error
  friend bool operator==(Quanta a, Quanta b) { return a.count == b.count; }
  friend bool operator!=(Quanta a, Quanta b) { return a.count != b.count; }
  friend bool operator<(Quanta a, Quanta b) { return a.count < b.count; }

  [[noreturn]] static void throw_overflow();
};

}  // namespace szilard::energy
