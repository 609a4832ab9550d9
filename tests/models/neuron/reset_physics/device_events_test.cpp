// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/reset_physics/device_events.hpp"

#include <catch2/catch.hpp>

#include "models/support/philox.hpp"

using namespace szilard::reset_physics;

TEST_CASE("measured devices carry their sources and lie far above Landauer", "[device_events]") {
  for (const DeviceReset& device : {memristive_threshold(), optical_bistable()}) {
    INFO(device.name);
    CHECK(device.set_j + device.reset_j > 1e6 * 2.87e-21);
    CHECK(device.set_time_s > 0);
    CHECK(device.reset_time_s > 0);
    for (const szilard::support::Parameter* p : {&device.set_j, &device.reset_j, &device.set_time_s, &device.reset_time_s,
                                                 &device.spread, &device.margin}) {
      CHECK(!p->source.empty());
      CHECK((p->status == "read" || p->status == "choice"));
      CHECK((p->status != "read" || p->source.find("DOI") != std::string::npos));
    }
  }
}

TEST_CASE("a drive fails as often as a Gaussian threshold exceeds it", "[device_events]") {
  DeviceReset device = memristive_threshold();
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
  DeviceReset device = optical_bistable();
  device.spread = 0;
  CHECK_THROWS_AS(device.error_probability(), std::invalid_argument);
  device = optical_bistable();
  device.margin = -.1;
  CHECK_THROWS_AS(device.error_probability(), std::invalid_argument);
}
