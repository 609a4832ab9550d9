// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/fit/variance_fit.hpp"

#include <algorithm>
#include <cmath>

namespace szilard::fit {
namespace {

constexpr int kMostSteps = 200;
constexpr double kPi = 3.14159265358979323846;

double normal_density(double z) { return std::exp(-z * z / 2) / std::sqrt(2 * kPi); }
double normal_below(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

// Squares of the residuals, and what the fit's likelihood is.
struct Expectation {
  Eigen::VectorXd squares;
  double log_likelihood = 0;
};

Expectation expect(const Eigen::VectorXd& residuals, const Eigen::VectorXd& variance, const Eigen::VectorXd& floor) {
  Expectation out;
  out.squares = residuals.cwiseAbs2();
  for (Eigen::Index i = 0; i < residuals.size(); ++i) {
    if (!(residuals(i) <= floor(i))) {
      out.log_likelihood -= 0.5 * (std::log(2 * kPi * variance(i)) + out.squares(i) / variance(i));
      continue;
    }
    const double z = -floor(i) / std::sqrt(variance(i)), below = normal_below(-z);
    // Mills' ratio tends to 1 / z far out, where both of its parts underflow.
    const double ratio = below > 1e-280 ? normal_density(z) / below : z + 1 / z;
    out.squares(i) = variance(i) * (1 + z * ratio);
    out.log_likelihood += below > 1e-280 ? std::log(below) : -z * z / 2 - std::log(z);
  }
  return out;
}

}  // namespace

std::optional<LinearLaw> fit_deviation(const Eigen::MatrixXd& basis, const Eigen::VectorXd& residuals,
                                       const Eigen::VectorXd& known_variance, const Eigen::VectorXd& floor) {
  const Eigen::Index n = basis.rows(), p = basis.cols();
  if (n < p) return std::nullopt;
  // A constant to begin with, as near as the basis comes to one.
  double start =
      std::sqrt(std::max(residuals.cwiseAbs2().mean() - known_variance.mean(), 1e-4 * residuals.cwiseAbs2().mean()));
  if (!(start > 0)) return std::nullopt;
  const Eigen::VectorXd constant = Eigen::VectorXd::Constant(n, start);
  Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr(basis);
  qr.setThreshold(1e-10);
  if (qr.rank() < p) return std::nullopt;
  LinearLaw law;
  law.coefficients = qr.solve(constant);
  Eigen::VectorXd s = basis * law.coefficients;
  if (s.minCoeff() <= 0) return std::nullopt;
  Eigen::VectorXd variance = s.cwiseAbs2() + known_variance;
  Expectation now = expect(residuals, variance, floor);
  for (int step = 0; step < kMostSteps; ++step) {
    const Eigen::VectorXd slope = 2 * s.cwiseQuotient(variance);
    const Eigen::VectorXd surplus = (now.squares - variance).cwiseQuotient(variance);
    const Eigen::MatrixXd weighted = slope.asDiagonal() * basis;
    const Eigen::MatrixXd information = 0.5 * weighted.transpose() * weighted;
    const Eigen::VectorXd score = 0.5 * weighted.transpose() * surplus;
    const Eigen::LDLT<Eigen::MatrixXd> solver(information);
    if (solver.info() != Eigen::Success || !(solver.vectorD().minCoeff() > 0)) return std::nullopt;
    Eigen::VectorXd direction = solver.solve(score);
    const double gain = score.dot(direction);
    law.covariance = solver.solve(Eigen::MatrixXd::Identity(p, p));
    law.log_likelihood = now.log_likelihood;
    if (gain < 1e-10 * static_cast<double>(p)) return law;
    bool moved = false;
    for (int halving = 0; halving < 40 && !moved; ++halving, direction /= 2) {
      const Eigen::VectorXd trial = law.coefficients + direction, trial_s = basis * trial;
      if (trial_s.minCoeff() <= 0) continue;
      const Eigen::VectorXd trial_variance = trial_s.cwiseAbs2() + known_variance;
      Expectation then = expect(residuals, trial_variance, floor);
      if (!(then.log_likelihood >= now.log_likelihood)) continue;
      law.coefficients = trial, s = trial_s, variance = trial_variance, now = std::move(then);
      moved = true;
    }
    if (!moved) return gain < 1e-4 ? std::optional<LinearLaw>(law) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<LinearLaw> fit_mean(const Eigen::MatrixXd& basis, const Eigen::VectorXd& values,
                                  const Eigen::VectorXd& variance) {
  const Eigen::VectorXd root = variance.cwiseSqrt().cwiseInverse();
  const Eigen::MatrixXd weighted = root.asDiagonal() * basis;
  Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr(weighted);
  qr.setThreshold(1e-10);
  if (basis.rows() < basis.cols() || qr.rank() < basis.cols()) return std::nullopt;
  LinearLaw law;
  law.coefficients = qr.solve(root.cwiseProduct(values));
  law.covariance = (weighted.transpose() * weighted).inverse();
  const Eigen::VectorXd rest = (values - basis * law.coefficients).cwiseProduct(root);
  law.log_likelihood = -0.5 * (rest.squaredNorm() + (2 * kPi * variance.array()).log().sum());
  return law;
}

KolmogorovSmirnov against_normal(Eigen::VectorXd values) {
  KolmogorovSmirnov out;
  const auto n = static_cast<double>(values.size());
  std::sort(values.data(), values.data() + values.size());
  for (Eigen::Index i = 0; i < values.size(); ++i) {
    const double below = normal_below(values(i)), rank = static_cast<double>(i);
    out.distance = std::max({out.distance, below - rank / n, (rank + 1) / n - below});
  }
  const double lambda = out.distance * (std::sqrt(n) + 0.12 + 0.11 / std::sqrt(n));
  double sum = 0;
  for (int k = 1; k <= 100; ++k) sum += (k % 2 ? 2 : -2) * std::exp(-2.0 * k * k * lambda * lambda);
  out.probability = lambda < 0.2 ? 1 : std::clamp(sum, 0.0, 1.0);
  return out;
}

}  // namespace szilard::fit
