// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/reset_physics/charging.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "tests/models/neuron/reset_physics/draws.hpp"

using namespace szilard::reset_physics;
using test::Draws;

TEST_CASE("a ramp loses what its slowness leaves of CV^2", "[charging]") {
  const std::vector<std::pair<double, double>> printed = {
      {10, .483742}, {1, .367879}, {.1, .0900005}, {.01, .0099}, {.001, .000999}};
  const RcCharging circuit{1e3, 1e-12, 1.2};
  const double unit = 1e-12 * 1.2 * 1.2, rc = 1e-9;
  for (const auto& [ratio, loss] : printed) {
    const ChargingEnergy energy = charge_by_ramp(circuit, rc / ratio);
    INFO("RC / T " << ratio);
    CHECK(energy.dissipated_j / unit == Approx(loss).epsilon(1e-5));
    CHECK(energy.supplied_j == Approx(energy.dissipated_j + energy.stored_j).epsilon(1e-8));
  }
}

TEST_CASE("a ramp's loss has its closed form for any circuit", "[charging]") {
  const std::uint64_t seed = 20311;
  INFO("seed " << seed);
  Draws draw(seed);
  for (int i = 0; i < 8; ++i) {
    const RcCharging circuit{draw.log_uniform(1, 1e9), draw.log_uniform(1e-18, 1e-6), draw.uniform(.1, 5)};
    const double r = draw.log_uniform(.01, 30);
    const double unit = circuit.capacitance_f * circuit.voltage_v * circuit.voltage_v;
    const double expected = r * (1 - r * (1 - std::exp(-1 / r)));
    CHECK(charge_by_ramp(circuit, circuit.resistance_ohm * circuit.capacitance_f / r).dissipated_j / unit ==
          Approx(expected).epsilon(1e-6));
  }
}

TEST_CASE("a step draws CV^2 and loses half, whatever the resistance", "[charging]") {
  for (double r : {1.0, 1e6}) {
    const ChargingEnergy energy = charge_by_step({r, 1e-15, .8});
    CHECK(energy.supplied_j == Approx(1e-15 * .64).epsilon(1e-8));
    CHECK(energy.dissipated_j == Approx(.5e-15 * .64).epsilon(1e-8));
    CHECK(energy.stored_j == Approx(.5e-15 * .64).epsilon(1e-8));
  }
}

TEST_CASE("n steps lose 1 / (2 n)", "[charging]") {
  for (int n : {1, 2, 3, 7, 20})
    CHECK(charge_by_staircase({1e3, 1e-12, 1}, n).dissipated_j == Approx(1e-12 / (2 * n)).epsilon(1e-7));
}

TEST_CASE(
    "a staircase supplies and loses what an integration of its currents says, for any circuit and number of steps",
    "[charging]") {
  const std::uint64_t seed = 20312;
  INFO("seed " << seed);
  Draws draw(seed);
  for (int i = 0; i < 6; ++i) {
    const RcCharging circuit{draw.log_uniform(1, 1e9), draw.log_uniform(1e-18, 1e-6), draw.uniform(.1, 5)};
    const int steps = int(draw.log_uniform(1, 60));
    const double rc = circuit.resistance_ohm * circuit.capacitance_f;
    INFO(steps << " steps of R " << circuit.resistance_ohm << " C " << circuit.capacitance_f << " V "
               << circuit.voltage_v);
    double supplied = 0, dissipated = 0;
    for (int k = 1; k <= steps; ++k) {
      // The current of a step decays from (u - v) / R; Simpson's rule over its thirty time constants.
      const double u = circuit.voltage_v * k / steps, first = circuit.voltage_v / steps / circuit.resistance_ohm;
      constexpr int kIntervals = 3000;
      const double h = 30 * rc / kIntervals;
      for (int t = 0; t <= kIntervals; ++t) {
        const double weight = h / 3 * (t == 0 || t == kIntervals ? 1 : t % 2 == 1 ? 4 : 2);
        const double current = first * std::exp(-t * h / rc);
        supplied += weight * u * current;
        dissipated += weight * current * current * circuit.resistance_ohm;
      }
    }
    const ChargingEnergy energy = charge_by_staircase(circuit, steps);
    const double unit = circuit.capacitance_f * circuit.voltage_v * circuit.voltage_v;
    CHECK(energy.supplied_j == Approx(supplied).epsilon(1e-6));
    CHECK(energy.dissipated_j == Approx(dissipated).epsilon(1e-6));
    CHECK(energy.stored_j == Approx(unit / 2).epsilon(1e-8));
    CHECK(energy.dissipated_j == Approx(unit / (2 * steps)).epsilon(1e-6));
  }
}

TEST_CASE("impossible circuits are refused", "[charging][bad]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const RcCharging& bad : std::vector<RcCharging>{{0, 1, 1}, {1, -1, 1}, {1, 1, 0}, {nan, 1, 1}, {1, nan, 1}})
    CHECK_THROWS_AS(charge_by_step(bad), std::invalid_argument);
  CHECK_THROWS_AS(charge_by_ramp({1, 1, 1}, 0), std::invalid_argument);
  CHECK_THROWS_AS(charge_by_staircase({1, 1, 1}, 0), std::invalid_argument);
}
