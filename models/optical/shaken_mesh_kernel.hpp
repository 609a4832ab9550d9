// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "models/optical/jittered_mesh_kernel.hpp"

// Private to shaken_mesh*.cpp; plain C types only, as in fused_mesh_kernel.hpp.
namespace szilard::optical {

/// Of an interferometer: phase of the upper input (re, im), real matrix by rows, half the sigma of phi, a quarter of
/// that of theta, and the share of the power into it that it absorbs; where there is none (past an edge) the last three
/// are 0.
constexpr size_t kShakenCoefficients = 9;

/// Up to this half angle 1 / (1 + t^2) is (1 - t^2) (1 + t^4) to less than half a unit in the last place of a turned
/// field.
constexpr double kSmallHalfAngle = 0.0125;

struct ShakenProgram {
  const JitterSweep* sweeps;
  size_t sweep_count;
  const double* coefficients;
  const double* factors;  ///< real and imaginary part for each output
  size_t modes;
  uint64_t seed;
  uint32_t stream;
  uint32_t first_diagonal;  ///< of the symbol
  uint64_t first_sample;
  bool has_loss, is_small;  ///< is_small: half angles are at most kSmallHalfAngle
};

/// Fields in place: re and im hold modes rows of `stride` numbers; adds to absorbed[sample]. A panel is one of
/// fused_mesh_kernel.hpp.
using ShakenKernel = void (*)(const ShakenProgram& program, double* panel, double* re, double* im, size_t stride,
                              size_t samples, double* absorbed);

ShakenKernel shaken_kernel_v2();
ShakenKernel shaken_kernel_v3();
ShakenKernel shaken_kernel_v4();

}  // namespace szilard::optical
