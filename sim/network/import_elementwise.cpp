// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>
#include <utility>

#include "sim/network/broadcast.hpp"
#include "sim/network/node_context.hpp"

namespace szilard::network {

using support::DiagnosticCode;

namespace {

/// The second operand's shape as numpy would need it: before operator set 7 `axis` said where it begins in the first.
std::vector<std::int64_t> aligned_shape(NodeContext& context, const std::vector<std::int64_t>& a,
                                        std::vector<std::int64_t> b) {
  if (context.opset >= 7) return b;
  const bool broadcast = context.integer("broadcast", 0) != 0;
  const bool has_axis = context.has_attribute("axis");
  const std::int64_t axis = context.integer("axis", 0);
  if (!broadcast && a.size() != b.size()) {
    context.fail_shape("shapes " + shape_text(a) + " and " + shape_text(b) + " differ and attribute broadcast is 0");
  }
  if (!broadcast || !has_axis) return b;
  const std::size_t first = context.axis(axis, a.size());
  if (first + b.size() > a.size())
    context.fail_shape("axis " + std::to_string(axis) + " leaves no room for " + shape_text(b));
  b.insert(b.end(), a.size() - first - b.size(), 1);
  return b;
}

enum class Operation { add, subtract, multiply, divide };

double combine(Operation operation, double a, double b) {
  switch (operation) {
    case Operation::add:
      return a + b;
    case Operation::subtract:
      return a - b;
    case Operation::multiply:
      return a * b;
    case Operation::divide:
      return a / b;
  }
  return 0;
}

void fold_constants(NodeContext& context, Operation operation) {
  const TensorPointer a = context.constant(0, "A"), b = context.constant(1, "B");
  if (!a->is_real || !b->is_real) context.unsupported("arithmetic on integer constants is not supported");
  const std::vector<std::int64_t> b_shape = aligned_shape(context, a->shape, b->shape);
  const std::vector<std::int64_t> shape = broadcast_shape(context, a->shape, b_shape);
  auto result = std::make_shared<Tensor>();
  result->name = context.node.name;
  result->shape = shape;
  result->reals = expand(context, a->reals, a->shape, shape);
  const std::vector<double> right = expand(context, b->reals, b_shape, shape);
  for (std::size_t i = 0; i < right.size(); ++i) result->reals[i] = combine(operation, result->reals[i], right[i]);
  context.output(std::move(result));
}

Activation combine_activations(NodeContext& context, Operation operation, const Activation& a, const Activation& b) {
  if (operation == Operation::multiply || operation == Operation::divide) {
    context.unsupported("both operands are activations", "one of the two must be constant");
  }
  const std::vector<std::int64_t> a_shape = full_shape(a), b_shape = aligned_shape(context, a_shape, full_shape(b));
  const std::vector<std::int64_t> shape = broadcast_shape(context, a_shape, b_shape);
  Activation right = with_full_shape(b, b_shape);
  if (operation == Operation::subtract) right = affine(context, right, std::vector<double>(right.size(), -1.0), {});
  const Activation left = expand(context, a, shape);
  return context.builder.add(left, expand(context, right, shape));
}

Activation combine_with_constant(NodeContext& context, Operation operation, const Activation& x, bool constant_first,
                                 const std::vector<double>& values, const std::vector<std::int64_t>& x_shape,
                                 const std::vector<std::int64_t>& constant_shape) {
  const std::vector<std::int64_t> shape = broadcast_shape(context, x_shape, constant_shape);
  const Activation wide = expand(context, with_full_shape(x, x_shape), shape);
  std::vector<double> c = expand(context, values, constant_shape, shape);
  switch (operation) {
    case Operation::add:
      return affine(context, wide, {}, std::move(c));
    case Operation::subtract:
      if (constant_first) return affine(context, wide, std::vector<double>(wide.size(), -1.0), std::move(c));
      for (double& value : c) value = -value;
      return affine(context, wide, {}, std::move(c));
    case Operation::multiply:
      return affine(context, wide, std::move(c), {});
    case Operation::divide:
      if (constant_first) context.unsupported("a constant divided by an activation is not supported");
      for (double& value : c) {
        value = 1.0 / value;
        if (!std::isfinite(value)) context.fail(DiagnosticCode::non_finite, "divides by zero");
      }
      return affine(context, wide, std::move(c), {});
  }
  return wide;
}

void import_arithmetic(NodeContext& context, Operation operation) {
  context.expect_inputs(2, 2);
  const Binding& a = context.input(0, "A");
  const Binding& b = context.input(1, "B");
  if (a.constant && b.constant) {
    fold_constants(context, operation);
  } else if (!a.constant && !b.constant) {
    context.output(combine_activations(context, operation, a.activation, b.activation));
  } else if (b.constant) {
    const std::vector<double> values = context.weights(1, "B");
    const std::vector<std::int64_t> shape = full_shape(a.activation);
    context.output(combine_with_constant(context, operation, a.activation, false, values, shape,
                                         aligned_shape(context, shape, b.constant->shape)));
  } else {
    const std::vector<double> values = context.weights(0, "A");
    context.output(combine_with_constant(context, operation, b.activation, true, values,
                                         aligned_shape(context, a.constant->shape, full_shape(b.activation)),
                                         a.constant->shape));
  }
}

void import_function(NodeContext& context, Node node) {
  const Activation& x = context.activation(0, "X");
  context.output(context.builder.other(x, std::move(node), x.shape));
}

Node of_kind(NodeKind kind) {
  Node node;
  node.kind = kind;
  return node;
}

}  // namespace

void import_add(NodeContext& context) { import_arithmetic(context, Operation::add); }
void import_sub(NodeContext& context) { import_arithmetic(context, Operation::subtract); }
void import_mul(NodeContext& context) { import_arithmetic(context, Operation::multiply); }
void import_div(NodeContext& context) { import_arithmetic(context, Operation::divide); }

void import_relu(NodeContext& context) {
  context.expect_inputs(1, 1);
  import_function(context, of_kind(NodeKind::relu));
}

void import_sigmoid(NodeContext& context) {
  context.expect_inputs(1, 1);
  import_function(context, of_kind(NodeKind::sigmoid));
}

void import_tanh(NodeContext& context) {
  context.expect_inputs(1, 1);
  import_function(context, of_kind(NodeKind::tanh));
}

void import_leaky_relu(NodeContext& context) {
  context.expect_inputs(1, 1);
  Node node = of_kind(NodeKind::leaky_relu);
  node.alpha = context.real("alpha", 0.01);
  import_function(context, std::move(node));
}

void import_clip(NodeContext& context) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  context.expect_inputs(1, context.opset < 11 ? 1 : 3);
  Node node = of_kind(NodeKind::clip);
  if (context.opset < 11) {
    node.minimum = context.real("min", -kInfinity);
    node.maximum = context.real("max", kInfinity);
  } else {
    node.minimum = context.scalar(1, "min", -kInfinity);
    node.maximum = context.scalar(2, "max", kInfinity);
  }
  if (std::isnan(node.minimum) || std::isnan(node.maximum))
    context.fail(DiagnosticCode::non_finite, "a limit is not a number");
  if (node.minimum == kInfinity || node.maximum == -kInfinity) {
    context.fail(DiagnosticCode::non_finite, "the limits leave nothing but infinity");
  }
  import_function(context, std::move(node));
}

void import_softmax(NodeContext& context) {
  context.expect_inputs(1, 1);
  const Activation& x = context.activation(0, "input");
  const std::vector<std::int64_t> shape = full_shape(x);
  const bool flattened = context.opset < 13;
  const std::size_t axis = context.axis(context.integer("axis", flattened ? 1 : -1), shape.size());
  if (x.batched && axis == 0) context.unsupported("axis 0 is the batch");
  Node node = of_kind(NodeKind::softmax);
  node.softmax_columns = 1;
  node.softmax_stride = 1;
  // Before operator set 13 all dimensions from the axis on made one group.
  for (std::size_t d = axis; d < shape.size(); ++d) {
    const auto length = static_cast<std::size_t>(shape[d]);
    (flattened || d == axis ? node.softmax_columns : node.softmax_stride) *= length;
  }
  node.softmax_rows = x.size() / node.softmax_columns;
  import_function(context, std::move(node));
}

}  // namespace szilard::network
