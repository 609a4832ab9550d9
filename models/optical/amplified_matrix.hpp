// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/optical/amplifier_row.hpp"
#include "models/optical/matrix_mesh.hpp"
#include "models/support/aligned_vector.hpp"

namespace szilard::optical {

/// Two meshes of fixed phases as dense matrices, with the row between them that need not be linear. Internal to this
/// folder.
class AmplifiedMatrix {
 public:
  AmplifiedMatrix(const MatrixMesh& matrix, MiddleRow middle);

  /// As ShakenMatrix::propagate(); `stride` is a multiple of 8 and rows are aligned to 64 bytes.
  void propagate(std::uint64_t first_sample, std::size_t samples, std::size_t stride, std::uint32_t symbol, double* re,
                 double* im, double* absorbed, double* auxiliary, double watts_per_square, double* added) const;

 private:
  /// A mesh's fields and, where it loses light, its form of absorption, stacked.
  struct Half {
    support::AlignedVector<double> stacked;
    bool has_absorption = false;
  };
  static Half half_of(const Mesh& mesh);
  void pass(const Half& half, std::size_t samples, std::size_t stride, double* re, double* im, double* absorbed) const;

  std::size_t modes_;
  Half input_, output_;
  MiddleRow middle_;
};

}  // namespace szilard::optical
