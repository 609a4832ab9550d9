// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "rtl/golden/layer_shape.hpp"

namespace szilard::rtl {

/// A linear layer in the integers that the int8 baselines compute:
///   acc = bias + sum_k weights[o][k] x[gather[p][k]]            (int32; x and weights int8, gather -1 reads 0)
///   acc = relu ? max(acc, 0) : acc
///   q   = clamp(floor((acc x multiplier + 2^(shift-1)) / 2^shift), -127, 127)   where `requantise`, else q = acc
/// then, where `pool_window` > 0, out[i] = max of q over the window.
struct IntegerLayer : LayerShape {
  std::vector<std::int8_t> weights;  ///< (groups x outputs) x terms, -127 .. 127
  std::vector<std::int32_t> bias;    ///< groups x outputs
  bool requantise = true;            ///< false on the last layer: its int32 accumulators are the outputs
  std::int32_t multiplier = 1;       ///< 1 .. 2^15 - 1
  int shift = 0;                     ///< 1 .. 31 where requantise
};

struct IntegerNetwork {
  std::vector<IntegerLayer> layers;
};

/// Throws std::invalid_argument naming the layer and what is wrong with it: no layers, sizes that do not fit one
/// another, a weight of -128, a gather or pool index out of range, multiplier or shift out of range, accumulators
/// delivered in mid-network.
void validate(const IntegerNetwork& network);

/// The golden model: q of every layer before pooling (outputs[l]), for one sample. Throws std::overflow_error if an
/// accumulator leaves int32, std::invalid_argument as validate().
struct IntegerResult {
  std::vector<std::vector<std::int32_t>> outputs;
};
IntegerResult integer_forward(const IntegerNetwork& network, const std::int8_t* input);

std::int32_t requantise(std::int64_t accumulator, std::int32_t multiplier, int shift);

}  // namespace szilard::rtl
