// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stddef.h>

// Plain C types only: see models/quasistatic/unit_kernels.hpp.
namespace szilard::training {

/// Machines trained side by side, each with parameters of its own: eight numbers, one a machine, stand for each
/// quantity.
constexpr size_t kLanes = 8;

/// A layer's matrix: weights[(o inputs + k) kLanes + lane], bias[o kLanes + lane]; null: none, or
/// none that is touched.
struct LaneMatrix {
  size_t outputs, inputs;
  double *weights, *bias;
};

/// Vectors are rows of kLanes numbers, 64-byte aligned.
struct LaneKernels {
  /// y = W x + b, terms in order.
  void (*forward)(LaneMatrix m, const double* x, double* y);
  /// x = W' y.
  void (*backward)(LaneMatrix m, const double* y, double* x);
  /// W += rate[lane] s x' , b += rate[lane] s.
  void (*add_outer)(LaneMatrix m, const double* rate, const double* s, const double* x);
  /// W += share[lane] Z, b likewise.
  void (*add_scaled)(LaneMatrix m, const double* share, LaneMatrix z);
  /// sums[o] = |W| row sums.
  void (*row_sums)(LaneMatrix m, double* sums);
  /// x[k] += sum over o of |W_ok| c_o.
  void (*add_weighted_columns)(LaneMatrix m, const double* c, double* x);
  /// first += G, second += G G with G = s x' (and s for the bias).
  void (*add_moments)(LaneMatrix first, LaneMatrix second, const double* s, const double* x);
  /// first += D, second += D D with D = m - reference.
  void (*add_deviations)(LaneMatrix first, LaneMatrix second, LaneMatrix m, LaneMatrix reference);
};

LaneKernels lane_kernels_v2();
LaneKernels lane_kernels_v3();
LaneKernels lane_kernels_v4();
/// Those of the best instruction set. All sets give the same bits.
const LaneKernels& lane_kernels();

}  // namespace szilard::training
