// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/network/write_onnx.hpp"

#include <onnx/onnx_pb.h>

#include <cstring>
#include <stdexcept>

namespace szilard::network {
namespace {

void add_tensor(onnx::GraphProto& graph, const std::string& name, const std::vector<std::int64_t>& shape,
                const double* values, std::size_t count) {
  onnx::TensorProto* tensor = graph.add_initializer();
  tensor->set_name(name);
  tensor->set_data_type(onnx::TensorProto::FLOAT);
  for (std::int64_t size : shape) tensor->add_dims(size);
  std::string bytes(count * sizeof(float), '\0');
  for (std::size_t i = 0; i < count; ++i) {
    const float value = float(values[i]);
    std::memcpy(bytes.data() + i * sizeof(float), &value, sizeof value);
  }
  tensor->set_raw_data(bytes);
}

void add_port(onnx::ValueInfoProto* port, const std::string& name, std::size_t features) {
  port->set_name(name);
  onnx::TypeProto_Tensor* type = port->mutable_type()->mutable_tensor_type();
  type->set_elem_type(onnx::TensorProto::FLOAT);
  type->mutable_shape()->add_dim()->set_dim_param("N");
  type->mutable_shape()->add_dim()->set_dim_value(std::int64_t(features));
}

void add_attribute(onnx::NodeProto* node, const std::string& name, std::int64_t value) {
  onnx::AttributeProto* attribute = node->add_attribute();
  attribute->set_name(name);
  attribute->set_type(onnx::AttributeProto::INT);
  attribute->set_i(value);
}

}  // namespace

DenseLayer rounded_to_single(DenseLayer layer) {
  for (Eigen::Index i = 0; i < layer.weights.size(); ++i)
    layer.weights.data()[i] = double(float(layer.weights.data()[i]));
  for (double& b : layer.bias) b = double(float(b));
  return layer;
}

std::string onnx_of(const std::vector<DenseLayer>& layers, const std::string& name) {
  if (layers.empty()) throw std::logic_error("a network needs layers");
  onnx::ModelProto model;
  model.set_ir_version(7);
  model.set_producer_name("szilard");
  model.add_opset_import()->set_version(13);
  onnx::GraphProto& graph = *model.mutable_graph();
  graph.set_name(name);
  add_port(graph.add_input(), "input", std::size_t(layers.front().weights.cols()));
  add_port(graph.add_output(), "output", std::size_t(layers.back().weights.rows()));
  std::string from = "input";
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const DenseLayer& layer = layers[l];
    const std::int64_t outputs = layer.weights.rows(), inputs = layer.weights.cols();
    const bool last = l + 1 == layers.size(), acts = !layer.activation.empty();
    add_tensor(graph, layer.name + ".weight", {outputs, inputs}, layer.weights.data(),
               std::size_t(layer.weights.size()));
    add_tensor(graph, layer.name + ".bias", {outputs}, layer.bias.data(), layer.bias.size());
    onnx::NodeProto* gemm = graph.add_node();
    gemm->set_op_type("Gemm");
    gemm->set_name(layer.name);
    for (const std::string& input : {from, layer.name + ".weight", layer.name + ".bias"}) gemm->add_input(input);
    from = last && !acts ? "output" : layer.name + ".out";
    gemm->add_output(from);
    add_attribute(gemm, "transB", 1);
    if (!acts) continue;
    onnx::NodeProto* node = graph.add_node();
    node->set_op_type(layer.activation);
    node->set_name(layer.name + "." + layer.activation);
    node->add_input(from);
    from = last ? "output" : layer.name + ".activated";
    node->add_output(from);
  }
  return model.SerializeAsString();
}

}  // namespace szilard::network
