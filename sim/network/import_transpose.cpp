// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "sim/network/broadcast.hpp"
#include "sim/network/node_context.hpp"

namespace szilard::network {

namespace {

std::vector<std::int64_t> permutation(NodeContext& context, const std::vector<std::int64_t>& shape) {
  std::vector<std::int64_t> order = context.integers("perm");
  if (order.empty()) {
    for (std::size_t d = shape.size(); d-- > 0;) order.push_back(static_cast<std::int64_t>(d));
  }
  std::vector<std::int64_t> sorted = order;
  std::sort(sorted.begin(), sorted.end());
  bool complete = sorted.size() == shape.size();
  for (std::size_t d = 0; complete && d < sorted.size(); ++d) complete = sorted[d] == static_cast<std::int64_t>(d);
  if (!complete)
    context.fail_shape("perm " + shape_text(order) + " does not order the dimensions of " + shape_text(shape));
  return order;
}

/// Where each element of the transposed tensor stood.
std::vector<std::int32_t> transposed_indices(const std::vector<std::int64_t>& shape,
                                             const std::vector<std::int64_t>& order, std::size_t size) {
  std::vector<std::size_t> strides(shape.size(), 1), index(shape.size(), 0);
  for (std::size_t d = shape.size(); d-- > 1;) {
    strides[d - 1] = strides[d] * (shape[d] == kSymbolic ? 1 : static_cast<std::size_t>(shape[d]));
  }
  std::vector<std::int32_t> indices(size);
  std::size_t position = 0;
  for (std::int32_t& entry : indices) {
    entry = static_cast<std::int32_t>(position);
    for (std::size_t d = shape.size(); d-- > 0;) {
      const std::int64_t source = order[d];
      if (shape[source] == kSymbolic) break;
      position += strides[source];
      if (++index[d] < static_cast<std::size_t>(shape[source])) break;
      position -= strides[source] * index[d];
      index[d] = 0;
    }
  }
  return indices;
}

}  // namespace

void import_transpose(NodeContext& context) {
  context.expect_inputs(1, 1);
  const Binding& x = context.input(0, "data");
  const std::vector<std::int64_t> shape = full_shape(x);
  const std::vector<std::int64_t> order = permutation(context, shape);
  if (!shape.empty() && shape[0] == kSymbolic && order[0] != 0) {
    context.unsupported("perm " + shape_text(order) + " moves the batch dimension");
  }
  std::vector<std::int64_t> result;
  for (const std::int64_t source : order) result.push_back(shape[source]);
  const std::size_t size = x.constant ? x.constant->size() : x.activation.size();
  context.builder.take(saturating_product({3, size}));
  std::vector<std::int32_t> indices = transposed_indices(shape, order, size);
  if (!x.constant) {
    const Activation shaped = with_full_shape(x.activation, result);
    context.output(context.builder.rearrange(x.activation, std::move(indices), shaped.shape));
    return;
  }
  auto tensor = std::make_shared<Tensor>(*x.constant);
  tensor->shape = std::move(result);
  for (std::size_t i = 0; i < size; ++i) {
    if (tensor->is_real) {
      tensor->reals[i] = x.constant->reals[indices[i]];
    } else {
      tensor->integers[i] = x.constant->integers[indices[i]];
    }
  }
  context.output(std::move(tensor));
}

}  // namespace szilard::network
