// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/linear/apply.hpp"

#include <stdexcept>

#include "models/linear/product.hpp"

namespace szilard::linear {

void apply(const LinearMap& map, const support::SignalBlock& x, support::SignalBlock& y) {
  if (x.features() != map.inputs || y.features() != map.total_outputs() || x.samples() != y.samples())
    throw std::logic_error("linear map '" + map.name + "': block of another size");
  if (x.samples() == 0) return;
  support::AlignedVector<double> zeros;
  std::vector<const double*> rows(map.terms);
  std::vector<double*> out(map.outputs);
  for (std::size_t g = 0; g < map.groups; ++g) {
    for (std::size_t p = 0; p < map.positions; ++p) {
      const std::int32_t* const gather = map.gather.data() + (g * map.positions + p) * map.terms;
      for (std::size_t k = 0; k < map.terms; ++k) {
        if (gather[k] < 0 && zeros.empty()) zeros.assign(x.stride(), 0.0);
        rows[k] = gather[k] < 0 ? zeros.data() : x.row(std::size_t(gather[k]));
      }
      for (std::size_t o = 0; o < map.outputs; ++o) out[o] = y.row((g * map.outputs + o) * map.positions + p);
      product(map.weights.data() + g * map.outputs * map.terms, map.terms, map.bias.data() + g * map.outputs,
              rows.data(), map.outputs, map.terms, x.stride(), out.data());
    }
  }
}

}  // namespace szilard::linear
