// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/device.hpp"

#include <algorithm>
#include <cmath>

#include "models/electronic/checks.hpp"

namespace szilard::electronic {
namespace {

constexpr int kPlacesOfContinuousDevices = 1001;

void check_programming_error(const Device& device) {
  if (device.programming_error_s.empty()) return;
  for (const double coefficient : device.programming_error_s) {
    require(std::isfinite(coefficient), "device.programming_error_s", coefficient, "finite");
  }
  const int places = device.levels > 0 ? device.levels : kPlacesOfContinuousDevices;
  const double span = device.maximum_conductance_s - device.minimum_conductance_s;
  for (int i = 0; i < places; ++i) {
    const double target = device.minimum_conductance_s + span * i / (places - 1);
    const double sigma = programming_sigma_s(device, target);
    require(std::isfinite(sigma) && sigma >= 0,
            "device.programming_error_s at g = " + std::to_string(target / device.maximum_conductance_s), sigma,
            "finite and not below 0");
  }
}

void check_law(const LogLaw& law, const std::string& field) {
  for (const double value : {law.slope, law.offset, law.lowest, law.highest}) {
    require(std::isfinite(value), field, value, "finite");
  }
  require(law.lowest >= 0 && law.lowest <= law.highest, field + ".lowest", law.lowest, "0 to the highest");
}

void check_history(const Device& device) {
  require(device.stuck_on >= 0 && device.stuck_on <= 1, "device.stuck_on", device.stuck_on, "0 to 1");
  require(device.stuck_off >= 0 && device.stuck_off <= 1 - device.stuck_on, "device.stuck_off", device.stuck_off,
          "0 to 1 - stuck_on");
  require_not_negative(device.spread, "device.spread");
  require_not_negative(device.age_s, "device.age_s");
  require_not_negative(device.retention_time_s, "device.retention_time_s");
  require(device.read_disturb >= 0 && device.read_disturb <= 1, "device.read_disturb", device.read_disturb, "0 to 1");
  require_not_negative(device.past_reads, "device.past_reads");
  if (!device.drift.is_on) return;
  require_positive(device.drift.reference_time_s, "device.drift.reference_time_s");
  check_law(device.drift.mean, "device.drift.mean");
  check_law(device.drift.spread, "device.drift.spread");
}

}  // namespace

double LogLaw::at(double g) const {
  // A cell of no conductance has the value that the law tends to.
  return std::clamp(slope * std::log(std::max(g, 1e-300)) + offset, lowest, highest);
}

bool Device::has_noise() const {
  const bool has_sigma = read_noise == ReadNoise::flicker ? flicker.coefficient > 0 : read_noise_sigma > 0;
  return (read_noise != ReadNoise::none && has_sigma) || current_noise.has_thermal || current_noise.has_shot;
}

void Device::check() const {
  require_not_negative(minimum_conductance_s, "device.minimum_conductance_s");
  require(std::isfinite(maximum_conductance_s.value) && maximum_conductance_s > minimum_conductance_s,
          "device.maximum_conductance_s", maximum_conductance_s, "finite and above minimum_conductance_s");
  require(levels == 0 || (levels >= 2 && levels <= 1 << 24), "device.levels", levels, "0 or 2 to 16777216");
  require(verify_tries >= 1 && verify_tries <= 1 << 20, "device.verify_tries", verify_tries, "1 to 1048576");
  if (verify_tries > 1) require_positive(verify_tolerance, "device.verify_tolerance");
  if (read_noise == ReadNoise::independent || read_noise == ReadNoise::proportional) {
    require_not_negative(read_noise_sigma, "device.read_noise_sigma");
  }
  if (read_noise == ReadNoise::flicker) {
    require_not_negative(flicker.coefficient, "device.flicker.coefficient");
    require_not_negative(flicker.exponent, "device.flicker.exponent");
    require_not_negative(flicker.highest, "device.flicker.highest");
  }
  require_not_negative(current_noise.bandwidth_hz, "device.current_noise.bandwidth_hz");
  check_history(*this);
  check_programming_error(*this);
}

double nearest_level_s(const Device& device, double conductance_s) {
  if (device.levels == 0) return conductance_s;
  const double step = (device.maximum_conductance_s - device.minimum_conductance_s) / (device.levels - 1);
  const double level = std::round((conductance_s - device.minimum_conductance_s) / step);
  return device.minimum_conductance_s + step * std::clamp(level, 0.0, device.levels - 1.0);
}

double programming_sigma_s(const Device& device, double target_s) {
  const double g = target_s / device.maximum_conductance_s;
  double sigma = 0;
  for (auto c = device.programming_error_s.rbegin(); c != device.programming_error_s.rend(); ++c)
    sigma = sigma * g + *c;
  return sigma;
}

ProgrammedCell programmed_cell(const Device& device, double target_s, const support::RandomStream& stream,
                               std::uint64_t cell) {
  if (device.programming_error_s.empty()) return {target_s, 1};
  const double sigma = programming_sigma_s(device, target_s);
  const double tolerance = device.verify_tolerance * device.maximum_conductance_s;
  ProgrammedCell programmed{target_s, 0};
  while (programmed.pulses < device.verify_tries) {
    const auto attempt = static_cast<std::uint32_t>(programmed.pulses++);
    programmed.conductance_s = std::max(0.0, target_s + sigma * stream.gaussian(cell, attempt));
    if (std::abs(programmed.conductance_s - target_s) <= tolerance) break;
  }
  return programmed;
}

double programmed_conductance_s(const Device& device, double target_s, const support::RandomStream& stream,
                                std::uint64_t cell) {
  return programmed_cell(device, target_s, stream, cell).conductance_s;
}

AgedConductance aged_conductance(const Device& device, double programmed_s, const support::RandomStream& fixed,
                                 std::uint64_t cell) {
  if (device.stuck_on + device.stuck_off > 0) {
    const double u = fixed.uniform(cell, 0);
    if (u < device.stuck_on) return {device.maximum_conductance_s, device.maximum_conductance_s, true};
    if (u > 1 - device.stuck_off) return {device.minimum_conductance_s, device.minimum_conductance_s, true};
  }
  double conductance = programmed_s;
  if (device.spread > 0) conductance *= std::max(0.0, 1 + device.spread * fixed.gaussian(cell, 2));
  AgedConductance aged{conductance, conductance, false};
  if (device.drift.is_on && device.age_s > device.drift.reference_time_s) {
    const double g = conductance / device.maximum_conductance_s;
    const double nu = device.drift.mean.at(g) + device.drift.spread.at(g) * fixed.gaussian(cell, 4);
    aged.now_s *= std::pow(device.age_s / device.drift.reference_time_s, -std::max(0.0, nu));
  }
  if (device.retention_time_s > 0) {
    const double rest = device.minimum_conductance_s;
    aged.now_s = rest + (aged.now_s - rest) * std::exp(-device.age_s / device.retention_time_s);
  }
  if (device.read_disturb > 0 && device.past_reads > 0) {
    const double left = std::pow(1 - device.read_disturb, device.past_reads);
    aged.now_s = device.maximum_conductance_s - (device.maximum_conductance_s - aged.now_s) * left;
  }
  return aged;
}

double read_sigma_s(const Device& device, double conductance_s, double read_time_s) {
  switch (device.read_noise) {
    case ReadNoise::none:
      return 0;
    case ReadNoise::independent:
      return device.read_noise_sigma * device.maximum_conductance_s;
    case ReadNoise::proportional:
      return device.read_noise_sigma * conductance_s;
    case ReadNoise::flicker:
      break;
  }
  if (conductance_s <= 0 || device.age_s <= read_time_s) return 0;
  const Flicker& flicker = device.flicker;
  const double g = conductance_s / device.maximum_conductance_s;
  const double relative = std::min(flicker.highest, flicker.coefficient * std::pow(g, -flicker.exponent));
  return conductance_s * relative * std::sqrt(std::log((device.age_s + read_time_s) / (2 * read_time_s)));
}

}  // namespace szilard::electronic
