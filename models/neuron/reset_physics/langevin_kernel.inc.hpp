// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Included by langevin_v2.cpp to langevin_v4.cpp, which define SZILARD_LANGEVIN_KERNELS. Without contraction every
// operation is one IEEE rounding, so all instruction sets give the same bits.
#include "models/neuron/reset_physics/langevin_kernel.hpp"

namespace szilard::reset_physics {
namespace {

/// f[0] + f[1] x + ... of kTerms terms.
template <int kTerms>
inline __attribute__((always_inline)) double polynomial(const double* f, double x) {
  double sum = f[kTerms - 1];
  for (int k = kTerms - 1; k-- > 0;) sum = sum * x + f[k];
  return sum;
}

/// Integral of the force along the chord, over its length: heat without a look at the energy. Exact for the cubic force
/// of a quartic (the middle's force and what its curvature adds), by Boole's rule for a quintic one.
template <int kPowers>
inline __attribute__((always_inline)) double mean_force(const double* force, double x, double dx, double start_force) {
  const double middle = x + dx * 0.5;
  const double at_middle = polynomial<kPowers>(force, middle);
  if (kPowers == 4) return at_middle + (dx * dx) * (force[2] * (1.0 / 12) + (force[3] * 0.25) * middle);
  return (7 * (start_force + polynomial<kPowers>(force, x + dx)) +
          32 * (polynomial<kPowers>(force, x + dx * 0.25) + polynomial<kPowers>(force, x + dx * 0.75)) +
          12 * at_middle) *
         (1.0 / 90);
}

/// The type of the argument matters: clang 14 crashes on an array where alignment is checked.
template <typename T>
inline __attribute__((always_inline)) T* aligned(T* pointer) {
  return static_cast<T*>(__builtin_assume_aligned(pointer, 64));
}

template <int kPowers, int kChanging>
void advance(const LangevinRun& run) {
  double* __restrict xs = aligned(run.state->x);
  double* __restrict works = aligned(run.state->work);
  double* __restrict heats = aligned(run.state->heat);
  const double* __restrict z = aligned(run.gaussians);
  for (std::size_t n = 0; n < run.count; ++n, z += kLangevinPaths) {
    const LangevinStep step = run.steps[n];
    const double half = step.dt / 2;
    for (std::size_t i = 0; i < kLangevinPaths; ++i) {
      const double x = xs[i];
      works[i] += polynomial<kChanging>(step.change, x) * x;  // sum change[k] x^(k+1), by the same scheme
      const double f = polynomial<kPowers>(step.force, x);
      const double kick = step.noise * z[i];
      const double g = polynomial<kPowers>(step.force, x + (f * step.dt + kick));
      const double dx = (f + g) * half + kick;
      heats[i] += mean_force<kPowers>(step.force, x, dx, f) * dx;
      xs[i] = x + dx;
    }
  }
}

}  // namespace

LangevinKernels SZILARD_LANGEVIN_KERNELS() { return {advance<4, 2>, advance<4, 4>, advance<6, 6>}; }

}  // namespace szilard::reset_physics
