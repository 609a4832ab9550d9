// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Included by langevin_v2.cpp to langevin_v4.cpp, which define SZILARD_LANGEVIN_KERNELS. Without contraction every operation is
// one IEEE rounding, so all instruction sets give the same bits.
#include "models/neuron/reset_physics/langevin_kernel.hpp"

namespace szilard::reset_physics {
namespace {

template <int kPowers>
inline __attribute__((always_inline)) double force_at(const double* f, double x) {
  double sum = f[kPowers - 1];
  for (int k = kPowers - 1; k-- > 0;) sum = sum * x + f[k];
  return sum;
}

template <int kPowers>
void advance(const LangevinRun& run) {
  double* __restrict xs = static_cast<double*>(__builtin_assume_aligned(run.state->x, 64));
  double* __restrict works = static_cast<double*>(__builtin_assume_aligned(run.state->work, 64));
  double* __restrict heats = static_cast<double*>(__builtin_assume_aligned(run.state->heat, 64));
  const double* __restrict z = static_cast<const double*>(__builtin_assume_aligned(run.gaussians, 64));
  for (std::size_t n = 0; n < run.count; ++n, z += kLangevinPaths) {
    const LangevinStep step = run.steps[n];
    const double half = step.dt / 2;
    for (std::size_t i = 0; i < kLangevinPaths; ++i) {
      const double x = xs[i];
      works[i] += force_at<kPowers>(step.change, x) * x;  // sum change[k] x^(k+1), by the same scheme
      const double f = force_at<kPowers>(step.force, x);
      const double kick = step.noise * z[i];
      const double g = force_at<kPowers>(step.force, x + (f * step.dt + kick));
      const double dx = (f + g) * half + kick;
      const double end = x + dx;
      // Force times displacement along the chord. Simpson's rule is exact for the cubic force of a quartic; Boole's for a
      // quintic one. Neither looks at the energy.
      double mean;
      if (kPowers == 4) {
        mean = (f + 4 * force_at<kPowers>(step.force, x + dx * 0.5) + force_at<kPowers>(step.force, end)) * (1.0 / 6);
      } else {
        mean = (7 * (f + force_at<kPowers>(step.force, end)) +
                32 * (force_at<kPowers>(step.force, x + dx * 0.25) + force_at<kPowers>(step.force, x + dx * 0.75)) +
                12 * force_at<kPowers>(step.force, x + dx * 0.5)) * (1.0 / 90);
      }
      heats[i] += mean * dx;
      xs[i] = end;
    }
  }
}

}  // namespace

LangevinKernels SZILARD_LANGEVIN_KERNELS() { return {advance<4>, advance<6>}; }

}  // namespace szilard::reset_physics
