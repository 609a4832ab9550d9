// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "rtl/golden/integer_network.hpp"
#include "sim/dataset/dataset.hpp"
#include "sim/mapping/layer_chain.hpp"

namespace szilard::mapping {

/// What the reference showed on the calibration entries: ranges for converters and conductances, activation counts for
/// protocols that may know them.
struct LayerRange {
  double input_max = 0;        ///< max |x| at the layer's input
  bool input_negative = false; ///< some x < 0
  double linear_max = 0;       ///< max |y| of the map's output
  double output_max = 0;       ///< max |output| of the layer
  std::vector<std::uint64_t> active;  ///< per neuron: entries with output > 0
};

struct Calibration {
  std::size_t entries = 0;
  std::vector<LayerRange> layers;

  /// q_i = (n_i + 1/2) / (n + 1) of each neuron of a layer.
  std::vector<double> known_probability(std::size_t layer) const;
};

/// Runs the reference over the first `entries` items.
Calibration calibrate(const network::Network& network, const LayerChain& chain, const dataset::Dataset& data,
                      std::size_t entries);

/// A chain in int8: symmetric scales from the calibrated maxima, value = code x scale. Weights one scale per layer; activations
/// one scale per layer; biases in units of input scale x weight scale; requantisation by a 15-bit multiplier and a shift.
struct QuantisedChain {
  rtl::IntegerNetwork network;
  std::vector<double> input_scale;   ///< per layer
  std::vector<double> output_scale;  ///< per layer; of the last one the accumulator's
};
QuantisedChain quantise_int8(const LayerChain& chain, const Calibration& calibration);

}  // namespace szilard::mapping
