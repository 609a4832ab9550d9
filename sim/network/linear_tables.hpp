// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sim/network/node_context.hpp"

namespace szilard::network {

/// A map of the given size, weights and bias 0, gather unset; accounted for before it is allocated.
linear::LinearMap make_map(NodeContext& context, std::size_t inputs, std::size_t groups, std::size_t outputs,
                           std::size_t terms, std::size_t positions);

/// [first, second, inner] to [second, first, inner], then seen as `shape`.
Activation swap_leading(NodeContext& context, const Activation& x, std::size_t first, std::size_t second,
                        std::size_t inner, std::vector<std::int64_t> shape);

/// One spatial dimension of a sliding window.
struct WindowAxis {
  std::int64_t input = 1, kernel = 1, stride = 1, dilation = 1, pad_begin = 0, pad_end = 0, output = 1;
};

constexpr std::int32_t kPadding = -1;        ///< an entry in the padding
constexpr std::int32_t kBeyondPadding = -2;  ///< an entry past it, which only ceil_mode reaches

/// A window that slides over the spatial dimensions, from the attributes strides, dilations, pads, auto_pad and (pools)
/// ceil_mode. As in PyTorch, ceil_mode starts no window in the padding after the input.
class Window {
 public:
  Window(NodeContext& context, const std::vector<std::int64_t>& input, const std::vector<std::int64_t>& kernel,
         bool ceil_mode);

  std::size_t plane() const { return plane_; }
  std::size_t positions() const { return positions_; }
  std::size_t terms() const { return terms_; }
  std::vector<std::int64_t> output_shape() const;
  /// positions x terms: where in the plane each entry of each window lies.
  std::vector<std::int32_t> table(NodeContext& context) const;

 private:
  std::vector<WindowAxis> axes_;
  std::size_t plane_ = 1, positions_ = 1, terms_ = 1;
};

/// Batch x channels x plane of an image-like activation: batch is 1 where it is symbolic.
struct ImageShape {
  std::size_t batch = 1, channels = 1;
  std::vector<std::int64_t> spatial;
};
ImageShape image_shape(const NodeContext& context, const Activation& x);
std::vector<std::int64_t> image_result(const Activation& x, std::size_t channels,
                                       const std::vector<std::int64_t>& spatial);

}  // namespace szilard::network
