// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/quasistatic/clamped.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "tests/models/quasistatic/networks.hpp"

using namespace szilard::quasistatic;
using namespace szilard::quasistatic::test;
using szilard::support::SignalBlock;

namespace {

double minimum_energy(const Network& network, const SignalBlock& u, const SignalBlock& target) {
  return relax_clamped(network, u, target).energy[0];
}

/// k_eff of one linear output behind one hidden layer (v2 leaves it out): 1 / (1 / k_o + sum w^2 / k_h).
double effective_stiffness(const Network& network) {
  double softness = 1 / network.layers[1].stiffness[0];
  for (std::size_t i = 0; i < network.layers[0].units(); ++i)
    softness += std::pow(network.layers[1].map.weights(0, Eigen::Index(i)), 2) / network.layers[0].stiffness[i];
  return 1 / softness;
}

}  // namespace

TEST_CASE("the clamped minimum of one linear output is k_eff e^2 / 2 behind any hidden layer",
          "[quasistatic][clamped]") {
  const std::uint64_t seed = GENERATE(1, 2, 3);
  INFO("seed " << seed);
  Draws draws(seed);
  for (Activation activation : kActivations) {
    const Network network = random_network(draws, {3, 5, 1}, activation);
    const SignalBlock u = random_block(draws, 1, 3), target = random_block(draws, 1, 1, 2);
    const double error = Plain{network}.minimum(column(u, 0))[5] - target.row(0)[0];
    CHECK(minimum_energy(network, u, target) ==
          Approx(effective_stiffness(network) * error * error / 2).epsilon(1e-11));
  }
}

TEST_CASE("the clamped minimum of a deep linear network is e' Sigma^-1 e / 2 with the propagated softness",
          "[quasistatic][clamped]") {
  Draws draws(4);
  const Network network = random_network(draws, {3, 4, 5, 2}, Activation::linear);
  const SignalBlock u = random_block(draws, 1, 3), target = random_block(draws, 1, 2, 2);
  const Eigen::MatrixXd sigma = linear_covariance(network, 1).bottomRightCorner(2, 2);
  const Eigen::VectorXd e = Plain{network}.minimum(column(u, 0)).tail(2) - column(target, 0);
  CHECK(minimum_energy(network, u, target) == Approx(e.dot(sigma.inverse() * e) / 2).epsilon(1e-10));
}

TEST_CASE("at the clamped minimum the stresses of hidden units obey the recursion, to 1e-9", "[quasistatic][clamped]") {
  const std::uint64_t seed = GENERATE(5, 6, 7);
  INFO("seed " << seed);
  Draws draws(seed);
  for (Activation activation : kActivations) {
    if (activation == Activation::relu) continue;  // a minimum may lie on a kink
    const Network network = random_network(draws, {4, 6, 5, 3}, activation);
    const SignalBlock u = random_block(draws, 2, 4), target = random_block(draws, 2, 3);
    const ClampedState clamped = relax_clamped(network, u, target);
    CHECK(clamped.residual < 1e-12);
    const Evaluation at = evaluate(network, u, clamped.units);
    for (std::size_t l = 0; l < 2; ++l)
      for (std::size_t i = 0; i < network.layers[l].units(); ++i)
        for (std::size_t s = 0; s < 2; ++s) {
          double back = 0;
          for (std::size_t k = 0; k < network.layers[l + 1].units(); ++k)
            back += network.layers[l + 1].map.weights(Eigen::Index(k), Eigen::Index(i)) *
                    at.stresses.row(network.first_unit(l + 1) + k)[s];
          const std::size_t unit = network.first_unit(l) + i;
          const double expected = Plain::df(activation, at.arguments.row(unit)[s]) * back;
          CHECK(at.stresses.row(unit)[s] == Approx(expected).epsilon(1e-9).margin(1e-11));
        }
  }
}

TEST_CASE("stress gradients are the derivatives of the minimal energy, by finite differences",
          "[quasistatic][clamped]") {
  Draws draws(8);
  for (Activation activation : {Activation::linear, Activation::tanh, Activation::sigmoid}) {
    Network network = random_network(draws, {2, 4, 3}, activation);
    const SignalBlock u = random_block(draws, 1, 2), target = random_block(draws, 1, 3);
    const std::vector<LayerGradient> gradient = stress_gradient(network, u, relax_clamped(network, u, target));
    const auto slope = [&](double& parameter) {
      const double at = parameter, h = 1e-5;
      parameter = at + h;
      const double high = minimum_energy(network, u, target);
      parameter = at - h;
      const double low = minimum_energy(network, u, target);
      parameter = at;
      return (high - low) / (2 * h);
    };
    for (std::size_t l = 0; l < 2; ++l) {
      Layer& layer = network.layers[l];
      for (Eigen::Index i = 0; i < layer.map.weights.rows(); ++i) {
        for (Eigen::Index k = 0; k < layer.map.weights.cols(); ++k)
          CHECK(std::abs(gradient[l].weights(i, k) - slope(layer.map.weights(i, k))) < 1e-7);
        CHECK(std::abs(gradient[l].bias[std::size_t(i)] - slope(layer.map.bias[std::size_t(i)])) < 1e-7);
      }
    }
  }
}

TEST_CASE("a minimum on kinks of ReLUs has none lower beside it, and its stresses are the derivatives of the energy",
          "[quasistatic][clamped]") {
  std::size_t kinks = 0, others = 0;
  for (std::uint64_t seed = 30; seed < 46; ++seed) {
    INFO("seed " << seed);
    Draws draws(seed);
    Network network = random_network(draws, {3, 5, 4, 2}, Activation::relu);
    if (seed % 2) network.layers.back().activation = Activation::relu;
    network = with_stiffness_ratio(network, seed % 4 < 2 ? 0.1 : 1);
    const SignalBlock u = random_block(draws, 1, 3), target = random_block(draws, 1, 2);
    const ClampedState clamped = relax_clamped(network, u, target);
    CHECK(clamped.residual < 1e-9);
    (clamped.kinks.empty() ? others : kinks) += 1;
    for (double size : {1e-6, 1e-4})
      for (int draw = 0; draw < 50; ++draw) {
        SignalBlock near = clamped.units.sibling(network.units());
        for (std::size_t i = 0; i < network.units(); ++i)
          near.row(i)[0] = clamped.units.row(i)[0] + (i < network.first_unit(2) ? size * draws.gaussian() : 0);
        CHECK(evaluate(network, u, near).energy[0] >= clamped.energy[0] * (1 - 1e-13));
      }
    const std::vector<LayerGradient> gradient = stress_gradient(network, u, clamped);
    for (std::size_t l = 0; l < 3; ++l)
      for (std::size_t i = 0; i < network.layers[l].units(); ++i) {
        double& bias = network.layers[l].map.bias[i];
        const double at = bias, h = 1e-6;
        bias = at + h;
        const double high = minimum_energy(network, u, target);
        bias = at - h;
        const double low = minimum_energy(network, u, target);
        bias = at;
        CHECK(std::abs(gradient[l].bias[i] - (high - low) / (2 * h)) < 1e-5);
      }
  }
  CHECK(kinks >= 4);
  CHECK(others >= 4);
}

TEST_CASE("a ReLU held at its kink takes the stress between the slopes of both sides", "[quasistatic][clamped]") {
  // x1 = u is drawn to 1 by its own spring (kappa 1), x2 to max(0, w x1), held at -1 (kappa 4): H = (x1 - 1)^2 / 2 +
  // 2 (1 + max(0, x1))^2, least at x1 = 0 where 1 <= 4: there the stress is the pull 1.
  const szilard::linear::RowMatrix one = szilard::linear::RowMatrix::Ones(1, 1);
  Network network{{layer(one, {0}, Activation::linear, {1}), layer(one, {0}, Activation::relu, {4})}};
  const SignalBlock u = block({{1}}), target = block({{-1}});
  const ClampedState clamped = relax_clamped(network, u, target);
  REQUIRE(clamped.kinks.size() == 1);
  CHECK(clamped.kinks[0].unit == 1);
  CHECK(clamped.kinks[0].stress == Approx(1).epsilon(1e-12));
  CHECK(std::abs(clamped.units.row(0)[0]) < 1e-12);
  CHECK(clamped.energy[0] == Approx(2.5).epsilon(1e-12));
  CHECK(stress_gradient(network, u, clamped)[1].bias[0] == clamped.kinks[0].stress);
  // A stiffer unit before it passes through the kink: x1 = (9 - 4) / (9 + 4).
  network.layers[0].stiffness = {9};
  const ClampedState beyond = relax_clamped(network, u, target);
  CHECK(beyond.kinks.empty());
  CHECK(beyond.units.row(0)[0] == Approx(5.0 / 13).epsilon(1e-12));
}

TEST_CASE("stresses tend to the gradient of the squared error as hidden units stiffen, in first order",
          "[quasistatic][clamped]") {
  const std::uint64_t seed = GENERATE(9, 10);
  INFO("seed " << seed);
  Draws draws(seed);
  for (Activation activation : {Activation::linear, Activation::tanh, Activation::relu}) {
    const Network network = random_network(draws, {3, 6, 4, 2}, activation);
    const SignalBlock u = random_block(draws, 4, 3), target = random_block(draws, 4, 2);
    std::vector<double> deviation;
    for (double ratio : {1e3, 1e4, 1e5}) {
      const Network stiff = with_stiffness_ratio(network, ratio);
      deviation.push_back(relative_deviation(stress_gradient(stiff, u, relax_clamped(stiff, u, target)),
                                             backpropagate(stiff, u, target).gradient));
    }
    INFO(deviation[0] << ' ' << deviation[1] << ' ' << deviation[2]);
    CHECK(deviation[0] / deviation[1] == Approx(10).epsilon(.03));
    CHECK(deviation[1] / deviation[2] == Approx(10).epsilon(.03));
    CHECK(deviation[0] < .05);
  }
}

TEST_CASE("the printed deviations are those of the printed tanh network at input (1, .5) and target 1",
          "[quasistatic][clamped]") {
  const SignalBlock u = block({{1, .5}}), target = block({{1}});
  const auto deviation = [&](double scale, double k_o) {
    const Network network = printed_network(Activation::tanh, {2 * scale, 3 * scale}, k_o);
    return relative_deviation(stress_gradient(network, u, relax_clamped(network, u, target)),
                              backpropagate(network, u, target).gradient);
  };
  // Over the softer hidden unit's stiffness ...
  const std::vector<std::pair<double, double>> by_ratio = {
      {1, .62226}, {10, .14474}, {100, .016772}, {1e3, .0017045}, {1e4, .00017073}};
  for (const auto& [ratio, printed] : by_ratio) CHECK(deviation(ratio, 2) == Approx(printed).epsilon(1e-4));
  // ... and of hidden springs (2, 3) under ever weaker outputs.
  const std::vector<std::pair<double, double>> by_output = {{1, .454}, {.1, .0783}, {.01, .00846}, {.001, .00085}};
  for (const auto& [k_o, printed] : by_output) CHECK(deviation(1, k_o) == Approx(printed).epsilon(4e-3));
}

TEST_CASE("the deviation of one linear output is what the effective stiffness says, strained and soft",
          "[quasistatic][clamped]") {
  for (double k_o : {1.0, .1, .01, .001}) {
    const Network network = printed_network(Activation::tanh, {2, 3}, k_o);
    const SignalBlock u = block({{1, .5}}), target = block({{.4}});
    const Eigen::VectorXd m = Plain{network}.minimum(column(u, 0));
    const double e = m[2] - .4, k_eff = effective_stiffness(network);
    // grad H_min = k_eff e grad e + e^2 / 2 grad k_eff, against k_o e grad e.
    double difference = 0, norm = 0;
    for (int i = 0; i < 2; ++i) {
      const double w = network.layers[1].map.weights(0, i), by_w1 = e * w * (1 - m[i] * m[i]) * std::sqrt(1.25);
      difference +=
          std::pow((k_eff - k_o) * e * m[i] - e * e * k_eff * k_eff * w / network.layers[0].stiffness[std::size_t(i)],
                   2) +
          std::pow((k_eff - k_o) * by_w1, 2);
      norm += std::pow(k_o * e * m[i], 2) + std::pow(k_o * by_w1, 2);
    }
    const double seen = relative_deviation(stress_gradient(network, u, relax_clamped(network, u, target)),
                                           backpropagate(network, u, target).gradient);
    CHECK(seen == Approx(std::sqrt(difference / norm)).epsilon(1e-7));
  }
}

TEST_CASE("back-propagation is the derivative of the loss and takes six operations a weight and sample",
          "[quasistatic][clamped]") {
  Draws draws(11);
  for (Activation activation : kActivations) {
    Network network = random_network(draws, {3, 4, 5, 2}, activation);
    const SignalBlock u = random_block(draws, 3, 3), target = random_block(draws, 3, 2);
    const Backpropagation digital = backpropagate(network, u, target);
    for (std::size_t l = 0; l < 3; ++l) {
      double& w = network.layers[l].map.weights(1, 2);
      const double at = w;
      w = at + 1e-6;
      const double high = backpropagate(network, u, target).loss;
      w = at - 1e-6;
      const double low = backpropagate(network, u, target).loss;
      w = at;
      CHECK(digital.gradient[l].weights(1, 2) == Approx((high - low) / 2e-6).epsilon(1e-6).margin(1e-8));
    }
    CHECK(digital.operations == 3 * (6 * (3 * 4 + 4 * 5 + 5 * 2) - 2 * 3 * 4));
  }
}

TEST_CASE("clamping what is not there is refused", "[quasistatic][clamped][bad]") {
  const Network network = printed_network(Activation::tanh);
  CHECK_THROWS_AS(relax_clamped(network, block({{1, 2, 3}}), block({{1}})), std::invalid_argument);
  CHECK_THROWS_AS(relax_clamped(network, block({{1, 2}}), block({{1, 2}})), std::invalid_argument);
  CHECK_THROWS_AS(relax_clamped(network, block({{1, 2}}), block({{1}, {2}})), std::invalid_argument);
  CHECK_THROWS_AS(backpropagate(network, block({{1, 2}}), block({{1}, {2}})), std::invalid_argument);
  Network pooled = network;
  pooled.layers[1].of_units = {1, {0}};
  CHECK_THROWS_WITH(relax_clamped(pooled, block({{1, 2}}), block({{1}})), Catch::Contains("nothing to clamp"));
  CHECK_THROWS_AS(with_stiffness_ratio(network, 0), std::invalid_argument);
  CHECK_THROWS_AS(with_stiffness_ratio(network, std::numeric_limits<double>::quiet_NaN()), std::invalid_argument);
  Network soft = network;
  soft.layers[0].stiffness[0] = -1;
  CHECK_THROWS_AS(relax_clamped(soft, block({{1, 2}}), block({{1}})), std::invalid_argument);
}
