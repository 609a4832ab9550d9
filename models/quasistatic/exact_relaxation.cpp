// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/quasistatic/exact_relaxation.hpp"

#include <Eigen/Eigenvalues>
#include <cmath>
#include <utility>

#include "models/linear/product.hpp"

namespace szilard::quasistatic {
namespace {

Eigen::VectorXd of_units(const Network& network, std::vector<double> Layer::*numbers) {
  Eigen::VectorXd out(network.units());
  Eigen::Index i = 0;
  for (const Layer& layer : network.layers)
    for (double number : layer.*numbers) out[i++] = number;
  return out;
}

}  // namespace

Eigen::MatrixXd linear_hessian(const Network& network) {
  const Eigen::Index n = Eigen::Index(network.units());
  Eigen::MatrixXd j = Eigen::MatrixXd::Identity(n, n);
  for (std::size_t l = 1; l < network.layers.size(); ++l) {
    const linear::LinearMap& map = network.layers[l].map;
    const std::size_t row = network.first_unit(l), column = network.first_unit(l - 1);
    for (std::size_t g = 0; g < map.groups; ++g)
      for (std::size_t p = 0; p < map.positions; ++p)
        for (std::size_t k = 0; k < map.terms; ++k) {
          const std::int32_t from = map.gather[(g * map.positions + p) * map.terms + k];
          if (from < 0) continue;
          for (std::size_t o = 0; o < map.outputs; ++o)
            j(Eigen::Index(row + (g * map.outputs + o) * map.positions + p),
              Eigen::Index(column + std::size_t(from))) -=
                map.weights(Eigen::Index(g * map.outputs + o), Eigen::Index(k));
        }
  }
  return j.transpose() * of_units(network, &Layer::stiffness).asDiagonal() * j;
}

ExactRelaxation::ExactRelaxation(const Network& network, double dt, double kT) : cold_(kT == 0) {
  const Eigen::VectorXd root = of_units(network, &Layer::friction).cwiseSqrt();
  const Eigen::VectorXd inverse = root.cwiseInverse();
  const Eigen::MatrixXd a = inverse.asDiagonal() * linear_hessian(network) * inverse.asDiagonal();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> modes(a);
  const Eigen::Index n = a.rows();
  Eigen::VectorXd decay(n), kick(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const double rate = modes.eigenvalues()[i];
    decay[i] = std::exp(-rate * dt);
    kick[i] = std::sqrt(kT * -std::expm1(-2 * rate * dt) / rate);
  }
  const Eigen::MatrixXd vectors = inverse.asDiagonal() * modes.eigenvectors();
  both_.resize(n, cold_ ? n : 2 * n);
  both_.leftCols(n) = vectors * decay.asDiagonal() * modes.eigenvectors().transpose() * root.asDiagonal();
  if (!cold_) both_.rightCols(n) = vectors * kick.asDiagonal();
}

void ExactRelaxation::step(Field& deviations, const double* z) {
  const std::size_t n = deviations.rows, lanes = deviations.lanes;
  if (next_.rows != n || next_.lanes != lanes) next_ = Field(n, lanes);
  in_.resize(std::size_t(both_.cols()));
  out_.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    in_[i] = deviations.row(i);
    if (!cold_) in_[n + i] = z + i * lanes;
    out_[i] = next_.row(i);
  }
  linear::product(both_.data(), in_.size(), nullptr, in_.data(), n, in_.size(), lanes, out_.data());
  std::swap(deviations, next_);
}

}  // namespace szilard::quasistatic
