// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/support/diagnostics.hpp"

/// The content of an ONNX file in plain types, so that protobuf's header is compiled in few places. Not part of the
/// folder's public interface.
namespace szilard::network {

/// A constant: floating-point types as double, integer types and bool as 64-bit integers.
struct Tensor {
  std::string name;
  std::vector<std::int64_t> shape;
  bool is_real = true;
  std::vector<double> reals;
  std::vector<std::int64_t> integers;

  std::size_t size() const { return is_real ? reals.size() : integers.size(); }
};
using TensorPointer = std::shared_ptr<const Tensor>;

struct Attribute {
  enum class Type { real, integer, text, tensor, reals, integers, other };
  std::string name;
  Type type = Type::other;
  double real = 0;
  std::int64_t integer = 0;
  std::string text;
  TensorPointer tensor;
  std::vector<double> reals;
  std::vector<std::int64_t> integers;
};

struct OnnxNode {
  std::string name;  ///< the node's own, or of its first output
  std::string operator_name, domain;
  std::vector<std::string> inputs, outputs;
  std::vector<Attribute> attributes;
};

constexpr std::int64_t kSymbolic = -1;

/// An input or output of the graph as declared.
struct OnnxPort {
  std::string name, type_name;
  bool is_real = false;
  bool has_shape = false;
  std::vector<std::int64_t> shape;  ///< kSymbolic where a dimension is not a number
};

struct OnnxGraph {
  std::int64_t opset = 0;
  std::vector<OnnxNode> nodes;
  std::map<std::string, TensorPointer> initialisers;
  std::vector<OnnxPort> inputs, outputs;  ///< inputs without those that are initialisers
};

/// Parses a model; throws InputError for anything beyond dense constants and one graph of plain nodes.
OnnxGraph read_onnx(const std::string& bytes, const std::string& file);

/// The indices of graph.nodes, each after those it reads from and otherwise in the file's order. Throws bad_graph where
/// a tensor is missing, made twice, or depends on itself.
std::vector<std::size_t> topological_order(const OnnxGraph& graph, const std::string& file);

support::InputError network_error(support::DiagnosticCode code, const std::string& file, std::string message,
                                  std::string hint = {});
/// "node 'fc1' (Gemm)".
std::string describe(const OnnxNode& node);

}  // namespace szilard::network
