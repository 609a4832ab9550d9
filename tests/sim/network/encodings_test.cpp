// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <onnx/onnx_pb.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>

#include "tests/sim/network/model_builder.hpp"

using namespace szilard::network;
using namespace szilard::network::test;

namespace {

using onnx::TensorProto;
using Values = std::vector<double>;

/// What every encoding below must give: numbers that all types hold.
const Values kNumbers = {0, 1, 2, 3, 100, 7};

std::uint16_t half_bits(double value) {
  if (value == 0) return 0;
  int exponent = 0;
  const double mantissa = std::frexp(value, &exponent);  // in [0.5, 1)
  return static_cast<std::uint16_t>((exponent + 14) << 10 | static_cast<int>((mantissa * 2 - 1) * 1024));
}

std::uint16_t brain_bits(double value) {
  const float narrow = static_cast<float>(value);
  std::uint32_t bits = 0;
  std::memcpy(&bits, &narrow, 4);
  return static_cast<std::uint16_t>(bits >> 16);
}

template <typename T>
void raw(TensorProto& tensor, T (*convert)(double)) {
  std::string bytes;
  for (const double value : kNumbers) {
    const T element = convert(value);
    bytes.append(reinterpret_cast<const char*>(&element), sizeof element);
  }
  tensor.set_raw_data(bytes);
}

template <typename T>
T plain(double value) {
  return static_cast<T>(value);
}

void fill(TensorProto& tensor, TensorProto::DataType type, bool typed) {
  tensor.set_data_type(type);
  for (const double value : kNumbers) {
    if (!typed) break;
    switch (type) {
      case TensorProto::FLOAT:
        tensor.add_float_data(static_cast<float>(value));
        break;
      case TensorProto::DOUBLE:
        tensor.add_double_data(value);
        break;
      case TensorProto::FLOAT16:
        tensor.add_int32_data(half_bits(value));
        break;
      case TensorProto::BFLOAT16:
        tensor.add_int32_data(brain_bits(value));
        break;
      case TensorProto::INT64:
        tensor.add_int64_data(static_cast<std::int64_t>(value));
        break;
      case TensorProto::UINT32:
      case TensorProto::UINT64:
        tensor.add_uint64_data(static_cast<std::uint64_t>(value));
        break;
      default:
        tensor.add_int32_data(static_cast<std::int32_t>(value));
    }
  }
  if (typed) return;
  switch (type) {
    case TensorProto::FLOAT:
      return raw<float>(tensor, plain<float>);
    case TensorProto::DOUBLE:
      return raw<double>(tensor, plain<double>);
    case TensorProto::FLOAT16:
      return raw<std::uint16_t>(tensor, half_bits);
    case TensorProto::BFLOAT16:
      return raw<std::uint16_t>(tensor, brain_bits);
    case TensorProto::INT8:
      return raw<std::int8_t>(tensor, plain<std::int8_t>);
    case TensorProto::UINT8:
      return raw<std::uint8_t>(tensor, plain<std::uint8_t>);
    case TensorProto::INT16:
      return raw<std::int16_t>(tensor, plain<std::int16_t>);
    case TensorProto::UINT16:
      return raw<std::uint16_t>(tensor, plain<std::uint16_t>);
    case TensorProto::INT32:
      return raw<std::int32_t>(tensor, plain<std::int32_t>);
    case TensorProto::UINT32:
      return raw<std::uint32_t>(tensor, plain<std::uint32_t>);
    case TensorProto::INT64:
      return raw<std::int64_t>(tensor, plain<std::int64_t>);
    default:
      return raw<std::uint64_t>(tensor, plain<std::uint64_t>);
  }
}

const TensorProto::DataType kTypes[] = {TensorProto::FLOAT,    TensorProto::DOUBLE, TensorProto::FLOAT16,
                                        TensorProto::BFLOAT16, TensorProto::INT8,   TensorProto::UINT8,
                                        TensorProto::INT16,    TensorProto::UINT16, TensorProto::INT32,
                                        TensorProto::UINT32,   TensorProto::INT64,  TensorProto::UINT64};

}  // namespace

TEST_CASE("weights are read from raw and typed data of every number type") {
  for (const TensorProto::DataType type : kTypes) {
    for (const bool typed : {false, true}) {
      INFO(TensorProto::DataType_Name(type) << (typed ? " typed" : " raw"));
      ModelBuilder model;
      model.input("x", {kBatch, 6}).output("y");
      TensorProto* tensor = model.proto().mutable_graph()->add_initializer();
      tensor->set_name("w");
      tensor->add_dims(6);
      fill(*tensor, type, typed);
      model.node("Cast", {"w"}, {"f"}).integer("to", TensorProto::FLOAT);
      model.node("Mul", {"x", "f"}, {"y"});
      CHECK(run(model, Values(6, 1.0)) == kNumbers);
    }
  }
}

TEST_CASE("negative, subnormal and small numbers of the narrow float types are exact") {
  ModelBuilder model;
  model.input("x", {kBatch, 4}).output("y");
  TensorProto* tensor = model.proto().mutable_graph()->add_initializer();
  tensor->set_name("w");
  tensor->add_dims(4);
  tensor->set_data_type(TensorProto::FLOAT16);
  for (const int bits : {0x8001, 0x3555, 0xfbff, 0x0400}) tensor->add_int32_data(bits);
  model.node("Mul", {"x", "w"}, {"y"});
  CHECK(run(model, Values(4, 1.0)) == Values{-0x1p-24, 0x555p-12, -65504, 0x1p-14});
}

TEST_CASE("Constant nodes hold weights and shapes in every form") {
  ModelBuilder model(13);
  model.input("x", {kBatch, 4}).output("y");
  NodeHandle value = model.node("Constant", {}, {"scale"});
  onnx::AttributeProto* attribute = value.proto().add_attribute();
  attribute->set_name("value");
  attribute->set_type(onnx::AttributeProto::TENSOR);
  attribute->mutable_t()->set_data_type(TensorProto::DOUBLE);
  attribute->mutable_t()->add_dims(1);
  attribute->mutable_t()->add_double_data(2);
  model.node("Constant", {}, {"shift"}).reals("value_floats", {1, 2, 3, 4});
  model.node("Constant", {}, {"half"}).real("value_float", 0.5);
  model.node("Constant", {}, {"two"}).integer("value_int", 2);
  model.node("Constant", {}, {"zero"}).integers("value_ints", {0});
  model.node("Unsqueeze", {"two", "zero"}, {"axes"});
  model.node("Mul", {"x", "scale"}, {"a"});
  model.node("Add", {"a", "shift"}, {"b"});
  model.node("Mul", {"b", "half"}, {"c"});
  model.node("Unsqueeze", {"c", "axes"}, {"y"});
  const Network net = parse_onnx(model.bytes(), "m");
  CHECK(run(net, Values{1, 1, 1, 1}) == Values{1.5, 2, 2.5, 3});
  CHECK(net.output_shape == Shape{4, 1});
}

TEST_CASE("an initialiser that is listed as an input too is a constant") {
  ModelBuilder model;
  model.input("x", {kBatch, 2})
      .input("w", {2, 1})
      .reals("w", {2, 1}, {3, 4})
      .output("y")
      .node("MatMul", {"x", "w"}, {"y"});
  const Network net = parse_onnx(model.bytes(), "m");
  CHECK(net.inputs.size() == 1);
  CHECK(run(net, Values{1, 10}) == Values{43});
}

TEST_CASE("nodes may stand in any order") {
  ModelBuilder model;
  model.input("x", {kBatch, 2}).reals("a", {}, {3}).reals("b", {}, {1}).output("y");
  model.node("Relu", {"h2"}, {"y"});
  model.node("Sub", {"h1", "b"}, {"h2"});
  model.node("Mul", {"x", "a"}, {"h1"});
  CHECK(run(model, {1, -1}) == Values{2, 0});
}

TEST_CASE("what the output does not need is left out, other nodes, inputs and optional outputs") {
  ModelBuilder model;
  model.input("x", {kBatch, 2}).input("flag", {}).reals("unused", {2}, {NAN, 1}).output("y");
  model.node("SomethingElse", {"x"}, {"z"});
  model.node("Dropout", {"x"}, {"d", "mask"});
  model.node("Where", {"mask", "z", "flag"}, {"q"});
  model.node("Relu", {"d"}, {"y"});
  const Network net = parse_onnx(model.bytes(), "m");
  CHECK(net.nodes.size() == 1);
  CHECK(net.inputs.size() == 1);
}

TEST_CASE("a model of IR version 1 needs no operator set and no attribute types") {
  ModelBuilder model;
  model.proto().clear_opset_import();
  model.proto().set_ir_version(1);
  model.input("x", {kBatch, 2}).reals("w", {2, 2}, {1, 2, 3, 4}).reals("c", {2}, {10, 20}).output("y");
  NodeHandle node =
      model.node("Gemm", {"x", "w", "c"}, {"y"}).integer("transB", 1).integer("broadcast", 1).real("alpha", 2);
  for (auto& attribute : *node.proto().mutable_attribute()) attribute.clear_type();
  CHECK(run(model, {1, 1}) == Values{16, 34});
}

TEST_CASE("layers are named after their nodes, tidily and uniquely") {
  ModelBuilder model;
  model.input("x", {kBatch, 2}).reals("w", {2, 2}, {1, 2, 3, 4}).output("y");
  model.node("MatMul", {"x", "w"}, {"a"}).name("/block/fc 1/MatMul");
  model.node("MatMul", {"a", "w"}, {"b"}).name("block_fc_1");
  model.node("MatMul", {"b", "w"}, {"c/d"});
  model.node("MatMul", {"c/d", "w"}, {"e"}).name("..");
  model.node("MatMul", {"e", "w"}, {"y"}).name("/MatMul");
  const Network net = parse_onnx(model.bytes(), "m");
  REQUIRE(net.nodes.size() == 5);
  CHECK(net.nodes[0].map.name == "block_fc_1");
  CHECK(net.nodes[1].map.name == "block_fc_1_2");
  CHECK(net.nodes[2].map.name == "c_d");
  CHECK(net.nodes[2].name == "c/d");
  CHECK(net.nodes[3].map.name == "MatMul..");
  CHECK(net.nodes[4].map.name == "MatMul");
}

TEST_CASE("a scalar batch and inputs without a batch are told apart") {
  ModelBuilder plain;
  plain.input("x", {10, 4}).output("y").node("Relu", {"x"}, {"y"});
  const Network net = parse_onnx(plain.bytes(), "m");
  CHECK_FALSE(net.fixed_batch);
  CHECK_FALSE(net.symbolic_batch);
  CHECK(net.output_shape == Shape{10, 4});
  CHECK(net.values[net.output].size == 40);
}

TEST_CASE("every supported operator is in the list, in order") {
  const std::vector<std::string> names = supported_operators();
  CHECK(names.size() == 27);
  CHECK(std::is_sorted(names.begin(), names.end()));
  for (const char* name : {"Gemm", "Conv", "Softmax", "Unsqueeze"})
    CHECK(std::count(names.begin(), names.end(), name) == 1);
}
