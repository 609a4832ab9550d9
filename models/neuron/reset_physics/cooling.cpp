// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/reset_physics/cooling.hpp"

#include <cmath>
#include <stdexcept>

#include "models/support/constants.hpp"

namespace szilard::reset_physics {
namespace {

using support::kBoltzmann_J_per_K;

struct Bit {
  double occupation, work = 0;
};

/// Ramps the gap from `from` to `to` (in kT of the bath) and returns the heat that the bath gives, in kT; work in kT is
/// added.
/// Classical Runge-Kutta of order 4; heat and work are integrated separately.
double stroke(Bit& bit, double from, double to, double duration) {
  const double steps = std::max(2000.0, std::ceil(20 * duration));
  const double h = duration / steps, slope = (to - from) / duration;
  double heat = 0;
  for (double i = 0; i < steps; ++i) {
    const double e0 = from + slope * h * i, e1 = e0 + slope * h / 2, e2 = e0 + slope * h;
    const auto rate = [](double e, double p) { return 1 / (1 + std::exp(e)) - p; };
    const double p = bit.occupation;
    const double k1 = rate(e0, p), p1 = p + h / 2 * k1;
    const double k2 = rate(e1, p1), p2 = p + h / 2 * k2;
    const double k3 = rate(e1, p2), p3 = p + h * k3;
    const double k4 = rate(e2, p3);
    heat += h / 6 * (e0 * k1 + 2 * e1 * (k2 + k3) + e2 * k4);
    bit.work += h / 6 * slope * (p + 2 * p1 + 2 * p2 + p3);
    bit.occupation += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
  }
  return heat;
}

void check(double cold_k, double hot_k) {
  if (!(cold_k > 0 && std::isfinite(hot_k))) throw std::invalid_argument("temperatures are above 0 K");
  if (!(hot_k >= cold_k)) throw std::invalid_argument("the hot bath is not colder than the cold one");
}

double reset_heat(const TwoLevelReset& reset, double bits, double temperature_k) {
  if (!(bits >= 0 && std::isfinite(bits))) throw std::invalid_argument("the number of bits is not negative");
  return bits * kBoltzmann_J_per_K * temperature_k * solve(reset).mean_work_kT;
}

}  // namespace

HeatPumpCycle run(const HeatPump& pump) {
  check(pump.cold_k, pump.hot_k);
  if (!(pump.stroke_duration > 0 && std::isfinite(pump.stroke_duration)))
    throw std::invalid_argument("stroke_duration is positive and finite");
  if (!(pump.low_gap >= 0 && pump.high_gap > pump.low_gap && pump.high_gap <= kLargestGap_kT))
    throw std::invalid_argument("gaps are 0 <= low < high <= 700");
  const double cold = kBoltzmann_J_per_K * pump.cold_k, hot = kBoltzmann_J_per_K * pump.hot_k;
  Bit bit{1 / (1 + std::exp(pump.high_gap))};
  HeatPumpCycle cycle;
  // Long strokes forget the start at once; short ones within a few cycles.
  const int cycles = 3 + int(std::ceil(20 / pump.stroke_duration));
  for (int i = 0; i < cycles; ++i) {
    bit.work = 0;
    cycle.drawn_j = cold * stroke(bit, pump.high_gap, pump.low_gap, pump.stroke_duration);
    cycle.work_j = cold * bit.work + bit.occupation * pump.low_gap * (hot - cold);
    bit.work = 0;
    cycle.released_j = -hot * stroke(bit, pump.low_gap, pump.high_gap, pump.stroke_duration);
    cycle.work_j += hot * bit.work - bit.occupation * pump.high_gap * (hot - cold);
  }
  return cycle;
}

CooledReset reset_with_pump(const TwoLevelReset& reset, double bits, const HeatPump& pump) {
  CooledReset out;
  out.reset_j = reset_heat(reset, bits, pump.cold_k);
  if (pump.cold_k == pump.hot_k) return out;
  const HeatPumpCycle cycle = run(pump);
  if (!(cycle.drawn_j > 0)) throw std::invalid_argument("so fast a pump draws no heat from the cold bath");
  out.pump_j = out.reset_j / cycle.coefficient_of_performance();
  return out;
}

CooledReset reset_with_refrigerator(const TwoLevelReset& reset, double bits, double cold_k, double hot_k, double eta) {
  check(cold_k, hot_k);
  if (!(eta > 0 && eta <= 1)) throw std::invalid_argument("the share of Carnot's coefficient lies in (0, 1]");
  CooledReset out;
  out.reset_j = reset_heat(reset, bits, cold_k);
  out.pump_j = out.reset_j * (hot_k / cold_k - 1) / eta;
  return out;
}

}  // namespace szilard::reset_physics
