// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/scattering_medium.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/optical/singular_values.hpp"
#include "models/support/checks.hpp"
#include "models/support/philox.hpp"

namespace szilard::optical {
namespace {

constexpr double kRounding = 1e-12;

void check_matrix(const ComplexMatrix& w) {
  if (w.size() == 0) throw std::invalid_argument("the matrix is empty");
  for (Eigen::Index k = 0; k < w.size(); ++k)
    if (!std::isfinite(w.data()[k].real()) || !std::isfinite(w.data()[k].imag()))
      throw std::invalid_argument("the matrix has an entry that is not finite");
}

Complex phase_of(const Complex& z) { return std::abs(z) > 0 ? z / std::abs(z) : Complex(1); }

/// The masks while they are being set.
class Programmer {
 public:
  Programmer(const ComplexMatrix& w, const ComplexMatrix& s)
      : w_(w),
        s_(s),
        lit_(s.cols() / w.cols()),
        collected_(s.rows() / w.rows()),
        weight_(1 / std::sqrt(double(lit_) * double(collected_))),
        in_(Eigen::VectorXcd::Ones(s.cols())),
        out_(Eigen::VectorXcd::Ones(s.rows())) {}

  /// One pass over the input mask; towards g W, or only along W in the first one.
  void set_inputs(bool along) {
    const ComplexMatrix r = weight_ * collected(s_);
    for (Eigen::Index k = 0; k < w_.cols(); ++k) {
      Eigen::VectorXcd t = r.middleCols(k * lit_, lit_) * in_.segment(k * lit_, lit_);
      for (Eigen::Index j = k * lit_; j < (k + 1) * lit_; ++j) {
        const Eigen::VectorXcd rest = t - r.col(j) * in_(j);
        const Complex turn = along ? r.col(j).dot(w_.col(k)) : r.col(j).dot(gain_ * w_.col(k) - rest);
        in_(j) = phase_of(turn);
        t = rest + r.col(j) * in_(j);
      }
    }
    renew();
  }
  void set_outputs() {
    const ComplexMatrix c = lit(s_);
    for (Eigen::Index o = 0; o < w_.rows(); ++o) {
      Eigen::RowVectorXcd t =
          out_.segment(o * collected_, collected_).transpose() * c.middleRows(o * collected_, collected_);
      for (Eigen::Index i = o * collected_; i < (o + 1) * collected_; ++i) {
        const Eigen::RowVectorXcd rest = t - out_(i) * c.row(i);
        out_(i) = phase_of(c.row(i).dot(gain_ * w_.row(o) - rest));
        t = rest + out_(i) * c.row(i);
      }
    }
    renew();
  }

  ComplexMatrix transfer() const { return lit(collected(s_)); }
  double error() const { return gain_ == 0.0 ? 1.0 : (transfer_ - gain_ * w_).norm() / (std::abs(gain_) * w_.norm()); }
  /// What is left of the light when the outputs' modes are taken out: each output's even combination of its modes.
  ComplexMatrix auxiliary() const {
    ComplexMatrix rest = std::sqrt(double(collected_)) * lit(s_);
    const double even = 1 / double(collected_);
    for (Eigen::Index o = 0; o < w_.rows(); ++o) {
      const Eigen::VectorXcd turns = out_.segment(o * collected_, collected_);
      auto group = rest.middleRows(o * collected_, collected_);
      const Eigen::RowVectorXcd detected = even * (turns.transpose() * group);
      group -= turns.conjugate() * detected;
    }
    return rest.adjoint() * rest;
  }
  Complex gain() const { return gain_; }
  double input_phase(Eigen::Index j) const { return std::arg(in_(j)); }
  double output_phase(Eigen::Index i) const { return std::arg(out_(i)); }

 private:
  /// Rows of each output's modes, columns of each input's modes added up with their phases; the weights of both with
  /// the latter.
  ComplexMatrix collected(const ComplexMatrix& a) const {
    ComplexMatrix sum(w_.rows(), a.cols());
    for (Eigen::Index o = 0; o < w_.rows(); ++o)
      sum.row(o) = out_.segment(o * collected_, collected_).transpose() * a.middleRows(o * collected_, collected_);
    return sum;
  }
  ComplexMatrix lit(const ComplexMatrix& a) const {
    ComplexMatrix sum(a.rows(), w_.cols());
    for (Eigen::Index k = 0; k < w_.cols(); ++k)
      sum.col(k) = weight_ * (a.middleCols(k * lit_, lit_) * in_.segment(k * lit_, lit_));
    return sum;
  }
  void renew() {
    transfer_ = transfer();
    gain_ = (w_.conjugate().cwiseProduct(transfer_)).sum() / w_.squaredNorm();
  }

  const ComplexMatrix &w_, &s_;
  Eigen::Index lit_, collected_;
  double weight_;
  Eigen::VectorXcd in_, out_;
  ComplexMatrix transfer_;
  Complex gain_ = 0;
};

}  // namespace

Dilation dilate(const ComplexMatrix& w, std::optional<double> scale) {
  check_matrix(w);
  if (scale) support::require_positive(*scale, "scale");
  const SingularValues svd = singular_values(w);
  Dilation out;
  out.outputs = static_cast<std::size_t>(w.rows());
  out.inputs = static_cast<std::size_t>(w.cols());
  out.norm = svd.values(0);
  out.scale = scale.value_or(std::max(1.0, out.norm));
  if (out.norm > out.scale * (1 + kRounding))
    throw std::invalid_argument("the largest singular value is " + support::shortest(out.norm) +
                                ", which a passive medium with scale " + support::shortest(out.scale) +
                                " cannot reach");
  const Eigen::Index m = w.rows(), n = w.cols(), k = svd.values.size();
  const Eigen::VectorXd s = (svd.values / out.scale).cwiseMin(1.0);
  Eigen::VectorXcd of_rows = Eigen::VectorXcd::Ones(m), of_columns = Eigen::VectorXcd::Ones(n);
  of_rows.head(k) = ((1 - s.array()) * (1 + s.array())).sqrt().matrix().cast<Complex>();
  of_columns.head(k) = of_rows.head(k);
  const ComplexMatrix c = svd.u.leftCols(k) * s.cast<Complex>().asDiagonal() * svd.v.leftCols(k).adjoint();
  out.unitary.resize(m + n, m + n);
  out.unitary.topLeftCorner(m, n) = c;
  out.unitary.topRightCorner(m, m) = svd.u * of_rows.asDiagonal() * svd.u.adjoint();
  out.unitary.bottomLeftCorner(n, n) = svd.v * of_columns.asDiagonal() * svd.v.adjoint();
  out.unitary.bottomRightCorner(n, m) = -c.adjoint();
  return out;
}

ComplexMatrix Dilation::propagate(const ComplexMatrix& fields, LightPowers& powers) const {
  if (static_cast<std::size_t>(fields.cols()) != inputs)
    throw std::invalid_argument("fields on " + std::to_string(fields.cols()) + " modes, the medium has " +
                                std::to_string(inputs) + " inputs");
  const ComplexMatrix all = fields * unitary.leftCols(Eigen::Index(inputs)).transpose();
  const ComplexMatrix detected = all.leftCols(Eigen::Index(outputs));
  powers.in_w += fields.squaredNorm();
  powers.out_w += detected.squaredNorm();
  powers.auxiliary_w += all.rightCols(Eigen::Index(inputs)).squaredNorm();
  return detected;
}

ComplexMatrix random_scatterer(std::size_t modes, std::uint64_t seed, const std::string& stream_name) {
  support::require(modes >= 1 && modes <= 4096, "modes", static_cast<double>(modes), "1 to 4096");
  const support::RandomStream stream(seed, support::stream_of((stream_name + "/scatterer").c_str()));
  const Eigen::Index n = Eigen::Index(modes);
  ComplexMatrix s(n, n);
  std::vector<double> numbers(2 * modes);
  for (Eigen::Index k = 0; k < n; ++k) {
    stream.gaussians(std::uint64_t(k), 0, numbers.size(), numbers.data());
    for (Eigen::Index j = 0; j < n; ++j) s(k, j) = Complex(numbers[2 * j], numbers[2 * j + 1]);
    // Twice is enough to be orthogonal to rounding.
    for (int twice = 0; twice < 2; ++twice) {
      const Eigen::VectorXcd parts = s.topRows(k).conjugate() * s.row(k).transpose();
      s.row(k) -= parts.transpose() * s.topRows(k);
    }
    s.row(k) /= s.row(k).norm();
  }
  return s;
}

ScattererProgram program_scatterer(const ComplexMatrix& w, const ComplexMatrix& scatterer, std::size_t passes) {
  check_matrix(w);
  check_matrix(scatterer);
  if (w.norm() == 0) throw std::invalid_argument("the matrix is zero: no mask of phases makes a scatterer dark");
  if (scatterer.rows() != scatterer.cols()) throw std::invalid_argument("the scatterer must be square");
  if (scatterer.rows() < std::max(w.rows(), w.cols()))
    throw std::invalid_argument("a scatterer of " + std::to_string(scatterer.rows()) +
                                " modes is too small for a matrix of " + std::to_string(w.rows()) + " x " +
                                std::to_string(w.cols()));
  support::require(passes >= 1, "passes", static_cast<double>(passes), "at least 1");
  Programmer programmer(w, scatterer);
  ScattererProgram out;
  for (std::size_t pass = 0; pass < passes; ++pass) {
    programmer.set_inputs(pass == 0);
    programmer.set_outputs();
    out.error_by_pass.push_back(programmer.error());
  }
  out.outputs = static_cast<std::size_t>(w.rows());
  out.inputs = static_cast<std::size_t>(w.cols());
  out.modes = static_cast<std::size_t>(scatterer.rows());
  for (Eigen::Index k = 0; k < scatterer.rows(); ++k) {
    out.input_phases_rad.push_back(programmer.input_phase(k));
    out.output_phases_rad.push_back(programmer.output_phase(k));
  }
  out.transfer = programmer.transfer();
  out.auxiliary = programmer.auxiliary();
  out.gain = programmer.gain();
  out.error = programmer.error();
  return out;
}

}  // namespace szilard::optical
