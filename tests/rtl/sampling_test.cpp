// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "models/support/philox.hpp"
#include "rtl/sampling.hpp"

using namespace szilard;
using namespace szilard::rtl;

namespace {

/// Batches of two layers whose energy a clock wanders slowly from batch to batch, and whose clocks vary or do not.
std::vector<BatchEnergy> population(std::uint64_t seed, std::size_t batches, bool clocks_vary, double memory) {
  const support::RandomStream stream(seed, 1);
  std::vector<BatchEnergy> all;
  double level = 0;
  std::uint32_t i = 0;
  for (std::size_t b = 0; b < batches; ++b) {
    level = memory * level + stream.gaussian(0, i++);
    BatchEnergy batch;
    for (const double mean : {3000.0, 800.0}) {
      const double clocks = clocks_vary ? mean * (0.5 + stream.uniform(0, i++)) : mean;
      const double skewed = std::exp(0.3 * stream.gaussian(0, i++));
      batch.clocks.push_back(clocks);
      batch.energy_j.push_back(clocks * 1e-9 * (1 + 0.05 * level + 0.05 * skewed));
    }
    all.push_back(batch);
  }
  return all;
}

double total_j(const std::vector<BatchEnergy>& batches) {
  double sum = 0;
  for (const BatchEnergy& batch : batches) sum += std::accumulate(batch.energy_j.begin(), batch.energy_j.end(), 0.0);
  return sum;
}

}  // namespace

TEST_CASE(
    "the 95 % interval holds the true energy in 95 of 100 draws, clocks that vary and batches that correlate or not",
    "[rtl][sampling]") {
  const std::uint64_t seed = 51;
  INFO("seed " << seed);
  constexpr int kDraws = 3000;
  for (const bool clocks_vary : {false, true})
    for (const double memory : {0.0, 0.9})
      for (const auto& [all, share] : {std::pair{32, 0.25}, {60, 0.25}, {200, 0.1}, {24, 0.75}}) {
        const auto batches = population(seed, static_cast<std::size_t>(all), clocks_vary, memory);
        const double exact_j = total_j(batches);
        int held = 0;
        double mean_j = 0;
        for (int draw = 0; draw < kDraws; ++draw) {
          const SampledEnergy found = sampled_energy(
              batches, chosen_batches(seed + static_cast<std::uint64_t>(draw), static_cast<std::size_t>(all), share));
          held += std::abs(found.total_j - exact_j) <= found.half_width_j;
          mean_j += found.total_j / kDraws;
        }
        INFO(all << " batches, share " << share << ", memory " << memory << ", clocks vary " << clocks_vary << ": held "
                 << held << " of " << kDraws);
        CHECK(held > 0.92 * kDraws);
        CHECK(held < 0.985 * kDraws);
        CHECK(mean_j == Approx(exact_j).epsilon(2e-3));
      }
}

TEST_CASE("batches are chosen at random, as many as were asked for, the same for the same seed", "[rtl][sampling]") {
  std::vector<int> times(10, 0);
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const std::vector<bool> chosen = chosen_batches(seed, 10, 0.3);
    CHECK(std::count(chosen.begin(), chosen.end(), true) == 3);
    CHECK(chosen == chosen_batches(seed, 10, 0.3));
    for (std::size_t b = 0; b < 10; ++b) times[b] += chosen[b];
  }
  // 600 expected, standard deviation 20
  for (const int t : times) CHECK(std::abs(t - 600) < 100);
  CHECK(chosen_batches(1, 5, 1.0) == std::vector<bool>(5, true));
  CHECK(chosen_batches(1, 1000, 1e-6) != std::vector<bool>(1000, false));
}

TEST_CASE("all batches leave nothing open, and the total is their sum", "[rtl][sampling]") {
  const auto batches = population(3, 12, true, 0.5);
  const SampledEnergy all = sampled_energy(batches, std::vector<bool>(12, true));
  CHECK(all.half_width_j == 0);
  CHECK(all.total_j == Approx(total_j(batches)).epsilon(1e-12));
}

TEST_CASE("a layer that no chosen batch ran costs nothing, and few batches are refused", "[rtl][sampling][bad]") {
  auto batches = population(4, 20, true, 0);
  const std::vector<bool> chosen = chosen_batches(4, 20, 0.5);
  for (std::size_t b = 0; b < 20; ++b)
    if (chosen[b]) batches[b].clocks[1] = batches[b].energy_j[1] = 0;
  CHECK(sampled_energy(batches, chosen).per_clock_j[1] == 0);
  CHECK_THROWS_WITH(sampled_energy(batches, chosen_batches(4, 20, 0.3)),
                    Catch::Contains("sampled_share leaves 6 of 20 batches, and an interval needs 8"));
}
