// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/network/graph_builder.hpp"

namespace szilard::network {

/// What a tensor name stands for during import: a constant, or an activation.
struct Binding {
  TensorPointer constant;
  Activation activation;
};
using Bindings = std::map<std::string, Binding>;

/// One ONNX node on its way into the network: its attributes, inputs and outputs, checked as they are asked for. Every
/// failure names the node and its operator.
class NodeContext {
 public:
  NodeContext(const OnnxNode& onnx_node, std::int64_t opset_version, GraphBuilder& graph_builder, Bindings& bindings);

  const OnnxNode& node;
  const std::int64_t opset;
  GraphBuilder& builder;

  [[noreturn]] void fail(support::DiagnosticCode code, const std::string& text, const std::string& hint = {}) const {
    builder.fail(code, text, hint);
  }
  [[noreturn]] void fail_shape(const std::string& text) const { fail(support::DiagnosticCode::shape_mismatch, text); }
  [[noreturn]] void unsupported(const std::string& text, const std::string& hint = {}) const {
    fail(support::DiagnosticCode::unsupported_operator, text, hint);
  }

  bool has_attribute(const std::string& name) const { return find(name) != nullptr; }
  std::int64_t integer(const std::string& name, std::int64_t fallback);
  double real(const std::string& name, double fallback);  ///< finite
  std::string text(const std::string& name, const std::string& fallback);
  TensorPointer tensor(const std::string& name);
  std::vector<std::int64_t> integers(const std::string& name);
  std::vector<double> reals(const std::string& name);
  /// Taken note of and of no consequence.
  void ignore(const std::string& name) { seen_.insert(name); }
  /// Throws for attributes that nobody asked for.
  void check_attributes() const;

  std::size_t input_count() const { return node.inputs.size(); }
  bool has_input(std::size_t i) const { return i < node.inputs.size() && !node.inputs[i].empty(); }
  const Binding& input(std::size_t i, const char* role) const;
  const Activation& activation(std::size_t i, const char* role) const;
  /// Throws where the input is not constant.
  const TensorPointer& constant(std::size_t i, const char* role) const;
  /// A constant of finite numbers; counts towards the network's parameters.
  std::vector<double> weights(std::size_t i, const char* role);
  std::vector<std::int64_t> integer_constant(std::size_t i, const char* role) const;
  /// A constant with one element, or the fallback where the input is absent.
  double scalar(std::size_t i, const char* role, double fallback) const;

  void output(const Activation& x);
  void output(TensorPointer constant);
  void expect_inputs(std::size_t least, std::size_t most) const;

  /// 0 .. rank - 1 from an axis that may count from the end.
  std::size_t axis(std::int64_t value, std::size_t rank) const;

 private:
  const Attribute* find(const std::string& name) const;
  const Attribute* take(const std::string& name, Attribute::Type type, const char* type_name);

  Bindings& bindings_;
  std::set<std::string> seen_;
};

using Handler = void (*)(NodeContext&);

// Linear layers.
void import_gemm(NodeContext& context);
void import_matmul(NodeContext& context);
void import_conv(NodeContext& context);
void import_batch_normalization(NodeContext& context);
// Pools.
void import_max_pool(NodeContext& context);
void import_average_pool(NodeContext& context);
void import_global_average_pool(NodeContext& context);
// Arithmetic and activations, element by element.
void import_add(NodeContext& context);
void import_sub(NodeContext& context);
void import_mul(NodeContext& context);
void import_div(NodeContext& context);
void import_relu(NodeContext& context);
void import_leaky_relu(NodeContext& context);
void import_sigmoid(NodeContext& context);
void import_tanh(NodeContext& context);
void import_clip(NodeContext& context);
void import_softmax(NodeContext& context);
// Shapes.
void import_flatten(NodeContext& context);
void import_reshape(NodeContext& context);
void import_squeeze(NodeContext& context);
void import_unsqueeze(NodeContext& context);
void import_transpose(NodeContext& context);
void import_pad(NodeContext& context);
void import_identity(NodeContext& context);
void import_dropout(NodeContext& context);
void import_cast(NodeContext& context);
void import_constant(NodeContext& context);

/// Null where the operator is not supported.
Handler find_handler(const std::string& operator_name);

std::string shape_text(const std::vector<std::int64_t>& shape);
std::string shape_text(const Activation& x);

}  // namespace szilard::network
