// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "rtl/golden/layer_shape.hpp"

namespace szilard::rtl {

/// A linear layer in the floating point numbers that mac_bf16 computes (bfloat.hpp), all of them as bits:
///   part  = +0, then part + weights[o][k] x[gather[p][k]] for k in order, each rounded to 32 bits
///   acc   = bias + part, the parts being those of successive kBfloatTerms terms, added in order
///   acc   = relu ? max(acc, 0) : acc
///   out   = acc rounded to 16 bits where `round`, else acc
/// then, where pool_window > 0, the greatest of `out` over the window. A bias of -0 counts as +0, so that terms which
/// fill up a tile with zeros change nothing.
struct BfloatLayer : LayerShape {
  std::vector<std::uint16_t> weights;  ///< (groups x outputs) x terms
  std::vector<std::uint32_t> bias;     ///< groups x outputs
  bool round = true;                   ///< false on the last layer: its 32-bit sums are the outputs
};

/// Terms of one part; the tiles of every built size divide it.
inline constexpr std::size_t kBfloatTerms = 1024;

struct BfloatNetwork {
  std::vector<BfloatLayer> layers;
};

/// Throws std::invalid_argument as that of IntegerNetwork does.
void validate(const BfloatNetwork& network);

/// The golden model: `out` of every layer before pooling, for one sample of 16-bit numbers, as the bits of 32-bit ones.
struct BfloatResult {
  std::vector<std::vector<std::int32_t>> outputs;
};
BfloatResult bfloat_forward(const BfloatNetwork& network, const std::uint16_t* input);

}  // namespace szilard::rtl
