// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "models/neuron/reset_physics/double_well.hpp"

namespace szilard::reset_physics {

/// The probability density of the same particle, without sampling: dp/dt = d/dx (V' p + dp/dx), and the moments of the
/// work, from the densities of p, W p and W^2 p. Tilted by the work, dg/dt = (as above) - (dV/dt) g, the same equation
/// gives <e^(-W) pi(s0) / p(s0)> where no ensemble of paths would ever meet the rare ones.
/// Finite volumes with the exponential flux of Scharfetter and Gummel (IEEE Trans. Electron Devices 16, 64 (1969), DOI
/// 10.1109/T-ED.1969.16566), which keeps detailed balance on any grid; changes of the potential and relaxation
/// alternate after Strang (order 2), relaxation by the L-stable Runge-Kutta scheme of two implicit stages (order 2).
/// Shares no code with the paths but the potential.
struct FokkerPlanckOptions {
  std::size_t cells = 800;
  double largest_step = 0.005;      ///< dt, in a^2 / D
  std::size_t most_steps = 100000;  ///< dt grows beyond largest_step where this would be exceeded
  bool moments = true;              ///< false: only the tilted equation
};

struct FokkerPlanckMoments {
  double mean_work_kT = 0, variance_kT2 = 0, success_probability = 0;  ///< 0 without `moments`
  double jarzynski_average = 0;
};

/// `reset.step` is not used. Throws std::overflow_error where the potential falls so far below its first minimum that
/// e^(-V) cannot be represented (about 650 kT), std::invalid_argument as validate().
FokkerPlanckMoments solve(const DoubleWellReset& reset, const FokkerPlanckOptions& options = {});

/// The largest number of kT by which a minimum of the schedule lies below the first potential's.
double deepest_fall_kT(const Schedule& schedule);
inline constexpr double kDeepestFall_kT = 650;

}  // namespace szilard::reset_physics
