// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/optical/mesh_phases.hpp"

namespace szilard::optical {

/// W = U S V^dagger with square unitary U and V; real for real W. Internal to this folder: a file of its own because the
/// algorithm takes a minute to compile.
struct SingularValues {
  ComplexMatrix u, v;
  Eigen::VectorXd values;  ///< min(rows, columns) of them, descending
};
SingularValues singular_values(const ComplexMatrix& w);
double largest_singular_value(const ComplexMatrix& w);

}  // namespace szilard::optical
