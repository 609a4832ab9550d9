// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "models/optical/light.hpp"

namespace szilard::optical {

/// Where the light of one layer goes and what its worst path leaves, in W while a symbol lasts.
struct LinkBudget {
  /// One part on the light's way, summed over a layer's tiles.
  struct Part {
    std::string name;             ///< "coupler", "modulators", ...
    double in_w = 0, lost_w = 0;  ///< lost_w < 0: an amplifier adds light
  };
  /// One part of the worst path: `count` times a loss.
  struct Step {
    std::string name;
    double count = 1, loss = 1;  ///< power before over power behind, of all of them together
  };

  double wall_plug_w = 0;  ///< of the lasers
  double laser_w = 0;      ///< their light
  /// In the order of the light; what a part does not lose goes on to the next. All inputs at full scale, of independent
  /// signs where light interferes. In all: laser_w = sum of lost_w + detected_w.
  std::vector<Part> light;
  double detected_w = 0;    ///< on the photodiodes, oscillators included
  double oscillator_w = 0;  ///< of them, led past the medium
  double electrical_w = 0;  ///< modulators, their drivers, heaters, pumps of amplifiers and receivers

  std::vector<Step> worst_path;  ///< from a laser to a photodiode, of the input and output with the largest loss
  double worst_loss = 1;
  double light_power_w = 0;  ///< in an input of the medium at full scale, as given or solved
  double received_w = 0;     ///< on the worst path's photodiode, from one input at full scale
  double full_scale_a = 0;   ///< the receiver's current for it
  double noise_a = 0;        ///< standard deviation of the receiver then; 0: noiseless
  double error() const {
    return full_scale_a > 0 ? noise_a / full_scale_a : 0;
  }  ///< of an output, relative to full scale
  /// Bits b of a uniform quantiser over [-full scale, full scale] with an error of this size: 2 / (2^b sqrt 12).
  /// Infinite without noise.
  double bits() const;
};

/// The error of b bits, relative to full scale.
double error_of_bits(double bits);

/// Signal and noise of a receiver at the end of a path, against the power P in an input of the medium at full scale.
struct PathResponse {
  double current_per_root_w = 0;  ///< signal = this x sqrt(P) (mixed with an oscillator) ...
  double current_per_w = 0;       ///< ... or this x P (detected directly)
  double detected_share = 0;      ///< detected light = this x P + detected_w
  double detected_w = 0;
  double spontaneous_w_per_hz = 0;  ///< density of amplifiers' spontaneous emission in the signal's mode there

  double signal_a(double power_w) const;
  double noise_a(double power_w, const LightParameters& parameters) const;
};

/// Most light in an input of the medium, as where light_power is given.
inline constexpr double kMostSolvedLight_W = 10;

/// The power in an input at which noise / signal is parameters.wanted_error.
///
/// Law. Noise^2 = 2 q B (R detected + 2 I_dark) + 4 k T B / R_load + intensity noise x B x signal^2, as far as the
/// receivers have noise, and the beat of spontaneous emission S with what it meets: 4 R^2 S B P_LO, or 4 R^2 S B
/// P_signal detected directly.
/// Solved in closed form. Throws std::invalid_argument where no power reaches it: without noise, where intensity noise
/// alone is larger, or where the oscillator's own shot noise is; and where it takes more than kMostSolvedLight_W.
double solve_light_power_w(const PathResponse& path, const LightParameters& parameters);

/// The way of a layer's light as far as the medium, and the worst path's, for the stages to go on with: `arms`
/// modulators, each with its input at full scale, `receivers` with an oscillator each, and input amplifiers of
/// input_gain where parameters have them.
LinkBudget link_to_medium(const LightParameters& parameters, std::size_t arms, std::size_t receivers,
                          double oscillator_w, double input_gain = 1);
/// Adds up the worst path and finds what its receiver sees.
void close_path(LinkBudget& budget, const PathResponse& path, const LightParameters& parameters);

}  // namespace szilard::optical
