// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/device.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <set>
#include <stdexcept>

namespace szilard::electronic {
namespace {

using Catch::Matchers::Contains;

constexpr std::uint64_t kSeed = 20;

Device cell() {
  Device device;
  device.minimum_conductance_s = 1e-6;
  device.maximum_conductance_s = 40e-6;
  return device;
}

TEST_CASE("a cell of n levels takes n evenly spaced conductances, both ends included", "[device]") {
  Device device = cell();
  device.levels = 5;
  std::set<double> seen;
  for (int i = 0; i <= 1000; ++i) {
    const double target = 1e-6 + 39e-6 * i / 1000;
    const double level = nearest_level_s(device, target);
    CHECK(std::abs(level - target) <= 39e-6 / 8 * (1 + 1e-9));
    seen.insert(level);
  }
  REQUIRE(seen.size() == 5);
  CHECK(*seen.begin() == Approx(1e-6));
  CHECK(*seen.rbegin() == Approx(40e-6));
}

TEST_CASE("a continuous cell keeps its target", "[device]") {
  CHECK(nearest_level_s(cell(), 12.345e-6) == 12.345e-6);
  CHECK(programmed_conductance_s(cell(), 12.345e-6, support::RandomStream(kSeed, 1), 7) == 12.345e-6);
}

TEST_CASE("the standard deviation of programming follows the polynomial in G / maximum", "[device]") {
  Device device = cell();
  device.programming_error_s = {0.348e-6, 16.030e-6, -43.853e-6, 45.393e-6, -16.815e-6};
  const support::RandomStream stream(kSeed, 3);
  constexpr int kCells = 40000;
  INFO("seed " << kSeed);
  for (const double g : {0.5, 0.75, 1.0}) {
    const double target = g * 40e-6;
    const double wanted = 1e-6 * (0.348 + g * (16.030 + g * (-43.853 + g * (45.393 - g * 16.815))));
    CHECK(programming_sigma_s(device, target) == Approx(wanted).epsilon(1e-12));
    double sum = 0, squares = 0;
    for (int i = 0; i < kCells; ++i) {
      const double error = programmed_conductance_s(device, target, stream, static_cast<std::uint64_t>(i)) - target;
      sum += error;
      squares += error * error;
    }
    const double mean = sum / kCells, variance = squares / kCells - mean * mean;
    CHECK(std::abs(mean) < 4.5 * wanted / std::sqrt(kCells));
    CHECK(std::abs(variance / (wanted * wanted) - 1) < 4.5 * std::sqrt(2.0 / kCells));
  }
}

TEST_CASE("write-verify keeps every cell within tolerance that did not use up its tries", "[device]") {
  Device device = cell();
  device.programming_error_s = {2e-6};
  const support::RandomStream stream(kSeed, 4);
  INFO("seed " << kSeed);
  double plain = 0, verified = 0;
  device.verify_tolerance = 0.025;  // 1 uS: half a standard deviation, met by 38.3 % of tries
  constexpr int kCells = 20000;
  constexpr double kMiss = 0.61708;
  int missed = 0;
  for (int i = 0; i < kCells; ++i) {
    device.verify_tries = 1;
    const double once = programmed_conductance_s(device, 20e-6, stream, static_cast<std::uint64_t>(i)) - 20e-6;
    device.verify_tries = 4;
    const double again = programmed_conductance_s(device, 20e-6, stream, static_cast<std::uint64_t>(i)) - 20e-6;
    plain += once * once;
    verified += again * again;
    if (std::abs(again) > 1e-6) ++missed;
    if (std::abs(once) <= 1e-6) CHECK(again == once);
  }
  CHECK(verified < 0.4 * plain);
  const double share = std::pow(kMiss, 4);
  CHECK(std::abs(missed - kCells * share) < 4.5 * std::sqrt(kCells * share * (1 - share)));
}

TEST_CASE("a cell that fails every try keeps the last", "[device]") {
  Device device = cell();
  device.programming_error_s = {2e-6};
  device.verify_tolerance = 1e-12;
  device.verify_tries = 3;
  const support::RandomStream stream(kSeed, 5);
  CHECK(programmed_conductance_s(device, 20e-6, stream, 11) == 20e-6 + 2e-6 * stream.gaussian(11, 2));
}

TEST_CASE("no cell is programmed to a negative conductance", "[device]") {
  Device device = cell();
  device.programming_error_s = {5e-6};
  const support::RandomStream stream(kSeed, 6);
  int at_zero = 0;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const double g = programmed_conductance_s(device, 1e-6, stream, i);
    CHECK(g >= 0);
    at_zero += g == 0;
  }
  CHECK(at_zero > 0);
}

TEST_CASE("impossible cells are refused by the name of the field", "[device][bad]") {
  const auto broken = [](auto change) {
    Device device = cell();
    change(device);
    return device;
  };
  CHECK_NOTHROW(cell().check());
  CHECK_THROWS_WITH(broken([](Device& d) { d.minimum_conductance_s = -1e-6; }).check(),
                    Contains("minimum_conductance_s"));
  CHECK_THROWS_WITH(broken([](Device& d) { d.minimum_conductance_s = std::nan(""); }).check(),
                    Contains("minimum_conductance_s"));
  CHECK_THROWS_WITH(broken([](Device& d) { d.maximum_conductance_s = 1e-6; }).check(),
                    Contains("maximum_conductance_s"));
  CHECK_THROWS_WITH(broken([](Device& d) { d.maximum_conductance_s = INFINITY; }).check(),
                    Contains("maximum_conductance_s"));
  CHECK_THROWS_WITH(broken([](Device& d) { d.levels = 1; }).check(), Contains("levels"));
  CHECK_THROWS_WITH(broken([](Device& d) { d.levels = -2; }).check(), Contains("levels"));
  CHECK_THROWS_WITH(broken([](Device& d) { d.verify_tries = 0; }).check(), Contains("verify_tries"));
  CHECK_THROWS_WITH(broken([](Device& d) { d.verify_tries = 2; }).check(), Contains("verify_tolerance"));
  CHECK_THROWS_WITH(broken([](Device& d) {
                      d.read_noise = ReadNoise::independent;
                      d.read_noise_sigma = -0.1;
                    }).check(),
                    Contains("read_noise_sigma"));
  CHECK_THROWS_AS(broken([](Device& d) { d.levels = 1; }).check(), std::invalid_argument);
}

TEST_CASE("a programming error that is negative or not a number anywhere in the range is refused", "[device][bad]") {
  Device device = cell();
  device.programming_error_s = {1e-6, -4e-6};  // below zero above g = 1/4
  CHECK_THROWS_WITH(device.check(), Contains("programming_error_s"));
  device.programming_error_s = {1e-6, std::nan("")};
  CHECK_THROWS_WITH(device.check(), Contains("programming_error_s"));
  device.programming_error_s = {1e-6, -1e-6};
  CHECK_NOTHROW(device.check());
}

}  // namespace
}  // namespace szilard::electronic
