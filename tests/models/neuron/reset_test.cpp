// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/reset.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "models/energy/bounds.hpp"
#include "models/support/constants.hpp"

using namespace szilard;          // NOLINT: a test of these namespaces
using namespace szilard::neuron;  // NOLINT

namespace {

constexpr double kTemperature_K = 310;
constexpr double kThermal_J = support::kBoltzmann_J_per_K * kTemperature_K;

}  // namespace

TEST_CASE("an ideal reset costs -kT ln of the assumed probability of the state that it finds", "[neuron]") {
  const auto physics = make_landauer_ideal({0.05, 0.5, 1e-12}, kTemperature_K);
  CHECK(physics->reset(0, true).dissipated.joules() == Approx(-kThermal_J * std::log(0.05)).epsilon(1e-12));
  CHECK(physics->reset(0, false).dissipated.joules() == Approx(-kThermal_J * std::log1p(-0.05)).epsilon(1e-12));
  CHECK(physics->reset(1, true).supplied.joules() == Approx(2.967e-21).epsilon(1e-3));
  CHECK((physics->reset(1, true).supplied == physics->reset(1, false).supplied));
  CHECK(physics->reset(2, false).dissipated.joules() == Approx(kThermal_J * 1e-12).epsilon(0.01));
  CHECK((physics->set(0).supplied == energy::Quanta{}));
  for (bool state : {false, true}) {
    CHECK((physics->change(2, state).dissipated == physics->reset(1, true).dissipated));
    CHECK((physics->reset(0, state).supplied == physics->reset(0, state).dissipated));
    CHECK((physics->reset(0, state).stored == energy::Quanta{}));
  }
}

TEST_CASE("the mean cost of a wrong guess exceeds the entropy by the divergence", "[neuron]") {
  for (double p : {0.05, 0.3, 0.9}) {
    for (double q : {0.01, 0.3, 0.5}) {
      const auto physics = make_landauer_ideal({q}, kTemperature_K);
      const double mean_j =
          p * physics->reset(0, true).dissipated.joules() + (1 - p) * physics->reset(0, false).dissipated.joules();
      const double nat = energy::binary_entropy_nat(p) + energy::bernoulli_divergence_nat(p, q);
      CHECK(mean_j == Approx(kThermal_J * nat).epsilon(1e-9));
    }
  }
}

TEST_CASE("a latch draws C V^2, dissipates half in charging and the other half when it is reset", "[neuron]") {
  const auto physics = make_cmos_latch({{0.9}, {2e-15}, {50e-12}});
  const EventEnergy set = physics->set(3), reset = physics->reset(3, true), rest = physics->reset(3, false);
  CHECK(set.supplied.joules() == Approx(1.62e-15).epsilon(1e-14));
  CHECK(set.dissipated.joules() == Approx(0.81e-15).epsilon(1e-14));
  CHECK(set.stored.joules() == Approx(0.81e-15).epsilon(1e-14));
  CHECK((reset.supplied == energy::Quanta{}));
  CHECK((reset.dissipated == set.stored));
  CHECK((reset.stored == -set.stored));
  CHECK((rest.dissipated == energy::Quanta{}));
  CHECK((physics->change(0, false).supplied == set.supplied));
  CHECK((physics->change(0, true).stored == reset.stored));
  CHECK(physics->reset_duration_ps() == 50);
}

TEST_CASE("coefficients carry their sources", "[neuron]") {
  const auto physics = make_cmos_latch({{0.9, "author 2020"}, {2e-15, "author 2021"}, {50e-12}});
  const auto coefficients = physics->coefficients();
  CHECK(coefficients.size() == 2);
  CHECK(coefficients[0].value.source == "author 2020");
  CHECK(coefficients[1].value.source == "author 2021");
  CHECK(make_landauer_ideal({.5, .5}, 300)->coefficients().size() == 3);
  CHECK(make_landauer_ideal({.5, .4}, 300)->coefficients().size() == 4);
}

TEST_CASE("probabilities that forbid a state are refused", "[neuron]") {
  for (double q : {0.0, 1.0, -0.1, 1.1, std::nan("")}) {
    CHECK_THROWS_AS(make_landauer_ideal({0.5, q}, 300), std::invalid_argument);
  }
  CHECK_THROWS_AS(make_landauer_ideal({}, 300), std::invalid_argument);
  CHECK_THROWS_AS(make_landauer_ideal({0.5}, 300)->reset(1, true), std::out_of_range);
}

TEST_CASE("impossible temperatures of a reset are refused", "[neuron]") {
  for (double t : {0.0, -300.0, std::nan(""), std::numeric_limits<double>::infinity()})
    CHECK_THROWS_AS(make_landauer_ideal({0.5}, t), std::invalid_argument);
}

TEST_CASE("impossible latches are refused", "[neuron]") {
  for (double bad : {0.0, -1e-15, std::nan(""), std::numeric_limits<double>::infinity()}) {
    CHECK_THROWS_AS(make_cmos_latch({{bad}, {1e-15}, {1e-12}}), std::invalid_argument);
    CHECK_THROWS_AS(make_cmos_latch({{1.0}, {bad}, {1e-12}}), std::invalid_argument);
    CHECK_THROWS_AS(make_cmos_latch({{1.0}, {1e-15}, {bad}}), std::invalid_argument);
  }
}
