// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/systolic_int8/layer_plan.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <map>
#include <numeric>
#include <stdexcept>
#include <string>

namespace szilard::rtl {
namespace {

std::size_t tiles(std::size_t count, std::size_t size) { return (count + size - 1) / size; }

}  // namespace

void LayerPlan::reject(const LayerShape& layer, const std::string& what) const {
  throw std::invalid_argument(baseline_ + " cannot run layer '" + layer.name + "': " + what);
}

// The RTL's accumulators wrap: refuse layers that could make them.
void LayerPlan::check_accumulator_range(const IntegerLayer& layer) const {
  for (std::size_t channel = 0; channel < layer.bias.size(); ++channel) {
    std::int64_t largest = std::abs(static_cast<std::int64_t>(layer.bias[channel]));
    for (std::size_t k = 0; k < layer.terms; ++k) {
      largest += 128 * std::abs(static_cast<std::int64_t>(layer.weights[channel * layer.terms + k]));
    }
    if (largest > std::numeric_limits<std::int32_t>::max()) {
      reject(layer, "the accumulator of output " + std::to_string(channel) + " could leave 32 bits");
    }
  }
}

LayerPlan::LayerPlan(const IntegerLayer& layer, const ArrayGeometry& geometry, const std::string& baseline)
    : LayerPlan(layer, layer.requantise, geometry, baseline) {
  check_accumulator_range(layer);
  if (geometry.floating) reject(layer, "it takes floating point numbers");
  if (layer.requantise) {
    multiplier = layer.multiplier;
    shift = layer.shift;
  }
  pack(layer.weights, layer.bias, geometry);
}

LayerPlan::LayerPlan(const BfloatLayer& layer, const ArrayGeometry& geometry, const std::string& baseline)
    : LayerPlan(layer, layer.round, geometry, baseline) {
  if (!geometry.floating) reject(layer, "it takes 8-bit integers");
  std::vector<std::uint32_t> bias = layer.bias;
  std::replace(bias.begin(), bias.end(), std::uint32_t{0x80000000}, std::uint32_t{0});
  pack(layer.weights, bias, geometry);
}

LayerPlan::LayerPlan(const LayerShape& layer, bool narrowed, const ArrayGeometry& geometry, const std::string& baseline)
    : shape(layer),
      requantise(narrowed),
      term_tiles(tiles(layer.terms, geometry.rows)),
      output_tiles(tiles(layer.outputs, geometry.columns)),
      baseline_(baseline) {
  if (layer.pool_window > 0) pool = layer.pool_window;
  place_positions(layer);
  constexpr std::size_t kMostInCounter = 65535;
  const std::size_t result_vectors = requantise ? geometry.result_depth * pool : kMostInCounter;
  term_span = std::min({term_tiles, geometry.weight_depth / geometry.rows,
                        geometry.activation_depth / geometry.activation_words(pool, 1)});
  // floating point sums depend on where they are cut: always there
  if (geometry.floating) {
    const std::size_t part = std::min(term_tiles, kBfloatTerms / geometry.rows);
    if (term_span < part || (part < term_tiles && kBfloatTerms % geometry.rows != 0))
      reject(layer, "sums of " + std::to_string(layer.terms) + " terms do not fit its memories");
    term_span = part;
  }
  if (term_span > 0) {
    // whole blocks of vectors where these are stored together
    const std::size_t in_memory = geometry.output_stationary
                                      ? geometry.activation_depth / (term_span * geometry.rows) * geometry.rows
                                      : geometry.activation_depth / term_span;
    most_vectors = std::min({geometry.accumulator_depth, in_memory, result_vectors});
    most_vectors -= most_vectors % pool;
  }
  if (most_vectors == 0) {
    reject(layer, "a pool window of " + std::to_string(pool) + " vectors exceeds the accumulator memory of " +
                      std::to_string(geometry.accumulator_depth) + " words");
  }
}

void LayerPlan::place_positions(const LayerShape& layer) {
  const auto count = static_cast<std::uint32_t>(layer.positions);
  if (layer.pool_window == 0) {
    positions.resize(count);
    std::iota(positions.begin(), positions.end(), 0u);
    for (std::size_t i = 0; i < layer.total_outputs(); ++i) {
      delivered.push_back({static_cast<std::uint32_t>(i / count), static_cast<std::uint32_t>(i % count)});
    }
  } else {
    // every channel pools the same windows of positions; each distinct window streams once
    std::map<std::vector<std::uint32_t>, std::uint32_t> group_of_window;
    std::vector<std::uint32_t> window(pool);
    for (std::size_t i = 0; i < layer.delivered(); ++i) {
      const std::int32_t* indices = layer.pool_indices.data() + i * pool;
      const auto channel = static_cast<std::uint32_t>(indices[0] / static_cast<std::int32_t>(count));
      for (std::size_t k = 0; k < pool; ++k) {
        if (static_cast<std::uint32_t>(indices[k]) / count != channel) {
          reject(layer, "pool window " + std::to_string(i) + " spans several channels");
        }
        window[k] = static_cast<std::uint32_t>(indices[k]) % count;
      }
      const auto [place, is_new] = group_of_window.emplace(window, static_cast<std::uint32_t>(group_of_window.size()));
      if (is_new) positions.insert(positions.end(), window.begin(), window.end());
      delivered.push_back({channel, place->second});
    }
    // positions that no window covers are computed all the same: they are outputs before pooling
    std::vector<bool> covered(count, false);
    for (const std::uint32_t p : positions) covered[p] = true;
    for (std::uint32_t p = 0; p < count; ++p) {
      if (!covered[p]) positions.push_back(p);
    }
    while (positions.size() % pool != 0) positions.push_back(positions.back());
  }
  pool_groups = positions.size() / pool;
  first_use.assign(positions.size(), false);
  first_index.assign(count, 0);
  std::vector<bool> seen(count, false);
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const std::uint32_t p = positions[i];
    if (!seen[p]) {
      seen[p] = true;
      first_use[i] = true;
      first_index[p] = static_cast<std::uint32_t>(i);
    }
  }
}

template <class Weight, class Bias>
void LayerPlan::pack(const std::vector<Weight>& from, const std::vector<Bias>& bias, const ArrayGeometry& geometry) {
  const std::size_t rows = geometry.rows, columns = geometry.columns;
  weight_words_per_group = output_tiles * term_tiles * rows;
  weights.assign(shape.groups * weight_words_per_group * columns * sizeof(Weight), 0);
  biases.assign(shape.groups * output_tiles * columns, 0);
  for (std::size_t g = 0; g < shape.groups; ++g) {
    for (std::size_t o = 0; o < shape.outputs; ++o) {
      const std::size_t tile = o / columns, column = o % columns, channel = g * shape.outputs + o;
      biases[(g * output_tiles + tile) * columns + column] = static_cast<std::int32_t>(bias[channel]);
      for (std::size_t k = 0; k < shape.terms; ++k) {
        const std::size_t word = g * weight_words_per_group + tile * term_tiles * rows + k;
        std::memcpy(weights.data() + (word * columns + column) * sizeof(Weight), &from[channel * shape.terms + k],
                    sizeof(Weight));
      }
    }
  }
}

}  // namespace szilard::rtl
