// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// The ONNX reader on any bytes: a network that can be evaluated, or InputError.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sim/network/network.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace szilard;
  network::Network net;
  try {
    net = network::parse_onnx(std::string(reinterpret_cast<const char*>(data), size), "fuzz.onnx");
  } catch (const support::InputError& error) {
    if (error.diagnostics().empty() || support::to_string(error.diagnostics().front()).empty()) std::abort();
    return 0;
  }
  std::size_t work = 0;
  for (const network::Value& value : net.values) work += value.size;
  for (const network::Node& node : net.nodes) work += node.map.macs() + node.indices.size();
  if (work > 1000000) return 0;
  std::vector<support::SignalBlock> inputs;
  for (const network::ValueId input : net.inputs) inputs.emplace_back(0, 3, net.values[input].size);
  const auto outputs = network::evaluate(net, inputs, {net.output});
  if (outputs.size() != 1 || outputs.front().features() != net.values[net.output].size) std::abort();
  if (network::layer_summaries(net).size() > net.nodes.size()) std::abort();
  return 0;
}
