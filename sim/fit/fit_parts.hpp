// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <numeric>
#include <vector>

#include "sim/fit/device_fit.hpp"

/// What the parts of the fit share; internal to this folder.
namespace szilard::fit {

inline constexpr double kOutlier = 4.5;  ///< sigma
inline constexpr std::size_t kFewestCells = 8;

inline double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Indices in ascending order of place, in at most 20 groups of nearly equal size that do not part equal places.
std::vector<std::vector<std::size_t>> groups_of(const std::vector<double>& places);

/// Variance of one read at a conductance, by the read noise of the fit.
double read_variance_s2(const DeviceFit& fit, double conductance_s);

/// Fills fit.drift where there are two times above 0 and enough cells; after read noise and programming error.
void fit_drift(const Measurements& data, DeviceFit& fit);

}  // namespace szilard::fit
