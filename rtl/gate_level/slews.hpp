// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rtl/gate_level/energy_books.hpp"

namespace szilard::gate_level {

/// Fills slew_s of every net from its loads, which must be there. See EnergyEvaluator.
void propagate_slews(const Netlist& netlist, const Conditions& conditions, std::vector<NetCondition>& nets);

}  // namespace szilard::gate_level
