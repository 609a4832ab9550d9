// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "models/neuron/reset_physics/double_well.hpp"
#include "models/neuron/reset_physics/fokker_planck.hpp"
#include "tests/models/neuron/reset_physics/draws.hpp"

using namespace szilard::reset_physics;
using szilard::support::RandomStream;
using test::Draws;

namespace {

/// A quartic well as a user draws it, and its protocol: knots of (share of the duration, g, f), linear between.
struct Drawn {
  double barrier = 0, tilt = 0, duration = 0, bias = .5;
  std::vector<double> at, g, f;

  double share(std::size_t segment, double s) const { return (s - at[segment]) / (at[segment + 1] - at[segment]); }
  double between(const std::vector<double>& y, std::size_t i, double s) const {
    return y[i] + share(i, s) * (y[i + 1] - y[i]);
  }
  double energy(double x, std::size_t i, double s) const {
    return 4 * barrier * (x * x * x * x / 4 - between(g, i, s) * x * x / 2) - tilt * between(f, i, s) * x;
  }
  double slope(double x, std::size_t i, double s) const {
    return 4 * barrier * x * (x * x - between(g, i, s)) - tilt * between(f, i, s);
  }
  /// dV/ds within a segment.
  double drive(double x, std::size_t i) const {
    const double length = at[i + 1] - at[i];
    return -2 * barrier * x * x * (g[i + 1] - g[i]) / length - tilt * x * (f[i + 1] - f[i]) / length;
  }
  std::pair<double, double> range() const {
    double low = 0, high = 0;
    for (std::size_t k = 0; k + 1 < at.size(); ++k)
      for (double s : {at[k], at[k + 1]}) {
        double minimum = 0;
        for (double x = -20; x < 20; x += .01) minimum = std::min(minimum, energy(x, k, s));
        for (double x = -20; x < 20; x += .01)
          if (energy(x, k, s) < minimum + 32) low = std::min(low, x), high = std::max(high, x);
      }
    return {low, high};
  }
  DoubleWellReset reset() const {
    DoubleWellReset out;
    for (std::size_t k = 0; k < at.size(); ++k)
      out.schedule.knots.push_back({at[k], quartic(barrier, tilt, g[k], f[k])});
    out.duration = duration;
    out.start_occupation = bias;
    return out;
  }
};

Drawn drawn_protocol(Draws& draw) {
  Drawn out;
  out.barrier = draw.uniform(.5, 3);
  out.tilt = draw.uniform(4, 14);
  out.duration = draw.log_uniform(3, 60);
  out.bias = draw.uniform(.2, .8);
  const double lowered = draw.uniform(.1, .3), tilted = draw.uniform(.35, .55), raised = draw.uniform(.6, .8),
               left = draw.uniform(-.3, .3);
  out.at = {0, lowered, tilted, raised, 1};
  out.g = {1, left, left, 1, 1};
  out.f = {0, 0, 1, 1, 0};
  return out;
}

struct Ended {
  double work = 0, success = 0;
};

/// Smoluchowski's equation dp/dt = d/dx (V' p + dp/dx) by central differences of the flux and Crank and Nicolson's
/// steps; work is the integral of <dV/dt>.
Ended integrate(const Drawn& drawn, std::size_t half, double step) {
  const auto [low, high] = drawn.range();
  const double h = std::max(-low, high) / double(half);
  const std::size_t n = 2 * half;
  const auto centre = [&](std::size_t j) { return (double(j) + .5 - double(half)) * h; };
  std::vector<double> p(n), a(n), b(n), c(n), rest(n);
  double left = 0, right = 0;
  for (std::size_t j = 0; j < n; ++j) {
    p[j] = std::exp(-drawn.energy(centre(j), 0, 0));
    (j < half ? left : right) += p[j];
  }
  for (std::size_t j = 0; j < n; ++j) p[j] *= j < half ? drawn.bias / left : (1 - drawn.bias) / right;
  Ended out;
  const auto power = [&](std::size_t segment) {
    double mean = 0;
    for (std::size_t j = 0; j < n; ++j) mean += p[j] * drawn.drive(centre(j), segment);
    return mean;
  };
  for (std::size_t segment = 0; segment + 1 < drawn.at.size(); ++segment) {
    const double length = drawn.at[segment + 1] - drawn.at[segment];
    const double steps = std::ceil(length * drawn.duration / step);
    const double dt = length * drawn.duration / steps, ds = length / steps;
    for (double k = 0; k < steps; ++k) {
      const double s = drawn.at[segment] + (k + .5) * ds;
      // L: a from below, b itself, c from above; nothing crosses the ends.
      for (std::size_t j = 0; j < n; ++j) a[j] = b[j] = c[j] = 0;
      for (std::size_t j = 0; j + 1 < n; ++j) {
        const double drift = -drawn.slope(centre(j) + h / 2, segment, s) / 2;
        const double out_of_j = (drift + 1 / h) / h, into_j = (drift - 1 / h) / h;
        b[j] -= out_of_j;
        c[j] -= into_j;
        a[j + 1] += out_of_j;
        b[j + 1] += into_j;
      }
      for (std::size_t j = 0; j < n; ++j)
        rest[j] = p[j] + dt / 2 * ((j > 0 ? a[j] * p[j - 1] : 0) + b[j] * p[j] + (j + 1 < n ? c[j] * p[j + 1] : 0));
      const double before = power(segment);
      for (std::size_t j = 0; j < n; ++j) {
        a[j] *= -dt / 2, b[j] = 1 - dt / 2 * b[j], c[j] *= -dt / 2;
        if (j == 0) continue;
        const double factor = a[j] / b[j - 1];
        b[j] -= factor * c[j - 1];
        rest[j] -= factor * rest[j - 1];
      }
      p[n - 1] = rest[n - 1] / b[n - 1];
      for (std::size_t j = n - 1; j-- > 0;) p[j] = (rest[j] - c[j] * p[j + 1]) / b[j];
      out.work += ds / 2 * (before + power(segment));
    }
  }
  for (std::size_t j = half; j < n; ++j) out.success += p[j];
  return out;
}

/// Both errors are of second order in their steps.
Ended extrapolated(const Drawn& drawn) {
  const Ended coarse = integrate(drawn, 150, .02), fine = integrate(drawn, 300, .01);
  return {fine.work + (fine.work - coarse.work) / 3, fine.success + (fine.success - coarse.success) / 3};
}

/// What a slow protocol loses times its duration: the integral over the protocol of that of (dF/ds)^2 / rho over x, F
/// and rho the distribution and density of equilibrium at s.
double slow_loss(const Drawn& drawn) {
  const auto [low, high] = drawn.range();
  constexpr std::size_t kCells = 2000, kMoments = 100;
  const double h = (high - low) / kCells;
  double sum = 0;
  for (std::size_t segment = 0; segment + 1 < drawn.at.size(); ++segment) {
    const double length = drawn.at[segment + 1] - drawn.at[segment];
    for (std::size_t m = 0; m < kMoments; ++m) {
      const double s = drawn.at[segment] + length * (double(m) + .5) / kMoments;
      std::vector<double> weight(kCells);
      double z = 0, mean = 0;
      for (std::size_t j = 0; j < kCells; ++j) {
        const double x = low + (double(j) + .5) * h;
        weight[j] = std::exp(-drawn.energy(x, segment, s));
        z += weight[j];
        mean += weight[j] * drawn.drive(x, segment);
      }
      mean /= z;
      // dF/ds at x is the integral of rho (<dV/ds> - dV/ds) up to x.
      double moved = 0, inner = 0;
      for (std::size_t j = 0; j < kCells; ++j) {
        const double change = weight[j] / z * (mean - drawn.drive(low + (double(j) + .5) * h, segment));
        const double middle = moved + change / 2;
        inner += middle * middle / (weight[j] / (z * h)) * h;
        moved += change;
      }
      sum += inner * length / kMoments;
    }
  }
  return sum;
}

}  // namespace

TEST_CASE("resets over low barriers cost what Smoluchowski's equation says, by another integration", "[low_barrier]") {
  const std::uint64_t seed = 20321;
  INFO("seed " << seed);
  Draws draw(seed);
  for (unsigned i = 0; i < 6; ++i) {
    const Drawn drawn = drawn_protocol(draw);
    INFO("barrier " << drawn.barrier << " tilt " << drawn.tilt << " duration " << drawn.duration << " bias "
                    << drawn.bias);
    const Ended expected = extrapolated(drawn);
    const FokkerPlanckMoments solved = solve(drawn.reset(), {500, .01, 100000, true});
    CHECK(solved.mean_work_kT == Approx(expected.work).margin(.002));
    CHECK(solved.success_probability == Approx(expected.success).margin(.001));
    constexpr std::size_t kPaths = 8000;
    const ResetStatistics seen = summarise(simulate(drawn.reset(), kPaths, RandomStream(seed, i)), drawn.bias);
    CHECK(std::abs(seen.mean_work_kT - expected.work) < 4 * seen.standard_error_kT);
    const double p = expected.success;
    CHECK(std::abs(seen.success_probability - p) < 4 * std::sqrt(p * (1 - p) / kPaths) + 1e-3);
  }
}

TEST_CASE("the integration gives the printed figures of barrier 2", "[low_barrier]") {
  Drawn printed;
  printed.barrier = 2;
  printed.tilt = 16;
  printed.at = {0, .25, .5, .75, 1};
  printed.g = {1, 0, 0, 1, 1};
  printed.f = {0, 0, 1, 1, 0};
  for (const auto& [duration, work] : std::vector<std::pair<double, double>>{{5, 3.094}, {20, 1.320}, {100, .575}}) {
    INFO("duration " << duration);
    printed.duration = duration;
    CHECK(extrapolated(printed).work == Approx(work).margin(.006));
  }
}

TEST_CASE("where no barrier keeps the bit, the cost of a slow reset is a quadrature over its duration",
          "[low_barrier]") {
  const std::uint64_t seed = 20322;
  INFO("seed " << seed);
  Draws draw(seed);
  for (unsigned i = 0; i < 5; ++i) {
    Drawn drawn = drawn_protocol(draw);
    drawn.barrier = draw.uniform(.3, 1.2);
    drawn.bias = .5;
    const double expected = slow_loss(drawn);
    INFO("barrier " << drawn.barrier << " tilt " << drawn.tilt << ", loss x duration " << expected);
    const auto loss = [&](double duration) {
      drawn.duration = duration;
      return duration * solve(drawn.reset(), {400, .04, 100000, true}).mean_work_kT;
    };
    const double fast = loss(200), slow = loss(400);
    CHECK(slow == Approx(expected).epsilon(.1));
    CHECK(2 * slow - fast == Approx(expected).epsilon(.01));
    CHECK(slow / 400 < std::log(2.0) / 2);
  }
}
