// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/amplifier.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/support/checks.hpp"
#include "models/support/units.hpp"

namespace szilard::optical {
namespace {

constexpr double kLeastGain = 4, kMostGain = 1e6;

}  // namespace

void AmplifierParameters::check(const std::string& name, double wavelength_m) const {
  support::require(gain >= kLeastGain && gain <= kMostGain, name + ".gain", gain, "4 to 1e6");
  support::require(std::isfinite(noise_figure) && noise_figure >= (2 - 1 / gain) * (1 - 1e-12), name + ".noise_figure",
                   noise_figure, "at least 2 - 1 / gain");
  support::require_positive(saturation_w, name + ".saturation_w");
  if (kind == AmplifierKind::semiconductor) {
    support::require_positive(drive_current_a, name + ".drive_current_a");
    support::require_positive(drive_voltage_v, name + ".drive_voltage_v");
  } else {
    support::require_positive(pump_w, name + ".pump_w");
    support::require(pump_efficiency > 0 && pump_efficiency <= 1, name + ".pump_efficiency", pump_efficiency,
                     "above 0 and at most 1");
    support::require(pump_wavelength_m > 0 && pump_wavelength_m < wavelength_m, name + ".pump_wavelength_m",
                     pump_wavelength_m, "above 0 and below the signal's wavelength");
  }
  if (most_added_w() > most_supplied_w(wavelength_m))
    throw std::invalid_argument(name + ": saturated it would add " + support::shortest(most_added_w()) +
                                " W of light, its pump supplies at most " +
                                support::shortest(most_supplied_w(wavelength_m)) + " W");
}

double AmplifierParameters::electrical_w() const {
  return kind == AmplifierKind::semiconductor ? drive_current_a * drive_voltage_v : pump_w / pump_efficiency;
}

double AmplifierParameters::inversion() const { return (noise_figure * gain - 1) / (2 * (gain - 1)); }

double AmplifierParameters::most_supplied_w(double wavelength_m) const {
  return kind == AmplifierKind::semiconductor ? electrical_w() : pump_w * pump_wavelength_m / wavelength_m;
}

double AmplifierParameters::saturated(double dialled_gain, double in_w) const {
  // The root of ln g + (g - 1) r = ln G: increasing and concave in g, so that Newton's method from below does not
  // overshoot.
  const double r = in_w / saturation_scale_w(), wanted = std::log(dialled_gain);
  if (r == 0 || wanted <= 0) return dialled_gain;
  double g = 1;
  for (int step = 0; step < 100; ++step) {
    const double change = (wanted - std::log(g) - (g - 1) * r) / (1 / g + r);
    g = std::min(g + change, dialled_gain);
    if (std::fabs(change) <= 1e-15 * g) break;
  }
  return g;
}

double AmplifierParameters::dialled_for(double wanted_gain, double steady_in_w) const {
  if (kind == AmplifierKind::semiconductor || wanted_gain <= 1) return std::min<double>(gain, wanted_gain);
  return std::min<double>(gain, wanted_gain * std::exp((wanted_gain - 1) * steady_in_w / saturation_scale_w()));
}

double AmplifierParameters::saturated_by_output(double dialled_gain, double out_w) const {
  // (g - 1) P = out (1 - 1 / g): the root of ln g + out / P_s (1 - 1 / g) = ln G by u = ln g, increasing and concave in
  // u.
  const double r = out_w / saturation_scale_w(), wanted = std::log(dialled_gain);
  if (r == 0 || wanted <= 0) return dialled_gain;
  double u = 0;
  for (int step = 0; step < 100; ++step) {
    const double change = (wanted - u - r * (1 - std::exp(-u))) / (1 + r * std::exp(-u));
    u = std::min(u + change, wanted);
    if (std::fabs(change) <= 1e-15 * std::max(u, 1e-3)) break;
  }
  return std::exp(u);
}

double AmplifierParameters::spontaneous_w_per_hz(double gain_now, double photon_energy_j) const {
  return inversion() * std::max(0.0, gain_now - 1) * photon_energy_j;
}

}  // namespace szilard::optical
