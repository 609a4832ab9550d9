// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/matrix_mesh.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/optical/singular_values.hpp"
#include "models/support/checks.hpp"
#include "models/support/units.hpp"

namespace szilard::optical {
namespace {

constexpr double kUnitary = 1e-12, kRounding = 1e-12, kMostGain = 1e6;

void check_matrix(const ComplexMatrix& w) {
  if (w.size() == 0) throw std::invalid_argument("the matrix is empty");
  for (Eigen::Index k = 0; k < w.size(); ++k)
    if (!std::isfinite(w.data()[k].real()) || !std::isfinite(w.data()[k].imag()))
      throw std::invalid_argument("entry of row " + std::to_string(k / w.cols()) + ", column " +
                                  std::to_string(k % w.cols()) + " is not finite");
}

void set_scale(MatrixPhases& phases, std::optional<double> scale, double largest_gain) {
  if (scale) support::require_positive(*scale, "scale");
  const double largest = std::sqrt(largest_gain);
  phases.scale = scale.value_or(std::max(1.0, phases.norm / largest));
  if (phases.norm <= largest * phases.scale * (1 + kRounding)) return;
  const std::string medium =
      largest > 1 ? "amplifiers of a gain of " + support::shortest(largest_gain) : "a passive medium";
  throw std::invalid_argument("the largest singular value is " + support::shortest(phases.norm) + ", which " + medium +
                              " with scale " + support::shortest(phases.scale) + " cannot reach");
}

}  // namespace

double spectral_norm(const ComplexMatrix& w) {
  check_matrix(w);
  return singular_values(w).values(0);
}

MatrixPhases program_matrix(const ComplexMatrix& w, Topology topology, std::optional<double> scale,
                            double largest_gain) {
  check_matrix(w);
  support::require(largest_gain >= 1 && largest_gain <= kMostGain, "largest_gain", largest_gain, "1 to 1e6");
  MatrixPhases phases;
  phases.rows = static_cast<std::size_t>(w.rows());
  phases.columns = static_cast<std::size_t>(w.cols());
  if (unitarity_error(w) <= kUnitary && (!scale || *scale == 1)) {
    phases.norm = 1;
    phases.output_mesh = decompose(w, topology);
  } else {
    const SingularValues svd = singular_values(w);
    phases.norm = svd.values(0);
    if (!std::isfinite(phases.norm))
      throw std::invalid_argument("the largest singular value exceeds the largest number of double precision");
    set_scale(phases, scale, largest_gain);
    for (Eigen::Index k = 0; k < svd.values.size(); ++k)
      phases.transmissions.push_back(std::min(std::sqrt(largest_gain), svd.values(k) / phases.scale));
    phases.input_mesh = decompose(svd.v.adjoint(), topology);
    phases.output_mesh = decompose(svd.u, topology);
  }
  const ComplexMatrix wanted = w / phases.scale;
  const double size = wanted.stableNorm();
  const double off = (MatrixMesh(phases, {}, 0, "").matrix() - wanted).stableNorm();
  phases.residual = size > 0 ? off / size : off;
  return phases;
}

MatrixMesh::MatrixMesh(MatrixPhases phases, const MeshImperfections& imperfections, std::uint64_t seed,
                       const std::string& stream_name)
    : phases_(std::move(phases)), output_mesh_(phases_.output_mesh, imperfections, seed, stream_name + "/output_mesh") {
  if (phases_.input_mesh) input_mesh_.emplace(*phases_.input_mesh, imperfections, seed, stream_name + "/input_mesh");
  const std::size_t inputs = input_mesh_ ? input_mesh_->modes() : output_mesh_.modes();
  if (phases_.rows != output_mesh_.modes() || phases_.columns != inputs ||
      phases_.transmissions.size() != (input_mesh_ ? std::min(phases_.rows, phases_.columns) : 0))
    throw std::invalid_argument("the meshes do not fit the matrix");
  for (const double t : phases_.transmissions)
    support::require(t >= 0 && t * t <= kMostGain, "transmissions", t, "0 to 1000");
}

ComplexMatrix MatrixMesh::matrix() const {
  if (!input_mesh_) return output_mesh_.matrix();
  const Eigen::Index k = Eigen::Index(phases_.transmissions.size());
  const Eigen::Map<const Eigen::VectorXd> s(phases_.transmissions.data(), k);
  const ComplexMatrix front = s.cast<Complex>().asDiagonal() * input_mesh_->matrix().topRows(k);
  return output_mesh_.matrix().leftCols(k) * front;
}

ComplexMatrix MatrixMesh::absorption() const {
  if (!input_mesh_) return output_mesh_.absorption();
  const Eigen::Index k = Eigen::Index(phases_.transmissions.size());
  const Eigen::Map<const Eigen::VectorXd> s(phases_.transmissions.data(), k);
  const ComplexMatrix front = s.cast<Complex>().asDiagonal() * input_mesh_->matrix().topRows(k);
  return input_mesh_->absorption() + front.adjoint() * output_mesh_.absorption().topLeftCorner(k, k) * front;
}

ComplexMatrix MatrixMesh::auxiliary() const {
  const Eigen::Index n = Eigen::Index(columns());
  if (!input_mesh_) return ComplexMatrix::Zero(n, n);
  Eigen::VectorXcd dropped = Eigen::VectorXcd::Ones(n);
  for (std::size_t k = 0; k < phases_.transmissions.size(); ++k)
    dropped(Eigen::Index(k)) = std::max(0.0, (1 - phases_.transmissions[k]) * (1 + phases_.transmissions[k]));
  const ComplexMatrix front = input_mesh_->matrix();
  return front.adjoint() * dropped.asDiagonal() * front;
}

ComplexMatrix MatrixMesh::gained() const {
  const Eigen::Index n = Eigen::Index(columns());
  if (!input_mesh_) return ComplexMatrix::Zero(n, n);
  Eigen::VectorXcd added = Eigen::VectorXcd::Zero(n);
  for (std::size_t k = 0; k < phases_.transmissions.size(); ++k)
    added(Eigen::Index(k)) = std::max(0.0, (phases_.transmissions[k] - 1) * (phases_.transmissions[k] + 1));
  const ComplexMatrix front = input_mesh_->matrix();
  return front.adjoint() * added.asDiagonal() * front;
}

ComplexMatrix MatrixMesh::propagate(const ComplexMatrix& fields, LightPowers& powers, Arms* arms) const {
  if (static_cast<std::size_t>(fields.cols()) != columns())
    throw std::invalid_argument("fields on " + std::to_string(fields.cols()) + " modes, the matrix has " +
                                std::to_string(columns()) + " columns");
  if (!input_mesh_) return output_mesh_.propagate(fields, powers, arms ? &arms->output_mesh_w : nullptr);
  LightPowers first, second;
  ComplexMatrix between = input_mesh_->propagate(fields, first, arms ? &arms->input_mesh_w : nullptr);
  ComplexMatrix on = ComplexMatrix::Zero(fields.rows(), Eigen::Index(rows()));
  const Eigen::Index passing = Eigen::Index(phases_.transmissions.size());
  for (Eigen::Index k = 0; k < between.cols(); ++k) {
    const double t = k < passing ? phases_.transmissions[static_cast<std::size_t>(k)] : 0;
    (t > 1 ? powers.gained_w : powers.auxiliary_w) += std::fabs((1 - t) * (1 + t)) * between.col(k).squaredNorm();
    if (k < passing) on.col(k) = t * between.col(k);
  }
  ComplexMatrix out = output_mesh_.propagate(on, second, arms ? &arms->output_mesh_w : nullptr);
  powers.in_w += first.in_w;
  powers.absorbed_w += first.absorbed_w + second.absorbed_w;
  powers.out_w += second.out_w;
  return out;
}

}  // namespace szilard::optical
