// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "sim/plot/plot.hpp"

using namespace szilard::plot;

TEST_CASE("linear ticks are 1, 2 or 5 times a power of ten and lie within the range", "[plot]") {
  for (const auto& [from, to] : {std::pair{0.0, 1.0}, {-3e-6, 7e-6}, {0.98, 1.02}, {-1e12, 3e11}, {17.0, 18.0}}) {
    const auto found = ticks(from, to, Scale::linear);
    REQUIRE(found.size() >= 3);
    CHECK(found.size() <= 12);
    const double step = found[1] - found[0];
    const double lead = step / std::pow(10.0, std::floor(std::log10(step * (1 + 1e-9))));
    CHECK((std::abs(lead - 1) < 1e-6 || std::abs(lead - 2) < 1e-6 || std::abs(lead - 5) < 1e-6));
    CHECK(found.front() >= from - 1e-6 * step);
    CHECK(found.back() <= to + 1e-6 * step);
  }
}

TEST_CASE("logarithmic ticks are powers of ten, with 2 and 5 times them on short axes", "[plot]") {
  CHECK(ticks(1, 1000, Scale::logarithmic).size() == 4);
  const auto short_axis = ticks(1, 10, Scale::logarithmic);
  REQUIRE(short_axis.size() == 4);
  CHECK(short_axis[1] == Approx(2));
  CHECK(short_axis[2] == Approx(5));
  CHECK(ticks(1e-30, 1e30, Scale::logarithmic).size() <= 10);
}

TEST_CASE("ticks of an empty, reversed, infinite or non-positive range are refused", "[plot]") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(ticks(1, 1, Scale::linear), std::invalid_argument);
  CHECK_THROWS_AS(ticks(2, 1, Scale::linear), std::invalid_argument);
  CHECK_THROWS_AS(ticks(0, infinity, Scale::linear), std::invalid_argument);
  CHECK_THROWS_AS(ticks(0, 1, Scale::logarithmic), std::invalid_argument);
  CHECK_THROWS_AS(ticks(std::nan(""), 1, Scale::linear), std::invalid_argument);
}
