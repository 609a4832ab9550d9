// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace szilard::energy {

/// Observed activity of a set of neurons: one bit per (neuron, sample). Bits are packed by neuron, 64 samples a word.
class ActivityTrace {
 public:
  ActivityTrace(std::size_t neurons, std::size_t samples);
  void set(std::size_t neuron, std::size_t sample, bool active);
  /// Writes `count` <= 64 successive samples at once: bit j of `bits` is sample first_sample + j; higher bits are
  /// ignored.
  void set_run(std::size_t neuron, std::size_t first_sample, std::size_t count, std::uint64_t bits);
  bool at(std::size_t neuron, std::size_t sample) const;
  std::size_t neurons() const { return neurons_; }
  std::size_t samples() const { return samples_; }
  std::uint64_t active(std::size_t neuron) const;           ///< samples in which the neuron was active
  std::uint64_t transitions_1_0(std::size_t neuron) const;  ///< active in one sample, not in the next
  const std::uint64_t* words(std::size_t neuron) const { return bits_.data() + neuron * words_per_neuron_; }
  std::size_t words_per_neuron() const { return words_per_neuron_; }

 private:
  std::size_t neurons_, samples_, words_per_neuron_;
  std::vector<std::uint64_t> bits_;
};

/// h(p) = -p ln p - (1-p) ln(1-p) in nat; 0 at both ends.
double binary_entropy_nat(double p);
/// ln-based Kullback-Leibler divergence of Bernoulli(p) from Bernoulli(q), nat.
double bernoulli_divergence_nat(double p, double q);

/// The bounds on the mean reset energy of one inference, all from observed activity, J.
/// v2 = Tkachenko, "Thermodynamic bounds on energy use in Deep Neural Networks", Eq. 5; v1 = the same author,
/// arXiv:2503.09980v1, Eq. 4. See docs/physics.md, D1 to D3, for where the papers disagree.
struct ResetBounds {
  /// v1 count: 2 kT ln2 sum_i <s_t (1 - s_t+1)>, averaged over the N - 1 pairs; a count, not a bound (D3).
  double transition_j = 0;
  double reset_mean_j = 0;        ///< v2 mean field: kT nu h(p), p the mean over neurons and samples
  double reset_sparse_j = 0;      ///< v2 small-p form: kT nu p (1 - ln p); above reset_mean_j, not a bound (D1)
  double reset_per_neuron_j = 0;  ///< kT sum_i h(p_i)
  /// kT x an upper estimate of the joint entropy: the entropy of the best first-order tree (Chow and Liu, IEEE Trans.
  /// Inf. Theory 14, 462 (1968), DOI 10.1109/TIT.1968.1054142), sum h(p_i) minus the mutual informations along a
  /// maximum spanning forest over pairs within a layer and between successive layers. Each mutual information is
  /// corrected after Miller and Madow (1955) and clamped at 0, and taken only where chance among all pairs would not
  /// give it (likelihood-ratio test, one in a thousand for the whole forest, samples taken as independent), because a
  /// maximum over many noisy pairs is biased upwards. Never above reset_per_neuron_j; dependence of higher order is
  /// left out.
  std::optional<double> reset_joint_j;
  std::string reset_joint_note;  ///< the estimator, or why there is none
  double landauer_half_j = 0;    ///< kT ln2 nu: a protocol that knows nothing (blind)
};
/// All layers hold the same samples, temperature > 0; else std::invalid_argument. No layers: all bounds are 0.
ResetBounds reset_bounds(const std::vector<const ActivityTrace*>& layers, double temperature_k);

/// What single cycles contribute to these bounds; a cycle's energy may lie below its own, only means are bound.
struct CycleBounds {
  /// -kT sum_i ln P(s_i), P from the frequencies of the same run: dear where many neurons are in their rarer state. Its
  /// mean over the samples is reset_per_neuron_j.
  std::vector<double> surprisal_j;
  /// 2 kT ln2 x neurons that were active in the sample before and are not in this one; 0 for the first. Its sum over
  /// N - 1 is transition_j.
  std::vector<double> transition_j;
};
/// As reset_bounds(). No layers: no samples.
CycleBounds cycle_bounds(const std::vector<const ActivityTrace*>& layers, double temperature_k);

/// Shannon entropy of the states that a set of neurons went through, all neurons of all layers together, over the
/// samples taken as an ensemble: -sum n_k / N log2(n_k / N), n_k samples with one and the same state, at most log2 N.
/// Of this ensemble it is exact; of the one that the samples were drawn from it is too small (plug-in estimate, bias
/// about -(K - 1) / (2 N ln2) bit for K states). What resets must take at least, whatever they know of p. States are
/// told apart by 128-bit hashes.
struct EnsembleEntropy {
  std::vector<double> by_layer_bit;
  double joint_bit = 0;
};
/// All layers hold the same samples, else std::invalid_argument.
EnsembleEntropy ensemble_entropy(const std::vector<const ActivityTrace*>& layers);

/// What it takes to bring heat from T* to an ambience at T >= T* (v2, Eqs. 18 and 19): by a reversible pump (T / T* -
/// 1) times the heat, so that heat and work together are T / T* times it; by a real one that much over its efficiency,
/// the share that it reaches of Carnot's coefficient of performance.
struct CooledHeat {
  double heat_j = 0, carnot_work_j = 0, pump_work_j = 0;
  double carnot_total_j() const { return heat_j + carnot_work_j; }
  double pump_total_j() const { return heat_j + pump_work_j; }
};
/// 0 < cold_k <= ambient_k, efficiency in (0, 1], heat not negative; else std::invalid_argument.
CooledHeat cooled_heat(double heat_j, double cold_k, double ambient_k, double efficiency);

/// 2 macs x bits x kT ln2: word-level Landauer cost of the multiply-adds (v2, introduction: 16 bits a FLOP, an
/// assumption, D8).
double digital_flop_bound_j(double macs, double temperature_k, double bits_per_flop = 16);
/// One class of registers as observed: how many bits were overwritten and how many of them changed.
struct RegisterActivity {
  std::string name;
  std::uint64_t bits_written = 0;
  std::uint64_t bits_toggled = 0;
};
/// kT ln2 x sum over classes of bits_written x H2(toggled / written): the information that each overwrite replaces,
/// as measured. Register-overwrite convention of D8.
double digital_register_bound_j(const std::vector<RegisterActivity>& registers, double temperature_k);

/// Mean of reset work against a bound (design: bound check on means).
struct BoundCheck {
  std::string component;
  double mean_j = 0, standard_error_j = 0, bound_j = 0;
  bool deterministic = true;
  bool holds() const;  ///< mean >= bound - 4 SE, or bound (1 - 1e-9) where deterministic
};

}  // namespace szilard::energy
