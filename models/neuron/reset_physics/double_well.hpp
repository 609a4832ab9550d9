// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/neuron/reset_physics/potential.hpp"
#include "models/neuron/reset_physics/reset_paths.hpp"
#include "models/support/philox.hpp"

namespace szilard::reset_physics {

/// A bit as the well in which an overdamped Brownian particle lies: dx = -V'(x, t) dt + sqrt(2 D dt) xi with kT = D =
/// 1.
/// State 1 is left of `divide` (x = 0), state 0, the reset state, right of it. The start is in equilibrium within each
/// well.
/// Work is the sum of dH at fixed x over every change of the schedule (jumps included); heat is minus the change of
/// energy at fixed schedule, had independently as force times displacement in Stratonovich's sense, so the first law of
/// each path is a check. Stochastic Heun steps with the potential frozen at each step's middle: weak order 2 for
/// additive noise (Kloeden and Platen, Numerical Solution of Stochastic Differential Equations, 15.1). A well of
/// curvature k has its variance (1 - z^2 / 4 + ...) / k, z = k dt.
/// Left out: inertia, coloured noise, the cost of whatever drives the potential.
/// Sources: K. Sekimoto, Prog. Theor. Phys. Suppl. 130, 17 (1998), DOI 10.1143/PTPS.130.17 (heat on paths); A. Berut et
/// al., Nature 483, 187 (2012), DOI 10.1038/nature10872 (such a reset measured).
struct DoubleWellReset {
  Schedule schedule;              ///< e.g. four_stage(barrier, tilt)
  double duration = 10;           ///< > 0, in a^2 / D
  double start_occupation = 0.5;  ///< of state 1, in [0, 1]
  double divide = 0;
  double step = 0;  ///< largest dt; 0: chosen_step()
};

/// Throws std::invalid_argument naming what is wrong.
void validate(const DoubleWellReset& reset);

/// The largest dt for which z = dt <V''> stays below 0.08 at every knot, and at least 50 steps a segment.
double chosen_step(const DoubleWellReset& reset);
/// Steps that one path takes.
std::uint64_t step_count(const DoubleWellReset& reset);

/// A reset made ready once, to be simulated any number of times: live resets of a bank of neurons.
class DoubleWellSimulator {
 public:
  /// Throws as validate() does.
  explicit DoubleWellSimulator(DoubleWellReset reset);

  const DoubleWellReset& reset() const { return reset_; }
  std::uint64_t steps() const;

  /// Start states drawn with start_occupation. Path i is a function of (seed, stream, first_path + i) and of nothing
  /// else.
  ResetPaths simulate(std::size_t paths, const support::RandomStream& random, std::uint64_t first_path = 0) const;
  /// Path i starts in the well start_state[i]. Where `end_x` is given it gets the places.
  ResetPaths simulate(const std::vector<std::uint8_t>& start_state, const support::RandomStream& random,
                      std::uint64_t first_path = 0, std::vector<double>* end_x = nullptr) const;

 private:
  DoubleWellReset reset_;
  Equilibrium start_;
  std::vector<std::uint32_t> counts_;  // steps of each segment
};

/// The same for a single use.
ResetPaths simulate(const DoubleWellReset& reset, std::size_t paths, const support::RandomStream& random,
                    std::uint64_t first_path = 0);
ResetPaths simulate(const DoubleWellReset& reset, const std::vector<std::uint8_t>& start_state,
                    const support::RandomStream& random, std::uint64_t first_path = 0,
                    std::vector<double>* end_x = nullptr);

}  // namespace szilard::reset_physics
