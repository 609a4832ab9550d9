// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/build.hpp"

namespace szilard::scenario {
namespace {

support::Parameter parameter_of(const Reading& reading, const char* key) {
  const Value* value = reading.find(key);
  return value ? value->parameter() : support::Parameter{};
}

}  // namespace

optical::CoherentParameters coherent_of(const Reading& linear, double temperature_k) {
  optical::CoherentParameters coherent;
  coherent.modes = linear.at("modes").integer;
  if (linear.section->model == "scattering_medium") {
    const bool random = linear.is("embedding", "random");
    coherent.medium = random ? optical::Medium::random_scatterer : optical::Medium::dilation;
    coherent.scatterer_modes = linear.at("scatterer_modes").integer;
  } else {
    coherent.topology = linear.is("topology", "reck") ? optical::Topology::reck : optical::Topology::clements;
    coherent.imperfections.insertion_loss = linear.at("insertion_loss").parameter();
    coherent.imperfections.splitting_error_rad = parameter_of(linear, "splitting_error");
    coherent.imperfections.phase_error_rad = parameter_of(linear, "phase_error");
    coherent.imperfections.phase_bits = static_cast<int>(linear.at("phase_bits").integer);
    coherent.imperfections.thermal_crosstalk = parameter_of(linear, "thermal_crosstalk");
  }
  const bool both = linear.is("receiver_noise", "shot_and_thermal");
  coherent.noise = {both || linear.is("receiver_noise", "shot"), both || linear.is("receiver_noise", "thermal")};
  coherent.temperature_k = temperature_k;
  coherent.symbol_rate_hz = linear.at("symbol_rate").parameter();
  coherent.light_power_w = linear.at("light_power").parameter();
  coherent.local_oscillator_w = linear.at("local_oscillator").parameter();
  coherent.laser_efficiency = linear.at("laser_efficiency").parameter();
  coherent.coupling_loss = linear.at("coupling_loss").parameter();
  coherent.modulator_loss = linear.at("modulator_loss").parameter();
  coherent.modulator_energy_j = linear.at("modulator_energy").parameter();
  coherent.heater_power_w = linear.at("heater_power").parameter();
  coherent.quantum_efficiency = linear.at("quantum_efficiency").parameter();
  coherent.wavelength_m = linear.at("wavelength").parameter();
  coherent.dark_current_a = linear.at("dark_current").parameter();
  coherent.receiver_resistance_ohm = linear.at("receiver_resistance").parameter();
  coherent.receiver_bandwidth_hz = linear.at("receiver_bandwidth").parameter();
  coherent.receiver_power_w = linear.at("receiver_power").parameter();
  coherent.auxiliary_recovery = parameter_of(linear, "auxiliary_recovery");
  return coherent;
}

}  // namespace szilard::scenario
