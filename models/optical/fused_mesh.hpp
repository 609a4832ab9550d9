// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "models/optical/fused_mesh_kernel.hpp"
#include "models/optical/mesh.hpp"
#include "models/support/aligned_vector.hpp"

namespace szilard::optical {

/// A mesh made ready to be passed by many fields, faster than the dense product with its matrix.
///
/// How. Up to eight columns are passed in one sweep over the modes: a diagonal of interferometers, one of each column,
/// works on modes that stay in registers, so a mode is loaded and stored once for eight columns. An interferometer
/// takes 6 multiply-adds a field instead of 16: its matrix is turned into
///   upper' = (1 + i t) upper,  (upper, lower) = g (lower + k1 upper', upper' + k2 lower)    (mostly crossed)
///   or                         (upper, lower) = g (upper' + k1 lower, lower + k2 upper')    (mostly passed)
/// with real t, k1, k2; the complex factors g are carried along with the mode, from one interferometer into the next,
/// and met once at the outputs (as in the square-root-free rotations of W. M. Gentleman, J. Inst. Math. Appl. 12, 329
/// (1973), DOI 10.1093/imamat/12.3.329). Where a factor would fall below 2^-40 (double: 2^-300), or the matrix is not
/// of this kind, the interferometers of that diagonal are done by their plain 2x2 matrices, which sets the factors back
/// to 1.
///
/// Rounding: each step adds an error of half a unit in the last place of the light that really passes; float agrees
/// with Mesh::propagate to 1e-5 of the largest field up to 256 modes. The result of a field does not depend on the
/// others.
/// Compiled for x86-64-v2, v3 and v4; bits differ between them.
template <typename Real>
class FusedMesh {
 public:
  explicit FusedMesh(const Mesh& mesh);

  std::size_t modes() const { return factors_.size() / 2; }
  /// Real and imaginary part of the field of each mode in rows of `lanes` fields; outputs may be the inputs.
  void propagate(const Real* const* in_re, const Real* const* in_im, std::size_t lanes, Real* const* out_re,
                 Real* const* out_im) const;
  /// Share of the diagonals that are done by plain matrices.
  double plain_share() const { return plain_share_; }

 private:
  support::AlignedVector<Real> coefficients_, factors_;
  std::vector<MeshRun> runs_;
  std::vector<MeshSweep> sweeps_;
  double plain_share_ = 0;
};

extern template class FusedMesh<float>;
extern template class FusedMesh<double>;

}  // namespace szilard::optical
