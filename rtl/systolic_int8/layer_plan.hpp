// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "rtl/golden/bfloat_network.hpp"
#include "rtl/golden/integer_network.hpp"
#include "rtl/systolic_int8/array_model.hpp"

namespace szilard::rtl {

/// How one layer is laid out on an array: tiles, packed weight words, the order in which positions stream, pool groups.
struct LayerPlan {
  /// Throws std::invalid_argument naming baseline and layer where the layer does not fit.
  LayerPlan(const IntegerLayer& layer, const ArrayGeometry& geometry, const std::string& baseline);
  LayerPlan(const BfloatLayer& layer, const ArrayGeometry& geometry, const std::string& baseline);

  LayerShape shape;
  bool requantise = true;  ///< results are narrowed to the words that the next layer reads
  std::int32_t multiplier = 1;
  int shift = 1;
  std::size_t term_tiles = 0, output_tiles = 0;  ///< of one group
  std::size_t term_span = 0;               ///< term tiles of one operation; fewer than all where memories are small
  std::size_t pool = 1;                    ///< vectors of one pool group
  std::vector<std::uint32_t> positions;    ///< of one sample, in streaming order: pool groups side by side
  std::vector<bool> first_use;             ///< whether the position streams here for the first time
  std::vector<std::uint32_t> first_index;  ///< of each position in `positions`
  std::size_t pool_groups = 0;             ///< of one sample
  std::size_t most_vectors = 0;            ///< of one operation; whole pool groups
  struct PooledFrom {
    std::uint32_t channel, group;
  };
  std::vector<PooledFrom> delivered;  ///< where each delivered value comes from

  std::size_t weight_words_per_group = 0;
  std::vector<std::uint8_t> weights;             ///< [group][output tile][term tile][row][column][byte]
  std::vector<std::int32_t> biases;              ///< [group][output tile][column]
  std::uint32_t weight_base = 0, bias_base = 0;  ///< in the memories, where resident

 private:
  LayerPlan(const LayerShape& layer, bool narrowed, const ArrayGeometry& geometry, const std::string& baseline);
  [[noreturn]] void reject(const LayerShape& layer, const std::string& what) const;
  void check_accumulator_range(const IntegerLayer& layer) const;
  void place_positions(const LayerShape& layer);
  template <class Weight, class Bias>
  void pack(const std::vector<Weight>& from, const std::vector<Bias>& bias, const ArrayGeometry& geometry);

  std::string baseline_;
};

}  // namespace szilard::rtl
