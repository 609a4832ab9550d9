// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/sim/network/bad_node.hpp"

using namespace szilard::network::test;
using Code = szilard::support::DiagnosticCode;
using M = ModelBuilder;

namespace {

/// A convolution of [N, 2, 4, 4] by one 2x2 kernel.
NodeHandle conv(M& m) {
  return m.reals("w", {1, 2, 2, 2}, random_numbers(1, 8)).node("Conv", {"x", "w"}, {"y"}).name("bad");
}

NodeHandle pool(M& m, const char* operator_name) { return m.node(operator_name, {"x"}, {"y"}).name("bad"); }

NodeHandle normalise(M& m, const std::vector<double>& v) {
  return m.reals("v", {static_cast<std::int64_t>(v.size())}, v)
      .node("BatchNormalization", {"x", "v", "v", "v", "v"}, {"y"})
      .name("bad");
}

const Shape kImage = {kBatch, 2, 4, 4};

const BadNode kBadNodes[] = {
    {"convolution of a list", Code::shape_mismatch, "Conv",
     [](M& m) {
       m.reals("w", {1, 4, 1}, random_numbers(1, 4)).node("Conv", {"x", "w"}, {"y"}).name("bad");
     }},
    {"kernel too large",
     Code::shape_mismatch,
     "Conv",
     [](M& m) {
       m.reals("w", {1, 2, 3, 3}, random_numbers(1, 18)).node("Conv", {"x", "w"}, {"y"}).name("bad");
     },
     13,
     {kBatch, 2, 2, 2}},
    {"channels do not fit", Code::shape_mismatch, "Conv",
     [](M& m) {
       m.reals("w", {1, 3, 2, 2}, random_numbers(1, 12)).node("Conv", {"x", "w"}, {"y"}).name("bad");
     },
     13, kImage},
    {"groups do not divide", Code::shape_mismatch, "Conv",
     [](M& m) {
       m.reals("w", {3, 1, 2, 2}, random_numbers(1, 12))
           .node("Conv", {"x", "w"}, {"y"})
           .name("bad")
           .integer("group", 2);
     },
     13, kImage},
    {"no groups", Code::shape_mismatch, "Conv", [](M& m) { conv(m).integer("group", 0); }, 13, kImage},
    {"bias too long", Code::shape_mismatch, "Conv",
     [](M& m) {
       m.reals("w", {1, 2, 2, 2}, random_numbers(1, 8))
           .reals("b", {2}, {1, 2})
           .node("Conv", {"x", "w", "b"}, {"y"})
           .name("bad");
     },
     13, kImage},
    {"stride 0", Code::out_of_range, "Conv",
     [](M& m) {
       conv(m).integers("strides", {0, 1});
     },
     13, kImage},
    {"negative pad", Code::out_of_range, "Conv",
     [](M& m) {
       conv(m).integers("pads", {-1, 0, 0, 0});
     },
     13, kImage},
    {"three strides for two dimensions", Code::shape_mismatch, "Conv",
     [](M& m) {
       conv(m).integers("strides", {1, 1, 1});
     },
     13, kImage},
    {"unknown auto_pad", Code::unsupported_operator, "Conv", [](M& m) { conv(m).text("auto_pad", "SAME"); }, 13,
     kImage},
    {"pads and auto_pad", Code::conflict, "Conv",
     [](M& m) {
       conv(m).text("auto_pad", "VALID").integers("pads", {1, 1, 1, 1});
     },
     13, kImage},
    {"kernel_shape disagrees", Code::shape_mismatch, "Conv",
     [](M& m) {
       conv(m).integers("kernel_shape", {3, 3});
     },
     13, kImage},
    {"convolution beyond all memory", Code::file_too_large, "Conv",
     [](M& m) {
       m.reals("w", {1, 2, 1, 1}, {1, 2})
           .node("Conv", {"x", "w"}, {"y"})
           .name("bad")
           .integers("pads", {1 << 27, 1 << 27, 1 << 27, 1 << 27});
     },
     13, kImage},
    {"computed weights", Code::unsupported_operator, "Conv",
     [](M& m) {
       m.node("Conv", {"x", "x"}, {"y"}).name("bad");
     },
     13, kImage},
    {"pool without kernel", Code::shape_mismatch, "MaxPool", [](M& m) { pool(m, "MaxPool"); }, 13, kImage},
    {"window in the padding", Code::shape_mismatch, "MaxPool",
     [](M& m) {
       pool(m, "MaxPool").integers("kernel_shape", {2, 2}).integers("pads", {2, 2, 2, 2});
     },
     13, kImage},
    {"window in the padding", Code::shape_mismatch, "AveragePool",
     [](M& m) {
       pool(m, "AveragePool").integers("kernel_shape", {2, 2}).integers("pads", {2, 2, 2, 2});
     },
     13, kImage},
    {"pool of a list", Code::shape_mismatch, "GlobalAveragePool", [](M& m) { pool(m, "GlobalAveragePool"); }},
    {"normalisation with a negative variance", Code::out_of_range, "BatchNormalization",
     [](M& m) {
       normalise(m, {1, -1, 1, 1});
     }},
    {"normalisation of other channels", Code::shape_mismatch, "BatchNormalization",
     [](M& m) {
       normalise(m, {1, 1, 1});
     }},
    {"normalisation in training", Code::unsupported_operator, "BatchNormalization",
     [](M& m) {
       normalise(m, {1, 1, 1, 1}).integer("training_mode", 1);
     },
     14},
};

}  // namespace

TEST_CASE("convolutions, pools and normalisations that do not fit are refused by node, operator and code", "[bad]") {
  for (const BadNode& bad : kBadNodes) check_refused(bad);
}
