// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/reset_physics/optimal_transport.hpp"

#include <boost/math/special_functions/erf.hpp>
#include <catch2/catch.hpp>

#include "tests/models/neuron/reset_physics/draws.hpp"

using namespace szilard::reset_physics;
using test::Draws;
using test::entropy;

namespace {

double gaussian_quantile(double u) { return std::sqrt(2.0) * boost::math::erf_inv(2 * u - 1); }

}  // namespace

TEST_CASE("Gaussians are (difference of means)^2 + (difference of widths)^2 apart", "[optimal_transport]") {
  const std::uint64_t seed = 20291;
  INFO("seed " << seed);
  Draws draw(seed);
  for (int i = 0; i < 5; ++i) {
    const double m = draw.uniform(-2, 2), s = draw.uniform(.1, 3), s2 = draw.uniform(.1, 3);
    const double w2 = wasserstein_squared([&](double u) { return s * gaussian_quantile(u); },
                                          [&](double u) { return m + s2 * gaussian_quantile(u); });
    CHECK(w2 == Approx(m * m + (s - s2) * (s - s2)).epsilon(1e-3).margin(1e-4));
  }
}

TEST_CASE("quantiles of a harmonic well are those of its Gaussian", "[optimal_transport]") {
  const double k = 7;
  const Equilibrium well(Potential{{-k * .5, k / 2, 0, 0, 0, 0}});  // centre 1/2
  for (double u : {1e-6, .01, .3, .5, .9, .9999})
    CHECK(well.quantile(u) == Approx(.5 + gaussian_quantile(u) / std::sqrt(k)).margin(1e-4));
  CHECK(well.mean_curvature() == Approx(k));
  CHECK(well.left_occupation() == Approx(.5 * std::erfc(.5 * std::sqrt(k / 2))).margin(1e-4));
}

TEST_CASE("the reset of the quartic double well of barrier 10 is 1.74625 over its duration at least",
          "[optimal_transport]") {
  const Potential wells = quartic(10, 0, 1, 0);
  const TransportFloor floor = transport_floor(wells, wells, .5, 0);
  CHECK(floor.wasserstein2 == Approx(1.74625).margin(1e-5));
  CHECK(floor.quasi_static_kT == Approx(std::log(2.0)));
  CHECK(floor.at(5) == Approx(std::log(2.0) + 1.74625 / 5).margin(1e-5));
}

TEST_CASE("narrow wells at -1 and +1 are two apart for the half that moves", "[optimal_transport]") {
  const Potential wells = quartic(400, 0, 1, 0);
  CHECK(transport_floor(wells, wells, .5, 0).wasserstein2 == Approx(2).epsilon(.05));
  CHECK(transport_floor(wells, wells, .5, .5).wasserstein2 == Approx(0).margin(1e-9));
}

TEST_CASE("the least transport out of a well is its second moment about the divide, whatever is left behind or not",
          "[optimal_transport]") {
  for (const auto& [barrier, p] :
       std::vector<std::pair<double, double>>{{3, .5}, {5, .1}, {10, .9}, {7, .3}, {20, .6}}) {
    INFO("barrier " << barrier << " p " << p);
    const Potential wells = quartic(barrier, 0, 1, 0);
    const Equilibrium start(wells);
    // by quadrature of Boltzmann's weight over the left well
    double weight = 0, second = 0;
    for (int k = 0; k < 40000; ++k) {
      const double x = -3 + 3 * (k + .5) / 40000, w = std::exp(-barrier * (x * x - 1) * (x * x - 1));
      weight += w, second += w * x * x;
    }
    CHECK(least_transport(start, p, 0, 0) == Approx(p * second / weight).epsilon(1e-3));
    CHECK(least_transport(start, p, p, 0) == 0);
    CHECK(least_transport(start, p, 1, 0) == 0);
    // convex in both: a chord lies above
    const double e = .3 * p;
    CHECK(least_transport(start, p, e, 0) <
          .5 * (least_transport(start, .9 * p, .5 * e, 0) + least_transport(start, 1.1 * p, 1.5 * e, 0)) + 1e-9);
  }
  CHECK(least_transport(Equilibrium(quartic(30, 0, 1, 0)), .5, 0, 0) == Approx(.5).epsilon(.02));  // narrow wells at -1
  CHECK_THROWS_AS(least_transport(Equilibrium(quartic(3, 0, 1, 0)), 1.5, 0, 0), std::invalid_argument);
}

TEST_CASE("errors make a reset cheaper by their entropy", "[optimal_transport]") {
  const Potential wells = quartic(10, 0, 1, 0);
  for (double e : {.001, .01, .1})
    CHECK(transport_floor(wells, wells, .5, e).quasi_static_kT == Approx(std::log(2.0) - entropy(e)));
}

TEST_CASE("occupations outside [0, 1] are refused", "[optimal_transport][bad]") {
  const Potential wells = quartic(10, 0, 1, 0);
  CHECK_THROWS_AS(transport_floor(wells, wells, -.1, 0), std::invalid_argument);
  CHECK_THROWS_AS(transport_floor(wells, wells, .5, 1.1), std::invalid_argument);
  CHECK_THROWS_AS(tilt_of_occupation(10, 0), std::invalid_argument);
  CHECK_THROWS_AS(tilt_of_occupation(10, 1), std::invalid_argument);
}
