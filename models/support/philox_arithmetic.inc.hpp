// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// The arithmetic of philox.hpp for one number (D is double, U uint64_t) or for many side by side (the Wide types of
// philox_kernel.inc.hpp), from the same text. Included inside an anonymous namespace by translation units of different
// instruction sets. Without contraction every operation is one IEEE rounding, so all of them give the same bits.

template <typename U>
struct Words {
  U w0, w1, w2, w3;
};

struct RoundKeys {
  uint64_t key0[10], key1[10];

  explicit RoundKeys(uint64_t seed) {
    for (uint32_t round = 0; round < 10; ++round) {
      key0[round] = uint32_t(seed + round * 0x9E3779B9u);
      key1[round] = uint32_t((seed >> 32) + round * 0xBB67AE85u);
    }
  }
};

// Words live in the low halves of 64-bit lanes; the high halves hold anything, since the multiplier reads the low ones
// only.
template <typename U>
inline __attribute__((always_inline)) Words<U> philox_rounds(Words<U> c, const RoundKeys& keys) {
  for (int round = 0; round < 10; ++round) {
    const U p0 = multiply_low32(c.w0, 0xD2511F53u);
    const U p1 = multiply_low32(c.w2, 0xCD9E8D57u);
    c = {(p1 >> 32) ^ c.w1 ^ keys.key0[round], p1, (p0 >> 32) ^ c.w3 ^ keys.key1[round], p0};
  }
  return c;
}

// (2 k + 1) 2^-53 with k = 2^20 high + (low modulo 2^20).
template <typename D, typename U>
inline __attribute__((always_inline)) D unit_uniform(U high, U low) {
  const U mantissa = ((high << 20) & 0x000fffffffffffffu) | 0x3ff0000000000000u | (low & 0xfffffu);
  return as_real<D>(mantissa) - (1 - 0x1p-53);
}

// Seven coefficients in Estrin's order, which is short of dependent steps.
template <typename D>
inline __attribute__((always_inline)) D polynomial(D z, double c0, double c1, double c2, double c3, double c4,
                                                   double c5, double c6) {
  const D z2 = z * z;
  const D z4 = z2 * z2;
  return ((z * c1 + c0) + z2 * (z * c3 + c2)) + z4 * ((z * c5 + c4) + z2 * c6);
}

// -2 ln u of u in (0, 1): u = 2^e m with m in [sqrt(1/2), sqrt(2)), s = (m - 1) / (m + 1),
// ln m = 2 s + s^3 P(s^2). P is the minimax polynomial of (2 artanh(s) - 2 s) / s^3, relative error of ln m below
// 1e-17.
template <typename D, typename U>
inline __attribute__((always_inline)) D minus_two_log(D u) {
  constexpr uint64_t kSqrtHalf = 0x3fe6a09e667f3bcdu;
  constexpr uint64_t kBias = 64;
  const U shifted = as_bits<U>(u) - kSqrtHalf;
  const D m = as_real<D>((shifted & 0x000fffffffffffffu) + kSqrtHalf);
  const D e = as_real<D>(((shifted + (kBias << 52)) >> 52) | 0x4330000000000000u) - (0x1p52 + double(kBias));
  const D s = (m - 1.0) / (m + 1.0);
  const D z = s * s;
  const D p = polynomial(z, 0x1.5555555555558p-1, 0x1.99999999952d7p-2, 0x1.2492492df281ap-2, 0x1.c71c62e3f11e6p-3,
                         0x1.7462b51cb66b1p-3, 0x1.39fe51a7c18f9p-3, 0x1.2b5900de53b32p-3);
  return e * -0x1.62e42fefa39efp+0 - (s * 4.0 + (s + s) * (z * p));
}

template <typename D>
struct Pair {
  D first, second;
};

// Box and Muller: radius sqrt(-2 ln u) at an angle (pi/4) t with t uniform in (-1, 1), turned by one of the four right
// angles: bits 31 and 30 of w2, which t does not use. The polynomials are minimax in t^2, absolute error below 1e-17.
template <typename D, typename U>
inline __attribute__((always_inline)) Pair<D> box_muller(const Words<U>& words) {
  const D radius = square_root(minus_two_log<D, U>(unit_uniform<D, U>(words.w1, words.w0)));
  const D t = unit_uniform<D, U>(words.w3, words.w2) * 2.0 - 1.0;
  const D w = t * t;
  const D sine =
      polynomial(w, 0x1.921fb54442d18p-1, -0x1.4abbce625be41p-4, 0x1.466bc677587f8p-9, -0x1.32d2cce2e5b19p-15,
                 0x1.50782fda12d96p-22, -0x1.e30071afc3e59p-30, 0x1.e3f38399551bfp-38);
  const D cosine =
      polynomial(w, -0x1.3bd3cc9be45dep-2, 0x1.03c1f081b5ac0p-6, -0x1.55d3c7e3cb241p-12, 0x1.e1f5068688d5bp-19,
                 -0x1.a6d1eef479be1p-26, 0x1.f9ce245cada0bp-34, -0x1.b2f3eb054afcdp-42);
  const U sign = (words.w2 << 32) & 0x8000000000000000u;
  const U a = as_bits<U>((cosine * w + 1.0) * radius) ^ sign;
  const U b = as_bits<U>(sine * t * radius);
  const U exchange = (a ^ b) & (U{} - ((words.w2 >> 30) & 1));
  return {as_real<D>(a ^ exchange), as_real<D>(b ^ exchange)};
}

template <typename D, typename U>
inline __attribute__((always_inline)) Pair<D> gaussian_pair(U pair, U stream, U sample, const RoundKeys& keys) {
  return box_muller<D, U>(philox_rounds<U>({pair, stream, sample, sample >> 32}, keys));
}
