// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/energy/quanta.hpp"

#include <boost/multiprecision/cpp_int.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>

using szilard::energy::Int128;
using szilard::energy::Quanta;
using BigInt = boost::multiprecision::cpp_int;
using BigRational = boost::multiprecision::cpp_rational;

namespace {

BigInt big(Int128 value) {
  const bool negative = value < 0;
  __extension__ unsigned __int128 magnitude =
      negative ? -static_cast<unsigned __int128>(value) : static_cast<unsigned __int128>(value);
  BigInt result = static_cast<std::uint64_t>(magnitude >> 64);
  result <<= 64;
  result += static_cast<std::uint64_t>(magnitude);
  return negative ? -result : result;
}

BigInt ten_to_34() { return boost::multiprecision::pow(BigInt(10), 34); }

/// joules / 1e-34 in rational arithmetic, to the nearest integer, ties to even.
BigInt nearest_quanta(double joules) {
  int exponent = 0;
  const double mantissa = std::frexp(std::fabs(joules), &exponent);
  BigInt numerator = BigInt(static_cast<std::int64_t>(std::ldexp(mantissa, 53))) * ten_to_34(), denominator = 1;
  exponent -= 53;
  if (exponent >= 0) numerator <<= exponent;
  else denominator <<= -exponent;
  BigInt quotient = numerator / denominator;
  const BigInt twice = (numerator - quotient * denominator) * 2;
  if (twice > denominator || (twice == denominator && (quotient & 1) != 0)) ++quotient;
  return joules < 0 ? BigInt(-quotient) : quotient;
}

BigRational exact(double joules) {
  int exponent = 0;
  const auto mantissa = static_cast<std::int64_t>(std::ldexp(std::frexp(joules, &exponent), 53));
  exponent -= 53;
  BigRational value(mantissa);
  const BigRational power(BigInt(1) << std::abs(exponent));
  return exponent < 0 ? BigRational(value / power) : BigRational(value * power);
}

std::uint64_t rng_seed() { return 20240607; }

}  // namespace

TEST_CASE("conversion from joules equals exact rational arithmetic", "[energy]") {
  INFO("seed " << rng_seed());
  std::mt19937_64 rng(rng_seed());
  std::uniform_real_distribution<double> mantissa(-2, 2);
  std::uniform_int_distribution<int> exponent(-118, 12);
  for (int i = 0; i < 100000; ++i) {
    const double joules = std::ldexp(mantissa(rng), exponent(rng));
    const BigInt got = big(Quanta::from_joules(joules).count);
    if (got != nearest_quanta(joules)) {
      INFO(joules << " J");
      CHECK(got == nearest_quanta(joules));
    }
  }
  CHECK(big(Quanta::from_joules(1).count) == ten_to_34());
  CHECK(Quanta::from_joules(0.5e-34).count == 0);  // the double lies below the tie
  CHECK(Quanta::from_joules(std::nextafter(0.5e-34, 1)).count == 1);
}

TEST_CASE("ties between two quanta go to the even one", "[energy]") {
  // 2^-35 J = 5^35 / 1e35 J = 10^34 / 2^35 quanta is an integer / 2: x = k 2^-35 J holds k 5^34 / 2 quanta.
  for (int k = 1; k <= 64; ++k) {
    const double joules = std::ldexp(static_cast<double>(k), -35);
    CHECK(big(Quanta::from_joules(joules).count) == nearest_quanta(joules));
    CHECK(big(Quanta::from_joules(-joules).count) == -nearest_quanta(joules));
    if (k % 2 == 1) CHECK(Quanta::from_joules(joules).count % 2 == 0);
  }
}

TEST_CASE("conversion to joules gives the nearest double", "[energy]") {
  INFO("seed " << rng_seed());
  std::mt19937_64 rng(rng_seed());
  for (int i = 0; i < 3000; ++i) {
    const int shift = static_cast<int>(rng() % 127);
    const auto count = static_cast<Int128>((static_cast<Int128>(rng() >> 1) << 64 | rng()) >> shift);
    const Quanta quanta{i % 2 == 0 ? count : -count};
    const double joules = quanta.joules();
    const BigRational value = BigRational(big(quanta.count)) / BigRational(ten_to_34());
    const BigRational error = abs(BigRational(exact(joules) - value));
    for (double neighbour : {std::nextafter(joules, -1e9), std::nextafter(joules, 1e9)}) {
      if (abs(BigRational(exact(neighbour) - value)) < error) {
        INFO("count " << big(quanta.count));
        CHECK(joules == neighbour);
      }
    }
  }
  CHECK(Quanta{}.joules() == 0);
  CHECK(Quanta{1}.joules() == 1e-34);
  CHECK(Quanta::from_joules(1.5).joules() == 1.5);
}

TEST_CASE("energies with more than 53 bits of quanta keep their double through both conversions", "[energy]") {
  INFO("seed " << rng_seed());
  std::mt19937_64 rng(rng_seed());
  std::uniform_real_distribution<double> mantissa(1, 2);
  std::uniform_int_distribution<int> exponent(-58, 13);
  int kept = 0;
  for (int i = 0; i < 10000; ++i) {
    const double joules = std::ldexp(mantissa(rng), exponent(rng));
    kept += Quanta::from_joules(joules).joules() == joules;
  }
  CHECK(kept == 10000);
}

TEST_CASE("products with a count are exact", "[energy]") {
  std::mt19937_64 rng(rng_seed());
  for (int i = 0; i < 2000; ++i) {
    const auto count = static_cast<std::int64_t>(rng()) >> (rng() % 60);
    const auto quanta = static_cast<Int128>(static_cast<std::int64_t>(rng()));
    CHECK(big((Quanta{quanta} * count).count) == big(quanta) * count);
  }
}

TEST_CASE("energies that are not finite or beyond the range are refused", "[energy]") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(Quanta::from_joules(infinity), std::overflow_error);
  CHECK_THROWS_AS(Quanta::from_joules(-infinity), std::overflow_error);
  CHECK_THROWS_AS(Quanta::from_joules(std::numeric_limits<double>::quiet_NaN()), std::overflow_error);
  CHECK_THROWS_AS(Quanta::from_joules(17014.2), std::overflow_error);
  CHECK_THROWS_AS(Quanta::from_joules(-1e300), std::overflow_error);
  CHECK_NOTHROW(Quanta::from_joules(17014.1183460469));
}

TEST_CASE("sums, differences and products that leave the range are refused", "[energy]") {
  const Quanta most = Quanta::from_joules(1.7e4);
  CHECK_THROWS_AS(most + most, std::overflow_error);
  CHECK_THROWS_AS(-most - most, std::overflow_error);
  CHECK_THROWS_AS(most * 2, std::overflow_error);
  CHECK_THROWS_AS(most * std::numeric_limits<std::int64_t>::min(), std::overflow_error);
  CHECK((most * -1 == -most));
  const Int128 lowest = static_cast<Int128>(1) << 126;
  CHECK_THROWS_AS(-Quanta{-lowest - lowest}, std::overflow_error);
}
