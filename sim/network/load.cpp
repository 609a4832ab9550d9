// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <system_error>
#include <utility>

#include "models/support/sha256.hpp"
#include "sim/network/broadcast.hpp"
#include "sim/network/network.hpp"
#include "sim/network/node_context.hpp"

namespace szilard::network {

using support::DiagnosticCode;

namespace {

constexpr std::uintmax_t kMaximumFileBytes = 2147483647;

class Importer {
 public:
  Importer(const OnnxGraph& graph, const std::string& file, std::size_t file_bytes)
      : graph_(graph), file_(file), builder_(file, file_bytes) {}

  Network import() {
    const std::string output = output_name();
    const std::vector<std::size_t> order = topological_order(graph_, file_);
    const std::vector<bool> needed = needed_nodes(order, output);
    for (const auto& [name, tensor] : graph_.initialisers) bindings_[name].constant = tensor;
    bind_inputs();
    for (const std::size_t i : order) {
      if (needed[i]) import_node(graph_.nodes[i]);
    }
    return finish(output);
  }

 private:
  [[noreturn]] void fail(DiagnosticCode code, const std::string& message, const std::string& hint = {}) const {
    throw network_error(code, file_, message, hint);
  }

  std::string output_name() const {
    if (graph_.outputs.size() == 1) return graph_.outputs.front().name;
    std::string names;
    for (const OnnxPort& output : graph_.outputs) names += (names.empty() ? "'" : ", '") + output.name + "'";
    if (names.empty()) fail(DiagnosticCode::bad_graph, "the graph has no output");
    fail(DiagnosticCode::bad_graph, "the graph has several outputs: " + names,
         "export the model with the one output that is meant");
  }

  std::vector<bool> needed_nodes(const std::vector<std::size_t>& order, const std::string& output) {
    std::vector<bool> needed(graph_.nodes.size(), false);
    read_.insert(output);
    for (std::size_t k = order.size(); k-- > 0;) {
      const OnnxNode& node = graph_.nodes[order[k]];
      for (const std::string& made : node.outputs)
        needed[order[k]] = needed[order[k]] || (!made.empty() && read_.count(made) > 0);
      if (needed[order[k]]) read_.insert(node.inputs.begin(), node.inputs.end());
    }
    return needed;
  }

  void bind_inputs() {
    for (const OnnxPort& input : graph_.inputs) {
      if (read_.count(input.name) == 0) continue;
      if (!input.is_real) {
        fail(DiagnosticCode::unsupported_operator, "input '" + input.name + "' holds elements of " + input.type_name,
             "supported are inputs of FLOAT, DOUBLE, FLOAT16 and BFLOAT16");
      }
      if (!input.has_shape)
        fail(DiagnosticCode::shape_mismatch, "the shape of input '" + input.name + "' is not declared");
      for (std::size_t d = 1; d < input.shape.size(); ++d) {
        if (input.shape[d] != kSymbolic) continue;
        fail(DiagnosticCode::shape_mismatch,
             "dimension " + std::to_string(d) + " of input '" + input.name + "' is not a number",
             "only the first dimension, the batch, may be symbolic: export the model with fixed sizes");
      }
      if (input.shape.size() > 16)
        fail(DiagnosticCode::shape_mismatch, "input '" + input.name + "' has more than 16 dimensions");
      bindings_[input.name].activation = builder_.add_input(input);
      const std::int64_t first = input.shape.empty() ? 0 : input.shape.front();
      symbolic_ = symbolic_ || first == kSymbolic;
      fixed_batch_ = has_input_ ? fixed_batch_ : first == 1;
      has_input_ = true;
    }
  }

  void import_node(const OnnxNode& node) {
    builder_.begin_node(node);
    if (!node.domain.empty() && node.domain != "ai.onnx") {
      builder_.fail(DiagnosticCode::unsupported_operator, "operators of domain '" + node.domain + "' are not supported",
                    supported_hint());
    }
    const Handler handler = find_handler(node.operator_name);
    if (!handler)
      builder_.fail(DiagnosticCode::unsupported_operator, "this operator is not supported", supported_hint());
    NodeContext context(node, graph_.opset, builder_, bindings_);
    // Operator sets below 6 had this optimisation hint on many operators; it never changed a result.
    if (graph_.opset < 6) context.ignore("consumed_inputs");
    handler(context);
    context.check_attributes();
  }

  static std::string supported_hint() {
    std::string list;
    for (const std::string& name : supported_operators()) list += (list.empty() ? "supported are " : ", ") + name;
    return list;
  }

  Network finish(const std::string& output) {
    const auto found = bindings_.find(output);
    if (found == bindings_.end()) {
      for (const OnnxNode& node : graph_.nodes) {
        for (const std::string& made : node.outputs) {
          if (made != output) continue;
          fail(DiagnosticCode::unsupported_operator,
               describe(node) + ": its output '" + output + "' is optional and not supported");
        }
      }
      fail(DiagnosticCode::bad_graph, "output '" + output + "' is made nowhere");
    }
    if (found->second.constant || !has_input_) {
      fail(DiagnosticCode::bad_graph, "output '" + output + "' does not depend on any input");
    }
    const Activation y = found->second.activation;
    check_declared_shape(y);
    builder_.fold_affine_nodes(y.value);
    Network network = builder_.finish(y);
    network.symbolic_batch = symbolic_;
    network.fixed_batch = fixed_batch_;
    if (fixed_batch_) {
      strip_batch(network.output_shape);
      for (Value& value : network.values) strip_batch(value.shape);
    }
    return network;
  }

  static void strip_batch(std::vector<std::int64_t>& shape) {
    if (!shape.empty() && shape.front() == 1) shape.erase(shape.begin());
  }

  void check_declared_shape(const Activation& y) const {
    const OnnxPort& declared = graph_.outputs.front();
    const std::vector<std::int64_t> shape = full_shape(y);
    if (!declared.has_shape) return;
    bool fits = declared.shape.size() == shape.size();
    for (std::size_t d = 0; fits && d < shape.size(); ++d) {
      fits = declared.shape[d] == kSymbolic || shape[d] == kSymbolic || declared.shape[d] == shape[d];
    }
    if (!fits) {
      fail(DiagnosticCode::shape_mismatch, "output '" + declared.name + "' is declared as " +
                                               shape_text(declared.shape) + " and computed as " + shape_text(shape) +
                                               " (-1: not a number)");
    }
  }

  const OnnxGraph& graph_;
  const std::string& file_;
  GraphBuilder builder_;
  Bindings bindings_;
  std::set<std::string> read_;
  bool has_input_ = false, symbolic_ = false, fixed_batch_ = false;
};

}  // namespace

Network parse_onnx(const std::string& bytes, const std::string& name) {
  const OnnxGraph graph = read_onnx(bytes, name);
  Network network = Importer(graph, name, bytes.size()).import();
  network.path = name;
  network.sha256 = support::sha256(bytes.data(), bytes.size());
  return network;
}

Network load_onnx(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status))
    throw network_error(DiagnosticCode::file_not_found, path, "there is no such file");
  if (!std::filesystem::is_regular_file(status))
    throw network_error(DiagnosticCode::file_not_found, path, "this is not a file");
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  std::ifstream in(path, std::ios::binary);
  if (error || !in)
    throw network_error(DiagnosticCode::file_not_found, path,
                        std::string("the file cannot be read: ") + std::strerror(errno));
  if (size > kMaximumFileBytes)
    throw network_error(DiagnosticCode::file_too_large, path, "the model is larger than 2 GiB");
  std::string bytes(size, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(size));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  return parse_onnx(bytes, path);
}

}  // namespace szilard::network
