// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace szilard::neuron {

/// A duration in the simulation's ticks, rounded to the nearest; 0 <= time < 1e5 s, else std::invalid_argument.
inline std::int64_t picoseconds(double time_s, const std::string& what) {
  if (!(time_s >= 0 && time_s < 1e5)) throw std::invalid_argument(what + " must lie between 0 s and 1e5 s");
  return std::llround(time_s * 1e12);
}

}  // namespace szilard::neuron
