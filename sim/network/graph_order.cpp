// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <queue>
#include <set>
#include <utility>

#include "sim/network/onnx_graph.hpp"

namespace szilard::network {

using support::DiagnosticCode;

support::InputError network_error(DiagnosticCode code, const std::string& file, std::string message, std::string hint) {
  return support::InputError(code, support::SourceLocation{file, 1, 1}, std::move(message), std::move(hint));
}

std::string describe(const OnnxNode& node) { return "node '" + node.name + "' (" + node.operator_name + ")"; }

std::vector<std::size_t> topological_order(const OnnxGraph& graph, const std::string& file) {
  const auto fail = [&](const std::string& message) { throw network_error(DiagnosticCode::bad_graph, file, message); };
  std::set<std::string> given;
  for (const auto& initialiser : graph.initialisers) given.insert(initialiser.first);
  for (const OnnxPort& input : graph.inputs) {
    if (!given.insert(input.name).second) fail("input '" + input.name + "' stands twice");
  }
  std::map<std::string, std::size_t> maker;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    for (const std::string& output : graph.nodes[i].outputs) {
      if (output.empty()) continue;
      if (given.count(output) > 0 || !maker.emplace(output, i).second) {
        fail(describe(graph.nodes[i]) + ": its output '" + output + "' is made twice");
      }
    }
  }
  std::vector<std::vector<std::size_t>> readers(graph.nodes.size());
  std::vector<std::size_t> waiting(graph.nodes.size(), 0);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    for (const std::string& input : graph.nodes[i].inputs) {
      if (input.empty() || given.count(input) > 0) continue;
      const auto found = maker.find(input);
      if (found == maker.end()) fail(describe(graph.nodes[i]) + ": its input '" + input + "' is made nowhere");
      readers[found->second].push_back(i);
      ++waiting[i];
    }
  }
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    if (waiting[i] == 0) ready.push(i);
  }
  std::vector<std::size_t> order;
  while (!ready.empty()) {
    const std::size_t node = ready.top();
    ready.pop();
    order.push_back(node);
    for (const std::size_t reader : readers[node]) {
      if (--waiting[reader] == 0) ready.push(reader);
    }
  }
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    if (waiting[i] > 0) fail(describe(graph.nodes[i]) + " depends on its own output: the graph has a cycle");
  }
  return order;
}

}  // namespace szilard::network
