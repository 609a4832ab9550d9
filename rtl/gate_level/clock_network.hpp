// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rtl/gate_level/netlist.hpp"

namespace szilard::gate_level {

/// The one input port's bit from which, through buffers and inverters only, every flip-flop is clocked; marks the nets
/// and cells on the way. Throws support::InputError on gated clocks, several clocks and clocks that are constants.
void find_clock(Netlist& netlist);

/// Whether a flip-flop takes its next state at the rising edge of the clock port.
bool clocked_by_rising_edge(const Netlist& netlist, const Instance& instance, const FlipFlop& flip_flop);

}  // namespace szilard::gate_level
