// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sim/network/node_context.hpp"

namespace szilard::network {

/// The shape as ONNX sees it: kSymbolic stands for the batch dimension.
std::vector<std::int64_t> full_shape(const Activation& x);
std::vector<std::int64_t> full_shape(const Binding& binding);
Activation with_full_shape(const Activation& x, const std::vector<std::int64_t>& shape);

/// The common shape of two operands (numpy's rule). Throws where there is none, or where the batch would not stay
/// first.
std::vector<std::int64_t> broadcast_shape(const NodeContext& context, const std::vector<std::int64_t>& a,
                                          const std::vector<std::int64_t>& b);

/// The element of a tensor of shape `source` that each element of `target` reads, for one sample.
std::vector<std::int32_t> broadcast_indices(const NodeContext& context, const std::vector<std::int64_t>& source,
                                            const std::vector<std::int64_t>& target);
Activation expand(NodeContext& context, const Activation& x, const std::vector<std::int64_t>& target);
std::vector<double> expand(NodeContext& context, const std::vector<double>& values,
                           const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& target);

/// scale x + shift, element by element; both empty or as long as x (empty: 1 and 0).
Activation affine(NodeContext& context, const Activation& x, std::vector<double> scale, std::vector<double> shift);

}  // namespace szilard::network
