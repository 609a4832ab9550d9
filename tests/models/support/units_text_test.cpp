// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <clocale>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "models/support/units.hpp"

using namespace szilard::support;

namespace {

bool same_bits(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0; }

}  // namespace

TEST_CASE("quantity_text reads back to the same double, whatever its bits (bitwise)", "[support][fast]") {
  const unsigned seed = 20260801;
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  std::size_t failures = 0, tried = 0;
  while (tried < 100000) {
    const std::uint64_t bits = random();
    double value;
    std::memcpy(&value, &bits, sizeof value);
    if (!std::isfinite(value)) continue;
    if (tried % 2 == 1) value = std::ldexp(double(bits >> 11), int(bits % 120) - 110);
    const auto dimension = Dimension(tried % (int(Dimension::ratio) + 1));
    const std::string text = quantity_text(value, dimension);
    const ParsedQuantity parsed = parse_quantity(text, dimension);
    if (!parsed.error.empty() || !same_bits(parsed.value, value)) {
      UNSCOPED_INFO(text << ": " << parsed.error);
      ++failures;
    }
    ++tried;
  }
  CHECK(failures == 0);
}

TEST_CASE("quantity_text reads back at the ends of the doubles (bitwise)", "[support][fast]") {
  using Limits = std::numeric_limits<double>;
  for (double value : {0.0, -0.0, Limits::min(), Limits::denorm_min(), -Limits::denorm_min(), Limits::max(),
                       Limits::lowest(), 1e-15, 9.999999999999999e-16, 1e15, 999.9999999999999, 1000.0}) {
    const ParsedQuantity parsed = parse_quantity(quantity_text(value, Dimension::energy), Dimension::energy);
    INFO(quantity_text(value, Dimension::energy) << ": " << parsed.error);
    CHECK(parsed.error.empty());
    CHECK(same_bits(parsed.value, value));
  }
}

TEST_CASE("quantity_text takes the prefix that leaves one to three digits", "[support][fast]") {
  CHECK(quantity_text(40e-6, Dimension::conductance) == "40 uS");
  CHECK(quantity_text(2.87097e-21, Dimension::energy) == "2.87097e-21 J");
  CHECK(quantity_text(1.5e9, Dimension::frequency) == "1.5 GHz");
  CHECK(quantity_text(300, Dimension::temperature) == "300 K");
  CHECK(quantity_text(-0.25, Dimension::voltage) == "-250 mV");
  CHECK(quantity_text(123456, Dimension::resistance) == "123.456 kohm");
  CHECK(quantity_text(0.5, Dimension::ratio) == "0.5");
  CHECK(quantity_text(1e-12, Dimension::area) == "1e-12 m2");
}

TEST_CASE("what is not finite has no text that reads back", "[support][bad]") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK_FALSE(parse_quantity(quantity_text(infinity, Dimension::voltage), Dimension::voltage).error.empty());
  CHECK_FALSE(parse_quantity(quantity_text(std::nan(""), Dimension::voltage), Dimension::voltage).error.empty());
  CHECK_FALSE(parse_quantity(shortest(infinity), Dimension::none).error.empty());
}

TEST_CASE("shortest is the shortest decimal, whatever the locale", "[support][fast]") {
  const char* const old = std::setlocale(LC_ALL, nullptr);
  const std::string saved = old;
  for (const char* locale : {"C", "de_DE.UTF-8", "fr_FR.UTF-8"}) {
    if (std::setlocale(LC_ALL, locale) == nullptr) continue;
    CHECK(shortest(0.1) == "0.1");
    CHECK(shortest(1e-9) == "1e-09");
    CHECK(shortest(-2.5) == "-2.5");
    CHECK(parse_quantity("2.5 ohm", Dimension::resistance).value == 2.5);
  }
  std::setlocale(LC_ALL, saved.c_str());
}

TEST_CASE("engineering rounds to significant digits and moves to the next prefix where that carries",
          "[support][fast]") {
  CHECK(engineering(1.6666e-12, "J") == "1.667 pJ");
  CHECK(engineering(999.96, "J") == "1 kJ");
  CHECK(engineering(999.94, "J") == "999.9 J");
  CHECK(engineering(2.870979e-21, "J") == "2.871 zJ");
  CHECK(engineering(0, "W") == "0 W");
  CHECK(engineering(-0.0123456, "V", 2) == "-12 mV");
  CHECK(engineering(12345, "", 3) == "1.23e+04");
  CHECK(engineering(0.5, "") == "0.5");
  CHECK(engineering(std::numeric_limits<double>::infinity(), "J") == "inf J");
  CHECK_THROWS_AS(engineering(1, "J", 0), std::logic_error);
}
