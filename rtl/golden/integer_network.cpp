// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/golden/integer_network.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace szilard::rtl {
namespace {

[[noreturn]] void reject(std::size_t index, const LayerShape& layer, const std::string& what) {
  throw std::invalid_argument("layer " + std::to_string(index) + " '" + layer.name + "': " + what);
}

void expect_size(std::size_t index, const LayerShape& layer, const char* what, std::size_t have, std::size_t want) {
  if (have != want) {
    reject(index, layer,
           std::string(what) + " has " + std::to_string(have) + " entries, expected " + std::to_string(want));
  }
}

void expect_indices(std::size_t index, const LayerShape& layer, const char* what,
                    const std::vector<std::int32_t>& indices, std::int32_t lowest, std::size_t limit) {
  for (const std::int32_t i : indices) {
    if (i < lowest || (i >= 0 && static_cast<std::size_t>(i) >= limit)) {
      reject(index, layer,
             std::string(what) + " index " + std::to_string(i) + " is outside the " + std::to_string(limit) +
                 " values there are");
    }
  }
}

void validate_layer(std::size_t index, const IntegerLayer& layer) {
  validate_shape(index, layer, layer.weights.size(), layer.bias.size());
  if (std::find(layer.weights.begin(), layer.weights.end(), std::int8_t{-128}) != layer.weights.end()) {
    reject(index, layer, "weight -128: weights are symmetric, -127 to 127");
  }
  if (layer.requantise) {
    if (layer.shift < 1 || layer.shift > 31) {
      reject(index, layer, "shift " + std::to_string(layer.shift) + " is outside 1 to 31");
    }
    if (layer.multiplier < 1 || layer.multiplier > 32767) {
      reject(index, layer, "multiplier " + std::to_string(layer.multiplier) + " is outside 1 to 32767");
    }
  }
}

std::int32_t accumulate(const IntegerLayer& layer, std::size_t channel, const std::int32_t* gather,
                        const std::int32_t* x) {
  std::int64_t sum = layer.bias[channel];
  const std::int8_t* weights = layer.weights.data() + channel * layer.terms;
  for (std::size_t k = 0; k < layer.terms; ++k) {
    if (gather[k] >= 0) sum += static_cast<std::int64_t>(weights[k]) * x[gather[k]];
  }
  if (sum < std::numeric_limits<std::int32_t>::min() || sum > std::numeric_limits<std::int32_t>::max()) {
    throw std::overflow_error("accumulator of layer '" + layer.name + "' leaves 32 bits");
  }
  return static_cast<std::int32_t>(sum);
}

std::vector<std::int32_t> layer_outputs(const IntegerLayer& layer, const std::vector<std::int32_t>& x) {
  std::vector<std::int32_t> out(layer.total_outputs());
  for (std::size_t g = 0; g < layer.groups; ++g) {
    for (std::size_t p = 0; p < layer.positions; ++p) {
      const std::int32_t* gather = layer.gather.data() + (g * layer.positions + p) * layer.terms;
      for (std::size_t o = 0; o < layer.outputs; ++o) {
        const std::size_t channel = g * layer.outputs + o;
        std::int32_t q = accumulate(layer, channel, gather, x.data());
        if (layer.relu) q = std::max(q, 0);
        if (layer.requantise) q = requantise(q, layer.multiplier, layer.shift);
        out[channel * layer.positions + p] = q;
      }
    }
  }
  return out;
}

std::vector<std::int32_t> pooled(const IntegerLayer& layer, const std::vector<std::int32_t>& q) {
  if (layer.pool_window == 0) return q;
  std::vector<std::int32_t> out(layer.delivered());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::int32_t* window = layer.pool_indices.data() + i * layer.pool_window;
    std::int32_t largest = q[window[0]];
    for (std::size_t k = 1; k < layer.pool_window; ++k) largest = std::max(largest, q[window[k]]);
    out[i] = largest;
  }
  return out;
}

}  // namespace

void validate_shape(std::size_t index, const LayerShape& layer, std::size_t weights, std::size_t biases) {
  if (layer.inputs == 0) reject(index, layer, "no inputs");
  if (layer.groups == 0 || layer.outputs == 0 || layer.terms == 0 || layer.positions == 0) {
    reject(index, layer, "groups, outputs, terms and positions must all be at least 1");
  }
  expect_size(index, layer, "weights", weights, layer.groups * layer.outputs * layer.terms);
  expect_size(index, layer, "bias", biases, layer.groups * layer.outputs);
  expect_size(index, layer, "gather", layer.gather.size(), layer.groups * layer.positions * layer.terms);
  expect_indices(index, layer, "gather", layer.gather, -1, layer.inputs);
  if (layer.pool_window == 0) {
    expect_size(index, layer, "pool_indices", layer.pool_indices.size(), 0);
  } else {
    if (layer.pool_indices.empty() || layer.pool_indices.size() % layer.pool_window != 0) {
      reject(index, layer, "pool_indices are not a whole number of windows of " + std::to_string(layer.pool_window));
    }
    expect_indices(index, layer, "pool", layer.pool_indices, 0, layer.total_outputs());
  }
}

void validate(const IntegerNetwork& network) {
  if (network.layers.empty()) throw std::invalid_argument("the integer network has no layers");
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    const IntegerLayer& layer = network.layers[l];
    validate_layer(l, layer);
    const bool last = l + 1 == network.layers.size();
    if (!last && !layer.requantise) reject(l, layer, "only the last layer may deliver accumulators");
    if (!last && network.layers[l + 1].inputs != layer.delivered()) {
      reject(l + 1, network.layers[l + 1],
             "takes " + std::to_string(network.layers[l + 1].inputs) + " inputs where layer '" + layer.name +
                 "' delivers " + std::to_string(layer.delivered()));
    }
  }
}

std::int32_t requantise(std::int64_t accumulator, std::int32_t multiplier, int shift) {
  const std::int64_t scaled = accumulator * multiplier + (std::int64_t{1} << (shift - 1));
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(scaled >> shift, -127, 127));
}

IntegerResult integer_forward(const IntegerNetwork& network, const std::int8_t* input) {
  validate(network);
  IntegerResult result;
  std::vector<std::int32_t> x(input, input + network.layers.front().inputs);
  for (const IntegerLayer& layer : network.layers) {
    result.outputs.push_back(layer_outputs(layer, x));
    x = pooled(layer, result.outputs.back());
  }
  return result;
}

}  // namespace szilard::rtl
