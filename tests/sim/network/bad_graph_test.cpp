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
using M = ModelBuilder;

namespace {

onnx::GraphProto& graph(M& m) { return *m.proto().mutable_graph(); }
onnx::TensorProto& weights(M& m) { return *graph(m).mutable_initializer(0); }
onnx::TypeProto& input_type(M& m) { return *graph(m).mutable_input(0)->mutable_type(); }
onnx::TensorShapeProto& input_shape(M& m) { return *input_type(m).mutable_tensor_type()->mutable_shape(); }

}  // namespace

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
      {Code::bad_graph, "no output", [](M& m) { graph(m).clear_output(); }},
      {Code::bad_graph, "'q' is made nowhere", [](M& m) { graph(m).mutable_output(0)->set_name("q"); }},
      {Code::bad_graph, "does not depend", [](M& m) { graph(m).mutable_output(0)->set_name("w"); }},
      {Code::unsupported_operator, "'mask' is optional",
       [](M& m) {
         m.node("Dropout", {"x"}, {"d", "mask"});
         graph(m).mutable_output(0)->set_name("mask");
       }},
      {Code::file_format, "no graph", [](M& m) { m.proto().clear_graph(); }},
      {Code::unsupported_version, "19", [](M& m) { m.proto().mutable_opset_import(0)->set_version(19); }},
      {Code::unsupported_version, "-1", [](M& m) { m.proto().mutable_opset_import(0)->set_version(-1); }},
      {Code::bad_graph, "twice", [](M& m) { m.proto().add_opset_import()->set_version(13); }},
      {Code::bad_graph, "version", [](M& m) { m.proto().clear_opset_import(); }},
      {Code::unsupported_operator, "sparse", [](M& m) { graph(m).add_sparse_initializer(); }},
      {Code::bad_graph, "'w' stands twice", [](M& m) { m.reals("w", {1}, {1}); }},
      {Code::bad_graph, "no name", [](M& m) { m.reals("", {1}, {1}); }},
      {Code::bad_graph, "'x' stands twice", [](M& m) { m.input("x", {1}); }},
      {Code::bad_graph, "'z' has a dimension of 0", [](M& m) { m.input("z", {0}); }},
      {Code::shape_mismatch, "dimension 1 of input 'x'",
       [](M& m) { input_shape(m).mutable_dim(1)->set_dim_param("L"); }},
      {Code::shape_mismatch, "input 'x' is not declared",
       [](M& m) { input_type(m).mutable_tensor_type()->clear_shape(); }},
      {Code::unsupported_operator, "input 'x' holds elements of INT64",
       [](M& m) { input_type(m).mutable_tensor_type()->set_elem_type(7); }},
      {Code::unsupported_operator, "input 'x' holds elements of no tensor",
       [](M& m) { graph(m).mutable_input(0)->clear_type(); }},
      {Code::file_too_large, "too large", [](M& m) { input_shape(m).mutable_dim(1)->set_dim_value(1LL << 60); }},
      {Code::shape_mismatch, "declared as [-1, 3]",
       [](M& m) {
         graph(m).clear_output(), m.output("y", {kBatch, 3});
       }},
      {Code::unsupported_operator, "initialiser 'w' keeps its data in another file",
       [](M& m) { weights(m).set_data_location(onnx::TensorProto::EXTERNAL); }},
      {Code::unsupported_operator, "initialiser 'w' holds elements of STRING",
       [](M& m) { weights(m).set_data_type(8); }},
      {Code::unsupported_operator, "initialiser 'w' holds elements of type 99",
       [](M& m) { weights(m).set_data_type(99); }},
      {Code::unsupported_operator, "segments", [](M& m) { weights(m).mutable_segment()->set_begin(0); }},
      {Code::bad_graph, "raw and typed", [](M& m) { weights(m).set_raw_data("1234"); }},
      {Code::file_truncated, "should have 8 elements", [](M& m) { weights(m).mutable_float_data()->RemoveLast(); }},
      {Code::bad_graph, "should have 8 elements", [](M& m) { weights(m).add_float_data(1); }},
      {Code::bad_graph, "negative dimension", [](M& m) { weights(m).set_dims(0, -4); }},
      {Code::file_too_large, "2^31", [](M& m) { weights(m).set_dims(0, 1LL << 62); }},
      {Code::file_truncated, "should have 2147483648 elements", [](M& m) { weights(m).set_dims(0, 1LL << 30); }},
      {Code::bad_graph, "function",
       [](M& m) { m.node("Relu", {"x"}, {"z"}).integer("a", 1).proto().mutable_attribute(0)->set_ref_attr_name("b"); }},
  };
  for (const BadGraph& bad : graphs) {
    INFO(bad.named);
    ModelBuilder model;
    model.input("x", {kBatch, 4})
        .reals("w", {4, 2}, random_numbers(9, 8))
        .output("y", {kBatch, 2})
        .node("MatMul", {"x", "w"}, {"y"});
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
