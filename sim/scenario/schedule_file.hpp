// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "models/neuron/reset_physics/potential.hpp"

namespace szilard::scenario {

/// A user's own protocol for the overdamped particle:
///   divide: 0            # state 1 lies left of it; default 0
///   knots:               # linear in time between them; two at one moment are a jump
///     - {at: 0, potential: [0, -20, 0, 10]}    # kT: coefficients of x, x^2, ... up to x^6
///     - {at: 1, potential: [0, -20, 0, 10]}
struct UserSchedule {
  reset_physics::Schedule schedule;
  double divide = 0;
};

/// Throws support::InputError with everything that is wrong.
UserSchedule load_schedule(const std::string& path);
UserSchedule parse_schedule(const std::string& text, const std::string& file);

}  // namespace szilard::scenario
