// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/reset_physics/noise.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "models/support/constants.hpp"
#include "tests/models/neuron/reset_physics/draws.hpp"

using namespace szilard::reset_physics;
using szilard::support::kBoltzmann_J_per_K;
using szilard::support::kElementaryCharge_C;
using szilard::support::RandomStream;

TEST_CASE("the voltage of a capacitor fluctuates by kT/C whatever the resistor", "[noise]") {
  const std::vector<std::pair<double, double>> printed = {{1e-15, 2.03518e-3}, {1e-12, 64.36e-6}};
  for (const auto& [c, volts] : printed)
    for (double r : {10.0, 1e6}) {
      // Five relaxation times between samples: independent to e^-5.
      const std::size_t n = 40000;
      const std::vector<double> v = rc_noise_voltage(r, c, 300, 5 * r * c, n, RandomStream(41, 1));
      INFO("C " << c << " R " << r);
      CHECK(std::abs(sample_variance(v) / (volts * volts) - 1) < 4 * std::sqrt(2.0 / double(n)) + 1e-4);
    }
}

TEST_CASE("the spectral density of an RC circuit is 4kTR below its corner and Lorentz's above", "[noise]") {
  const double r = 1e3, c = 1e-12, rc = r * c, dt = rc / 20, plateau = 4 * kBoltzmann_J_per_K * 300 * r;
  const std::size_t segment = 2000, segments = 300;
  const std::vector<double> v = rc_noise_voltage(r, c, 300, dt, segment * segments, RandomStream(42, 1));
  const std::vector<double> density = power_spectral_density(v, dt, segment, 60);
  double chi = 0;
  for (std::size_t k = 1; k <= density.size(); ++k) {
    const double f = double(k) / (double(segment) * dt);
    // Sampled exactly, so the aliased form of the autoregression applies.
    const double a = std::exp(-dt / rc), angle = 2 * 3.14159265358979 * f * dt;
    const double expected = 2 * dt * kBoltzmann_J_per_K * 300 / c * (1 - a * a) / (1 - 2 * a * std::cos(angle) + a * a);
    const double lorentz = plateau / (1 + std::pow(2 * 3.14159265358979 * f * rc, 2));
    CHECK(expected == Approx(lorentz).epsilon(.06));
    chi += std::pow((density[k - 1] / expected - 1), 2) * double(segments);
  }
  CHECK(std::abs(chi / 60 - 1) < .9);
  // As a current source of 1 mS in parallel: 4kTG.
  const double current = (density[0] + density[1] + density[2]) / 3 / (r * r);
  CHECK(current == Approx(1.65678e-23).epsilon(4 / std::sqrt(3.0 * segments)));
}

TEST_CASE("electrons one by one make shot noise of 2qI, flat in frequency", "[noise]") {
  const double current = 1e-6, window = 2e-12;
  const std::size_t n = 100000;
  const std::vector<double> seen = shot_noise_current(current, window, n, RandomStream(43, 1));
  double mean = 0;
  for (double i : seen) mean += i / double(n);
  const double expected = 2 * kElementaryCharge_C * current;
  CHECK(expected == Approx(3.20435e-25).epsilon(1e-5));
  CHECK(std::abs(mean - current) < 4 * std::sqrt(kElementaryCharge_C * current / window / double(n)));
  CHECK(sample_variance(seen) * 2 * window == Approx(expected).epsilon(4 * std::sqrt(2.2 / double(n))));
  const std::vector<double> density = power_spectral_density(seen, window, 1000, 40);
  double average = 0;
  for (double d : density) average += d / 40;
  CHECK(average == Approx(expected).epsilon(4 / std::sqrt(40.0 * 100)));
}

TEST_CASE("a sine shows at its own frequency", "[noise]") {
  std::vector<double> values(1000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::sin(2 * 3.14159265358979 * 5 * double(i) / 100);
  const std::vector<double> density = power_spectral_density(values, 1e-3, 100, 20);
  // Power 1/2 in one bin of width 1 / (100 dt).
  CHECK(density[4] / (100 * 1e-3) == Approx(.5).epsilon(1e-6));
  CHECK(density[3] < 1e-12);
}

TEST_CASE("the spectrum of any circuit is 4kTR under Lorentz's curve", "[noise]") {
  const std::uint64_t seed = 20305;
  INFO("seed " << seed);
  test::Draws draw(seed);
  for (unsigned i = 0; i < 5; ++i) {
    const double c = draw.log_uniform(1e-16, 1e-11), r = draw.log_uniform(1, 1e9), kelvin = draw.log_uniform(1, 1000);
    const double rc = r * c, dt = rc / draw.uniform(10, 25), plateau = 4 * kBoltzmann_J_per_K * kelvin * r;
    INFO("C " << c << " R " << r << " T " << kelvin << " sampled " << rc / dt << " times in RC");
    const std::size_t segments = 150, bands = 5, width = 12;
    const std::size_t segment = std::size_t(draw.uniform(60, 80) * rc / dt);
    const std::vector<double> v = rc_noise_voltage(r, c, kelvin, dt, segment * segments, RandomStream(seed, i));
    const std::vector<double> density = power_spectral_density(v, dt, segment, bands * width);
    for (std::size_t band = 0; band < bands; ++band) {
      double seen = 0, lorentz = 0;
      for (std::size_t k = band * width + 1; k <= (band + 1) * width; ++k) {
        const double angle = 2 * 3.14159265358979 * double(k) / double(segment);
        // A segment of finite length sees the covariance kT/C e^(-t/RC) under a triangle.
        double expected = kBoltzmann_J_per_K * kelvin / c;
        for (std::size_t lag = 1; lag < segment; ++lag)
          expected += 2 * kBoltzmann_J_per_K * kelvin / c * std::exp(-double(lag) * dt / rc) *
                      (1 - double(lag) / double(segment)) * std::cos(angle * double(lag));
        seen += density[k - 1] / (2 * dt * expected) / double(width);
        lorentz += plateau / (1 + std::pow(angle * rc / dt, 2)) / (2 * dt * expected) / double(width);
      }
      INFO("band " << band << ": " << seen << ", Lorentz " << lorentz);
      CHECK(std::abs(seen - 1) < 4 / std::sqrt(double(width * segments)));
      CHECK(lorentz == Approx(1).epsilon(.1));
    }
  }
}

TEST_CASE("the spectrum of any shot noise is flat at 2qI", "[noise]") {
  const std::uint64_t seed = 20306;
  INFO("seed " << seed);
  test::Draws draw(seed);
  for (unsigned i = 0; i < 5; ++i) {
    const double current = draw.log_uniform(1e-12, 1e-3), electrons = draw.uniform(2, 8);
    const std::size_t segment = std::size_t(draw.uniform(100, 400)), segments = 100, bands = 4, width = 10;
    INFO("I " << current << ", " << electrons << " electrons a window");
    const double window = electrons * kElementaryCharge_C / current;
    const std::vector<double> seen = shot_noise_current(current, window, segment * segments, RandomStream(seed, i));
    const std::vector<double> density = power_spectral_density(seen, window, segment, bands * width);
    for (std::size_t band = 0; band < bands; ++band) {
      double average = 0;
      for (std::size_t k = 0; k < width; ++k) average += density[band * width + k] / double(width);
      CHECK(average == Approx(2 * kElementaryCharge_C * current).epsilon(4 / std::sqrt(double(width * segments))));
    }
  }
}

TEST_CASE("noise without a circuit is refused", "[noise][bad]") {
  const RandomStream random(1, 1);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(rc_noise_voltage(0, 1e-12, 300, 1, 10, random), std::invalid_argument);
  CHECK_THROWS_AS(rc_noise_voltage(1, -1e-12, 300, 1, 10, random), std::invalid_argument);
  CHECK_THROWS_AS(rc_noise_voltage(1, 1e-12, 0, 1, 10, random), std::invalid_argument);
  CHECK_THROWS_AS(rc_noise_voltage(1, 1e-12, 300, nan, 10, random), std::invalid_argument);
  CHECK_THROWS_AS(shot_noise_current(-1, 1, 10, random), std::invalid_argument);
  CHECK_THROWS_AS(sample_variance({1}), std::invalid_argument);
  CHECK_THROWS_AS(power_spectral_density({1, 2, 3}, 1, 4, 1), std::invalid_argument);
  CHECK_THROWS_AS(power_spectral_density({1, 2, 3, 4}, 1, 4, 3), std::invalid_argument);
}

TEST_CASE("any circuit has kT/C at any temperature, any current 2qI", "[noise]") {
  const std::uint64_t seed = 20303;
  INFO("seed " << seed);
  test::Draws draw(seed);
  for (unsigned i = 0; i < 6; ++i) {
    const double c = draw.log_uniform(1e-16, 1e-11), r = draw.log_uniform(1, 1e9), kelvin = draw.log_uniform(1, 1000);
    const std::size_t n = 20000;
    const std::vector<double> v = rc_noise_voltage(r, c, kelvin, 6 * r * c, n, RandomStream(seed, i));
    INFO("C " << c << " R " << r << " T " << kelvin);
    CHECK(std::abs(sample_variance(v) / (kBoltzmann_J_per_K * kelvin / c) - 1) < 4 * std::sqrt(2.0 / double(n)));
    const double current = draw.log_uniform(1e-9, 1e-4), electrons = draw.uniform(5, 40);
    const double window = electrons * kElementaryCharge_C / current;
    const std::vector<double> seen = shot_noise_current(current, window, n, RandomStream(seed, 100 + i));
    // A Poisson count of mean N has a kurtosis of 3 + 1 / N.
    CHECK(sample_variance(seen) * 2 * window ==
          Approx(2 * kElementaryCharge_C * current).epsilon(4 * std::sqrt((2 + 1 / electrons) / double(n))));
  }
}
