// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "rtl/gate_level/simulator.hpp"

namespace szilard::gate_level {

/// How much more nets toggle on their way to the next settled state, an estimate: every cell takes one unit of time,
/// whatever its load, and passes pulses of any width on. In each cycle inputs and registers change at once, then all
/// cells take the values of a unit before until nothing changes.
///
///     E_glitch = sum over nets of (transitions - settled toggles) x energy of a toggle
///
/// Real delays differ and short pulses die, so that this is neither a bound nor a measurement; it is no part of any
/// total.
/// For the unit-delay model see F. N. Najm, IEEE Trans. VLSI Syst. 2, 446 (1994), DOI 10.1109/92.335013.
struct GlitchEstimate {
  std::uint64_t cycles = 0;
  std::uint64_t settled_toggles = 0, transitions = 0;  ///< of all nets but the clock's
  double settled_energy = 0, glitch_energy = 0;        ///< in quanta of `by_toggle`
};

/// Windows as for Simulator::run_windows; registers of the rising edge only. Throws std::invalid_argument for others.
GlitchEstimate estimate_glitches(const Netlist& netlist, const Simulator& simulator, const Stimulus& stimulus,
                                 const std::vector<Window>& windows, const std::vector<std::int64_t>& by_toggle);

}  // namespace szilard::gate_level
