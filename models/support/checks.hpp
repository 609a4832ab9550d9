// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <stdexcept>
#include <string>

#include "models/support/units.hpp"

namespace szilard::support {

/// Throws std::invalid_argument "FIELD is VALUE, must be WANTED" unless `holds`..
inline void require(bool holds, const std::string& field, double value, const std::string& wanted) {
  if (!holds) throw std::invalid_argument(field + " is " + shortest(value) + ", must be " + wanted);
}

inline void require_not_negative(double value, const std::string& field) {
  require(std::isfinite(value) && value >= 0, field, value, "finite and not below 0");
}

inline void require_positive(double value, const std::string& field) {
  require(std::isfinite(value) && value > 0, field, value, "finite and above 0");
}

}  // namespace szilard::support
