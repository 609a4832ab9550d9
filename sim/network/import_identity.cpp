// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <utility>

#include "sim/network/node_context.hpp"

namespace szilard::network {

using support::DiagnosticCode;

namespace {

// TensorProto.DataType
constexpr std::int64_t kFloat = 1, kInt32 = 6, kInt64 = 7, kFloat16 = 10, kDouble = 11, kBrainFloat16 = 16;

void pass_on(NodeContext& context, const Binding& x) {
  if (x.constant) {
    context.output(x.constant);
  } else {
    context.output(x.activation);
  }
}

bool is_real_target(std::int64_t type) {
  return type == kFloat || type == kFloat16 || type == kDouble || type == kBrainFloat16;
}

std::int64_t cast_target(NodeContext& context) {
  if (!context.has_attribute("to")) context.fail(DiagnosticCode::bad_graph, "attribute 'to' is missing");
  if (context.opset >= 6) return context.integer("to", 0);
  static const std::pair<const char*, std::int64_t> kNames[] = {
      {"FLOAT", kFloat}, {"FLOAT16", kFloat16}, {"DOUBLE", kDouble}, {"INT32", kInt32}, {"INT64", kInt64}};
  const std::string wanted = context.text("to", "");
  for (const auto& [name, type] : kNames) {
    if (wanted == name) return type;
  }
  context.unsupported("casts to element type '" + wanted + "'", "supported are the float types, int32 and int64");
}

std::int64_t to_integer(const NodeContext& context, double value, std::int64_t type) {
  const double limit = type == kInt32 ? 2147483648.0 : 9223372036854775808.0;
  const double whole = std::trunc(value);
  if (!(whole >= -limit && whole < limit))
    context.fail(DiagnosticCode::bad_number, "a constant does not fit the integer type");
  return static_cast<std::int64_t>(whole);
}

}  // namespace

void import_identity(NodeContext& context) {
  context.expect_inputs(1, 1);
  pass_on(context, context.input(0, "input"));
}

void import_dropout(NodeContext& context) {
  context.expect_inputs(1, context.opset < 12 ? 1 : 3);
  context.ignore("ratio");
  context.ignore("seed");
  if (context.opset < 7 && context.integer("is_test", 0) == 0)
    context.unsupported("training (is_test = 0) is not supported");
  if (context.has_input(2) && context.scalar(2, "training_mode", 0) != 0)
    context.unsupported("training_mode = true is not supported");
  pass_on(context, context.input(0, "data"));
}

void import_cast(NodeContext& context) {
  context.expect_inputs(1, 1);
  const Binding& x = context.input(0, "input");
  const std::int64_t type = cast_target(context);
  if (!x.constant) {
    // Everything is evaluated in double precision: the narrower types' rounding is left out.
    if (!is_real_target(type)) {
      context.unsupported("casts an activation to element type " + std::to_string(type),
                          "supported are the float types");
    }
    context.output(x.activation);
    return;
  }
  if (!is_real_target(type) && type != kInt32 && type != kInt64) {
    context.unsupported("casts to element type " + std::to_string(type),
                        "supported are the float types, int32 and int64");
  }
  if (x.constant->is_real == is_real_target(type)) {
    context.output(x.constant);
    return;
  }
  context.builder.take(saturating_product({2, x.constant->size()}));
  auto tensor = std::make_shared<Tensor>();
  tensor->name = x.constant->name;
  tensor->shape = x.constant->shape;
  tensor->is_real = is_real_target(type);
  if (tensor->is_real) {
    tensor->reals.assign(x.constant->integers.begin(), x.constant->integers.end());
  } else {
    for (const double value : x.constant->reals) tensor->integers.push_back(to_integer(context, value, type));
  }
  context.output(std::move(tensor));
}

void import_constant(NodeContext& context) {
  context.expect_inputs(0, 0);
  if (context.node.attributes.size() != 1) context.fail(DiagnosticCode::bad_graph, "needs exactly one attribute");
  if (context.has_attribute("value")) {
    context.output(context.tensor("value"));
    return;
  }
  auto tensor = std::make_shared<Tensor>();
  tensor->name = context.node.name;
  if (context.has_attribute("value_float")) {
    tensor->reals = {context.real("value_float", 0)};
  } else if (context.has_attribute("value_floats")) {
    tensor->reals = context.reals("value_floats");
    tensor->shape = {static_cast<std::int64_t>(tensor->reals.size())};
  } else if (context.has_attribute("value_int")) {
    tensor->is_real = false;
    tensor->integers = {context.integer("value_int", 0)};
  } else if (context.has_attribute("value_ints")) {
    tensor->is_real = false;
    tensor->integers = context.integers("value_ints");
    tensor->shape = {static_cast<std::int64_t>(tensor->integers.size())};
  } else {
    context.unsupported("attribute '" + context.node.attributes.front().name + "' is not supported",
                        "supported are value, value_float, value_floats, value_int and value_ints");
  }
  context.output(std::move(tensor));
}

}  // namespace szilard::network
