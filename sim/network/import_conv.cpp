// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <utility>

#include "sim/network/broadcast.hpp"
#include "sim/network/linear_tables.hpp"
#include "sim/network/node_context.hpp"

namespace szilard::network {

using support::DiagnosticCode;

void import_conv(NodeContext& context) {
  context.expect_inputs(2, 3);
  const Activation& x = context.activation(0, "X");
  const std::vector<std::int64_t> filter = context.constant(1, "W")->shape;
  const ImageShape image = image_shape(context, x);
  if (filter.size() != image.spatial.size() + 2) {
    context.fail_shape("the weights are " + shape_text(filter) + " for an input of " + shape_text(x));
  }
  const std::vector<double> weights = context.weights(1, "W");
  if (weights.empty()) context.fail_shape("the weights have no elements");
  const std::vector<std::int64_t> kernel(filter.begin() + 2, filter.end());
  const std::vector<std::int64_t> kernel_shape = context.integers("kernel_shape");
  if (!kernel_shape.empty() && kernel_shape != kernel) {
    context.fail_shape("kernel_shape " + shape_text(kernel_shape) + " disagrees with the weights " +
                       shape_text(filter));
  }
  const std::int64_t group = context.integer("group", 1);
  if (group < 1 || static_cast<std::uint64_t>(group) > image.channels ||
      image.channels % static_cast<std::size_t>(group) != 0 || filter[0] % group != 0 ||
      static_cast<std::size_t>(filter[1] * group) != image.channels) {
    context.fail_shape("the weights " + shape_text(filter) + " in " + std::to_string(group) + " groups do not fit " +
                       std::to_string(image.channels) + " channels");
  }
  const Window window(context, image.spatial, kernel, false);
  const std::vector<std::int32_t> table = window.table(context);
  const auto groups = static_cast<std::size_t>(group), channels = static_cast<std::size_t>(filter[1]);
  const std::size_t filters = static_cast<std::size_t>(filter[0]), positions = window.positions();
  linear::LinearMap map = make_map(context, x.size(), groups, filters / groups, channels * window.terms(),
                                   saturating_product({image.batch, positions}));
  std::copy(weights.begin(), weights.end(), map.weights.data());
  std::int32_t* entry = map.gather.data();
  for (std::size_t g = 0; g < groups; ++g) {
    for (std::size_t b = 0; b < image.batch; ++b) {
      for (std::size_t p = 0; p < positions; ++p) {
        for (std::size_t c = 0; c < channels; ++c) {
          const std::size_t base = (b * image.channels + g * channels + c) * window.plane();
          for (std::size_t k = 0; k < window.terms(); ++k) {
            const std::int32_t within = table[p * window.terms() + k];
            *entry++ = within < 0 ? -1 : static_cast<std::int32_t>(base) + within;
          }
        }
      }
    }
  }
  if (context.has_input(2)) {
    map.bias = context.weights(2, "B");
    if (map.bias.size() != filters) {
      context.fail_shape("the bias has " + std::to_string(map.bias.size()) + " elements for " +
                         std::to_string(filters) + " filters");
    }
  }
  const std::vector<std::int64_t> shape = image_result(x, filters, window.output_shape());
  const Activation y = context.builder.linear(x, std::move(map), shape);
  context.output(swap_leading(context, y, filters, image.batch, positions, shape));
}

void import_batch_normalization(NodeContext& context) {
  context.expect_inputs(5, 5);
  const Activation& x = context.activation(0, "X");
  const double epsilon = context.real("epsilon", 1e-5);
  context.ignore("momentum");
  if (context.opset < 9 && context.integer("spatial", 1) != 1) context.unsupported("spatial = 0 is not supported");
  if (context.opset < 7 && context.integer("is_test", 0) == 0)
    context.unsupported("training (is_test = 0) is not supported");
  if (context.opset >= 14 && context.integer("training_mode", 0) != 0)
    context.unsupported("training_mode = 1 is not supported");

  const std::size_t channel_axis = x.batched ? 0 : 1;
  if (x.shape.size() <= channel_axis)
    context.fail_shape("its input is " + shape_text(x) + ": there is no channel dimension");
  const auto channels = static_cast<std::size_t>(x.shape[channel_axis]);
  const std::vector<double> scale = context.weights(1, "scale"), bias = context.weights(2, "B");
  const std::vector<double> mean = context.weights(3, "mean"), variance = context.weights(4, "var");
  for (const std::vector<double>* values : {&scale, &bias, &mean, &variance}) {
    if (values->size() != channels) {
      context.fail_shape("its parameters have " + std::to_string(values->size()) + " elements for " +
                         std::to_string(channels) + " channels");
    }
  }
  const std::size_t size = x.size();
  std::size_t plane = 1;
  for (std::size_t d = channel_axis + 1; d < x.shape.size(); ++d) plane *= static_cast<std::size_t>(x.shape[d]);
  context.builder.take(saturating_product({4, size}));
  std::vector<double> element_scale(size), element_shift(size);
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t c = i / plane % channels;
    if (!(variance[c] + epsilon > 0)) {
      context.fail(DiagnosticCode::out_of_range,
                   "variance + epsilon of channel " + std::to_string(c) + " is not positive");
    }
    element_scale[i] = scale[c] / std::sqrt(variance[c] + epsilon);
    element_shift[i] = bias[c] - mean[c] * element_scale[i];
  }
  context.output(affine(context, x, std::move(element_scale), std::move(element_shift)));
}

}  // namespace szilard::network
