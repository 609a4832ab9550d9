// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/network/node_context.hpp"

#include <cmath>
#include <utility>

namespace szilard::network {

using support::DiagnosticCode;

namespace {

constexpr std::size_t kMaximumRank = 16;

}  // namespace

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t dimension : shape) text += (text.empty() ? "" : ", ") + std::to_string(dimension);
  return "[" + text + "]";
}

std::string shape_text(const Activation& x) {
  const std::string text = shape_text(x.shape);
  if (!x.batched) return text;
  return x.shape.empty() ? "[N]" : "[N, " + text.substr(1);
}

NodeContext::NodeContext(const OnnxNode& onnx_node, std::int64_t opset_version, GraphBuilder& graph_builder,
                         Bindings& bindings)
    : node(onnx_node), opset(opset_version), builder(graph_builder), bindings_(bindings) {}

const Attribute* NodeContext::find(const std::string& name) const {
  for (const Attribute& attribute : node.attributes) {
    if (attribute.name == name) return &attribute;
  }
  return nullptr;
}

const Attribute* NodeContext::take(const std::string& name, Attribute::Type type, const char* type_name) {
  seen_.insert(name);
  const Attribute* attribute = find(name);
  if (attribute && attribute->type != type)
    fail(DiagnosticCode::bad_graph, "attribute '" + name + "' is not " + type_name);
  return attribute;
}

std::int64_t NodeContext::integer(const std::string& name, std::int64_t fallback) {
  const Attribute* attribute = take(name, Attribute::Type::integer, "an integer");
  return attribute ? attribute->integer : fallback;
}

double NodeContext::real(const std::string& name, double fallback) {
  const Attribute* attribute = take(name, Attribute::Type::real, "a number");
  if (attribute && !std::isfinite(attribute->real))
    fail(DiagnosticCode::non_finite, "attribute '" + name + "' is not finite");
  return attribute ? attribute->real : fallback;
}

std::string NodeContext::text(const std::string& name, const std::string& fallback) {
  const Attribute* attribute = take(name, Attribute::Type::text, "a text");
  return attribute ? attribute->text : fallback;
}

TensorPointer NodeContext::tensor(const std::string& name) {
  const Attribute* attribute = take(name, Attribute::Type::tensor, "a tensor");
  return attribute ? attribute->tensor : nullptr;
}

std::vector<std::int64_t> NodeContext::integers(const std::string& name) {
  const Attribute* attribute = take(name, Attribute::Type::integers, "a list of integers");
  return attribute ? attribute->integers : std::vector<std::int64_t>();
}

std::vector<double> NodeContext::reals(const std::string& name) {
  const Attribute* attribute = take(name, Attribute::Type::reals, "a list of numbers");
  return attribute ? attribute->reals : std::vector<double>();
}

void NodeContext::check_attributes() const {
  for (const Attribute& attribute : node.attributes) {
    if (seen_.count(attribute.name) > 0) continue;
    std::string known;
    for (const std::string& name : seen_) known += (known.empty() ? "" : ", ") + name;
    unsupported("attribute '" + attribute.name + "' is not supported",
                "supported attributes: " + (known.empty() ? std::string("none") : known));
  }
}

const Binding& NodeContext::input(std::size_t i, const char* role) const {
  if (!has_input(i)) fail(DiagnosticCode::bad_graph, std::string("its input ") + role + " is missing");
  const auto found = bindings_.find(node.inputs[i]);
  if (found == bindings_.end()) {
    unsupported("its input " + std::string(role) + " is '" + node.inputs[i] +
                "', an optional output that is not supported");
  }
  return found->second;
}

const Activation& NodeContext::activation(std::size_t i, const char* role) const {
  const Binding& binding = input(i, role);
  if (binding.constant) unsupported("its input " + std::string(role) + " is a constant");
  return binding.activation;
}

const TensorPointer& NodeContext::constant(std::size_t i, const char* role) const {
  const Binding& binding = input(i, role);
  if (!binding.constant) unsupported("its input " + std::string(role) + " must be a constant, not computed");
  return binding.constant;
}

std::vector<double> NodeContext::weights(std::size_t i, const char* role) {
  const TensorPointer& tensor = constant(i, role);
  builder.take(saturating_product({2, tensor->size()}));
  std::vector<double> values = tensor->reals;
  if (!tensor->is_real) values.assign(tensor->integers.begin(), tensor->integers.end());
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (!std::isfinite(values[k])) {
      fail(DiagnosticCode::non_finite,
           "element " + std::to_string(k) + " of its input " + role + " ('" + node.inputs[i] + "') is not finite");
    }
  }
  builder.count_parameters(tensor);
  return values;
}

std::vector<std::int64_t> NodeContext::integer_constant(std::size_t i, const char* role) const {
  const TensorPointer& tensor = constant(i, role);
  if (tensor->is_real) fail(DiagnosticCode::bad_graph, std::string("its input ") + role + " does not hold integers");
  if (tensor->shape.size() > 1) fail_shape(std::string("its input ") + role + " is not a list");
  return tensor->integers;
}

double NodeContext::scalar(std::size_t i, const char* role, double fallback) const {
  if (!has_input(i)) return fallback;
  const TensorPointer& tensor = constant(i, role);
  if (tensor->size() != 1) fail_shape(std::string("its input ") + role + " is not one number");
  return tensor->is_real ? tensor->reals.front() : static_cast<double>(tensor->integers.front());
}

void NodeContext::output(const Activation& x) {
  if (node.outputs.empty() || node.outputs.front().empty()) return;
  if (x.shape.size() > kMaximumRank) fail_shape("more than 16 dimensions");
  builder.name_output(x, node.outputs.front());
  bindings_[node.outputs.front()] = Binding{nullptr, x};
}

void NodeContext::output(TensorPointer constant) {
  if (node.outputs.empty() || node.outputs.front().empty()) return;
  if (constant->shape.size() > kMaximumRank) fail_shape("more than 16 dimensions");
  bindings_[node.outputs.front()] = Binding{std::move(constant), {}};
}

void NodeContext::expect_inputs(std::size_t least, std::size_t most) const {
  if (input_count() >= least && input_count() <= most) return;
  const std::string wanted =
      least == most ? std::to_string(least) : std::to_string(least) + " to " + std::to_string(most);
  fail(DiagnosticCode::bad_graph, "has " + std::to_string(input_count()) + " inputs instead of " + wanted);
}

std::size_t NodeContext::axis(std::int64_t value, std::size_t rank) const {
  const auto signed_rank = static_cast<std::int64_t>(rank);
  if (value < -signed_rank || value >= signed_rank) {
    fail_shape("axis " + std::to_string(value) + " does not exist among " + std::to_string(rank) + " dimensions");
  }
  return static_cast<std::size_t>(value < 0 ? value + signed_rank : value);
}

}  // namespace szilard::network
