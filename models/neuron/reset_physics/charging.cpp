// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/reset_physics/charging.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

namespace szilard::reset_physics {
namespace {

constexpr double kSettled = 40;  ///< in RC: e^-40
constexpr double kStepsPerRc = 200;

void check(double value, const char* what) {
  if (!(value > 0 && std::isfinite(value))) throw std::invalid_argument(std::string(what) + " is positive and finite");
}

/// In units of RC, V and C V^2; voltages count in V.
class Circuit {
 public:
  double supplied = 0, dissipated = 0, voltage = 0;

  /// The source goes linearly from `from` to `to`. Classical Runge-Kutta of order 4.
  void drive(double from, double to, double duration) {
    const double steps = std::ceil(duration * kStepsPerRc);
    const double h = duration / steps;
    for (double i = 0; i < steps; ++i) {
      const double u0 = from + (to - from) * (i / steps), u2 = from + (to - from) * ((i + 1) / steps),
                   u1 = (u0 + u2) / 2;
      const double i1 = u0 - voltage;
      const double i2 = u1 - (voltage + h / 2 * i1);
      const double i3 = u1 - (voltage + h / 2 * i2);
      const double i4 = u2 - (voltage + h * i3);
      voltage += h / 6 * (i1 + 2 * i2 + 2 * i3 + i4);
      supplied += h / 6 * (u0 * i1 + 2 * u1 * (i2 + i3) + u2 * i4);
      dissipated += h / 6 * (i1 * i1 + 2 * (i2 * i2 + i3 * i3) + i4 * i4);
    }
  }

  ChargingEnergy energy(const RcCharging& circuit) const {
    const double unit = circuit.capacitance_f * circuit.voltage_v * circuit.voltage_v;
    return {unit * supplied, unit * dissipated, unit * voltage * voltage / 2};
  }
};

void check(const RcCharging& circuit) {
  check(circuit.resistance_ohm, "resistance");
  check(circuit.capacitance_f, "capacitance");
  check(circuit.voltage_v, "voltage");
}

}  // namespace

ChargingEnergy charge_by_step(const RcCharging& circuit) { return charge_by_staircase(circuit, 1); }

ChargingEnergy charge_by_ramp(const RcCharging& circuit, double ramp_time_s) {
  check(circuit);
  check(ramp_time_s, "ramp time");
  Circuit rc;
  rc.drive(0, 1, ramp_time_s / (circuit.resistance_ohm * circuit.capacitance_f));
  rc.drive(1, 1, kSettled);
  return rc.energy(circuit);
}

ChargingEnergy charge_by_staircase(const RcCharging& circuit, int steps) {
  check(circuit);
  if (steps < 1) throw std::invalid_argument("a staircase has at least one step");
  Circuit rc;
  for (int i = 1; i <= steps; ++i) rc.drive(double(i) / steps, double(i) / steps, kSettled);
  return rc.energy(circuit);
}

}  // namespace szilard::reset_physics
