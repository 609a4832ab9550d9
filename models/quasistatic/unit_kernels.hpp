// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stddef.h>

// Plain C types only: the kernels are compiled for several instruction sets, and an inline function of the standard
// library compiled there could be the copy that the linker keeps for everyone.
namespace szilard::quasistatic {

/// `units` rows of `lanes` numbers each, one row after another, 64-byte aligned; lanes a multiple of 8. Arrays named
/// here hold a row for each unit unless said otherwise; kappa and the like one number a unit.
struct UnitRows {
  size_t units, lanes;
  const double* kappa;
};

struct UnitKernels {
  /// pull = -kappa (x - f(y)), strain = -pull f'(y) = -sigma.
  void (*pull)(int activation, UnitRows rows, const double* x, const double* y, double* pull, double* strain);
  /// sum[lane] += sign sum_i kappa_i / 2 (x - f(y))^2.
  void (*energy)(int activation, UnitRows rows, const double* x, const double* y, double sign, double* sum);
  /// sum[lane] -= sum_i of the integral of kappa_i r_i (dx_i - f'(y_i) dy_i) along the straight line from (x, y) to
  /// (x2, y2): the work of the units' forces, without a look at the energy. Exact for linear units and ReLU (cut at the
  /// kink), five-point Gauss and Legendre for the others.
  void (*heat)(int activation, UnitRows rows, const double* x, const double* y, const double* x2, const double* y2,
               double* sum);
  /// The first stage: step = drift[i] (pull + back) with drift = dt / gamma, kick = noise[i] z;
  /// end = x + step + kick, half = x + step / 2 + kick. half may be z. Null z: no noise.
  void (*predict)(UnitRows rows, const double* drift, const double* noise, const double* x, const double* pull,
                  const double* back, const double* z, double* end, double* half);
  /// The second: x = half + drift[i] (pull + back) / 2.
  void (*correct)(UnitRows rows, const double* drift, const double* half, const double* pull, const double* back,
                  double* x);
  /// out = f(y).
  void (*activate)(int activation, size_t count, const double* y, double* out);
  /// out[i][lane] = from[i][lane] + part[lane] (to[i][lane] - from[i][lane]).
  void (*between)(UnitRows rows, const double* from, const double* to, const double* part, double* out);
  /// best[lane] = largest of the window's rows.
  void (*largest)(size_t window, const double* const* rows, size_t lanes, double* best);
  /// gradient[k][lane] += of[lane] for the first row k of the window that holds best[lane].
  void (*to_largest)(size_t window, const double* const* rows, size_t lanes, const double* best, const double* of,
                     double* const* gradient);
};

UnitKernels unit_kernels_v2();
UnitKernels unit_kernels_v3();
UnitKernels unit_kernels_v4();
/// Those of the best instruction set. All sets give the same bits.
const UnitKernels& unit_kernels();

}  // namespace szilard::quasistatic
