// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Dense>
#include <optional>

namespace szilard::fit {

/// A linear law y = B c with the covariance of its coefficients. Internal to this folder.
struct LinearLaw {
  Eigen::VectorXd coefficients;
  Eigen::MatrixXd covariance;
  double log_likelihood = 0;
};

/// Standard deviations s = B c of independent Gaussian residuals r with a further known variance u: r_i ~ N(0, s_i^2 +
/// u_i), fitted by maximum likelihood with Fisher scoring (R. A. Fisher, 1925; K. Lange, Numerical Analysis for
/// Statisticians, 2010). Where floor_i is finite and r_i <= floor_i, all that is known is that r_i lies at or below it
/// (a conductance that would be negative is 0): its square is replaced by its expectation (A. P. Dempster, N. M. Laird,
/// D. B. Rubin, J. R. Stat. Soc. B 39, 1 (1977)). s stays above 0 at every i. Nothing where it does not converge or B
/// has not full rank.
std::optional<LinearLaw> fit_deviation(const Eigen::MatrixXd& basis, const Eigen::VectorXd& residuals,
                                       const Eigen::VectorXd& known_variance, const Eigen::VectorXd& floor);

/// Means y = B c of values with variances v: weighted least squares.
std::optional<LinearLaw> fit_mean(const Eigen::MatrixXd& basis, const Eigen::VectorXd& values,
                                  const Eigen::VectorXd& variance);

/// Probability that |D| or more is found for Gaussian numbers: largest distance of the empirical distribution from N(0,
/// 1), with Stephens' correction for finite n (M. A. Stephens, J. Am. Stat. Assoc. 69, 730 (1974), DOI
/// 10.1080/01621459.1974.10480196).
struct KolmogorovSmirnov {
  double distance = 0, probability = 1;
};
KolmogorovSmirnov against_normal(Eigen::VectorXd values);

}  // namespace szilard::fit
