// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "sim/network/linear_tables.hpp"
#include "sim/network/node_context.hpp"

namespace szilard::network {

using support::DiagnosticCode;

namespace {

std::vector<std::int64_t> kernel_attribute(NodeContext& context, const ImageShape& image) {
  const std::vector<std::int64_t> kernel = context.integers("kernel_shape");
  if (kernel.size() != image.spatial.size()) {
    context.fail_shape("kernel_shape has " + std::to_string(kernel.size()) + " numbers for " +
                       std::to_string(image.spatial.size()) + " spatial dimensions");
  }
  return kernel;
}

[[noreturn]] void fail_empty_window(const NodeContext& context) {
  context.fail_shape("a window lies in the padding entirely");
}

}  // namespace

void import_max_pool(NodeContext& context) {
  context.expect_inputs(1, 1);
  const Activation& x = context.activation(0, "X");
  const ImageShape image = image_shape(context, x);
  context.ignore("storage_order");  // it orders the second output only, which is not supported
  const bool ceil_mode = context.integer("ceil_mode", 0) != 0;
  const Window window(context, image.spatial, kernel_attribute(context, image), ceil_mode);
  std::vector<std::int32_t> table = window.table(context);
  for (std::size_t p = 0; p < window.positions(); ++p) {
    const auto first = table.begin() + static_cast<std::ptrdiff_t>(p * window.terms());
    const auto last = first + static_cast<std::ptrdiff_t>(window.terms());
    const auto valid = std::find_if(first, last, [](std::int32_t index) { return index >= 0; });
    if (valid == last) fail_empty_window(context);
    std::replace_if(
        first, last, [](std::int32_t index) { return index < 0; }, std::int32_t{*valid});
  }
  const std::size_t planes = image.batch * image.channels;
  context.builder.take(saturating_product({planes, table.size()}));
  Node node;
  node.kind = NodeKind::max_pool;
  node.window = window.terms();
  node.indices.reserve(planes * table.size());
  for (std::size_t plane = 0; plane < planes; ++plane) {
    for (const std::int32_t index : table)
      node.indices.push_back(static_cast<std::int32_t>(plane * window.plane()) + index);
  }
  context.output(context.builder.other(x, std::move(node), image_result(x, image.channels, window.output_shape())));
}

void import_average_pool(NodeContext& context) {
  context.expect_inputs(1, 1);
  const Activation& x = context.activation(0, "X");
  const ImageShape image = image_shape(context, x);
  if (context.has_attribute("dilations")) context.unsupported("attribute 'dilations' is not supported");
  const bool ceil_mode = context.integer("ceil_mode", 0) != 0;
  const bool include_padding = context.integer("count_include_pad", 0) != 0;
  const Window window(context, image.spatial, kernel_attribute(context, image), ceil_mode);
  const std::vector<std::int32_t> table = window.table(context);
  const std::size_t positions = window.positions(), terms = window.terms(), planes = image.batch * image.channels;

  std::vector<std::size_t> counts(positions, 0);
  for (std::size_t p = 0; p < positions; ++p) {
    for (std::size_t k = 0; k < terms; ++k) {
      const std::int32_t index = table[p * terms + k];
      if (index >= 0 || (index == kPadding && include_padding)) ++counts[p];
    }
    if (counts[p] == 0) fail_empty_window(context);
  }
  // One divisor for all windows: a plane is a group. Otherwise each window has weights of its own.
  const bool uniform =
      std::all_of(counts.begin(), counts.end(), [&](std::size_t count) { return count == counts.front(); });
  const std::size_t windows = uniform ? 1 : positions;
  linear::LinearMap map =
      make_map(context, x.size(), saturating_product({planes, windows}), 1, terms, uniform ? positions : 1);
  for (std::size_t plane = 0; plane < planes; ++plane) {
    for (std::size_t w = 0; w < windows; ++w) {
      for (std::size_t k = 0; k < terms; ++k)
        map.weights(plane * windows + w, k) = 1.0 / static_cast<double>(counts[w]);
    }
    for (std::size_t i = 0; i < table.size(); ++i) {
      map.gather[plane * table.size() + i] =
          table[i] < 0 ? -1 : static_cast<std::int32_t>(plane * window.plane()) + table[i];
    }
  }
  context.output(context.builder.linear(x, std::move(map), image_result(x, image.channels, window.output_shape())));
}

void import_global_average_pool(NodeContext& context) {
  context.expect_inputs(1, 1);
  const Activation& x = context.activation(0, "X");
  const ImageShape image = image_shape(context, x);
  const std::size_t plane = saturating_size(image.spatial), planes = image.batch * image.channels;
  linear::LinearMap map = make_map(context, x.size(), planes, 1, plane, 1);
  map.weights.setConstant(1.0 / static_cast<double>(plane));
  for (std::size_t i = 0; i < map.gather.size(); ++i) map.gather[i] = static_cast<std::int32_t>(i);
  const std::vector<std::int64_t> ones(image.spatial.size(), 1);
  context.output(context.builder.linear(x, std::move(map), image_result(x, image.channels, ones)));
}

}  // namespace szilard::network
