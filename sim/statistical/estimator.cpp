// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/statistical/estimator.hpp"

#include <Eigen/QR>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <stdexcept>

namespace szilard::statistical {

Regression::Regression(const Eigen::MatrixXd& known, const Eigen::VectorXd& population_mean,
                       std::vector<std::size_t> draw_of_sample, std::size_t draws)
    : draw_(std::move(draw_of_sample)), draws_(draws) {
  const Eigen::Index n = Eigen::Index(draw_.size());
  if (n == 0 || draws_ < 2) throw std::invalid_argument("a variance needs two draws");
  design_ = Eigen::MatrixXd::Ones(n, 1 + known.cols());
  target_ = Eigen::VectorXd::Ones(1 + known.cols());
  for (Eigen::Index k = 0; k < known.cols(); ++k) {
    const double mean = known.col(k).mean();
    const double spread = std::sqrt((known.col(k).array() - mean).square().mean());
    // Of the order of one, so that the rank is that of the figures and not of their units.
    const double scale = spread > 1e-9 * std::abs(mean) ? 1 / spread : 0;
    design_.col(1 + k) = (known.col(k).array() - mean) * scale;
    target_[1 + k] = (population_mean[k] - mean) * scale;
  }
  Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd> factors;
  factors.setThreshold(1e-6);
  factors.compute(design_);
  solve_ = factors.pseudoInverse();
}

Column Regression::estimate(const std::vector<double>& values) const {
  const Eigen::Map<const Eigen::VectorXd> y(values.data(), Eigen::Index(values.size()));
  const Eigen::VectorXd coefficients = solve_ * y;
  const Eigen::VectorXd residual = y - design_ * coefficients;
  Column column;
  column.mean = target_.dot(coefficients);
  column.residuals.assign(draws_, 0);
  std::vector<double> counts(draws_, 0);
  for (std::size_t s = 0; s < draw_.size(); ++s)
    column.residuals[draw_[s]] += residual[Eigen::Index(s)], counts[draw_[s]] += 1;
  for (std::size_t r = 0; r < draws_; ++r) column.residuals[r] /= counts[r];
  return column;
}

Column sum_of(const Column& a, const Column& b, double factor) {
  Column sum = a;
  sum.mean += factor * b.mean;
  for (std::size_t r = 0; r < sum.residuals.size(); ++r) sum.residuals[r] += factor * b.residuals[r];
  return sum;
}

void IntervalSum::add(double weight, const Column& column) {
  const double draws = double(column.residuals.size());
  double mean = 0, squares = 0;
  for (const double e : column.residuals) mean += e / draws;
  for (const double e : column.residuals) squares += (e - mean) * (e - mean);
  const double variance = weight * weight * squares / (draws * (draws - 1));
  value_ += weight * column.mean;
  variance_ += variance;
  fourth_ += variance * variance / (draws - 1);
}

double IntervalSum::half_width(double confidence) const {
  if (!(variance_ > 0) || !(fourth_ > 0)) return 0;
  const boost::math::students_t law(variance_ * variance_ / fourth_);
  return boost::math::quantile(law, 0.5 + confidence / 2) * std::sqrt(variance_);
}

}  // namespace szilard::statistical
