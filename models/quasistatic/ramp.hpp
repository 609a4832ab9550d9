// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "models/quasistatic/network.hpp"
#include "models/quasistatic/schedule.hpp"
#include "models/quasistatic/stability.hpp"

namespace szilard::quasistatic {

/// gamma dx = -dH/dx dt + sqrt(2 gamma kT) dB, at kT = 0 without noise. Steps by
///   euler_maruyama  weak order 1; in a well of rate r the stationary variance is too large by 1 / (1 - r dt / 2)
///   heun            weak order 2 (additive noise); too small by (1 - r dt / 2) / (1 - r dt / 2 + (r dt)^2 / 4)
///   exact           linear networks of at most kExactUnits units: the law of Ornstein and Uhlenbeck
///                   (exact_relaxation.hpp)
///   pieces          linear units and ReLUs, no selections: that law on the linear piece a path is in
///                   (piece_relaxation.hpp), exact but for steps in which a unit crosses its kink
/// automatic takes exact or else pieces where they can be had, else heun. All but exact are refused beyond
/// largest_stable_step().
enum class Integrator { automatic, euler_maruyama, heun, exact, pieces };

/// Inference as a protocol: from equilibrium at one input the inputs move to another. Inputs move in jumps, half a jump
/// first and last, and the units relax in between with the inputs held: of second order in the step.
struct RampRequest {
  double duration = 1;  ///< 0: one sudden jump
  double kT = 1;
  std::size_t steps = 0;  ///< 0: chosen from the stiffest rate
  std::size_t paths = 1;  ///< of each sample
  Shape shape = Shape::linear;
  Integrator integrator = Integrator::automatic;
  bool reverse = false;   ///< the same protocol backwards, from equilibrium at the end inputs
  double hold = 0;        ///< after the ramp the inputs stand still for so long, over which the outputs are averaged
  double read_every = 0;  ///< time between the readings that are averaged, as near as steps allow; 0: every step
  std::uint64_t seed = 1;
  std::uint64_t first_path = 0;  ///< number of the first path
  bool keep_units = false;       ///< all units at the end, else the outputs alone
};

/// One entry a path, those of a sample together. Work is the sum of dH at fixed units, heat (given to the bath) the
/// line integral of the units' forces along their moves, energy_change from H at both ends: none is derived from
/// another.
struct RampResult {
  std::vector<double> work, heat, energy_change;
  support::SignalBlock outputs;  ///< outputs x (samples x paths), at the end or averaged over `hold`
  support::SignalBlock units;    ///< with keep_units
  std::size_t steps = 0, hold_steps = 0, readings = 1;
  double step = 0;  ///< of time; 0 without a ramp
  Integrator integrator = Integrator::heun;
};

/// A ramp of more than 4e9 steps.
class TooManySteps : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

/// Path p of sample s draws number first_path + s paths + p of its streams: results do not depend on how paths are run
/// side by side.
/// Throws std::invalid_argument (UnstableStep where the step is to blame, TooManySteps where the duration is).
RampResult ramp(const Network& network, const support::SignalBlock& from, const support::SignalBlock& to,
                const RampRequest& request);

/// What an ensemble of ramps shows; energies in the network's unit. Means over samples of what each sample's paths
/// show.
struct RampStatistics {
  double mean_work = 0, standard_error = 0, mean_heat = 0;
  double work_variance = 0;
  double jarzynski_average = 0, jarzynski_standard_error = 0;  ///< of exp(-W / kT); NaN at kT = 0
  double first_law_residual = 0;  ///< largest |W - Q - dU| / max(|W|, |Q|, |dU|, kT) of all paths
};
RampStatistics summarise(const RampResult& result, std::size_t paths, double kT);

/// Covariance of the rows of `units`, over the paths of each sample, averaged over samples: rows x rows.
std::vector<std::vector<double>> covariance(const support::SignalBlock& units, std::size_t paths);

}  // namespace szilard::quasistatic
