// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/quasistatic/network.hpp"
#include "sim/mapping/layer_chain.hpp"

namespace szilard::mapping {

/// A chain as a quasi-static network: every activation is a unit, so is every output of a linear layer without one
/// (average pools among them); max pools are selections without mass. The same stiffness and friction for all units.
quasistatic::Network make_quasistatic(const LayerChain& chain, double stiffness, double friction);

}  // namespace szilard::mapping
