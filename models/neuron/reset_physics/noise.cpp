// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/reset_physics/noise.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

#include "models/support/constants.hpp"

namespace szilard::reset_physics {
namespace {

constexpr double kPi = 3.14159265358979323846;

void check(double value, const char* what) {
  if (!(value > 0 && std::isfinite(value))) throw std::invalid_argument(std::string(what) + " is positive and finite");
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (double value : values) sum += value;
  return sum / double(values.size());
}

}  // namespace

std::vector<double> rc_noise_voltage(double resistance_ohm, double capacitance_f, double temperature_k,
                                     double interval_s, std::size_t samples, const support::RandomStream& random,
                                     std::uint64_t sample) {
  check(resistance_ohm, "resistance");
  check(capacitance_f, "capacitance");
  check(temperature_k, "temperature");
  check(interval_s, "interval");
  std::vector<double> kicks(samples);
  random.gaussians(sample, 0, samples, kicks.data());
  const double sigma = std::sqrt(support::kBoltzmann_J_per_K * temperature_k / capacitance_f);
  const double relaxed = interval_s / (resistance_ohm * capacitance_f);
  const double keep = std::exp(-relaxed), kick = sigma * std::sqrt(-std::expm1(-2 * relaxed));
  double voltage = 0;
  for (std::size_t i = 0; i < samples; ++i) {
    voltage = i == 0 ? sigma * kicks[0] : keep * voltage + kick * kicks[i];
    kicks[i] = voltage;
  }
  return kicks;
}

std::vector<double> shot_noise_current(double current_a, double window_s, std::size_t windows,
                                       const support::RandomStream& random, std::uint64_t sample) {
  check(current_a, "current");
  check(window_s, "window");
  const double charge = support::kElementaryCharge_C;
  const double waiting = charge / (current_a * window_s);  // mean waiting time, in windows
  std::vector<double> current(windows, 0.0);
  std::uint32_t index = 0;
  double time = 0;
  while ((time -= waiting * std::log(random.uniform(sample, index++))) < double(windows))
    current[std::size_t(time)] += charge / window_s;
  return current;
}

double sample_variance(const std::vector<double>& values) {
  if (values.size() < 2) throw std::invalid_argument("a variance needs at least two values");
  const double middle = mean(values);
  double sum = 0;
  for (double value : values) sum += (value - middle) * (value - middle);
  return sum / double(values.size() - 1);
}

std::vector<double> power_spectral_density(const std::vector<double>& values, double interval_s, std::size_t segment,
                                           std::size_t bins) {
  check(interval_s, "interval");
  if (segment < 2 || segment > values.size() || bins < 1 || 2 * bins > segment)
    throw std::invalid_argument("segments are at least two values long, frequencies lie up to half the sampling rate");
  const std::size_t segments = values.size() / segment;
  const double middle = mean(values);
  std::vector<double> density(bins, 0.0);
  for (std::size_t bin = 0; bin < bins; ++bin) {
    // Goertzel's recurrence: one frequency in one pass.
    const double angle = 2 * kPi * double(bin + 1) / double(segment), twice = 2 * std::cos(angle);
    for (std::size_t s = 0; s < segments; ++s) {
      double s1 = 0, s2 = 0;
      for (std::size_t i = 0; i < segment; ++i) {
        const double s0 = values[s * segment + i] - middle + twice * s1 - s2;
        s2 = s1;
        s1 = s0;
      }
      density[bin] += s1 * s1 + s2 * s2 - twice * s1 * s2;
    }
    density[bin] *= 2 * interval_s / (double(segment) * double(segments));
  }
  return density;
}

}  // namespace szilard::reset_physics
