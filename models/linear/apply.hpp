// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/linear/linear_map.hpp"
#include "models/support/signal_block.hpp"

namespace szilard::linear {

/// y = W x + b in double precision for every sample, group and position of the map, through product(): the exact law of
/// LinearMap. `y` holds the same samples as `x` and map.total_outputs() features; it must not share its values with
/// `x`. Values of a sample do not depend on the other samples. Throws std::logic_error if sizes do not fit.
void apply(const LinearMap& map, const support::SignalBlock& x, support::SignalBlock& y);

}  // namespace szilard::linear
