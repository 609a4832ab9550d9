// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Langevin steps of the double well beside the bare Gaussians that they take (one a step), in the same run: the ratio
// of the best rates is printed last. Live resets, and draws from a calibrated table that take their place, stand below.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <iostream>

#include "models/neuron/reset_physics/calibrated_reset.hpp"
#include "models/neuron/reset_physics/double_well.hpp"
#include "models/neuron/reset_physics/two_level.hpp"
#include "models/support/aligned_vector.hpp"

namespace szilard::bench {
namespace {

using namespace reset_physics;

DoubleWellReset double_well() {
  DoubleWellReset reset;
  reset.schedule = four_stage(10, 16);
  reset.duration = 1;
  return reset;
}

void gaussians(benchmark::State& state) {
  const std::size_t samples = state.range(0), count = state.range(1);
  const support::RandomStream random(1, 2);
  support::AlignedVector<double> out(samples * count);
  std::uint64_t sample = 0;
  for (auto _ : state) {
    random.gaussians_block(sample, samples, samples, 0, count, out.data());
    sample += samples;
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(std::int64_t(state.iterations() * samples * count));
}

void langevin_steps(benchmark::State& state) {
  const DoubleWellSimulator simulator(double_well());
  const std::size_t paths = 4096;
  std::uint64_t first = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(simulator.simulate(paths, support::RandomStream(1, 3), first));
    first += paths;
  }
  state.SetItemsProcessed(std::int64_t(state.iterations() * paths * simulator.steps()));
}

void two_level_resets(benchmark::State& state) {
  TwoLevelReset reset;
  reset.duration = 100;
  std::uint64_t first = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(simulate(reset, 1000, support::RandomStream(1, 4), first));
    first += 1000;
  }
  state.SetItemsProcessed(std::int64_t(state.iterations() * 1000));
}

void calibrated_draws(benchmark::State& state) {
  const CalibratedReset table(simulate(double_well(), 20000, support::RandomStream(1, 5)));
  const support::RandomStream random(1, 6);
  std::uint64_t sample = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(table.draw(sample % 2 == 0, random, sample, 0));
    ++sample;
  }
  state.SetItemsProcessed(std::int64_t(state.iterations()));
}

/// Keeps the best rates of both.
class RatioReporter final : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      const auto rate = run.counters.find("items_per_second");
      if (run.run_type != Run::RT_Iteration || rate == run.counters.end()) continue;
      if (run.run_name.function_name == "gaussians") gaussians_ = std::max(gaussians_, double(rate->second));
      if (run.run_name.function_name == "langevin_steps") steps_ = std::max(steps_, double(rate->second));
    }
  }
  void print_ratio() const {
    if (gaussians_ > 0 && steps_ > 0)
      std::cout << "Langevin steps over bare Gaussians: " << steps_ / gaussians_ << " (" << steps_ << " over "
                << gaussians_ << " a second)\n";
  }

 private:
  double gaussians_ = 0, steps_ = 0;
};

}  // namespace
}  // namespace szilard::bench

int main(int argc, char** argv) {
  using namespace szilard::bench;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  // In turns, so that both meet the same neighbours on a shared machine.
  for (int turn = 0; turn < 3; ++turn) {
    benchmark::RegisterBenchmark("gaussians", gaussians)->Args({32, 64})->Args({64, 128})->MinTime(0.2);
    benchmark::RegisterBenchmark("langevin_steps", langevin_steps)->MinTime(0.2);
  }
  benchmark::RegisterBenchmark("two_level_resets", two_level_resets)->MinTime(0.1);
  benchmark::RegisterBenchmark("calibrated_draws", calibrated_draws)->MinTime(0.1);
  RatioReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  reporter.print_ratio();
  return 0;
}
