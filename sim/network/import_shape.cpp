// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "sim/network/broadcast.hpp"
#include "sim/network/node_context.hpp"

namespace szilard::network {

using support::DiagnosticCode;

namespace {

bool starts_with_batch(const std::vector<std::int64_t>& shape) { return !shape.empty() && shape.front() == kSymbolic; }

/// The same elements in another shape: an activation keeps its value, a constant is copied.
void output_reshaped(NodeContext& context, const Binding& x, std::vector<std::int64_t> shape) {
  if (!x.constant) {
    context.output(with_full_shape(x.activation, shape));
    return;
  }
  context.builder.take(saturating_product({2, x.constant->size()}));
  auto tensor = std::make_shared<Tensor>(*x.constant);
  tensor->shape = std::move(shape);
  context.output(std::move(tensor));
}

std::vector<std::int64_t> tail(const std::vector<std::int64_t>& shape, std::size_t first) {
  return {shape.begin() + static_cast<std::ptrdiff_t>(first), shape.end()};
}

std::int64_t product(const std::vector<std::int64_t>& shape, std::size_t first, std::size_t last) {
  std::int64_t result = 1;
  for (std::size_t d = first; d < last; ++d) result *= shape[d];
  return result;
}

/// Fills in the -1 of a shape, if there is one, so that it holds `size` elements.
void infer_dimension(const NodeContext& context, std::vector<std::int64_t>& shape, std::uint64_t size) {
  std::int64_t* open = nullptr;
  std::uint64_t known = 1;
  for (std::int64_t& dimension : shape) {
    if (dimension == -1) {
      if (open) context.fail(DiagnosticCode::bad_graph, "the new shape has more than one -1");
      open = &dimension;
    } else {
      known = saturating_product({known, static_cast<std::uint64_t>(dimension)});
    }
  }
  if (open && known > 0 && size % known == 0) {
    *open = static_cast<std::int64_t>(size / known);
  } else if (open || known != size) {
    context.fail_shape("the new shape " + shape_text(shape) + " does not hold " + std::to_string(size) + " elements");
  }
}

std::vector<std::int64_t> reshaped(const NodeContext& context, const std::vector<std::int64_t>& from,
                                   std::vector<std::int64_t> target, bool zero_copies) {
  const bool batched = starts_with_batch(from);
  // A first dimension of 0 copies the batch; 1 is what a model exported for one sample says; -1 is the batch if the
  // other dimensions leave nothing else for it.
  const bool keeps_batch = batched && !target.empty() && ((target[0] == 0 && zero_copies) || target[0] == 1);
  const bool infers_batch = batched && !target.empty() && target[0] == -1;
  for (std::size_t d = keeps_batch ? 1 : 0; d < target.size(); ++d) {
    if (target[d] < -1)
      context.fail(DiagnosticCode::bad_graph, "the new shape " + shape_text(target) + " has a dimension below -1");
    if (target[d] != 0 || !zero_copies) continue;
    if (d >= from.size())
      context.fail_shape("the new shape copies dimension " + std::to_string(d) + ", which the input does not have");
    target[d] = from[d];
  }
  if (!batched) {
    infer_dimension(context, target, saturating_size(from));
    return target;
  }
  if (!keeps_batch && !infers_batch) {
    context.unsupported("the new shape " + shape_text(target) + " moves the batch dimension or mixes it with others");
  }
  const std::uint64_t size = saturating_size(tail(from, 1));
  std::vector<std::int64_t> rest = tail(target, 1);
  if (infers_batch && saturating_size(rest) != size) {
    context.unsupported("the new shape " + shape_text(target) + " would mix the batch with the " +
                        std::to_string(size) + " elements of a sample");
  }
  infer_dimension(context, rest, size);
  rest.insert(rest.begin(), kSymbolic);
  return rest;
}

std::vector<std::int64_t> axes_of(NodeContext& context) {
  if (context.opset < 13) return context.integers("axes");
  return context.has_input(1) ? context.integer_constant(1, "axes") : std::vector<std::int64_t>();
}

std::vector<bool> marked_axes(const NodeContext& context, const std::vector<std::int64_t>& axes, std::size_t rank) {
  std::vector<bool> marked(rank, false);
  for (const std::int64_t value : axes) {
    const std::size_t axis = context.axis(value, rank);
    if (marked[axis]) context.fail(DiagnosticCode::bad_graph, "axis " + std::to_string(value) + " stands twice");
    marked[axis] = true;
  }
  return marked;
}

}  // namespace

void import_flatten(NodeContext& context) {
  context.expect_inputs(1, 1);
  const Binding& x = context.input(0, "input");
  const std::vector<std::int64_t> shape = full_shape(x);
  const std::int64_t value = context.integer("axis", 1);
  const bool end = value == static_cast<std::int64_t>(shape.size());
  const std::size_t axis = end ? shape.size() : context.axis(value, shape.size());
  if (starts_with_batch(shape)) {
    if (axis == 0 || product(shape, 1, axis) != 1) {
      context.unsupported("axis " + std::to_string(value) + " would mix the batch with other dimensions of " +
                          shape_text(shape));
    }
    output_reshaped(context, x, {kSymbolic, product(shape, axis, shape.size())});
  } else {
    output_reshaped(context, x, {product(shape, 0, axis), product(shape, axis, shape.size())});
  }
}

void import_reshape(NodeContext& context) {
  std::vector<std::int64_t> target;
  if (context.opset < 5) {
    context.expect_inputs(1, 1);
    if (!context.has_attribute("shape")) context.fail(DiagnosticCode::bad_graph, "attribute 'shape' is missing");
    target = context.integers("shape");
  } else {
    context.expect_inputs(2, 2);
    target = context.integer_constant(1, "shape");
  }
  const Binding& x = context.input(0, "data");
  const bool zero_copies = context.opset < 14 || context.integer("allowzero", 0) == 0;
  output_reshaped(context, x, reshaped(context, full_shape(x), target, zero_copies));
}

void import_squeeze(NodeContext& context) {
  context.expect_inputs(1, context.opset < 13 ? 1 : 2);
  const Binding& x = context.input(0, "data");
  const std::vector<std::int64_t> shape = full_shape(x), axes = axes_of(context);
  const std::vector<bool> marked = marked_axes(context, axes, shape.size());
  std::vector<std::int64_t> result;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (marked[d] && shape[d] == kSymbolic) context.unsupported("axis 0 is the batch");
    if (marked[d] && shape[d] != 1)
      context.fail_shape("dimension " + std::to_string(d) + " of " + shape_text(shape) + " is not 1");
    const bool drop = marked[d] || (axes.empty() && shape[d] == 1);
    if (!drop) result.push_back(shape[d]);
  }
  output_reshaped(context, x, std::move(result));
}

void import_unsqueeze(NodeContext& context) {
  context.expect_inputs(context.opset < 13 ? 1 : 2, context.opset < 13 ? 1 : 2);
  const Binding& x = context.input(0, "data");
  const std::vector<std::int64_t> shape = full_shape(x), axes = axes_of(context);
  if (axes.empty()) context.fail(DiagnosticCode::bad_graph, "its axes are missing");
  if (axes.size() > 16) context.fail_shape("more than 16 dimensions");
  const std::vector<bool> marked = marked_axes(context, axes, shape.size() + axes.size());
  if (marked[0] && starts_with_batch(shape)) context.unsupported("axis 0 would move the batch dimension");
  std::vector<std::int64_t> result;
  std::size_t next = 0;
  for (const bool inserted : marked) result.push_back(inserted ? 1 : shape[next++]);
  output_reshaped(context, x, std::move(result));
}

}  // namespace szilard::network
