// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/QR>
#include <cstdint>

#include "models/optical/mesh_phases.hpp"
#include "models/support/philox.hpp"

namespace szilard::test {

using optical::Complex;
using optical::ComplexMatrix;

inline ComplexMatrix random_matrix(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  const support::RandomStream stream(seed, 7);
  ComplexMatrix a(rows, columns);
  for (Eigen::Index k = 0; k < a.size(); ++k)
    a.data()[k] = Complex(stream.gaussian(0, std::uint32_t(2 * k)), stream.gaussian(0, std::uint32_t(2 * k + 1))) *
                  std::sqrt(0.5);
  return a;
}

/// Haar: the Q of a Gaussian matrix, its columns turned so that R has a positive diagonal.
inline ComplexMatrix random_unitary(std::size_t n, std::uint64_t seed) {
  const ComplexMatrix a = random_matrix(n, n, seed);
  const Eigen::HouseholderQR<Eigen::MatrixXcd> qr(a);
  Eigen::MatrixXcd q = qr.householderQ();
  for (Eigen::Index k = 0; k < q.cols(); ++k) {
    const Complex r = qr.matrixQR()(k, k);
    q.col(k) *= r / std::abs(r);
  }
  return q;
}

}  // namespace szilard::test
