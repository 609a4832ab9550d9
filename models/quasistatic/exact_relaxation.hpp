// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>

#include "models/quasistatic/states.hpp"

namespace szilard::quasistatic {

/// d2H/dx2 of a linear network, J' K J with J = 1 - W.
Eigen::MatrixXd linear_hessian(const Network& network);

/// The Ornstein-Uhlenbeck process of a linear network over one step, exactly (G. E. Uhlenbeck and L. S. Ornstein, Phys.
/// Rev. 36, 823 (1930), DOI 10.1103/PhysRev.36.823): with A = Gamma^-1/2 H'' Gamma^-1/2 = V R V',
///   x' = m + G^-1/2 V e^(-R dt) V' G^1/2 (x - m) + G^-1/2 V sqrt(kT (1 - e^(-2 R dt)) / R) z
/// and m the minimum at the present inputs. Its stationary state is the equilibrium itself, whatever the step.
class ExactRelaxation {
 public:
  ExactRelaxation(const Network& network, double dt, double kT);
  /// `deviations`: x - m on entry, replaced. z: a Gaussian for each unit and lane, or null.
  void step(Field& deviations, const double* z);

 private:
  linear::RowMatrix both_;  // decay beside noise
  bool cold_;
  Field next_;
  std::vector<const double*> in_;
  std::vector<double*> out_;
};

}  // namespace szilard::quasistatic
