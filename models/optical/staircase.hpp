// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "models/optical/mesh.hpp"

namespace szilard::optical {

/// The order in which fused kernels pass a mesh: sweeps of up to kMeshColumns columns, in each diagonals from the first
/// mode down. Internal to this folder; the mesh must outlive it.
class Staircase {
 public:
  struct Sweep {
    std::size_t columns, first_column, first_mode, diagonals;
  };

  explicit Staircase(const Mesh& mesh);
  const std::vector<Sweep>& sweeps() const { return sweeps_; }
  /// Interferometer of the sweep's column k on the diagonal at mode m, on modes m - k and m - k + 1; null past the
  /// edge.
  const Mesh::Element* at(const Sweep& sweep, std::size_t m, std::size_t k) const;

 private:
  std::size_t modes_;
  std::vector<const Mesh::Element*> places_;
  std::vector<Sweep> sweeps_;
};

}  // namespace szilard::optical
