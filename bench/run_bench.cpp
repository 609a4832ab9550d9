// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
//
// How much the whole of `szilard run` adds to the arithmetic that it cannot do without. The simulation phase with
// `ideal` and `rram` on 10,000 images, as `szilard run` reports it, against bare kernels in the same run on one thread:
// one product per layer and platform, one more on V^2 for read noise or heat, one Gaussian per noisy output. Ratio
// printed.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <vector>

#include "models/linear/product.hpp"
#include "models/support/aligned_vector.hpp"
#include "models/support/philox.hpp"

namespace {

using szilard::support::AlignedVector;

constexpr std::size_t kSamples = 10000, kBlock = 128;
constexpr std::size_t kLayers[][2] = {{784, 128}, {128, 64}, {64, 10}};

/// Rows of `n` signals, kBlock samples each.
struct Rows {
  AlignedVector<double> values;
  std::vector<double*> rows;
  explicit Rows(std::size_t n) : values(n * kBlock, 0.5) {
    for (std::size_t i = 0; i < n; ++i) rows.push_back(values.data() + i * kBlock);
  }
};

double bare_kernels_s() {
  std::vector<Rows> in, out;
  std::vector<AlignedVector<double>> weights;
  for (const auto& [terms, outputs] : kLayers) {
    in.emplace_back(terms);
    out.emplace_back(outputs);
    weights.emplace_back(terms * outputs, 0.01);
  }
  const szilard::support::RandomStream random(1, 1);
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t first = 0; first < kSamples; first += kBlock)
    for (std::size_t l = 0; l < 3; ++l) {
      const auto [terms, outputs] = kLayers[l];
      for (int product = 0; product < 3; ++product)  // ideal, rram, and rram's variances
        szilard::linear::product(weights[l].data(), terms, static_cast<const double*>(nullptr), in[l].rows.data(),
                                 outputs, terms, kBlock, out[l].rows.data());
      random.gaussians_block(first, kBlock, kBlock, 0, outputs, out[l].values.data());
    }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double simulation_phase_s(const std::string& szilard, const std::string& scenario, const std::string& output) {
  const std::string command =
      "'" + szilard + "' run '" + scenario + "' -o '" + output + "' --ledger npy --quiet > /dev/null 2>&1";
  if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
  std::ifstream file(output + "/summary.json");
  return nlohmann::json::parse(file).at("wall").at("phases_s").at("simulate");
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: bench_run SZILARD OUTPUT_DIRECTORY\n");
    return 2;
  }
  std::vector<double> ratios, simulated, bare;
  for (int round = 0; round < 7; ++round) {
    bare.push_back(bare_kernels_s());
    simulated.push_back(simulation_phase_s(argv[1], SZILARD_SOURCE_DIR "/bench/run_bench.yaml", argv[2]));
    bare.back() = std::min(bare.back(), bare_kernels_s());
    ratios.push_back(simulated.back() / bare.back());
  }
  std::printf("szilard run, ideal and rram, 10,000 MNIST images, %s\n",
              std::string(szilard::linear::instruction_set()).c_str());
  std::printf("  simulation phase  %.1f ms (median of 7)\n  bare kernels      %.1f ms\n", 1e3 * median(simulated),
              1e3 * median(bare));
  std::printf("  ratio             %.2f (smallest %.2f; goal at most 2)\n", median(ratios),
              *std::min_element(ratios.begin(), ratios.end()));
  return 0;
}
