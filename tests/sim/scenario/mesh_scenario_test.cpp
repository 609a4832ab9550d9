// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <cmath>

#include "tests/sim/scenario/scenario_test.hpp"

using namespace szilard;
using namespace szilard::scenario;

namespace {

Scenario mesh(const std::string& keys) {
  return load_here(kTop + "platforms:\n  - name: photonic\n    linear: {model: mzi_mesh, preset: mesh" + keys +
                   "}\n    neuron: {model: relu_bit}\n");
}

}  // namespace

TEST_CASE("a mesh comes in SI from its preset, its losses as ratios of power, its errors absent", "[scenario][mesh]") {
  use_test_presets();
  const Scenario scenario = mesh("");
  const optical::CoherentParameters& p = scenario.platforms[0].linear.coherent;
  CHECK(scenario.platforms[0].linear.model == LinearModel::coherent);
  CHECK_NOTHROW(p.check());
  CHECK(p.modes == 64);
  CHECK(p.topology == optical::Topology::clements);
  CHECK(p.imperfections.insertion_loss == Approx(std::pow(10, 0.112)).epsilon(1e-12));
  CHECK(p.imperfections.phase_error_rad == 0.0);
  CHECK_FALSE(p.noise.has_shot);
  CHECK(p.heater_power_w == Approx(24.77e-3).epsilon(1e-12));
  CHECK(p.wavelength_m == Approx(1.55e-6).epsilon(1e-12));
  CHECK(p.heater_power_w.status == "read");
  CHECK(p.temperature_k == 300);
}

TEST_CASE("every key of a mesh reaches the model", "[scenario][mesh]") {
  use_test_presets();
  const optical::CoherentParameters p =
      mesh(", modes: 16, topology: reck, insertion_loss: 0 dB, splitting_error: 10 mrad, phase_error: 0.02 rad, phase_bits: 8, "
           "thermal_crosstalk: 1 %, receiver_noise: thermal, symbol_rate: 2 GHz, light_power: 3 mW, local_oscillator: 4 mW, "
           "laser_efficiency: 0.1, coupling_loss: 3 dB, modulator_loss: 0 dB, modulator_energy: 1 fJ, heater_power: 5 mW, "
           "quantum_efficiency: 0.5, wavelength: 532 nm, dark_current: 1 nA, receiver_resistance: 50 ohm, "
           "receiver_bandwidth: 1 GHz, receiver_power: 6 mW, auxiliary_recovery: 0.5")
          .platforms[0]
          .linear.coherent;
  CHECK(p.modes == 16);
  CHECK(p.topology == optical::Topology::reck);
  CHECK(p.imperfections.insertion_loss == 1.0);
  CHECK(p.imperfections.splitting_error_rad == Approx(0.01));
  CHECK(p.imperfections.phase_error_rad == Approx(0.02));
  CHECK(p.imperfections.phase_bits == 8);
  CHECK(p.imperfections.thermal_crosstalk == Approx(0.01));
  CHECK_FALSE(p.noise.has_shot);
  CHECK(p.noise.has_thermal);
  CHECK(p.symbol_rate_hz == Approx(2e9));
  CHECK(p.light_power_w == Approx(3e-3));
  CHECK(p.local_oscillator_w == Approx(4e-3));
  CHECK(p.laser_efficiency == Approx(0.1));
  CHECK(p.coupling_loss == Approx(std::pow(10, 0.3)));
  CHECK(p.modulator_loss == 1.0);
  CHECK(p.modulator_energy_j == Approx(1e-15));
  CHECK(p.heater_power_w == Approx(5e-3));
  CHECK(p.quantum_efficiency == Approx(0.5));
  CHECK(p.wavelength_m == Approx(532e-9));
  CHECK(p.dark_current_a == Approx(1e-9));
  CHECK(p.receiver_resistance_ohm == Approx(50));
  CHECK(p.receiver_bandwidth_hz == Approx(1e9));
  CHECK(p.receiver_power_w == Approx(6e-3));
  CHECK(p.auxiliary_recovery == Approx(0.5));
}

TEST_CASE("a scattering medium has its embedding, the size of its scatterer and the light of a mesh", "[scenario][mesh]") {
  use_test_presets();
  const auto read = [](const std::string& keys) {
    return load_here(kTop + "platforms:\n  - name: scatterer\n    linear: {model: scattering_medium, preset: scatterer" + keys +
                     "}\n    neuron: {model: relu_bit}\n")
        .platforms[0]
        .linear.coherent;
  };
  CHECK(read("").medium == optical::Medium::dilation);
  const optical::CoherentParameters p = read(", embedding: random, modes: 8, scatterer_modes: 512, light_power: 2 mW");
  CHECK(p.medium == optical::Medium::random_scatterer);
  CHECK(p.modes == 8);
  CHECK(p.scatterer_modes == 512);
  CHECK(p.light_power_w == Approx(2e-3));
  CHECK_NOTHROW(p.check());
}
