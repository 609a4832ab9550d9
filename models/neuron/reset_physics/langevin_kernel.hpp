// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace szilard::reset_physics {

inline constexpr std::size_t kLangevinPaths = 32;  ///< paths side by side: four registers of the widest set
inline constexpr std::size_t kLangevinSteps = 64;  ///< steps whose Gaussians stay in the first cache

/// One step: the potential changes by change[k - 1] x^k at fixed x (work), then the particle moves under fixed forces.
struct LangevinStep {
  double change[6];  ///< of the coefficients, before the move
  double force[6];   ///< force = sum force[k] x^k during the move
  double dt, noise;  ///< noise = sqrt(2 dt)
};

struct alignas(64) LangevinState {
  double x[kLangevinPaths], work[kLangevinPaths], heat[kLangevinPaths];
};

/// `gaussians` holds kLangevinPaths numbers a step.
struct LangevinRun {
  const LangevinStep* steps;
  std::size_t count;
  const double* gaussians;
  LangevinState* state;
};

struct LangevinKernels {
  void (*tilted_quartic)(const LangevinRun&);  ///< powers up to 4, of which only 1 and 2 change
  void (*quartic)(const LangevinRun&);         ///< powers up to 4
  void (*sextic)(const LangevinRun&);          ///< powers up to 6
};

LangevinKernels langevin_kernels_v2();
LangevinKernels langevin_kernels_v3();
LangevinKernels langevin_kernels_v4();
/// Those of the best instruction set. All sets give the same bits.
const LangevinKernels& langevin_kernels();

}  // namespace szilard::reset_physics
