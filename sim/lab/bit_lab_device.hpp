// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "models/neuron/reset.hpp"
#include "sim/lab/bit_lab.hpp"
#include "sim/scenario/scenario.hpp"

namespace szilard::lab {

/// The device with the request's preset; throws InputError where that gives no such device.
scenario::NeuronSpec device_neuron(const BitRequest& request);

/// Paths of a device's bit: 1 with probability `bias`, set and reset once, or left at 0.
BitResult run_device(const BitRequest& request);

}  // namespace szilard::lab
