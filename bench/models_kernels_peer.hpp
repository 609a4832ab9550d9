// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace szilard::bench {

/// out = weights x with Eigen's blocked product, all three row-major and contiguous (x: terms x lanes).
void eigen_product(const double* weights, const double* x, std::size_t outputs, std::size_t terms, std::size_t lanes,
                   double* out);
void eigen_product(const float* weights, const float* x, std::size_t outputs, std::size_t terms, std::size_t lanes,
                   float* out);

}  // namespace szilard::bench
