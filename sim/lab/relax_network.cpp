// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/lab/relax_network.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/dataset/dataset.hpp"
#include "sim/mapping/quasistatic_network.hpp"
#include "sim/network/network.hpp"
#include "sim/scenario/node_problems.hpp"

namespace szilard::lab {
namespace {

using scenario::Entry;
using scenario::Node;
using support::DiagnosticCode;
using support::InputError;

const std::vector<std::string> kActivations = {"linear", "relu", "tanh", "sigmoid"};

class NetworkReader {
 public:
  quasistatic::Network read(const Node& root) {
    if (root.kind != Node::Kind::map)
      problems_.error(DiagnosticCode::wrong_type, root, "a network is a map, not " + describe(root));
    for (const Entry& entry : root.entries)
      if (entry.key != "layers") problems_.unknown_key(entry, {"layers"});
    const Entry* const layers = root.find("layers");
    if (problems_.empty() && !layers) problems_.error(DiagnosticCode::missing_key, root, "key 'layers' is missing");
    quasistatic::Network network;
    if (layers) read_layers(layers->value, network);
    problems_.raise();
    return network;
  }

 private:
  void read_layers(const Node& node, quasistatic::Network& network) {
    if (node.kind != Node::Kind::list || node.items.empty())
      return problems_.error(DiagnosticCode::wrong_type, node,
                             "layers are a list of at least one, not " +
                                 (node.kind == Node::Kind::list ? std::string("an empty list") : describe(node)));
    std::optional<std::size_t> delivered;
    for (const Node& item : node.items) {
      if (item.kind != Node::Kind::map) {
        problems_.error(DiagnosticCode::wrong_type, item, "a layer is a map, not " + describe(item));
        continue;
      }
      quasistatic::Layer layer;
      const std::string name = "layer " + std::to_string(network.layers.size() + 1);
      if (read_layer(item, name, delivered, layer)) {
        delivered = layer.units();
        network.layers.push_back(std::move(layer));
      } else {
        delivered.reset();
      }
    }
  }

  bool read_layer(const Node& item, const std::string& name, const std::optional<std::size_t>& delivered,
                  quasistatic::Layer& layer) {
    static const std::vector<std::string> keys = {"weights", "bias", "activation", "stiffness", "friction"};
    const std::size_t before = problems_.size();
    for (const Entry& entry : item.entries)
      if (std::find(keys.begin(), keys.end(), entry.key) == keys.end()) problems_.unknown_key(entry, keys);
    for (const std::string& key : keys)
      if (key != "bias" && !item.find(key))
        problems_.error(DiagnosticCode::missing_key, item, name + ": key '" + key + "' is missing");
    if (!item.find("weights")) return false;
    linear::RowMatrix weights;
    if (!read_weights(item.find("weights")->value, delivered, weights)) return false;
    const std::size_t units = std::size_t(weights.rows());
    std::vector<double> bias(units, 0.0);
    if (const Entry* entry = item.find("bias")) bias = read_bias(entry->value, units);
    if (const Entry* entry = item.find("activation")) layer.activation = read_activation(entry->value);
    if (const Entry* entry = item.find("stiffness")) layer.stiffness = read_positive(entry->value, units, "stiffness");
    if (const Entry* entry = item.find("friction")) layer.friction = read_positive(entry->value, units, "friction");
    if (problems_.size() > before) return false;
    layer.map = linear::dense_map(name, std::move(weights), std::move(bias));
    return true;
  }

  bool read_weights(const Node& node, const std::optional<std::size_t>& delivered, linear::RowMatrix& weights) {
    const std::size_t before = problems_.size();
    if (node.kind != Node::Kind::list || node.items.empty() || node.items[0].kind != Node::Kind::list ||
        node.items[0].items.empty()) {
      problems_.error(DiagnosticCode::wrong_type, node,
                      "weights are a list of rows, one a unit, each a list of numbers",
                      "e.g. weights: [[0.8, -0.5], [0.3, 0.9]]");
      return false;
    }
    const std::size_t columns = node.items[0].items.size();
    if (delivered && columns != *delivered)
      problems_.error(DiagnosticCode::shape_mismatch, node,
                      "a row of weights has " + std::to_string(columns) + " numbers, the layer before has " +
                          std::to_string(*delivered) + " units",
                      "weights are target x source; layers feed the next one only");
    weights.resize(Eigen::Index(node.items.size()), Eigen::Index(columns));
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const Node& row = node.items[i];
      if (row.kind != Node::Kind::list || row.items.size() != columns) {
        problems_.error(DiagnosticCode::shape_mismatch, row,
                        "every row of weights needs " + std::to_string(columns) + " numbers");
        continue;
      }
      for (std::size_t k = 0; k < columns; ++k)
        weights(Eigen::Index(i), Eigen::Index(k)) = problems_.number(row.items[k]).value_or(0);
    }
    return problems_.size() == before;
  }

  std::vector<double> numbers(const Node& node, std::size_t units, const char* what) {
    std::vector<double> out(units, 0.0);
    if (node.kind != Node::Kind::list || node.items.size() != units) {
      problems_.error(DiagnosticCode::shape_mismatch, node,
                      std::string(what) + " needs a list of " + std::to_string(units) + " numbers, one a unit");
      return out;
    }
    for (std::size_t i = 0; i < units; ++i) out[i] = problems_.number(node.items[i]).value_or(1);
    return out;
  }

  std::vector<double> read_bias(const Node& node, std::size_t units) { return numbers(node, units, "bias"); }

  std::vector<double> read_positive(const Node& node, std::size_t units, const char* what) {
    if (node.kind == Node::Kind::scalar) {
      const double value = problems_.number(node).value_or(1);
      require_positive(node, value, what);
      return std::vector<double>(units, value);
    }
    std::vector<double> out = numbers(node, units, what);
    for (std::size_t i = 0; node.items.size() == units && i < units; ++i) require_positive(node.items[i], out[i], what);
    return out;
  }

  void require_positive(const Node& node, double value, const char* what) {
    if (!(value > 0))
      problems_.error(DiagnosticCode::out_of_range, node,
                      std::string(what) + " must be above 0, not " + support::shortest(value));
  }

  quasistatic::Activation read_activation(const Node& node) {
    const auto found = std::find(kActivations.begin(), kActivations.end(), node.text);
    if (node.kind == Node::Kind::scalar && found != kActivations.end())
      return quasistatic::Activation(found - kActivations.begin());
    problems_.error(DiagnosticCode::unknown_choice, node,
                    "activation is linear, tanh, relu or sigmoid, not " + describe(node));
    return quasistatic::Activation::linear;
  }

  scenario::NodeProblems problems_;
};

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

double needed(const std::optional<double>& number, const char* option) {
  const support::SourceLocation where{"command line", 1, 1};
  if (!number)
    throw InputError(DiagnosticCode::usage, where, std::string(option) + " is needed: an ONNX file has weights only",
                     "--stiffness in kT, --friction in kT times the unit of time");
  if (!(*number > 0 && std::isfinite(*number)))
    throw InputError(DiagnosticCode::out_of_range, where, std::string(option) + " must be positive and finite");
  return *number;
}

}  // namespace

BenchNetwork parse_bench_network(const std::string& text, const std::string& file) {
  return {NetworkReader().read(scenario::parse_yaml(text, file)), {}};
}

BenchNetwork load_bench_network(const std::string& path, const std::optional<double>& stiffness,
                                const std::optional<double>& friction) {
  if (!ends_with(path, ".onnx")) {
    if (stiffness || friction)
      throw InputError(
          DiagnosticCode::conflict, {"command line", 1, 1},
          std::string(stiffness ? "--stiffness" : "--friction") + " is for ONNX networks: a YAML network has its own");
    return parse_bench_network(scenario::read_yaml_file(path), path);
  }
  const double kappa = needed(stiffness, "--stiffness"), gamma = needed(friction, "--friction");
  const network::Network network = network::load_onnx(path);
  const mapping::LayerChain chain = mapping::make_chain(network, mapping::Neurons::smooth);
  return {mapping::make_quasistatic(chain, kappa, gamma), chain.output_indices};
}

support::SignalBlock load_samples(const std::string& path, std::size_t features, const std::string& what) {
  const dataset::Array array = dataset::read_array(path, {"x", "inputs", "images"});
  const std::vector<std::int64_t>& shape = array.shape();
  const bool one = shape.size() < 2 && array.size() == features;
  const std::size_t samples = one ? 1 : shape.empty() ? 0 : std::size_t(shape[0]);
  if (samples == 0 || array.size() != samples * features) {
    std::string text;
    for (std::int64_t extent : shape) text += (text.empty() ? "" : " x ") + std::to_string(extent);
    throw InputError(
        DiagnosticCode::shape_mismatch, {path, 1, 1},
        what + " are " + (text.empty() ? "a single number" : text) + ", must be samples x " + std::to_string(features));
  }
  support::SignalBlock block(0, samples, features);
  std::vector<double> row(features);
  for (std::size_t s = 0; s < samples; ++s) {
    array.read(s * features, features, row.data());
    for (std::size_t i = 0; i < features; ++i) {
      if (!std::isfinite(row[i]))
        throw InputError(DiagnosticCode::non_finite, {path, 1, 1},
                         what + ": number " + std::to_string(i) + " of sample " + std::to_string(s) + " is not finite");
      block.row(i)[s] = row[i];
    }
  }
  return block;
}

}  // namespace szilard::lab
