// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace szilard::neuron {

/// Samples that are decided together, one bit each of a word.
inline constexpr std::size_t kRun = 64;

struct RunDecision {
  std::uint64_t active = 0;        ///< bit s: y[s] > threshold
  std::uint64_t not_a_number = 0;  ///< bit s: y[s] is NaN
};

/// Decides `count` <= kRun samples of one neuron and writes x = active ? y : 0. Reads and writes up to the next
/// multiple of support::kSignalLanes.
RunDecision decide_run(const double* y, double threshold, std::size_t count, double* x);
/// The same with a threshold for each sample.
RunDecision decide_run(const double* y, const double* thresholds, std::size_t count, double* x);

}  // namespace szilard::neuron
