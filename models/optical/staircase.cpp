// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/staircase.hpp"

#include "models/optical/fused_mesh_kernel.hpp"

namespace szilard::optical {

Staircase::Staircase(const Mesh& mesh) : modes_(mesh.modes()), places_(mesh.columns() * mesh.modes(), nullptr) {
  for (const Mesh::Element& e : mesh.elements()) places_[e.column * modes_ + e.mode] = &e;
  for (std::size_t column = 0; column < mesh.columns();) {
    std::size_t count = kMeshColumns;
    while (count > mesh.columns() - column) count /= 2;
    Sweep sweep{count, column, 0, 0};
    for (std::size_t m = column % 2; m < modes_ + count; m += 2) {
      bool any = false;
      for (std::size_t k = 0; k < count; ++k) any = any || at(sweep, m, k) != nullptr;
      if (!any) continue;
      if (sweep.diagonals == 0) sweep.first_mode = m;
      sweep.diagonals = (m - sweep.first_mode) / 2 + 1;
    }
    if (sweep.diagonals > 0) sweeps_.push_back(sweep);
    column += count;
  }
}

const Mesh::Element* Staircase::at(const Sweep& sweep, std::size_t m, std::size_t k) const {
  if (m < k || m - k + 1 >= modes_) return nullptr;
  return places_[(sweep.first_column + k) * modes_ + m - k];
}

}  // namespace szilard::optical
