// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/network/bad_node.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using namespace szilard::network::test;
using Code = szilard::support::DiagnosticCode;
using M = ModelBuilder;

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

const BadNode kBadNodes[] = {
    {"unknown operator", Code::unsupported_operator, "Erf", [](M& m) { m.node("Erf", {"x"}, {"y"}).name("bad"); }},
    {"control flow", Code::unsupported_operator, "Loop", [](M& m) { m.node("Loop", {"x"}, {"y"}).name("bad"); }},
    {"operator of another domain", Code::unsupported_operator, "Gemm",
     [](M& m) {
       m.node("Gemm", {"x", "x"}, {"y"}).name("bad").domain("com.example");
     }},
    {"unknown attribute", Code::unsupported_operator, "Relu",
     [](M& m) { m.node("Relu", {"x"}, {"y"}).name("bad").integer("fast", 1); }},
    {"attribute of the wrong type", Code::bad_graph, "LeakyRelu",
     [](M& m) { m.node("LeakyRelu", {"x"}, {"y"}).name("bad").integer("alpha", 1); }},
    {"attribute twice", Code::bad_graph, "LeakyRelu",
     [](M& m) { m.node("LeakyRelu", {"x"}, {"y"}).name("bad").real("alpha", 1).real("alpha", 2); }},
    {"attribute not finite", Code::non_finite, "LeakyRelu",
     [](M& m) { m.node("LeakyRelu", {"x"}, {"y"}).name("bad").real("alpha", kInf); }},
    {"input missing", Code::bad_graph, "MatMul", [](M& m) { m.node("MatMul", {"x"}, {"y"}).name("bad"); }},
    {"input empty", Code::bad_graph, "Relu", [](M& m) { m.node("Relu", {""}, {"y"}).name("bad"); }},
    {"too many inputs", Code::bad_graph, "Relu",
     [](M& m) {
       m.node("Relu", {"x", "x"}, {"y"}).name("bad");
     }},
    {"tensor made nowhere", Code::bad_graph, "Relu", [](M& m) { m.node("Relu", {"z"}, {"y"}).name("bad"); }},
    {"output made twice", Code::bad_graph, "Tanh",
     [](M& m) { m.node("Relu", {"x"}, {"y"}), m.node("Tanh", {"x"}, {"y"}).name("bad"); }},
    {"output is an input", Code::bad_graph, "Tanh",
     [](M& m) { m.node("Relu", {"x"}, {"y"}), m.node("Tanh", {"x"}, {"x"}).name("bad"); }},
    {"depends on itself", Code::bad_graph, "Relu", [](M& m) { m.node("Relu", {"y"}, {"y"}).name("bad"); }},
    {"cycle of two", Code::bad_graph, "Add",
     [](M& m) {
       m.node("Add", {"x", "z"}, {"y"}).name("bad"), m.node("Relu", {"y"}, {"z"});
     }},
    {"optional output read", Code::unsupported_operator, "Relu",
     [](M& m) {
       m.node("Dropout", {"x"}, {"d", "mask"}), m.node("Relu", {"mask"}, {"y"}).name("bad");
     }},
    {"product of two activations", Code::unsupported_operator, "MatMul",
     [](M& m) {
       m.node("MatMul", {"x", "x"}, {"y"}).name("bad");
     }},
    {"Gemm of two activations", Code::unsupported_operator, "Gemm",
     [](M& m) {
       m.node("Gemm", {"x", "x"}, {"y"}).name("bad");
     }},
    {"Mul of two activations", Code::unsupported_operator, "Mul",
     [](M& m) {
       m.node("Mul", {"x", "x"}, {"y"}).name("bad");
     }},
    {"inner dimensions differ", Code::shape_mismatch, "MatMul",
     [](M& m) {
       m.reals("w", {3, 2}, random_numbers(1, 6)).node("MatMul", {"x", "w"}, {"y"}).name("bad");
     }},
    {"Gemm weights not a matrix", Code::shape_mismatch, "Gemm",
     [](M& m) {
       m.reals("w", {4}, random_numbers(1, 4)).node("Gemm", {"x", "w"}, {"y"}).name("bad");
     }},
    {"Gemm moves the batch", Code::unsupported_operator, "Gemm",
     [](M& m) {
       m.reals("w", {4, 4}, random_numbers(1, 16)).node("Gemm", {"x", "w"}, {"y"}).name("bad").integer("transA", 1);
     }},
    {"C too large", Code::shape_mismatch, "Gemm",
     [](M& m) {
       m.reals("w", {4, 2}, random_numbers(1, 8))
           .reals("c", {3, 2}, random_numbers(1, 6))
           .node("Gemm", {"x", "w", "c"}, {"y"})
           .name("bad");
     }},
    {"NaN weight", Code::non_finite, "MatMul",
     [](M& m) {
       m.reals("w", {4, 1}, {1, NAN, 2, 3}).node("MatMul", {"x", "w"}, {"y"}).name("bad");
     }},
    {"infinite bias", Code::non_finite, "Add",
     [](M& m) {
       m.reals("c", {4}, {1, 2, kInf, 3}).node("Add", {"x", "c"}, {"y"}).name("bad");
     }},
    {"division by zero", Code::non_finite, "Div",
     [](M& m) {
       m.reals("c", {4}, {1, 2, 0, 3}).node("Div", {"x", "c"}, {"y"}).name("bad");
     }},
    {"constant divided", Code::unsupported_operator, "Div",
     [](M& m) {
       m.reals("c", {}, {1}).node("Div", {"c", "x"}, {"y"}).name("bad");
     }},
    {"shapes do not broadcast", Code::shape_mismatch, "Add",
     [](M& m) {
       m.reals("c", {3}, {1, 2, 3}).node("Add", {"x", "c"}, {"y"}).name("bad");
     }},
    {"batch would move", Code::unsupported_operator, "Add",
     [](M& m) {
       m.reals("c", {2, 1, 4}, random_numbers(1, 8)).node("Add", {"x", "c"}, {"y"}).name("bad");
     }},
    {"constant for one batch size", Code::shape_mismatch, "Add",
     [](M& m) {
       m.reals("c", {3, 4}, random_numbers(1, 12)).node("Add", {"x", "c"}, {"y"}).name("bad");
     }},
    {"old Add without broadcast", Code::shape_mismatch, "Add",
     [](M& m) {
       m.reals("c", {4}, {1, 2, 3, 4}).node("Add", {"x", "c"}, {"y"}).name("bad");
     },
     6},
    {"weights beyond double precision", Code::non_finite, "Mul",
     [](M& m) {
       m.reals("c", {}, {3e38}).node("Mul", {"x", "c"}, {"y0"}).name("bad");
       for (int i = 0; i < 9; ++i)
         m.node("Mul", {"y" + std::to_string(i), "c"}, {i == 8 ? "y" : "y" + std::to_string(i + 1)});
     }},
};

}  // namespace

TEST_CASE("nodes with impossible inputs, attributes or numbers are refused by node, operator and code", "[bad]") {
  for (const BadNode& bad : kBadNodes) check_refused(bad);
}
