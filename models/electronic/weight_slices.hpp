// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "models/electronic/crossbar_stage.hpp"
#include "models/linear/linear_map.hpp"

namespace szilard::electronic {

/// A layer's weights as its cells are to hold them. Internal to this folder.
///
/// Slices stand as groups of the map: group g and slice s are group g slices + s, on tiles of their own, slice 0 the least
/// significant. A weight w of slice s asks for the level zero(s) + swing w / full of the conductances' span, 0 to 1 (the side of
/// a pair: |w| / full); columns that are subtracted stand at zero(s). The layer's product is
///   y = sum_s scale(s) (W_s x) - input_sum sum_k x_k.
struct WeightSlices {
  std::optional<linear::LinearMap> map;  ///< none: the layer's own
  std::size_t slices = 1;
  double full = 1, swing = 1;
  std::vector<double> zeros{0.0}, scales{1.0};
  double input_sum = 0;

  /// The largest |w| that cells can hold in a slice.
  double largest(std::size_t slice) const;
};

/// Throws std::invalid_argument on weights that are not finite.
WeightSlices slice_weights(const linear::LinearMap& map, const CrossbarParameters& parameters);

}  // namespace szilard::electronic
