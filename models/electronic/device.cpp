// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/device.hpp"

#include <algorithm>
#include <cmath>

#include "models/support/checks.hpp"

namespace szilard::electronic {
namespace {

constexpr int kPlacesOfContinuousDevices = 1001;

double polynomial(const double* coefficients, std::size_t count, double g) {
  double value = 0;
  while (count > 0) value = value * g + coefficients[--count];
  return value;
}

// Of one time's numbers of a relaxation, or of the programming error.
double deviation(const Device& device, const double* numbers, std::size_t count, double g) {
  if (device.programming_places.empty()) return polynomial(numbers, count, g);
  return interpolated(device.programming_places, {numbers, numbers + count}, g);
}

void check_places(const std::vector<double>& places, const std::vector<double>& values, const std::string& field) {
  if (places.empty()) return;
  support::require(places.size() == values.size(), field, static_cast<double>(places.size()),
                   "as many places as values");
  support::require(places.front() >= 0 && places.back() <= 1 && std::is_sorted(places.begin(), places.end()) &&
                       std::adjacent_find(places.begin(), places.end()) == places.end(),
                   field, places.front(), "ascending, from 0 to 1");
  for (const double value : values) support::require(std::isfinite(value), field, value, "finite");
}

void check_relaxation(const Device& device) {
  const Relaxation& relaxation = device.relaxation;
  if (!relaxation.is_on) return;
  const std::vector<double>& times = relaxation.times_s;
  support::require(!times.empty() && times.front() > 0 && std::is_sorted(times.begin(), times.end()) &&
                       std::adjacent_find(times.begin(), times.end()) == times.end(),
                   "device.relaxation.times_s", times.empty() ? 0 : times.front(), "above 0 and ascending");
  support::require(device.age_s <= times.back(), "device.age_s", device.age_s,
                   "at most the last time of the relaxation");
  for (const std::vector<double>* numbers : {&relaxation.error_s, &relaxation.shift_s}) {
    if (numbers->empty() && numbers == &relaxation.shift_s) continue;
    const std::size_t count = numbers->size() / times.size(), places = device.programming_places.size();
    support::require(count > 0 && count * times.size() == numbers->size() && (places == 0 || count == places),
                     "device.relaxation.error_s", static_cast<double>(numbers->size()),
                     "as many numbers for each time");
    for (const double value : *numbers)
      support::require(std::isfinite(value), "device.relaxation.error_s", value, "finite");
  }
}

void check_programming_error(const Device& device) {
  if (device.programming_error_s.empty()) return;
  for (const double coefficient : device.programming_error_s) {
    support::require(std::isfinite(coefficient), "device.programming_error_s", coefficient, "finite");
  }
  const int places = device.levels > 0 ? device.levels : kPlacesOfContinuousDevices;
  const double span = device.maximum_conductance_s - device.minimum_conductance_s;
  for (int i = 0; i < places; ++i) {
    const double target = device.minimum_conductance_s + span * i / (places - 1);
    const double sigma = programming_sigma_s(device, target);
    support::require(std::isfinite(sigma) && sigma >= 0,
                     "device.programming_error_s at g = " + std::to_string(target / device.maximum_conductance_s),
                     sigma, "finite and not below 0");
  }
}

void check_law(const LogLaw& law, const std::string& field) {
  for (const double value : {law.slope, law.offset, law.lowest, law.highest}) {
    support::require(std::isfinite(value), field, value, "finite");
  }
  support::require(law.lowest >= 0 && law.lowest <= law.highest, field + ".lowest", law.lowest, "0 to the highest");
  check_places(law.places, law.values, field + ".places");
}

void check_history(const Device& device) {
  support::require(device.stuck_on >= 0 && device.stuck_on <= 1, "device.stuck_on", device.stuck_on, "0 to 1");
  support::require(device.stuck_off >= 0 && device.stuck_off <= 1 - device.stuck_on, "device.stuck_off",
                   device.stuck_off, "0 to 1 - stuck_on");
  support::require_not_negative(device.spread, "device.spread");
  support::require_not_negative(device.age_s, "device.age_s");
  support::require_not_negative(device.retention_time_s, "device.retention_time_s");
  support::require(device.read_disturb >= 0 && device.read_disturb <= 1, "device.read_disturb", device.read_disturb,
                   "0 to 1");
  support::require_not_negative(device.past_reads, "device.past_reads");
  check_relaxation(device);
  if (!device.drift.is_on) return;
  support::require_positive(device.drift.reference_time_s, "device.drift.reference_time_s");
  check_law(device.drift.mean, "device.drift.mean");
  check_law(device.drift.spread, "device.drift.spread");
}

}  // namespace

double interpolated(const std::vector<double>& places, const std::vector<double>& values, double place) {
  const auto above = std::upper_bound(places.begin(), places.end(), place);
  if (above == places.begin()) return values.front();
  if (above == places.end()) return values.back();
  const auto i = static_cast<std::size_t>(above - places.begin());
  return values[i - 1] + (values[i] - values[i - 1]) * (place - places[i - 1]) / (places[i] - places[i - 1]);
}

double Flicker::at(double g) const {
  if (!places.empty()) return interpolated(places, values, g);
  return std::min(highest, coefficient * std::pow(g, -exponent));
}

double LogLaw::at(double g) const {
  if (!places.empty()) return interpolated(places, values, g);
  // A cell of no conductance has the value that the law tends to.
  return std::clamp(slope * std::log(std::max(g, 1e-300)) + offset, lowest, highest);
}

bool Device::has_noise() const {
  const auto is_positive = [](double value) { return value > 0; };
  const bool has_sigma =
      read_noise == ReadNoise::flicker
          ? flicker.coefficient > 0 || std::any_of(flicker.values.begin(), flicker.values.end(), is_positive)
      : read_noise == ReadNoise::table ? std::any_of(read_noise_table_s.begin(), read_noise_table_s.end(), is_positive)
                                       : read_noise_sigma > 0;
  return (read_noise != ReadNoise::none && has_sigma) || current_noise.has_thermal || current_noise.has_shot;
}

void Device::check() const {
  support::require_not_negative(minimum_conductance_s, "device.minimum_conductance_s");
  support::require(std::isfinite(maximum_conductance_s.value) && maximum_conductance_s > minimum_conductance_s,
                   "device.maximum_conductance_s", maximum_conductance_s, "finite and above minimum_conductance_s");
  support::require(levels == 0 || (levels >= 2 && levels <= 1 << 24), "device.levels", levels, "0 or 2 to 16777216");
  support::require(verify_tries >= 1 && verify_tries <= 1 << 20, "device.verify_tries", verify_tries, "1 to 1048576");
  if (verify_tries > 1) support::require_positive(verify_tolerance, "device.verify_tolerance");
  if (read_noise == ReadNoise::independent || read_noise == ReadNoise::proportional) {
    support::require_not_negative(read_noise_sigma, "device.read_noise_sigma");
  }
  if (read_noise == ReadNoise::flicker) {
    support::require_not_negative(flicker.coefficient, "device.flicker.coefficient");
    support::require_not_negative(flicker.exponent, "device.flicker.exponent");
    support::require_not_negative(flicker.highest, "device.flicker.highest");
    check_places(flicker.places, flicker.values, "device.flicker.places");
    for (const double value : flicker.values) support::require_not_negative(value, "device.flicker.values");
  }
  if (read_noise == ReadNoise::table) {
    support::require(!read_noise_places.empty(), "device.read_noise_places", 0, "one or more");
    check_places(read_noise_places, read_noise_table_s, "device.read_noise_places");
    for (const double value : read_noise_table_s) support::require_not_negative(value, "device.read_noise_table_s");
  }
  check_places(programming_places, programming_error_s, "device.programming_places");
  support::require_not_negative(access_ohm, "device.access_ohm");
  support::require_not_negative(current_noise.bandwidth_hz, "device.current_noise.bandwidth_hz");
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
  if (device.programming_error_s.empty()) return 0;
  return deviation(device, device.programming_error_s.data(), device.programming_error_s.size(),
                   target_s / device.maximum_conductance_s);
}

Deviation deviation_at_age(const Device& device, double target_s) {
  const double g = target_s / device.maximum_conductance_s;
  const Relaxation& relaxation = device.relaxation;
  Deviation before{0, programming_sigma_s(device, target_s)};
  if (!relaxation.is_on) return before;
  const std::size_t times = relaxation.times_s.size(), errors = relaxation.error_s.size() / times,
                    shifts = relaxation.shift_s.size() / times;
  double start_s = 0;
  for (std::size_t k = 0; k < times; ++k) {
    const Deviation then{shifts == 0 ? 0 : deviation(device, &relaxation.shift_s[k * shifts], shifts, g),
                         std::max(0.0, deviation(device, &relaxation.error_s[k * errors], errors, g))};
    if (device.age_s <= relaxation.times_s[k]) {
      const double share = (device.age_s - start_s) / (relaxation.times_s[k] - start_s);
      return {before.mean_s + share * (then.mean_s - before.mean_s),
              before.sigma_s + share * (then.sigma_s - before.sigma_s)};
    }
    before = then;
    start_s = relaxation.times_s[k];
  }
  return before;
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

double conductance_with_access_s(const Device& device, double element_s) {
  return device.access_ohm > 0 ? element_s / (1 + device.access_ohm * element_s) : element_s;
}

namespace {

AgedConductance aged_element(const Device& device, double programmed_s, const support::RandomStream& fixed,
                             std::uint64_t cell, std::optional<double> target_s) {
  if (device.stuck_on + device.stuck_off > 0) {
    const double u = fixed.uniform(cell, 0);
    if (u < device.stuck_on) return {device.maximum_conductance_s, device.maximum_conductance_s, true};
    if (u > 1 - device.stuck_off) return {device.minimum_conductance_s, device.minimum_conductance_s, true};
  }
  double conductance = programmed_s;
  if (device.relaxation.is_on && device.age_s > 0) {
    const double target = target_s.value_or(programmed_s), sigma_0 = programming_sigma_s(device, target);
    const Deviation then = deviation_at_age(device, target);
    const double further = std::sqrt(std::max(0.0, then.sigma_s * then.sigma_s - sigma_0 * sigma_0));
    conductance = std::max(0.0, conductance + then.mean_s + further * fixed.gaussian(cell, 6));
  }
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

double element_sigma_s(const Device& device, double conductance_s, double read_time_s) {
  switch (device.read_noise) {
    case ReadNoise::none:
      return 0;
    case ReadNoise::independent:
      return device.read_noise_sigma * device.maximum_conductance_s;
    case ReadNoise::proportional:
      return device.read_noise_sigma * conductance_s;
    case ReadNoise::table:
      return interpolated(device.read_noise_places, device.read_noise_table_s,
                          conductance_s / device.maximum_conductance_s);
    case ReadNoise::flicker:
      break;
  }
  if (conductance_s <= 0 || device.age_s <= read_time_s) return 0;
  const Flicker& flicker = device.flicker;
  const double g = conductance_s / device.maximum_conductance_s;
  return conductance_s * flicker.at(g) * std::sqrt(std::log((device.age_s + read_time_s) / (2 * read_time_s)));
}

}  // namespace

AgedConductance aged_conductance(const Device& device, double programmed_s, const support::RandomStream& fixed,
                                 std::uint64_t cell, std::optional<double> target_s) {
  const AgedConductance element = aged_element(device, programmed_s, fixed, cell, target_s);
  return {conductance_with_access_s(device, element.initial_s), conductance_with_access_s(device, element.now_s),
          element.is_stuck};
}

double read_sigma_s(const Device& device, double conductance_s, double read_time_s) {
  if (!(device.access_ohm > 0)) return element_sigma_s(device, conductance_s, read_time_s);
  const double left = 1 - device.access_ohm * conductance_s;
  return element_sigma_s(device, conductance_s / left, read_time_s) * left * left;
}

}  // namespace szilard::electronic
