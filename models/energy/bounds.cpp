// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/energy/bounds.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "models/energy/joint_entropy.hpp"
#include "models/support/constants.hpp"
#include "models/support/tolerance.hpp"

namespace szilard::energy {
namespace {

void require_probability(double p, const char* what) {
  if (!(p >= 0 && p <= 1)) throw std::invalid_argument(std::string(what) + " is not a probability");
}

double thermal_energy_j(double temperature_k) {
  if (!(temperature_k > 0) || !std::isfinite(temperature_k))
    throw std::invalid_argument("the temperature must be finite and above 0 K");
  return support::kBoltzmann_J_per_K * temperature_k;
}

/// p ln(p / q), without the cancellation of the logarithm where p and q are near.
double divergence_term(double p, double q, double difference) {
  if (p == 0) return 0;
  if (q == 0) return std::numeric_limits<double>::infinity();
  const double relative = difference / q;
  return std::fabs(relative) < 0.5 ? p * std::log1p(relative) : p * std::log(p / q);
}

}  // namespace

double binary_entropy_nat(double p) {
  require_probability(p, "p");
  // 1 - p is exact for p >= 1/2, so both ends are as accurate as the middle.
  const double small = p <= 0.5 ? p : 1 - p;
  if (small == 0) return 0;
  return -small * std::log(small) - (1 - small) * std::log1p(-small);
}

double bernoulli_divergence_nat(double p, double q) {
  require_probability(p, "p");
  require_probability(q, "q");
  return std::max(0.0, divergence_term(p, q, p - q) + divergence_term(1 - p, 1 - q, q - p));
}

ResetBounds reset_bounds(const std::vector<const ActivityTrace*>& layers, double temperature_k) {
  const double kt_j = thermal_energy_j(temperature_k);
  ResetBounds bounds;
  double neurons = 0, active = 0, transitions = 0, entropy_nat = 0;
  std::size_t samples = 0;
  for (const ActivityTrace* layer : layers) {
    if (layer == nullptr) throw std::invalid_argument("a layer without a trace");
    if (samples != 0 && layer->samples() != samples) throw std::invalid_argument("the layers saw different samples");
    samples = layer->samples();
    neurons += static_cast<double>(layer->neurons());
    for (std::size_t i = 0; i < layer->neurons(); ++i) {
      const auto count = static_cast<double>(layer->active(i));
      active += count;
      transitions += static_cast<double>(layer->transitions_1_0(i));
      entropy_nat += binary_entropy_nat(count / static_cast<double>(samples));
    }
  }
  if (samples > 1) bounds.transition_j = 2 * kt_j * support::kLn2 * transitions / static_cast<double>(samples - 1);
  const double p = neurons > 0 ? active / (neurons * static_cast<double>(samples)) : 0;
  bounds.reset_mean_j = kt_j * neurons * binary_entropy_nat(p);
  bounds.reset_sparse_j = p > 0 ? kt_j * neurons * p * (1 - std::log(p)) : 0;
  bounds.reset_per_neuron_j = kt_j * entropy_nat;
  bounds.landauer_half_j = kt_j * support::kLn2 * neurons;

  const TreeInformation tree = tree_information(layers);
  bounds.reset_joint_note = tree.note;
  if (tree.information_nat) bounds.reset_joint_j = kt_j * std::max(0.0, entropy_nat - *tree.information_nat);
  return bounds;
}

CycleBounds cycle_bounds(const std::vector<const ActivityTrace*>& layers, double temperature_k) {
  const double kt_j = thermal_energy_j(temperature_k);
  CycleBounds cycles;
  for (const ActivityTrace* layer : layers) {
    if (layer == nullptr) throw std::invalid_argument("a layer without a trace");
    const std::size_t samples = layer->samples();
    if (!cycles.surprisal_j.empty() && cycles.surprisal_j.size() != samples)
      throw std::invalid_argument("the layers saw different samples");
    cycles.surprisal_j.resize(samples);
    cycles.transition_j.resize(samples);
    for (std::size_t i = 0; i < layer->neurons(); ++i) {
      const double p = static_cast<double>(layer->active(i)) / static_cast<double>(samples);
      // A state with probability 0 does not occur.
      const double of_one_j = p > 0 ? -kt_j * std::log(p) : 0, of_zero_j = p < 1 ? -kt_j * std::log1p(-p) : 0;
      bool before = false;
      for (std::size_t s = 0; s < samples; ++s) {
        const bool active = layer->at(i, s);
        cycles.surprisal_j[s] += active ? of_one_j : of_zero_j;
        if (before && !active) cycles.transition_j[s] += 2 * kt_j * support::kLn2;
        before = active;
      }
    }
  }
  return cycles;
}

CooledHeat cooled_heat(double heat_j, double cold_k, double ambient_k, double efficiency) {
  if (!(heat_j >= 0) || !std::isfinite(heat_j)) throw std::invalid_argument("heat must be finite and not negative");
  if (!(cold_k > 0 && ambient_k >= cold_k) || !std::isfinite(ambient_k))
    throw std::invalid_argument("the ambience must be at least as warm as the cold side, which must be above 0 K");
  if (!(efficiency > 0 && efficiency <= 1)) throw std::invalid_argument("a pump's efficiency lies in (0, 1]");
  const double carnot_j = heat_j * (ambient_k / cold_k - 1);
  return {heat_j, carnot_j, carnot_j / efficiency};
}

double digital_flop_bound_j(double macs, double temperature_k, double bits_per_flop) {
  if (!(macs >= 0) || !std::isfinite(macs)) throw std::invalid_argument("macs must be finite and not negative");
  if (!(bits_per_flop >= 0) || !std::isfinite(bits_per_flop))
    throw std::invalid_argument("bits_per_flop must be finite and not negative");
  return 2 * macs * bits_per_flop * thermal_energy_j(temperature_k) * support::kLn2;
}

double digital_register_bound_j(const std::vector<RegisterActivity>& registers, double temperature_k) {
  const double kt_j = thermal_energy_j(temperature_k);
  double entropy_nat = 0;
  for (const RegisterActivity& r : registers) {
    if (r.bits_toggled > r.bits_written) throw std::invalid_argument(r.name + ": more bits toggled than were written");
    if (r.bits_written == 0) continue;
    const auto written = static_cast<double>(r.bits_written);
    entropy_nat += written * binary_entropy_nat(static_cast<double>(r.bits_toggled) / written);
  }
  return kt_j * entropy_nat;
}

bool BoundCheck::holds() const {
  return deterministic ? mean_j >= bound_j * (1 - support::kBoundRelative)
                       : mean_j >= bound_j - support::kBoundStandardErrors * standard_error_j;
}

}  // namespace szilard::energy
