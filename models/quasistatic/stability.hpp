// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>

#include "models/quasistatic/network.hpp"

namespace szilard::quasistatic {

/// Fastest relaxation rate, the largest eigenvalue of Gamma^-1/2 (d2H/dx2) Gamma^-1/2 with H''= J' K J and J = 1 - f'
/// W, J bidiagonal in blocks. Linear networks of at most kExactUnits units: the eigenvalue itself. Others: an upper
/// bound, the largest singular value of the bidiagonal matrix of the blocks' norms with f' at its largest (1, sigmoid
/// 1/4), at states whose residuals are small; curvature of f adds kappa |x - f| |f''| w^2, taken at four standard
/// deviations sqrt(kT / kappa).
double stiffest_rate(const Network& network, double kT);

/// Linear networks up to this size are stepped exactly.
inline constexpr std::size_t kExactUnits = 512;

/// Euler and Maruyama's and Heun's methods both multiply a mode of rate r by a number outside [-1, 1] where r dt > 2.
double largest_stable_step(const Network& network, double kT);

/// A step beyond the largest stable one.
class UnstableStep : public std::invalid_argument {
 public:
  UnstableStep(double step, double largest);
  double largest() const { return largest_; }

 private:
  double largest_;
};

}  // namespace szilard::quasistatic
