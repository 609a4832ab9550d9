// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/quasistatic/free_energy.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "models/quasistatic/ramp.hpp"
#include "tests/models/quasistatic/networks.hpp"

using namespace szilard;
using namespace szilard::quasistatic;
using namespace szilard::quasistatic::test;
using support::SignalBlock;

namespace {

ChangeRequest request(std::uint64_t seed) {
  ChangeRequest out;
  out.duration = 3;
  out.paths = 2000;
  out.seed = seed;
  return out;
}

Network with_springs_of(Network network, const Network& like) {
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    network.layers[l].stiffness = like.layers[l].stiffness;
    network.layers[l].friction = like.layers[l].friction;
  }
  return network;
}

}  // namespace

TEST_CASE("weights, biases and inputs that move together leave the free energy as it was, kinks or not",
          "[quasistatic][free_energy]") {
  const std::uint64_t seed = GENERATE(1, 2);
  INFO("seed " << seed);
  Draws draws(seed);
  for (Activation activation : {Activation::relu, Activation::tanh}) {
    const Network from = random_network(draws, {2, 3, 1}, activation);
    const Network to = with_springs_of(random_network(draws, {2, 3, 1}, activation), from);
    const Change seen =
        change_parameters(from, to, random_block(draws, 1, 2), random_block(draws, 1, 2), request(seed));
    INFO("Jarzynski " << seen.jarzynski << " +- " << seen.jarzynski_error << ", integral " << seen.integral << " +- "
                      << seen.integral_error);
    CHECK(std::abs(seen.jarzynski) < 4 * seen.jarzynski_error);
    CHECK(std::abs(seen.integral) < 4 * seen.integral_error + 1e-4);
    CHECK(seen.integral_error < 0.1);
    double work = 0;
    for (std::size_t p = 0; p < seen.work.size(); ++p) {
      work += seen.work[p] / double(seen.work.size());
      CHECK(std::abs(seen.work[p] - seen.heat[p] - seen.energy_change[p]) <
            1e-9 * (1 + std::abs(seen.work[p]) + std::abs(seen.heat[p])));
    }
    CHECK(work > 0.1);  // it was no reversible change
  }
}

TEST_CASE("springs that stiffen change the free energy by kT / 2 ln of their ratio each",
          "[quasistatic][free_energy]") {
  Draws draws(3);
  const Network from = random_network(draws, {2, 3, 1}, Activation::relu);
  Network to = from;
  double expected = 0;
  for (Layer& layer : to.layers)
    for (double& kappa : layer.stiffness) {
      const double ratio = draws.uniform(0.5, 3);
      kappa *= ratio;
      expected += 0.5 * std::log(ratio);
    }
  const SignalBlock u = random_block(draws, 1, 2);
  const Change seen = change_parameters(from, to, u, u, request(3));
  CHECK(std::abs(seen.jarzynski - expected) < 4 * seen.jarzynski_error);
  CHECK(std::abs(seen.integral - expected) < 4 * seen.integral_error + 3e-3);
}

TEST_CASE("a warm clamped chain pulls at its weights by the gradient of its free energy, entropy included",
          "[quasistatic][free_energy]") {
  // F = k_eff e^2 / 2 - kT / 2 ln k_eff, 1 / k_eff = 1 / k_o + w2^2 / k_h.
  Network chain;
  chain.layers.push_back(layer(linear::RowMatrix::Constant(1, 1, 0.8), {0.1}, Activation::linear, {2}));
  chain.layers.push_back(layer(linear::RowMatrix::Constant(1, 1, 1.2), {-0.2}, Activation::linear, {3}));
  SignalBlock u(0, 1, 1), target(0, 1, 1);
  u.row(0)[0] = 0.7;
  target.row(0)[0] = 1.5;
  const double kT = 0.6;
  const auto free_energy = [&](double w1, double w2) {
    const double k = 1 / (1 / 3.0 + w2 * w2 / 2), e = w2 * (w1 * 0.7 + 0.1) - 0.2 - 1.5;
    return k * e * e / 2 - kT / 2 * std::log(k);
  };
  const double h = 1e-6;
  const double by_w1 = (free_energy(0.8 + h, 1.2) - free_energy(0.8 - h, 1.2)) / (2 * h);
  const double by_w2 = (free_energy(0.8, 1.2 + h) - free_energy(0.8, 1.2 - h)) / (2 * h);
  const WarmStress seen = warm_stress(chain, u, target, kT, 400, 20, 1);
  CHECK(std::abs(seen.weights[0] - by_w1) < 4 * seen.weights_error[0]);
  CHECK(std::abs(seen.weights[1] - by_w2) < 4 * seen.weights_error[1]);
  const WarmStress cold = warm_stress(chain, u, target, 1e-6, 8, 20, 1);
  CHECK(std::abs(seen.weights[1] - cold.weights[1]) > 10 * seen.weights_error[1]);  // the entropic part
}

TEST_CASE("changes that are no change of parameters are refused", "[quasistatic][free_energy][bad]") {
  Draws draws(4);
  const Network net = random_network(draws, {2, 3, 1}, Activation::relu),
                other = random_network(draws, {2, 4, 1}, Activation::relu);
  const Network smooth = random_network(draws, {2, 3, 1}, Activation::tanh);
  const SignalBlock u = random_block(draws, 1, 2), two = random_block(draws, 2, 2), wide = random_block(draws, 1, 3),
                    out = random_block(draws, 1, 1);
  CHECK_THROWS_AS(change_parameters(net, other, u, u, request(1)), std::invalid_argument);
  CHECK_THROWS_AS(change_parameters(net, smooth, u, u, request(1)), std::invalid_argument);
  CHECK_THROWS_AS(change_parameters(net, net, wide, u, request(1)), std::invalid_argument);
  CHECK_THROWS_AS(change_parameters(net, net, two, two, request(1)), std::invalid_argument);
  for (double bad : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    ChangeRequest wrong = request(1);
    wrong.kT = bad;
    CHECK_THROWS_AS(change_parameters(net, net, u, u, wrong), std::invalid_argument);
    wrong = request(1);
    wrong.duration = bad;
    CHECK_THROWS_AS(change_parameters(net, net, u, u, wrong), std::invalid_argument);
    CHECK_THROWS_AS(warm_stress(net, u, out, bad, 8, 1, 1), std::invalid_argument);
    CHECK_THROWS_AS(warm_stress(net, u, out, 1, 8, bad, 1), std::invalid_argument);
  }
  ChangeRequest coarse = request(1);
  coarse.steps = 1;
  CHECK_THROWS_AS(change_parameters(net, net, u, u, coarse), UnstableStep);
  CHECK_THROWS_AS(warm_stress(net, u, out, 1, 1, 1, 1), std::invalid_argument);
  CHECK_THROWS_AS(warm_stress(net, wide, out, 1, 8, 1, 1), std::invalid_argument);
}
