// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "sim/study/statistics.hpp"

using namespace szilard::study;

namespace {

// Additional hours of sleep under two drugs (Cushny and Peebles 1905), as Student (1908) used them.
const Sample kFirst{{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0}};
const Sample kSecond{{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4}};

}  // namespace

TEST_CASE("Student's sleep data give the figures that R prints for them", "[study][statistics]") {
  const auto paired = paired_difference(kFirst, kSecond);
  REQUIRE(paired);
  CHECK(paired->mean == Approx(1.58));
  CHECK(paired->p == Approx(0.002833).epsilon(1e-3));
  CHECK(paired->mean - paired->half_width == Approx(0.7001142).epsilon(1e-6));
  const auto welch = welch_difference(kFirst, kSecond);
  REQUIRE(welch);
  CHECK(welch->p == Approx(0.07939).epsilon(1e-3));
  CHECK(welch->mean + welch->half_width == Approx(3.3654832).epsilon(1e-6));
  CHECK(kFirst.standard_deviation() == Approx(1.789010).epsilon(1e-6));
  const auto interval = kFirst.deviation_interval();
  REQUIRE(interval);
  CHECK(interval->first == Approx(1.23054).epsilon(1e-4));
  CHECK(interval->second == Approx(3.26602).epsilon(1e-4));
}

TEST_CASE("a difference that every seed shows alike is certain, none at all is none", "[study][statistics]") {
  const Sample a{{1, 2, 3}}, b{{1.5, 2.5, 3.5}};
  CHECK(paired_difference(a, b)->p == 0);
  CHECK(paired_difference(a, b)->mean == Approx(0.5));
  CHECK(paired_difference(a, a)->p == 1);
  // 0.1 + 0.2 is not 0.3: rounding is no difference.
  CHECK(paired_difference({{0.3, 0.3}}, {{0.1 + 0.2, 0.1 + 0.2}})->p == 1);
}

TEST_CASE("Holm's steps stop at the first that is too likely", "[study][statistics]") {
  CHECK(significant({0.01, 0.04, 0.03, 0.005}) == std::vector<bool>{true, false, false, true});
  CHECK(significant({0.04}) == std::vector<bool>{true});
  CHECK(significant({}).empty());
}

TEST_CASE("a single seed, or samples that do not pair, have no spread to hold against", "[study][statistics][bad]") {
  const Sample one{{1}};
  CHECK_FALSE(paired_difference(one, one));
  CHECK_FALSE(paired_difference(kFirst, one));
  CHECK_FALSE(welch_difference(kFirst, one));
  CHECK_FALSE(one.deviation_interval());
  CHECK(one.half_width() == 0);
}

TEST_CASE("equal values have no spread, whatever their mean rounds to", "[study][statistics]") {
  const double value = 4.0887e-20;
  const Sample sample{{value, value, value}};
  CHECK(sample.standard_deviation() == 0);
  CHECK(sample.half_width() == 0);
}
