// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// The product of product.hpp for one instruction set. Included once by each of product_v2.cpp, product_v3.cpp and
// product_v4.cpp, which define SZILARD_PRODUCT_KERNELS as the name of the function that hands the kernels out.
//
// A tile of kTileOutputs x kTileVectors accumulators stays in registers while k runs; each step loads kTileVectors
// vectors of samples and broadcasts one weight an output. Where many outputs share the samples, those are first copied
// side by side (a panel), in runs of kPanelTerms terms; between two runs the sums wait in `out`, which rounds nothing.
// So an output is the same chain of operations in ascending k wherever the borders of tiles and panels fall.
#include "models/linear/product_kernel.hpp"

namespace szilard::linear {
namespace {

#if defined(__AVX512F__)
constexpr size_t kVectorBytes = 64;
constexpr int kTileOutputs = 8;
#elif defined(__AVX2__)
constexpr size_t kVectorBytes = 32;
constexpr int kTileOutputs = 4;
#else
constexpr size_t kVectorBytes = 16;
constexpr int kTileOutputs = 4;
#endif
constexpr int kTileVectors = 3;
constexpr size_t kPanelTerms = 256;
// Below this a copy costs more than it saves.
constexpr size_t kLeastOutputsOfPanel = 3 * kTileOutputs;

template <typename T, size_t Bytes>
struct Vector {
  typedef T type __attribute__((vector_size(Bytes)));
  typedef T in_memory __attribute__((vector_size(Bytes), aligned(sizeof(T)), may_alias));
  static constexpr size_t kLanes = Bytes / sizeof(T);

  static inline __attribute__((always_inline)) type load(const T* p) { return *reinterpret_cast<const in_memory*>(p); }
  static inline __attribute__((always_inline)) void store(T* p, type value) {
    *reinterpret_cast<in_memory*>(p) = value;
  }
};

/// Where the samples of term k stand: in rows of their own, or in a panel.
template <typename T>
struct Rows {
  const T* const* x;
  size_t lane;
  const T* at(size_t k) const { return x[k] + lane; }
};
template <typename T>
struct Panel {
  const T* values;
  size_t width;
  const T* at(size_t k) const { return values + k * width; }
};

/// What a run of terms starts from: start[o], zero, or the sums of the run before.
template <typename T>
struct Sums {
  const T* start;
  bool first_run;
  size_t lane;
  T* const* out;
};

template <typename V, int M, int N, typename T, typename Samples>
inline __attribute__((always_inline)) void tile(const T* weights, size_t weight_stride, const Samples& samples,
                                                size_t terms, const Sums<T>& sums) {
  using Lanes = typename V::type;
  Lanes sum[M][N];
  for (int m = 0; m < M; ++m)
    for (int n = 0; n < N; ++n)
      sum[m][n] = !sums.first_run ? V::load(sums.out[m] + sums.lane + n * V::kLanes)
                                  : Lanes{} + (sums.start != nullptr ? sums.start[m] : T(0));
  for (size_t k = 0; k < terms; ++k) {
    const T* const at = samples.at(k);
    Lanes x[N];
    for (int n = 0; n < N; ++n) x[n] = V::load(at + n * V::kLanes);
    for (int m = 0; m < M; ++m) {
      const T w = weights[m * weight_stride + k];
      for (int n = 0; n < N; ++n) sum[m][n] += w * x[n];
    }
  }
  for (int m = 0; m < M; ++m)
    for (int n = 0; n < N; ++n) V::store(sums.out[m] + sums.lane + n * V::kLanes, sum[m][n]);
}

template <typename V, int M, int N, typename T, typename Samples>
void last_tile(size_t outputs, const T* weights, size_t weight_stride, const Samples& samples, size_t terms,
               const Sums<T>& sums) {
  if constexpr (M > 0) {
    if (outputs == M) tile<V, M, N>(weights, weight_stride, samples, terms, sums);
    else last_tile<V, M - 1, N>(outputs, weights, weight_stride, samples, terms, sums);
  }
}

template <typename V, int N, typename T, typename Samples>
void all_outputs(const T* weights, size_t weight_stride, size_t outputs, const Samples& samples, size_t terms,
                 Sums<T> sums) {
  for (; outputs >= kTileOutputs; outputs -= kTileOutputs) {
    tile<V, kTileOutputs, N>(weights, weight_stride, samples, terms, sums);
    weights += kTileOutputs * weight_stride;
    sums.out += kTileOutputs;
    if (sums.start != nullptr) sums.start += kTileOutputs;
  }
  last_tile<V, kTileOutputs - 1, N>(outputs, weights, weight_stride, samples, terms, sums);
}

template <typename V, int N, typename T>
void columns(const T* weights, size_t weight_stride, const T* start, const T* const* x, size_t outputs, size_t terms,
             size_t lane, T* const* out) {
  if (outputs < kLeastOutputsOfPanel || N == 1) {
    all_outputs<V, N>(weights, weight_stride, outputs, Rows<T>{x, lane}, terms, {start, true, lane, out});
    return;
  }
  alignas(64) T panel[kPanelTerms * N * V::kLanes];
  for (size_t first = 0; first < terms || first == 0; first += kPanelTerms) {
    const size_t count = terms - first < kPanelTerms ? terms - first : kPanelTerms;
    for (size_t k = 0; k < count; ++k)
      for (int n = 0; n < N; ++n)
        V::store(panel + (k * N + n) * V::kLanes, V::load(x[first + k] + lane + n * V::kLanes));
    all_outputs<V, N>(weights + first, weight_stride, outputs, Panel<T>{panel, N * V::kLanes}, count,
                      {start, first == 0, lane, out});
  }
}

template <typename T>
void product(const T* weights, size_t weight_stride, const T* start, const T* const* x, size_t outputs, size_t terms,
             size_t lanes, T* const* out) {
  using V = Vector<T, kVectorBytes>;
  size_t lane = 0;
  for (; lane + kTileVectors * V::kLanes <= lanes; lane += kTileVectors * V::kLanes)
    columns<V, kTileVectors>(weights, weight_stride, start, x, outputs, terms, lane, out);
  if (lane + 2 * V::kLanes <= lanes) {
    columns<V, 2>(weights, weight_stride, start, x, outputs, terms, lane, out);
    lane += 2 * V::kLanes;
  }
  if (lane + V::kLanes <= lanes) {
    columns<V, 1>(weights, weight_stride, start, x, outputs, terms, lane, out);
    lane += V::kLanes;
  }
  if (lane < lanes)  // eight floats where a register holds sixteen
    columns<Vector<T, kVectorBytes / 2>, 1>(weights, weight_stride, start, x, outputs, terms, lane, out);
}

}  // namespace

ProductKernels SZILARD_PRODUCT_KERNELS() { return {&product<double>, &product<float>}; }

}  // namespace szilard::linear
