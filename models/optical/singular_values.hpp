// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/optical/mesh_phases.hpp"

namespace szilard::optical {

/// W = U S V^dagger with square unitary U and V, real where W is real. Internal to this folder.
///
/// One-sided Jacobi rotations make the columns of W V orthogonal to 1e-15 of their lengths, cyclically until a sweep
/// finds none that are not (M. R. Hestenes, J. SIAM 6, 51 (1958), DOI 10.1137/0106005); columns shorter than 1e-15 of
/// the longest count as zero. Cost: about ten sweeps of 10 rows columns^2 complex multiply-adds; 256 x 256 takes a
/// fraction of a second.
struct SingularValues {
  ComplexMatrix u, v;
  Eigen::VectorXd values;  ///< min(rows, columns) of them, descending; infinite where beyond the range of a double
};
SingularValues singular_values(const ComplexMatrix& w);

}  // namespace szilard::optical
