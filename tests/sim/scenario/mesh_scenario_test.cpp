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
      mesh(
          ", modes: 16, topology: reck, insertion_loss: 0 dB, splitting_error: 10 mrad, phase_error: 0.02 rad, "
          "phase_bits: 8, "
          "thermal_crosstalk: 1 %, receiver_noise: thermal, symbol_rate: 2 GHz, light_power: 3 mW, local_oscillator: 4 "
          "mW, "
          "laser_efficiency: 0.1, coupling_loss: 3 dB, modulator_loss: 0 dB, modulator_energy: 1 fJ, heater_power: 5 "
          "mW, "
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

TEST_CASE("a scattering medium has its embedding, the size of its scatterer and the light of a mesh",
          "[scenario][mesh]") {
  use_test_presets();
  const auto read = [](const std::string& keys) {
    return load_here(kTop +
                     "platforms:\n  - name: scatterer\n    linear: {model: scattering_medium, preset: scatterer" +
                     keys + "}\n    neuron: {model: relu_bit}\n")
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

TEST_CASE("every key around an optical medium reaches the model", "[scenario][mesh]") {
  use_test_presets();
  const optical::CoherentParameters p =
      mesh(
          ", modulation: iq, recalibration: in_situ, phase_jitter: 3 mrad, light_power: solved, wanted_bits: 5, "
          "receiver_noise: shot, "
          "relative_intensity_noise: -150 dB, laser_sharing: 64, splitter_loss: 0.1 dB, extinction_ratio: 10 dB, "
          "driver_power: 2 mW, "
          "waveguide_loss: 2 dB, waveguide_length: 5 mm, crossing_loss: 0.13 dB, crossings: 7, tiles_built: 3, "
          "time_constant: 2 us, "
          "settling_error: 5 mrad, programming_energy: 4 pJ, programming: {inferences: 1000}, element_area: 100 um2, "
          "modulator_area: 200 um2, receiver_area: 300 um2, laser_area: 400 um2")
          .platforms[0]
          .linear.coherent;
  CHECK_NOTHROW(p.check());
  CHECK(p.modulation == optical::Modulation::iq);
  CHECK(p.recalibrated);
  CHECK(p.phase_jitter_rad == Approx(3e-3));
  CHECK(p.wanted_error == Approx(optical::error_of_bits(5)).epsilon(1e-14));
  CHECK(p.intensity_noise_per_hz == Approx(1e-15));
  CHECK(p.laser_sharing == 64);
  CHECK(p.splitting_loss() == Approx(std::pow(10, 0.06)));
  CHECK(p.extinction_ratio == Approx(10));
  CHECK(p.driver_power_w == Approx(2e-3));
  CHECK(p.waveguide_loss() == Approx(std::pow(10, 0.1)));
  CHECK(p.crossings_loss() == Approx(std::pow(10, 0.091)));
  CHECK(p.reprogramming.tiles_built == 3);
  CHECK(p.reprogramming.settling_s() == Approx(2e-6 * std::log(3.14159265358979 / 5e-3)));
  CHECK(p.reprogramming.energy_j == Approx(4e-12));
  CHECK(p.reprogramming.inferences == 1000);
  CHECK(p.area.element_m2->value == Approx(1e-10));
  CHECK(p.area.laser_m2->value == Approx(4e-10));
  const optical::CoherentParameters plain = mesh("").platforms[0].linear.coherent;
  CHECK(plain.way_loss() == 1.0);
  CHECK(std::isinf(plain.extinction_ratio.value));
  CHECK(plain.wanted_error == 0.0);
  CHECK(plain.reprogramming.tiles_built == 0);
}

TEST_CASE("every key of rings and absorbers reaches the model", "[scenario][mesh]") {
  use_test_presets();
  const auto load_one = [](const std::string& linear) {
    return load_here(kTop + "platforms:\n  - name: photonic\n    linear: {" + linear +
                     "}\n    neuron: {model: relu_bit}\n")
        .platforms[0]
        .linear;
  };
  const LinearSpec bank = load_one(
      "model: ring_bank, preset: rings, modes: 16, finesse: 200, free_spectral_range: 2 THz, channel_spacing: "
      "100 GHz, drop_loss: 0.5 dB, through_extinction: 20 dB, channel_crosstalk: compensated, locking_error: 1 "
      "GHz, resonance_spread: 50 GHz, tuning_power: 30 mW, locking_power: 1 mW, detection: counting");
  CHECK(bank.model == LinearModel::incoherent);
  const optical::IncoherentParameters& p = bank.incoherent;
  CHECK_NOTHROW(p.check());
  CHECK(p.medium == optical::IncoherentMedium::ring_bank);
  CHECK(p.detection == optical::Detection::counting);
  CHECK(p.rings.finesse == 200.0);
  CHECK(p.rings.spacing_hz(16) == Approx(1e11));
  CHECK(p.rings.through_extinction == Approx(100));
  CHECK(p.rings.crosstalk == optical::RingCrosstalk::compensated);
  CHECK(p.rings.locking_error_hz == Approx(1e9));
  CHECK(p.rings.resonance_spread_hz == Approx(5e10));
  CHECK(p.rings.tuning_power_w == Approx(0.03));
  CHECK(p.rings.locking_power_w == Approx(1e-3));
  const optical::IncoherentParameters q =
      load_one(
          "model: absorptive_crossbar, preset: absorbers, modes: 32, minimum_transmission: 5 %, maximum_transmission: "
          "95 %, levels: 64, "
          "programming_error: 1 %, combining: multiplexers, cell_loss: 0.02 dB, wavelengths: 4")
          .incoherent;
  CHECK_NOTHROW(q.check());
  CHECK(q.medium == optical::IncoherentMedium::absorptive_crossbar);
  CHECK(q.absorbers.levels == 64);
  CHECK(q.absorbers.combining == optical::Combining::multiplexers);
  CHECK(q.absorbers.cell_loss == Approx(std::pow(10, 0.002)));
  CHECK(q.absorbers.wavelengths == 4);
}
