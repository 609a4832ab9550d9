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

}  // namespace

void Device::check() const {
  require_not_negative(minimum_conductance_s, "device.minimum_conductance_s");
  require(std::isfinite(maximum_conductance_s.value) && maximum_conductance_s > minimum_conductance_s,
          "device.maximum_conductance_s", maximum_conductance_s, "finite and above minimum_conductance_s");
  require(levels == 0 || (levels >= 2 && levels <= 1 << 24), "device.levels", levels, "0 or 2 to 16777216");
  require(verify_tries >= 1 && verify_tries <= 1 << 20, "device.verify_tries", verify_tries, "1 to 1048576");
  if (verify_tries > 1) require_positive(verify_tolerance, "device.verify_tolerance");
  if (read_noise != ReadNoise::none) require_not_negative(read_noise_sigma, "device.read_noise_sigma");
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

double programmed_conductance_s(const Device& device, double target_s, const support::RandomStream& stream,
                                std::uint64_t cell) {
  if (device.programming_error_s.empty()) return target_s;
  const double sigma = programming_sigma_s(device, target_s);
  const double tolerance = device.verify_tolerance * device.maximum_conductance_s;
  double conductance = target_s;
  for (int attempt = 0; attempt < device.verify_tries; ++attempt) {
    conductance = std::max(0.0, target_s + sigma * stream.gaussian(cell, static_cast<std::uint32_t>(attempt)));
    if (std::abs(conductance - target_s) <= tolerance) break;
  }
  return conductance;
}

}  // namespace szilard::electronic
