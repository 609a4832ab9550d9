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

DeviceReset memristive_threshold() {
  const std::string paper =
      "Achieving neuronal dynamics with spike encoding and spatial-temporal summation in vanadium-based threshold switching "
      "memristor, Nanoscale Horiz. 10, 379 (2025), DOI 10.1039/D4NH00484A, abstract: ";
  DeviceReset device;
  device.name = "memristive_threshold";
  device.set_j = {2.75e-9, paper + "2.75 nJ per spike", "read"};
  device.reset_j = {0, paper + "a spike's energy covers its end; the switch is volatile", "choice"};
  device.set_time_s = {165e-9, paper + "on time 165 ns", "read"};
  device.reset_time_s = {310e-9, paper + "off time 310 ns", "read"};
  device.spread = {0.025, paper + "cycle-to-cycle variations below 2.5 %", "read"};
  device.margin = {0.1, "drive 10 % above the threshold", "choice"};
  return device;
}

DeviceReset optical_bistable() {
  const std::string paper = "Haret, Tanabe, Kuramochi and Notomi, Opt. Express 17, 21108 (2009), DOI 10.1364/OE.17.021108, abstract: ";
  const double event_j = 1.6e-6 * 0.5e-6;
  DeviceReset device;
  device.name = "optical_bistable";
  device.set_j = {event_j, paper + "bistable at 1.6 uW input power, response 0.5 us; their product", "read"};
  device.reset_j = {event_j, paper + "bistable at 1.6 uW input power, response 0.5 us; their product", "read"};
  device.set_time_s = {0.5e-6, paper + "response 0.5 us", "read"};
  device.reset_time_s = {0.5e-6, paper + "response 0.5 us", "read"};
  device.spread = {0.02, "the source gives no spread of the threshold", "choice"};
  device.margin = {0.1, "drive 10 % above the threshold", "choice"};
  return device;
}

}  // namespace szilard::reset_physics
