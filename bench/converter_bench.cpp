// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
//
// What a conversion costs with errors, against bare rounding in the same run: 128 ADCs, 96 samples at once.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "models/electronic/converters/converter.hpp"
#include "models/support/aligned_vector.hpp"
#include "models/support/philox.hpp"

namespace szilard::bench {
namespace {

using electronic::Converter;
using electronic::ConverterBank;
using electronic::EnergyModel;
using electronic::Mismatch;

constexpr std::size_t kConverters = 128, kLanes = 96;

support::AlignedVector<double> signals() {
  support::AlignedVector<double> values(kConverters * kLanes);
  const support::RandomStream stream(1, 1);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = 2.4 * stream.uniform(i, 0) - 1.2;
  return values;
}

Converter adc() {
  Converter converter;
  converter.quantiser = {8, 1.0, true};
  return converter;
}

void bare_rounding(benchmark::State& state) {
  const support::AlignedVector<double> in = signals();
  support::AlignedVector<double> out(in.size());
  const Converter converter = adc();
  for (auto _ : state) {
    for (std::size_t c = 0; c < kConverters; ++c)
      converter.quantiser.quantise(&in[c * kLanes], kLanes, &out[c * kLanes]);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(std::int64_t(state.iterations() * in.size()));
}

void bank(benchmark::State& state, const Converter& converter) {
  const support::AlignedVector<double> in = signals();
  support::AlignedVector<double> out(in.size());
  ConverterBank converters(converter, ConverterBank::Direction::to_digital, kConverters, 1, "bench");
  std::uint64_t first_sample = 0;
  for (auto _ : state) {
    converters.start(first_sample, kLanes);
    for (std::size_t c = 0; c < kConverters; ++c)
      converters.convert(c, std::uint32_t(c), &in[c * kLanes], &out[c * kLanes]);
    benchmark::ClobberMemory();
    first_sample += kLanes;
  }
  state.SetItemsProcessed(std::int64_t(state.iterations() * in.size()));
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
    const auto bare = best_.find("bare_rounding");
    for (const auto& [name, rate] : best_) {
      std::cout << name << ": " << 1e9 / rate << " ns a conversion";
      if (bare != best_.end()) std::cout << ", time of " << bare->second / rate << " bare roundings";
      std::cout << '\n';
    }
  }

 private:
  std::map<std::string, double> best_;
};

void register_all() {
  const auto add = [](const std::string& name, auto run) {
    benchmark::RegisterBenchmark(name.c_str(), run)->MinTime(0.2)->Repetitions(3)->Unit(benchmark::kMicrosecond);
  };
  const auto add_bank = [&](const std::string& name, auto change) {
    Converter converter = adc();
    change(converter);
    add(name, [converter](benchmark::State& state) { bank(state, converter); });
  };
  add("bare_rounding", bare_rounding);
  add_bank("gain_and_offset", [](Converter& c) { c.imperfections.gain_spread = 0.02; });
  add_bank("noise", [](Converter& c) { c.imperfections.noise_lsb = 0.5; });
  for (const auto& [name, law] :
       {std::pair{"unit_steps", Mismatch::unit_steps}, std::pair{"binary_weights", Mismatch::binary_weights},
        std::pair{"independent", Mismatch::independent}}) {
    add_bank(name, [law = law](Converter& c) {
      c.imperfections.mismatch = law;
      c.imperfections.mismatch_lsb = 0.2;
    });
  }
  add_bank("energy_of_codes", [](Converter& c) {
    c.energy_model = EnergyModel::charge_decrement;
    c.architecture.energy_per_step_j = 1e-15;
  });
  add_bank("all", [](Converter& c) {
    c.imperfections.gain_spread = 0.02;
    c.imperfections.noise_lsb = 0.5;
    c.imperfections.mismatch = Mismatch::unit_steps;
    c.imperfections.mismatch_lsb = 0.2;
    c.energy_model = EnergyModel::charge_decrement;
    c.architecture.energy_per_step_j = 1e-15;
  });
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
