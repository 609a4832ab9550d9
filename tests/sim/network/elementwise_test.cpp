// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/sim/network/model_builder.hpp"

using namespace szilard::network;
using namespace szilard::network::test;

namespace {

using Values = std::vector<double>;

Values map_values(Values x, double (*function)(double)) {
  for (double& value : x) value = function(value);
  return x;
}

ModelBuilder unary(const std::string& op, const Shape& shape, std::int64_t opset) {
  ModelBuilder model(opset);
  model.input("x", shape).output("y").node(op, {"x"}, {"y"});
  return model;
}

}  // namespace

TEST_CASE("Relu, Sigmoid, Tanh and LeakyRelu follow their formulas in every operator set") {
  const Values x = random_numbers(61, 12);
  for (const std::int64_t opset : {1, 6, 13, 18}) {
    for (const Shape& shape : {Shape{kBatch, 12}, Shape{kBatch, 3, 4}, Shape{1, 12}, Shape{12}}) {
      CHECK(difference(run(unary("Relu", shape, opset), x), map_values(x, [](double v) { return std::max(v, 0.0); })) ==
            0);
      CHECK(difference(run(unary("Sigmoid", shape, opset), x),
                       map_values(x, [](double v) { return 1 / (1 + std::exp(-v)); })) < 1e-15);
      CHECK(difference(run(unary("Tanh", shape, opset), x), map_values(x, [](double v) { return std::tanh(v); })) <
            1e-15);
      CHECK(difference(run(unary("LeakyRelu", shape, opset), x),
                       map_values(x, [](double v) { return v < 0 ? 0.01 * v : v; })) < 1e-15);
    }
  }
  ModelBuilder steep;
  steep.input("x", {kBatch, 12}).output("y").node("LeakyRelu", {"x"}, {"y"}).real("alpha", 0.5);
  CHECK(difference(run(steep, x), map_values(x, [](double v) { return v < 0 ? 0.5 * v : v; })) == 0);
}

TEST_CASE("Clip takes its limits from attributes before operator set 11 and from inputs after") {
  const Values x = random_numbers(62, 9);
  ModelBuilder old(6);
  old.input("x", {kBatch, 9}).output("y").node("Clip", {"x"}, {"y"}).real("min", -0.25).real("max", 0.5);
  const auto clipped = [](double v) { return std::min(std::max(v, -0.25), 0.5); };
  CHECK(difference(run(old, x), map_values(x, clipped)) == 0);

  ModelBuilder both(11);
  both.input("x", {kBatch, 9})
      .output("y")
      .reals("lo", {}, {-0.25})
      .reals("hi", {}, {0.5})
      .node("Clip", {"x", "lo", "hi"}, {"y"});
  CHECK(difference(run(both, x), map_values(x, clipped)) == 0);

  ModelBuilder upper(13);
  upper.input("x", {kBatch, 9}).output("y").reals("hi", {}, {0.125}).node("Clip", {"x", "", "hi"}, {"y"});
  CHECK(difference(run(upper, x), map_values(x, [](double v) { return std::min(v, 0.125); })) == 0);

  ModelBuilder infinite(13);
  infinite.input("x", {kBatch, 9})
      .output("y")
      .reals("lo", {}, {-INFINITY})
      .reals("hi", {1}, {INFINITY})
      .node("Clip", {"x", "lo", "hi"}, {"y"});
  CHECK(difference(run(infinite, x), x) == 0);
}

TEST_CASE("Softmax runs over one axis from operator set 13 on and over all that follow before") {
  const Shape shape = {kBatch, 2, 3, 4};
  const Values x = random_numbers(63, 24);
  for (const std::int64_t opset : {6, 11, 13, 18}) {
    for (std::int64_t axis = 1; axis < 4; ++axis) {
      for (const bool negative : {false, true}) {
        if (negative && opset < 11) continue;
        ModelBuilder model(opset);
        model.input("x", shape)
            .output("y", shape)
            .node("Softmax", {"x"}, {"y"})
            .integer("axis", negative ? axis - 4 : axis);
        // Elements share a group if all dimensions agree but those that the group runs over.
        const auto key = [&](std::size_t i) {
          const std::size_t index[] = {i / 12, i / 4 % 3, i % 4};
          std::size_t k = 0;
          for (std::int64_t d = 0; d < 3; ++d) {
            const bool inside = opset < 13 ? d + 1 >= axis : d + 1 == axis;
            k = k * 5 + (inside ? 4 : index[d]);
          }
          return k;
        };
        Values expected(24);
        for (std::size_t i = 0; i < 24; ++i) {
          double sum = 0;
          for (std::size_t j = 0; j < 24; ++j) sum += key(i) == key(j) ? std::exp(x[j]) : 0;
          expected[i] = std::exp(x[i]) / sum;
        }
        INFO("opset " << opset << ", axis " << axis);
        CHECK(difference(run(model, x), expected) < 1e-14);
      }
    }
  }
}

TEST_CASE("Softmax does not overflow") {
  ModelBuilder model;
  model.input("x", {kBatch, 3}).output("y").node("Softmax", {"x"}, {"y"});
  CHECK(difference(run(model, {1e300, 0, -1e300}), {1, 0, 0}) == 0);
  CHECK(difference(run(model, {-1000, -1000, -1000}), Values(3, 1.0 / 3)) < 1e-15);
}

TEST_CASE("Add, Sub, Mul and Div with constants broadcast as numpy does") {
  const Values x = random_numbers(64, 24);
  const std::vector<Shape> shapes = {{}, {1}, {4}, {3, 1}, {2, 1, 1}, {2, 3, 4}, {1, 2, 3, 4}, {1, 1, 3, 1}};
  for (const Shape& shape : shapes) {
    Values c = random_numbers(65, volume(shape));
    for (double& value : c) value += value < 0 ? -0.5 : 0.5;
    const auto element = [&](std::size_t i) {
      const std::size_t index[] = {0, i / 12, i / 4 % 3, i % 4};
      std::size_t k = 0;
      for (std::size_t d = 0; d < shape.size(); ++d)
        k = k * static_cast<std::size_t>(shape[d]) + (shape[d] == 1 ? 0 : index[4 - shape.size() + d]);
      return c[k];
    };
    for (const Shape& input : {Shape{kBatch, 2, 3, 4}, Shape{1, 2, 3, 4}}) {
      for (const bool first : {false, true}) {
        for (const std::string op : {"Add", "Sub", "Mul", "Div"}) {
          if (op == "Div" && first) continue;
          ModelBuilder model;
          model.input("x", input).reals("c", shape, c).output("y");
          model.node(op, first ? std::vector<std::string>{"c", "x"} : std::vector<std::string>{"x", "c"}, {"y"});
          Values expected(24);
          for (std::size_t i = 0; i < 24; ++i) {
            const double e = element(i);
            expected[i] = op == "Add"   ? x[i] + e
                          : op == "Sub" ? (first ? e - x[i] : x[i] - e)
                          : op == "Mul" ? x[i] * e
                                        : x[i] / e;
          }
          INFO(op << " with a constant of " << shape.size() << " dimensions");
          CHECK(difference(run(model, x), expected) < 1e-14);
        }
      }
    }
  }
}

TEST_CASE("an activation is stretched to a larger constant") {
  const Values x = random_numbers(66, 3), c = random_numbers(67, 6);
  ModelBuilder model;
  model.input("x", {kBatch, 3, 1}).reals("c", {3, 2}, c).output("y", {kBatch, 3, 2}).node("Add", {"x", "c"}, {"y"});
  Values expected = c;
  for (std::size_t i = 0; i < 6; ++i) expected[i] += x[i / 2];
  CHECK(difference(run(model, x), expected) < 1e-14);
}

TEST_CASE("before operator set 7 the attribute axis says where the second operand begins") {
  const Values x = random_numbers(68, 24), c = random_numbers(69, 3);
  ModelBuilder model(6);
  model.input("x", {kBatch, 2, 3, 4}).reals("c", {3}, c).output("y");
  model.node("Add", {"x", "c"}, {"y"}).integer("broadcast", 1).integer("axis", 2);
  Values expected = x;
  for (std::size_t i = 0; i < 24; ++i) expected[i] += c[i / 4 % 3];
  CHECK(difference(run(model, x), expected) < 1e-14);
}

TEST_CASE("Add and Sub of two activations, a residual connection, keep both branches") {
  const Values x = random_numbers(70, 4), w = random_numbers(71, 16);
  for (const bool subtract : {false, true}) {
    ModelBuilder model;
    model.input("x", {kBatch, 4}).reals("w", {4, 4}, w).output("y");
    model.node("MatMul", {"x", "w"}, {"h"});
    model.node("Relu", {"h"}, {"r"});
    model.node(subtract ? "Sub" : "Add", {"x", "r"}, {"s"});
    model.node("Add", {"s", "s"}, {"y"});
    Values expected(4);
    for (std::size_t j = 0; j < 4; ++j) {
      double h = 0;
      for (std::size_t k = 0; k < 4; ++k) h += x[k] * w[k * 4 + j];
      expected[j] = 2 * (x[j] + (subtract ? -1 : 1) * std::max(h, 0.0));
    }
    const Network net = parse_onnx(model.bytes(), "m");
    CHECK(count_kind(net, NodeKind::add) == 2);
    CHECK(difference(run(net, x), expected) < 1e-14);
  }
}

TEST_CASE("two inputs of different shapes are added with broadcasting") {
  const Values a = random_numbers(72, 6), b = random_numbers(73, 3);
  ModelBuilder model;
  model.input("a", {kBatch, 2, 3})
      .input("b", {kBatch, 1, 3})
      .output("y", {kBatch, 2, 3})
      .node("Add", {"a", "b"}, {"y"});
  Values expected = a;
  for (std::size_t i = 0; i < 6; ++i) expected[i] += b[i % 3];
  const Network net = parse_onnx(model.bytes(), "m");
  CHECK(net.inputs.size() == 2);
  CHECK(difference(run(net, std::vector<Values>{a, b}), expected) < 1e-14);
}

TEST_CASE("scales and shifts before a layer's Relu all fold into the layer") {
  const Values x = random_numbers(74, 3), w = random_numbers(75, 6);
  ModelBuilder model;
  model.input("x", {kBatch, 3})
      .reals("w", {3, 2}, w)
      .reals("a", {2}, {2, -3})
      .reals("b", {}, {0.5})
      .reals("c", {2}, {4, 8})
      .output("y");
  model.node("MatMul", {"x", "w"}, {"h1"});
  model.node("Mul", {"h1", "a"}, {"h2"});
  model.node("Sub", {"b", "h2"}, {"h3"});
  model.node("Div", {"h3", "c"}, {"h4"});
  model.node("Relu", {"h4"}, {"y"});
  const Network net = parse_onnx(model.bytes(), "m");
  CHECK(net.nodes.size() == 2);
  Values expected(2);
  for (std::size_t j = 0; j < 2; ++j) {
    const double h = x[0] * w[j] + x[1] * w[2 + j] + x[2] * w[4 + j];
    expected[j] = std::max(0.0, (0.5 - h * (j ? -3 : 2)) / (j ? 8 : 4));
  }
  CHECK(difference(run(net, x), expected) < 1e-14);
}

TEST_CASE("arithmetic on constants is done on import") {
  ModelBuilder model;
  model.input("x", {kBatch, 2}).reals("a", {2}, {1, 2}).reals("b", {1}, {4}).output("y");
  model.node("Mul", {"a", "b"}, {"c"});
  model.node("Sub", {"c", "a"}, {"d"});
  model.node("Add", {"x", "d"}, {"y"});
  CHECK(difference(run(model, {10, 20}), {13, 26}) == 0);
}
