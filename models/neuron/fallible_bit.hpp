// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>

#include "models/support/constants.hpp"
#include "models/support/parameter.hpp"
#include "models/support/philox.hpp"

namespace szilard::neuron {

/// What makes a physical bit err between its decision and its reset. Each effect is absent at 0. Y is the full scale of
/// the input, v = y - threshold.
///
/// Hysteresis: a bit that holds 1 has its threshold lowered by half the width times Y, one that holds 0 raised by as
/// much (O. H. Schmitt, J. Sci. Instrum. 15, 24 (1938), DOI 10.1088/0950-7671/15/1/305). After a reset a bit holds 0.
///
/// Metastability: the decision grows as v e^(t / tau_r) and has fallen when it reaches Y, after t = tau_r ln(Y / |v|).
/// What has not within the decision time t_d, |v| < Y e^(-t_d / tau_r), ends in either state with probability 1/2.
/// Linear regeneration of unit gain at its start; noise while it regenerates belongs to the threshold's noise (H. J. M.
/// Veendrick, IEEE J. Solid-State Circuits 15, 169 (1980), DOI 10.1109/JSSC.1980.1051359). A self-timed decision waits
/// instead, as arbiters with completion detection do (C. L. Seitz in C. Mead, L. Conway, Introduction to VLSI Systems,
/// 1980, ch. 7): it takes tau_r ln(Y / |v|) and never errs, so that the time of a layer is that of its slowest neuron.
/// An input nearer to the threshold than 1e-16 Y, below the rounding of y and far below the noise of any latch, ends in
/// either state after the 36.8 tau_r which that takes.
///
/// Thermal error: at the decision the input tilts the two states by dE = state_energy |v| / Y and they are in
/// equilibrium with the bath; raising the barrier then freezes Boltzmann's distribution: the wrong state has
/// probability 1 / (1 + e^(dE / kT)), e^(-dE / kT) where that is small. Valid where the decision is slow beside the
/// relaxation across the lowered barrier.
///
/// Retention: either state is left at the rate 1 / retention_time, so that after the hold time t a bit has changed with
/// probability (1 - e^(-2 t / retention_time)) / 2 (random telegraph; H. A. Kramers, Physica 7, 284 (1940),
/// DOI 10.1016/S0031-8914(40)90098-2). The stages that read the bit see the state at the end of the hold.
///
/// Read: s = dx / dy is had by stepping the input node, of capacitance C, by dV and back, which dissipates
/// read_energy = C dV^2 in its resistance, and holding the response against dV / 2. The response fluctuates by kT / C,
/// so the state read is wrong with probability erfc(sqrt(read_energy / 8 kT)) / 2. The probe leaves the state alone and
/// takes no time.
struct BitErrors {
  support::Parameter hysteresis;           ///< width of the loop relative to full scale, >= 0
  support::Parameter regeneration_time_s;  ///< tau_r, >= 0; needs a decision time above 0
  support::Parameter state_energy_j;       ///< tilt between the states at an input of full scale, >= 0
  support::Parameter retention_time_s;     ///< mean time that a state lasts, >= 0
  support::Parameter read_energy_j;        ///< of one probe, >= 0
  bool is_self_timed = false;              ///< needs regeneration_time_s
  double temperature_k = 0;                ///< > 0 where states have an energy or are read

  bool any() const {
    return hysteresis > 0 || regeneration_time_s > 0 || state_energy_j > 0 || retention_time_s > 0 || read_energy_j > 0;
  }
};

/// Mean time of a thermally activated escape over a barrier: attempt_time e^(barrier / kT) (Arrhenius, Kramers). Throws
/// std::invalid_argument unless time and temperature are above 0 and the barrier is not negative.
inline double arrhenius_time_s(double attempt_time_s, double barrier_j, double temperature_k) {
  if (!(attempt_time_s > 0 && barrier_j >= 0 && temperature_k > 0))
    throw std::invalid_argument("retention: attempt time and temperature must be above 0, the barrier not negative");
  return attempt_time_s * std::exp(barrier_j / (support::kBoltzmann_J_per_K * temperature_k));
}

/// What was observed of them.
struct BitErrorCounts {
  std::uint64_t decisions = 0;
  std::uint64_t unresolved = 0;        ///< metastable beyond the time that is waited
  std::uint64_t wrong = 0;             ///< decided against y > threshold, by chance or by heat
  std::uint64_t lost = 0, gained = 0;  ///< 1 -> 0 and 0 -> 1 between decision and reset
  std::uint64_t reads = 0, wrong_reads = 0;
  double resolution_s = 0;  ///< sum of the times that decisions took, unresolved ones all that was waited
  double longest_resolution_s = 0;

  void add(const BitErrorCounts& other) {
    decisions += other.decisions, unresolved += other.unresolved, wrong += other.wrong;
    lost += other.lost, gained += other.gained;
    reads += other.reads, wrong_reads += other.wrong_reads;
    resolution_s += other.resolution_s;
    if (other.longest_resolution_s > longest_resolution_s) longest_resolution_s = other.longest_resolution_s;
  }
};

/// Decides, holds and reads single bits; every draw is a function of (seed, stream, sample, neuron), from the streams
/// STREAM_NAME/decision_error, /retention and /state_read.
class FallibleBit {
 public:
  /// Throws std::invalid_argument naming what is out of range.
  FallibleBit(BitErrors errors, double full_scale, double decision_time_s, std::uint64_t seed,
              const std::string& stream_name);

  /// The state after the decision; `held` is the state before. Raises `slowest_s` to the time that it took to resolve.
  bool decide(double y, double threshold, bool held, std::uint64_t sample, std::uint32_t neuron, BitErrorCounts& counts,
              double& slowest_s) const;
  /// The longest that a decision may take to resolve: self-timed 36.8 tau_r, else the decision time.
  double longest_decision_s() const { return waits_s_; }
  /// Whether a state changes by itself within `hold_s`.
  bool flips(double hold_s, std::uint64_t sample, std::uint32_t neuron) const;
  /// What a probe of s = dx / dy says of `state`.
  bool read(bool state, double y, std::uint64_t sample, std::uint32_t neuron) const;

 private:
  BitErrors errors_;
  double full_scale_, waits_s_;
  double unresolved_below_ = 0;  ///< |v|
  double per_kt_ = 0;            ///< dE / kT of v = 1
  double read_sigma_ = 0;        ///< of the response relative to the probe's step
  support::RandomStream decision_, retention_, read_;
};

}  // namespace szilard::neuron
