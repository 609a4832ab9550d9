// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/support/parameter.hpp"

namespace szilard::support {

/// Chip area of one component: count times the area of one, which is unknown where no source gives it. Unknown is not
/// 0.
struct AreaPart {
  std::string component;
  std::int64_t count = 0;
  std::string counted;  ///< "cells"
  std::optional<Parameter> each_m2;

  std::optional<double> area_m2() const {
    return each_m2 ? std::optional<double>(static_cast<double>(count) * each_m2->value) : std::nullopt;
  }
};

}  // namespace szilard::support
