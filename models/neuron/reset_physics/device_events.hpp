// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "models/support/parameter.hpp"

namespace szilard::reset_physics {

/// A bit in a device whose set and reset were measured: energies and times are the sources' figures, not a model of the
/// device.
/// A volatile device resets by itself: its reset energy is 0, and what a spike takes covers its end.
/// The drive exceeds the mean threshold by `margin`, thresholds spread by `spread` (both relative, Gaussian), so an
/// event fails with probability erfc(margin / (sqrt(2) spread)) / 2.
struct DeviceReset {
  std::string name;
  support::Parameter set_j, reset_j;            ///< >= 0
  support::Parameter set_time_s, reset_time_s;  ///< >= 0
  support::Parameter spread;                    ///< > 0
  support::Parameter margin;                    ///< >= 0

  bool is_volatile() const { return reset_j == 0; }
  /// Throws std::invalid_argument where spread or margin are out of range.
  double error_probability() const;
};

}  // namespace szilard::reset_physics
