// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/support/units.hpp"

#include <charconv>
#include <cmath>
#include <stdexcept>
#include <system_error>

#include "models/support/constants.hpp"

namespace szilard::support {
namespace {

// How a unit's number becomes SI. Powers of ten are applied to the decimal text, so "0.3 uS" is the double nearest to
// 3e-7 and not a product that was rounded twice.
enum class Scale { decimal, factor, celsius, thermal, percent, decibel, dbm };

struct Unit {
  Dimension dimension;
  std::string_view text;
  Scale scale = Scale::decimal;
  double factor = 1;
  int prefix_power = 1;  ///< 0: takes no prefix; 2: the prefix is squared
};

constexpr double kDegree_rad = 1.74532925199432957692e-2;

constexpr Unit kUnits[] = {
    {Dimension::temperature, "K"},
    {Dimension::temperature, "degC", Scale::celsius, 1, 0},
    {Dimension::temperature, "\u00b0C", Scale::celsius, 1, 0},
    {Dimension::time, "s"},
    {Dimension::frequency, "Hz"},
    {Dimension::voltage, "V"},
    {Dimension::current, "A"},
    {Dimension::resistance, "ohm"},
    {Dimension::resistance, "\u03a9"},  // capital omega
    {Dimension::resistance, "\u2126"},  // ohm sign
    {Dimension::conductance, "S"},
    {Dimension::capacitance, "F"},
    {Dimension::charge, "C"},
    {Dimension::energy, "J"},
    {Dimension::energy, "eV", Scale::factor, kElementaryCharge_C},
    {Dimension::energy, "kT", Scale::thermal, 1, 0},
    {Dimension::power, "W"},
    {Dimension::power, "dBm", Scale::dbm, 1, 0},
    {Dimension::length, "m"},
    {Dimension::area, "m2", Scale::decimal, 1, 2},
    {Dimension::area, "m\u00b2", Scale::decimal, 1, 2},
    {Dimension::angle, "rad"},
    {Dimension::angle, "deg", Scale::factor, kDegree_rad, 0},
    {Dimension::ratio, "%", Scale::percent, 1, 0},
    {Dimension::ratio, "dB", Scale::decibel, 1, 0},
};

struct Prefix {
  std::string_view text;
  int exponent;
};
constexpr Prefix kPrefixes[] = {{"f", -15}, {"p", -12}, {"n", -9}, {"u", -6}, {"\u00b5", -6}, {"\u03bc", -6}, {"m", -3},
                                {"c", -2},  {"d", -1},  {"k", 3},  {"M", 6},  {"G", 9},       {"T", 12}};

struct Match {
  const Unit* unit = nullptr;
  int exponent = 0;
};

// A unit on its own wins over prefix and unit ("m" is the metre, "dBm" is no deci-anything).
Match find_unit(std::string_view text) {
  for (const Unit& unit : kUnits)
    if (unit.text == text) return {&unit, 0};
  for (const Prefix& prefix : kPrefixes) {
    if (text.substr(0, prefix.text.size()) != prefix.text) continue;
    for (const Unit& unit : kUnits)
      if (unit.prefix_power > 0 && unit.text == text.substr(prefix.text.size()))
        return {&unit, prefix.exponent * unit.prefix_power};
  }
  return {};
}

std::optional<double> read_decimal(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return {};
  return value;
}

// `number` x 10^shift, correctly rounded; nothing if it overflows or underflows.
std::optional<double> shifted(std::string_view number, double value, int shift) {
  if (shift == 0 || value == 0) return value;
  const std::size_t e = number.find_first_of("eE");
  int exponent = 0;
  if (e != std::string_view::npos) {
    const char* first = number.data() + e + 1;
    if (*first == '+') ++first;
    std::from_chars(first, number.data() + number.size(), exponent);
  }
  return read_decimal(std::string(number.substr(0, e)) + 'e' + std::to_string(exponent + shift));
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kLongest = 40;
  return "'" + std::string(text.substr(0, kLongest)) + (text.size() > kLongest ? "...'" : "'");
}

std::string example(std::string_view number, Dimension dimension) {
  const std::vector<std::string> units = accepted_units(dimension);
  if (units.empty() || units.front().empty()) return quoted(number);
  return quoted(std::string(number) + ' ' + units.front());
}

ParsedQuantity number_error(std::string text) { return {0, std::move(text), false}; }
ParsedQuantity unit_error(std::string text) { return {0, std::move(text), true}; }

bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool may_start_unit(char c) {
  return is_blank(c) || c == '%' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
}

std::optional<double> to_si(const Match& match, std::string_view number, double value, double thermal_j) {
  switch (match.unit->scale) {
    case Scale::decimal:
      return shifted(number, value, match.exponent);
    case Scale::percent:
      return shifted(number, value, -2);
    case Scale::factor: {
      const std::optional<double> plain = shifted(number, value, match.exponent);
      return plain ? std::optional<double>(*plain * match.unit->factor) : plain;
    }
    case Scale::celsius:
      return value + 273.15;
    case Scale::thermal:
      return value * thermal_j;
    case Scale::decibel:
      return std::pow(10.0, value / 10);
    case Scale::dbm:
      return 1e-3 * std::pow(10.0, value / 10);
  }
  throw std::logic_error("unit without a scale");
}

ParsedQuantity with_unit(std::string_view number, double value, std::string_view unit, Dimension dimension,
                         std::optional<double> temperature_k) {
  if (dimension == Dimension::none) return unit_error("no unit belongs here, found " + quoted(unit));
  const Match match = find_unit(unit);
  const std::string wanted = "write e.g. " + example(number, dimension);
  if (match.unit == nullptr) return unit_error("unknown unit " + quoted(unit) + ": " + wanted);
  if (match.unit->dimension != dimension)
    return unit_error(quoted(unit) + " is a unit of " + std::string(dimension_name(match.unit->dimension)) +
                      ", not of " + std::string(dimension_name(dimension)) + ": " + wanted);
  if (match.unit->scale == Scale::thermal && !temperature_k)
    return unit_error("kT needs a temperature, and none is known here: " + wanted);
  const std::optional<double> si = to_si(match, number, value, kBoltzmann_J_per_K * temperature_k.value_or(0));
  if (!si || !std::isfinite(*si) || (*si == 0 && value != 0 && match.unit->scale != Scale::celsius))
    return number_error(quoted(std::string(number) + ' ' + std::string(unit)) + " is out of the range of numbers");
  return {*si, {}, false};
}

}  // namespace

std::string_view si_unit(Dimension dimension) {
  switch (dimension) {
    case Dimension::none:
    case Dimension::ratio:
      return "";
    default:
      for (const Unit& unit : kUnits)
        if (unit.dimension == dimension) return unit.text;
  }
  throw std::logic_error("dimension without a unit");
}

std::string_view dimension_name(Dimension dimension) {
  switch (dimension) {
    case Dimension::none:
      return "plain number";
    case Dimension::temperature:
      return "temperature";
    case Dimension::time:
      return "time";
    case Dimension::frequency:
      return "frequency";
    case Dimension::voltage:
      return "voltage";
    case Dimension::current:
      return "current";
    case Dimension::resistance:
      return "resistance";
    case Dimension::conductance:
      return "conductance";
    case Dimension::capacitance:
      return "capacitance";
    case Dimension::charge:
      return "charge";
    case Dimension::energy:
      return "energy";
    case Dimension::power:
      return "power";
    case Dimension::length:
      return "length";
    case Dimension::area:
      return "area";
    case Dimension::angle:
      return "angle";
    case Dimension::ratio:
      return "ratio";
  }
  throw std::logic_error("dimension without a name");
}

std::vector<std::string> accepted_units(Dimension dimension) {
  std::vector<std::string> units;
  if (dimension == Dimension::ratio) units.emplace_back("");
  for (const Unit& unit : kUnits)
    if (unit.dimension == dimension) units.emplace_back(unit.text);
  return units;
}

ParsedQuantity parse_quantity(std::string_view text, Dimension dimension, std::optional<double> temperature_k) {
  double value = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value);
  const std::string_view number = text.substr(0, std::size_t(end - text.data()));
  std::string_view unit = text.substr(number.size());
  if (error == std::errc::invalid_argument) return number_error(quoted(text) + " is not a number");
  if (error == std::errc::result_out_of_range) return number_error(quoted(number) + " is out of the range of numbers");
  if (!std::isfinite(value)) return number_error(quoted(text) + " is not a finite number");
  const bool hexadecimal = !unit.empty() && (unit[0] == 'x' || unit[0] == 'X');
  if (!unit.empty() && (hexadecimal || !may_start_unit(unit[0])))
    return number_error(quoted(text) + " is not a decimal number");
  while (!unit.empty() && is_blank(unit.front())) unit.remove_prefix(1);
  if (!unit.empty()) return with_unit(number, value, unit, dimension, temperature_k);
  if (number.size() != text.size()) return number_error("blanks at the end of " + quoted(text));
  if (dimension != Dimension::none && dimension != Dimension::ratio)
    return unit_error("unit missing: write e.g. " + example(number, dimension));
  return {value, {}, false};
}

std::string shortest(double value) {
  char buffer[32];
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, value);
  return {buffer, result.ptr};
}

namespace {

struct Scientific {
  std::string sign, digits;  ///< digits without point or trailing zeros, at least one
  int exponent = 0;          ///< of the first digit
};

// digits < 0: as many as are needed to read back the same double.
Scientific scientific(double value, int digits) {
  char buffer[64];
  const auto result =
      digits < 0 ? std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific)
                 : std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific, digits - 1);
  Scientific out;
  const std::string_view text(buffer, std::size_t(result.ptr - buffer));
  const std::size_t e = text.find('e');
  for (char c : text.substr(0, e)) {
    if (c == '-') out.sign = "-";
    if (c >= '0' && c <= '9') out.digits += c;
  }
  out.digits.erase(out.digits.find_last_not_of('0') + 1);
  if (out.digits.empty()) out.digits = "0";
  const std::size_t first = text[e + 1] == '+' ? e + 2 : e + 1;
  std::from_chars(text.data() + first, result.ptr, out.exponent);
  return out;
}

// The decimal point stands after 1 to 3 digits, as exponent modulo 3 says.
std::string placed(const Scientific& number, int digits_before_point) {
  std::string digits = number.digits;
  const auto before = std::size_t(digits_before_point);
  if (digits.size() < before) digits.append(before - digits.size(), '0');
  std::string text = number.sign + digits.substr(0, before);
  if (digits.size() > before) text += '.' + digits.substr(before);
  return text;
}

int floor_to_multiple_of_3(int n) { return n >= 0 ? n / 3 * 3 : -((-n + 2) / 3 * 3); }

}  // namespace

std::string quantity_text(double value, Dimension dimension) {
  const std::string_view unit = si_unit(dimension);
  if (unit.empty()) return shortest(value);
  const std::string plain = shortest(value) + ' ' + std::string(unit);
  if (value == 0 || !std::isfinite(value) || dimension == Dimension::temperature || dimension == Dimension::angle ||
      dimension == Dimension::area)
    return plain;
  const Scientific number = scientific(value, -1);
  const int exponent = floor_to_multiple_of_3(number.exponent);
  if (exponent == 0) return plain;
  for (const Prefix& prefix : kPrefixes)
    if (prefix.exponent == exponent)
      return placed(number, number.exponent - exponent + 1) + ' ' + std::string(prefix.text) + std::string(unit);
  return plain;
}

std::string engineering(double value, std::string_view unit, int digits) {
  constexpr std::string_view kReportPrefixes[] = {"q", "r", "y", "z", "a", "f", "p", "n", "u", "m", "",
                                                  "k", "M", "G", "T", "P", "E", "Z", "Y", "R", "Q"};
  constexpr int kUnity = 10;
  if (digits < 1) throw std::logic_error("engineering() needs at least one digit");
  const std::string end = unit.empty() ? "" : ' ' + std::string(unit);
  if (value == 0 || !std::isfinite(value)) return shortest(value) + end;
  const Scientific number = scientific(value, digits);
  const int exponent = floor_to_multiple_of_3(number.exponent);
  const int step = exponent / 3 + kUnity;
  if (unit.empty() || step < 0 || step >= int(std::size(kReportPrefixes))) {
    char buffer[64];
    const auto result = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::general, digits);
    return std::string(buffer, result.ptr) + end;
  }
  return placed(number, number.exponent - exponent + 1) + ' ' + std::string(kReportPrefixes[step]) + std::string(unit);
}

}  // namespace szilard::support
