// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/singular_values.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <vector>

namespace szilard::optical {
namespace {

constexpr double kOrthogonal = 1e-15, kZero = 1e-15;
constexpr int kMostSweeps = 80;

/// Rotates rows p and q of `a` (columns of the matrix) to be orthogonal, and those of `v` with them. False if they are.
bool rotate(ComplexMatrix& a, ComplexMatrix& v, Eigen::Index p, Eigen::Index q, double tolerance, double least_square) {
  const double alpha = a.row(p).squaredNorm(), beta = a.row(q).squaredNorm();
  if (std::min(alpha, beta) <= least_square) return false;
  const Complex gamma = a.row(p).dot(a.row(q));
  const double size = std::abs(gamma);
  if (!(size > tolerance * std::sqrt(alpha) * std::sqrt(beta))) return false;
  const double zeta = (beta - alpha) / (2 * size);
  const double t = (zeta < 0 ? -1 : 1) / (std::abs(zeta) + std::sqrt(1 + zeta * zeta));
  const double c = 1 / std::sqrt(1 + t * t), s = c * t;
  const Complex turn = std::conj(gamma) / size;
  const auto pass = [&](ComplexMatrix& m) {
    const Complex sq = s * turn, cq = c * turn;
    Complex* const x = &m(p, 0);
    Complex* const y = &m(q, 0);
    for (Eigen::Index k = 0; k < m.cols(); ++k) {
      const double xr = x[k].real(), xi = x[k].imag(), yr = y[k].real(), yi = y[k].imag();
      x[k] = {c * xr - (sq.real() * yr - sq.imag() * yi), c * xi - (sq.real() * yi + sq.imag() * yr)};
      y[k] = {s * xr + (cq.real() * yr - cq.imag() * yi), s * xi + (cq.real() * yi + cq.imag() * yr)};
    }
  };
  pass(a);
  pass(v);
  return true;
}

/// Rows from `known` on become unit vectors orthogonal to all before: of the coordinate axes the one that is farthest
/// from them, less its part in them, twice.
void complete(ComplexMatrix& rows, Eigen::Index known) {
  Eigen::VectorXd left = Eigen::VectorXd::Ones(rows.cols());
  for (Eigen::Index k = 0; k < known; ++k) left -= rows.row(k).cwiseAbs2().transpose();
  for (Eigen::Index k = known; k < rows.rows(); ++k) {
    Eigen::Index axis = 0;
    left.maxCoeff(&axis);
    Eigen::RowVectorXcd next = Eigen::RowVectorXcd::Unit(rows.cols(), axis);
    for (int twice = 0; twice < 2; ++twice)
      for (Eigen::Index other = 0; other < k; ++other) next -= rows.row(other).dot(next) * rows.row(other);
    rows.row(k) = next / next.norm();
    left -= rows.row(k).cwiseAbs2().transpose();
  }
}

/// For at least as many rows as columns.
SingularValues of_tall(const ComplexMatrix& w) {
  const Eigen::Index columns = w.cols(), rows = w.rows();
  ComplexMatrix a = w.transpose(), v = ComplexMatrix::Identity(columns, columns);
  // Rounding of a scalar product grows with its length.
  const double tolerance = kOrthogonal * std::sqrt(double(rows));
  const double least_square = kZero * kZero * a.squaredNorm() / double(100 * columns);  // such a column counts as zero
  bool rotated = true;
  for (int sweep = 0; rotated; ++sweep) {
    if (sweep == kMostSweeps) throw std::runtime_error("singular values did not converge");
    rotated = false;
    for (Eigen::Index p = 0; p + 1 < columns; ++p)
      for (Eigen::Index q = p + 1; q < columns; ++q) rotated = rotate(a, v, p, q, tolerance, least_square) || rotated;
  }
  const Eigen::VectorXd lengths = a.rowwise().norm();
  std::vector<Eigen::Index> order(static_cast<std::size_t>(columns));
  std::iota(order.begin(), order.end(), Eigen::Index(0));
  std::stable_sort(order.begin(), order.end(), [&](Eigen::Index x, Eigen::Index y) { return lengths(x) > lengths(y); });
  SingularValues out;
  out.values.resize(columns);
  ComplexMatrix u = ComplexMatrix::Zero(rows, rows);
  out.v.resize(columns, columns);
  Eigen::Index known = 0;
  for (Eigen::Index k = 0; k < columns; ++k) {
    const Eigen::Index from = order[static_cast<std::size_t>(k)];
    out.v.col(k) = v.row(from).transpose();
    const bool is_zero = !(lengths(from) > kZero * lengths(order.front()));
    out.values(k) = is_zero ? 0.0 : lengths(from);
    if (!is_zero) u.row(known++) = a.row(from) / lengths(from);
  }
  complete(u, known);
  out.u = u.transpose();
  return out;
}

}  // namespace

SingularValues singular_values(const ComplexMatrix& w) {
  // Squares of entries above 1e154 or below 1e-154 leave the range of a double: work at entries near 1, by a power of
  // two, which rounds nothing.
  const double largest = std::max(w.real().cwiseAbs().maxCoeff(), w.imag().cwiseAbs().maxCoeff());
  const int exponent = largest > 0 ? std::ilogb(largest) : 0;
  const auto near_one = [&](const Complex& x) {
    return Complex{std::ldexp(x.real(), -exponent), std::ldexp(x.imag(), -exponent)};
  };
  const ComplexMatrix scaled = w.unaryExpr(near_one);
  SingularValues out;
  if (w.rows() >= w.cols()) {
    out = of_tall(scaled);
  } else {
    SingularValues turned = of_tall(scaled.adjoint());
    out = {std::move(turned.v), std::move(turned.u), std::move(turned.values)};
  }
  for (double& value : out.values) value = std::ldexp(value, exponent);
  return out;
}

}  // namespace szilard::optical
