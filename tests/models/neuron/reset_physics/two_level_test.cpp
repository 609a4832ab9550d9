// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/reset_physics/two_level.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <vector>

#include "tests/models/neuron/reset_physics/draws.hpp"

using namespace szilard::reset_physics;
using szilard::support::RandomStream;
using test::divergence;
using test::Draws;
using test::entropy;

namespace {

double fermi(double gap) { return 1 / (1 + std::exp(gap)); }

TwoLevelReset known(double p, double q, double end_gap, double duration) {
  return {p, TwoLevelReset::equilibrium_gap(q), end_gap, duration};
}

/// Independent of the library: classical Runge-Kutta of dp/dt and of the work, fine steps.
double reference_work(const TwoLevelReset& r) {
  const int steps = int(std::max(20000.0, 40 * r.duration));
  const double h = r.duration / steps, slope = (r.end_gap_kT - r.start_gap_kT) / r.duration;
  double p = r.start_occupation, work = p * r.start_gap_kT;
  for (int i = 0; i < steps; ++i) {
    const double e = r.start_gap_kT + slope * h * i;
    const auto rate = [](double gap, double occupation) { return fermi(gap) - occupation; };
    const double k1 = rate(e, p), k2 = rate(e + slope * h / 2, p + h / 2 * k1),
                 k3 = rate(e + slope * h / 2, p + h / 2 * k2), k4 = rate(e + slope * h, p + h * k3);
    work += slope * h / 6 * (p + 2 * (p + h / 2 * k1) + 2 * (p + h / 2 * k2) + (p + h * k3));
    p += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
  }
  return work - p * r.end_gap_kT;
}

}  // namespace

TEST_CASE("an unbiased two-level bit costs ln2 plus 4.995 over its duration", "[two_level]") {
  const std::vector<std::pair<double, double>> printed = {
      {10, 1.18820}, {30, .85906}, {100, .74259}, {300, .70930}, {1000, .69764}};
  for (const auto& [duration, work] : printed) {
    INFO("duration " << duration);
    CHECK(solve(known(.5, .5, 10, duration)).mean_work_kT == Approx(work).margin(1e-5));
  }
}

TEST_CASE("a biased bit costs its entropy where p is known, the whole ln2 where it is not", "[two_level]") {
  const double slow = 3000;
  CHECK(solve(known(.1, .1, 10, slow)).mean_work_kT == Approx(.324584 + .77638 / slow).margin(2e-6));
  CHECK(solve({.1, 0, 10, slow}).mean_work_kT == Approx(.692648 + .9950 / slow).margin(2e-6));
}

TEST_CASE("the work of a slow ramp has the closed form of its limit and of its first correction", "[two_level]") {
  const std::uint64_t seed = 20261;
  INFO("seed " << seed);
  Draws draw(seed);
  for (int i = 0; i < 8; ++i) {
    const double p = draw.uniform(.02, .9), q = draw.uniform(.05, .9), em = draw.uniform(6, 14), duration = 20000;
    INFO("p " << p << " q " << q << " last gap " << em);
    const TwoLevelMoments moments = solve(known(p, q, em, duration));
    const double fm = fermi(em), d = em - TwoLevelReset::equilibrium_gap(q);
    const double limit = entropy(p) + divergence(p, q) - entropy(fm);
    const double slope = d * (p - fm) - em * d * fm * (1 - fm);
    CHECK((moments.mean_work_kT - limit) * duration == Approx(slope).epsilon(.02).margin(.01));
  }
}

TEST_CASE("the moments agree with another integration for any protocol", "[two_level]") {
  const std::uint64_t seed = 20262;
  INFO("seed " << seed);
  Draws draw(seed);
  for (int i = 0; i < 12; ++i) {
    const TwoLevelReset reset{draw.uniform(0, 1), draw.uniform(-4, 4), draw.uniform(-6, 15),
                              draw.log_uniform(.05, 3000)};
    INFO("p " << reset.start_occupation << " gaps " << reset.start_gap_kT << " " << reset.end_gap_kT << " duration "
              << reset.duration);
    CHECK(solve(reset).mean_work_kT == Approx(reference_work(reset)).margin(2e-7).epsilon(1e-7));
  }
}

TEST_CASE("the wrong p raises the cost by the Kullback-Leibler divergence", "[two_level]") {
  const std::uint64_t seed = 20263;
  INFO("seed " << seed);
  Draws draw(seed);
  for (int i = 0; i < 6; ++i) {
    const double p = draw.uniform(.05, .6), q = draw.uniform(.05, .9);
    INFO("p " << p << " q " << q);
    const double duration = 1e5;
    const double extra = solve(known(p, q, 12, duration)).mean_work_kT - solve(known(p, p, 12, duration)).mean_work_kT;
    CHECK(extra == Approx(divergence(p, q)).margin(5e-4));
    const ResetStatistics wrong = summarise(simulate(known(p, q, 12, 500), 20000, RandomStream(seed, unsigned(i))), p);
    CHECK(wrong.mean_work_kT > entropy(p) + divergence(p, q) - entropy(fermi(12)) - 4 * wrong.standard_error_kT);
  }
}

TEST_CASE("paths have the mean, variance, heat and end of the master equation", "[two_level]") {
  const std::uint64_t seed = 20264;
  INFO("seed " << seed);
  Draws draw(seed);
  for (int i = 0; i < 10; ++i) {
    const TwoLevelReset reset{draw.uniform(.05, .95), draw.uniform(-3, 3), draw.uniform(-4, 8),
                              draw.log_uniform(.3, 200)};
    INFO("p " << reset.start_occupation << " gaps " << reset.start_gap_kT << " " << reset.end_gap_kT << " duration "
              << reset.duration);
    const TwoLevelMoments exact = solve(reset);
    const ResetPaths paths = simulate(reset, 20000, RandomStream(seed, unsigned(i)));
    const ResetStatistics seen = summarise(paths, reset.start_occupation);
    CHECK(std::abs(seen.mean_work_kT - exact.mean_work_kT) < 4.5 * seen.standard_error_kT);
    CHECK(seen.mean_heat_kT == Approx(seen.mean_work_kT).margin(1e-12));
    double fourth = 0;
    for (double w : paths.work_kT) fourth += std::pow(w - seen.mean_work_kT, 4) / 20000;
    const double error = std::sqrt((fourth - seen.variance_kT2 * seen.variance_kT2) / 20000);
    CHECK(std::abs(seen.variance_kT2 - exact.variance_kT2) < 4.5 * error);
    const double end = exact.end_occupation;
    CHECK(std::abs(1 - seen.success_probability - end) < 4.5 * std::sqrt(end * (1 - end) / 20000) + 1e-9);
  }
}

TEST_CASE("a bit whose gap stands still keeps its equilibrium and its transition counts", "[two_level]") {
  const TwoLevelReset reset{.3, 1.5, 1.5, 2.0};
  const TwoLevelMoments exact = solve(reset);
  CHECK(exact.end_occupation == Approx(fermi(1.5) + (.3 - fermi(1.5)) * std::exp(-2.0)).margin(1e-9));
  const ResetStatistics seen = summarise(simulate(reset, 20000, RandomStream(5, 1)), .3);
  CHECK(std::abs(1 - seen.success_probability - exact.end_occupation) < 4 * std::sqrt(.25 / 20000));
  CHECK(std::abs(seen.mean_work_kT - exact.mean_work_kT) < 4 * seen.standard_error_kT);
}

TEST_CASE("every two-level path obeys the first law and is its own whatever runs beside it", "[two_level]") {
  const TwoLevelReset reset = known(.3, .3, 10, 50);
  const ResetPaths all = simulate(reset, 1000, RandomStream(1, 2));
  CHECK(summarise(all, .3).first_law_residual < 1e-12);
  const ResetPaths some = simulate(reset, 100, RandomStream(1, 2), 700);
  for (std::size_t i = 0; i < 100; ++i) CHECK(some.work_kT[i] == all.work_kT[700 + i]);
  CHECK(simulate(reset, 100, RandomStream(2, 2)).work_kT != simulate(reset, 100, RandomStream(1, 2)).work_kT);
}

TEST_CASE("Jarzynski's average is one by the tilted equation and one half over successful paths", "[two_level]") {
  const std::uint64_t seed = 20265;
  INFO("seed " << seed);
  Draws draw(seed);
  for (int i = 0; i < 8; ++i) {
    const double p = draw.uniform(.05, .95), duration = draw.log_uniform(3, 2000);
    const TwoLevelReset reset = known(p, draw.uniform(.1, .9), draw.uniform(4, 40), duration);
    INFO("p " << p << " duration " << duration << " gap " << reset.end_gap_kT);
    CHECK(solve(reset).jarzynski_average == Approx(1).margin(1e-6));
    const ResetPaths paths = simulate(reset, 20000, RandomStream(seed, unsigned(i)));
    double sum = 0, squares = 0;
    for (std::size_t k = 0; k < paths.size(); ++k) {
      const double e =
          paths.end_state[k] ? 0 : std::exp(-paths.work_kT[k]) * (paths.start_state[k] ? .5 / p : .5 / (1 - p));
      sum += e / 20000;
      squares += e * e / 20000;
    }
    CHECK(std::abs(sum - .5) < 4.5 * std::sqrt((squares - sum * sum) / 20000) + 1e-3);
  }
}

TEST_CASE("where no state is rare, paths alone give Jarzynski's equality", "[two_level]") {
  const TwoLevelReset reset = known(.4, .25, 2, 3);
  const ResetStatistics seen = summarise(simulate(reset, 40000, RandomStream(7, 3)), .4);
  CHECK(std::abs(seen.jarzynski_average - 1) < 4 * seen.jarzynski_standard_error);
  CHECK(seen.jarzynski_standard_error < .05);
  // A start weighted by the wrong occupation breaks it.
  CHECK(std::abs(summarise(simulate(reset, 40000, RandomStream(7, 3)), .9).jarzynski_average - 1) > .1);
}

TEST_CASE("no ramp beats the optimal drive of the gap, and the floor has its slow limit", "[two_level]") {
  const std::uint64_t seed = 20266;
  INFO("seed " << seed);
  Draws draw(seed);
  double nearest = 10;
  for (int i = 0; i < 60; ++i) {
    const TwoLevelReset reset{draw.uniform(.01, .99), draw.uniform(-4, 4), draw.uniform(-4, 15),
                              draw.log_uniform(.1, 1000)};
    INFO("p " << reset.start_occupation << " gaps " << reset.start_gap_kT << " " << reset.end_gap_kT << " duration "
              << reset.duration);
    const TwoLevelMoments exact = solve(reset);
    const double floor = two_level_floor_kT(reset.start_occupation, exact.end_occupation, reset.duration);
    CHECK(exact.mean_work_kT > floor - 1e-6);
    CHECK(floor >= entropy(reset.start_occupation) - entropy(exact.end_occupation) - 1e-9);
    nearest = std::min(nearest, exact.mean_work_kT - floor);
  }
  CHECK(nearest < .1);
  const double angle = 2 * (std::asin(std::sqrt(.5)) - std::asin(std::sqrt(.01)));
  CHECK((two_level_floor_kT(.5, .01, 1e5) - entropy(.5) + entropy(.01)) * 1e5 == Approx(angle * angle).epsilon(1e-3));
}

TEST_CASE("single resets may cost less than the bound, their mean never", "[two_level]") {
  const TwoLevelReset reset = known(.5, .5, 10, 100);
  const ResetPaths paths = simulate(reset, 20000, RandomStream(8, 1));
  const double floor = two_level_floor_kT(.5, solve(reset).end_occupation, 100);
  const double share = share_below(paths, floor);
  CHECK(share > .1);
  CHECK(share < .9);
  const ResetStatistics seen = summarise(paths, .5);
  CHECK(seen.mean_work_kT > floor - 4 * seen.standard_error_kT);
}

TEST_CASE("impossible two-level resets are refused", "[two_level][bad]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const TwoLevelReset& bad : std::vector<TwoLevelReset>{{-.1, 0, 10, 1},
                                                             {1.1, 0, 10, 1},
                                                             {nan, 0, 10, 1},
                                                             {.5, 0, 10, 0},
                                                             {.5, 0, 10, -1},
                                                             {.5, 0, 10, nan},
                                                             {.5, 701, 10, 1},
                                                             {.5, 0, 1e9, 1},
                                                             {.5, 0, nan, 1}}) {
    CHECK_THROWS_AS(solve(bad), std::invalid_argument);
    CHECK_THROWS_AS(simulate(bad, 10, RandomStream(1, 1)), std::invalid_argument);
  }
  for (double q : {0.0, 1.0, -.2, 1.2, nan}) CHECK_THROWS_AS(TwoLevelReset::equilibrium_gap(q), std::invalid_argument);
  CHECK_THROWS_AS(two_level_floor_kT(.5, .01, 1), std::invalid_argument);  // faster than the bath relaxes
  CHECK_THROWS_AS(two_level_floor_kT(.5, .01, 0), std::invalid_argument);
  CHECK_THROWS_AS(two_level_floor_kT(1.5, .01, 10), std::invalid_argument);
  CHECK_THROWS_AS(summarise(ResetPaths(1), .5), std::invalid_argument);
}
