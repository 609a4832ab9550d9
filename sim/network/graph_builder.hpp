// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/network/network.hpp"
#include "sim/network/onnx_graph.hpp"

namespace szilard::network {

/// A tensor between nodes during import. `shape` leaves out the batch dimension where that is symbolic; a batch of 1
/// that is written as a number is an ordinary dimension here. Reshapes share the value.
struct Activation {
  ValueId value = 0;
  std::vector<std::int64_t> shape;
  bool batched = false;  ///< a symbolic batch dimension stands before `shape`

  std::size_t size() const;
};

/// 2^64 - 1 where the product overflows.
std::uint64_t saturating_product(std::initializer_list<std::uint64_t> factors);
std::uint64_t saturating_size(const std::vector<std::int64_t>& shape);

/// What parse_onnx builds: the nodes of a Network, and element-wise scales and shifts that fold_affine_nodes() joins
/// with linear nodes.
class GraphBuilder {
 public:
  struct DraftNode {
    Node node;
    bool affine = false;  ///< output i = scale[i] x input i + shift[i]
    std::vector<double> scale, shift;
  };

  /// Derived tables may hold up to 2^24 entries and 1024 for each byte of the file, never more than 2^28.
  GraphBuilder(std::string file, std::size_t file_bytes);

  void begin_node(const OnnxNode& node);
  [[noreturn]] void fail(support::DiagnosticCode code, const std::string& text, const std::string& hint = {}) const;
  /// Accounts for memory that is about to be taken, in units of 4 bytes; throws file_too_large beyond the limit.
  void take(std::uint64_t entries);
  void count_parameters(const TensorPointer& tensor);

  Activation add_input(const OnnxPort& port);
  /// `map` comes without a name.
  Activation linear(const Activation& x, linear::LinearMap map, std::vector<std::int64_t> shape);
  Activation rearrange(const Activation& x, std::vector<std::int32_t> indices, std::vector<std::int64_t> shape);
  Activation affine(const Activation& x, std::vector<double> scale, std::vector<double> shift);
  Activation add(const Activation& a, const Activation& b);
  /// Element-wise operators, softmax and pools: `node` holds their parameters.
  Activation other(const Activation& x, Node node, std::vector<std::int64_t> shape);
  void name_output(const Activation& x, const std::string& name);

  /// Joins scales and shifts with the linear nodes before them where each row of the weights has one of both; the
  /// others become linear nodes of their own.
  void fold_affine_nodes(ValueId output);
  /// Leaves the builder empty.
  Network finish(const Activation& output);

 private:
  Activation emit(DraftNode draft, std::vector<ValueId> inputs, std::vector<std::int64_t> shape, bool batched);
  bool fold_into_maker(ValueId value, std::vector<double> scale, std::vector<double> shift);
  linear::LinearMap affine_map(const DraftNode& draft) const;

  std::string file_;
  std::uint64_t budget_;
  const OnnxNode* current_ = nullptr;
  ValueId first_value_of_node_ = 0;
  std::vector<Value> values_;
  std::vector<std::size_t> maker_;  ///< of each value: index of its node, or kNone
  std::vector<std::size_t> uses_;
  std::vector<DraftNode> nodes_;
  std::vector<ValueId> inputs_;
  std::set<const Tensor*> counted_;
  std::size_t parameters_ = 0;
};

/// Letters, digits, '_', '.', '-' only; "/block/fc1/Gemm" of a Gemm becomes "block_fc1".
std::string tidy_name(const std::string& name, const std::string& operator_name);

}  // namespace szilard::network
