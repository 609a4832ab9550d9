// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <onnx/onnx_pb.h>

#include <limits>
#include <set>
#include <utility>

#include "sim/network/onnx_graph.hpp"
#include "sim/network/onnx_tensor.hpp"

namespace szilard::network {

using onnx::AttributeProto;
using support::DiagnosticCode;

namespace {

constexpr std::int64_t kNewestOpset = 18;

class Reader {
 public:
  explicit Reader(const std::string& file) : file_(file) {}

  OnnxGraph read(const onnx::ModelProto& model) {
    if (!model.has_graph()) fail(DiagnosticCode::file_format, "not an ONNX model: it has no graph");
    graph_.opset = opset(model);
    const onnx::GraphProto& graph = model.graph();
    if (graph.sparse_initializer_size() > 0) {
      fail(DiagnosticCode::unsupported_operator,
           "sparse initialiser '" + graph.sparse_initializer(0).values().name() + "' is not supported",
           "store the weights densely");
    }
    for (const onnx::TensorProto& tensor : graph.initializer()) {
      if (tensor.name().empty()) fail(DiagnosticCode::bad_graph, "an initialiser has no name");
      TensorPointer decoded = decode_tensor(tensor, "initialiser '" + tensor.name() + "'", file_);
      if (!graph_.initialisers.emplace(tensor.name(), std::move(decoded)).second) {
        fail(DiagnosticCode::bad_graph, "initialiser '" + tensor.name() + "' stands twice");
      }
    }
    for (const onnx::ValueInfoProto& input : graph.input()) {
      // Before IR version 4 every initialiser had to be listed as an input too.
      if (graph_.initialisers.count(input.name()) == 0) graph_.inputs.push_back(port(input));
    }
    for (const onnx::ValueInfoProto& output : graph.output()) graph_.outputs.push_back(port(output));
    for (const onnx::NodeProto& proto : graph.node()) graph_.nodes.push_back(node(proto));
    return std::move(graph_);
  }

 private:
  [[noreturn]] void fail(DiagnosticCode code, const std::string& message, const std::string& hint = {}) const {
    throw network_error(code, file_, message, hint);
  }

  std::int64_t opset(const onnx::ModelProto& model) const {
    std::int64_t version = 0;
    for (const onnx::OperatorSetIdProto& set : model.opset_import()) {
      if (!set.domain().empty() && set.domain() != "ai.onnx") continue;
      if (version != 0) fail(DiagnosticCode::bad_graph, "the default operator set is imported twice");
      version = set.version();
      if (version < 1 || version > kNewestOpset) {
        fail(DiagnosticCode::unsupported_version, "operator set " + std::to_string(version) + " is not supported",
             "supported are operator sets 1 to " + std::to_string(kNewestOpset));
      }
    }
    if (version != 0) return version;
    if (model.opset_import_size() == 0 && model.ir_version() < 3) return 1;
    fail(DiagnosticCode::bad_graph, "the model does not say which version of the default operator set it uses");
  }

  OnnxPort port(const onnx::ValueInfoProto& info) const {
    OnnxPort port;
    port.name = info.name();
    if (!info.type().has_tensor_type()) {
      port.type_name = "no tensor";
      return port;
    }
    const onnx::TypeProto_Tensor& type = info.type().tensor_type();
    port.type_name = element_type_name(type.elem_type());
    port.is_real = is_real_type(type.elem_type());
    port.has_shape = type.has_shape();
    for (const onnx::TensorShapeProto_Dimension& dimension : type.shape().dim()) {
      if (dimension.has_dim_value() && dimension.dim_value() < 1) {
        fail(DiagnosticCode::bad_graph,
             "'" + port.name + "' has a dimension of " + std::to_string(dimension.dim_value()));
      }
      port.shape.push_back(dimension.has_dim_value() ? dimension.dim_value() : kSymbolic);
    }
    return port;
  }

  OnnxNode node(const onnx::NodeProto& proto) const {
    OnnxNode node;
    node.operator_name = proto.op_type();
    node.domain = proto.domain();
    node.inputs.assign(proto.input().begin(), proto.input().end());
    node.outputs.assign(proto.output().begin(), proto.output().end());
    node.name = !proto.name().empty() || node.outputs.empty() ? proto.name() : node.outputs.front();
    std::set<std::string> names;
    for (const AttributeProto& attribute : proto.attribute()) {
      if (!names.insert(attribute.name()).second) {
        fail(DiagnosticCode::bad_graph, describe(node) + ": attribute '" + attribute.name() + "' stands twice");
      }
      node.attributes.push_back(read_attribute(attribute, node));
    }
    return node;
  }

  static AttributeProto::AttributeType type_of(const AttributeProto& attribute) {
    if (attribute.type() != AttributeProto::UNDEFINED) return attribute.type();
    // IR version 1 had no type field.
    if (attribute.has_f()) return AttributeProto::FLOAT;
    if (attribute.has_i()) return AttributeProto::INT;
    if (attribute.has_s()) return AttributeProto::STRING;
    if (attribute.has_t()) return AttributeProto::TENSOR;
    if (attribute.floats_size() > 0) return AttributeProto::FLOATS;
    if (attribute.ints_size() > 0) return AttributeProto::INTS;
    return AttributeProto::UNDEFINED;
  }

  Attribute read_attribute(const AttributeProto& proto, const OnnxNode& node) const {
    Attribute attribute;
    attribute.name = proto.name();
    if (!proto.ref_attr_name().empty()) {
      fail(DiagnosticCode::bad_graph,
           describe(node) + ": attribute '" + proto.name() + "' refers to a function's attribute");
    }
    switch (type_of(proto)) {
      case AttributeProto::FLOAT:
        attribute.type = Attribute::Type::real;
        attribute.real = proto.f();
        break;
      case AttributeProto::INT:
        attribute.type = Attribute::Type::integer;
        attribute.integer = proto.i();
        break;
      case AttributeProto::STRING:
        attribute.type = Attribute::Type::text;
        attribute.text = proto.s();
        break;
      case AttributeProto::TENSOR:
        attribute.type = Attribute::Type::tensor;
        attribute.tensor = decode_tensor(proto.t(), describe(node) + ": attribute '" + proto.name() + "'", file_);
        break;
      case AttributeProto::FLOATS:
        attribute.type = Attribute::Type::reals;
        attribute.reals.assign(proto.floats().begin(), proto.floats().end());
        break;
      case AttributeProto::INTS:
        attribute.type = Attribute::Type::integers;
        attribute.integers.assign(proto.ints().begin(), proto.ints().end());
        break;
      default:
        attribute.type = Attribute::Type::other;
    }
    return attribute;
  }

  const std::string& file_;
  OnnxGraph graph_;
};

}  // namespace

OnnxGraph read_onnx(const std::string& bytes, const std::string& file) {
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    throw network_error(DiagnosticCode::file_too_large, file, "the model is larger than 2 GiB");
  }
  check_message_count(bytes, file);
  onnx::ModelProto model;
  if (!model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    throw network_error(DiagnosticCode::file_format, file,
                        "not an ONNX model, or damaged: the protobuf message cannot be read");
  }
  return Reader(file).read(model);
}

}  // namespace szilard::network
