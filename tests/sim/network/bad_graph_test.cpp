// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <onnx/onnx_pb.h>

#include <catch2/catch.hpp>
#include <functional>

#include "tests/sim/network/model_builder.hpp"

using namespace szilard::network;
using namespace szilard::network::test;
using szilard::support::Diagnostic;
using Code = szilard::support::DiagnosticCode;

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

/// A model with input x [N, 4], output y and the node "bad" under test.
struct BadNode {
  const char* what;
  Code code;
  const char* operator_name;
  std::function<void(ModelBuilder&)> build;  ///< adds the node and its constants
  std::int64_t opset = 13;
  Shape input = {kBatch, 4};
};

using M = ModelBuilder;

const BadNode kBadNodes[] = {
    {"unknown operator", Code::unsupported_operator, "Erf", [](M& m) { m.node("Erf", {"x"}, {"y"}).name("bad"); }},
    {"control flow", Code::unsupported_operator, "Loop", [](M& m) { m.node("Loop", {"x"}, {"y"}).name("bad"); }},
    {"operator of another domain", Code::unsupported_operator, "Gemm", [](M& m) { m.node("Gemm", {"x", "x"}, {"y"}).name("bad").domain("com.example"); }},
    {"unknown attribute", Code::unsupported_operator, "Relu", [](M& m) { m.node("Relu", {"x"}, {"y"}).name("bad").integer("fast", 1); }},
    {"attribute of the wrong type", Code::bad_graph, "LeakyRelu", [](M& m) { m.node("LeakyRelu", {"x"}, {"y"}).name("bad").integer("alpha", 1); }},
    {"attribute twice", Code::bad_graph, "LeakyRelu", [](M& m) { m.node("LeakyRelu", {"x"}, {"y"}).name("bad").real("alpha", 1).real("alpha", 2); }},
    {"attribute not finite", Code::non_finite, "LeakyRelu", [](M& m) { m.node("LeakyRelu", {"x"}, {"y"}).name("bad").real("alpha", kInf); }},
    {"input missing", Code::bad_graph, "MatMul", [](M& m) { m.node("MatMul", {"x"}, {"y"}).name("bad"); }},
    {"input empty", Code::bad_graph, "Relu", [](M& m) { m.node("Relu", {""}, {"y"}).name("bad"); }},
    {"too many inputs", Code::bad_graph, "Relu", [](M& m) { m.node("Relu", {"x", "x"}, {"y"}).name("bad"); }},
    {"tensor made nowhere", Code::bad_graph, "Relu", [](M& m) { m.node("Relu", {"z"}, {"y"}).name("bad"); }},
    {"output made twice", Code::bad_graph, "Tanh", [](M& m) { m.node("Relu", {"x"}, {"y"}), m.node("Tanh", {"x"}, {"y"}).name("bad"); }},
    {"output is an input", Code::bad_graph, "Tanh", [](M& m) { m.node("Relu", {"x"}, {"y"}), m.node("Tanh", {"x"}, {"x"}).name("bad"); }},
    {"depends on itself", Code::bad_graph, "Relu", [](M& m) { m.node("Relu", {"y"}, {"y"}).name("bad"); }},
    {"cycle of two", Code::bad_graph, "Add", [](M& m) { m.node("Add", {"x", "z"}, {"y"}).name("bad"), m.node("Relu", {"y"}, {"z"}); }},
    {"optional output read", Code::unsupported_operator, "Relu", [](M& m) { m.node("Dropout", {"x"}, {"d", "mask"}), m.node("Relu", {"mask"}, {"y"}).name("bad"); }},
    {"product of two activations", Code::unsupported_operator, "MatMul", [](M& m) { m.node("MatMul", {"x", "x"}, {"y"}).name("bad"); }},
    {"Gemm of two activations", Code::unsupported_operator, "Gemm", [](M& m) { m.node("Gemm", {"x", "x"}, {"y"}).name("bad"); }},
    {"Mul of two activations", Code::unsupported_operator, "Mul", [](M& m) { m.node("Mul", {"x", "x"}, {"y"}).name("bad"); }},
    {"inner dimensions differ", Code::shape_mismatch, "MatMul", [](M& m) { m.reals("w", {3, 2}, random_numbers(1, 6)).node("MatMul", {"x", "w"}, {"y"}).name("bad"); }},
    {"Gemm weights not a matrix", Code::shape_mismatch, "Gemm", [](M& m) { m.reals("w", {4}, random_numbers(1, 4)).node("Gemm", {"x", "w"}, {"y"}).name("bad"); }},
    {"Gemm moves the batch", Code::unsupported_operator, "Gemm", [](M& m) { m.reals("w", {4, 4}, random_numbers(1, 16)).node("Gemm", {"x", "w"}, {"y"}).name("bad").integer("transA", 1); }},
    {"C too large", Code::shape_mismatch, "Gemm", [](M& m) { m.reals("w", {4, 2}, random_numbers(1, 8)).reals("c", {3, 2}, random_numbers(1, 6)).node("Gemm", {"x", "w", "c"}, {"y"}).name("bad"); }},
    {"NaN weight", Code::non_finite, "MatMul", [](M& m) { m.reals("w", {4, 1}, {1, NAN, 2, 3}).node("MatMul", {"x", "w"}, {"y"}).name("bad"); }},
    {"infinite bias", Code::non_finite, "Add", [](M& m) { m.reals("c", {4}, {1, 2, kInf, 3}).node("Add", {"x", "c"}, {"y"}).name("bad"); }},
    {"division by zero", Code::non_finite, "Div", [](M& m) { m.reals("c", {4}, {1, 2, 0, 3}).node("Div", {"x", "c"}, {"y"}).name("bad"); }},
    {"constant divided", Code::unsupported_operator, "Div", [](M& m) { m.reals("c", {}, {1}).node("Div", {"c", "x"}, {"y"}).name("bad"); }},
    {"shapes do not broadcast", Code::shape_mismatch, "Add", [](M& m) { m.reals("c", {3}, {1, 2, 3}).node("Add", {"x", "c"}, {"y"}).name("bad"); }},
    {"batch would move", Code::unsupported_operator, "Add", [](M& m) { m.reals("c", {2, 1, 4}, random_numbers(1, 8)).node("Add", {"x", "c"}, {"y"}).name("bad"); }},
    {"constant for one batch size", Code::shape_mismatch, "Add", [](M& m) { m.reals("c", {3, 4}, random_numbers(1, 12)).node("Add", {"x", "c"}, {"y"}).name("bad"); }},
    {"old Add without broadcast", Code::shape_mismatch, "Add", [](M& m) { m.reals("c", {4}, {1, 2, 3, 4}).node("Add", {"x", "c"}, {"y"}).name("bad"); }, 6},
    {"limit is NaN", Code::non_finite, "Clip", [](M& m) { m.reals("lo", {}, {NAN}).node("Clip", {"x", "lo"}, {"y"}).name("bad"); }},
    {"limit is a list", Code::shape_mismatch, "Clip", [](M& m) { m.reals("lo", {2}, {1, 2}).node("Clip", {"x", "lo"}, {"y"}).name("bad"); }},
    {"limit is computed", Code::unsupported_operator, "Clip", [](M& m) { m.node("Clip", {"x", "x"}, {"y"}).name("bad"); }},
    {"softmax over the batch", Code::unsupported_operator, "Softmax", [](M& m) { m.node("Softmax", {"x"}, {"y"}).name("bad").integer("axis", 0); }},
    {"softmax axis too large", Code::shape_mismatch, "Softmax", [](M& m) { m.node("Softmax", {"x"}, {"y"}).name("bad").integer("axis", 2); }},
    {"flatten into the batch", Code::unsupported_operator, "Flatten", [](M& m) { m.node("Flatten", {"x"}, {"y"}).name("bad").integer("axis", 0); }},
    {"reshape to another size", Code::shape_mismatch, "Reshape", [](M& m) { m.integers("s", {0, 5}).node("Reshape", {"x", "s"}, {"y"}).name("bad"); }},
    {"reshape with two unknowns", Code::bad_graph, "Reshape", [](M& m) { m.integers("s", {0, -1, -1}).node("Reshape", {"x", "s"}, {"y"}).name("bad"); }},
    {"reshape below -1", Code::bad_graph, "Reshape", [](M& m) { m.integers("s", {0, -2}).node("Reshape", {"x", "s"}, {"y"}).name("bad"); }},
    {"reshape mixes the batch", Code::unsupported_operator, "Reshape", [](M& m) { m.integers("s", {-1, 2}).node("Reshape", {"x", "s"}, {"y"}).name("bad"); }},
    {"reshape to a huge shape", Code::shape_mismatch, "Reshape", [](M& m) { m.integers("s", {0, 1LL << 62, 1LL << 62}).node("Reshape", {"x", "s"}, {"y"}).name("bad"); }},
    {"reshape to a computed shape", Code::unsupported_operator, "Reshape", [](M& m) { m.node("Reshape", {"x", "x"}, {"y"}).name("bad"); }},
    {"reshape to floats", Code::bad_graph, "Reshape", [](M& m) { m.reals("s", {2}, {0, 4}).node("Reshape", {"x", "s"}, {"y"}).name("bad"); }},
    {"squeeze what is not 1", Code::shape_mismatch, "Squeeze", [](M& m) { m.integers("a", {1}).node("Squeeze", {"x", "a"}, {"y"}).name("bad"); }},
    {"squeeze the batch", Code::unsupported_operator, "Squeeze", [](M& m) { m.integers("a", {0}).node("Squeeze", {"x", "a"}, {"y"}).name("bad"); }},
    {"unsqueeze twice at one place", Code::bad_graph, "Unsqueeze", [](M& m) { m.integers("a", {1, 1}).node("Unsqueeze", {"x", "a"}, {"y"}).name("bad"); }},
    {"unsqueeze before the batch", Code::unsupported_operator, "Unsqueeze", [](M& m) { m.integers("a", {0}).node("Unsqueeze", {"x", "a"}, {"y"}).name("bad"); }},
    {"transpose the batch", Code::unsupported_operator, "Transpose", [](M& m) { m.node("Transpose", {"x"}, {"y"}).name("bad"); }},
    {"perm names a dimension twice", Code::shape_mismatch, "Transpose", [](M& m) { m.node("Transpose", {"x"}, {"y"}).name("bad").integers("perm", {0, 0}); }},
    {"pad by reflection", Code::unsupported_operator, "Pad", [](M& m) { m.integers("p", {0, 1, 0, 1}).node("Pad", {"x", "p"}, {"y"}).name("bad").text("mode", "reflect"); }},
    {"pad the batch", Code::unsupported_operator, "Pad", [](M& m) { m.integers("p", {1, 0, 0, 0}).node("Pad", {"x", "p"}, {"y"}).name("bad"); }},
    {"pads of another rank", Code::shape_mismatch, "Pad", [](M& m) { m.integers("p", {0, 1}).node("Pad", {"x", "p"}, {"y"}).name("bad"); }},
    {"pad cuts off everything", Code::shape_mismatch, "Pad", [](M& m) { m.integers("p", {0, -2, 0, -2}).node("Pad", {"x", "p"}, {"y"}).name("bad"); }},
    {"pad beyond all memory", Code::file_too_large, "Pad", [](M& m) { m.integers("p", {0, 1 << 28, 0, 0}).node("Pad", {"x", "p"}, {"y"}).name("bad"); }},
    {"pad by an impossible number", Code::out_of_range, "Pad", [](M& m) { m.integers("p", {0, 1LL << 62, 0, 0}).node("Pad", {"x", "p"}, {"y"}).name("bad"); }},
    {"cast to integers", Code::unsupported_operator, "Cast", [](M& m) { m.node("Cast", {"x"}, {"y"}).name("bad").integer("to", 7); }},
    {"cast to nothing", Code::bad_graph, "Cast", [](M& m) { m.node("Cast", {"x"}, {"y"}).name("bad"); }},
    {"dropout in training", Code::unsupported_operator, "Dropout", [](M& m) { m.reals("t", {}, {1}).node("Dropout", {"x", "", "t"}, {"y"}).name("bad"); }},
    {"old dropout in training", Code::unsupported_operator, "Dropout", [](M& m) { m.node("Dropout", {"x"}, {"y"}).name("bad"); }, 6},
    {"constant without a value", Code::bad_graph, "Constant", [](M& m) { m.node("Constant", {}, {"c"}).name("bad"), m.node("Add", {"x", "c"}, {"y"}); }},
    {"constant text", Code::unsupported_operator, "Constant", [](M& m) { m.node("Constant", {}, {"c"}).name("bad").text("value_string", "a"), m.node("Add", {"x", "c"}, {"y"}); }},
    {"convolution of a list", Code::shape_mismatch, "Conv", [](M& m) { m.reals("w", {1, 4, 1}, random_numbers(1, 4)).node("Conv", {"x", "w"}, {"y"}).name("bad"); }},
    {"kernel too large", Code::shape_mismatch, "Conv", [](M& m) { m.reals("w", {1, 2, 3, 3}, random_numbers(1, 18)).node("Conv", {"x", "w"}, {"y"}).name("bad"); }, 13, {kBatch, 2, 2, 2}},
    {"channels do not fit", Code::shape_mismatch, "Conv", [](M& m) { m.reals("w", {1, 3, 2, 2}, random_numbers(1, 12)).node("Conv", {"x", "w"}, {"y"}).name("bad"); }, 13, {kBatch, 2, 4, 4}},
    {"groups do not divide", Code::shape_mismatch, "Conv", [](M& m) { m.reals("w", {3, 1, 2, 2}, random_numbers(1, 12)).node("Conv", {"x", "w"}, {"y"}).name("bad").integer("group", 2); }, 13, {kBatch, 2, 4, 4}},
    {"no groups", Code::shape_mismatch, "Conv", [](M& m) { m.reals("w", {1, 2, 2, 2}, random_numbers(1, 8)).node("Conv", {"x", "w"}, {"y"}).name("bad").integer("group", 0); }, 13, {kBatch, 2, 4, 4}},
    {"bias too long", Code::shape_mismatch, "Conv", [](M& m) { m.reals("w", {1, 2, 2, 2}, random_numbers(1, 8)).reals("b", {2}, {1, 2}).node("Conv", {"x", "w", "b"}, {"y"}).name("bad"); }, 13, {kBatch, 2, 4, 4}},
    {"stride 0", Code::out_of_range, "Conv", [](M& m) { m.reals("w", {1, 2, 2, 2}, random_numbers(1, 8)).node("Conv", {"x", "w"}, {"y"}).name("bad").integers("strides", {0, 1}); }, 13, {kBatch, 2, 4, 4}},
    {"negative pad", Code::out_of_range, "Conv", [](M& m) { m.reals("w", {1, 2, 2, 2}, random_numbers(1, 8)).node("Conv", {"x", "w"}, {"y"}).name("bad").integers("pads", {-1, 0, 0, 0}); }, 13, {kBatch, 2, 4, 4}},
    {"three strides for two dimensions", Code::shape_mismatch, "Conv", [](M& m) { m.reals("w", {1, 2, 2, 2}, random_numbers(1, 8)).node("Conv", {"x", "w"}, {"y"}).name("bad").integers("strides", {1, 1, 1}); }, 13, {kBatch, 2, 4, 4}},
    {"unknown auto_pad", Code::unsupported_operator, "Conv", [](M& m) { m.reals("w", {1, 2, 2, 2}, random_numbers(1, 8)).node("Conv", {"x", "w"}, {"y"}).name("bad").text("auto_pad", "SAME"); }, 13, {kBatch, 2, 4, 4}},
    {"pads and auto_pad", Code::conflict, "Conv", [](M& m) { m.reals("w", {1, 2, 2, 2}, random_numbers(1, 8)).node("Conv", {"x", "w"}, {"y"}).name("bad").text("auto_pad", "VALID").integers("pads", {1, 1, 1, 1}); }, 13, {kBatch, 2, 4, 4}},
    {"kernel_shape disagrees", Code::shape_mismatch, "Conv", [](M& m) { m.reals("w", {1, 2, 2, 2}, random_numbers(1, 8)).node("Conv", {"x", "w"}, {"y"}).name("bad").integers("kernel_shape", {3, 3}); }, 13, {kBatch, 2, 4, 4}},
    {"convolution beyond all memory", Code::file_too_large, "Conv", [](M& m) { m.reals("w", {1, 2, 1, 1}, {1, 2}).node("Conv", {"x", "w"}, {"y"}).name("bad").integers("pads", {1 << 27, 1 << 27, 1 << 27, 1 << 27}); }, 13, {kBatch, 2, 4, 4}},
    {"computed weights", Code::unsupported_operator, "Conv", [](M& m) { m.node("Conv", {"x", "x"}, {"y"}).name("bad"); }, 13, {kBatch, 2, 4, 4}},
    {"pool without kernel", Code::shape_mismatch, "MaxPool", [](M& m) { m.node("MaxPool", {"x"}, {"y"}).name("bad"); }, 13, {kBatch, 2, 4, 4}},
    {"window in the padding", Code::shape_mismatch, "MaxPool", [](M& m) { m.node("MaxPool", {"x"}, {"y"}).name("bad").integers("kernel_shape", {2, 2}).integers("pads", {2, 2, 2, 2}); }, 13, {kBatch, 2, 4, 4}},
    {"window in the padding", Code::shape_mismatch, "AveragePool", [](M& m) { m.node("AveragePool", {"x"}, {"y"}).name("bad").integers("kernel_shape", {2, 2}).integers("pads", {2, 2, 2, 2}); }, 13, {kBatch, 2, 4, 4}},
    {"pool of a list", Code::shape_mismatch, "GlobalAveragePool", [](M& m) { m.node("GlobalAveragePool", {"x"}, {"y"}).name("bad"); }},
    {"normalisation with a negative variance", Code::out_of_range, "BatchNormalization", [](M& m) { m.reals("v", {4}, {1, -1, 1, 1}).node("BatchNormalization", {"x", "v", "v", "v", "v"}, {"y"}).name("bad"); }},
    {"normalisation of other channels", Code::shape_mismatch, "BatchNormalization", [](M& m) { m.reals("v", {3}, {1, 1, 1}).node("BatchNormalization", {"x", "v", "v", "v", "v"}, {"y"}).name("bad"); }},
    {"normalisation in training", Code::unsupported_operator, "BatchNormalization", [](M& m) { m.reals("v", {4}, {1, 1, 1, 1}).node("BatchNormalization", {"x", "v", "v", "v", "v"}, {"y"}).name("bad").integer("training_mode", 1); }, 14},
    {"weights beyond double precision", Code::non_finite, "Mul", [](M& m) {
       m.reals("c", {}, {3e38}).node("Mul", {"x", "c"}, {"y0"}).name("bad");
       for (int i = 0; i < 9; ++i) m.node("Mul", {"y" + std::to_string(i), "c"}, {i == 8 ? "y" : "y" + std::to_string(i + 1)});
     }},
};

}  // namespace

TEST_CASE("what cannot be imported is refused by node, operator and code", "[bad]") {
  for (const BadNode& bad : kBadNodes) {
    INFO(bad.operator_name << ": " << bad.what);
    ModelBuilder model(bad.opset);
    model.input("x", bad.input).output("y");
    bad.build(model);
    const Diagnostic diagnostic = refusal(model);
    CHECK(szilard::support::diagnostic_code_name(diagnostic.code) == szilard::support::diagnostic_code_name(bad.code));
    CHECK_THAT(diagnostic.message, Catch::Contains("node 'bad' (" + std::string(bad.operator_name) + ")"));
  }
}

TEST_CASE("an unsupported operator's refusal lists what is supported", "[bad]") {
  ModelBuilder model;
  model.input("x", {kBatch, 4}).output("y").node("Erf", {"x"}, {"y"});
  const Diagnostic diagnostic = refusal(model);
  for (const std::string& name : supported_operators()) CHECK_THAT(diagnostic.hint, Catch::Contains(name));
}

TEST_CASE("graphs that are inconsistent as a whole are refused", "[bad]") {
  using Change = std::function<void(ModelBuilder&)>;
  struct BadGraph {
    Code code;
    const char* named;
    Change change;
  };
  const BadGraph graphs[] = {
      {Code::bad_graph, "several outputs: 'y', 'x'", [](M& m) { m.output("x"); }},
      {Code::bad_graph, "no output", [](M& m) { m.proto().mutable_graph()->clear_output(); }},
      {Code::bad_graph, "'q' is made nowhere", [](M& m) { m.proto().mutable_graph()->mutable_output(0)->set_name("q"); }},
      {Code::bad_graph, "does not depend", [](M& m) { m.proto().mutable_graph()->mutable_output(0)->set_name("w"); }},
      {Code::unsupported_operator, "'mask' is optional", [](M& m) {
         m.node("Dropout", {"x"}, {"d", "mask"});
         m.proto().mutable_graph()->mutable_output(0)->set_name("mask");
       }},
      {Code::file_format, "no graph", [](M& m) { m.proto().clear_graph(); }},
      {Code::unsupported_version, "19", [](M& m) { m.proto().mutable_opset_import(0)->set_version(19); }},
      {Code::unsupported_version, "-1", [](M& m) { m.proto().mutable_opset_import(0)->set_version(-1); }},
      {Code::bad_graph, "twice", [](M& m) { m.proto().add_opset_import()->set_version(13); }},
      {Code::bad_graph, "version", [](M& m) { m.proto().clear_opset_import(); }},
      {Code::unsupported_operator, "sparse", [](M& m) { m.proto().mutable_graph()->add_sparse_initializer(); }},
      {Code::bad_graph, "'w' stands twice", [](M& m) { m.reals("w", {1}, {1}); }},
      {Code::bad_graph, "no name", [](M& m) { m.reals("", {1}, {1}); }},
      {Code::bad_graph, "'x' stands twice", [](M& m) { m.input("x", {1}); }},
      {Code::bad_graph, "'z' has a dimension of 0", [](M& m) { m.input("z", {0}); }},
      {Code::shape_mismatch, "dimension 1 of input 'x'", [](M& m) { m.proto().mutable_graph()->mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim(1)->set_dim_param("L"); }},
      {Code::shape_mismatch, "input 'x' is not declared", [](M& m) { m.proto().mutable_graph()->mutable_input(0)->mutable_type()->mutable_tensor_type()->clear_shape(); }},
      {Code::unsupported_operator, "input 'x' holds elements of INT64", [](M& m) { m.proto().mutable_graph()->mutable_input(0)->mutable_type()->mutable_tensor_type()->set_elem_type(7); }},
      {Code::unsupported_operator, "input 'x' holds elements of no tensor", [](M& m) { m.proto().mutable_graph()->mutable_input(0)->clear_type(); }},
      {Code::file_too_large, "too large", [](M& m) { m.proto().mutable_graph()->mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim(1)->set_dim_value(1LL << 60); }},
      {Code::shape_mismatch, "declared as [-1, 3]", [](M& m) { m.proto().mutable_graph()->clear_output(), m.output("y", {kBatch, 3}); }},
      {Code::unsupported_operator, "initialiser 'w' keeps its data in another file", [](M& m) { m.proto().mutable_graph()->mutable_initializer(0)->set_data_location(onnx::TensorProto::EXTERNAL); }},
      {Code::unsupported_operator, "initialiser 'w' holds elements of STRING", [](M& m) { m.proto().mutable_graph()->mutable_initializer(0)->set_data_type(8); }},
      {Code::unsupported_operator, "initialiser 'w' holds elements of type 99", [](M& m) { m.proto().mutable_graph()->mutable_initializer(0)->set_data_type(99); }},
      {Code::unsupported_operator, "segments", [](M& m) { m.proto().mutable_graph()->mutable_initializer(0)->mutable_segment()->set_begin(0); }},
      {Code::bad_graph, "raw and typed", [](M& m) { m.proto().mutable_graph()->mutable_initializer(0)->set_raw_data("1234"); }},
      {Code::file_truncated, "should have 8 elements", [](M& m) { m.proto().mutable_graph()->mutable_initializer(0)->mutable_float_data()->RemoveLast(); }},
      {Code::bad_graph, "should have 8 elements", [](M& m) { m.proto().mutable_graph()->mutable_initializer(0)->add_float_data(1); }},
      {Code::bad_graph, "negative dimension", [](M& m) { m.proto().mutable_graph()->mutable_initializer(0)->set_dims(0, -4); }},
      {Code::file_too_large, "2^31", [](M& m) { m.proto().mutable_graph()->mutable_initializer(0)->set_dims(0, 1LL << 62); }},
      {Code::file_truncated, "should have 2147483648 elements", [](M& m) { m.proto().mutable_graph()->mutable_initializer(0)->set_dims(0, 1LL << 30); }},
      {Code::bad_graph, "function", [](M& m) { m.node("Relu", {"x"}, {"z"}).integer("a", 1).proto().mutable_attribute(0)->set_ref_attr_name("b"); }},
  };
  for (const BadGraph& bad : graphs) {
    INFO(bad.named);
    ModelBuilder model;
    model.input("x", {kBatch, 4}).reals("w", {4, 2}, random_numbers(9, 8)).output("y", {kBatch, 2}).node("MatMul", {"x", "w"}, {"y"});
    CHECK_NOTHROW(parse_onnx(model.bytes(), "good.onnx"));
    bad.change(model);
    const Diagnostic diagnostic = refusal(model);
    CHECK(szilard::support::diagnostic_code_name(diagnostic.code) == szilard::support::diagnostic_code_name(bad.code));
    CHECK_THAT(diagnostic.message, Catch::Contains(bad.named));
  }
}

TEST_CASE("files that are no ONNX model are refused", "[bad]") {
  CHECK(refusal(std::string()).code == Code::file_format);
  CHECK(refusal(std::string("hello, this is text")).code == Code::file_format);
  CHECK(refusal(std::string(1000, '\xff')).code == Code::file_format);
  try {
    load_onnx("/nonexistent/model.onnx");
    FAIL("loaded");
  } catch (const szilard::support::InputError& error) {
    CHECK(error.diagnostics()[0].code == Code::file_not_found);
  }
  CHECK_THROWS_AS(load_onnx("/tmp"), szilard::support::InputError);
}
