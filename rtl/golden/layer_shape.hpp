// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace szilard::rtl {

/// What a linear layer of a digital baseline reads and delivers, whatever its numbers are. Output index
/// (g outputs + o) positions + p, as LinearMap.
struct LayerShape {
  std::string name;
  std::size_t inputs = 0, groups = 1, outputs = 0, terms = 0, positions = 1;
  std::vector<std::int32_t> gather;  ///< groups x positions x terms; -1 reads 0
  bool relu = false;
  std::size_t pool_window = 0;             ///< 0: none
  std::vector<std::int32_t> pool_indices;  ///< pooled outputs x pool_window, into the layer's outputs

  std::size_t total_outputs() const { return groups * outputs * positions; }
  std::size_t delivered() const { return pool_window ? pool_indices.size() / pool_window : total_outputs(); }
};

/// Throws std::invalid_argument naming the layer where sizes or indices do not fit one another, `weights` and `biases`
/// being what the layer has.
void validate_shape(std::size_t index, const LayerShape& layer, std::size_t weights, std::size_t biases);

}  // namespace szilard::rtl
