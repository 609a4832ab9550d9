// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/light.hpp"

#include <cmath>
#include <string>

#include "models/support/checks.hpp"
#include "models/support/constants.hpp"

namespace szilard::optical {
namespace {

constexpr double kPi = 3.14159265358979323846;

void require_share(double value, const std::string& field) {
  support::require(value > 0 && value <= 1, field, value, "above 0 and at most 1");
}
void require_loss(double value, const std::string& field) {
  support::require(std::isfinite(value) && value >= 1, field, value, "finite and at least 1");
}

}  // namespace

double Reprogramming::settling_s() const {
  return settling_error_rad > 0 ? time_constant_s * std::log(kPi / settling_error_rad) : 0.0;
}

void LightParameters::check_light() const {
  support::require(modes >= 1 && modes <= 1024, "modes", static_cast<double>(modes), "1 to 1024");
  support::require_positive(temperature_k, "temperature_k");
  support::require_positive(symbol_rate_hz, "symbol_rate_hz");
  support::require_not_negative(wanted_error, "wanted_error");
  if (wanted_error == 0.0) support::require_positive(light_power_w, "light_power_w");
  require_share(laser_efficiency, "laser_efficiency");
  require_loss(coupling_loss, "coupling_loss");
  support::require(laser_sharing >= 1, "laser_sharing", static_cast<double>(laser_sharing), "at least 1");
  require_loss(splitter_loss, "splitter_loss");
  support::require_not_negative(intensity_noise_per_hz, "intensity_noise_per_hz");
  require_loss(modulator_loss, "modulator_loss");
  support::require(extinction_ratio > 1, "extinction_ratio", extinction_ratio, "above 1");
  support::require_not_negative(modulator_energy_j, "modulator_energy_j");
  support::require_not_negative(driver_power_w, "driver_power_w");
  require_loss(waveguide_loss_per_cm, "waveguide_loss_per_cm");
  support::require_not_negative(waveguide_length_m, "waveguide_length_m");
  require_loss(crossing_loss, "crossing_loss");
  require_share(quantum_efficiency, "quantum_efficiency");
  support::require_positive(wavelength_m, "wavelength_m");
  support::require_not_negative(dark_current_a, "dark_current_a");
  support::require_positive(receiver_resistance_ohm, "receiver_resistance_ohm");
  support::require_positive(receiver_bandwidth_hz, "receiver_bandwidth_hz");
  support::require_not_negative(receiver_power_w, "receiver_power_w");
  if (input_amplifier) input_amplifier->check("input_amplifier", wavelength_m);
  if (output_amplifier) output_amplifier->check("output_amplifier", wavelength_m);
  support::require(auxiliary_recovery >= 0 && auxiliary_recovery <= 1, "auxiliary_recovery", auxiliary_recovery,
                   "0 to 1");
  support::require_not_negative(reprogramming.time_constant_s, "reprogramming.time_constant_s");
  support::require((reprogramming.settling_error_rad > 0 || reprogramming.tiles_built == 0) &&
                       reprogramming.settling_error_rad < kPi,
                   "reprogramming.settling_error_rad", reprogramming.settling_error_rad, "above 0 and below pi");
  support::require_not_negative(reprogramming.energy_j, "reprogramming.energy_j");
  support::require_not_negative(reprogramming.inferences, "reprogramming.inferences");
}

double LightParameters::responsivity() const {
  return quantum_efficiency * support::kElementaryCharge_C * wavelength_m /
         (support::kPlanck_J_s * support::kSpeedOfLight_m_per_s);
}

double LightParameters::photon_energy_j() const {
  return support::kPlanck_J_s * support::kSpeedOfLight_m_per_s / wavelength_m;
}

double LightParameters::splitting_loss() const {
  std::size_t stages = 0;
  while ((std::size_t(1) << stages) < laser_sharing) ++stages;
  return std::pow(splitter_loss, static_cast<double>(stages));
}

double LightParameters::waveguide_loss() const { return std::pow(waveguide_loss_per_cm, 100 * waveguide_length_m); }

double LightParameters::crossings_loss() const { return std::pow(crossing_loss, static_cast<double>(crossings)); }

double receiver_variance_a2(const LightParameters& parameters, double detected_w) {
  double variance = 0;
  if (parameters.noise.has_shot)
    variance += 2 * support::kElementaryCharge_C * parameters.receiver_bandwidth_hz *
                (parameters.responsivity() * detected_w + 2 * parameters.dark_current_a);
  if (parameters.noise.has_thermal)
    variance += 4 * support::kBoltzmann_J_per_K * parameters.temperature_k * parameters.receiver_bandwidth_hz /
                parameters.receiver_resistance_ohm;
  return variance;
}

}  // namespace szilard::optical
