// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/support/units.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "models/support/constants.hpp"

using namespace szilard::support;

namespace {

double si(const char* text, Dimension dimension, std::optional<double> temperature_k = {}) {
  const ParsedQuantity parsed = parse_quantity(text, dimension, temperature_k);
  INFO(text << ": " << parsed.error);
  REQUIRE(parsed.error.empty());
  CHECK_FALSE(parsed.unit_error);
  return parsed.value;
}

void refuse_number(const std::string& text, Dimension dimension) {
  const ParsedQuantity parsed = parse_quantity(text, dimension);
  INFO("'" << text << "': " << parsed.error);
  CHECK_FALSE(parsed.error.empty());
  CHECK_FALSE(parsed.unit_error);
}

void refuse_unit(const std::string& text, Dimension dimension) {
  const ParsedQuantity parsed = parse_quantity(text, dimension);
  INFO("'" << text << "': " << parsed.error);
  CHECK_FALSE(parsed.error.empty());
  CHECK(parsed.unit_error);
}

}  // namespace

TEST_CASE("a quantity with a prefix is the double nearest to its decimal value (bitwise)", "[support][fast]") {
  CHECK(si("2.5 ohm", Dimension::resistance) == 2.5);
  CHECK(si("10 fF", Dimension::capacitance) == 10e-15);
  CHECK(si("1.2 GHz", Dimension::frequency) == 1.2e9);
  CHECK(si("0.3 uS", Dimension::conductance) == 0.3e-6);
  CHECK(si("7e-3 pJ", Dimension::energy) == 7e-15);
  CHECK(si("7E+3 pJ", Dimension::energy) == 7e-9);
  CHECK(si("-12.5 mV", Dimension::voltage) == -12.5e-3);
  CHECK(si("3 TW", Dimension::power) == 3e12);
  CHECK(si("0e99999999999 fC", Dimension::charge) == 0);
  CHECK(si("5nA", Dimension::current) == 5e-9);
  CHECK(si("5\t ps", Dimension::time) == 5e-12);
}

TEST_CASE("micro is u, the micro sign or the Greek letter; ohm is a word or either omega", "[support][fast]") {
  CHECK(si("3 uA", Dimension::current) == 3e-6);
  CHECK(si("3 \u00b5A", Dimension::current) == 3e-6);
  CHECK(si("3 \u03bcA", Dimension::current) == 3e-6);
  CHECK(si("4.7 k\u03a9", Dimension::resistance) == 4700);
  CHECK(si("4.7 k\u2126", Dimension::resistance) == 4700);
  CHECK(si("4.7 kohm", Dimension::resistance) == 4700);
}

TEST_CASE("m is the metre where it stands alone and milli before a unit", "[support][fast]") {
  CHECK(si("5 m", Dimension::length) == 5);
  CHECK(si("5 mm", Dimension::length) == 5e-3);
  CHECK(si("5 cm", Dimension::length) == 5e-2);
  CHECK(si("5 dm", Dimension::length) == 0.5);
  CHECK(si("5 mK", Dimension::temperature) == 5e-3);
  refuse_unit("5 m", Dimension::voltage);
}

TEST_CASE("prefixes of areas are squared", "[support][fast]") {
  CHECK(si("1 m2", Dimension::area) == 1);
  CHECK(si("2 mm2", Dimension::area) == 2e-6);
  CHECK(si("3 um2", Dimension::area) == 3e-12);
  CHECK(si("3 \u00b5m\u00b2", Dimension::area) == 3e-12);
}

TEST_CASE("units that are no powers of ten follow their definitions", "[support][fast]") {
  CHECK(si("25 degC", Dimension::temperature) == Approx(298.15).epsilon(1e-15));
  CHECK(si("-273.15 \u00b0C", Dimension::temperature) == 0);
  CHECK(si("300 K", Dimension::temperature) == 300);
  CHECK(si("2 eV", Dimension::energy) == Approx(2 * 1.602176634e-19).epsilon(1e-15));
  CHECK(si("2 meV", Dimension::energy) == Approx(2e-3 * 1.602176634e-19).epsilon(1e-15));
  CHECK(si("1e4 kT", Dimension::energy, 300.0) == Approx(1e4 * kBoltzmann_J_per_K * 300).epsilon(1e-15));
  CHECK(si("180 deg", Dimension::angle) == Approx(3.14159265358979324).epsilon(1e-15));
  CHECK(si("10 mrad", Dimension::angle) == 10e-3);
  CHECK(si("0.5 %", Dimension::ratio) == 0.005);
  CHECK(si("0.5", Dimension::ratio) == 0.5);
  CHECK(si("-3 dB", Dimension::ratio) == Approx(0.501187233627272).epsilon(1e-14));
  CHECK(si("0 dBm", Dimension::power) == Approx(1e-3).epsilon(1e-15));
  CHECK(si("30 dBm", Dimension::power) == Approx(1).epsilon(1e-15));
  CHECK(si("7", Dimension::none) == 7);
}

TEST_CASE("texts that are not one finite decimal number are refused", "[support][bad]") {
  for (const char* text :
       {"",           "ohm",        "nan ohm",    "inf ohm",     "-inf",        "0x10 ohm",  "0X1p3 ohm",
        "1e400 ohm",  "-1e400 ohm", "1e-400 ohm", "1,000 ohm",   "1_000 ohm",   "1'000 ohm", "1.2.3 ohm",
        "--1 ohm",    "+1 ohm",     " 1 ohm",     "1;2 ohm",     "\xff",        "1 2 ohm\n", "infinity",
        "NAN(1) ohm", "1+1 ohm",    "1e310 fohm", "1e-320 fohm", "1.7e308 kohm"}) {
    const ParsedQuantity parsed = parse_quantity(text, Dimension::resistance);
    INFO("'" << text << "': " << parsed.error);
    CHECK_FALSE(parsed.error.empty());
  }
  for (const char* text : {"nan ohm", "0x10 ohm", "1e400 ohm", "1,000 ohm", "1e-320 fohm", "1.7e308 kohm", ""})
    refuse_number(text, Dimension::resistance);
  refuse_number("1e5 dBm", Dimension::power);
  refuse_number("1e309", Dimension::none);
}

TEST_CASE("units that are missing, unknown or of another dimension are refused as units", "[support][bad]") {
  for (const char* text : {"5", "5 V", "5 Ohm", "5 OHM", "5 kkohm", "5 Kohm", "5 ohm ", "5 o hm", "5 mmohm", "5 ohm/m",
                           "5 k", "5 xohm", "5 aohm", "5 %"})
    refuse_unit(text, Dimension::resistance);
  refuse_unit("5 k", Dimension::none);
  refuse_unit("1e4 kT", Dimension::energy);
  refuse_unit("1 Wh", Dimension::energy);
  refuse_unit("1 mdBm", Dimension::power);
  refuse_unit("1 kdeg", Dimension::angle);
  refuse_unit("1 mdegC", Dimension::temperature);
  refuse_unit("5 s", Dimension::conductance);
  refuse_unit("5 S", Dimension::time);
  refuse_unit("5 m%", Dimension::ratio);
  CHECK(parse_quantity("2.5", Dimension::resistance).error == "unit missing: write e.g. '2.5 ohm'");
}

TEST_CASE("messages stay short however long the text is", "[support][bad]") {
  CHECK(parse_quantity("5 " + std::string(1000000, 'x'), Dimension::voltage).error.size() < 300);
  CHECK(parse_quantity(std::string(1000000, '9'), Dimension::voltage).error.size() < 300);
  CHECK(parse_quantity("1." + std::string(100000, '0') + "1 V", Dimension::voltage).value == 1.0);
}

TEST_CASE("every unit that is said to be accepted is accepted", "[support][fast]") {
  for (int d = 0; d <= int(Dimension::ratio); ++d) {
    const auto dimension = Dimension(d);
    INFO(dimension_name(dimension));
    CHECK_FALSE(dimension_name(dimension).empty());
    for (const std::string& unit : accepted_units(dimension))
      CHECK(parse_quantity("1 " + unit, dimension, 300.0).error.empty() == !unit.empty());
    if (!si_unit(dimension).empty()) {
      CHECK(si(("3 " + std::string(si_unit(dimension))).c_str(), dimension) == 3);
    }
  }
}
