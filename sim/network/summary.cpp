// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "sim/network/graph_builder.hpp"
#include "sim/network/network.hpp"

namespace szilard::network {

std::vector<LayerSummary> layer_summaries(const Network& network) {
  std::vector<LayerSummary> summaries;
  for (const Node& node : network.nodes) {
    if (node.kind == NodeKind::rearrange) continue;
    LayerSummary summary;
    summary.name = node.kind == NodeKind::linear ? node.map.name : tidy_name(node.name, node.operator_name);
    summary.operator_name = node.operator_name;
    const Value& output = network.values[node.output];
    for (const std::int64_t dimension : output.shape)
      summary.shape += (summary.shape.empty() ? "" : "x") + std::to_string(dimension);
    if (summary.shape.empty()) summary.shape = "1";
    if (node.kind == NodeKind::linear) {
      summary.macs = node.map.macs();
      summary.parameters = node.map.parameters();
    }
    if (node.kind == NodeKind::relu) summary.neurons = output.size;
    summaries.push_back(std::move(summary));
  }
  return summaries;
}

}  // namespace szilard::network
