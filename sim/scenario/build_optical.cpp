// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/build.hpp"

#include <cmath>
#include <optional>

namespace szilard::scenario {
namespace {

std::optional<optical::AmplifierParameters> amplifier_of(const Reading& linear, const char* key) {
  const Value* value = linear.find(key);
  if (!value) return std::nullopt;
  const Reading& reading = value->below.front();
  optical::AmplifierParameters amplifier;
  amplifier.gain = reading.at("gain").parameter();
  amplifier.noise_figure = reading.at("noise_figure").parameter();
  amplifier.saturation_w = reading.at("saturation_power").parameter();
  amplifier.area_m2 = given_parameter(reading, "area");
  if (reading.section->model == "semiconductor") {
    amplifier.drive_current_a = reading.at("drive_current").parameter();
    amplifier.drive_voltage_v = reading.at("drive_voltage").parameter();
    return amplifier;
  }
  amplifier.kind = optical::AmplifierKind::erbium_fibre;
  amplifier.pump_w = reading.at("pump_power").parameter();
  amplifier.pump_efficiency = reading.at("pump_efficiency").parameter();
  amplifier.pump_wavelength_m = reading.at("pump_wavelength").parameter();
  return amplifier;
}

std::optional<optical::HandOver> hand_over_of(const Reading& linear) {
  const Value* value = linear.find("hand_over");
  if (!value) return std::nullopt;
  const Reading& reading = value->below.front();
  optical::HandOver hand_over;
  hand_over.loss = parameter_of(reading, "loss", hand_over.loss);
  hand_over.extinction = parameter_of(reading, "extinction", hand_over.extinction);
  hand_over.saturable_loss = parameter_of(reading, "saturable_loss", hand_over.saturable_loss);
  hand_over.saturation_w = parameter_of(reading, "saturation_power");
  return hand_over;
}

support::Parameter symbol_energy_of(const Reading& linear) {
  support::Parameter energy = linear.at("modulator_energy").parameter();
  if (!linear.is("modulator_line", "terminated")) return energy;
  const double rate_hz = linear.at("symbol_rate").number;
  if (const Value* voltage = linear.find("drive_voltage")) {
    energy = voltage->parameter();
    energy.value = optical::terminated_line_w(voltage->number, linear.at("drive_impedance").number,
                                              static_cast<double>(linear.at("drive_electrodes").integer)) /
                   rate_hz;
    energy.source = "terminated line, (V / 2)^2 / Z an electrode over the symbol rate" +
                    (energy.source.empty() ? "" : "; voltage: " + energy.source);
    return energy;
  }
  energy.value *= linear.at("modulator_test_rate").number / rate_hz;
  energy.source = "terminated line: energy of a bit x rate of its measurement / symbol rate" +
                  (energy.source.empty() ? "" : "; bit: " + energy.source);
  return energy;
}

void build_light(const Reading& linear, double temperature_k, optical::LightParameters& light) {
  light.modes = linear.at("modes").integer;
  const bool both = linear.is("receiver_noise", "shot_and_thermal");
  light.noise = {both || linear.is("receiver_noise", "shot"), both || linear.is("receiver_noise", "thermal")};
  light.temperature_k = temperature_k;
  light.symbol_rate_hz = linear.at("symbol_rate").parameter();
  if (linear.at("light_power").is_word) light.wanted_error = wanted_error(linear).value();
  else light.light_power_w = linear.at("light_power").parameter();
  light.laser_efficiency = linear.at("laser_efficiency").parameter();
  light.intensity_noise_per_hz = parameter_of(linear, "relative_intensity_noise");
  light.laser_sharing = linear.at("laser_sharing").integer;
  light.splitter_loss = parameter_of(linear, "splitter_loss", light.splitter_loss);
  light.coupling_loss = linear.at("coupling_loss").parameter();
  light.modulator_loss = linear.at("modulator_loss").parameter();
  light.extinction_ratio = parameter_of(linear, "extinction_ratio", light.extinction_ratio);
  light.modulator_energy_j = symbol_energy_of(linear);
  light.driver_power_w = parameter_of(linear, "driver_power");
  light.waveguide_loss_per_cm = parameter_of(linear, "waveguide_loss", light.waveguide_loss_per_cm);
  light.waveguide_length_m = parameter_of(linear, "waveguide_length");
  light.crossing_loss = parameter_of(linear, "crossing_loss", light.crossing_loss);
  light.crossings = linear.at("crossings").integer;
  light.input_amplifier = amplifier_of(linear, "input_amplifier");
  light.output_amplifier = amplifier_of(linear, "output_amplifier");
  light.quantum_efficiency = linear.at("quantum_efficiency").parameter();
  light.wavelength_m = linear.at("wavelength").parameter();
  light.dark_current_a = linear.at("dark_current").parameter();
  light.receiver_resistance_ohm = linear.at("receiver_resistance").parameter();
  light.receiver_bandwidth_hz = linear.at("receiver_bandwidth").parameter();
  light.receiver_power_w = linear.at("receiver_power").parameter();
  light.auxiliary_recovery = parameter_of(linear, "auxiliary_recovery");
  optical::Reprogramming& again = light.reprogramming;
  if (const Value& built = linear.at("tiles_built"); !built.is_word) again.tiles_built = built.integer;
  again.time_constant_s = parameter_of(linear, "time_constant");
  again.settling_error_rad = parameter_of(linear, "settling_error");
  again.energy_j = parameter_of(linear, "programming_energy");
  if (const Value* programming = linear.find("programming"))
    again.inferences = static_cast<double>(programming->below.front().at("inferences").integer);
  light.area = {given_parameter(linear, "element_area"), given_parameter(linear, "modulator_area"),
                given_parameter(linear, "receiver_area"), given_parameter(linear, "laser_area")};
}

}  // namespace

bool is_coherent(const Reading& linear) {
  return linear.section->model == "mzi_mesh" || linear.section->model == "scattering_medium";
}

bool is_optical(const Reading& linear) {
  return is_coherent(linear) || linear.section->model == "ring_bank" || linear.section->model == "absorptive_crossbar";
}

std::optional<support::Parameter> wanted_error(const Reading& linear) {
  if (const Value* error = linear.find("wanted_error")) return error->parameter();
  const Value* bits = linear.find("wanted_bits");
  if (!bits) return std::nullopt;
  support::Parameter error = bits->parameter();
  error.value = 2 / (std::exp2(bits->number) * std::sqrt(12.0));
  return error;
}

optical::CoherentParameters coherent_of(const Reading& linear, double temperature_k) {
  optical::CoherentParameters coherent;
  build_light(linear, temperature_k, coherent);
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
    coherent.recalibrated = linear.is("recalibration", "in_situ");
    coherent.phase_jitter_rad = parameter_of(linear, "phase_jitter");
    coherent.gain_row = amplifier_of(linear, "gain_row");
  }
  coherent.modulation = linear.is("modulation", "iq") ? optical::Modulation::iq : optical::Modulation::amplitude;
  coherent.hand_over = hand_over_of(linear);
  coherent.local_oscillator_w = linear.at("local_oscillator").parameter();
  coherent.heater_power_w = linear.at("heater_power").parameter();
  return coherent;
}

optical::IncoherentParameters incoherent_of(const Reading& linear, double temperature_k) {
  optical::IncoherentParameters incoherent;
  build_light(linear, temperature_k, incoherent);
  incoherent.detection =
      linear.is("detection", "counting") ? optical::Detection::counting : optical::Detection::current;
  if (linear.section->model == "ring_bank") {
    optical::RingBankParameters& rings = incoherent.rings;
    incoherent.medium = optical::IncoherentMedium::ring_bank;
    rings.finesse = linear.at("finesse").parameter();
    rings.free_spectral_range_hz = linear.at("free_spectral_range").parameter();
    rings.channel_spacing_hz = parameter_of(linear, "channel_spacing");
    rings.drop_loss = linear.at("drop_loss").parameter();
    rings.through_extinction = parameter_of(linear, "through_extinction", rings.through_extinction);
    rings.crosstalk = linear.is("channel_crosstalk", "compensated")     ? optical::RingCrosstalk::compensated
                      : linear.is("channel_crosstalk", "uncompensated") ? optical::RingCrosstalk::uncompensated
                                                                        : optical::RingCrosstalk::none;
    rings.locking_error_hz = parameter_of(linear, "locking_error");
    rings.resonance_spread_hz = parameter_of(linear, "resonance_spread");
    if (const Value* bias = linear.find("resonance_bias")) {
      rings.resonance_bias_hz = bias->parameter();
      if (bias->is_word) rings.resonance_bias_hz.value = rings.least_power_bias_hz();
    }
    rings.tuning_power_w = linear.at("tuning_power").parameter();
    rings.locking_power_w = linear.at("locking_power").parameter();
    return incoherent;
  }
  optical::AbsorptiveCrossbarParameters& absorbers = incoherent.absorbers;
  incoherent.medium = optical::IncoherentMedium::absorptive_crossbar;
  absorbers.minimum_transmission = linear.at("minimum_transmission").parameter();
  absorbers.maximum_transmission = linear.at("maximum_transmission").parameter();
  absorbers.levels = static_cast<int>(linear.at("levels").integer);
  absorbers.programming_error = parameter_of(linear, "programming_error");
  absorbers.combining =
      linear.is("combining", "multiplexers") ? optical::Combining::multiplexers : optical::Combining::couplers;
  absorbers.cell_loss = parameter_of(linear, "cell_loss", absorbers.cell_loss);
  absorbers.wavelengths = linear.at("wavelengths").integer;
  return incoherent;
}

}  // namespace szilard::scenario
