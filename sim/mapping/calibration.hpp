// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "rtl/golden/bfloat_network.hpp"
#include "rtl/golden/integer_network.hpp"
#include "sim/dataset/dataset.hpp"
#include "sim/mapping/layer_chain.hpp"

namespace szilard::mapping {

/// What the reference showed on the calibration entries: ranges for converters and conductances, activation counts for
/// protocols that may know them.
struct LayerRange {
  double input_max = 0;                      ///< max |x| at the layer's input
  bool input_negative = false;               ///< some x < 0
  double linear_max = 0;                     ///< max |y| of the map's output
  double output_max = 0;                     ///< max |output| of the layer
  std::vector<std::uint64_t> active;         ///< per neuron: entries with output > 0
  std::vector<support::SignalBlock> inputs;  ///< of the first entries, where they were asked for
};

/// What a share of the magnitudes at a layer's input and map output does not exceed; values of 0 do not count.
struct LayerPercentile {
  double input = 0, linear = 0;
};

struct Calibration {
  std::size_t entries = 0;
  std::vector<LayerRange> layers;
  std::map<double, std::vector<LayerPercentile>> percentiles;  ///< by share, per layer

  /// q_i = (n_i + 1/2) / (n + 1) of each neuron of a layer.
  std::vector<double> known_probability(std::size_t layer) const;
};

/// Runs the reference over the first `entries` items; `shares` in (0, 1] are the percentiles wanted. Keeps the layers'
/// inputs of at least the first `kept` items.
Calibration calibrate(const network::Network& network, const LayerChain& chain, const dataset::Dataset& data,
                      std::size_t entries, const std::vector<double>& shares = {}, std::size_t kept = 0);

/// max |y| that the map can give for inputs in [0, input_max], or [-input_max, input_max].
double largest_output(const linear::LinearMap& map, double input_max, bool input_negative);

/// A chain in int8: symmetric scales from the calibrated maxima, value = code x scale. Weights one scale per layer;
/// activations one scale per layer; biases in units of input scale x weight scale; requantisation by a 15-bit
/// multiplier and a shift.
struct QuantisedChain {
  rtl::IntegerNetwork network;
  std::vector<double> input_scale;   ///< per layer
  std::vector<double> output_scale;  ///< per layer; of the last one the accumulator's
};
QuantisedChain quantise_int8(const LayerChain& chain, const Calibration& calibration);

/// A chain in the floating point numbers of mac_bf16: weights rounded to bfloat16, biases to 32 bits; no calibration.
rtl::BfloatNetwork round_to_bfloat(const LayerChain& chain);

}  // namespace szilard::mapping
