// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace szilard::reset_physics {

/// A capacitor charged through a resistor: C dv/dt = (u(t) - v) / R, integrated until it has settled. Supplied is the
/// integral of u i at the source, dissipated that of i^2 R in the resistor, stored C v^2 / 2 at the end; none is
/// derived from another.
/// A step of u loses C V^2 / 2 whatever R; a ramp of length T (RC/T) C V^2 [1 - (RC/T) (1 - e^(-T/RC))], towards 0 as
/// it slows; n steps 1 / (2 n) of C V^2. Left out: leakage, the ramp generator's own loss.
struct RcCharging {
  double resistance_ohm = 0, capacitance_f = 0, voltage_v = 0;  ///< > 0
};
struct ChargingEnergy {
  double supplied_j = 0, dissipated_j = 0, stored_j = 0;
};
/// All throw std::invalid_argument on values that are not positive and finite.
ChargingEnergy charge_by_step(const RcCharging& circuit);
ChargingEnergy charge_by_ramp(const RcCharging& circuit, double ramp_time_s);
/// `steps` equal steps of the source, each until settled.
ChargingEnergy charge_by_staircase(const RcCharging& circuit, int steps);

}  // namespace szilard::reset_physics
