// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/network/broadcast.hpp"

#include <algorithm>
#include <utility>

namespace szilard::network {

namespace {

/// Elements of one sample: the batch dimension counts as 1.
std::int64_t extent(std::int64_t dimension) { return dimension == kSymbolic ? 1 : dimension; }

}  // namespace

std::vector<std::int64_t> full_shape(const Activation& x) {
  std::vector<std::int64_t> shape = x.shape;
  if (x.batched) shape.insert(shape.begin(), kSymbolic);
  return shape;
}

std::vector<std::int64_t> full_shape(const Binding& binding) {
  return binding.constant ? binding.constant->shape : full_shape(binding.activation);
}

Activation with_full_shape(const Activation& x, const std::vector<std::int64_t>& shape) {
  Activation result = x;
  result.batched = !shape.empty() && shape.front() == kSymbolic;
  result.shape.assign(shape.begin() + (result.batched ? 1 : 0), shape.end());
  return result;
}

std::vector<std::int64_t> broadcast_shape(const NodeContext& context, const std::vector<std::int64_t>& a,
                                          const std::vector<std::int64_t>& b) {
  const std::size_t rank = std::max(a.size(), b.size());
  std::vector<std::int64_t> result(rank);
  for (std::size_t i = 0; i < rank; ++i) {
    const std::int64_t da = i + a.size() < rank ? 1 : a[i + a.size() - rank];
    const std::int64_t db = i + b.size() < rank ? 1 : b[i + b.size() - rank];
    if (da != db && da != 1 && db != 1) {
      context.fail_shape("shapes " + shape_text(a) + " and " + shape_text(b) +
                         " do not fit one another (-1: the batch)");
    }
    result[i] = da == 1 ? db : da;
    if (result[i] == kSymbolic && i > 0) {
      context.unsupported("the batch would not stay the first dimension: " + shape_text(a) + " and " + shape_text(b));
    }
    if (result[i] == 0) context.fail_shape("a dimension of an operand is 0");
  }
  return result;
}

std::vector<std::int32_t> broadcast_indices(const NodeContext& context, const std::vector<std::int64_t>& source,
                                            const std::vector<std::int64_t>& target) {
  std::vector<std::int64_t> extents(target.size());
  std::transform(target.begin(), target.end(), extents.begin(), extent);
  const std::uint64_t size = saturating_size(extents);
  context.builder.take(size);
  std::vector<std::size_t> strides(target.size(), 0), index(target.size(), 0);
  std::size_t product = 1;
  for (std::size_t d = source.size(); d-- > 0;) {
    if (extent(source[d]) != 1) strides[d + target.size() - source.size()] = product;
    product *= static_cast<std::size_t>(extent(source[d]));
  }
  std::vector<std::int32_t> indices(size);
  std::size_t position = 0;
  for (std::int32_t& entry : indices) {
    entry = static_cast<std::int32_t>(position);
    for (std::size_t d = target.size(); d-- > 0;) {
      position += strides[d];
      if (++index[d] < static_cast<std::size_t>(extents[d])) break;
      position -= strides[d] * index[d];
      index[d] = 0;
    }
  }
  return indices;
}

Activation expand(NodeContext& context, const Activation& x, const std::vector<std::int64_t>& target) {
  const std::vector<std::int64_t> source = full_shape(x);
  if (source == target) return x;
  const Activation shaped = with_full_shape(x, target);
  Activation result = context.builder.rearrange(x, broadcast_indices(context, source, target), shaped.shape);
  result.batched = shaped.batched;
  return result;
}

std::vector<double> expand(NodeContext& context, const std::vector<double>& values,
                           const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& target) {
  const std::vector<std::int32_t> indices = broadcast_indices(context, shape, target);
  context.builder.take(2 * indices.size());
  std::vector<double> result(indices.size());
  for (std::size_t i = 0; i < indices.size(); ++i) result[i] = values[indices[i]];
  return result;
}

Activation affine(NodeContext& context, const Activation& x, std::vector<double> scale, std::vector<double> shift) {
  context.builder.take(saturating_product({4, x.size()}));
  if (scale.empty()) scale.assign(x.size(), 1.0);
  if (shift.empty()) shift.assign(x.size(), 0.0);
  return context.builder.affine(x, std::move(scale), std::move(shift));
}

}  // namespace szilard::network
