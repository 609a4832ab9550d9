// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/scenario/fields.hpp"

namespace szilard::scenario {

/// Ranges exclude what no device has and what would overflow the ledger or the integer clock, not what is merely
/// unusual.
inline constexpr double kShortest_s = 1e-12, kLongest_s = 1.0;
inline constexpr double kMostEnergy_J = 1e-3;
inline constexpr double kMostVoltage_V = 100, kLeastVoltage_V = 1e-9;
inline constexpr double kMostCapacitance_F = 1e-3;
inline constexpr double kLeastArea_m2 = 1e-20, kMostArea_m2 = 1;

/// A Field that is written like a sentence: quantity("clock", Dimension::frequency, "...", 1, 1e11).fallback("500
/// MHz").
class FieldMaker {
 public:
  FieldMaker(std::string key, Kind kind, std::string meaning) {
    field_.key = std::move(key);
    field_.kind = kind;
    field_.meaning = std::move(meaning);
  }
  operator Field() const { return field_; }  // NOLINT: the maker ends as the field

  FieldMaker& optional() { return field_.need = Need::optional, *this; }
  FieldMaker& fallback(std::string text) {
    return field_.need = Need::fallback, field_.fallback = std::move(text), *this;
  }
  /// Physics: the scenario or a preset gives it, with its source.
  FieldMaker& preset() { return field_.need = Need::preset, field_.sourced = true, *this; }
  FieldMaker& sourced() { return field_.sourced = true, *this; }
  FieldMaker& unless(std::string key, std::vector<std::string> values) {
    field_.needed_key = std::move(key);
    field_.needed_values = std::move(values);
    return *this;
  }
  FieldMaker& unless_given(std::string key) { return field_.replaced_by = std::move(key), *this; }
  FieldMaker& word(std::string word) { return field_.word = std::move(word), *this; }
  FieldMaker& hint(std::string hint) { return field_.hint = std::move(hint), *this; }
  FieldMaker& section(std::string id) { return field_.section = std::move(id), *this; }
  FieldMaker& range(double minimum, double maximum) {
    return field_.minimum = minimum, field_.maximum = maximum, *this;
  }
  FieldMaker& range(support::Dimension dimension, double minimum, double maximum) {
    field_.dimension = dimension;
    return range(minimum, maximum);
  }
  FieldMaker& whole(std::uint64_t least, std::uint64_t most) { return field_.least = least, field_.most = most, *this; }
  FieldMaker& values(std::vector<std::uint64_t> values) {
    field_.least = values.front(), field_.most = values.back();
    return field_.values = std::move(values), *this;
  }
  FieldMaker& most_items(std::size_t count) { return field_.most_items = count, *this; }
  FieldMaker& choices(std::vector<std::string> choices) { return field_.choices = std::move(choices), *this; }

 private:
  Field field_;
};

inline FieldMaker integer(std::string key, std::uint64_t least, std::uint64_t most, std::string meaning) {
  return FieldMaker(std::move(key), Kind::integer, std::move(meaning)).whole(least, most);
}
inline FieldMaker number(std::string key, double minimum, double maximum, std::string meaning) {
  return FieldMaker(std::move(key), Kind::number, std::move(meaning)).range(minimum, maximum);
}
inline FieldMaker quantity(std::string key, support::Dimension dimension, double minimum, double maximum,
                           std::string meaning) {
  return FieldMaker(std::move(key), Kind::quantity, std::move(meaning)).range(dimension, minimum, maximum);
}
inline FieldMaker choice(std::string key, std::vector<std::string> choices, std::string meaning) {
  return FieldMaker(std::move(key), Kind::choice, std::move(meaning)).choices(std::move(choices));
}

Field area_field(const char* key, const char* meaning);
/// Of digital cores and of the ReLU in RTL.
Field clock_field();
Field digital_energy_field();

/// Sections of the parts of a platform.
std::vector<Section> linear_sections();
std::vector<Section> optical_sections();
Section capacitive_section();
Section row_switch_section();
/// Keys of an electronic_crossbar about encodings, slices, sums and charging.
std::vector<Field> coding_fields();
std::vector<Section> converter_sections();
std::vector<Section> neuron_sections();
std::vector<Section> digital_sections();
Section quasistatic_section();
std::vector<Section> training_sections();
/// Keys of a study (fields_sweep.cpp).
std::vector<Section> sweep_sections();
/// Keys of the statistical mode (fields_statistical.cpp).
std::vector<Section> statistical_sections();

}  // namespace szilard::scenario
