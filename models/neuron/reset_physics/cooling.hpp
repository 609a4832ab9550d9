// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/neuron/reset_physics/two_level.hpp"

namespace szilard::reset_physics {

/// A heat pump as a machine, not a formula: a two-level system whose gap E is driven in a cycle between a cold and a
/// hot bath.
/// Cold stroke: E falls from high_gap kT_c to low_gap kT_c, heat flows in. Jump: E times T_h / T_c at fixed occupation.
/// Hot stroke: E rises from low_gap kT_h to high_gap kT_h, heat flows out. Jump back. Work is the integral of p dE over
/// all four, heat the integral of E dp against each bath. Both strokes slow: Carnot's coefficient of performance;
/// finite ones need more.
struct HeatPump {
  double cold_k = 0, hot_k = 0;      ///< 0 < cold <= hot
  double stroke_duration = 1000;     ///< of each isotherm, in 1/G
  double low_gap = 0, high_gap = 4;  ///< in kT of the bath
};
struct HeatPumpCycle {
  double drawn_j = 0, work_j = 0, released_j = 0;
  double coefficient_of_performance() const { return drawn_j / work_j; }
};
/// One cycle in the periodic state. Throws std::invalid_argument on impossible temperatures, durations or gaps.
HeatPumpCycle run(const HeatPump& pump);

/// `bits` resets at the temperature T* of the pump's cold bath, and what it takes to bring their heat to ambience.
struct CooledReset {
  double reset_j = 0;  ///< work at T*, all of which becomes heat there
  double pump_j = 0;
  double total_j() const { return reset_j + pump_j; }
};
/// The heat pumped by the machine, which runs whatever number of cycles that needs. For cold = hot no pump is needed.
CooledReset reset_with_pump(const TwoLevelReset& reset, double bits, const HeatPump& pump);
/// The same with a refrigerator that reaches the share eta in (0, 1] of Carnot's coefficient: pump = E (T/T* - 1) /
/// eta.
CooledReset reset_with_refrigerator(const TwoLevelReset& reset, double bits, double cold_k, double hot_k, double eta);

}  // namespace szilard::reset_physics
