// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Included by lane_kernels_v2.cpp to lane_kernels_v4.cpp, which define SZILARD_LANE_KERNELS. Without contraction every
// operation is one IEEE rounding, so all instruction sets give the same bits.
#include "models/training/lane_kernels.hpp"

namespace szilard::training {
namespace {

typedef double Lanes __attribute__((vector_size(kLanes * sizeof(double))));

inline __attribute__((always_inline)) Lanes load(const double* p) { return *reinterpret_cast<const Lanes*>(p); }
inline __attribute__((always_inline)) void store(double* p, Lanes v) { *reinterpret_cast<Lanes*>(p) = v; }
inline __attribute__((always_inline)) Lanes magnitude(Lanes v) { return v < 0 ? -v : v; }

void forward(LaneMatrix m, const double* x, double* y) {
  for (size_t o = 0; o < m.outputs; ++o) {
    const double* const w = m.weights + o * m.inputs * kLanes;
    Lanes sum = m.bias ? load(m.bias + o * kLanes) : Lanes{};
    for (size_t k = 0; k < m.inputs; ++k) sum += load(w + k * kLanes) * load(x + k * kLanes);
    store(y + o * kLanes, sum);
  }
}

void backward(LaneMatrix m, const double* y, double* x) {
  for (size_t k = 0; k < m.inputs; ++k) store(x + k * kLanes, Lanes{});
  for (size_t o = 0; o < m.outputs; ++o) {
    const double* const w = m.weights + o * m.inputs * kLanes;
    const Lanes value = load(y + o * kLanes);
    for (size_t k = 0; k < m.inputs; ++k) store(x + k * kLanes, load(x + k * kLanes) + load(w + k * kLanes) * value);
  }
}

void add_outer(LaneMatrix m, const double* rate, const double* s, const double* x) {
  const Lanes share = load(rate);
  for (size_t o = 0; o < m.outputs; ++o) {
    double* const w = m.weights + o * m.inputs * kLanes;
    const Lanes value = share * load(s + o * kLanes);
    for (size_t k = 0; k < m.inputs; ++k) store(w + k * kLanes, load(w + k * kLanes) + value * load(x + k * kLanes));
    if (m.bias) store(m.bias + o * kLanes, load(m.bias + o * kLanes) + value);
  }
}

void add_scaled(LaneMatrix m, const double* share, LaneMatrix z) {
  const Lanes factor = load(share);
  for (size_t i = 0; i < m.outputs * m.inputs; ++i)
    store(m.weights + i * kLanes, load(m.weights + i * kLanes) + factor * load(z.weights + i * kLanes));
  for (size_t o = 0; m.bias && o < m.outputs; ++o)
    store(m.bias + o * kLanes, load(m.bias + o * kLanes) + factor * load(z.bias + o * kLanes));
}

void row_sums(LaneMatrix m, double* sums) {
  for (size_t o = 0; o < m.outputs; ++o) {
    Lanes sum{};
    for (size_t k = 0; k < m.inputs; ++k) sum += magnitude(load(m.weights + (o * m.inputs + k) * kLanes));
    store(sums + o * kLanes, sum);
  }
}

void add_weighted_columns(LaneMatrix m, const double* c, double* x) {
  for (size_t o = 0; o < m.outputs; ++o) {
    const Lanes value = load(c + o * kLanes);
    for (size_t k = 0; k < m.inputs; ++k)
      store(x + k * kLanes, load(x + k * kLanes) + magnitude(load(m.weights + (o * m.inputs + k) * kLanes)) * value);
  }
}

inline __attribute__((always_inline)) void add_moment(double* first, double* second, Lanes value) {
  store(first, load(first) + value);
  store(second, load(second) + value * value);
}

void add_moments(LaneMatrix first, LaneMatrix second, const double* s, const double* x) {
  for (size_t o = 0; o < first.outputs; ++o) {
    const Lanes value = load(s + o * kLanes);
    for (size_t k = 0; k < first.inputs; ++k) {
      const size_t at = (o * first.inputs + k) * kLanes;
      add_moment(first.weights + at, second.weights + at, value * load(x + k * kLanes));
    }
    if (first.bias) add_moment(first.bias + o * kLanes, second.bias + o * kLanes, value);
  }
}

void add_deviations(LaneMatrix first, LaneMatrix second, LaneMatrix m, LaneMatrix reference) {
  for (size_t i = 0; i < m.outputs * m.inputs * kLanes; i += kLanes)
    add_moment(first.weights + i, second.weights + i, load(m.weights + i) - load(reference.weights + i));
  for (size_t i = 0; first.bias && i < m.outputs * kLanes; i += kLanes)
    add_moment(first.bias + i, second.bias + i, load(m.bias + i) - load(reference.bias + i));
}

}  // namespace

LaneKernels SZILARD_LANE_KERNELS() {
  LaneKernels kernels;
  kernels.forward = forward;
  kernels.backward = backward;
  kernels.add_outer = add_outer;
  kernels.add_scaled = add_scaled;
  kernels.row_sums = row_sums;
  kernels.add_weighted_columns = add_weighted_columns;
  kernels.add_moments = add_moments;
  kernels.add_deviations = add_deviations;
  return kernels;
}

}  // namespace szilard::training
