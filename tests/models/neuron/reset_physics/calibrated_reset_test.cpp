// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/reset_physics/calibrated_reset.hpp"

#include <catch2/catch.hpp>

#include "models/neuron/reset_physics/double_well.hpp"
#include "models/neuron/reset_physics/two_level.hpp"

using namespace szilard::reset_physics;
using szilard::support::RandomStream;

namespace {

struct Seen {
  double mean = 0, error = 0, failed = 0, heat = 0;
};

template <typename Work>
Seen look(std::size_t count, Work at) {
  Seen seen;
  double squares = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const CalibratedReset::Draw draw = at(i);
    seen.mean += draw.work_kT / double(count);
    squares += draw.work_kT * draw.work_kT / double(count);
    seen.heat += draw.heat_kT / double(count);
    seen.failed += double(draw.failed) / double(count);
  }
  seen.error = std::sqrt((squares - seen.mean * seen.mean) / double(count));
  return seen;
}

}  // namespace

TEST_CASE("calibrated resets agree with live ones in work, heat and errors", "[calibrated]") {
  DoubleWellReset reset;
  reset.schedule = four_stage(3, 6);  // fails often enough to be seen
  reset.duration = 4;
  const CalibratedReset table(simulate(reset, 20000, RandomStream(31, 1)));
  for (bool state : {false, true}) {
    const ResetPaths live = simulate(reset, std::vector<std::uint8_t>(10000, state), RandomStream(32, 2));
    const Seen real = look(10000, [&](std::size_t i) {
      return CalibratedReset::Draw{live.work_kT[i], live.heat_kT[i], live.end_state[i] != 0};
    });
    const Seen drawn = look(10000, [&](std::size_t i) { return table.draw(state, RandomStream(33, 3), i, 0); });
    INFO("state " << state << ": live " << real.mean << " +- " << real.error << ", drawn " << drawn.mean << " +- "
                  << drawn.error);
    const double error =
        std::sqrt(real.error * real.error + drawn.error * drawn.error + std::pow(table.standard_error_kT(state), 2));
    CHECK(std::abs(real.mean - drawn.mean) < 4 * error);
    CHECK(std::abs(real.heat - drawn.heat) < 8 * error);
    CHECK(std::abs(real.failed - drawn.failed) < 4 * std::sqrt(3 * .25 / 10000));
    CHECK(real.failed > 0);
    CHECK(std::abs(drawn.failed - table.error_probability(state)) < 4 * std::sqrt(.25 / 10000));
  }
  CHECK(table.mean_work_kT(true) != Approx(table.mean_work_kT(false)).margin(1e-3));
}

TEST_CASE("a draw depends on its sample and index alone", "[calibrated]") {
  const CalibratedReset table(simulate(TwoLevelReset{}, 1000, RandomStream(34, 1)));
  const RandomStream random(1, 2);
  const double first = table.draw(true, random, 5, 6).work_kT;
  table.draw(false, random, 1, 1);
  CHECK(table.draw(true, random, 5, 6).work_kT == first);
  CHECK(table.paths(true) + table.paths(false) == 1000);
}

TEST_CASE("quantiles of the work ascend and frame its mean", "[calibrated]") {
  const CalibratedReset table(simulate(TwoLevelReset{}, 4000, RandomStream(35, 1)));
  double before = table.work_quantile_kT(true, 0);
  for (double u = .1; u <= 1; u += .1) {
    CHECK(table.work_quantile_kT(true, u) >= before);
    before = table.work_quantile_kT(true, u);
  }
  CHECK(table.work_quantile_kT(true, 0) < table.mean_work_kT(true));
  CHECK(table.work_quantile_kT(true, 1) > table.mean_work_kT(true));
}

TEST_CASE("what an ensemble does not hold cannot be drawn", "[calibrated][bad]") {
  TwoLevelReset reset;
  reset.start_occupation = 1;
  const CalibratedReset table(simulate(reset, 100, RandomStream(36, 1)));
  CHECK_THROWS_AS(table.draw(false, RandomStream(1, 1), 0, 0), std::out_of_range);
  CHECK_NOTHROW(table.draw(true, RandomStream(1, 1), 0, 0));
  CHECK_THROWS_AS(table.work_quantile_kT(true, 1.5), std::invalid_argument);
  CHECK_THROWS_AS(CalibratedReset(ResetPaths(1)), std::invalid_argument);
}
