// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/mesh_phases.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "models/support/units.hpp"

namespace szilard::optical {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kMostUnitarityError = 1e-9;

struct Rotation {
  std::size_t mode;
  double theta, phi;
};

double in_turn(double phi) {
  const double turned = phi < 0 ? phi + 2 * kPi : phi;
  return turned < 2 * kPi ? turned : 0;
}

/// The matrix while it is being nulled. Rows are padded: a stride of a power of two would map a column to a few sets of
/// the first-level cache.
class Work {
 public:
  explicit Work(const ComplexMatrix& u)
      : n_(static_cast<std::size_t>(u.rows())), stride_(n_ + 5), values_(n_ * stride_) {
    for (std::size_t r = 0; r < n_; ++r)
      for (std::size_t c = 0; c < n_; ++c) at(r, c) = u(Eigen::Index(r), Eigen::Index(c));
  }
  std::size_t modes() const { return n_; }
  Complex& at(std::size_t r, std::size_t c) { return values_[r * stride_ + c]; }

  /// Nulls (row, mode) by T^dagger from the right; rows below `row` are zero in both columns already.
  Rotation null_from_right(std::size_t row, std::size_t mode) {
    const Complex a = at(row, mode), b = at(row, mode + 1);
    const Rotation rotation = made_of(mode, std::abs(b), std::abs(a), a, -b);
    const double s = std::sin(rotation.theta / 2), c = std::cos(rotation.theta / 2);
    const Complex front = Complex(0, -1) * std::polar(1.0, -rotation.theta / 2);
    const Complex upper = front * std::polar(1.0, -rotation.phi);
    const Complex us = upper * s, uc = upper * c, fs = front * s, fc = front * c;
    for (std::size_t r = 0; r <= row; ++r) {
      const Complex x = at(r, mode), y = at(r, mode + 1);
      at(r, mode) = product(us, x) + product(fc, y);
      at(r, mode + 1) = product(uc, x) - product(fs, y);
    }
    at(row, mode) = 0;
    return rotation;
  }

  /// Nulls (mode + 1, column) by T from the left; columns before `column` are zero in both rows already.
  Rotation null_from_left(std::size_t mode, std::size_t column) {
    const Complex a = at(mode, column), b = at(mode + 1, column);
    const Rotation rotation = made_of(mode, std::abs(a), std::abs(b), b, a);
    const double s = std::sin(rotation.theta / 2), c = std::cos(rotation.theta / 2);
    const Complex front = Complex(0, 1) * std::polar(1.0, rotation.theta / 2);
    const Complex upper = front * std::polar(1.0, rotation.phi);
    const Complex us = upper * s, uc = upper * c, fs = front * s, fc = front * c;
    for (std::size_t k = column; k < n_; ++k) {
      const Complex x = at(mode, k), y = at(mode + 1, k);
      at(mode, k) = product(us, x) + product(fc, y);
      at(mode + 1, k) = product(uc, x) - product(fs, y);
    }
    at(mode + 1, column) = 0;
    return rotation;
  }

 private:
  // std::complex's own product checks for infinities.
  static Complex product(const Complex& a, const Complex& b) {
    return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
  }

  /// theta = 2 atan(y / x); phi the phase of p against q, 0 where either vanishes.
  static Rotation made_of(std::size_t mode, double y, double x, const Complex& p, const Complex& q) {
    const bool free = p == 0.0 || q == 0.0;
    return {mode, 2 * std::atan2(y, x), free ? 0.0 : in_turn(std::arg(p * std::conj(q)))};
  }

  std::size_t n_, stride_;
  std::vector<Complex> values_;
};

std::vector<Rotation> nulled_by_reck(Work& work) {
  std::vector<Rotation> light;
  for (std::size_t row = work.modes() - 1; row > 0; --row)
    for (std::size_t column = 0; column < row; ++column) light.push_back(work.null_from_right(row, column));
  return light;
}

std::vector<Rotation> nulled_by_clements(Work& work, std::vector<Complex>& diagonal) {
  const std::size_t n = work.modes();
  std::vector<Rotation> light, left;
  for (std::size_t i = 0; i + 1 < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      if (i % 2 == 0) light.push_back(work.null_from_right(n - 1 - j, i - j));
      else left.push_back(work.null_from_left(n - 2 - i + j, j));
    }
  }
  for (std::size_t m = 0; m < n; ++m) diagonal[m] = work.at(m, m);
  // T^dagger D = D' T' with the same theta: the rotation nearest to the diagonal first.
  for (auto rotation = left.rbegin(); rotation != left.rend(); ++rotation) {
    Complex &d1 = diagonal[rotation->mode], &d2 = diagonal[rotation->mode + 1];
    const double phi = in_turn(std::arg(d1 * std::conj(d2)));
    const Complex second = -std::polar(1.0, -rotation->theta) * d2;
    d1 = second * std::polar(1.0, -rotation->phi);
    d2 = second;
    light.push_back({rotation->mode, rotation->theta, phi});
  }
  return light;
}

void check(const ComplexMatrix& unitary) {
  if (unitary.size() == 0) throw std::invalid_argument("the matrix of a mesh is empty");
  if (unitary.rows() != unitary.cols())
    throw std::invalid_argument("the matrix of a mesh is " + std::to_string(unitary.rows()) + " x " +
                                std::to_string(unitary.cols()) + ", must be square");
  for (Eigen::Index k = 0; k < unitary.size(); ++k)
    if (!std::isfinite(unitary.data()[k].real()) || !std::isfinite(unitary.data()[k].imag()))
      throw std::invalid_argument("the matrix of a mesh has an entry that is not finite");
  const double error = unitarity_error(unitary);
  if (!(error <= kMostUnitarityError))
    throw std::invalid_argument("the matrix of a mesh is not unitary: an entry of U U^dagger is off by " +
                                support::shortest(error));
}

}  // namespace

std::string_view topology_name(Topology topology) { return topology == Topology::clements ? "clements" : "reck"; }

double unitarity_error(const ComplexMatrix& a) {
  if (a.rows() != a.cols()) return std::numeric_limits<double>::infinity();
  const Eigen::MatrixXd re = a.real(), im = a.imag();
  Eigen::MatrixXd real = re * re.transpose() + im * im.transpose();
  real.diagonal().array() -= 1;
  const Eigen::MatrixXd half = im * re.transpose();
  return (real.array().square() + (half - half.transpose()).array().square()).sqrt().maxCoeff();
}

MeshPhases decompose(const ComplexMatrix& unitary, Topology topology) {
  check(unitary);
  Work work(unitary);
  MeshPhases mesh;
  mesh.topology = topology;
  mesh.modes = work.modes();
  std::vector<Complex> diagonal(mesh.modes);
  std::vector<Rotation> light;
  if (topology == Topology::clements) {
    light = nulled_by_clements(work, diagonal);
  } else {
    light = nulled_by_reck(work);
    for (std::size_t m = 0; m < mesh.modes; ++m) diagonal[m] = work.at(m, m);
  }
  for (const Complex& d : diagonal) mesh.output_phases_rad.push_back(std::arg(d));

  std::vector<std::size_t> free_column(mesh.modes, 0);
  for (const Rotation& rotation : light) {
    const std::size_t column = std::max(free_column[rotation.mode], free_column[rotation.mode + 1]);
    mesh.interferometers.push_back({column, rotation.mode, rotation.theta, rotation.phi});
    free_column[rotation.mode] = free_column[rotation.mode + 1] = column + 1;
    mesh.columns = std::max(mesh.columns, column + 1);
  }
  std::sort(mesh.interferometers.begin(), mesh.interferometers.end(),
            [](const auto& a, const auto& b) { return a.column != b.column ? a.column < b.column : a.mode < b.mode; });
  return mesh;
}

}  // namespace szilard::optical
