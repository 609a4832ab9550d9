// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <utility>

#include "models/linear/apply.hpp"
#include "sim/network/network.hpp"
#include "sim/network/onnx_graph.hpp"

namespace szilard::network {

using support::DiagnosticCode;
using support::SignalBlock;

namespace {

/// Values of a chunk of samples should stay in the second-level cache.
constexpr std::size_t kChunkBytes = std::size_t{1} << 20;
constexpr std::size_t kLargestChunk = 256;

template <typename Function>
void each(const SignalBlock& x, SignalBlock& y, Function function) {
  for (std::size_t f = 0; f < x.features(); ++f) {
    const double* in = x.row(f);
    double* out = y.row(f);
    for (std::size_t s = 0; s < x.stride(); ++s) out[s] = function(in[s]);
  }
}

void max_pool(const Node& node, const SignalBlock& x, SignalBlock& y) {
  for (std::size_t f = 0; f < y.features(); ++f) {
    const std::int32_t* window = node.indices.data() + f * node.window;
    double* out = y.row(f);
    std::copy_n(x.row(window[0]), x.stride(), out);
    for (std::size_t k = 1; k < node.window; ++k) {
      const double* in = x.row(window[k]);
      for (std::size_t s = 0; s < x.stride(); ++s) out[s] = in[s] > out[s] ? in[s] : out[s];
    }
  }
}

void rearrange(const Node& node, const SignalBlock& x, SignalBlock& y) {
  for (std::size_t f = 0; f < y.features(); ++f) {
    if (node.indices[f] >= 0) std::copy_n(x.row(node.indices[f]), x.stride(), y.row(f));
  }
}

void add(const SignalBlock& a, const SignalBlock& b, SignalBlock& y) {
  for (std::size_t f = 0; f < y.features(); ++f) {
    for (std::size_t s = 0; s < y.stride(); ++s) y.row(f)[s] = a.row(f)[s] + b.row(f)[s];
  }
}

void softmax(const Node& node, const SignalBlock& x, SignalBlock& y) {
  for (std::size_t row = 0; row < node.softmax_rows; ++row) {
    const std::size_t first =
        row / node.softmax_stride * node.softmax_columns * node.softmax_stride + row % node.softmax_stride;
    const auto feature = [&](std::size_t column) { return first + column * node.softmax_stride; };
    for (std::size_t s = 0; s < x.stride(); ++s) {
      double largest = x.row(feature(0))[s], sum = 0;
      for (std::size_t c = 1; c < node.softmax_columns; ++c) largest = std::max(largest, x.row(feature(c))[s]);
      for (std::size_t c = 0; c < node.softmax_columns; ++c) {
        const double power = std::exp(x.row(feature(c))[s] - largest);
        y.row(feature(c))[s] = power;
        sum += power;
      }
      for (std::size_t c = 0; c < node.softmax_columns; ++c) y.row(feature(c))[s] /= sum;
    }
  }
}

SignalBlock run_node(const Node& node, const std::vector<SignalBlock>& values, std::size_t features) {
  const SignalBlock& x = values[node.inputs.front()];
  SignalBlock y = x.sibling(features);
  switch (node.kind) {
    case NodeKind::linear:
      linear::apply(node.map, x, y);
      break;
    case NodeKind::add:
      add(x, values[node.inputs[1]], y);
      break;
    case NodeKind::relu:
      each(x, y, [](double v) { return v > 0 ? v : 0.0; });
      break;
    case NodeKind::leaky_relu:
      each(x, y, [&](double v) { return v >= 0 ? v : node.alpha * v; });
      break;
    case NodeKind::sigmoid:
      each(x, y, [](double v) { return 1.0 / (1.0 + std::exp(-v)); });
      break;
    case NodeKind::tanh:
      each(x, y, [](double v) { return std::tanh(v); });
      break;
    case NodeKind::clip:
      each(x, y, [&](double v) { return std::min(std::max(v, node.minimum), node.maximum); });
      break;
    case NodeKind::softmax:
      softmax(node, x, y);
      break;
    case NodeKind::max_pool:
      max_pool(node, x, y);
      break;
    case NodeKind::rearrange:
      rearrange(node, x, y);
      break;
  }
  return y;
}

SignalBlock slice(const SignalBlock& block, std::size_t first, std::size_t count) {
  SignalBlock part(block.first_sample() + first, count, block.features());
  for (std::size_t f = 0; f < block.features(); ++f) std::copy_n(block.row(f) + first, count, part.row(f));
  return part;
}

/// Values that nobody reads any more are dropped on the way.
std::vector<SignalBlock> run_chunk(const Network& network, const std::vector<SignalBlock>& inputs,
                                   const std::vector<std::size_t>& uses) {
  std::vector<SignalBlock> values(network.values.size());
  std::vector<std::size_t> left = uses;
  for (std::size_t i = 0; i < inputs.size(); ++i) values[network.inputs[i]] = inputs[i];
  for (const Node& node : network.nodes) {
    if (uses[node.output] == 0) continue;
    values[node.output] = run_node(node, values, network.values[node.output].size);
    for (const ValueId input : node.inputs) {
      if (--left[input] == 0) values[input] = SignalBlock();
    }
  }
  return values;
}

/// How often each value is read on the way to the wanted ones; 0 for what is not needed.
std::vector<std::size_t> count_uses(const Network& network, const std::vector<ValueId>& wanted) {
  std::vector<std::size_t> uses(network.values.size(), 0);
  for (const ValueId value : wanted) ++uses.at(value);
  for (auto node = network.nodes.rbegin(); node != network.nodes.rend(); ++node) {
    if (uses[node->output] == 0) continue;
    for (const ValueId input : node->inputs) ++uses[input];
  }
  return uses;
}

void check_inputs(const Network& network, const std::vector<SignalBlock>& inputs) {
  const auto fail = [&](const std::string& message) {
    throw network_error(DiagnosticCode::shape_mismatch, network.path, message);
  };
  if (inputs.size() != network.inputs.size()) {
    fail("the network has " + std::to_string(network.inputs.size()) + " inputs, " + std::to_string(inputs.size()) +
         " are given");
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Value& value = network.values[network.inputs[i]];
    if (inputs[i].features() != value.size) {
      fail("input '" + value.name + "' takes " + std::to_string(value.size) + " numbers a sample, the data have " +
           std::to_string(inputs[i].features()));
    }
    if (inputs[i].samples() != inputs.front().samples()) fail("the inputs have different numbers of samples");
  }
}

}  // namespace

std::vector<SignalBlock> evaluate(const Network& network, const std::vector<SignalBlock>& inputs,
                                  const std::vector<ValueId>& wanted) {
  check_inputs(network, inputs);
  const std::vector<std::size_t> uses = count_uses(network, wanted);
  std::size_t bytes_per_sample = 1;
  for (ValueId v = 0; v < network.values.size(); ++v) {
    if (uses[v] > 0) bytes_per_sample += network.values[v].size * sizeof(double);
  }
  const std::size_t lanes = support::kSignalLanes;
  const std::size_t chunk = std::clamp(kChunkBytes / bytes_per_sample / lanes * lanes, lanes, kLargestChunk);
  const std::size_t samples = inputs.front().samples();
  std::vector<SignalBlock> results;
  for (const ValueId value : wanted) results.push_back(inputs.front().sibling(network.values[value].size));
  for (std::size_t first = 0; first < samples; first += chunk) {
    const std::size_t count = std::min(chunk, samples - first);
    std::vector<SignalBlock> parts;
    for (const SignalBlock& input : inputs) parts.push_back(slice(input, first, count));
    const std::vector<SignalBlock> values = run_chunk(network, parts, uses);
    for (std::size_t w = 0; w < wanted.size(); ++w) {
      const SignalBlock& part = values[wanted[w]];
      for (std::size_t f = 0; f < part.features(); ++f) std::copy_n(part.row(f), count, results[w].row(f) + first);
    }
  }
  return results;
}

}  // namespace szilard::network
