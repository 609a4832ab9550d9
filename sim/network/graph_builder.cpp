// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/network/graph_builder.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace szilard::network {

using support::DiagnosticCode;

namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
constexpr std::uint64_t kFreeEntries = std::uint64_t{1} << 24;
constexpr std::uint64_t kMaximumEntries = std::uint64_t{1} << 28;

bool is_finite(double value) { return std::isfinite(value); }

}  // namespace

std::uint64_t saturating_product(std::initializer_list<std::uint64_t> factors) {
  std::uint64_t product = 1;
  for (const std::uint64_t factor : factors) {
    if (__builtin_mul_overflow(product, factor, &product)) return std::numeric_limits<std::uint64_t>::max();
  }
  return product;
}

std::uint64_t saturating_size(const std::vector<std::int64_t>& shape) {
  std::uint64_t product = 1;
  for (const std::int64_t dimension : shape)
    product = saturating_product({product, static_cast<std::uint64_t>(dimension)});
  return product;
}

std::size_t Activation::size() const { return saturating_size(shape); }

GraphBuilder::GraphBuilder(std::string file, std::size_t file_bytes)
    : file_(std::move(file)), budget_(std::min(kMaximumEntries, kFreeEntries + std::uint64_t{1024} * file_bytes)) {}

void GraphBuilder::begin_node(const OnnxNode& node) {
  current_ = &node;
  first_value_of_node_ = values_.size();
}

void GraphBuilder::fail(DiagnosticCode code, const std::string& text, const std::string& hint) const {
  throw network_error(code, file_, current_ ? describe(*current_) + ": " + text : text, hint);
}

void GraphBuilder::take(std::uint64_t entries) {
  if (entries > budget_) {
    fail(DiagnosticCode::file_too_large, "the tensors and index tables of the network grow too large for its file",
         "at most 2^24 entries and 1024 a byte of the file, never more than 2^28");
  }
  budget_ -= entries;
}

void GraphBuilder::count_parameters(const TensorPointer& tensor) {
  if (counted_.insert(tensor.get()).second) parameters_ += tensor->size();
}

Activation GraphBuilder::add_input(const OnnxPort& port) {
  Activation x;
  x.value = values_.size();
  x.batched = !port.shape.empty() && port.shape.front() == kSymbolic;
  x.shape.assign(port.shape.begin() + (x.batched ? 1 : 0), port.shape.end());
  const std::uint64_t size = saturating_size(x.shape);
  take(size);
  values_.push_back({port.name, x.shape, static_cast<std::size_t>(size)});
  maker_.push_back(kNone);
  inputs_.push_back(x.value);
  return x;
}

Activation GraphBuilder::emit(DraftNode draft, std::vector<ValueId> inputs, std::vector<std::int64_t> shape,
                              bool batched) {
  take(saturating_size(shape));
  draft.node.name = current_->name;
  draft.node.operator_name = current_->operator_name;
  draft.node.inputs = std::move(inputs);
  draft.node.output = values_.size();
  Activation y{values_.size(), std::move(shape), batched};
  const std::string base = current_->outputs.empty() ? current_->name : current_->outputs.front();
  values_.push_back({base + "~" + std::to_string(values_.size() - first_value_of_node_), y.shape, y.size()});
  maker_.push_back(nodes_.size());
  nodes_.push_back(std::move(draft));
  return y;
}

Activation GraphBuilder::linear(const Activation& x, linear::LinearMap map, std::vector<std::int64_t> shape) {
  DraftNode draft;
  draft.node.kind = NodeKind::linear;
  draft.node.map = std::move(map);
  return emit(std::move(draft), {x.value}, std::move(shape), x.batched);
}

Activation GraphBuilder::rearrange(const Activation& x, std::vector<std::int32_t> indices,
                                   std::vector<std::int64_t> shape) {
  bool identity = indices.size() == x.size();
  for (std::size_t i = 0; identity && i < indices.size(); ++i) identity = indices[i] == static_cast<std::int32_t>(i);
  if (identity) return {x.value, std::move(shape), x.batched};
  DraftNode draft;
  draft.node.kind = NodeKind::rearrange;
  draft.node.indices = std::move(indices);
  return emit(std::move(draft), {x.value}, std::move(shape), x.batched);
}

Activation GraphBuilder::affine(const Activation& x, std::vector<double> scale, std::vector<double> shift) {
  const bool identity = std::all_of(scale.begin(), scale.end(), [](double s) { return s == 1; }) &&
                        std::all_of(shift.begin(), shift.end(), [](double t) { return t == 0; });
  if (identity) return x;
  DraftNode draft;
  draft.node.kind = NodeKind::linear;
  draft.affine = true;
  draft.scale = std::move(scale);
  draft.shift = std::move(shift);
  return emit(std::move(draft), {x.value}, x.shape, x.batched);
}

Activation GraphBuilder::add(const Activation& a, const Activation& b) {
  DraftNode draft;
  draft.node.kind = NodeKind::add;
  return emit(std::move(draft), {a.value, b.value}, a.shape, a.batched || b.batched);
}

Activation GraphBuilder::other(const Activation& x, Node node, std::vector<std::int64_t> shape) {
  DraftNode draft;
  draft.node = std::move(node);
  return emit(std::move(draft), {x.value}, std::move(shape), x.batched);
}

void GraphBuilder::name_output(const Activation& x, const std::string& name) {
  if (x.value >= first_value_of_node_) values_[x.value].name = name;
}

std::string tidy_name(const std::string& name, const std::string& operator_name) {
  std::string tidy = name;
  const std::size_t start = tidy.find_first_not_of('/');
  tidy.erase(0, start == std::string::npos ? tidy.size() : start);
  const std::string ending = "/" + operator_name;
  if (tidy.size() > ending.size() && tidy.compare(tidy.size() - ending.size(), ending.size(), ending) == 0) {
    tidy.resize(tidy.size() - ending.size());
  }
  for (char& c : tidy) {
    const bool safe =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    if (!safe) c = '_';
  }
  constexpr std::size_t kLongest = 100;
  if (tidy.size() > kLongest) tidy.resize(kLongest);
  // "." and ".." would mean something else in a path.
  if (tidy.find_first_not_of('.') == std::string::npos) tidy.insert(0, operator_name.empty() ? "node" : operator_name);
  return tidy;
}

Network GraphBuilder::finish(const Activation& output) {
  Network network;
  network.parameters = parameters_;
  std::vector<bool> used(values_.size(), false);
  used[output.value] = true;
  for (const ValueId input : inputs_) used[input] = true;
  for (const DraftNode& draft : nodes_) {
    used[draft.node.output] = true;
    for (const ValueId input : draft.node.inputs) used[input] = true;
  }
  std::vector<ValueId> place(values_.size(), kNone);
  for (ValueId v = 0; v < values_.size(); ++v) {
    if (!used[v]) continue;
    place[v] = network.values.size();
    network.values.push_back(std::move(values_[v]));
  }
  std::set<std::string> names;
  for (DraftNode& draft : nodes_) {
    Node& node = draft.node;
    for (ValueId& input : node.inputs) input = place[input];
    node.output = place[node.output];
    if (node.kind == NodeKind::linear) {
      const std::string tidy = tidy_name(node.name, node.operator_name);
      node.map.name = tidy;
      for (int number = 2; !names.insert(node.map.name).second; ++number)
        node.map.name = tidy + "_" + std::to_string(number);
      node.map.check();
      if (!node.map.weights.allFinite() || !std::all_of(node.map.bias.begin(), node.map.bias.end(), is_finite)) {
        throw network_error(
            DiagnosticCode::non_finite, file_,
            "node '" + node.name + "' (" + node.operator_name + "): its weights grow beyond double precision");
      }
    }
    network.nodes.push_back(std::move(node));
  }
  for (const ValueId input : inputs_) network.inputs.push_back(place[input]);
  network.output = place[output.value];
  network.output_shape = output.shape;
  return network;
}

}  // namespace szilard::network
