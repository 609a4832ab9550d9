// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "models/neuron/reset_physics/reset_paths.hpp"
#include "models/support/philox.hpp"

namespace szilard::reset_physics {

/// Resets drawn from an ensemble that was simulated once, instead of simulating each: for either start state the
/// quantiles of the work, each with the heat and the end state of the path it came from. A draw is one uniform number,
/// so mean, variance, heat and error probability are those of the ensemble, with its standard errors. Draws are
/// independent: a bit's history is left out (a reset that failed leaves its successor in state 1, which the caller
/// knows).
class CalibratedReset {
 public:
  struct Draw {
    double work_kT = 0, heat_kT = 0;
    bool failed = false;  ///< ended in state 1
  };

  /// At least 2 paths (std::invalid_argument). Start states that the ensemble does not hold cannot be drawn.
  explicit CalibratedReset(const ResetPaths& ensemble);

  /// A function of (seed, stream, sample, index) alone. Throws std::out_of_range for a start state without paths.
  Draw draw(bool start_state, const support::RandomStream& random, std::uint64_t sample, std::uint32_t index) const;

  std::size_t paths(bool start_state) const { return table(start_state).size(); }
  double mean_work_kT(bool start_state) const;
  double standard_error_kT(bool start_state) const;
  double error_probability(bool start_state) const;
  /// Work below which the share u in [0, 1] of the resets lies.
  double work_quantile_kT(bool start_state, double u) const;

 private:
  const std::vector<Draw>& table(bool start_state) const { return tables_[start_state ? 1 : 0]; }

  std::vector<Draw> tables_[2];  // ascending in work
};

}  // namespace szilard::reset_physics
