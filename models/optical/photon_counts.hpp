// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "models/support/philox.hpp"

namespace szilard::optical {

/// A number of photons of Poisson's distribution with this mean, from one number (sample, index) of the stream.
///
/// Law. P(n) = e^-m m^n / n!. Up to a mean of 1e4 the uniform number is used up on P(mode), P(mode + 1), P(mode - 1),
/// ..., which is exact to rounding; above it n = m + sqrt(m) z + (z^2 - 1) / 6, rounded, whose three lowest cumulants
/// are right to 1 / m (Cornish and Fisher, Rev. Int. Stat. Inst. 5, 307 (1938); recall). Cost: about 2 sqrt(m) steps.
double photon_count(double mean, const support::RandomStream& stream, std::uint64_t sample, std::uint32_t index);

}  // namespace szilard::optical
