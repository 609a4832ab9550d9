// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/electronic/converters/converter.hpp"

namespace szilard::electronic {

/// A quantiser ready for loops: |code| = trunc(min(|v| x inverse_step, highest) + raise), code_of() in rounding.ipp.
/// With the largest double below 1/2 that rounds half away from zero; a comparator has `raise` 1 and ends at 1/2.
struct Rounding {
  double inverse_step = 1, step = 1, lowest = 0, highest = 0;
  bool is_identity = true;
  double raise = 0.49999999999999994;
};
Rounding rounding_of(const Quantiser& quantiser);

}  // namespace szilard::electronic
