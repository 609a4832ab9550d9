// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "models/linear/linear_map.hpp"
#include "models/support/diagnostics.hpp"
#include "models/support/signal_block.hpp"

namespace szilard::network {

/// Operators of the imported graph. ONNX operators are reduced to these on import: every linear one (Gemm, MatMul with
/// a constant, Conv, average pools, BatchNormalization, Add, Mul... of constants) becomes `linear`, pure re-orderings
/// (Flatten, Reshape, Transpose, Pad with zeros, ...) become `rearrange`.
enum class NodeKind { linear, add, relu, leaky_relu, sigmoid, tanh, clip, softmax, max_pool, rearrange };

using ValueId = std::size_t;

/// A tensor between nodes, for one sample: the batch dimension is gone.
struct Value {
  std::string name;
  std::vector<std::int64_t> shape;
  std::size_t size = 0;  ///< product of shape
};

struct Node {
  NodeKind kind = NodeKind::linear;
  std::string name;           ///< of the ONNX node, or of its output where it has none
  std::string operator_name;  ///< ONNX operator, e.g. "Conv"
  std::vector<ValueId> inputs;
  ValueId output = 0;
  linear::LinearMap map;  ///< linear
  std::vector<std::int32_t>
      indices;             ///< rearrange: output i reads input indices[i], -1 is 0; max_pool: windows, see below
  std::size_t window = 0;  ///< max_pool: output i is the largest input of indices[i window .. (i+1) window - 1]; padded
                           ///< windows repeat a valid index
  double alpha = 0;        ///< leaky_relu slope
  double minimum = 0, maximum = 0;  ///< clip; infinite where open
  std::size_t softmax_rows = 0, softmax_columns = 0,
              softmax_stride = 0;  ///< groups x length, stride between elements of one group
};

/// A network as imported: nodes in topological order, one sample at a time, double precision.
class Network {
 public:
  std::string path;    ///< as given
  std::string sha256;  ///< of the file
  std::vector<Value> values;
  std::vector<ValueId> inputs;
  ValueId output = 0;
  std::vector<std::int64_t> output_shape;  ///< of the graph, batch dimension (if any) left out
  bool fixed_batch = false;                ///< the first input's batch dimension is the number 1
  bool symbolic_batch =
      false;  ///< dimension 0 of an input is symbolic; with neither, an input is one sample as a whole
  /// Whether dimension 0 of the graph's inputs and output counts samples; otherwise an input is one whole sample.
  bool has_batch() const { return symbolic_batch || fixed_batch; }
  std::vector<Node> nodes;
  std::size_t parameters = 0;  ///< numbers in weights and biases of the file that the graph uses
};

/// Reads an ONNX file. Throws support::InputError naming node, operator and what is supported. Never crashes on hostile
/// files; memory is bounded before it is taken (files up to 2 GiB, tensors checked against the bytes that are there).
Network load_onnx(const std::string& path);
/// The same from bytes (fuzzing); `name` stands in diagnostics.
Network parse_onnx(const std::string& bytes, const std::string& name);

/// Double-precision evaluation, in blocks, bit-identical for any block size. Inputs in the order of Network::inputs.
/// Returns the values asked for. Uses linear::product.
std::vector<support::SignalBlock> evaluate(const Network& network, const std::vector<support::SignalBlock>& inputs,
                                           const std::vector<ValueId>& wanted);

/// Rows of `szilard list layers --network F`: one per node that computes.
struct LayerSummary {
  std::string name, operator_name, shape;             ///< "6x28x28"
  std::size_t macs = 0, parameters = 0, neurons = 0;  ///< neurons: ReLU outputs
};
std::vector<LayerSummary> layer_summaries(const Network& network);

/// ONNX operators that load_onnx takes (documentation, diagnostics).
std::vector<std::string> supported_operators();

}  // namespace szilard::network
