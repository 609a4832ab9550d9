// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/golden/bfloat_network.hpp"

#include <algorithm>
#include <stdexcept>

#include "rtl/golden/bfloat.hpp"

namespace szilard::rtl {
namespace {

std::uint32_t positive_zero(std::uint32_t bias) { return bias == 0x80000000u ? 0 : bias; }

std::uint32_t accumulate(const BfloatLayer& layer, std::size_t channel, const std::int32_t* gather,
                         const std::uint32_t* x) {
  const std::uint16_t* weights = layer.weights.data() + channel * layer.terms;
  std::uint32_t sum = positive_zero(layer.bias[channel]);
  for (std::size_t first = 0; first < layer.terms; first += kBfloatTerms) {
    std::uint32_t part = 0;
    for (std::size_t k = first; k < std::min(layer.terms, first + kBfloatTerms); ++k) {
      const std::uint32_t value = gather[k] < 0 ? 0 : x[gather[k]];
      part = multiply_add_bf16(part, weights[k], static_cast<std::uint16_t>(value >> 16));
    }
    sum = add_float32(part, sum);
  }
  return sum;
}

std::vector<std::uint32_t> layer_outputs(const BfloatLayer& layer, const std::vector<std::uint32_t>& x) {
  std::vector<std::uint32_t> out(layer.total_outputs());
  for (std::size_t g = 0; g < layer.groups; ++g) {
    for (std::size_t p = 0; p < layer.positions; ++p) {
      const std::int32_t* gather = layer.gather.data() + (g * layer.positions + p) * layer.terms;
      for (std::size_t o = 0; o < layer.outputs; ++o) {
        const std::size_t channel = g * layer.outputs + o;
        std::uint32_t y = accumulate(layer, channel, gather, x.data());
        if (layer.relu && y >> 31) y = 0;
        out[channel * layer.positions + p] = layer.round ? round_to_bf16(y) : y;
      }
    }
  }
  return out;
}

}  // namespace

void validate(const BfloatNetwork& network) {
  if (network.layers.empty()) throw std::invalid_argument("the floating point network has no layers");
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    const BfloatLayer& layer = network.layers[l];
    validate_shape(l, layer, layer.weights.size(), layer.bias.size());
    if (l + 1 == network.layers.size()) continue;
    const std::string text = "floating point layer " + std::to_string(l) + " '" + layer.name + "': ";
    if (!layer.round) throw std::invalid_argument(text + "only the last layer may deliver 32-bit sums");
    if (network.layers[l + 1].inputs != layer.delivered())
      throw std::invalid_argument(text + "delivers " + std::to_string(layer.delivered()) + " outputs where layer '" +
                                  network.layers[l + 1].name + "' takes " +
                                  std::to_string(network.layers[l + 1].inputs));
  }
}

BfloatResult bfloat_forward(const BfloatNetwork& network, const std::uint16_t* input) {
  validate(network);
  BfloatResult result;
  std::vector<std::uint32_t> x;
  for (std::size_t i = 0; i < network.layers.front().inputs; ++i)
    x.push_back(static_cast<std::uint32_t>(input[i]) << 16);
  for (const BfloatLayer& layer : network.layers) {
    const std::vector<std::uint32_t> y = layer_outputs(layer, x);
    result.outputs.emplace_back(y.begin(), y.end());
    x = y;
    if (layer.pool_window == 0) continue;
    x.resize(layer.delivered());
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::int32_t* window = layer.pool_indices.data() + i * layer.pool_window;
      x[i] = y[window[0]];
      for (std::size_t k = 1; k < layer.pool_window; ++k) x[i] = greater_of(y[window[k]], x[i]);
    }
  }
  return result;
}

}  // namespace szilard::rtl
