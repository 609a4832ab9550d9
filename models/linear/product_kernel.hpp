// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stddef.h>

// Private to product*.cpp. Plain C types only: these translation units are compiled for several instruction sets, and
// an inline function of the standard library compiled there could be the copy that the linker keeps for everyone.
namespace szilard::linear {

template <typename T>
using ProductKernel = void (*)(const T* weights, size_t weight_stride, const T* start, const T* const* x,
                               size_t outputs, size_t terms, size_t lanes, T* const* out);

struct ProductKernels {
  ProductKernel<double> of_double;
  ProductKernel<float> of_float;
};

ProductKernels product_kernels_v2();
ProductKernels product_kernels_v3();
ProductKernels product_kernels_v4();

}  // namespace szilard::linear
