// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace szilard::support {

/// What a number measures. Inside szilard every number is in SI; text with units is met in scenarios and reports only.
enum class Dimension {
  none,
  temperature,
  time,
  frequency,
  voltage,
  current,
  resistance,
  conductance,
  capacitance,
  charge,
  energy,
  power,
  length,
  area,
  angle,
  ratio,  ///< ratio: plain number, % or dB
};

/// SI unit of a dimension, e.g. "S" for conductance; empty for none and ratio.
std::string_view si_unit(Dimension dimension);
std::string_view dimension_name(Dimension dimension);
/// Units that texts of this dimension may use (documentation, hints).
std::vector<std::string> accepted_units(Dimension dimension);

struct ParsedQuantity {
  double value = 0;         ///< in SI
  std::string error;        ///< empty if well; else what is wrong, e.g. "unit missing: write e.g. '2.5 ohm'"
  bool unit_error = false;  ///< the number is well but its unit is missing, unknown or of another dimension
};

/// Reads "2.5 ohm", "10 fF", "1.2 GHz", "300 K", "25 degC", "0.5 %", "1e4 kT" (with temperature_k) strictly: one finite
/// decimal number as std::from_chars reads it (no hexadecimal, no separators), blanks, one unit with at most one SI
/// prefix (f p n u µ m c d k M G T). A bare number is an error for every dimension but none and ratio. Never throws.
ParsedQuantity parse_quantity(std::string_view text, Dimension dimension, std::optional<double> temperature_k = {});

/// Shortest decimal text that reads back to the same double, independent of locale: "0.1", "1e-09".
std::string shortest(double value);
/// value in SI as text that parse_quantity reads back to the identical double, with an SI prefix where that is exact,
/// else the plain SI unit: "40 uS", "2.87097e-21 J".
std::string quantity_text(double value, Dimension dimension);
/// For people: four significant digits and an SI prefix: "1.667 pJ".
std::string engineering(double value, std::string_view unit, int digits = 4);

}  // namespace szilard::support
