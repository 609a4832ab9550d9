// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/network/model_builder.hpp"

#include <onnx/onnx_pb.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "models/support/philox.hpp"

namespace szilard::network::test {

namespace {

onnx::AttributeProto* add_attribute(onnx::NodeProto& node, const std::string& name,
                                    onnx::AttributeProto::AttributeType type) {
  onnx::AttributeProto* attribute = node.add_attribute();
  attribute->set_name(name);
  attribute->set_type(type);
  return attribute;
}

void set_shape(onnx::ValueInfoProto* info, const Shape& shape) {
  onnx::TypeProto_Tensor* type = info->mutable_type()->mutable_tensor_type();
  type->set_elem_type(onnx::TensorProto::FLOAT);
  type->mutable_shape();
  for (const std::int64_t dimension : shape) {
    onnx::TensorShapeProto_Dimension* dim = type->mutable_shape()->add_dim();
    dimension == kBatch ? dim->set_dim_param("N") : dim->set_dim_value(dimension);
  }
}

}  // namespace

NodeHandle& NodeHandle::integer(const std::string& name, std::int64_t value) {
  add_attribute(*node_, name, onnx::AttributeProto::INT)->set_i(value);
  return *this;
}

NodeHandle& NodeHandle::real(const std::string& name, double value) {
  add_attribute(*node_, name, onnx::AttributeProto::FLOAT)->set_f(static_cast<float>(value));
  return *this;
}

NodeHandle& NodeHandle::text(const std::string& name, const std::string& value) {
  add_attribute(*node_, name, onnx::AttributeProto::STRING)->set_s(value);
  return *this;
}

NodeHandle& NodeHandle::integers(const std::string& name, const std::vector<std::int64_t>& values) {
  onnx::AttributeProto* attribute = add_attribute(*node_, name, onnx::AttributeProto::INTS);
  for (const std::int64_t value : values) attribute->add_ints(value);
  return *this;
}

NodeHandle& NodeHandle::reals(const std::string& name, const std::vector<double>& values) {
  onnx::AttributeProto* attribute = add_attribute(*node_, name, onnx::AttributeProto::FLOATS);
  for (const double value : values) attribute->add_floats(static_cast<float>(value));
  return *this;
}

NodeHandle& NodeHandle::name(const std::string& value) {
  node_->set_name(value);
  return *this;
}

NodeHandle& NodeHandle::domain(const std::string& value) {
  node_->set_domain(value);
  return *this;
}

ModelBuilder::ModelBuilder(std::int64_t opset) : model_(std::make_unique<onnx::ModelProto>()) {
  model_->set_ir_version(7);
  model_->add_opset_import()->set_version(opset);
  model_->mutable_graph()->set_name("test");
}

ModelBuilder::ModelBuilder(ModelBuilder&&) noexcept = default;
ModelBuilder::~ModelBuilder() = default;

ModelBuilder& ModelBuilder::input(const std::string& name, const Shape& shape) {
  onnx::ValueInfoProto* info = model_->mutable_graph()->add_input();
  info->set_name(name);
  set_shape(info, shape);
  return *this;
}

ModelBuilder& ModelBuilder::output(const std::string& name) {
  onnx::ValueInfoProto* info = model_->mutable_graph()->add_output();
  info->set_name(name);
  info->mutable_type()->mutable_tensor_type()->set_elem_type(onnx::TensorProto::FLOAT);
  return *this;
}

ModelBuilder& ModelBuilder::output(const std::string& name, const Shape& shape) {
  output(name);
  set_shape(model_->mutable_graph()->mutable_output(model_->graph().output_size() - 1), shape);
  return *this;
}

ModelBuilder& ModelBuilder::reals(const std::string& name, const Shape& shape, const std::vector<double>& values) {
  onnx::TensorProto* tensor = model_->mutable_graph()->add_initializer();
  tensor->set_name(name);
  tensor->set_data_type(onnx::TensorProto::FLOAT);
  for (const std::int64_t dimension : shape) tensor->add_dims(dimension);
  for (const double value : values) tensor->add_float_data(static_cast<float>(value));
  return *this;
}

ModelBuilder& ModelBuilder::integers(const std::string& name, const std::vector<std::int64_t>& values) {
  onnx::TensorProto* tensor = model_->mutable_graph()->add_initializer();
  tensor->set_name(name);
  tensor->set_data_type(onnx::TensorProto::INT64);
  tensor->add_dims(static_cast<std::int64_t>(values.size()));
  for (const std::int64_t value : values) tensor->add_int64_data(value);
  return *this;
}

NodeHandle ModelBuilder::node(const std::string& operator_name, const std::vector<std::string>& inputs,
                              const std::vector<std::string>& outputs) {
  onnx::NodeProto* node = model_->mutable_graph()->add_node();
  node->set_op_type(operator_name);
  for (const std::string& name : inputs) node->add_input(name);
  for (const std::string& name : outputs) node->add_output(name);
  return NodeHandle(node);
}

std::string ModelBuilder::bytes() const { return model_->SerializeAsString(); }

std::vector<double> random_numbers(std::uint64_t seed, std::size_t count) {
  const support::RandomStream stream(seed, 7);
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    values[i] = std::floor((stream.uniform(0, static_cast<std::uint32_t>(i)) * 2 - 1) * 4096) / 4096;
  }
  return values;
}

std::vector<double> run(const Network& network, const std::vector<std::vector<double>>& inputs) {
  std::vector<support::SignalBlock> blocks;
  for (const std::vector<double>& x : inputs) {
    // The sample stands in the second lane, so that a mix-up of lanes shows.
    support::SignalBlock block(0, 3, x.size());
    for (std::size_t f = 0; f < x.size(); ++f) {
      block.row(f)[0] = 7.0;
      block.row(f)[1] = x[f];
      block.row(f)[2] = -3.0;
    }
    blocks.push_back(block);
  }
  const support::SignalBlock y = evaluate(network, blocks, {network.output}).front();
  std::vector<double> result(y.features());
  for (std::size_t f = 0; f < result.size(); ++f) result[f] = y.at(f, 1);
  return result;
}

std::vector<double> run(const Network& network, const std::vector<double>& x) {
  return run(network, std::vector<std::vector<double>>{x});
}

std::vector<double> run(const ModelBuilder& model, const std::vector<double>& x) {
  return run(parse_onnx(model.bytes(), "model"), x);
}

double difference(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return std::numeric_limits<double>::infinity();
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(a[i] - b[i]));
  return worst;
}

support::Diagnostic refusal(const std::string& bytes) {
  try {
    parse_onnx(bytes, "bad.onnx");
  } catch (const support::InputError& error) {
    REQUIRE(error.diagnostics().size() >= 1);
    CHECK(error.diagnostics().front().where.file == "bad.onnx");
    return error.diagnostics().front();
  }
  FAIL("the model is accepted");
  return {};
}

support::Diagnostic refusal(const ModelBuilder& model) { return refusal(model.bytes()); }

std::size_t count_kind(const Network& network, NodeKind kind) {
  std::size_t count = 0;
  for (const Node& node : network.nodes) count += node.kind == kind ? 1 : 0;
  return count;
}

std::size_t volume(const Shape& shape) {
  std::size_t product = 1;
  for (const std::int64_t dimension : shape) product *= dimension == kBatch ? 1 : static_cast<std::size_t>(dimension);
  return product;
}

}  // namespace szilard::network::test
