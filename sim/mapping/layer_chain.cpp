// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/mapping/layer_chain.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace szilard::mapping {

using network::Node;
using network::NodeKind;
using support::DiagnosticCode;
using support::InputError;
using support::SignalBlock;

namespace {

double value_of(Activation activation, double y) {
  switch (activation) {
    case Activation::none:
      return y;
    case Activation::relu:
      return y > 0 ? y : 0;
    case Activation::tanh:
      return std::tanh(y);
    case Activation::sigmoid:
      return 1 / (1 + std::exp(-y));
  }
  return y;
}

}  // namespace

SignalBlock Pool::apply(const SignalBlock& x) const {
  SignalBlock out = x.sibling(outputs());
  for (std::size_t i = 0; i < outputs(); ++i) {
    double* to = out.row(i);
    const double* first = x.row(std::size_t(indices[i * window]));
    std::copy(first, first + x.stride(), to);
    for (std::size_t k = 1; k < window; ++k) {
      const double* from = x.row(std::size_t(indices[i * window + k]));
      for (std::size_t s = 0; s < x.stride(); ++s) to[s] = to[s] < from[s] ? from[s] : to[s];
    }
  }
  return out;
}

SignalBlock Layer::activate(const SignalBlock& linear) const {
  const SignalBlock y = pool_before.window ? pool_before.apply(linear) : linear;
  if (activation == Activation::none) return y;
  SignalBlock x = y.sibling(y.features());
  for (std::size_t i = 0; i < x.features(); ++i) {
    const double* from = y.row(i);
    double* to = x.row(i);
    for (std::size_t s = 0; s < x.stride(); ++s) to[s] = value_of(activation, from[s]);
  }
  return x;
}

std::size_t LayerChain::neurons() const {
  std::size_t sum = 0;
  for (const Layer& layer : layers) sum += layer.neurons();
  return sum;
}

std::size_t LayerChain::macs() const {
  std::size_t sum = 0;
  for (const Layer& layer : layers) sum += layer.map.macs();
  return sum;
}

namespace {

using Indices = std::vector<std::int32_t>;

Indices compose(const Indices& outer, const Indices& inner) {
  Indices result(outer.size());
  for (std::size_t i = 0; i < outer.size(); ++i) result[i] = outer[i] < 0 ? -1 : inner[std::size_t(outer[i])];
  return result;
}

Indices identity(std::size_t n) {
  Indices indices(n);
  std::iota(indices.begin(), indices.end(), 0);
  return indices;
}

bool is_identity(const Indices& indices, std::size_t n) {
  if (indices.size() != n) return false;
  for (std::size_t i = 0; i < n; ++i)
    if (indices[i] != std::int32_t(i)) return false;
  return true;
}

/// Walks the network along its single path.
class ChainBuilder {
 public:
  ChainBuilder(const network::Network& network, Neurons neurons) : network_(network), neurons_(neurons) {}

  LayerChain build() {
    if (network_.inputs.size() != 1)
      fail_graph("the network has " + std::to_string(network_.inputs.size()) + " inputs; a platform takes one");
    current_ = network_.inputs.front();
    pending_ = identity(network_.values[current_].size);
    while (current_ != network_.output) add(next());
    if (chain_.layers.empty()) fail_graph("the network has no linear layer");
    const std::size_t delivered = chain_.layers.back().delivered();
    if (!is_identity(pending_, delivered)) {
      if (std::count(pending_.begin(), pending_.end(), -1))
        fail_graph("padding after the last layer cannot be run on a platform");
      chain_.output_indices = pending_;
    }
    return std::move(chain_);
  }

 private:
  [[noreturn]] void fail_graph(const std::string& message) const {
    throw InputError(DiagnosticCode::unsupported_network, {network_.path, 1, 1}, message,
                     "platforms run chains of linear layers, ReLU and pooling; 'szilard infer' runs the rest");
  }
  [[noreturn]] void fail(const Node& node, const std::string& message) const {
    fail_graph("node '" + node.name + "' (" + node.operator_name + "): " + message);
  }

  const Node& next() const {
    const Node* found = nullptr;
    for (const Node& node : network_.nodes)
      for (network::ValueId input : node.inputs)
        if (input == current_) {
          if (found)
            fail(node, "the value '" + network_.values[current_].name +
                           "' goes to more than one node; a platform runs a chain");
          found = &node;
        }
    if (!found) fail_graph("the value '" + network_.values[current_].name + "' leads nowhere");
    return *found;
  }

  void add(const Node& node) {
    if (chain_.softmax_dropped) fail(node, "nothing may follow Softmax on a platform");
    switch (node.kind) {
      case NodeKind::linear:
        add_linear(node);
        break;
      case NodeKind::rearrange:
        pending_ = compose(node.indices, pending_);
        break;
      case NodeKind::relu:
        add_relu(node);
        break;
      case NodeKind::clip:
        if (node.minimum != 0 || !std::isinf(node.maximum)) fail(node, "a bit neuron is a ReLU, it cannot saturate");
        add_relu(node);
        break;
      case NodeKind::max_pool:
        add_pool(node);
        break;
      case NodeKind::softmax:
        if (node.output != network_.output) fail(node, "Softmax is supported as the last node only");
        chain_.softmax_dropped = true;
        break;
      case NodeKind::add:
        fail(node, "it joins two activations; a platform runs a chain");
      case NodeKind::leaky_relu:
        fail(node, "a bit neuron computes ReLU only");
      case NodeKind::sigmoid:
        add_smooth(node, Activation::sigmoid);
        break;
      case NodeKind::tanh:
        add_smooth(node, Activation::tanh);
        break;
    }
    current_ = node.output;
  }

  void add_linear(const Node& node) {
    Layer layer;
    layer.map = node.map;
    layer.map.gather = compose(node.map.gather, pending_);
    layer.map.inputs =
        chain_.layers.empty() ? network_.values[network_.inputs.front()].size : chain_.layers.back().delivered();
    layer.linear_value = node.output;
    chain_.layers.push_back(std::move(layer));
    pending_ = identity(chain_.layers.back().map.total_outputs());
  }

  Layer& last(const Node& node) {
    if (chain_.layers.empty()) fail(node, "it comes before the first linear layer");
    return chain_.layers.back();
  }

  void add_relu(const Node& node) {
    Layer& layer = last(node);
    if (layer.activation == Activation::relu) return;  // a second ReLU changes nothing
    set_activation(node, layer, Activation::relu);
  }

  void add_smooth(const Node& node, Activation activation) {
    if (neurons_ == Neurons::bit) fail(node, "a bit neuron computes ReLU only");
    set_activation(node, last(node), activation);
  }

  void set_activation(const Node& node, Layer& layer, Activation activation) {
    if (layer.activation != Activation::none)
      fail(node, "it follows another activation without a linear layer between");
    layer.activation = activation;
    layer.pool_before = std::move(layer.pool_after);  // a pool met so far comes before the neurons
    layer.pool_after = {};
  }

  void add_pool(const Node& node) {
    Layer& layer = last(node);
    Indices windows = compose(node.indices, pending_);
    for (std::size_t i = 0; i < windows.size(); i += node.window) {
      const auto begin = windows.begin() + std::ptrdiff_t(i), end = begin + std::ptrdiff_t(node.window);
      if (std::find(begin, end, -1) == end) continue;
      // A padding zero never exceeds a ReLU's output, so it drops out of the window.
      const auto valid = std::find_if(begin, end, [](std::int32_t index) { return index >= 0; });
      if (layer.activation != Activation::relu || valid == end) fail(node, "it pools over padding");
      std::replace(begin, end, -1, std::int32_t(*valid));
    }
    Pool pool{node.window, std::move(windows)};
    if (layer.pool_after.window) {  // pool of a pool: one larger window
      const Pool& inner = layer.pool_after;
      Pool joined{pool.window * inner.window, {}};
      for (std::int32_t index : pool.indices)
        joined.indices.insert(joined.indices.end(),
                              inner.indices.begin() + std::ptrdiff_t(index) * std::ptrdiff_t(inner.window),
                              inner.indices.begin() + (std::ptrdiff_t(index) + 1) * std::ptrdiff_t(inner.window));
      pool = std::move(joined);
    }
    layer.pool_after = std::move(pool);
    pending_ = identity(layer.pool_after.outputs());
  }

  const network::Network& network_;
  Neurons neurons_;
  LayerChain chain_;
  network::ValueId current_ = 0;
  Indices pending_;  // the current value in terms of what the last layer delivers
};

}  // namespace

LayerChain make_chain(const network::Network& network, Neurons neurons) {
  return ChainBuilder(network, neurons).build();
}

std::vector<SignalBlock> reference_outputs(const network::Network& network, const LayerChain& chain,
                                           const SignalBlock& input) {
  std::vector<network::ValueId> wanted;
  for (const Layer& layer : chain.layers) wanted.push_back(layer.linear_value);
  std::vector<SignalBlock> values = network::evaluate(network, {input}, wanted);
  for (std::size_t l = 0; l < values.size(); ++l) values[l] = chain.layers[l].activate(values[l]);
  return values;
}

}  // namespace szilard::mapping
