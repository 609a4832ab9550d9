// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/neuron/reset_physics/device_events.hpp"

namespace szilard::reset_physics::test {

/// A volatile device and one that is reset by a second event.
inline DeviceReset volatile_device() { return {"switch", 2.75e-9, 0, 165e-9, 310e-9, 0.025, 0.1}; }
inline DeviceReset two_way_device() { return {"cavity", 0.8e-12, 0.8e-12, 0.5e-6, 0.5e-6, 0.02, 0.1}; }

}  // namespace szilard::reset_physics::test
