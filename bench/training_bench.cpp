// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Steps of physical training against the bare cost of what each step of Heun's method on neurons and parameters needs:
// two products forwards and two back through every layer, two outer products into the parameters, and a Gaussian for
// each parameter and neuron. Both in the same run, by processor time; one step is one parameter step of one machine.
#include <benchmark/benchmark.h>

#include <cmath>
#include <ctime>
#include <vector>

#include "models/support/philox.hpp"
#include "models/training/machines.hpp"
#include "models/training/trainer.hpp"

namespace szilard::bench {
namespace {

using quasistatic::Activation;
using support::RandomStream;
using training::kLanes;

constexpr std::size_t kEntries = 64, kPresentations = 64;

/// Sizes of the small handwritten digits.
quasistatic::Network network(Activation hidden) {
  const std::size_t sizes[] = {64, 32, 10};
  quasistatic::Network out;
  for (std::size_t l = 1; l < 3; ++l) {
    quasistatic::Layer layer;
    layer.map = linear::dense_map("layer", linear::RowMatrix::Zero(Eigen::Index(sizes[l]), Eigen::Index(sizes[l - 1])),
                                  std::vector<double>(sizes[l], 0.0));
    layer.activation = l < 2 ? hidden : Activation::linear;
    layer.stiffness.assign(sizes[l], l < 2 ? 100 : 1);
    layer.friction = layer.stiffness;
    out.layers.push_back(std::move(layer));
  }
  return out;
}

training::Entries entries() {
  const RandomStream random(1, support::stream_of("training_bench"));
  training::Entries out;
  out.count = kEntries, out.inputs = 64, out.outputs = 10;
  for (std::uint32_t s = 0; s < kEntries; ++s) {
    for (std::uint32_t k = 0; k < 64; ++k) out.input.push_back(random.uniform(s, k));
    for (std::uint32_t o = 0; o < 10; ++o) out.target.push_back(o == s % 10 ? 1 : 0);
  }
  return out;
}

double cpu_s() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
}

/// Seconds of processor time of so many bare steps of kLanes machines.
double bare_s(const quasistatic::Network& net, std::uint64_t steps) {
  const training::Shape shape(net);
  training::Parameters theta(shape), kick(shape);
  training::Numbers x(64 * kLanes, 0.5), y(64 * kLanes, 0.5), units(shape.units() * kLanes, 0.0);
  alignas(64) const double rate[kLanes] = {};
  const RandomStream random(5, 6);
  const auto& kernels = training::lane_kernels();
  const double start = cpu_s();
  for (std::uint64_t n = 0; n < steps; ++n) {
    random.gaussians_block(n, kLanes, kLanes, 0, theta.count(), kick.values().data());
    random.gaussians_block(n, kLanes, kLanes, 0, shape.units(), units.data());
    for (int stage = 0; stage < 2; ++stage)
      for (std::size_t l = 0; l < theta.layers(); ++l) {
        kernels.forward(theta.layer(l), x.data(), y.data());
        if (l > 0) kernels.backward(theta.layer(l), y.data(), x.data());
        kernels.add_outer(theta.layer(l), rate, y.data(), x.data());
      }
    benchmark::ClobberMemory();
  }
  return cpu_s() - start;
}

void train(benchmark::State& state, Activation hidden, bool langevin) {
  const quasistatic::Network net = network(hidden);
  const training::Entries data = entries();
  training::TrainingRequest request;
  request.presentations = kPresentations;
  request.measure_from = kPresentations - 1;
  request.machines = kLanes;
  request.mobility = langevin ? 1e-4 : 1e-2;
  request.langevin = langevin;
  request.kT_parameters = request.kT_neurons = 1e-6;
  double own = 0, bare = 0;
  std::uint64_t steps = 0;
  for (auto _ : state) {
    training::Trainer trainer(net, data, request);
    const double start = cpu_s();
    while (!trainer.done()) trainer.advance();
    own += cpu_s() - start;
    steps += trainer.steps();
    bare += bare_s(net, trainer.steps() / kLanes);
  }
  state.counters["steps/s"] = double(steps) / own;
  state.counters["presentations/s"] = double(kPresentations * kLanes) * double(state.iterations()) / own;
  state.counters["bare/own"] = bare / own;
}

BENCHMARK_CAPTURE(train, langevin_relu, Activation::relu, true)->Unit(benchmark::kSecond)->Iterations(1);
BENCHMARK_CAPTURE(train, langevin_tanh, Activation::tanh, true)->Unit(benchmark::kSecond)->Iterations(1);
BENCHMARK_CAPTURE(train, relaxed_relu, Activation::relu, false)->Unit(benchmark::kSecond)->Iterations(8);
BENCHMARK_CAPTURE(train, relaxed_tanh, Activation::tanh, false)->Unit(benchmark::kSecond)->Iterations(4);

}  // namespace
}  // namespace szilard::bench

BENCHMARK_MAIN();
