// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/reset_physics/cooling.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "models/support/constants.hpp"
#include "tests/models/neuron/reset_physics/draws.hpp"

using namespace szilard::reset_physics;
using test::Draws;

namespace {

constexpr double kAmbient_k = 300, kBits = 1e6;

TwoLevelReset slow_reset(double duration) { return {.5, 0, 20, duration}; }

}  // namespace

TEST_CASE("the simulated pump obeys the first law and approaches Carnot as it slows", "[cooling]") {
  for (double cold : {4.0, 77.0, 150.0, 280.0}) {
    double before = 0;
    const double carnot = cold / (kAmbient_k - cold);
    for (double duration : {30.0, 300.0, 3000.0}) {
      const HeatPumpCycle cycle = run({cold, kAmbient_k, duration, 0, 4});
      INFO("cold " << cold << " duration " << duration);
      CHECK(cycle.released_j == Approx(cycle.drawn_j + cycle.work_j).epsilon(1e-9));
      CHECK(cycle.coefficient_of_performance() < carnot);
      CHECK(cycle.coefficient_of_performance() > before);
      // The second law, cycle by cycle.
      CHECK(cycle.released_j / kAmbient_k > cycle.drawn_j / cold);
      before = cycle.coefficient_of_performance();
    }
    CHECK(before == Approx(carnot).epsilon(.04));
  }
}

TEST_CASE("cooling does not make a bit cheaper: the total is the same at every temperature", "[cooling]") {
  const double room = kBits * szilard::support::kBoltzmann_J_per_K * kAmbient_k * szilard::support::kLn2;
  for (double cold : {4.0, 77.0, 150.0, 300.0}) {
    INFO("cold " << cold);
    // Both machines at two durations, extrapolated in the inverse duration.
    const double d = 1000;
    const double fast = reset_with_pump(slow_reset(d), kBits, {cold, kAmbient_k, d, 0, 4}).total_j();
    const double slow = reset_with_pump(slow_reset(2 * d), kBits, {cold, kAmbient_k, 2 * d, 0, 4}).total_j();
    CHECK(2 * slow - fast == Approx(room).epsilon(1e-4));
    CHECK(slow > room);
    CHECK(fast > slow);
  }
  CHECK(room == Approx(2.87e-15).epsilon(1e-3));
}

TEST_CASE("a real refrigerator makes cooling worse", "[cooling]") {
  const CooledReset real = reset_with_refrigerator(slow_reset(1e5), kBits, 4, kAmbient_k, .1);
  CHECK(real.total_j() == Approx(28.4e-15).epsilon(.002));
  CHECK(reset_with_refrigerator(slow_reset(1e5), kBits, 4, kAmbient_k, 1).total_j() == Approx(2.87e-15).epsilon(.002));
}

TEST_CASE("energies are extensive and scale with temperature", "[cooling]") {
  const std::uint64_t seed = 20301;
  INFO("seed " << seed);
  Draws draw(seed);
  for (int i = 0; i < 5; ++i) {
    const double t = draw.uniform(2, 400), hot = t * draw.uniform(1.1, 5), duration = draw.uniform(100, 500);
    const TwoLevelReset reset{draw.uniform(.1, .9), 0, 10, duration};
    const CooledReset one = reset_with_pump(reset, 1, {t, hot, duration, 0, 3});
    const CooledReset two = reset_with_pump(reset, 2, {t, hot, duration, 0, 3});
    CHECK(two.total_j() == Approx(2 * one.total_j()).epsilon(1e-12));
    const CooledReset warmer = reset_with_pump(reset, 1, {3 * t, 3 * hot, duration, 0, 3});
    CHECK(warmer.total_j() == Approx(3 * one.total_j()).epsilon(1e-9));
  }
}

TEST_CASE("impossible pumps are refused", "[cooling][bad]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const HeatPump& bad : std::vector<HeatPump>{{0, 300, 10, 0, 4},
                                                   {-4, 300, 10, 0, 4},
                                                   {nan, 300, 10, 0, 4},
                                                   {301, 300, 10, 0, 4},
                                                   {4, nan, 10, 0, 4},
                                                   {4, 300, 0, 0, 4},
                                                   {4, 300, 10, 4, 4},
                                                   {4, 300, 10, -1, 4},
                                                   {4, 300, 10, 0, 1e4}})
    CHECK_THROWS_AS(run(bad), std::invalid_argument);
  CHECK_THROWS_AS(reset_with_refrigerator({}, 1, 4, 300, 0), std::invalid_argument);
  CHECK_THROWS_AS(reset_with_refrigerator({}, 1, 4, 300, 1.1), std::invalid_argument);
  CHECK_THROWS_AS(reset_with_refrigerator({}, -1, 4, 300, .5), std::invalid_argument);
}

TEST_CASE("whatever bit, cold and ambience: reset and Carnot's pump together come to the reset's price at the ambience",
          "[cooling]") {
  const std::uint64_t seed = 20302;
  INFO("seed " << seed);
  Draws draw(seed);
  for (int i = 0; i < 6; ++i) {
    const double hot = draw.uniform(50, 500), cold = hot * draw.uniform(.02, .95), p = draw.uniform(.05, .95);
    const double q = draw.uniform(.05, .95), gap = draw.uniform(15, 25);
    const auto total = [&](double duration) {
      const TwoLevelReset reset{p, TwoLevelReset::equilibrium_gap(q), gap, duration};
      return reset_with_pump(reset, 1, {cold, hot, duration, 0, draw.uniform(3, 3.0001)}).total_j();
    };
    const double d = 2000, slow = total(2 * d), fast = total(d);
    const double kt_j = szilard::support::kBoltzmann_J_per_K * hot;
    INFO("p " << p << " q " << q << " cold " << cold << " hot " << hot);
    // The bit's quasi-static price: entropy, and the divergence of a protocol built for q.
    CHECK((2 * slow - fast) / kt_j == Approx(test::entropy(p) + test::divergence(p, q)).epsilon(1e-3));
    CHECK(slow > (test::entropy(p) + test::divergence(p, q)) * kt_j * (1 - 1e-6));
  }
}
