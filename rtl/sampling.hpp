// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace szilard::rtl {

/// Fewer sampled batches than these leave no interval worth the name.
constexpr std::size_t kLeastSampledBatches = 8;

/// How many of `all` batches are simulated: round(share x all), at least one.
std::size_t chosen_count(std::size_t all, double share);

/// Which of `all` batches are simulated: chosen_count() of them, every set of that size as likely as any
/// other (simple random sampling without replacement). A function of the seed alone.
std::vector<bool> chosen_batches(std::uint64_t seed, std::size_t all, double share);

/// What one batch took, by layer. The clocks are known of every batch, the energy of the chosen ones.
struct BatchEnergy {
  std::vector<double> clocks, energy_j;
};

struct SampledEnergy {
  std::vector<double> per_clock_j;  ///< by layer; 0 where no chosen batch has clocks of it
  double total_j = 0;               ///< of all batches
  double half_width_j = 0;          ///< of the 95 % interval around it; 0 where all were chosen
};

/// Ratio estimator with the batches as clusters, layer by layer: the energy of the others is their clocks times the
/// mean energy of a clock in the chosen ones,
///     total = sum_l R_l C_l,  R_l = sum_chosen E_l / sum_chosen C_l,  C_l the clocks of all N batches
///     variance = N^2 (1 - n / N) / n x sum_chosen r^2 / (n - 1),
///     r = sum_l (E_l - R_l c_l) (mean of C_l over all) / (mean over the chosen)
/// with the n - 1 degrees of freedom of Student's distribution. Validity: batches that are chosen at random, however
/// they correlate with one another in time; n of 8 and more. Cochran, Sampling Techniques, 3rd ed., 1977, sections 2.9,
/// 6.3 and 9A.
/// Throws std::invalid_argument where fewer than 8 were chosen, but not all.
SampledEnergy sampled_energy(const std::vector<BatchEnergy>& batches, const std::vector<bool>& chosen);

}  // namespace szilard::rtl
