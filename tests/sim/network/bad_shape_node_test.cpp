// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "tests/sim/network/bad_node.hpp"

using namespace szilard::network::test;
using Code = szilard::support::DiagnosticCode;
using M = ModelBuilder;

namespace {

const BadNode kBadNodes[] = {
    {"limit is NaN", Code::non_finite, "Clip",
     [](M& m) {
       m.reals("lo", {}, {NAN}).node("Clip", {"x", "lo"}, {"y"}).name("bad");
     }},
    {"limit is a list", Code::shape_mismatch, "Clip",
     [](M& m) {
       m.reals("lo", {2}, {1, 2}).node("Clip", {"x", "lo"}, {"y"}).name("bad");
     }},
    {"limit is computed", Code::unsupported_operator, "Clip",
     [](M& m) {
       m.node("Clip", {"x", "x"}, {"y"}).name("bad");
     }},
    {"softmax over the batch", Code::unsupported_operator, "Softmax",
     [](M& m) { m.node("Softmax", {"x"}, {"y"}).name("bad").integer("axis", 0); }},
    {"softmax axis too large", Code::shape_mismatch, "Softmax",
     [](M& m) { m.node("Softmax", {"x"}, {"y"}).name("bad").integer("axis", 2); }},
    {"flatten into the batch", Code::unsupported_operator, "Flatten",
     [](M& m) { m.node("Flatten", {"x"}, {"y"}).name("bad").integer("axis", 0); }},
    {"reshape to another size", Code::shape_mismatch, "Reshape",
     [](M& m) {
       m.integers("s", {0, 5}).node("Reshape", {"x", "s"}, {"y"}).name("bad");
     }},
    {"reshape with two unknowns", Code::bad_graph, "Reshape",
     [](M& m) {
       m.integers("s", {0, -1, -1}).node("Reshape", {"x", "s"}, {"y"}).name("bad");
     }},
    {"reshape below -1", Code::bad_graph, "Reshape",
     [](M& m) {
       m.integers("s", {0, -2}).node("Reshape", {"x", "s"}, {"y"}).name("bad");
     }},
    {"reshape mixes the batch", Code::unsupported_operator, "Reshape",
     [](M& m) {
       m.integers("s", {-1, 2}).node("Reshape", {"x", "s"}, {"y"}).name("bad");
     }},
    {"reshape to a huge shape", Code::shape_mismatch, "Reshape",
     [](M& m) {
       m.integers("s", {0, 1LL << 62, 1LL << 62}).node("Reshape", {"x", "s"}, {"y"}).name("bad");
     }},
    {"reshape to a computed shape", Code::unsupported_operator, "Reshape",
     [](M& m) {
       m.node("Reshape", {"x", "x"}, {"y"}).name("bad");
     }},
    {"reshape to floats", Code::bad_graph, "Reshape",
     [](M& m) {
       m.reals("s", {2}, {0, 4}).node("Reshape", {"x", "s"}, {"y"}).name("bad");
     }},
    {"squeeze what is not 1", Code::shape_mismatch, "Squeeze",
     [](M& m) {
       m.integers("a", {1}).node("Squeeze", {"x", "a"}, {"y"}).name("bad");
     }},
    {"squeeze the batch", Code::unsupported_operator, "Squeeze",
     [](M& m) {
       m.integers("a", {0}).node("Squeeze", {"x", "a"}, {"y"}).name("bad");
     }},
    {"unsqueeze twice at one place", Code::bad_graph, "Unsqueeze",
     [](M& m) {
       m.integers("a", {1, 1}).node("Unsqueeze", {"x", "a"}, {"y"}).name("bad");
     }},
    {"unsqueeze before the batch", Code::unsupported_operator, "Unsqueeze",
     [](M& m) {
       m.integers("a", {0}).node("Unsqueeze", {"x", "a"}, {"y"}).name("bad");
     }},
    {"transpose the batch", Code::unsupported_operator, "Transpose",
     [](M& m) { m.node("Transpose", {"x"}, {"y"}).name("bad"); }},
    {"perm names a dimension twice", Code::shape_mismatch, "Transpose",
     [](M& m) {
       m.node("Transpose", {"x"}, {"y"}).name("bad").integers("perm", {0, 0});
     }},
    {"pad by reflection", Code::unsupported_operator, "Pad",
     [](M& m) {
       m.integers("p", {0, 1, 0, 1}).node("Pad", {"x", "p"}, {"y"}).name("bad").text("mode", "reflect");
     }},
    {"pad the batch", Code::unsupported_operator, "Pad",
     [](M& m) {
       m.integers("p", {1, 0, 0, 0}).node("Pad", {"x", "p"}, {"y"}).name("bad");
     }},
    {"pads of another rank", Code::shape_mismatch, "Pad",
     [](M& m) {
       m.integers("p", {0, 1}).node("Pad", {"x", "p"}, {"y"}).name("bad");
     }},
    {"pad cuts off everything", Code::shape_mismatch, "Pad",
     [](M& m) {
       m.integers("p", {0, -2, 0, -2}).node("Pad", {"x", "p"}, {"y"}).name("bad");
     }},
    {"pad beyond all memory", Code::file_too_large, "Pad",
     [](M& m) {
       m.integers("p", {0, 1 << 28, 0, 0}).node("Pad", {"x", "p"}, {"y"}).name("bad");
     }},
    {"pad by an impossible number", Code::out_of_range, "Pad",
     [](M& m) {
       m.integers("p", {0, 1LL << 62, 0, 0}).node("Pad", {"x", "p"}, {"y"}).name("bad");
     }},
    {"cast to integers", Code::unsupported_operator, "Cast",
     [](M& m) { m.node("Cast", {"x"}, {"y"}).name("bad").integer("to", 7); }},
    {"cast to nothing", Code::bad_graph, "Cast", [](M& m) { m.node("Cast", {"x"}, {"y"}).name("bad"); }},
    {"dropout in training", Code::unsupported_operator, "Dropout",
     [](M& m) {
       m.reals("t", {}, {1}).node("Dropout", {"x", "", "t"}, {"y"}).name("bad");
     }},
    {"old dropout in training", Code::unsupported_operator, "Dropout",
     [](M& m) { m.node("Dropout", {"x"}, {"y"}).name("bad"); }, 6},
    {"constant without a value", Code::bad_graph, "Constant",
     [](M& m) {
       m.node("Constant", {}, {"c"}).name("bad"), m.node("Add", {"x", "c"}, {"y"});
     }},
    {"constant text", Code::unsupported_operator, "Constant",
     [](M& m) {
       m.node("Constant", {}, {"c"}).name("bad").text("value_string", "a"), m.node("Add", {"x", "c"}, {"y"});
     }},
};

}  // namespace

TEST_CASE("nodes with impossible shapes, limits or types are refused by node, operator and code", "[bad]") {
  for (const BadNode& bad : kBadNodes) check_refused(bad);
}
