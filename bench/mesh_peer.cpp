// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/mesh_peer.hpp"

#include <Eigen/Core>

namespace szilard::bench {

void complex_product(const std::complex<float>* matrix, const std::complex<float>* x, std::size_t n, std::size_t fields,
                     std::complex<float>* out) {
  using Matrix = Eigen::Matrix<std::complex<float>, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto size = Eigen::Index(n), samples = Eigen::Index(fields);
  Eigen::Map<Matrix>(out, size, samples).noalias() =
      Eigen::Map<const Matrix>(matrix, size, size) * Eigen::Map<const Matrix>(x, size, samples);
}

}  // namespace szilard::bench
