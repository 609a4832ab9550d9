// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <utility>

#include "sim/network/broadcast.hpp"
#include "sim/network/node_context.hpp"

namespace szilard::network {

using support::DiagnosticCode;

namespace {

constexpr std::int64_t kLargestPad = std::int64_t{1} << 28;

struct Pads {
  std::vector<std::int64_t> begin, end;
};

/// Begins and ends of every dimension, from the attribute or the inputs of the operator set.
Pads read_pads(NodeContext& context, std::size_t rank) {
  std::vector<std::int64_t> values, axes;
  if (context.opset < 11) {
    values = context.integers(context.opset < 2 ? "paddings" : "pads");
  } else {
    values = context.integer_constant(1, "pads");
    if (context.opset >= 18 && context.has_input(3)) axes = context.integer_constant(3, "axes");
  }
  const bool all = axes.empty();
  const std::size_t count = all ? rank : axes.size();
  if (values.size() != 2 * count) {
    context.fail_shape("there are " + std::to_string(values.size()) + " pads for " + std::to_string(count) +
                       " dimensions");
  }
  Pads pads{std::vector<std::int64_t>(rank, 0), std::vector<std::int64_t>(rank, 0)};
  std::vector<bool> seen(rank, false);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t axis = all ? i : context.axis(axes[i], rank);
    if (seen[axis]) context.fail(DiagnosticCode::bad_graph, "axis " + std::to_string(axis) + " stands twice");
    seen[axis] = true;
    pads.begin[axis] = values[i];
    pads.end[axis] = values[count + i];
    for (const std::int64_t pad : {values[i], values[count + i]}) {
      if (pad < -kLargestPad || pad > kLargestPad) {
        context.fail(DiagnosticCode::out_of_range, "a pad is " + std::to_string(pad));
      }
    }
  }
  return pads;
}

/// The element of x that each element of the padded tensor reads, -1 in the padding. Negative pads cut off.
std::vector<std::int32_t> padded_indices(const std::vector<std::int64_t>& from, const std::vector<std::int64_t>& to,
                                         const std::vector<std::int64_t>& begin, std::size_t size) {
  std::vector<std::int32_t> indices(size);
  std::vector<std::int64_t> index(to.size(), 0);
  for (std::int32_t& entry : indices) {
    std::int64_t position = 0;
    bool inside = true;
    for (std::size_t d = 0; inside && d < to.size(); ++d) {
      const std::int64_t coordinate = index[d] - begin[d];
      inside = coordinate >= 0 && coordinate < from[d];
      position = position * from[d] + coordinate;
    }
    entry = inside ? static_cast<std::int32_t>(position) : -1;
    for (std::size_t d = to.size(); d-- > 0;) {
      if (++index[d] < to[d]) break;
      index[d] = 0;
    }
  }
  return indices;
}

}  // namespace

void import_pad(NodeContext& context) {
  context.expect_inputs(1, context.opset < 11 ? 1 : context.opset < 18 ? 3 : 4);
  const Activation& x = context.activation(0, "data");
  const std::string mode = context.text("mode", "constant");
  if (mode != "constant") context.unsupported("mode '" + mode + "' is not supported", "supported is mode constant");
  const double fill = context.opset < 11 ? context.real("value", 0.0) : context.scalar(2, "constant_value", 0.0);
  if (!std::isfinite(fill)) context.fail(DiagnosticCode::non_finite, "the constant value is not finite");
  Pads pads = read_pads(context, full_shape(x).size());
  if (x.batched) {
    if (pads.begin[0] != 0 || pads.end[0] != 0) context.unsupported("the batch dimension is padded");
    pads.begin.erase(pads.begin.begin());
    pads.end.erase(pads.end.begin());
  }
  std::vector<std::int64_t> shape = x.shape;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    shape[d] += pads.begin[d] + pads.end[d];
    if (shape[d] < 1) context.fail_shape("nothing is left of dimension " + std::to_string(d) + " of " + shape_text(x));
  }
  const std::uint64_t size = saturating_size(shape);
  context.builder.take(size);
  std::vector<std::int32_t> indices = padded_indices(x.shape, shape, pads.begin, size);
  std::vector<double> shift;
  if (fill != 0) {
    context.builder.take(saturating_product({2, size}));
    for (const std::int32_t entry : indices) shift.push_back(entry < 0 ? fill : 0.0);
  }
  Activation y = context.builder.rearrange(x, std::move(indices), shape);
  if (!shift.empty()) y = affine(context, y, {}, std::move(shift));
  context.output(y);
}

}  // namespace szilard::network
