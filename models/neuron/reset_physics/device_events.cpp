// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/reset_physics/device_events.hpp"

#include <cmath>
#include <stdexcept>

namespace szilard::reset_physics {

double DeviceReset::error_probability() const {
  if (!(spread > 0 && margin >= 0)) throw std::invalid_argument("spread is positive and margin is not negative");
  return 0.5 * std::erfc(margin / (std::sqrt(2.0) * spread));
}

}  // namespace szilard::reset_physics
