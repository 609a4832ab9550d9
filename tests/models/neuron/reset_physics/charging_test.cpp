// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/reset_physics/charging.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "tests/models/neuron/reset_physics/draws.hpp"

using namespace szilard::reset_physics;
using test::Draws;

TEST_CASE("a ramp loses what its slowness leaves of CV^2", "[charging]") {
  const std::vector<std::pair<double, double>> printed = {{10, .483742}, {1, .367879}, {.1, .0900005}, {.01, .0099}, {.001, .000999}};
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
    CHECK(charge_by_ramp(circuit, circuit.resistance_ohm * circuit.capacitance_f / r).dissipated_j / unit == Approx(expected).epsilon(1e-6));
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
  for (int n : {1, 2, 3, 7, 20}) CHECK(charge_by_staircase({1e3, 1e-12, 1}, n).dissipated_j == Approx(1e-12 / (2 * n)).epsilon(1e-7));
}

TEST_CASE("impossible circuits are refused", "[charging][bad]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const RcCharging& bad : std::vector<RcCharging>{{0, 1, 1}, {1, -1, 1}, {1, 1, 0}, {nan, 1, 1}, {1, nan, 1}})
    CHECK_THROWS_AS(charge_by_step(bad), std::invalid_argument);
  CHECK_THROWS_AS(charge_by_ramp({1, 1, 1}, 0), std::invalid_argument);
  CHECK_THROWS_AS(charge_by_staircase({1, 1, 1}, 0), std::invalid_argument);
}
