// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/models_kernels_peer.hpp"

#include <Eigen/Core>

namespace szilard::bench {
namespace {

template <typename T>
void product(const T* weights, const T* x, std::size_t outputs, std::size_t terms, std::size_t lanes, T* out) {
  using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto o = Eigen::Index(outputs), k = Eigen::Index(terms), s = Eigen::Index(lanes);
  Eigen::Map<Matrix>(out, o, s).noalias() = Eigen::Map<const Matrix>(weights, o, k) * Eigen::Map<const Matrix>(x, k, s);
}

}  // namespace

void eigen_product(const double* weights, const double* x, std::size_t outputs, std::size_t terms, std::size_t lanes,
                   double* out) {
  product(weights, x, outputs, terms, lanes, out);
}
void eigen_product(const float* weights, const float* x, std::size_t outputs, std::size_t terms, std::size_t lanes,
                   float* out) {
  product(weights, x, outputs, terms, lanes, out);
}

}  // namespace szilard::bench
