// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>

#include "models/support/philox.hpp"
#include "sim/statistical/estimator.hpp"

using namespace szilard::statistical;
using szilard::support::RandomStream;

namespace {

std::vector<std::size_t> in_draws(std::size_t samples, std::size_t draws) {
  std::vector<std::size_t> of(samples);
  for (std::size_t s = 0; s < samples; ++s) of[s] = s * draws / samples;
  return of;
}

}  // namespace

TEST_CASE("a figure that follows from what is known of every sample is had without error", "[statistical]") {
  constexpr std::size_t kSamples = 24, kDraws = 4;
  const RandomStream stream(5, 1);
  Eigen::MatrixXd known(kSamples, 2);
  std::vector<double> values;
  for (std::size_t s = 0; s < kSamples; ++s) {
    known(Eigen::Index(s), 0) = 1e-3 * stream.uniform(s, 0);
    known(Eigen::Index(s), 1) = 1e6 * stream.uniform(s, 1);
    values.push_back(3e-12 + 5e-9 * known(Eigen::Index(s), 0) - 2e-18 * known(Eigen::Index(s), 1));
  }
  const Eigen::Vector2d population(7e-4, 3e5);
  const Regression regression(known, population, in_draws(kSamples, kDraws), kDraws);
  const Column column = regression.estimate(values);
  CHECK(column.mean == Approx(3e-12 + 5e-9 * 7e-4 - 2e-18 * 3e5).epsilon(1e-10));
  for (const double residual : column.residuals) CHECK(std::abs(residual) < 1e-10 * 3e-12);
}

TEST_CASE("figures that do not vary, or say the same twice, change no estimate", "[statistical]") {
  constexpr std::size_t kSamples = 12, kDraws = 3;
  Eigen::MatrixXd known(kSamples, 3);
  std::vector<double> values;
  for (std::size_t s = 0; s < kSamples; ++s) {
    known.row(Eigen::Index(s)) << double(s), 7.0, 2.0 * double(s) + 1;
    values.push_back(4 + 0.5 * double(s));
  }
  const Eigen::Vector3d population(20, 7, 41);
  CHECK(Regression(known, population, in_draws(kSamples, kDraws), kDraws).estimate(values).mean ==
        Approx(14).epsilon(1e-9));
  CHECK(Regression(Eigen::MatrixXd(kSamples, 0), Eigen::VectorXd(), in_draws(kSamples, kDraws), kDraws)
            .estimate(values)
            .mean == Approx(4 + 0.5 * 5.5).epsilon(1e-12));
}

TEST_CASE("one draw has no variance to tell", "[statistical][bad]") {
  CHECK_THROWS_AS(Regression(Eigen::MatrixXd(3, 0), Eigen::VectorXd(), {0, 0, 0}, 1), std::invalid_argument);
  CHECK_THROWS_AS(Regression(Eigen::MatrixXd(0, 0), Eigen::VectorXd(), {}, 3), std::invalid_argument);
}

TEST_CASE("one stratum has Student's interval, and none where draws agree", "[statistical]") {
  Column column;
  column.mean = 10;
  column.residuals = {-1, 0, 1};
  IntervalSum sum, agreeing;
  sum.add(2, column);
  CHECK(sum.value() == Approx(20));
  CHECK(sum.half_width(0.95) ==
        Approx(2 * 4.302652729911275 * std::sqrt(1.0 / 3)).epsilon(1e-9));  // t of 2 degrees, 97.5 %
  agreeing.add(2, {10, {0.5, 0.5, 0.5}});
  CHECK(agreeing.value() == Approx(20));
  CHECK(agreeing.half_width(0.95) == 0);
}

TEST_CASE("intervals of three unequal strata hold the mean as often as they say", "[statistical]") {
  constexpr std::size_t kTrials = 4000, kDraws = 8;
  for (const double confidence : {0.8, 0.95}) {
    std::size_t held = 0;
    for (std::size_t t = 0; t < kTrials; ++t) {
      const RandomStream stream(77, 3);
      IntervalSum sum;
      std::uint32_t index = 0;
      for (const double deviation : {1.0, 3.0, 0.2}) {
        Column column;
        for (std::size_t r = 0; r < kDraws; ++r) column.residuals.push_back(deviation * stream.gaussian(t, index++));
        for (const double e : column.residuals) column.mean += e / double(kDraws);
        sum.add(2, column);
      }
      held += std::abs(sum.value()) <= sum.half_width(confidence);
    }
    const double share = double(held) / kTrials, error = std::sqrt(confidence * (1 - confidence) / kTrials);
    INFO("confidence " << confidence << ", held " << share << " (seed 77)");
    CHECK(std::abs(share - confidence) < 4 * error + 0.01);  // Satterthwaite's degrees of freedom are approximate
  }
}

TEST_CASE("intervals by regression on samples of a skewed population hold its mean as often as they say",
          "[statistical]") {
  constexpr std::size_t kPopulation = 4000, kDraws = 8, kTrials = 2000;
  const RandomStream stream(91, 4);
  Eigen::MatrixXd known(kPopulation, 1);
  std::vector<double> figures(kPopulation);
  double truth = 0;
  for (std::size_t i = 0; i < kPopulation; ++i) {
    known(Eigen::Index(i), 0) = std::exp(stream.gaussian(i, 0));
    figures[i] = known(Eigen::Index(i), 0) * (1 + 0.3 * stream.gaussian(i, 1)) + 0.5 * std::exp(stream.gaussian(i, 2));
    truth += figures[i] / double(kPopulation);
  }
  const Eigen::VectorXd mean = known.colwise().mean();
  for (const std::size_t samples : {16, 32}) {
    std::size_t held = 0;
    for (std::size_t t = 0; t < kTrials; ++t) {
      Eigen::MatrixXd drawn(Eigen::Index(samples * kDraws), 1);
      std::vector<double> values;
      for (Eigen::Index s = 0; s < drawn.rows(); ++s) {
        const auto i = std::size_t(stream.uniform(kPopulation + t, std::uint32_t(s)) * double(kPopulation));
        drawn(s, 0) = known(Eigen::Index(i), 0);
        values.push_back(figures[i]);
      }
      IntervalSum sum;
      sum.add(1, Regression(drawn, mean, in_draws(samples * kDraws, kDraws), kDraws).estimate(values));
      held += std::abs(sum.value() - truth) <= sum.half_width(0.95);
    }
    const double share = double(held) / kTrials, error = std::sqrt(0.95 * 0.05 / kTrials);
    INFO("draws of " << samples << ", held " << share << " (seed 91)");
    CHECK(std::abs(share - 0.95) < 4 * error + 0.01);  // a regression's few coefficients and skewed means
  }
}
