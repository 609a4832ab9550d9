// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/reset_physics/device_events.hpp"

#include <catch2/catch.hpp>

#include "models/support/philox.hpp"
#include "tests/models/neuron/devices.hpp"

using namespace szilard::reset_physics;

TEST_CASE("a drive fails as often as a Gaussian threshold exceeds it", "[device_events]") {
  DeviceReset device = test::volatile_device();
  device.spread = .05;
  device.margin = .08;
  const szilard::support::RandomStream random(51, 1);
  std::vector<double> thresholds(200000);
  random.gaussians(0, 0, thresholds.size(), thresholds.data());
  double failed = 0;
  for (double t : thresholds) failed += 1 + .05 * t > 1.08;
  const double p = device.error_probability();
  CHECK(std::abs(failed / 200000 - p) < 4 * std::sqrt(p * (1 - p) / 200000));
}

TEST_CASE("a threshold without spread or with negative margin has no error probability", "[device_events][bad]") {
  DeviceReset device = test::two_way_device();
  device.spread = 0;
  CHECK_THROWS_AS(device.error_probability(), std::invalid_argument);
  device = test::two_way_device();
  device.margin = -.1;
  CHECK_THROWS_AS(device.error_probability(), std::invalid_argument);
}
