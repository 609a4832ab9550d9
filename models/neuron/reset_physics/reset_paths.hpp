// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace szilard::reset_physics {

/// Simulated resets of one bit, one entry a path, energies in kT. Work is the sum of dH at fixed state, heat (given to
/// the bath) is booked where the state moves, and neither is derived from the other, so that work = heat +
/// energy_change is a check.
struct ResetPaths {
  std::vector<double> work_kT, heat_kT, energy_change_kT;
  std::vector<std::uint8_t> start_state, end_state;  ///< 0: the reset state; the end is taken before any final quench

  explicit ResetPaths(std::size_t paths = 0);
  std::size_t size() const { return work_kT.size(); }
};

/// What an ensemble of resets shows.
struct ResetStatistics {
  double mean_work_kT = 0, standard_error_kT = 0, variance_kT2 = 0;
  double mean_heat_kT = 0;
  double success_probability = 0;  ///< share of paths that end in state 0
  double rarest_end = 0;           ///< share of paths in the rarer end state
  double rarest_start = 0;         ///< share of paths in the rarer start state
  /// <e^(-W) pi(s0) / p(s0)> over the paths, pi the equilibrium occupation and p the occupation at the start. Converges
  /// on paths only where neither state is rare, start or end.
  double jarzynski_average = 0;
  double jarzynski_standard_error = 0;
  /// The same over the paths that end in state 0, divided by their share: pi(0) / P_S (1 / (2 P_S) for a symmetric
  /// bit), the detailed form, which converges even where failures are never met. 0 where no path succeeded.
  double jarzynski_success = 0;
  double first_law_residual = 0;  ///< largest |W - Q - dU| / max(1, |W|, |Q|, |dU|) of all paths
};

/// `start_occupation` p and `equilibrium_occupation` pi are those of state 1. At least two paths
/// (std::invalid_argument).
ResetStatistics summarise(const ResetPaths& paths, double start_occupation, double equilibrium_occupation = 0.5);

/// Share of single resets that cost less than `floor_kT`. A mean may not, one event may.
double share_below(const ResetPaths& paths, double floor_kT);

}  // namespace szilard::reset_physics
