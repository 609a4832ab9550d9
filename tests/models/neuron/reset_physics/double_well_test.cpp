// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/reset_physics/double_well.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <vector>

#include "models/neuron/reset_physics/fokker_planck.hpp"
#include "models/neuron/reset_physics/langevin_kernel.hpp"
#include "models/neuron/reset_physics/optimal_transport.hpp"
#include "models/support/aligned_vector.hpp"
#include "models/support/instruction_set.hpp"
#include "tests/models/neuron/reset_physics/draws.hpp"

using namespace szilard::reset_physics;
using szilard::support::RandomStream;
using test::Draws;
using test::entropy;

namespace {

DoubleWellReset four_stages(double barrier, double tilt, double duration) {
  DoubleWellReset reset;
  reset.schedule = four_stage(barrier, tilt);
  reset.duration = duration;
  return reset;
}

Schedule constant(const Potential& potential) { return {{{0, potential}, {1, potential}}}; }

double variance(const std::vector<double>& values) {
  double sum = 0, squares = 0;
  for (double v : values) sum += v, squares += v * v;
  const double n = double(values.size());
  return squares / n - sum / n * (sum / n);
}

}  // namespace

TEST_CASE("the quartic double well costs what the Fokker-Planck equation says", "[double_well]") {
  const std::vector<std::pair<double, double>> printed = {{1, 5.845}, {2, 3.503}, {5, 1.896}};
  for (const auto& [duration, work] : printed) {
    const DoubleWellReset reset = four_stages(10, 16, duration);
    const ResetStatistics seen = summarise(simulate(reset, 20000, RandomStream(11, 4)), .5);
    INFO("duration " << duration << ": " << seen.mean_work_kT << " +- " << seen.standard_error_kT);
    CHECK(std::abs(seen.mean_work_kT - work) < 4 * seen.standard_error_kT);
    CHECK(seen.success_probability > .999);
    CHECK(seen.first_law_residual < 1e-9);
  }
}

TEST_CASE("a low barrier keeps no bit, and its reset costs less than ln2", "[double_well]") {
  const ResetStatistics seen = summarise(simulate(four_stages(2, 16, 100), 6000, RandomStream(12, 4)), .5);
  CHECK(std::abs(seen.mean_work_kT - .575) < 4 * seen.standard_error_kT);
  CHECK(seen.mean_work_kT < std::log(2.0) - 4 * seen.standard_error_kT);
  CHECK(std::abs(seen.success_probability - .801) < 4 * std::sqrt(.16 / 6000));
}

TEST_CASE("Langevin paths and the Fokker-Planck equation agree for any barrier, tilt, bias and duration",
          "[double_well]") {
  const std::uint64_t seed = 20271;
  INFO("seed " << seed);
  Draws draw(seed);
  for (int i = 0; i < 6; ++i) {
    const double barrier = draw.uniform(1, 8), tilt = draw.uniform(2, 20);
    DoubleWellReset reset = four_stages(barrier, tilt, draw.log_uniform(.5, 6));
    reset.start_occupation = draw.uniform(.1, .9);
    INFO("barrier " << barrier << " tilt " << tilt << " duration " << reset.duration << " bias "
                    << reset.start_occupation);
    FokkerPlanckOptions fine;
    fine.cells = 1200;
    fine.largest_step = .002;
    const FokkerPlanckMoments exact = solve(reset, fine);
    const ResetPaths paths = simulate(reset, 20000, RandomStream(seed, unsigned(i)));
    const ResetStatistics seen = summarise(paths, reset.start_occupation);
    CHECK(std::abs(seen.mean_work_kT - exact.mean_work_kT) < 4.5 * seen.standard_error_kT);
    CHECK(seen.variance_kT2 == Approx(exact.variance_kT2).epsilon(.06));
    const double p = exact.success_probability;
    CHECK(std::abs(seen.success_probability - p) < 4.5 * std::sqrt(p * (1 - p) / 20000) + 1e-4);
    CHECK(seen.first_law_residual < 1e-9);
    CHECK(exact.jarzynski_average == Approx(1).margin(1e-6));
  }
}

TEST_CASE("over successful paths the exponential average of the work is 1 / (2 P_S)", "[double_well]") {
  const double duration = 10;
  const ResetPaths paths = simulate(four_stages(4, 8, duration), 20000, RandomStream(13, 4));
  const ResetStatistics seen = summarise(paths, .5);
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const double e = paths.end_state[i] ? 0 : std::exp(-paths.work_kT[i]);
    sum += e / 20000, squares += e * e / 20000;
  }
  const double error = std::sqrt((squares - sum * sum) / 20000) / seen.success_probability;
  CHECK(std::abs(seen.jarzynski_success - .5 / seen.success_probability) < 4.5 * error);
  CHECK(error < .05);
}

TEST_CASE("heat is had from the forces, and the first law closes on every path", "[double_well]") {
  DoubleWellReset reset = four_stages(6, 12, 3);
  reset.start_occupation = .3;
  const ResetPaths paths = simulate(reset, 2000, RandomStream(14, 4));
  double largest = 0, uncorrelated = 0;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    largest = std::max(largest, std::abs(paths.work_kT[i] - paths.heat_kT[i] - paths.energy_change_kT[i]));
    uncorrelated = std::max(uncorrelated, std::abs(paths.work_kT[i] - paths.heat_kT[i]));
  }
  CHECK(largest < 1e-9);
  CHECK(uncorrelated > 1);  // energy does change: Q is not W under another name
}

TEST_CASE("the steps' bias in a harmonic well is the one that their scheme has", "[double_well][integrator]") {
  const double k = 80;
  for (double z : {.04, .4, .8}) {
    DoubleWellReset reset;
    reset.schedule = constant({{0, k / 2, 0, 0, 0, 0}});
    reset.step = z / k;
    reset.duration = 40 / k * 10;
    std::vector<double> end;
    simulate(reset, std::vector<std::uint8_t>(20000, 1), RandomStream(15, 4), 0, &end);
    // x' = (1 - z + z^2/2) x + (1 - z/2) sqrt(2 dt) xi
    const double a = 1 - z + z * z / 2, expected = 2 * z * (1 - z / 2) * (1 - z / 2) / (1 - a * a);
    INFO("z " << z << ": " << k * variance(end) << " of " << expected);
    CHECK(std::abs(k * variance(end) - expected) < 4 * expected * std::sqrt(2.0 / 20000));
    CHECK(std::abs(expected - 1) < z * z / 3);  // second order
  }
}

TEST_CASE("Euler's scheme on the same random numbers shows its bias 1 / (1 - k dt / 2)", "[double_well][integrator]") {
  const double k = 80, dt = 5e-4;
  const std::size_t paths = 20000, steps = 600;
  const RandomStream random(16, 4);
  std::vector<double> x(paths, 0.0), kicks(steps);
  for (std::size_t i = 0; i < paths; ++i) {
    random.gaussians(i, 0, steps, kicks.data());
    for (double kick : kicks) x[i] += -k * x[i] * dt + std::sqrt(2 * dt) * kick;
  }
  const double expected = 1 / (1 - k * dt / 2);
  CHECK(expected == Approx(1.0204).margin(1e-4));
  CHECK(std::abs(k * variance(x) - expected) < 4 * expected * std::sqrt(2.0 / paths));
}

TEST_CASE("both schemes show their biases in wells of any curvature", "[double_well][integrator]") {
  const std::uint64_t seed = 20274;
  INFO("seed " << seed);
  Draws draw(seed);
  for (unsigned i = 0; i < 6; ++i) {
    const double k = draw.log_uniform(2, 400), z = draw.uniform(.05, .8);
    const std::size_t paths = 20000, steps = std::size_t(40 / z);
    INFO("k " << k << " z " << z);
    DoubleWellReset reset;
    reset.schedule = constant({{0, k / 2, 0, 0, 0, 0}});
    reset.step = z / k;
    reset.duration = double(steps) * z / k;
    std::vector<double> end;
    simulate(reset, std::vector<std::uint8_t>(paths, 1), RandomStream(seed, i), 0, &end);
    const double dt = reset.duration / double(step_count(reset)), real = k * dt, a = 1 - real + real * real / 2;
    const double heun = 2 * real * (1 - real / 2) * (1 - real / 2) / (1 - a * a);
    CHECK(std::abs(k * variance(end) - heun) < 4 * heun * std::sqrt(2.0 / double(paths)));
    const RandomStream random(seed, 100 + i);
    std::vector<double> x(paths, 0.0), kicks(steps);
    for (std::size_t n = 0; n < paths; ++n) {
      random.gaussians(n, 0, steps, kicks.data());
      for (double kick : kicks) x[n] += -z * x[n] + std::sqrt(2 * z / k) * kick;
    }
    const double euler = 1 / (1 - z / 2);
    CHECK(std::abs(k * variance(x) - euler) < 4 * euler * std::sqrt(2.0 / double(paths)));
  }
}

TEST_CASE("a user's schedule of sixth degree closes its first law and keeps to Fokker-Planck", "[double_well]") {
  DoubleWellReset reset;
  const Potential wells{{.3, -6, .2, 2, -.1, .5}};
  Potential tilted = wells;
  tilted.c[0] -= 5;
  reset.schedule = {{{0, wells}, {.1, wells}, {.1, tilted}, {.6, {{-3, 1, 0, 1, 0, .2}}}, {1, wells}}};
  reset.duration = 4;
  const FokkerPlanckMoments exact = solve(reset, {1200, .002, 100000, true});
  const ResetStatistics seen = summarise(simulate(reset, 20000, RandomStream(17, 4)), .5);
  CHECK(std::abs(seen.mean_work_kT - exact.mean_work_kT) < 4 * seen.standard_error_kT);
  CHECK(std::abs(seen.success_probability - exact.success_probability) < 4 * std::sqrt(.25 / 20000));
  CHECK(seen.first_law_residual < 1e-9);
}

TEST_CASE("the kernels for more powers do with fewer of them what the narrower ones do", "[double_well]") {
  std::vector<LangevinStep> steps(40);
  for (LangevinStep& step : steps) step = {{.01, -.02, 0, 0, 0, 0}, {1, 20, .5, -40, 0, 0}, 1e-3, std::sqrt(2e-3)};
  szilard::support::AlignedVector<double> z(steps.size() * kLangevinPaths);
  RandomStream(18, 4).gaussians(0, 0, z.size(), z.data());
  szilard::support::AlignedVector<LangevinState> states(3);
  for (LangevinState& state : states)
    for (std::size_t i = 0; i < kLangevinPaths; ++i) state.x[i] = .02 * double(i), state.work[i] = state.heat[i] = 0;
  langevin_kernels().quartic({steps.data(), steps.size(), z.data(), &states[0]});
  langevin_kernels().sextic({steps.data(), steps.size(), z.data(), &states[1]});
  langevin_kernels().tilted_quartic({steps.data(), steps.size(), z.data(), &states[2]});
  for (std::size_t other : {1u, 2u})
    for (std::size_t i = 0; i < kLangevinPaths; ++i) {
      CHECK(states[0].x[i] == Approx(states[other].x[i]).epsilon(1e-12));
      CHECK(states[0].work[i] == Approx(states[other].work[i]).margin(1e-12));
      CHECK(states[0].heat[i] == Approx(states[other].heat[i]).margin(1e-11));
    }
}

TEST_CASE("all instruction sets give the same bits", "[double_well]") {
  using szilard::support::InstructionSet;
  const InstructionSet best = szilard::support::instruction_set();
  std::vector<LangevinKernels> sets = {langevin_kernels_v2()};
  if (best != InstructionSet::v2) sets.push_back(langevin_kernels_v3());
  if (best == InstructionSet::v4) sets.push_back(langevin_kernels_v4());
  std::vector<LangevinStep> steps(64);
  for (LangevinStep& step : steps)
    step = {{.01, -.02, 0, .003, .001, .0002}, {1, 20, .1, -40, .2, -3}, 1e-3, std::sqrt(2e-3)};
  szilard::support::AlignedVector<double> z(steps.size() * kLangevinPaths);
  RandomStream(19, 4).gaussians(0, 0, z.size(), z.data());
  for (const auto kernel : {&LangevinKernels::tilted_quartic, &LangevinKernels::quartic, &LangevinKernels::sextic}) {
    szilard::support::AlignedVector<LangevinState> states(sets.size());
    for (std::size_t s = 0; s < sets.size(); ++s) {
      for (std::size_t i = 0; i < kLangevinPaths; ++i)
        states[s].x[i] = .03 * double(i), states[s].work[i] = states[s].heat[i] = 0;
      (sets[s].*kernel)({steps.data(), steps.size(), z.data(), &states[s]});
      for (std::size_t i = 0; i < kLangevinPaths; ++i) {
        CHECK(states[s].x[i] == states[0].x[i]);
        CHECK(states[s].work[i] == states[0].work[i]);
        CHECK(states[s].heat[i] == states[0].heat[i]);
      }
    }
  }
}

TEST_CASE("a path is its own whatever runs beside it", "[double_well]") {
  const DoubleWellReset reset = four_stages(5, 10, 1);
  const ResetPaths all = simulate(reset, 1100, RandomStream(20, 4));
  const ResetPaths some = simulate(reset, 33, RandomStream(20, 4), 1000);
  for (std::size_t i = 0; i < 33; ++i) {
    CHECK(some.work_kT[i] == all.work_kT[1000 + i]);
    CHECK(some.heat_kT[i] == all.heat_kT[1000 + i]);
  }
}

TEST_CASE("no protocol beats optimal transport, whatever its schedule", "[double_well][second_law]") {
  const std::uint64_t seed = 20272;
  INFO("seed " << seed);
  Draws draw(seed);
  double events_below = 0;
  for (int i = 0; i < 8; ++i) {
    const double barrier = draw.uniform(3, 8), p = draw.uniform(.2, .8);
    const Potential wells = quartic(barrier, 0, 1, 0);
    DoubleWellReset reset;
    reset.duration = draw.log_uniform(.5, 10);
    reset.start_occupation = p;
    // Free in between, but back to the wells with time to settle within each.
    reset.schedule.knots.push_back({0, wells});
    for (double at : {.2, .4, .6, .75}) {
      const double g = draw.uniform(-1, 1.2), tilt = draw.uniform(-2, 16);
      if (draw.uniform(0, 1) < .3) reset.schedule.knots.push_back({at, reset.schedule.knots.back().potential});
      reset.schedule.knots.push_back({at, quartic(barrier, tilt, g, 1)});
    }
    reset.schedule.knots.push_back({.9, wells});
    reset.schedule.knots.push_back({1, wells});
    const ResetPaths paths = simulate(reset, 4000, RandomStream(seed, unsigned(i)));
    const ResetStatistics seen = summarise(paths, p);
    const TransportFloor floor = transport_floor(wells, wells, p, 1 - seen.success_probability);
    INFO("barrier " << barrier << " p " << p << " duration " << reset.duration << ": " << seen.mean_work_kT << " +- "
                    << seen.standard_error_kT << ", floor " << floor.at(reset.duration));
    CHECK(seen.mean_work_kT > floor.at(reset.duration) - 4 * seen.standard_error_kT);
    events_below += share_below(paths, floor.at(reset.duration));
  }
  CHECK(events_below > 0);  // single events may
}

TEST_CASE("no protocol beats the floor of any end, however far from rest its wells are left",
          "[double_well][second_law]") {
  const std::uint64_t seed = 20273;
  INFO("seed " << seed);
  Draws draw(seed);
  for (int i = 0; i < 10; ++i) {
    const double barrier = draw.uniform(3, 8), p = draw.uniform(.2, .9);
    const Potential wells = quartic(barrier, 0, 1, 0);
    DoubleWellReset reset;
    reset.duration = draw.log_uniform(.05, 1);
    reset.start_occupation = p;
    // A drive that stops as soon as most of it has crossed the divide: the end is not at rest.
    reset.schedule.knots.push_back({0, wells});
    reset.schedule.knots.push_back({0, quartic(barrier, draw.uniform(5, 40), draw.uniform(-1, 0), 1)});
    reset.schedule.knots.push_back({1, quartic(barrier, draw.uniform(5, 40), draw.uniform(-1, 0), 1)});
    reset.schedule.knots.push_back({1, wells});
    const ResetPaths paths = simulate(reset, 4000, RandomStream(seed, unsigned(i)));
    const ResetStatistics seen = summarise(paths, p);
    const double e = 1 - seen.success_probability;
    const Equilibrium start(wells);
    const double slow = transport_floor(wells, wells, p, e).quasi_static_kT, moved = least_transport(start, p, e, 0);
    INFO("barrier " << barrier << " p " << p << " e " << e << " duration " << reset.duration << ": "
                    << seen.mean_work_kT << " +- " << seen.standard_error_kT << ", floor "
                    << slow + moved / reset.duration);
    CHECK(seen.mean_work_kT > slow + moved / reset.duration - 4 * seen.standard_error_kT);
    CHECK(moved <= transport_floor(wells, wells, p, e).wasserstein2);
  }
}

TEST_CASE("a tilt that knows the bias pays less than one that does not", "[double_well]") {
  DoubleWellReset blind = four_stages(8, 16, 8), knowing = blind;
  blind.start_occupation = knowing.start_occupation = .1;
  knowing.schedule = four_stage(8, 16, tilt_of_occupation(8, .1));
  const FokkerPlanckOptions options{1000, .004, 100000, true};
  const double gain = solve(blind, options).mean_work_kT - solve(knowing, options).mean_work_kT;
  CHECK(gain > .2);
  CHECK(Equilibrium(quartic(8, tilt_of_occupation(8, .1), 1, 1)).left_occupation() == Approx(.1).margin(1e-6));
  CHECK(tilt_of_occupation(8, .9) == Approx(-tilt_of_occupation(8, .1)).margin(1e-6));
  CHECK(tilt_of_occupation(8, .5) == 0);
}

TEST_CASE("impossible double-well resets are refused", "[double_well][bad]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto refused = [](const DoubleWellReset& reset) {
    CHECK_THROWS_AS(simulate(reset, 4, RandomStream(1, 1)), std::invalid_argument);
  };
  for (double duration : {0.0, -1.0, nan, std::numeric_limits<double>::infinity()})
    refused(four_stages(5, 10, duration));
  for (double p : {-.1, 1.1, nan}) {
    DoubleWellReset reset = four_stages(5, 10, 1);
    reset.start_occupation = p;
    refused(reset);
  }
  refused(four_stages(-5, 10, 1));  // falls to infinity
  refused(four_stages(0, 10, 1));   // no wall at all
  refused(four_stages(5, nan, 1));
  refused(four_stages(5, 10, 1e12));  // more than 2^32 steps
  DoubleWellReset reset = four_stages(5, 10, 1);
  reset.step = -1;
  refused(reset);
  reset = four_stages(5, 10, 1);
  reset.schedule.knots.resize(1);
  refused(reset);
  reset = four_stages(5, 10, 1);
  std::swap(reset.schedule.knots[1], reset.schedule.knots[2]);
  refused(reset);
  reset = four_stages(5, 10, 1);
  reset.schedule.knots.back().potential.c[4] = 1;  // odd highest power
  refused(reset);
  reset = four_stages(5, 10, 1);
  reset.divide = 50;  // no left or right there
  refused(reset);
}

TEST_CASE("the double well approaches ln2 as 6.25 over its duration", "[.nightly][double_well]") {
  for (const auto& [duration, work] :
       std::vector<std::pair<double, double>>{{10, 1.310}, {20, 1.0056}, {50, .8186}, {100, .7553}}) {
    const ResetStatistics seen = summarise(simulate(four_stages(10, 16, duration), 40000, RandomStream(21, 4)), .5);
    INFO("duration " << duration << ": " << seen.mean_work_kT << " +- " << seen.standard_error_kT);
    CHECK(std::abs(seen.mean_work_kT - work) < 4 * seen.standard_error_kT);
  }
}
