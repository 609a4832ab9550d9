// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/singular_values.hpp"

#include <Eigen/SVD>

namespace szilard::optical {
namespace {

bool is_real(const ComplexMatrix& w) { return w.imag().cwiseAbs().maxCoeff() == 0; }

template <typename Matrix>
SingularValues decomposed(const Matrix& w, bool with_vectors) {
  const Eigen::BDCSVD<Matrix> svd(w, with_vectors ? Eigen::ComputeFullU | Eigen::ComputeFullV : 0);
  SingularValues out;
  out.values = svd.singularValues();
  if (!with_vectors) return out;
  out.u = svd.matrixU().template cast<Complex>();
  out.v = svd.matrixV().template cast<Complex>();
  return out;
}

SingularValues decomposed_as_is(const ComplexMatrix& w, bool with_vectors) {
  if (is_real(w)) return decomposed<Eigen::MatrixXd>(w.real(), with_vectors);
  return decomposed<Eigen::MatrixXcd>(w, with_vectors);
}

}  // namespace

SingularValues singular_values(const ComplexMatrix& w) { return decomposed_as_is(w, true); }
double largest_singular_value(const ComplexMatrix& w) { return decomposed_as_is(w, false).values(0); }

}  // namespace szilard::optical
