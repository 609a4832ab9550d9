// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// The kernels of fused_mesh.hpp for one instruction set. Included once by each of fused_mesh_v2.cpp, fused_mesh_v3.cpp
// and fused_mesh_v4.cpp, which define SZILARD_MESH_KERNELS as the name of the function that hands the kernels out.
//
// One register of fields at a time is copied into a panel that stays in the first-level cache: a row a mode, real parts
// then imaginary ones, with rows of zeros before the first mode and behind the last for the ends of the diagonals.
#include <string.h>

#include "models/optical/fused_mesh_kernel.hpp"

namespace szilard::optical {
namespace {

#include "models/optical/mesh_vectors.inc.hpp"

template <MeshForm Form, typename T>
inline __attribute__((always_inline)) void pass(const T* c, Field<T>& a, Field<T>& b) {
  if constexpr (Form == MeshForm::plain) {
    const Field<T> x = a, y = b;
    a.re = c[0] * x.re - c[4] * x.im + c[1] * y.re - c[5] * y.im;
    a.im = c[0] * x.im + c[4] * x.re + c[1] * y.im + c[5] * y.re;
    b.re = c[2] * x.re - c[6] * x.im + c[3] * y.re - c[7] * y.im;
    b.im = c[2] * x.im + c[6] * x.re + c[3] * y.im + c[7] * y.re;
  } else {
    const T t = c[0], k1 = c[1], k2 = c[2];
    const Field<T> upper{a.re - t * a.im, a.im + t * a.re}, lower = b;
    if constexpr (Form == MeshForm::crossed) {
      a = {lower.re + k1 * upper.re, lower.im + k1 * upper.im};
      b = {upper.re + k2 * lower.re, upper.im + k2 * lower.im};
    } else {
      a = {upper.re + k1 * lower.re, upper.im + k1 * lower.im};
      b = {lower.re + k2 * upper.re, lower.im + k2 * upper.im};
    }
  }
}

/// Where a sweep stands: the fields of the K - 1 modes before `row`'s wait in registers.
template <size_t K, typename T>
struct Window {
  Field<T> mode[K + 1];
  T* row;
  const T* coefficients;
};

template <MeshForm Form, size_t K, typename T>
inline __attribute__((always_inline)) void run(Window<K, T>& window, size_t diagonals) {
  constexpr size_t kRow = 2 * Vector<T>::kLanes;
  constexpr size_t kCoefficients = Form == MeshForm::plain ? kPlainCoefficients : kFastCoefficients;
  auto& mode = window.mode;
  T* row = window.row;
  const T* c = window.coefficients;
  for (; diagonals > 0; --diagonals) {
    mode[K - 1] = load(row);
    mode[K] = load(row + kRow);
#pragma GCC unroll 8
    for (size_t k = 0; k < K; ++k) pass<Form>(c + k * kCoefficients, mode[K - 1 - k], mode[K - k]);
    T* const done = row - (K - 1) * kRow;
    store(done, mode[0]);
    store(done + kRow, mode[1]);
#pragma GCC unroll 8
    for (size_t j = 0; j + 2 <= K; ++j) mode[j] = mode[j + 2];
    row += 2 * kRow;
    c += K * kCoefficients;
  }
  window.row = row;
  window.coefficients = c;
}

template <size_t K, typename T>
void sweep(const MeshSweep& sweep, const MeshRun* runs, const T* coefficients, T* first_row) {
  constexpr size_t kRow = 2 * Vector<T>::kLanes;
  Window<K, T> window;
  window.row = first_row + sweep.first_mode * kRow;
  window.coefficients = coefficients;
  for (size_t j = 0; j + 1 < K; ++j) window.mode[j] = load(window.row + j * kRow - (K - 1) * kRow);
  for (size_t r = 0; r < sweep.runs; ++r) {
    switch (runs[r].form) {
      case MeshForm::crossed:
        run<MeshForm::crossed>(window, runs[r].diagonals);
        break;
      case MeshForm::passed:
        run<MeshForm::passed>(window, runs[r].diagonals);
        break;
      case MeshForm::plain:
        run<MeshForm::plain>(window, runs[r].diagonals);
        break;
    }
  }
  for (size_t j = 0; j + 1 < K; ++j) store(window.row + j * kRow - (K - 1) * kRow, window.mode[j]);
}

template <typename T>
void propagate(const MeshProgram<T>& program, T* panel, const T* const* in_re, const T* const* in_im, size_t lanes,
               T* const* out_re, T* const* out_im) {
  constexpr size_t kLanes = Vector<T>::kLanes, kRow = 2 * kLanes;
  T* const first_row = panel + kMeshColumns * kRow;
  for (size_t lane = 0; lane < lanes; lane += kLanes) {
    const size_t count = lanes - lane < kLanes ? lanes - lane : kLanes;
    for (size_t m = 0; m < program.modes; ++m) {
      T* const row = first_row + m * kRow;
      memcpy(row, in_re[m] + lane, count * sizeof(T));
      memcpy(row + kLanes, in_im[m] + lane, count * sizeof(T));
    }
    for (size_t s = 0; s < program.sweep_count; ++s) {
      const MeshSweep& one = program.sweeps[s];
      const MeshRun* const runs = program.runs + one.first_run;
      const T* const coefficients = program.coefficients + one.first_coefficient;
      if (one.columns == 8) sweep<8>(one, runs, coefficients, first_row);
      else if (one.columns == 4) sweep<4>(one, runs, coefficients, first_row);
      else if (one.columns == 2) sweep<2>(one, runs, coefficients, first_row);
      else sweep<1>(one, runs, coefficients, first_row);
    }
    for (size_t m = 0; m < program.modes; ++m) {
      T* const row = first_row + m * kRow;
      const auto field = load(row);
      const T re = program.factors[2 * m], im = program.factors[2 * m + 1];
      store(row, {re * field.re - im * field.im, re * field.im + im * field.re});
      memcpy(out_re[m] + lane, row, count * sizeof(T));
      memcpy(out_im[m] + lane, row + kLanes, count * sizeof(T));
    }
  }
}

}  // namespace

MeshKernels SZILARD_MESH_KERNELS() { return {&propagate<double>, &propagate<float>}; }

}  // namespace szilard::optical
