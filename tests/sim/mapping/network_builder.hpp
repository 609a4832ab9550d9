// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/network/network.hpp"

namespace szilard::test {

/// A small network put together by hand: each call appends a node that reads the value made last.
class NetworkBuilder {
 public:
  explicit NetworkBuilder(std::size_t inputs) {
    network.path = "hand-made.onnx";
    network.inputs = {value("input", inputs)};
  }

  NetworkBuilder& dense(const linear::RowMatrix& weights, std::vector<double> bias) {
    network::Node& node = add(network::NodeKind::linear, "Gemm", bias.size());
    node.map = linear::dense_map(node.name, weights, std::move(bias));
    return *this;
  }
  NetworkBuilder& elementwise(network::NodeKind kind, const std::string& operator_name) {
    add(kind, operator_name, network.values[last_].size);
    return *this;
  }
  NetworkBuilder& rearrange(std::vector<std::int32_t> indices) {
    add(network::NodeKind::rearrange, "Transpose", indices.size()).indices = std::move(indices);
    return *this;
  }
  NetworkBuilder& max_pool(std::size_t window, std::vector<std::int32_t> indices) {
    network::Node& node = add(network::NodeKind::max_pool, "MaxPool", indices.size() / window);
    node.window = window;
    node.indices = std::move(indices);
    return *this;
  }
  network::Network build() {
    network.output = last_;
    network.output_shape = {std::int64_t(network.values[last_].size)};
    return network;
  }

  network::Network network;

 private:
  network::ValueId value(const std::string& name, std::size_t size) {
    network.values.push_back({name, {std::int64_t(size)}, size});
    return last_ = network.values.size() - 1;
  }
  network::Node& add(network::NodeKind kind, const std::string& operator_name, std::size_t outputs) {
    network::Node node;
    node.kind = kind;
    node.operator_name = operator_name;
    node.name = operator_name + std::to_string(network.nodes.size());
    node.inputs = {last_};
    node.output = value(node.name, outputs);
    network.nodes.push_back(std::move(node));
    return network.nodes.back();
  }

  network::ValueId last_ = 0;
};

}  // namespace szilard::test
