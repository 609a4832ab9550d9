// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace szilard::training {

/// Copying parameters into another machine by force. Each parameter theta of mobility mu and temperature T hangs on a
/// spring of stiffness kappa whose rest point c moves at constant speed from the old value to the new one,
///   d theta = mu kappa (c - theta) dt + sqrt(2 kT mu) dB,   rest time tau = 1 / (mu kappa),
/// starting in equilibrium around the old value. Paths are drawn from the exact joint law of theta and its time
/// integral over each step, so results do not depend on the step's length. Work is -kappa (theta - c) dc along the
/// path, heat the line integral of the spring's force along the parameter's own move.
/// What must come out (O. Mazonka and C. Jarzynski, cond-mat/9912121 (1999)), for a way d in a time t:
///   <W> = d^2 / (mu t) (1 - (tau / t)(1 - exp(-t / tau))),   Var W = 2 kT <W>,
/// and theta lags behind c by (d tau / t)(1 - exp(-t / tau)) with variance kT / kappa.
/// Units: one system throughout; mobility 1 / (energy x time). Left out: the cost of moving the spring's far end.
struct DragRequest {
  double stiffness = 1, mobility = 1, kT = 1;
  double time = 1;          ///< of the drag
  std::size_t steps = 100;  ///< that a path is seen at
  std::uint64_t seed = 1;
};

/// Sums over parameters; energies in the request's unit.
struct DragResult {
  double work = 0, heat = 0, stored = 0;  ///< work = heat + stored, each measured by itself
  std::vector<double> parameters;         ///< where they are at the end
};

/// Throws std::invalid_argument: sizes that differ, numbers not finite, stiffness, mobility, time or steps not
/// positive, kT negative.
DragResult drag(const std::vector<double>& from, const std::vector<double>& to, const DragRequest& request);

}  // namespace szilard::training
