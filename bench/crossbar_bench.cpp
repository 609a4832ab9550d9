// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Noisy crossbar inference, 784-256-128-10 with 8-bit converters and read noise, energies booked, beside the three bare
// products of the same precision in the same run. Ends with inferences a second and the ratios.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/electronic/crossbar_stage.hpp"
#include "models/energy/ledger.hpp"
#include "models/linear/product.hpp"
#include "models/support/aligned_vector.hpp"
#include "models/support/philox.hpp"

namespace szilard::bench {
namespace {

using electronic::CrossbarParameters;
using electronic::CrossbarStage;
using electronic::Precision;
using electronic::ReadNoise;

constexpr std::size_t kSizes[] = {784, 256, 128, 10};
constexpr std::size_t kBlock = 256, kBlocks = 16;

linear::LinearMap layer(std::size_t index) {
  const std::size_t inputs = kSizes[index], outputs = kSizes[index + 1];
  const support::RandomStream stream(1, static_cast<std::uint32_t>(index));
  linear::RowMatrix weights(outputs, inputs);
  for (Eigen::Index i = 0; i < weights.size(); ++i) weights.data()[i] = stream.uniform(0, std::uint32_t(i)) - 0.5;
  return linear::dense_map("fc" + std::to_string(index + 1), weights, std::vector<double>(outputs, 0.1));
}

CrossbarParameters parameters(Precision precision, ReadNoise noise, std::size_t tile) {
  CrossbarParameters p;
  p.rows = p.columns = tile;
  p.device.minimum_conductance_s = 1e-6;
  p.device.maximum_conductance_s = 40e-6;
  p.device.read_noise = noise;
  p.device.read_noise_sigma = 0.01;
  p.read_voltage_v = 0.5;
  p.read_time_s = 10e-9;
  p.settling_time_s = 2e-9;
  p.row_capacitance_per_cell_f = 0.1e-15;
  p.input = electronic::Converter{{8, 1.0, false}, 0.3e-12, 1e-9};
  p.output = electronic::Converter{{8, 16.0, true}, 1.7e-12, 1e-9};
  p.precision = precision;
  return p;
}

void rectify(support::SignalBlock& block) {
  for (std::size_t f = 0; f < block.features(); ++f) {
    double* row = block.row(f);
    for (std::size_t s = 0; s < block.stride(); ++s) row[s] = row[s] > 0 ? row[s] : 0.0;
  }
}

void inference(benchmark::State& state, Precision precision, ReadNoise noise, std::size_t tile) {
  energy::Ledger ledger(0, kBlock * kBlocks);
  std::vector<std::unique_ptr<CrossbarStage>> stages;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string name = "rram/fc" + std::to_string(i + 1);
    stages.push_back(std::make_unique<CrossbarStage>(layer(i), parameters(precision, noise, tile), 1.0, 1, name));
    stages.back()->open_accounts(name, ledger);
  }
  std::vector<support::SignalBlock> images;
  for (std::size_t b = 0; b < kBlocks; ++b) {
    images.emplace_back(b * kBlock, kBlock, kSizes[0]);
    const support::RandomStream stream(2, 3);
    for (std::size_t f = 0; f < kSizes[0]; ++f) {
      for (std::size_t s = 0; s < kBlock; ++s) images[b].row(f)[s] = stream.uniform(b * kBlock + s, std::uint32_t(f));
    }
  }
  std::size_t block = 0;
  for (auto _ : state) {
    support::SignalBlock signal = stages[0]->forward(images[block], ledger);
    rectify(signal);
    signal = stages[1]->forward(signal, ledger);
    rectify(signal);
    signal = stages[2]->forward(signal, ledger);
    benchmark::DoNotOptimize(signal.row(0)[0]);
    block = (block + 1) % kBlocks;
  }
  state.SetItemsProcessed(std::int64_t(state.iterations() * kBlock));
}

template <typename Real>
void bare_products(benchmark::State& state) {
  support::AlignedVector<Real> signals[4], weights[3];
  std::vector<const Real*> in[3];
  std::vector<Real*> out[3];
  for (std::size_t i = 0; i < 4; ++i) signals[i].assign(kSizes[i] * kBlock, Real(0.5));
  for (std::size_t i = 0; i < 3; ++i) {
    const linear::LinearMap map = layer(i);
    weights[i].assign(map.weights.data(), map.weights.data() + map.weights.size());
    for (std::size_t k = 0; k < kSizes[i]; ++k) in[i].push_back(&signals[i][k * kBlock]);
    for (std::size_t o = 0; o < kSizes[i + 1]; ++o) out[i].push_back(&signals[i + 1][o * kBlock]);
  }
  for (auto _ : state) {
    for (std::size_t i = 0; i < 3; ++i) {
      linear::product(weights[i].data(), kSizes[i], nullptr, in[i].data(), kSizes[i + 1], kSizes[i], kBlock,
                      out[i].data());
    }
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(std::int64_t(state.iterations() * kBlock));
}

/// Keeps the best rate of each benchmark, so that neighbours on a shared machine disturb the ratios least.
class RatioReporter final : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      const auto rate = run.counters.find("items_per_second");
      if (run.run_type != Run::RT_Iteration || rate == run.counters.end()) continue;
      double& best = best_[run.run_name.function_name];
      best = std::max(best, double(rate->second));
    }
  }

  void print() const {
    for (const auto& [name, rate] : best_) {
      const auto bare = best_.find(name.find("double") == std::string::npos ? "bare_single" : "bare_double");
      std::cout << name << ": " << static_cast<long>(rate) << " inferences/s";
      if (bare != best_.end()) std::cout << ", time of " << bare->second / rate << " bare passes";
      std::cout << '\n';
    }
  }

 private:
  std::map<std::string, double> best_;
};

void register_all() {
  const auto add = [](const std::string& name, auto run) {
    benchmark::RegisterBenchmark(name.c_str(), run)->MinTime(0.3)->Repetitions(3)->Unit(benchmark::kMicrosecond);
  };
  const auto add_inference = [&](const std::string& name, Precision precision, ReadNoise noise, std::size_t tile) {
    add(name, [=](benchmark::State& state) { inference(state, precision, noise, tile); });
  };
  add("bare_single", bare_products<float>);
  add_inference("single_independent_tile_256", Precision::single_precision, ReadNoise::independent, 256);
  add_inference("single_independent_tile_128", Precision::single_precision, ReadNoise::independent, 128);
  add_inference("single_proportional_tile_256", Precision::single_precision, ReadNoise::proportional, 256);
  add_inference("single_noiseless_tile_256", Precision::single_precision, ReadNoise::none, 256);
  add_inference("sixteen_bit_independent_tile_256", Precision::sixteen_bit, ReadNoise::independent, 256);
  add_inference("sixteen_bit_independent_tile_128", Precision::sixteen_bit, ReadNoise::independent, 128);
  add_inference("sixteen_bit_proportional_tile_256", Precision::sixteen_bit, ReadNoise::proportional, 256);
  add("bare_double", bare_products<double>);
  add_inference("double_independent_tile_256", Precision::double_precision, ReadNoise::independent, 256);
  add_inference("double_proportional_tile_256", Precision::double_precision, ReadNoise::proportional, 256);
}

}  // namespace
}  // namespace szilard::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  szilard::bench::register_all();
  szilard::bench::RatioReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  reporter.print();
  benchmark::Shutdown();
}
