// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <cstddef>

namespace szilard::bench {

/// out = matrix (n x n) times x (n x fields), row by row, by Eigen at its best on this machine.
void complex_product(const std::complex<float>* matrix, const std::complex<float>* x, std::size_t n, std::size_t fields,
                     std::complex<float>* out);

}  // namespace szilard::bench
