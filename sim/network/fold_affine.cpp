// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <limits>
#include <utility>

#include "sim/network/graph_builder.hpp"

namespace szilard::network {

namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

/// The least number of equal leading blocks of `shape` in each of which all scales and all shifts are the same.
std::size_t uniform_blocks(const std::vector<std::int64_t>& shape, const std::vector<double>& scale,
                           const std::vector<double>& shift) {
  std::size_t blocks = 1;
  for (std::size_t d = 0; d <= shape.size(); ++d) {
    if (d > 0) blocks *= static_cast<std::size_t>(shape[d - 1]);
    const std::size_t length = scale.size() / blocks;
    bool uniform = true;
    for (std::size_t i = 0; uniform && i < scale.size(); ++i) {
      const std::size_t first = i / length * length;
      uniform = scale[i] == scale[first] && shift[i] == shift[first];
    }
    if (uniform) return blocks;
  }
  return scale.size();
}

/// False, and `map` as it was, where a row of the weights would need two scales or two shifts.
bool fold_into_map(linear::LinearMap& map, const std::vector<double>& scale, const std::vector<double>& shift,
                   const std::vector<bool>& known) {
  const std::size_t rows = map.groups * map.outputs;
  std::vector<double> row_scale(rows, 1.0), row_shift(rows, 0.0);
  for (std::size_t row = 0; row < rows; ++row) {
    bool found = false;
    for (std::size_t i = row * map.positions; i < (row + 1) * map.positions; ++i) {
      if (!known[i]) continue;
      if (found && (scale[i] != row_scale[row] || shift[i] != row_shift[row])) return false;
      row_scale[row] = scale[i];
      row_shift[row] = shift[i];
      found = true;
    }
  }
  for (std::size_t row = 0; row < rows; ++row) {
    map.weights.row(static_cast<Eigen::Index>(row)) *= row_scale[row];
    map.bias[row] = map.bias[row] * row_scale[row] + row_shift[row];
  }
  return true;
}

}  // namespace

bool GraphBuilder::fold_into_maker(ValueId value, std::vector<double> scale, std::vector<double> shift) {
  std::vector<bool> known(scale.size(), true);
  // Exporters put one or two re-orderings between a product and its bias; the limit keeps hostile chains linear in
  // time.
  constexpr int kMostRearrangements = 16;
  for (int step = 0; step <= kMostRearrangements; ++step) {
    if (maker_[value] == kNone || uses_[value] != 1) return false;
    DraftNode& draft = nodes_[maker_[value]];
    if (draft.affine) {
      for (std::size_t i = 0; i < scale.size(); ++i) {
        if (!known[i]) continue;
        draft.shift[i] = draft.shift[i] * scale[i] + shift[i];
        draft.scale[i] *= scale[i];
      }
      return true;
    }
    if (draft.node.kind == NodeKind::linear) return fold_into_map(draft.node.map, scale, shift, known);
    if (draft.node.kind != NodeKind::rearrange) return false;

    // What holds for the re-ordered elements must hold for their sources, without contradiction.
    value = draft.node.inputs.front();
    const std::size_t size = values_[value].size;
    std::vector<double> source_scale(size, 1.0), source_shift(size, 0.0);
    std::vector<bool> source_known(size, false);
    for (std::size_t i = 0; i < scale.size(); ++i) {
      if (!known[i]) continue;
      const std::int32_t from = draft.node.indices[i];
      if (from < 0) {
        if (shift[i] != 0) return false;
        continue;
      }
      if (source_known[from] && (source_scale[from] != scale[i] || source_shift[from] != shift[i])) return false;
      source_scale[from] = scale[i];
      source_shift[from] = shift[i];
      source_known[from] = true;
    }
    scale.swap(source_scale);
    shift.swap(source_shift);
    known.swap(source_known);
  }
  return false;
}

linear::LinearMap GraphBuilder::affine_map(const DraftNode& draft) const {
  const Value& value = values_[draft.node.inputs.front()];
  linear::LinearMap map;
  map.inputs = value.size;
  map.groups = uniform_blocks(value.shape, draft.scale, draft.shift);
  map.outputs = 1;
  map.terms = 1;
  map.positions = value.size / map.groups;
  map.weights.resize(static_cast<Eigen::Index>(map.groups), 1);
  map.bias.resize(map.groups);
  for (std::size_t g = 0; g < map.groups; ++g) {
    map.weights(static_cast<Eigen::Index>(g), 0) = draft.scale[g * map.positions];
    map.bias[g] = draft.shift[g * map.positions];
  }
  map.gather.resize(value.size);
  for (std::size_t i = 0; i < value.size; ++i) map.gather[i] = static_cast<std::int32_t>(i);
  return map;
}

void GraphBuilder::fold_affine_nodes(ValueId output) {
  uses_.assign(values_.size(), 0);
  ++uses_[output];
  for (const DraftNode& draft : nodes_) {
    for (const ValueId input : draft.node.inputs) ++uses_[input];
  }
  std::vector<bool> folded(nodes_.size(), false);
  for (std::size_t n = 0; n < nodes_.size(); ++n) {
    DraftNode& draft = nodes_[n];
    if (!draft.affine) continue;
    const ValueId input = draft.node.inputs.front();
    if (!fold_into_maker(input, draft.scale, draft.shift)) continue;
    folded[n] = true;
    nodes_[maker_[input]].node.output = draft.node.output;
    maker_[draft.node.output] = maker_[input];
  }
  std::vector<DraftNode> kept;
  for (std::size_t n = 0; n < nodes_.size(); ++n) {
    if (folded[n]) continue;
    DraftNode draft = std::move(nodes_[n]);
    if (draft.affine) {
      draft.node.map = affine_map(draft);
      draft.scale = {};
      draft.shift = {};
    }
    kept.push_back(std::move(draft));
  }
  nodes_ = std::move(kept);
}

}  // namespace szilard::network
