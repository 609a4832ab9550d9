// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// The arithmetic of philox.hpp for one number or for eight side by side, from the same text: D is double and U uint64_t, or
// both are vectors of eight. Included inside an anonymous namespace by translation units of different instruction sets.
// Without contraction every operation is one IEEE rounding, so all of them give the same bits.

template <typename U>
struct Words {
  U w0, w1, w2, w3;
};

constexpr uint64_t kLow32 = 0xffffffffu;

// Words live in the low halves of 64-bit lanes; the high halves may hold anything until the end, since the multiplier
// reads the low ones only.
template <typename U>
inline __attribute__((always_inline)) Words<U> philox_rounds(Words<U> c, uint64_t key) {
  uint64_t k0 = key & kLow32, k1 = key >> 32;
  for (int round = 0; round < 10; ++round) {
    const U p0 = multiply_low32(c.w0, 0xD2511F53u);
    const U p1 = multiply_low32(c.w2, 0xCD9E8D57u);
    c = {(p1 >> 32) ^ c.w1 ^ k0, p1, (p0 >> 32) ^ c.w3 ^ k1, p0};
    k0 = (k0 + 0x9E3779B9u) & kLow32;
    k1 = (k1 + 0xBB67AE85u) & kLow32;
  }
  return c;
}

template <typename U>
inline __attribute__((always_inline)) U joined(U low, U high) {
  return (low & kLow32) | (high << 32);
}

// (2 k + 1) 2^-53 of the upper 52 bits.
template <typename D, typename U>
inline __attribute__((always_inline)) D unit_uniform(U bits) {
  return as_real<D>((bits >> 12) | 0x3ff0000000000000u) - (1 - 0x1p-53);
}

// -2 ln u of u in (0, 1): u = 2^e m with m in [sqrt(1/2), sqrt(2)), s = (m - 1) / (m + 1),
// ln m = 2 s + s^3 P(s^2). P is the minimax polynomial of (2 artanh(s) - 2 s) / s^3, relative error of ln m below 1e-17.
template <typename D, typename U>
inline __attribute__((always_inline)) D minus_two_log(D u) {
  constexpr uint64_t kSqrtHalf = 0x3fe6a09e667f3bcdu;
  constexpr uint64_t kBias = 64;
  const U shifted = as_bits<U>(u) - kSqrtHalf;
  const D m = as_real<D>((shifted & 0x000fffffffffffffu) + kSqrtHalf);
  const D e = as_real<D>(((shifted + (kBias << 52)) >> 52) | 0x4330000000000000u) - (0x1p52 + double(kBias));
  const D s = (m - 1.0) / (m + 1.0);
  const D z = s * s;
  D p = z * 0x1.2b5900de53b32p-3 + 0x1.39fe51a7c18f9p-3;
  p = p * z + 0x1.7462b51cb66b1p-3;
  p = p * z + 0x1.c71c62e3f11e6p-3;
  p = p * z + 0x1.2492492df281ap-2;
  p = p * z + 0x1.99999999952d7p-2;
  p = p * z + 0x1.5555555555558p-1;
  return e * -0x1.62e42fefa39efp+0 - (s * 4.0 + s * 2.0 * (z * p));
}

template <typename D>
struct Pair {
  D first, second;
};

// Box and Muller: radius sqrt(-2 ln u) at an angle (pi/4) t with t uniform in (-1, 1), turned by one of the four right
// angles. The polynomials are minimax in t^2, absolute error below 1e-17.
template <typename D, typename U>
inline __attribute__((always_inline)) Pair<D> box_muller(U radius_bits, U angle_bits) {
  const D radius = square_root(minus_two_log<D, U>(unit_uniform<D, U>(radius_bits)));
  const D t = unit_uniform<D, U>(angle_bits << 2) * 2.0 - 1.0;
  const D w = t * t;
  D s = w * 0x1.e3f38399551bfp-38 - 0x1.e30071afc3e59p-30;
  s = s * w + 0x1.50782fda12d96p-22;
  s = s * w - 0x1.32d2cce2e5b19p-15;
  s = s * w + 0x1.466bc677587f8p-9;
  s = s * w - 0x1.4abbce625be41p-4;
  s = s * w + 0x1.921fb54442d18p-1;
  s = s * t * radius;
  D c = 0x1.f9ce245cada0bp-34 - w * 0x1.b2f3eb054afcdp-42;
  c = c * w - 0x1.a6d1eef479be1p-26;
  c = c * w + 0x1.e1f5068688d5bp-19;
  c = c * w - 0x1.55d3c7e3cb241p-12;
  c = c * w + 0x1.03c1f081b5ac0p-6;
  c = c * w - 0x1.3bd3cc9be45dep-2;
  c = (c * w + 1.0) * radius;
  const U cosine = as_bits<U>(c) ^ (angle_bits & 0x8000000000000000u);
  const U sine = as_bits<U>(s);
  const U swap = (cosine ^ sine) & (U{} - ((angle_bits >> 62) & 1));
  return {as_real<D>(cosine ^ swap), as_real<D>(sine ^ swap)};
}

template <typename D, typename U>
inline __attribute__((always_inline)) Pair<D> gaussian_pair(U pair, U stream, U sample, uint64_t seed) {
  const Words<U> words = philox_rounds<U>({pair, stream, sample, sample >> 32}, seed);
  return box_muller<D, U>(joined(words.w0, words.w1), joined(words.w2, words.w3));
}
