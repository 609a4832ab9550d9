// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/amplified_matrix.hpp"

#include <algorithm>

#include "models/linear/product.hpp"
#include "models/support/checks.hpp"

namespace szilard::optical {
namespace {

void stack(const ComplexMatrix& m, support::AlignedVector<double>& stacked) {
  for (const bool imaginary : {false, true}) {
    for (Eigen::Index r = 0; r < m.rows(); ++r) {
      for (Eigen::Index k = 0; k < m.cols(); ++k) stacked.push_back(imaginary ? m(r, k).imag() : m(r, k).real());
      for (Eigen::Index k = 0; k < m.cols(); ++k) stacked.push_back(imaginary ? m(r, k).real() : -m(r, k).imag());
    }
  }
}

}  // namespace

AmplifiedMatrix::Half AmplifiedMatrix::half_of(const Mesh& mesh) {
  Half half;
  stack(mesh.matrix(), half.stacked);
  half.has_absorption = mesh.transmission() < 1;
  if (half.has_absorption) stack(mesh.absorption(), half.stacked);
  return half;
}

AmplifiedMatrix::AmplifiedMatrix(const MatrixMesh& matrix, MiddleRow middle)
    : modes_(matrix.rows()), output_(half_of(matrix.output_mesh())), middle_(std::move(middle)) {
  support::require(matrix.input_mesh() && matrix.rows() == matrix.columns(), "columns",
                   static_cast<double>(matrix.columns()), "those of the rows, with two meshes");
  input_ = half_of(*matrix.input_mesh());
}

void AmplifiedMatrix::pass(const Half& half, std::size_t samples, std::size_t stride, double* re, double* im,
                           double* absorbed) const {
  const std::size_t fields = 2 * modes_, rows = half.has_absorption ? 2 * fields : fields;
  support::AlignedVector<double> products(rows * stride);
  std::vector<const double*> in(fields);
  std::vector<double*> out(rows);
  for (std::size_t m = 0; m < modes_; ++m) {
    in[m] = re + m * stride;
    in[modes_ + m] = im + m * stride;
  }
  for (std::size_t r = 0; r < rows; ++r) out[r] = &products[r * stride];
  linear::product(half.stacked.data(), fields, nullptr, in.data(), rows, fields, stride, out.data());
  for (std::size_t r = fields; r < rows; ++r)
    for (std::size_t s = 0; s < samples; ++s) absorbed[s] += in[r - fields][s] * out[r][s];
  for (std::size_t m = 0; m < modes_; ++m) {
    std::copy(out[m], out[m] + stride, re + m * stride);
    std::copy(out[modes_ + m], out[modes_ + m] + stride, im + m * stride);
  }
}

void AmplifiedMatrix::propagate(std::uint64_t first_sample, std::size_t samples, std::size_t stride,
                                std::uint32_t symbol, double* re, double* im, double* absorbed, double* auxiliary,
                                double watts_per_square, double* added) const {
  pass(input_, samples, stride, re, im, absorbed);
  for (std::size_t m = 0; m < modes_; ++m)
    middle_.pass(m, first_sample, samples, symbol, watts_per_square, re + m * stride, im + m * stride, auxiliary,
                 added);
  pass(output_, samples, stride, re, im, absorbed);
}

}  // namespace szilard::optical
