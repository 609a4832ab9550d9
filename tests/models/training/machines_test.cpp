// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>

#include "models/quasistatic/clamped.hpp"
#include "models/training/descent.hpp"
#include "models/training/machines.hpp"
#include "models/training/trainer.hpp"
#include "tests/models/quasistatic/networks.hpp"

using namespace szilard;
using namespace szilard::training;
using quasistatic::Activation;
using quasistatic::Network;
using quasistatic::test::Draws;
using support::SignalBlock;

namespace {

Entries random_entries(Draws& draws, std::size_t count, std::size_t inputs, std::size_t outputs) {
  Entries out;
  out.count = count, out.inputs = inputs, out.outputs = outputs;
  for (std::size_t i = 0; i < count * inputs; ++i) out.input.push_back(draws.gaussian());
  for (std::size_t i = 0; i < count * outputs; ++i) out.target.push_back(draws.gaussian());
  return out;
}

SignalBlock block(const std::vector<double>& values, std::size_t count, std::size_t features) {
  SignalBlock out(0, count, features);
  for (std::size_t s = 0; s < count; ++s)
    for (std::size_t i = 0; i < features; ++i) out.row(i)[s] = values[s * features + i];
  return out;
}

TrainingRequest slow(std::uint64_t presentations) {
  TrainingRequest out;
  out.order = Order::cyclic;
  out.presentations = presentations;
  out.mobility = 1e-3;
  out.random_start = false;
  return out;
}

/// The force on the parameters at a machine's first entry, as -gradient.
std::vector<quasistatic::LayerGradient> force_at(const Network& network, const Entries& entries, double nudge) {
  const Shape shape(network);
  MachineOptions options;
  options.mobility = 1e-9;
  options.nudge = nudge;
  Machines machines(shape, options, 0);
  for (std::size_t lane = 0; lane < kLanes; ++lane) machines.parameters().set(network, lane);
  const double *inputs[kLanes], *targets[kLanes];
  for (std::size_t lane = 0; lane < kLanes; ++lane)
    inputs[lane] = entries.input_of(0), targets[lane] = entries.target_of(0);
  machines.begin(inputs, targets);
  machines.present(0, inputs, targets, 1);
  std::vector<quasistatic::LayerGradient> out;
  for (std::size_t l = 0; l < shape.layers.size(); ++l) {
    const std::size_t rows = shape.layers[l].outputs, columns = shape.layers[l].inputs;
    quasistatic::LayerGradient layer{linear::RowMatrix(Eigen::Index(rows), Eigen::Index(columns)),
                                     std::vector<double>(rows)};
    for (std::size_t o = 0; o < rows; ++o) {
      layer.bias[o] = -machines.strain(l)[o * kLanes + 3];
      for (std::size_t k = 0; k < columns; ++k)
        layer.weights(Eigen::Index(o), Eigen::Index(k)) = layer.bias[o] * machines.signal(l)[k * kLanes + 3];
    }
    out.push_back(layer);
  }
  return out;
}

double scaled_deviation(std::vector<quasistatic::LayerGradient> a, double factor,
                        const std::vector<quasistatic::LayerGradient>& b) {
  for (auto& layer : a) layer.weights *= factor;
  return quasistatic::relative_deviation(a, b);
}

}  // namespace

TEST_CASE("the force on the parameters is the stress of the clamped minimum that Newton's method finds",
          "[training][stress]") {
  const std::uint64_t seed = GENERATE(1, 2, 3);
  INFO("seed " << seed);
  Draws draws(seed);
  for (Activation activation : {Activation::linear, Activation::tanh, Activation::sigmoid, Activation::relu}) {
    const std::vector<std::size_t> sizes =
        activation == Activation::relu ? std::vector<std::size_t>{4, 6, 3} : std::vector<std::size_t>{4, 6, 5, 3};
    const Network network = quasistatic::test::random_network(draws, sizes, activation);
    const Entries entries = random_entries(draws, 1, 4, 3);
    const SignalBlock u = block(entries.input, 1, 4), target = block(entries.target, 1, 3);
    const auto newton = quasistatic::stress_gradient(network, u, quasistatic::relax_clamped(network, u, target));
    CHECK(quasistatic::relative_deviation(force_at(network, entries, 0), newton) < 1e-7);
  }
}

TEST_CASE(
    "nudged outputs: the stress over the nudge tends to the gradient of the error, whatever the stiffness of hidden "
    "units",
    "[training][nudge]") {
  Draws draws(4);
  const Network network = quasistatic::test::random_network(draws, {4, 6, 3}, Activation::tanh);
  Network weighed = network;  // the loss that the nudge stands for has the same stiffness at every output
  std::fill(weighed.layers.back().stiffness.begin(), weighed.layers.back().stiffness.end(), 1.0);
  const Entries entries = random_entries(draws, 1, 4, 3);
  const auto digital = quasistatic::backpropagate(weighed, block(entries.input, 1, 4), block(entries.target, 1, 3));
  double before = 0;
  for (double nudge : {1e-2, 1e-3, 1e-4}) {
    const double deviation = scaled_deviation(force_at(network, entries, nudge), 1 / nudge, digital.gradient);
    INFO("nudge " << nudge << ": " << deviation);
    if (before > 0) CHECK(deviation / before == Approx(0.1).epsilon(0.1));
    before = deviation;
  }
  CHECK(before < 1e-3);
  // Clamped hard, the same network is far from it.
  CHECK(scaled_deviation(force_at(network, entries, 0), 1, digital.gradient) > 0.1);
}

TEST_CASE("a jump of the clamps costs the neurons what H stands above its new minimum", "[training][ledger]") {
  Draws draws(5);
  const Network network = quasistatic::test::random_network(draws, {3, 5, 2}, Activation::tanh);
  const Entries entries = random_entries(draws, 2, 3, 2);
  TrainingRequest request = slow(2);
  request.mobility = 1e-12;
  Trainer trainer(network, entries, request);
  trainer.advance();
  const MachineLedger one = trainer.ledger(0);
  CHECK(std::abs(one.supplied) < 1e-12);  // the first entry was there from the start
  trainer.advance();
  const SignalBlock u = block(entries.input, 2, 3), target = block(entries.target, 2, 2);
  const quasistatic::ClampedState minimum = quasistatic::relax_clamped(network, u, target);
  SignalBlock moved = minimum.units.sibling(minimum.units.features());
  for (std::size_t i = 0; i < moved.features(); ++i)
    moved.row(i)[1] = i < 5 ? minimum.units.row(i)[0] : target.row(i - 5)[1];
  for (std::size_t i = 0; i < moved.features(); ++i) moved.row(i)[0] = minimum.units.row(i)[0];
  const double jump = quasistatic::evaluate(network, u, moved).energy[1];
  const MachineLedger both = trainer.ledger(0);
  CHECK(both.neurons == Approx(jump - minimum.energy[1]).epsilon(1e-8));
  CHECK(both.supplied == Approx(jump - minimum.energy[0]).epsilon(1e-8));
  CHECK(both.parameters < 1e-8 * both.neurons);
}

TEST_CASE("a slow switch costs the neurons less and less, as one over its time", "[training][ledger]") {
  Draws draws(6);
  const Network network = quasistatic::test::random_network(draws, {3, 5, 2}, Activation::linear);
  const Entries entries = random_entries(draws, 2, 3, 2);
  std::vector<double> heats;
  for (double time : {200.0, 400.0, 800.0}) {
    TrainingRequest request = slow(2);
    request.mobility = 1e-12;
    request.switch_time = time;
    Trainer trainer(network, entries, request);
    while (!trainer.done()) trainer.advance();
    heats.push_back(trainer.ledger(0).neurons);
  }
  CHECK(heats[1] / heats[0] == Approx(0.5).epsilon(0.02));
  CHECK(heats[2] / heats[1] == Approx(0.5).epsilon(0.02));
}

TEST_CASE("work, the two heats and the change of H close, relaxed and in time", "[training][ledger]") {
  const std::uint64_t seed = GENERATE(7, 8);
  INFO("seed " << seed);
  Draws draws(seed);
  for (Activation activation : {Activation::linear, Activation::tanh, Activation::sigmoid, Activation::relu}) {
    const Network network = quasistatic::test::random_network(draws, {3, 5, 2}, activation);
    const Entries entries = random_entries(draws, 4, 3, 2);
    for (bool langevin : {false, true})
      for (double nudge : {0.0, 0.3})
        for (double kT : {0.0, 0.1}) {
          if (langevin && (kT > 0) != (nudge > 0)) continue;
          TrainingRequest request = slow(langevin ? 4 : 12);
          request.mobility = 0.02;
          request.langevin = langevin;
          request.nudge = nudge;
          request.kT_parameters = request.kT_neurons = kT;
          request.switch_time = langevin ? 0.2 : 0;
          request.exposure = langevin ? 0.3 : 1;
          Trainer trainer(network, entries, request);
          while (!trainer.done()) trainer.advance();
          const MachineLedger seen = trainer.ledger(0);
          const double scale = std::abs(seen.supplied) + std::abs(seen.parameters) + std::abs(seen.neurons);
          INFO(int(activation) << " langevin " << langevin << " nudge " << nudge << " kT " << kT);
          CHECK(std::abs(seen.supplied - seen.parameters - seen.neurons - seen.stored) < 1e-11 * scale);
        }
  }
}

TEST_CASE("what a machine does depends neither on its neighbours nor on an interruption, bit for bit",
          "[training][determinism]") {
  Draws draws(9);
  const Network network = quasistatic::test::random_network(draws, {3, 6, 2}, Activation::relu);
  const Entries entries = random_entries(draws, 7, 3, 2);
  const bool langevin = GENERATE(false, true);
  TrainingRequest request = slow(langevin ? 20 : 30);
  request.exposure = langevin ? 0.1 : 1;
  request.order = Order::reshuffled;
  request.random_start = true;
  request.mobility = 0.05;
  request.kT_parameters = 0.01;
  request.kT_neurons = 0.01;
  request.langevin = langevin;
  request.measure_from = 10;
  request.machines = 11;
  Trainer whole(network, entries, request);
  while (!whole.done()) whole.advance();

  Trainer first(network, entries, request);
  for (int i = 0; i < 17; ++i) first.advance();
  Trainer second(network, entries, request);
  second.load(first.save());
  while (!second.done()) second.advance();
  CHECK(second.save() == whole.save());

  request.machines = 3;
  Trainer fewer(network, entries, request);
  while (!fewer.done()) fewer.advance();
  for (std::size_t m = 0; m < 3; ++m) {
    CHECK(fewer.machine(m).layers[0].map.weights == whole.machine(m).layers[0].map.weights);
    CHECK(fewer.machine(m).layers[1].map.bias == whole.machine(m).layers[1].map.bias);
    CHECK(fewer.ledger(m).neurons == whole.ledger(m).neurons);
  }
  CHECK(whole.machine(0).layers[0].map.weights != whole.machine(1).layers[0].map.weights);
}

TEST_CASE("entries that come and go within the neurons' relaxation time do not average their gradients",
          "[training][batch]") {
  // D18: fast entries leave hidden units at the mean force's state, where <sigma x> has become <sigma><x>.
  Network network;
  network.layers.push_back(
      quasistatic::test::layer(linear::RowMatrix::Constant(1, 1, 0.8), {0}, Activation::linear, {1}));
  network.layers.push_back(
      quasistatic::test::layer(linear::RowMatrix::Constant(1, 1, 1.1), {0}, Activation::linear, {1}));
  Entries entries;
  entries.count = 2, entries.inputs = entries.outputs = 1;
  entries.input = {1, -1};
  entries.target = {2, -2};
  const auto weight_move = [&](double exposure) {
    TrainingRequest request = slow(std::uint64_t(40 / exposure));
    request.langevin = true;
    request.biases = false;
    request.exposure = exposure;
    request.mobility = 1e-6;
    Trainer trainer(network, entries, request);
    while (!trainer.done()) trainer.advance();
    return (trainer.machine(0).layers[1].map.weights(0, 0) - 1.1) / (1e-6 * 40);
  };
  // Slow: k_eff e x with the clamped neuron; fast: the hidden unit stays near 0 and the second weight is not pulled at
  // all.
  const double k = 1 / (1 + 1.1 * 1.1), error = 2 - 0.88, hidden = 0.8 + k * error * 1.1;
  CHECK(weight_move(20) == Approx(k * error * hidden).epsilon(0.1));
  CHECK(std::abs(weight_move(0.02)) < 0.02 * k * error * hidden);
}

TEST_CASE("a machine in use has no mean force on its parameters, they diffuse by 2 kT mu t", "[training][freeze]") {
  Draws draws(10);
  const Network network = quasistatic::test::random_network(draws, {2, 3, 1}, Activation::tanh);
  const Shape shape(network);
  MachineOptions options;
  options.langevin = true;
  options.mobility = 1e-3;
  options.kT_parameters = options.kT_neurons = 0.2;
  options.exposure = 2;
  std::vector<double> moved, squares;
  const Entries entries = random_entries(draws, 8, 2, 1);
  for (std::uint64_t first = 0; first < 16; first += kLanes) {
    Machines machines(shape, options, first);
    for (std::size_t lane = 0; lane < kLanes; ++lane) machines.parameters().set(network, lane);
    const double *inputs[kLanes], *targets[kLanes];
    for (std::size_t lane = 0; lane < kLanes; ++lane)
      inputs[lane] = entries.input_of(lane), targets[lane] = entries.target_of(lane);
    machines.begin(inputs, targets);
    machines.use(0, inputs, 0);  // the outputs are let go
    const Parameters before = machines.parameters();
    for (std::uint64_t use = 1; use <= 20; ++use) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) inputs[lane] = entries.input_of((lane + use) % 8);
      machines.use(use, inputs, 1);
    }
    for (std::size_t i = 0; i < before.values().size(); ++i) {
      const double away = machines.parameters().values()[i] - before.values()[i];
      moved.push_back(away);
      squares.push_back(away * away);
    }
  }
  double mean = 0, square = 0;
  for (double one : moved) mean += one / double(moved.size());
  for (double one : squares) square += one / double(squares.size());
  const double expected = 2 * 0.2 * 1e-3 * 40, error = std::sqrt(expected / double(moved.size()));
  CHECK(std::abs(mean) < 4 * error);
  CHECK(square == Approx(expected).epsilon(4 * std::sqrt(2.0 / double(squares.size()))));
}

TEST_CASE("descent makes six operations a weight and sample, and follows the gradient", "[training][descent]") {
  Draws draws(12);
  const Network network = quasistatic::test::random_network(draws, {4, 5, 3}, Activation::tanh);
  Entries entries = random_entries(draws, 3, 4, 3);
  entries.input[2] = 0;
  const TrainingRequest request = slow(1);
  Descent descent(network, entries, request, 1e-6, 0);
  descent.advance();
  CHECK(descent.operations().products() == 6 * (4 * 5 + 5 * 3));
  CHECK(descent.operations().touched == 5 * (3 + 1) + 3 * (5 + 1));
  const auto digital = quasistatic::backpropagate(network, block(entries.input, 3, 4), block(entries.target, 3, 3));
  Network one = network;
  const Entries alone{1,
                      4,
                      3,
                      {entries.input.begin(), entries.input.begin() + 4},
                      {entries.target.begin(), entries.target.begin() + 3}};
  const auto gradient = quasistatic::backpropagate(one, block(alone.input, 1, 4), block(alone.target, 1, 3));
  const double stiffness = network.layers[1].stiffness[0];
  for (std::size_t l = 0; l < 2; ++l) {
    const linear::RowMatrix moved =
        (descent.network().layers[l].map.weights - network.layers[l].map.weights) * (-stiffness / 1e-6);
    CHECK((moved - gradient.gradient[l].weights).norm() < 1e-6 * gradient.gradient[l].weights.norm());
  }
  CHECK(digital.loss > 0);
}
