// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/electronic/converters/converter.hpp"

namespace szilard::electronic {

/// A quantiser ready for loops: |code| = trunc(min(|v| x inverse_step, highest) + largest double below 1/2), code_of() in
/// rounding.ipp.
struct Rounding {
  double inverse_step = 1, step = 1, lowest = 0, highest = 0;
  bool is_identity = true;
};
Rounding rounding_of(const Quantiser& quantiser);

}  // namespace szilard::electronic
