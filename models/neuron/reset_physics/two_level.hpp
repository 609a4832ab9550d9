// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "models/neuron/reset_physics/reset_paths.hpp"
#include "models/support/philox.hpp"

namespace szilard::reset_physics {

/// A bit as two levels in contact with a bath: state 0 at energy 0, state 1 at the gap eps(t) in kT,
///   dp/dt = -G (p - 1 / (1 + e^eps)), p the occupation of state 1, G = 1 the sum of both rates (duration counts in
///   1/G).
/// Single paths leave state 1 at the rate G / (1 + e^-eps) and state 0 at G / (1 + e^eps) (detailed balance).
/// Protocol: a jump of the gap from 0 to start_gap, a linear ramp to end_gap over `duration`, a jump back to 0. Work is
/// the sum of dH at fixed state over all three; heat is what jumps of the state give to the bath. Cyclic: dF = 0.
/// Quasi-static limit for start_gap = ln((1-p)/p): kT [h(p) - h(p_end)]; a wrong q costs Kullback-Leibler(p || q) more.
/// Left out: coherence, coupling energy, the cost of whatever drives the gap.
/// Source: R. Landauer, IBM J. Res. Dev. 5, 183 (1961); U. Seifert, Rep. Prog. Phys. 75, 126001 (2012),
/// DOI 10.1088/0034-4885/75/12/126001 (work, heat and their fluctuations on paths).
struct TwoLevelReset {
  double start_occupation = 0.5;  ///< p of state 1, in [0, 1]
  double start_gap_kT = 0;        ///< 0: a blind protocol
  double end_gap_kT = 10;
  double duration = 100;  ///< > 0, in 1/G

  /// The gap at which q is the equilibrium occupation of state 1: ln((1-q)/q). q in (0, 1), else std::invalid_argument.
  static double equilibrium_gap(double q);
};

/// Gaps beyond this would overflow e^gap.
inline constexpr double kLargestGap_kT = 700;

/// Throws std::invalid_argument naming the member that is wrong.
void validate(const TwoLevelReset& reset);

/// Single paths, exact in time: each waiting time is drawn by inverting the integrated rate of a linear ramp, so no
/// step size exists. Path i is a function of (seed, stream, first_path + i) alone.
ResetPaths simulate(const TwoLevelReset& reset, std::size_t paths, const support::RandomStream& random,
                    std::uint64_t first_path = 0);

/// The master equation of the same protocol: moments of the work over all paths, without sampling.
struct TwoLevelMoments {
  double mean_work_kT = 0, variance_kT2 = 0;
  double end_occupation = 0;  ///< of state 1, before the final jump
  double jarzynski_average =
      0;  ///< <e^(-W) pi(s0) / p(s0)>, pi = 1/2, of the tilted equation dg/dt = R g - (d eps/dt) g_1
};
/// Radau IIA of two stages (order 3, L-stable) on a mesh refined at the start.
TwoLevelMoments solve(const TwoLevelReset& reset);

/// The least work with which any drive of the gap takes the occupation from p0 to p1 within `duration`, kT: h(p0) -
/// h(p1) plus the entropy production along the optimal path, on which v^2 / (f (1 - f)) is constant, v = dp/dt and f =
/// p + v / G. p1 must be reachable: between p0 e^(-duration) and 1 - (1 - p0) e^(-duration), else
/// std::invalid_argument.
/// Source: M. Esposito, R. Kawai, K. Lindenberg and C. Van den Broeck, EPL 89, 20003 (2010), DOI
/// 10.1209/0295-5075/89/20003; derived here from the Beltrami identity of L = v [logit(f) - logit(p)].
double two_level_floor_kT(double p0, double p1, double duration);

}  // namespace szilard::reset_physics
