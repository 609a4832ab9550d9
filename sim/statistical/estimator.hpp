// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <vector>

/// Arithmetic of the estimates. Internal to this folder.
namespace szilard::statistical {

/// A figure of one stratum: its estimated mean, and what each draw says beyond it.
struct Column {
  double mean = 0;
  std::vector<double> residuals;  ///< one a draw
};

/// Weights of the samples of a stratum, for all its figures.
class Regression {
 public:
  /// known: one row a sample drawn; population_mean: of the same figures. No columns: the plain mean. Figures that do
  /// not vary, or follow from others, are left out.
  Regression(const Eigen::MatrixXd& known, const Eigen::VectorXd& population_mean,
             std::vector<std::size_t> draw_of_sample, std::size_t draws);
  Column estimate(const std::vector<double>& values) const;

 private:
  Eigen::MatrixXd design_;  // with a column of ones
  Eigen::MatrixXd solve_;   // coefficients from values
  Eigen::VectorXd target_;
  std::vector<std::size_t> draw_;
  std::size_t draws_;
};

/// A weighted sum of figures of independent strata.
class IntervalSum {
 public:
  void add(double weight, const Column& column);
  double value() const { return value_; }
  /// Half the width of the interval, Student's t, degrees of freedom after Satterthwaite.
  double half_width(double confidence) const;

 private:
  double value_ = 0, variance_ = 0, fourth_ = 0;  // fourth: sum of variance^2 / degrees of freedom
};

/// a + factor x b.
Column sum_of(const Column& a, const Column& b, double factor);

}  // namespace szilard::statistical
