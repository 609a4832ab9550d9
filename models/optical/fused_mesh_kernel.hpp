// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stddef.h>

// Private to fused_mesh*.cpp. Plain C types only: these translation units are compiled for several instruction sets,
// and an inline function of the standard library compiled there could be the copy that the linker keeps for everyone.
namespace szilard::optical {

enum class MeshForm { crossed, passed, plain };
constexpr size_t kMeshColumns = 8;        ///< most columns of a sweep: 8, 4, 2 or 1
constexpr size_t kFastCoefficients = 3;   ///< t, k1, k2 of an interferometer
constexpr size_t kPlainCoefficients = 8;  ///< its matrix by rows, real parts before imaginary ones

/// Consecutive diagonals of one form; a diagonal has its interferometers by ascending column.
struct MeshRun {
  MeshForm form;
  size_t diagonals;
};

/// Columns passed together. The diagonal at mode m is made of the interferometers on modes m - k and m - k + 1 of the
/// sweep's column k; the next one stands at m + 2.
struct MeshSweep {
  size_t columns;
  size_t first_mode;
  size_t first_run, runs;
  size_t first_coefficient;
};

template <typename T>
struct MeshProgram {
  const MeshSweep* sweeps;
  size_t sweep_count;
  const MeshRun* runs;
  const T* coefficients;
  const T* factors;  ///< real and imaginary part for each output
  size_t modes;
};

template <typename T>
using MeshKernel = void (*)(const MeshProgram<T>& program, T* panel, const T* const* in_re, const T* const* in_im,
                            size_t lanes, T* const* out_re, T* const* out_im);

struct MeshKernels {
  MeshKernel<double> of_double;
  MeshKernel<float> of_float;
};

/// A panel holds modes + 2 kMeshColumns rows of this many bytes, 64-byte aligned, all zero before the first use.
constexpr size_t kPanelRowBytes = 128;

MeshKernels mesh_kernels_v2();
MeshKernels mesh_kernels_v3();
MeshKernels mesh_kernels_v4();

}  // namespace szilard::optical
