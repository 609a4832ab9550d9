// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "models/linear/linear_map.hpp"
#include "models/support/diagnostics.hpp"
#include "models/support/signal_block.hpp"
#include "sim/network/network.hpp"

namespace szilard::mapping {

enum class Activation { none, relu, tanh, sigmoid };

/// Max pooling as a selection: output i is the largest of the inputs indices[i window .. (i+1) window - 1]. window 0:
/// none.
struct Pool {
  std::size_t window = 0;
  std::vector<std::int32_t> indices;

  std::size_t outputs() const { return window ? indices.size() / window : 0; }
  support::SignalBlock apply(const support::SignalBlock& x) const;
};

/// One layer as hardware sees it: linear map, then pooling and ReLU in the network's order. What `outputs` means
/// everywhere (scoreboard, neurons, summary): the signals after the ReLU, before a pool that follows it.
struct Layer {
  linear::LinearMap map;  ///< reads what the layer before delivers (rearrangements are folded into its gather)
  Pool pool_before;       ///< between map and activation
  Activation activation = Activation::none;
  Pool pool_after;                    ///< after the activation
  network::ValueId linear_value = 0;  ///< the network's value that the map computes

  std::size_t outputs() const { return pool_before.window ? pool_before.outputs() : map.total_outputs(); }
  std::size_t delivered() const { return pool_after.window ? pool_after.outputs() : outputs(); }
  /// The layer's outputs from its map's.
  support::SignalBlock activate(const support::SignalBlock& linear) const;
  std::size_t neurons() const { return activation == Activation::relu ? outputs() : 0; }
};

/// A feed-forward network as a chain of layers.
struct LayerChain {
  std::vector<Layer> layers;
  std::vector<std::int32_t> output_indices;  ///< order of the network's output in the last layer's; empty: as it is
  bool goes_on = false;          ///< a part of a network: what the last layer delivers is read by another one
  bool softmax_dropped = false;  ///< a final Softmax is left out on platforms: it does not move the argmax

  std::size_t neurons() const;
  std::size_t macs() const;
};

/// What the neurons of a chain may compute: bit neurons ReLU alone, units of a quasi-static network Tanh and Sigmoid as
/// well.
enum class Neurons { bit, smooth };

/// Cuts a network into a chain. Throws InputError(unsupported_network) naming the node where it is no chain, or has an
/// activation that its neurons cannot be (LeakyRelu, bounded Clip; for bit neurons also Sigmoid and Tanh).
LayerChain make_chain(const network::Network& network, Neurons neurons = Neurons::bit);

/// The reference's outputs of every layer (after the ReLU, before a following pool) for a block of inputs.
std::vector<support::SignalBlock> reference_outputs(const network::Network& network, const LayerChain& chain,
                                                    const support::SignalBlock& input);

}  // namespace szilard::mapping
