// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "models/support/units.hpp"

namespace szilard::scenario {

/// "100 tau" as 100, or nothing.
inline std::optional<double> relaxation_times(const std::string& text) {
  const std::size_t unit = text.find("tau");
  if (unit == std::string::npos || unit == 0 || text.substr(unit) != "tau" || text[unit - 1] != ' ') return {};
  std::string number = text.substr(0, unit);
  while (!number.empty() && number.back() == ' ') number.pop_back();
  const auto parsed = support::parse_quantity(number, support::Dimension::none);
  if (!parsed.error.empty()) return {};
  return parsed.value;
}

}  // namespace szilard::scenario
