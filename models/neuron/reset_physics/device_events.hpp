// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "models/support/parameter.hpp"

namespace szilard::reset_physics {

/// A bit in a device whose set and reset were measured: energies and times are the sources' figures, not a model of the device.
/// The drive exceeds the mean threshold by `margin`, thresholds spread by `spread` (both relative, Gaussian), so an event
/// fails with probability erfc(margin / (sqrt(2) spread)) / 2.
struct DeviceReset {
  std::string name;
  support::Parameter set_j, reset_j;       ///< >= 0
  support::Parameter set_time_s, reset_time_s;
  support::Parameter spread, margin;

  double error_probability() const;
};

/// A volatile threshold switch, Pt/V/AlOx/Pt: what a spike takes covers its set; it resets by itself once the voltage falls.
DeviceReset memristive_threshold();
/// A silicon photonic-crystal nanocavity in its bistable range: the input power times the response time, for either event.
DeviceReset optical_bistable();

}  // namespace szilard::reset_physics
