// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Forward products and Gaussians, each product beside Eigen's on the same numbers in the same run. Rates are per second
// of processor time, so that neighbours on a shared machine disturb them little. Ends with the ratios.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "bench/models_kernels_peer.hpp"
#include "models/linear/product.hpp"
#include "models/support/aligned_vector.hpp"
#include "models/support/philox.hpp"

namespace szilard::bench {
namespace {

template <typename T>
struct Operands {
  support::AlignedVector<T> weights, x, out;
  std::vector<const T*> x_rows;
  std::vector<T*> out_rows;

  Operands(std::size_t outputs, std::size_t terms, std::size_t lanes)
      : weights(outputs * terms), x(terms * lanes), out(outputs * lanes) {
    const support::RandomStream stream(1, support::stream_of("models_kernels_bench"));
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = T(stream.uniform(0, std::uint32_t(i)) - 0.5);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = T(stream.uniform(1, std::uint32_t(i)));
    for (std::size_t k = 0; k < terms; ++k) x_rows.push_back(x.data() + k * lanes);
    for (std::size_t o = 0; o < outputs; ++o) out_rows.push_back(out.data() + o * lanes);
  }
};

void count_flops(benchmark::State& state) {
  const double flops = 2.0 * double(state.range(0)) * double(state.range(1)) * double(state.range(2));
  state.counters["GF/s"] = benchmark::Counter(flops * 1e-9 * double(state.iterations()), benchmark::Counter::kIsRate);
}

template <typename T>
void own_product(benchmark::State& state) {
  const std::size_t terms = state.range(0), outputs = state.range(1), lanes = state.range(2);
  Operands<T> operands(outputs, terms, lanes);
  for (auto _ : state) {
    linear::product(operands.weights.data(), terms, nullptr, operands.x_rows.data(), outputs, terms, lanes,
                    operands.out_rows.data());
    benchmark::ClobberMemory();
  }
  count_flops(state);
}

template <typename T>
void peer_product(benchmark::State& state) {
  const std::size_t terms = state.range(0), outputs = state.range(1), lanes = state.range(2);
  Operands<T> operands(outputs, terms, lanes);
  for (auto _ : state) {
    eigen_product(operands.weights.data(), operands.x.data(), outputs, terms, lanes, operands.out.data());
    benchmark::ClobberMemory();
  }
  count_flops(state);
}

template <bool is_single>
void gaussians_block(benchmark::State& state) {
  const std::size_t samples = state.range(0), count = 128;
  const support::RandomStream stream(1, 2);
  support::AlignedVector<double> out(count * samples);
  std::uint64_t sample = 0;
  for (auto _ : state) {
    if (is_single) {
      stream.gaussians_single_block(sample, samples, samples, 0, count, out.data());
    } else {
      stream.gaussians_block(sample, samples, samples, 0, count, out.data());
    }
    sample += samples;
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(std::int64_t(state.iterations() * count * samples));
}

void gaussians(benchmark::State& state) {
  const std::size_t count = state.range(0);
  const support::RandomStream stream(1, 2);
  support::AlignedVector<double> out(count);
  std::uint64_t sample = 0;
  for (auto _ : state) {
    stream.gaussians(sample++, 0, count, out.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(std::int64_t(state.iterations() * count));
}

// Shapes are terms x outputs x lanes. Own and peer stand next to one another so that they meet the same neighbours on a
// shared machine.
void register_all() {
  const std::vector<std::vector<std::int64_t>> shapes = {
      {784, 128, 8}, {784, 128, 64}, {784, 128, 256}, {784, 128, 1000}, {512, 512, 256}, {128, 64, 256}, {25, 6, 64}};
  for (const auto& shape : shapes) {
    const auto add = [&](const char* name, void (*run)(benchmark::State&)) {
      benchmark::RegisterBenchmark(name, run)->Args(shape)->MinTime(0.1);
    };
    add("own_double", own_product<double>);
    add("peer_double", peer_product<double>);
    add("own_float", own_product<float>);
    add("peer_float", peer_product<float>);
  }
  benchmark::RegisterBenchmark("gaussians_block", gaussians_block<false>)->Arg(8)->Arg(64)->Arg(1000)->MinTime(0.1);
  benchmark::RegisterBenchmark("gaussians_single", gaussians_block<true>)->Arg(8)->Arg(64)->Arg(1000)->MinTime(0.1);
  benchmark::RegisterBenchmark("gaussians", gaussians)->Arg(10)->Arg(128)->MinTime(0.1);
}

/// Keeps the best rate of each run, so that the ratios are printed together at the end.
class RatioReporter final : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      const auto rate = run.counters.find("GF/s");
      if (run.run_type == Run::RT_Iteration && rate != run.counters.end()) {
        double& best = best_[run.run_name.function_name + "/" + run.run_name.args];
        best = std::max(best, double(rate->second));
      }
    }
  }

  void print_ratios() const {
    for (const auto& [name, own] : best_) {
      if (name.rfind("own_", 0) != 0) continue;
      const auto peer = best_.find("peer_" + name.substr(4));
      if (peer != best_.end())
        std::cout << "product over Eigen, " << name.substr(4) << ": " << own / peer->second << '\n';
    }
  }

 private:
  std::map<std::string, double> best_;
};

}  // namespace
}  // namespace szilard::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::AddCustomContext("instruction_set", std::string(szilard::linear::instruction_set()));
  szilard::bench::register_all();
  szilard::bench::RatioReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  reporter.print_ratios();
  return 0;
}
