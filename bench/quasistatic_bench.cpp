// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Steps of quasi-static trajectories against the bare cost of what each step needs: two forward and two transposed
// products of every layer behind the first, and one Gaussian a unit. Both in the same run, by processor time.
#include <benchmark/benchmark.h>

#include <cmath>
#include <ctime>
#include <vector>

#include "models/linear/product.hpp"
#include "models/quasistatic/ramp.hpp"
#include "models/support/aligned_vector.hpp"
#include "models/support/philox.hpp"

namespace szilard::bench {
namespace {

using quasistatic::Activation;
using support::RandomStream;

constexpr std::size_t kSteps = 200, kSamples = 1000, kBareLanes = 96;

/// Sizes of the handwritten-digit network, weights at random.
quasistatic::Network network(Activation hidden) {
  const std::size_t sizes[] = {784, 128, 64, 10};
  const RandomStream random(1, support::stream_of("quasistatic_bench"));
  quasistatic::Network out;
  for (std::size_t l = 1; l < 4; ++l) {
    quasistatic::Layer layer;
    linear::RowMatrix weights(Eigen::Index(sizes[l]), Eigen::Index(sizes[l - 1]));
    for (Eigen::Index i = 0; i < weights.size(); ++i)
      weights.data()[i] = random.gaussian(l, std::uint32_t(i)) / std::sqrt(double(sizes[l - 1]));
    layer.map = linear::dense_map("layer", std::move(weights), std::vector<double>(sizes[l], 0.1));
    layer.activation = l < 3 ? hidden : Activation::linear;
    layer.stiffness.assign(sizes[l], 1e4);
    layer.friction.assign(sizes[l], 1e4);
    out.layers.push_back(std::move(layer));
  }
  return out;
}

support::SignalBlock inputs(std::uint64_t sample) {
  support::SignalBlock out(0, kSamples, 784);
  RandomStream(2, 3).gaussians_block(sample, kSamples, out.stride(), 0, 784, out.row(0));
  return out;
}

double cpu_s() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
}

/// Seconds of processor time that the products and Gaussians of all steps take by themselves.
double bare_s(const quasistatic::Network& net) {
  support::AlignedVector<double> a(256 * kBareLanes, 0.5), b(256 * kBareLanes, 0.5);
  std::vector<const double*> in(256);
  std::vector<double*> out(256);
  for (std::size_t i = 0; i < 256; ++i) in[i] = a.data() + i * kBareLanes, out[i] = b.data() + i * kBareLanes;
  std::vector<linear::RowMatrix> transposed;
  for (const quasistatic::Layer& layer : net.layers) transposed.push_back(layer.map.weights.transpose());
  const RandomStream random(5, 6);
  const double start = cpu_s();
  for (std::size_t first = 0; first < kSamples; first += kBareLanes)
    for (std::size_t step = 0; step < kSteps; ++step) {
      random.gaussians_block(first, kBareLanes, kBareLanes, 0, net.units(), a.data());
      for (int stage = 0; stage < 2; ++stage)
        for (std::size_t l = 1; l < net.layers.size(); ++l) {
          const linear::RowMatrix &w = net.layers[l].map.weights, &t = transposed[l];
          linear::product(w.data(), std::size_t(w.cols()), nullptr, in.data(), std::size_t(w.rows()),
                          std::size_t(w.cols()), kBareLanes, out.data());
          linear::product(t.data(), std::size_t(t.cols()), nullptr, in.data(), std::size_t(t.rows()),
                          std::size_t(t.cols()), kBareLanes, out.data());
        }
      benchmark::ClobberMemory();
    }
  return (cpu_s() - start) * double(kSamples) / double((kSamples + kBareLanes - 1) / kBareLanes * kBareLanes);
}

void ramp(benchmark::State& state, Activation hidden, quasistatic::Integrator integrator) {
  const quasistatic::Network net = network(hidden);
  const support::SignalBlock from = inputs(0), to = inputs(kSamples);
  quasistatic::RampRequest request;
  request.duration = 10;
  request.steps = kSteps;
  request.integrator = integrator;
  double own = 0, bare = 0;
  for (auto _ : state) {
    const double start = cpu_s();
    benchmark::DoNotOptimize(quasistatic::ramp(net, from, to, request).work.data());
    own += cpu_s() - start;
    bare += bare_s(net);
  }
  state.counters["steps/s"] = double(kSteps * kSamples) * double(state.iterations()) / own;
  state.counters["ramp_s"] = own / double(state.iterations());
  state.counters["bare/own"] = bare / own;
}

BENCHMARK_CAPTURE(ramp, relu, Activation::relu, quasistatic::Integrator::heun)->Unit(benchmark::kSecond)->Iterations(3);
// Of the same bare cost, Heun's: what exact steps cost more.
BENCHMARK_CAPTURE(ramp, relu_pieces, Activation::relu, quasistatic::Integrator::pieces)
    ->Unit(benchmark::kSecond)
    ->Iterations(1);
BENCHMARK_CAPTURE(ramp, tanh, Activation::tanh, quasistatic::Integrator::heun)->Unit(benchmark::kSecond)->Iterations(1);

}  // namespace
}  // namespace szilard::bench

BENCHMARK_MAIN();
