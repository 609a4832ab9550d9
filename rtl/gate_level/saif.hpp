// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "rtl/gate_level/netlist.hpp"
#include "rtl/gate_level/simulator.hpp"

namespace szilard::gate_level {

/// The activity as a backward SAIF 2.0 file (IEEE 1801-2018, annex I): for every public name of every net the times at
/// 0, 1 and unknown and the toggle count over cycles x period. A sample stands for its whole cycle, a clock net is high
/// half of it.
std::string saif_text(const Netlist& netlist, const Activity& activity, double period_s, const std::string& version);

}  // namespace szilard::gate_level
