// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Gaussians of single precision, 4 a counter, for one number (F is float, U uint32_t) or for many side by side (vectors
// of either). Included inside an anonymous namespace after philox_arithmetic.inc.hpp, by translation units of different
// instruction sets, each with its own multiply_high_low(), to_float() and square_root(). Every operation is one IEEE
// rounding.

template <typename U>
struct HighLow {
  U high, low;
};

// In [sqrt(1/2), sqrt(2)) and as a polynomial as in minus_two_log(), relative error below 1e-7.
template <typename F, typename U>
inline __attribute__((always_inline)) F minus_two_log_single(F u) {
  constexpr uint32_t kSqrtHalf = 0x3f3504f3u;
  const U shifted = as_bits_single<U>(u) - kSqrtHalf;
  const F m = as_single<F>((shifted & 0x007fffffu) + kSqrtHalf);
  const F e = to_float<F>(((shifted + 0x40000000u) >> 23)) - 128.0f;
  const F s = (m - 1.0f) / (m + 1.0f);
  const F z = s * s;
  const F p = (z * 0x1.9999ecp-2f + 0x1.555556p-1f) + z * z * (z * 0x1.ddd392p-3f + 0x1.245c28p-2f);
  return e * -0x1.62e43p+0f - (s * 4.0f + (s + s) * (z * p));
}

// Radius of one word, (k + 1/2) 2^-32; angle of the other, its upper two bits turning it as in box_muller().
template <typename F, typename U>
inline __attribute__((always_inline)) Pair<F> box_muller_single(U for_radius, U for_angle) {
  const F u = to_float<F>(for_radius >> 16) * 0x1p-16f + (to_float<F>(for_radius & 0xffffu) + 0.5f) * 0x1p-32f;
  const F radius = square_root(minus_two_log_single<F, U>(u));
  const F t = (to_float<F>((for_angle >> 7) & 0x7fffffu) + 0.5f) * 0x1p-22f - 1.0f;
  const F w = t * t;
  const F w2 = w * w;
  const F sine = (w * -0x1.4abbbap-4f + 0x1.921fb6p-1f) + w2 * (w * -0x1.2d9b7cp-15f + 0x1.465ec4p-9f);
  const F cosine = (w * 0x1.03c1eap-6f - 0x1.3bd3ccp-2f) + w2 * (w * 0x1.db64dp-19f - 0x1.55cb98p-12f);
  const U sign = for_angle & 0x80000000u;
  const U a = as_bits_single<U>((cosine * w + 1.0f) * radius) ^ sign;
  const U b = as_bits_single<U>(sine * t * radius);
  const U exchange = (a ^ b) & (U{} - ((for_angle >> 30) & 1u));
  return {as_single<F>(a ^ exchange), as_single<F>(b ^ exchange)};
}

template <typename F>
struct Four {
  F value[4];
};

template <typename F, typename U>
inline __attribute__((always_inline)) Four<F> gaussian_four(Words<U> c, const RoundKeys& keys) {
  for (int round = 0; round < 10; ++round) {
    const HighLow<U> p0 = multiply_high_low(c.w0, 0xD2511F53u);
    const HighLow<U> p1 = multiply_high_low(c.w2, 0xCD9E8D57u);
    c = {p1.high ^ c.w1 ^ uint32_t(keys.key0[round]), p1.low, p0.high ^ c.w3 ^ uint32_t(keys.key1[round]), p0.low};
  }
  const Pair<F> first = box_muller_single<F, U>(c.w0, c.w1);
  const Pair<F> second = box_muller_single<F, U>(c.w2, c.w3);
  return {{first.first, first.second, second.first, second.second}};
}
