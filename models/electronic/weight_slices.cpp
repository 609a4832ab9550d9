// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/weight_slices.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>

namespace szilard::electronic {
namespace {

double largest_weight(const linear::LinearMap& map) {
  double largest = map.largest_elsewhere;
  for (Eigen::Index i = 0; i < map.weights.size(); ++i) {
    const double w = map.weights.data()[i];
    if (!std::isfinite(w)) throw std::invalid_argument("weights of " + map.name + " must be finite");
    largest = std::max(largest, std::abs(w));
  }
  return largest > 0 ? largest : 1.0;
}

std::int64_t digit(std::int64_t code, int bits, std::size_t slice) {
  return (code >> (bits * static_cast<int>(slice))) & ((std::int64_t{1} << bits) - 1);
}

/// The layer with `slices` groups, or outputs, for each of its own; weights are left at zero.
linear::LinearMap expanded(const linear::LinearMap& map, std::size_t slices, bool is_side_by_side) {
  linear::LinearMap out;
  out.name = map.name;
  out.inputs = map.inputs;
  out.groups = map.groups * (is_side_by_side ? 1 : slices);
  out.outputs = map.outputs * (is_side_by_side ? slices : 1);
  out.terms = map.terms;
  out.positions = map.positions;
  out.weights.setZero(static_cast<Eigen::Index>(out.groups * out.outputs), map.weights.cols());
  if (is_side_by_side) {
    out.gather = map.gather;
    return out;
  }
  const auto per_group = static_cast<std::ptrdiff_t>(map.positions * map.terms);
  for (std::size_t g = 0; g < map.groups; ++g) {
    const auto first = map.gather.begin() + static_cast<std::ptrdiff_t>(g) * per_group;
    for (std::size_t s = 0; s < slices; ++s) out.gather.insert(out.gather.end(), first, first + per_group);
  }
  return out;
}

}  // namespace

double WeightSlices::largest(std::size_t slice) const {
  return full / swing * std::max(zeros[slice], 1 - zeros[slice]);
}

WeightSlices slice_weights(const linear::LinearMap& map, const CrossbarParameters& parameters) {
  const SignedWeights sign = parameters.signed_weights;
  const int weight_bits = parameters.weights.weight_bits, cell_bits = parameters.weights.bits_per_cell;
  const double w_max = largest_weight(map);
  WeightSlices out;
  out.full = w_max;
  if (weight_bits == 0) {
    if (sign == SignedWeights::offset_column) {
      out.swing = 0.5;
      out.zeros = {0.5};
    } else if (sign == SignedWeights::dummy_column) {
      out.map = map;
      out.map->weights.array() += w_max;
      out.full = 2 * w_max;
      out.input_sum = w_max;
    }
    return out;
  }
  const bool has_pairs = sign == SignedWeights::differential_pair;
  const int bits = has_pairs ? weight_bits - 1 : weight_bits;
  const std::int64_t highest = (std::int64_t{1} << (weight_bits - 1)) - 1, zero = has_pairs ? 0 : highest + 1;
  const double step = w_max / static_cast<double>(highest);
  out.slices = static_cast<std::size_t>((bits + cell_bits - 1) / cell_bits);
  out.full = std::ldexp(1.0, cell_bits) - 1;
  if (sign == SignedWeights::dummy_column) out.input_sum = static_cast<double>(zero) * step;
  out.zeros.clear();
  out.scales.clear();
  out.is_side_by_side = parameters.weights.placement == SlicePlacement::side_by_side;
  out.map = expanded(map, out.slices, out.is_side_by_side);
  for (std::size_t s = 0; s < out.slices; ++s) {
    const double zero_digit =
        sign == SignedWeights::offset_column ? static_cast<double>(digit(zero, cell_bits, s)) : 0.0;
    out.scales.push_back(step * std::ldexp(1.0, cell_bits * static_cast<int>(s)));
    out.zeros.push_back(zero_digit / out.full);
    for (std::size_t q = 0; q < map.groups * map.outputs; ++q) {
      const auto row = static_cast<Eigen::Index>(out.row_of(q, s, map.outputs));
      for (Eigen::Index k = 0; k < map.weights.cols(); ++k) {
        const std::int64_t code = std::llround(map.weights(static_cast<Eigen::Index>(q), k) / step);
        const auto value = static_cast<double>(digit(has_pairs ? std::abs(code) : code + zero, cell_bits, s));
        out.map->weights(row, k) = (has_pairs && code < 0 ? -value : value) - zero_digit;
      }
    }
  }
  return out;
}

}  // namespace szilard::electronic
