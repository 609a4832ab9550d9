// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stddef.h>
#include <stdint.h>

// Private to philox*.cpp. Plain C types only: these translation units are compiled for several instruction sets, and an
// inline function of the standard library compiled there could be the copy that the linker keeps for everyone.
namespace szilard::support {

struct GaussianRun {
  uint64_t seed;
  uint32_t stream;
  uint64_t sample;       ///< the first one
  uint64_t first_index;  ///< indices [first_index, first_index + count), below 2^32
  size_t count;
  size_t stride;  ///< out[i * stride + s]
  double* out;
};

struct GaussianKernels {
  /// `groups` x 8 successive samples.
  void (*across_samples)(const GaussianRun& run, size_t groups);
  /// One sample.
  void (*across_indices)(const GaussianRun& run);
  /// gaussian_single() of any number of successive samples.
  void (*single_across_samples)(const GaussianRun& run, size_t samples);
};

GaussianKernels gaussian_kernels_v2();
GaussianKernels gaussian_kernels_v3();
GaussianKernels gaussian_kernels_v4();

}  // namespace szilard::support
