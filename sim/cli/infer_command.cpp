// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/cli/commands.hpp"
#include "sim/dataset/dataset.hpp"
#include "sim/network/network.hpp"

namespace szilard::cli {
namespace {

struct InferArguments {
  std::string model, input, output;
  std::vector<std::string> named_inputs;  ///< NAME=FILE.npy
  bool json = false;
};

using dataset::Array;
using support::DiagnosticCode;
using support::InputError;
using support::SignalBlock;

constexpr std::size_t kBlock = 128;

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i ? "," : "") + std::to_string(shape[i]);
  return text + "]";
}

/// Items in an array that feeds an input of `features` numbers: its first dimension, or one where the array is one
/// item.
std::size_t item_count(const Array& array, std::size_t features, bool batched, const std::string& path,
                       const std::string& input) {
  const std::int64_t first = array.shape().empty() ? 1 : array.shape().front();
  if (batched && first > 0 && array.size() == std::size_t(first) * features) return std::size_t(first);
  if (array.size() == features) return 1;
  throw InputError(DiagnosticCode::shape_mismatch, {path, 1, 1},
                   "shape " + shape_text(array.shape()) + " does not fit input '" + input + "', which takes " +
                       std::to_string(features) + " numbers " + (batched ? "an item" : "in all"));
}

struct NamedArray {
  std::string path;
  Array array;
};

std::vector<NamedArray> read_inputs(const InferArguments& arguments, const network::Network& network) {
  std::vector<std::string> paths(network.inputs.size());
  const auto index_of = [&](const std::string& name) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < network.inputs.size(); ++i) {
      names.push_back(network.values[network.inputs[i]].name);
      if (names.back() == name) return i;
    }
    const std::string near = support::nearest(name, names);
    throw InputError(DiagnosticCode::usage, {"--input", 1, 1}, "the network has no input '" + name + "'",
                     near.empty() ? "" : "did you mean '" + near + "'?");
  };
  for (const std::string& text : arguments.named_inputs) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
      throw InputError(DiagnosticCode::usage, {"--input", 1, 1}, "'" + text + "' is not NAME=FILE");
    paths[index_of(text.substr(0, equals))] = text.substr(equals + 1);
  }
  if (!arguments.input.empty()) {
    if (network.inputs.size() > 1)
      throw InputError(DiagnosticCode::usage, {arguments.model, 1, 1},
                       "the network has " + std::to_string(network.inputs.size()) + " inputs",
                       "give each with --input NAME=FILE.npy");
    paths.front() = arguments.input;
  }
  std::vector<NamedArray> arrays;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (paths[i].empty())
      throw InputError(DiagnosticCode::usage, {arguments.model, 1, 1},
                       "nothing given for input '" + network.values[network.inputs[i]].name + "'");
    arrays.push_back({paths[i], dataset::read_array(paths[i])});
  }
  return arrays;
}

SignalBlock block_of(const NamedArray& input, std::size_t features, std::size_t first, std::size_t count) {
  SignalBlock block(first, count, features);
  std::vector<double> item(features);
  for (std::size_t s = 0; s < count; ++s) {
    input.array.read((first + s) * features, features, item.data());
    for (std::size_t i = 0; i < features; ++i) {
      if (!(item[i] - item[i] == 0))
        throw InputError(DiagnosticCode::non_finite, {input.path, 1, 1},
                         "item " + std::to_string(first + s) + " holds a number that is not finite");
      block.row(i)[s] = item[i];
    }
  }
  return block;
}

int infer(const InferArguments& arguments) {
  const network::Network network = network::load_onnx(arguments.model);
  const std::vector<NamedArray> arrays = read_inputs(arguments, network);
  std::size_t items = 0;
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    const network::Value& value = network.values[network.inputs[i]];
    const std::size_t n = item_count(arrays[i].array, value.size, network.has_batch(), arrays[i].path, value.name);
    if (i > 0 && n != items)
      throw InputError(DiagnosticCode::shape_mismatch, {arrays[i].path, 1, 1},
                       "the inputs differ in number of items: " + std::to_string(items) + " and " + std::to_string(n));
    items = n;
  }

  const std::size_t outputs = network.values[network.output].size;
  std::vector<double> y(items * outputs);
  for (std::size_t first = 0; first < items; first += kBlock) {
    const std::size_t count = std::min(kBlock, items - first);
    std::vector<SignalBlock> inputs;
    for (std::size_t i = 0; i < arrays.size(); ++i)
      inputs.push_back(block_of(arrays[i], network.values[network.inputs[i]].size, first, count));
    const SignalBlock block = network::evaluate(network, inputs, {network.output}).front();
    for (std::size_t s = 0; s < count; ++s)
      for (std::size_t i = 0; i < outputs; ++i) y[(first + s) * outputs + i] = block.at(i, s);
  }

  std::vector<std::int64_t> shape = network.output_shape;
  if (network.has_batch()) shape.insert(shape.begin(), std::int64_t(items));
  if (!arguments.output.empty()) dataset::write_npy(arguments.output, shape, y.data());
  if (arguments.json) {
    nlohmann::ordered_json json = {{"network", arguments.model}, {"shape", shape}};
    if (arguments.output.empty()) json["values"] = y;
    else json["output"] = arguments.output;
    std::cout << json.dump() << '\n';
  } else if (arguments.output.empty()) {
    for (std::size_t s = 0; s < items; ++s)
      for (std::size_t i = 0; i < outputs; ++i)
        std::cout << support::shortest(y[s * outputs + i]) << (i + 1 < outputs ? "," : "\n");
  } else {
    std::cout << shape_text(shape) << " float64 written to " << arguments.output << '\n';
  }
  return kOk;
}

}  // namespace

std::function<int()> add_infer(CLI::App& app) {
  const auto arguments = std::make_shared<InferArguments>();
  CLI::App* command = app.add_subcommand("infer", "double-precision software inference: the reference alone");
  command->footer(
      "Example: szilard infer scenarios/data/digits_mlp_64_32_10.onnx scenarios/data/digits_test_images.npy -o y.npy");
  command->add_option("model", arguments->model, "network, ONNX")->required();
  command->add_option("input", arguments->input, "input, .npy, .npz or IDX");
  command->add_option("--input", arguments->named_inputs, "NAME=FILE for networks with several inputs")
      ->allow_extra_args(false);
  command->add_option("-o,--output", arguments->output, "output .npy (default: numbers on stdout)");
  command->add_flag("--json", arguments->json, "one JSON object");
  return [arguments] { return infer(*arguments); };
}

}  // namespace szilard::cli
