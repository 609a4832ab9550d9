// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stddef.h>
#include <stdint.h>

// Private to jittered_mesh*.cpp; plain C types only, as in fused_mesh_kernel.hpp.
namespace szilard::optical {

/// Of an interferometer: phase of the upper input (re, im), real matrix by rows, sigma of phi, half that of theta.
constexpr size_t kJitterCoefficients = 8;

// z of a byte b: u (c0 + c1 u^2 + c2 u^4), u = b - 127.5: least squares of the normal distribution's quantiles at (b +
// 1/2) / 256, scaled to unit variance.
constexpr float kJitter0 = 0.01148923496882802f, kJitter1 = -5.269357836699474e-07f, kJitter2 = 6.0446590023598e-11f;

/// Columns passed together, as MeshSweep; `first_diagonal` numbers diagonals over the whole mesh.
struct JitterSweep {
  size_t columns, first_mode, diagonals, first_diagonal, first_coefficient;
};

struct JitterProgram {
  const JitterSweep* sweeps;
  size_t sweep_count;
  const float* coefficients;
  const float* factors;
  size_t modes;
  uint64_t seed;
  uint32_t stream;
  uint64_t first_shot;
};

using JitterKernel = void (*)(const JitterProgram& program, float* panel, const float* const* in_re,
                              const float* const* in_im, size_t lanes, float* const* out_re, float* const* out_im);

JitterKernel jitter_kernel_v2();
JitterKernel jitter_kernel_v3();
JitterKernel jitter_kernel_v4();

}  // namespace szilard::optical
