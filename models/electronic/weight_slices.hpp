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
/// On tiles of their own slices stand as groups of the map: group g and slice s are group g slices + s, slice 0 the
/// least significant. Side by side they stand as its outputs: output o and slice s are output o slices + s. A weight w
/// of slice s asks for the level zero(s) + swing w / full of the conductances' span, 0 to 1 (the side of a pair: |w| /
/// full); columns that are subtracted stand at zero(s). The layer's product is
///   y = sum_s scale(s) (W_s x) - input_sum sum_k x_k.
struct WeightSlices {
  std::optional<linear::LinearMap> map;  ///< none: the layer's own
  std::size_t slices = 1;
  double full = 1, swing = 1;
  std::vector<double> zeros{0.0}, scales{1.0};
  double input_sum = 0;
  bool is_side_by_side = false;

  /// Of output o of group `group` of the map: its slice, and the layer's output (group x outputs + o) that it is a part
  /// of.
  std::size_t slice_of(std::size_t group, std::size_t o) const { return (is_side_by_side ? o : group) % slices; }
  std::size_t output_of(std::size_t group, std::size_t o, std::size_t outputs) const {
    return is_side_by_side ? (group * outputs + o) / slices : group / slices * outputs + o;
  }
  /// The weights' row in the map of a slice of the layer's output q; `outputs` as the layer has them in a group.
  std::size_t row_of(std::size_t q, std::size_t slice, std::size_t outputs) const {
    return is_side_by_side ? q * slices + slice : (q / outputs * slices + slice) * outputs + q % outputs;
  }

  /// The largest |w| that cells can hold in a slice.
  double largest(std::size_t slice) const;
};

/// Throws std::invalid_argument on weights that are not finite.
WeightSlices slice_weights(const linear::LinearMap& map, const CrossbarParameters& parameters);

}  // namespace szilard::electronic
