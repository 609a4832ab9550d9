// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/link_budget.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "models/support/constants.hpp"
#include "models/support/units.hpp"

namespace szilard::optical {

double error_of_bits(double bits) { return 2 / (std::exp2(bits) * std::sqrt(12.0)); }

double LinkBudget::bits() const {
  return error() > 0 ? std::log2(2 / (error() * std::sqrt(12.0))) : std::numeric_limits<double>::infinity();
}

double PathResponse::signal_a(double power_w) const {
  return current_per_w > 0 ? current_per_w * power_w : current_per_root_w * std::sqrt(power_w);
}

double PathResponse::noise_a(double power_w, const LightParameters& parameters) const {
  const double signal = signal_a(power_w);
  const double white = receiver_variance_a2(parameters, detected_share * power_w + detected_w);
  const double response = 2 * parameters.responsivity();
  const double mixed_with_w = current_per_w > 0 ? detected_share * power_w : detected_w;
  const double beat = response * response * spontaneous_w_per_hz * parameters.receiver_bandwidth_hz * mixed_with_w;
  return std::sqrt(white + beat +
                   parameters.intensity_noise_per_hz * parameters.receiver_bandwidth_hz * signal * signal);
}

LinkBudget link_to_medium(const LightParameters& parameters, std::size_t arms, std::size_t receivers,
                          double oscillator_w, double input_gain) {
  LinkBudget budget;
  budget.light_power_w = parameters.light_power_w;
  budget.oscillator_w = static_cast<double>(receivers) * oscillator_w;
  budget.detected_w = budget.oscillator_w;
  const double medium_w = static_cast<double>(arms) * parameters.light_power_w, ahead_w = medium_w / input_gain;
  const double crossed_w = ahead_w * parameters.crossings_loss(), modulated_w = ahead_w * parameters.way_loss(),
               lit_w = modulated_w * parameters.modulator_loss;
  const double split_w = lit_w * parameters.splitting_loss();
  budget.laser_w = (split_w + budget.oscillator_w) * parameters.coupling_loss;
  budget.wall_plug_w = budget.laser_w / parameters.laser_efficiency;
  budget.light = {{"coupler", budget.laser_w, budget.laser_w - split_w - budget.oscillator_w},
                  {"splitters", split_w, split_w - lit_w},
                  {"modulators", lit_w, lit_w - modulated_w},
                  {"waveguides", modulated_w, modulated_w - crossed_w},
                  {"crossings", crossed_w, crossed_w - ahead_w}};
  if (input_gain > 1) budget.light.push_back({"input amplifiers, add", ahead_w, ahead_w - medium_w});
  budget.electrical_w = static_cast<double>(arms) *
                            (parameters.modulator_energy_j * parameters.symbol_rate_hz + parameters.driver_power_w) +
                        static_cast<double>(receivers) * parameters.receiver_power_w;
  std::size_t stages = 0;
  while ((std::size_t(1) << stages) < parameters.laser_sharing) ++stages;
  budget.worst_path = {{"coupler", 1, parameters.coupling_loss},
                       {"splitter stages, excess", static_cast<double>(stages), parameters.splitting_loss()},
                       {"modulator", 1, parameters.modulator_loss},
                       {"waveguide, cm", 100 * parameters.waveguide_length_m, parameters.waveguide_loss()},
                       {"crossings", static_cast<double>(parameters.crossings), parameters.crossings_loss()}};
  if (input_gain > 1) budget.worst_path.push_back({"input amplifier", 1, 1 / input_gain});
  return budget;
}

void close_path(LinkBudget& budget, const PathResponse& path, const LightParameters& parameters) {
  for (const LinkBudget::Step& step : budget.worst_path) budget.worst_loss *= step.loss;
  budget.received_w = path.detected_share * budget.light_power_w;
  budget.full_scale_a = path.signal_a(budget.light_power_w);
  budget.noise_a = path.noise_a(budget.light_power_w, parameters);
}

namespace {

double power_for_wanted_error(const PathResponse& path, const LightParameters& parameters) {
  const std::string wanted = "an error of " + support::shortest(parameters.wanted_error) + " of full scale ";
  const double of_laser = parameters.intensity_noise_per_hz * parameters.receiver_bandwidth_hz;
  const double left = parameters.wanted_error * parameters.wanted_error - of_laser;
  if (left <= 0)
    throw std::invalid_argument(wanted + "is out of reach: the lasers' intensity noise alone makes " +
                                support::shortest(std::sqrt(of_laser)));
  // White noise = floor + slope P.
  const double beat = 4 * parameters.responsivity() * parameters.responsivity() * path.spontaneous_w_per_hz *
                      parameters.receiver_bandwidth_hz;
  const bool is_direct = path.current_per_w > 0;
  const double floor = receiver_variance_a2(parameters, path.detected_w) + (is_direct ? 0.0 : beat * path.detected_w);
  const double shot = parameters.noise.has_shot ? 2 * support::kElementaryCharge_C * parameters.receiver_bandwidth_hz *
                                                      parameters.responsivity() * path.detected_share
                                                : 0.0;
  const double slope = shot + (is_direct ? beat * path.detected_share : 0.0);
  if (floor == 0 && slope == 0) throw std::invalid_argument(wanted + "asks for no light: the receivers have no noise");
  if (is_direct) {
    const double square = left * path.current_per_w * path.current_per_w;
    return (slope + std::sqrt(slope * slope + 4 * square * floor)) / (2 * square);
  }
  const double gain = left * path.current_per_root_w * path.current_per_root_w - slope;
  if (gain <= 0)
    throw std::invalid_argument(wanted +
                                "is out of reach: the signal's own shot noise is larger; the oscillator is too weak");
  if (floor == 0) throw std::invalid_argument(wanted + "asks for no light: the receivers have no noise");
  return floor / gain;
}

}  // namespace

double solve_light_power_w(const PathResponse& path, const LightParameters& parameters) {
  const double power_w = power_for_wanted_error(path, parameters);
  if (power_w <= kMostSolvedLight_W) return power_w;
  throw std::invalid_argument("an error of " + support::shortest(parameters.wanted_error) + " of full scale asks for " +
                              support::engineering(power_w, "W") + " in an input of the medium, more than " +
                              support::engineering(kMostSolvedLight_W, "W"));
}

}  // namespace szilard::optical
