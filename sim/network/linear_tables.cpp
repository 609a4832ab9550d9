// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/network/linear_tables.hpp"

#include <algorithm>
#include <utility>

namespace szilard::network {

using support::DiagnosticCode;

namespace {

constexpr std::int64_t kLargest = std::int64_t{1} << 28;

std::vector<std::int64_t> list_attribute(NodeContext& context, const std::string& name, std::size_t count,
                                         std::int64_t fallback, std::int64_t least) {
  std::vector<std::int64_t> values = context.integers(name);
  if (values.empty()) values.assign(count, fallback);
  if (values.size() != count) {
    context.fail_shape("attribute '" + name + "' has " + std::to_string(values.size()) + " numbers instead of " +
                       std::to_string(count));
  }
  for (const std::int64_t value : values) {
    if (value < least || value > kLargest) {
      context.fail(DiagnosticCode::out_of_range,
                   "attribute '" + name + "' has the impossible number " + std::to_string(value));
    }
  }
  return values;
}

}  // namespace

linear::LinearMap make_map(NodeContext& context, std::size_t inputs, std::size_t groups, std::size_t outputs,
                           std::size_t terms, std::size_t positions) {
  const std::uint64_t weights = saturating_product({groups, outputs, terms});
  context.builder.take(saturating_product({groups, positions, terms}));
  context.builder.take(saturating_product({2, weights}));
  linear::LinearMap map;
  map.inputs = inputs;
  map.groups = groups;
  map.outputs = outputs;
  map.terms = terms;
  map.positions = positions;
  map.weights = linear::RowMatrix::Zero(static_cast<Eigen::Index>(groups * outputs), static_cast<Eigen::Index>(terms));
  map.bias.assign(groups * outputs, 0.0);
  map.gather.assign(groups * positions * terms, -1);
  return map;
}

Activation swap_leading(NodeContext& context, const Activation& x, std::size_t first, std::size_t second,
                        std::size_t inner, std::vector<std::int64_t> shape) {
  if (first == 1 || second == 1) return {x.value, std::move(shape), x.batched};
  context.builder.take(saturating_product({first, second, inner}));
  std::vector<std::int32_t> indices;
  indices.reserve(first * second * inner);
  for (std::size_t s = 0; s < second; ++s) {
    for (std::size_t f = 0; f < first; ++f) {
      for (std::size_t i = 0; i < inner; ++i)
        indices.push_back(static_cast<std::int32_t>((f * second + s) * inner + i));
    }
  }
  return context.builder.rearrange(x, std::move(indices), std::move(shape));
}

Window::Window(NodeContext& context, const std::vector<std::int64_t>& input, const std::vector<std::int64_t>& kernel,
               bool ceil_mode) {
  const std::size_t rank = kernel.size();
  const std::vector<std::int64_t> strides = list_attribute(context, "strides", rank, 1, 1);
  const std::vector<std::int64_t> dilations = list_attribute(context, "dilations", rank, 1, 1);
  const std::string auto_pad = context.text("auto_pad", "NOTSET");
  const bool same = auto_pad == "SAME_UPPER" || auto_pad == "SAME_LOWER";
  if (!same && auto_pad != "NOTSET" && auto_pad != "VALID") {
    context.unsupported("auto_pad '" + auto_pad + "' is not supported",
                        "supported are NOTSET, VALID, SAME_UPPER and SAME_LOWER");
  }
  const std::vector<std::int64_t> pads = list_attribute(context, "pads", 2 * rank, 0, 0);
  if (auto_pad != "NOTSET" && std::any_of(pads.begin(), pads.end(), [](std::int64_t pad) { return pad != 0; })) {
    context.fail(DiagnosticCode::conflict, "attributes pads and auto_pad exclude one another");
  }
  for (std::size_t d = 0; d < rank; ++d) {
    WindowAxis axis;
    axis.input = input[d];
    axis.kernel = kernel[d];
    axis.stride = strides[d];
    axis.dilation = dilations[d];
    if (axis.kernel < 1 || axis.kernel > kLargest)
      context.fail_shape("a kernel dimension is " + std::to_string(axis.kernel));
    const std::int64_t reach = (axis.kernel - 1) * axis.dilation + 1;
    if (same) {
      axis.output = (axis.input + axis.stride - 1) / axis.stride;
      const std::int64_t padding = std::max<std::int64_t>(0, (axis.output - 1) * axis.stride + reach - axis.input);
      axis.pad_begin = auto_pad == "SAME_UPPER" ? padding / 2 : padding - padding / 2;
      axis.pad_end = padding - axis.pad_begin;
    } else {
      axis.pad_begin = pads[d];
      axis.pad_end = pads[rank + d];
      const std::int64_t room = axis.input + axis.pad_begin + axis.pad_end - reach;
      if (room < 0) {
        context.fail_shape("the kernel reaches over " + std::to_string(reach) + ", the padded input has " +
                           std::to_string(room + reach));
      }
      axis.output = (ceil_mode ? room + axis.stride - 1 : room) / axis.stride + 1;
      if (ceil_mode && (axis.output - 1) * axis.stride >= axis.input + axis.pad_begin) --axis.output;
    }
    plane_ = saturating_product({plane_, static_cast<std::uint64_t>(axis.input)});
    positions_ = saturating_product({positions_, static_cast<std::uint64_t>(axis.output)});
    terms_ = saturating_product({terms_, static_cast<std::uint64_t>(axis.kernel)});
    axes_.push_back(axis);
  }
}

std::vector<std::int64_t> Window::output_shape() const {
  std::vector<std::int64_t> shape;
  for (const WindowAxis& axis : axes_) shape.push_back(axis.output);
  return shape;
}

std::vector<std::int32_t> Window::table(NodeContext& context) const {
  context.builder.take(saturating_product({positions_, terms_}));
  std::vector<std::int32_t> entries(positions_ * terms_);
  std::size_t entry = 0;
  for (std::size_t p = 0; p < positions_; ++p) {
    for (std::size_t k = 0; k < terms_; ++k) {
      std::size_t position = p, term = k;
      std::int64_t index = 0, stride = 1;
      std::int32_t outside = 0;
      for (std::size_t d = axes_.size(); d-- > 0;) {
        const WindowAxis& axis = axes_[d];
        const auto outputs = static_cast<std::size_t>(axis.output), kernel = static_cast<std::size_t>(axis.kernel);
        const std::int64_t coordinate = static_cast<std::int64_t>(position % outputs) * axis.stride - axis.pad_begin +
                                        static_cast<std::int64_t>(term % kernel) * axis.dilation;
        position /= outputs;
        term /= kernel;
        if (coordinate >= axis.input + axis.pad_end) {
          outside = kBeyondPadding;
        } else if ((coordinate < 0 || coordinate >= axis.input) && outside == 0) {
          outside = kPadding;
        }
        index += coordinate * stride;
        stride *= axis.input;
      }
      entries[entry++] = outside != 0 ? outside : static_cast<std::int32_t>(index);
    }
  }
  return entries;
}

ImageShape image_shape(const NodeContext& context, const Activation& x) {
  ImageShape image;
  const std::size_t leading = x.batched ? 1 : 2;
  if (x.shape.size() <= leading || x.shape.size() > leading + 3) {
    context.fail_shape("its input is " + shape_text(x) +
                       "; batch, channels and one to three more dimensions are expected");
  }
  if (!x.batched) image.batch = static_cast<std::size_t>(x.shape[0]);
  image.channels = static_cast<std::size_t>(x.shape[leading - 1]);
  image.spatial.assign(x.shape.begin() + static_cast<std::ptrdiff_t>(leading), x.shape.end());
  return image;
}

std::vector<std::int64_t> image_result(const Activation& x, std::size_t channels,
                                       const std::vector<std::int64_t>& spatial) {
  std::vector<std::int64_t> shape;
  if (!x.batched) shape.push_back(x.shape[0]);
  shape.push_back(static_cast<std::int64_t>(channels));
  shape.insert(shape.end(), spatial.begin(), spatial.end());
  return shape;
}

}  // namespace szilard::network
