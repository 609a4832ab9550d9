// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/quasistatic/network.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "models/quasistatic/relaxation.hpp"
#include "tests/models/quasistatic/networks.hpp"

using namespace szilard::quasistatic;
using namespace szilard::quasistatic::test;
using szilard::support::RandomStream;
using szilard::support::SignalBlock;

namespace {

/// A convolution with max pools before and after its ReLU, then a dense layer.
Network pooled_network(Draws& draws) {
  Layer first;
  first.map.name = "convolution";
  first.map.inputs = 10;
  first.map.outputs = 3;
  first.map.terms = 3;
  first.map.positions = 8;
  first.map.weights = szilard::linear::RowMatrix::NullaryExpr(3, 3, [&] { return draws.gaussian(); });
  for (int o = 0; o < 3; ++o) first.map.bias.push_back(draws.gaussian());
  for (int p = 0; p < 8; ++p)
    for (int k = 0; k < 3; ++k) first.map.gather.push_back(p + k - 1);
  first.activation = Activation::tanh;
  first.of_arguments.window = 2;
  for (int i = 0; i < 24; ++i) first.of_arguments.indices.push_back(i);
  first.of_units.window = 3;  // overlapping
  for (int i = 0; i < 6; ++i)
    for (int k = 0; k < 3; ++k) first.of_units.indices.push_back(i + 2 * k);
  first.stiffness.assign(12, 2);
  first.friction.assign(12, 1);
  Layer second;
  second.map.name = "shared";
  second.map.inputs = 6;
  second.map.groups = 2;
  second.map.outputs = 2;
  second.map.terms = 3;
  second.map.positions = 2;
  second.map.weights = szilard::linear::RowMatrix::NullaryExpr(4, 3, [&] { return draws.gaussian(); });
  second.map.bias = {.1, -.2, .3, -.4};
  second.map.gather = {0, 1, 2, 1, 2, -1, 3, 4, 5, 4, 5, -1};
  second.of_arguments.window = 2;
  second.of_arguments.indices = {0, 1, 2, 3, 4, 5, 6, 7};
  second.activation = Activation::relu;
  second.stiffness.assign(4, 3);
  second.friction.assign(4, 1);
  Network network{{first, second}};
  szilard::linear::RowMatrix last = szilard::linear::RowMatrix::NullaryExpr(2, 4, [&] { return draws.gaussian(); });
  network.layers.push_back(layer(last, {0, .1}, Activation::linear, {1, 1.5}));
  return network;
}

void check_forces(const Network& network, Draws& draws) {
  const SignalBlock u = random_block(draws, 3, network.inputs()), x = random_block(draws, 3, network.units());
  const Evaluation at = evaluate(network, u, x);
  for (std::size_t i = 0; i < network.units(); ++i) {
    SignalBlock up = x.sibling(x.features()), down = up;
    for (std::size_t k = 0; k < x.features(); ++k) {
      std::copy(x.row(k), x.row(k) + x.stride(), up.row(k));
    }
    down = up.sibling(x.features());
    for (std::size_t k = 0; k < x.features(); ++k) std::copy(x.row(k), x.row(k) + x.stride(), down.row(k));
    for (std::size_t s = 0; s < 3; ++s) up.row(i)[s] += 1e-6, down.row(i)[s] -= 1e-6;
    const std::vector<double> high = evaluate(network, u, up).energy, low = evaluate(network, u, down).energy;
    for (std::size_t s = 0; s < 3; ++s) {
      INFO("unit " << i << ", sample " << s);
      CHECK(at.forces.row(i)[s] == Approx((low[s] - high[s]) / 2e-6).epsilon(1e-6).margin(1e-7));
    }
  }
}

}  // namespace

TEST_CASE("forces are minus the gradient of H, for every activation and non-square weights", "[quasistatic][network]") {
  const std::uint64_t seed = GENERATE(1, 2);
  INFO("seed " << seed);
  Draws draws(seed);
  for (Activation activation : kActivations)
    check_forces(random_network(draws, {4, 3, 5, 2}, activation, activation), draws);
}

TEST_CASE("forces are minus the gradient of H behind convolutions and overlapping max pools",
          "[quasistatic][network]") {
  const std::uint64_t seed = GENERATE(3, 4, 5);
  INFO("seed " << seed);
  Draws draws(seed);
  const Network network = pooled_network(draws);
  network.check();
  check_forces(network, draws);
}

TEST_CASE("energy and forces agree with plain loops over Eq. 6", "[quasistatic][network]") {
  Draws draws(6);
  for (Activation activation : kActivations) {
    const Network network = random_network(draws, {3, 6, 4, 2}, activation);
    const SignalBlock u = random_block(draws, 20, 3), x = random_block(draws, 20, 12);
    const Evaluation at = evaluate(network, u, x);
    for (std::size_t s = 0; s < 20; ++s) {
      Eigen::VectorXd by_x, by_u;
      Plain{network}.gradient(column(u, s), column(x, s), by_x, by_u);
      CHECK(at.energy[s] == Approx(Plain{network}.energy(column(u, s), column(x, s))).epsilon(1e-13));
      CHECK((column(at.forces, s) + by_x).norm() < 1e-13 * by_x.norm());
    }
  }
}

TEST_CASE("H is zero at the feed-forward state, to which every start relaxes", "[quasistatic][network]") {
  Draws draws(7);
  for (Activation activation : kActivations) {
    const Network network = random_network(draws, {3, 5, 4, 2}, activation);
    const SignalBlock u = random_block(draws, 1, 3);
    const SignalBlock minimum = feed_forward(network, u);
    CHECK(evaluate(network, u, minimum).energy[0] < 1e-28);
    Relaxation relaxation(network, 24, 1 / stiffest_rate(network, 0), 0, Integrator::heun);
    Field inputs(3, 24), driven(5, 24), none;
    for (std::size_t i = 0; i < 3; ++i) std::fill(inputs.row(i), inputs.row(i) + 24, u.row(i)[0]);
    relaxation.layout().drive(inputs, driven);
    relaxation.layout().set_first_arguments(driven, relaxation.states());
    for (double& x : relaxation.states().x.values) x = 3 * draws.gaussian();
    relaxation.layout().set_arguments(relaxation.states());
    std::vector<double> heat(24, 0.0);
    for (int step = 0; step < 4000; ++step) relaxation.step(none, heat.data());
    for (std::size_t i = 0; i < network.units(); ++i)
      for (std::size_t s = 0; s < 24; ++s) CHECK(std::abs(relaxation.states().x.row(i)[s] - minimum.row(i)[0]) < 1e-9);
  }
}

TEST_CASE("the partition function is that of free springs whatever weights, bias and input", "[quasistatic][network]") {
  const std::uint64_t seed = GENERATE(8, 9, 10);
  INFO("seed " << seed);
  Draws draws(seed);
  for (Activation activation : kActivations) {
    szilard::linear::RowMatrix w1(1, 1), w2(1, 1);
    w1 << draws.gaussian();
    w2 << draws.gaussian();
    const Network network{
        {layer(w1, {draws.gaussian()}, activation, {2}), layer(w2, {draws.gaussian()}, activation, {3})}};
    constexpr std::size_t kGrid = 601;
    constexpr double kReach = 9, kStep = 2 * kReach / (kGrid - 1);
    const double input = draws.gaussian();
    double sum = 0;
    for (std::size_t i = 0; i < kGrid; ++i) {
      SignalBlock u(0, kGrid, 1), x(0, kGrid, 2);
      for (std::size_t k = 0; k < kGrid; ++k) {
        u.row(0)[k] = input;
        x.row(0)[k] = -kReach + double(i) * kStep;
        x.row(1)[k] = -kReach + double(k) * kStep;
      }
      for (double energy : evaluate(network, u, x).energy) sum += std::exp(-energy) * kStep * kStep;
    }
    CHECK(sum == Approx(2.565100).epsilon(2e-6));
  }
}

TEST_CASE("draws from equilibrium have residuals of variance kT / kappa and no correlation", "[quasistatic][network]") {
  Draws draws(11);
  constexpr std::size_t kPaths = 40000;
  const Network network = random_network(draws, {2, 3, 2}, Activation::relu);
  const SignalBlock u = random_block(draws, 1, 2);
  SignalBlock many(0, kPaths, 2);
  for (std::size_t i = 0; i < 2; ++i) std::fill(many.row(i), many.row(i) + kPaths, u.row(i)[0]);
  const SignalBlock x = draw_equilibrium(network, many, .7, RandomStream(5, 1), 0);
  const Evaluation at = evaluate(network, many, x);
  for (std::size_t i = 0; i < 5; ++i) {
    const Layer& of = network.layers[i < 3 ? 0 : 1];
    const double kappa = of.stiffness[i < 3 ? i : i - 3];
    double square = 0;
    for (std::size_t s = 0; s < kPaths; ++s)
      square += std::pow(x.row(i)[s] - Plain::f(of.activation, at.arguments.row(i)[s]), 2);
    CHECK(square / kPaths == Approx(.7 / kappa).epsilon(4 * std::sqrt(2.0 / kPaths)));
  }
}

TEST_CASE("heat of a move is the line integral of the forces, kinks and pools included", "[quasistatic][network]") {
  Draws draws(12);
  for (int which = 0; which < 5; ++which) {
    const Network network =
        which < 4 ? random_network(draws, {3, 4, 2}, kActivations[which], kActivations[which]) : pooled_network(draws);
    const std::size_t n = network.units();
    const SignalBlock u = random_block(draws, 1, network.inputs()), a = random_block(draws, 1, n),
                      b = random_block(draws, 1, n);
    constexpr std::size_t kPieces = 4000;
    SignalBlock many(0, kPieces, network.inputs()), way(0, kPieces, n);
    for (std::size_t s = 0; s < kPieces; ++s) {
      for (std::size_t i = 0; i < network.inputs(); ++i) many.row(i)[s] = u.row(i)[0];
      for (std::size_t i = 0; i < n; ++i)
        way.row(i)[s] = a.row(i)[0] + .2 * (double(s) + .5) / kPieces * (b.row(i)[0] - a.row(i)[0]);
    }
    const Evaluation at = evaluate(network, many, way);
    double expected = 0;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t s = 0; s < kPieces; ++s)
        expected += at.forces.row(i)[s] * .2 * (b.row(i)[0] - a.row(i)[0]) / kPieces;
    const Layout layout(network, 8);
    States from = layout.make_states(), to = layout.make_states();
    Field inputs(network.inputs(), 8), driven(network.layers[0].map.total_outputs(), 8);
    for (std::size_t i = 0; i < inputs.rows; ++i) std::fill(inputs.row(i), inputs.row(i) + 8, u.row(i)[0]);
    layout.drive(inputs, driven);
    for (std::size_t i = 0; i < n; ++i) {
      std::fill(from.x.row(i), from.x.row(i) + 8, a.row(i)[0]);
      std::fill(to.x.row(i), to.x.row(i) + 8, a.row(i)[0] + .2 * (b.row(i)[0] - a.row(i)[0]));
    }
    for (States* states : {&from, &to}) {
      layout.set_first_arguments(driven, *states);
      layout.set_arguments(*states);
    }
    std::vector<double> heat(8, 0.0);
    layout.add_heat(from, to, heat.data());
    INFO("network " << which);
    CHECK(heat[0] == Approx(expected).epsilon(1e-3).margin(1e-4));
  }
}

TEST_CASE("tanh and sigmoid are those of the library to the last digits", "[quasistatic][network]") {
  for (double y = -45; y < 45; y += .0137) {
    CHECK(std::abs(activate(Activation::tanh, y) - std::tanh(y)) < 4e-16);
    CHECK(std::abs(activate(Activation::sigmoid, y) - 1 / (1 + std::exp(-y))) < 4e-16);
  }
}

TEST_CASE("all instruction sets give the units the same bits", "[quasistatic][network]") {
  Draws draws(13);
  const UnitKernels low = unit_kernels_v2(), best = unit_kernels();
  const double kappa[3] = {1.3, .7, 2.2};
  szilard::support::AlignedVector<double> x(72), y(72), x2(72), y2(72);
  for (std::size_t i = 0; i < 72; ++i)
    x[i] = draws.gaussian(), y[i] = draws.gaussian(), x2[i] = draws.gaussian(), y2[i] = draws.gaussian();
  for (int activation = 0; activation < 4; ++activation) {
    szilard::support::AlignedVector<double> a(24, 0.0), b(24, 0.0), p(72), q(72), r(72), s(72);
    low.heat(activation, {3, 24, kappa}, x.data(), y.data(), x2.data(), y2.data(), a.data());
    best.heat(activation, {3, 24, kappa}, x.data(), y.data(), x2.data(), y2.data(), b.data());
    low.energy(activation, {3, 24, kappa}, x.data(), y.data(), -1, a.data());
    best.energy(activation, {3, 24, kappa}, x.data(), y.data(), -1, b.data());
    low.pull(activation, {3, 24, kappa}, x.data(), y.data(), p.data(), q.data());
    best.pull(activation, {3, 24, kappa}, x.data(), y.data(), r.data(), s.data());
    CHECK(a == b);
    CHECK(p == r);
    CHECK(q == s);
  }
}

TEST_CASE("stiffness and friction that are not positive are refused, and named", "[quasistatic][network][bad]") {
  for (double wrong : {0.0, -1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    Network network = printed_network(Activation::tanh);
    network.layers[0].stiffness[1] = wrong;
    CHECK_THROWS_WITH(network.check(), Catch::Contains("stiffness of unit 1"));
    network = printed_network(Activation::tanh);
    network.layers[1].friction[0] = wrong;
    CHECK_THROWS_WITH(network.check(), Catch::Contains("friction of unit 0"));
  }
}

TEST_CASE("networks that do not fit together are refused", "[quasistatic][network][bad]") {
  CHECK_THROWS_AS(Network{}.check(), std::invalid_argument);
  Network network = printed_network(Activation::relu);
  network.layers[0].map.weights(1, 0) = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH(network.check(), Catch::Contains("weight is not finite"));
  network = printed_network(Activation::relu);
  network.layers[0].of_units = {2, {0, 1}};
  CHECK_THROWS_WITH(network.check(), Catch::Contains("1 are delivered"));
  network.layers[0].of_units = {2, {0, 2, 1, 0}};
  CHECK_THROWS_WITH(network.check(), Catch::Contains("outside"));
  network = printed_network(Activation::relu);
  network.layers[1].stiffness.push_back(1);
  CHECK_THROWS_WITH(network.check(), Catch::Contains("one stiffness a unit"));
  CHECK_THROWS_AS(feed_forward(printed_network(Activation::relu), block({{1, 2, 3}})), std::invalid_argument);
  CHECK_THROWS_AS(evaluate(printed_network(Activation::relu), block({{1, 2}}), block({{1, 2}})), std::invalid_argument);
}
