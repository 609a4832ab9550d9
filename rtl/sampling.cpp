// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/sampling.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>

#include "models/support/philox.hpp"

namespace szilard::rtl {
namespace {

constexpr std::uint64_t kStream = 0x67617465;  // of its own among the run's

/// Of Student's distribution, 97.5 %; Cornish and Fisher's expansion, within 0.1 % from 7 degrees of freedom on.
double student_975(double freedom) {
  constexpr double z = 1.959964;
  const double z3 = z * z * z, z5 = z3 * z * z, z7 = z5 * z * z;
  return z + (z3 + z) / (4 * freedom) + (5 * z5 + 16 * z3 + 3 * z) / (96 * freedom * freedom) +
         (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * freedom * freedom * freedom);
}

}  // namespace

std::size_t chosen_count(std::size_t all, double share) {
  return std::clamp<std::size_t>(static_cast<std::size_t>(std::llround(share * static_cast<double>(all))), 1, all);
}

std::vector<bool> chosen_batches(std::uint64_t seed, std::size_t all, double share) {
  const std::size_t wanted = chosen_count(all, share);
  const support::RandomStream stream(seed, kStream);
  std::vector<std::size_t> order(all);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<bool> chosen(all, false);
  for (std::size_t i = 0; i < wanted; ++i) {
    const double u = stream.uniform(0, static_cast<std::uint32_t>(i));
    const auto left = static_cast<double>(all - i);
    const std::size_t pick = i + std::min(all - i - 1, static_cast<std::size_t>(u * left));
    std::swap(order[i], order[pick]);
    chosen[order[i]] = true;
  }
  return chosen;
}

SampledEnergy sampled_energy(const std::vector<BatchEnergy>& batches, const std::vector<bool>& chosen) {
  const auto count = static_cast<std::size_t>(std::count(chosen.begin(), chosen.end(), true));
  if (count != batches.size() && count < kLeastSampledBatches)
    throw std::invalid_argument("sampled_share leaves " + std::to_string(count) + " of " +
                                std::to_string(batches.size()) + " batches, and an interval needs " +
                                std::to_string(kLeastSampledBatches));
  const std::size_t layers = batches.empty() ? 0 : batches.front().clocks.size();
  const double n = static_cast<double>(count), all = static_cast<double>(batches.size());
  SampledEnergy result;
  std::vector<double> weight(layers, 0);
  for (std::size_t l = 0; l < layers; ++l) {
    double energy_j = 0, clocks = 0, all_clocks = 0;
    for (std::size_t b = 0; b < batches.size(); ++b) {
      all_clocks += batches[b].clocks[l];
      if (!chosen[b]) continue;
      clocks += batches[b].clocks[l];
      energy_j += batches[b].energy_j[l];
    }
    result.per_clock_j.push_back(clocks > 0 ? energy_j / clocks : 0);
    if (clocks > 0) weight[l] = all_clocks / all / (clocks / n);
    result.total_j += result.per_clock_j[l] * all_clocks;
  }
  if (count == batches.size()) return result;
  double squares = 0;
  for (std::size_t b = 0; b < batches.size(); ++b) {
    if (!chosen[b]) continue;
    double residual_j = 0;
    for (std::size_t l = 0; l < layers; ++l)
      residual_j += weight[l] * (batches[b].energy_j[l] - result.per_clock_j[l] * batches[b].clocks[l]);
    squares += residual_j * residual_j;
  }
  result.half_width_j = student_975(n - 1) * all * std::sqrt((1 - n / all) * squares / (n - 1) / n);
  return result;
}

}  // namespace szilard::rtl
