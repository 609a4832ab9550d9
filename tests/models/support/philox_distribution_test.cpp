// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <catch2/catch.hpp>
#include <cmath>

#include "models/support/philox.hpp"

using namespace szilard::support;

namespace {

constexpr std::uint64_t kSeed = 12345;

// sqrt(n) times the largest distance between the empirical and the given distribution function; Kolmogorov: above 1.95
// with probability 1e-3.
template <typename Cdf>
double kolmogorov(std::vector<double> values, Cdf cdf) {
  std::sort(values.begin(), values.end());
  const double n = double(values.size());
  double distance = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double p = cdf(values[i]);
    distance = std::max({distance, p - double(i) / n, double(i + 1) / n - p});
  }
  return distance * std::sqrt(n);
}

std::vector<double> gaussians(std::uint32_t stream, std::size_t count, bool is_single) {
  std::vector<double> z(count);
  if (is_single) {
    RandomStream(kSeed, stream).gaussians_single_block(0, 1, 1, 0, count, z.data());
  } else {
    RandomStream(kSeed, stream).gaussians(0, 0, count, z.data());
  }
  return z;
}

}  // namespace

TEST_CASE("uniforms lie inside (0, 1) and are uniform", "[support][fast]") {
  INFO("seed " << kSeed);
  std::vector<double> u;
  const RandomStream stream(kSeed, 1);
  for (std::uint32_t i = 0; i < 200000; ++i) u.push_back(stream.uniform(9, i));
  CHECK(*std::min_element(u.begin(), u.end()) > 0);
  CHECK(*std::max_element(u.begin(), u.end()) < 1);
  CHECK(kolmogorov(u, [](double x) { return x; }) < 1.95);
}

TEST_CASE("Gaussians have the moments of the normal distribution within five standard errors", "[support][fast]") {
  const bool is_single = GENERATE(false, true);
  INFO("seed " << kSeed << ", single precision " << is_single);
  const std::size_t n = 2000000;
  double m1 = 0, m2 = 0, m3 = 0, m4 = 0;
  for (double z : gaussians(2, n, is_single)) m1 += z, m2 += z * z, m3 += z * z * z, m4 += z * z * z * z;
  const double root = std::sqrt(double(n));
  CHECK(std::abs(m1 / double(n)) * root < 5);
  CHECK(std::abs(m2 / double(n) - 1) * root < 5 * std::sqrt(2.0));
  CHECK(std::abs(m3 / double(n)) * root < 5 * std::sqrt(15.0));
  CHECK(std::abs(m4 / double(n) - 3) * root < 5 * std::sqrt(96.0));
}

TEST_CASE("Gaussians of even and of odd index are each normal and uncorrelated", "[support][fast]") {
  const bool is_single = GENERATE(false, true);
  INFO("seed " << kSeed << ", single precision " << is_single);
  const std::vector<double> z = gaussians(3, 400000, is_single);
  std::vector<double> even, odd;
  double product = 0, product_of_squares = 0;
  for (std::size_t i = 0; i < z.size(); i += 2) {
    even.push_back(z[i]), odd.push_back(z[i + 1]);
    product += z[i] * z[i + 1];
    product_of_squares += (z[i] * z[i] - 1) * (z[i + 1] * z[i + 1] - 1);
  }
  const boost::math::normal normal;
  const auto cdf = [&](double x) { return boost::math::cdf(normal, x); };
  CHECK(kolmogorov(even, cdf) < 1.95);
  CHECK(kolmogorov(odd, cdf) < 1.95);
  const double root = std::sqrt(double(even.size()));
  CHECK(std::abs(product) / root < 5);
  CHECK(std::abs(product_of_squares) / root < 5 * 2);
}

TEST_CASE("tails of Gaussians are as heavy as they should be", "[support][fast]") {
  const bool is_single = GENERATE(false, true);
  INFO("seed " << kSeed << ", single precision " << is_single);
  const std::vector<double> z = gaussians(4, 4000000, is_single);
  const boost::math::normal normal;
  for (double limit : {2.0, 3.0, 4.0, 4.5}) {
    const double expected = boost::math::cdf(boost::math::complement(normal, limit)) * double(z.size());
    const auto above = double(std::count_if(z.begin(), z.end(), [&](double v) { return v > limit; }));
    const auto below = double(std::count_if(z.begin(), z.end(), [&](double v) { return v < -limit; }));
    INFO("limit " << limit << ", expected " << expected);
    CHECK(std::abs(above - expected) < 5 * std::sqrt(expected));
    CHECK(std::abs(below - expected) < 5 * std::sqrt(expected));
  }
  const auto [least, most] = std::minmax_element(z.begin(), z.end());
  CHECK(*least > (is_single ? -6.77 : -8.58));
  CHECK(*most < (is_single ? 6.77 : 8.58));
}

// u and the angle are rebuilt from Philox words and the pair recomputed with long double library functions.
TEST_CASE("each Gaussian pair is Box and Muller's of its words to 1e-15", "[support][fast]") {
  const RandomStream stream(kSeed, 5);
  const long double pi = 3.141592653589793238462643383279502884L;
  long double worst = 0;
  for (std::uint32_t pair = 0; pair < 100000; ++pair) {
    const auto w = philox4x32_10({pair, 5, 11, 0}, {std::uint32_t(kSeed), 0});
    const auto uniform = [](std::uint32_t high, std::uint32_t low) {
      return (2 * ((long double)(high)*0x1p20L + (low & 0xfffffu)) + 1) * 0x1p-53L;
    };
    const long double radius = std::sqrt(-2 * std::log(uniform(w[1], w[0])));
    const long double angle = pi / 4 * (2 * uniform(w[3], w[2]) - 1);
    long double a = radius * std::cos(angle), b = radius * std::sin(angle);
    if (w[2] & 0x80000000u) a = -a;
    if (w[2] & 0x40000000u) std::swap(a, b);
    worst = std::max(worst, std::abs(stream.gaussian(11, 2 * pair) - a) / (1 + radius));
    worst = std::max(worst, std::abs(stream.gaussian(11, 2 * pair + 1) - b) / (1 + radius));
  }
  INFO("largest error over 1 + radius " << double(worst));
  CHECK(worst < 1e-15L);
}
