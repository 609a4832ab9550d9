// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/sim/network/model_builder.hpp"

using namespace szilard::network;
using namespace szilard::network::test;

namespace {

using Values = std::vector<double>;

/// op(A) op(B) with A as [m, k] or, transposed, [k, m]; likewise B.
Values product(const Values& a, const Values& b, std::size_t m, std::size_t k, std::size_t n, bool ta = false,
               bool tb = false) {
  Values y(m * n, 0.0);
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t l = 0; l < k; ++l)
        y[i * n + j] += (ta ? a[l * m + i] : a[i * k + l]) * (tb ? b[j * k + l] : b[l * n + j]);
    }
  }
  return y;
}

}  // namespace

TEST_CASE("Gemm of a symbolic batch is alpha x B + beta C for each sample") {
  for (const bool transposed : {false, true}) {
    const Values x = random_numbers(1, 5), b = random_numbers(2, 15), c = random_numbers(3, 3);
    ModelBuilder model;
    model.input("x", {kBatch, 5})
        .reals("b", transposed ? Shape{3, 5} : Shape{5, 3}, b)
        .reals("c", {3}, c)
        .output("y", {kBatch, 3});
    model.node("Gemm", {"x", "b", "c"}, {"y"}).real("alpha", 0.5).real("beta", -2).integer("transB", transposed);
    Values expected = product(x, b, 1, 5, 3, false, transposed);
    for (std::size_t i = 0; i < 3; ++i) expected[i] = 0.5 * expected[i] - 2 * c[i];
    const Network net = parse_onnx(model.bytes(), "m");
    CHECK(difference(run(net, x), expected) < 1e-12);
    REQUIRE(net.nodes.size() == 1);  // C is the bias of the one layer
    CHECK(net.nodes[0].map.is_dense());
    CHECK(net.nodes[0].map.bias[1] == -2 * c[1]);
    CHECK(net.parameters == 18);
  }
}

TEST_CASE("Gemm takes every shape of C that broadcasts to the product") {
  const Values x = random_numbers(4, 6), b = random_numbers(5, 6), c = random_numbers(6, 9);
  const std::vector<Shape> shapes = {{}, {1}, {3}, {1, 3}, {3, 1}, {3, 3}};
  for (const Shape& shape : shapes) {
    ModelBuilder model;
    const Values values(c.begin(), c.begin() + static_cast<std::ptrdiff_t>(volume(shape)));
    model.input("x", {3, 2}).reals("b", {2, 3}, b).reals("c", shape, values).output("y", {3, 3});
    model.node("Gemm", {"x", "b", "c"}, {"y"});
    Values expected = product(x, b, 3, 2, 3);
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 3; ++j) {
        const std::size_t row = shape.size() == 2 && shape[0] == 3 ? i : 0;
        const std::size_t column = !shape.empty() && shape.back() == 3 ? j : 0;
        expected[i * 3 + j] += values[row * (shape.empty() ? 1 : static_cast<std::size_t>(shape.back())) + column];
      }
    }
    INFO("C has " << shape.size() << " dimensions and " << values.size() << " elements");
    CHECK(difference(run(model, x), expected) < 1e-12);
  }
}

TEST_CASE("Gemm of a fixed matrix input follows transA and transB on either side") {
  const Values x = random_numbers(7, 12), w = random_numbers(8, 20);
  for (const bool ta : {false, true}) {
    for (const bool tb : {false, true}) {
      ModelBuilder left;  // x [3, 4] times w [4, 5]
      left.input("x", ta ? Shape{4, 3} : Shape{3, 4}).reals("w", tb ? Shape{5, 4} : Shape{4, 5}, w).output("y", {3, 5});
      left.node("Gemm", {"x", "w"}, {"y"}).integer("transA", ta).integer("transB", tb);
      CHECK(difference(run(left, x), product(x, w, 3, 4, 5, ta, tb)) < 1e-12);

      ModelBuilder right;  // w [5, 4] times x [4, 3]
      right.input("x", tb ? Shape{3, 4} : Shape{4, 3})
          .reals("w", ta ? Shape{4, 5} : Shape{5, 4}, w)
          .output("y", {5, 3});
      right.node("Gemm", {"w", "x"}, {"y"}).integer("transA", ta).integer("transB", tb);
      CHECK(difference(run(right, x), product(w, x, 5, 4, 3, ta, tb)) < 1e-12);
    }
  }
}

TEST_CASE("Gemm adds an activation C") {
  const Values x = random_numbers(9, 4), w = random_numbers(10, 16);
  ModelBuilder model;
  model.input("x", {kBatch, 4}).reals("w", {4, 4}, w).output("y");
  model.node("Gemm", {"x", "w", "x"}, {"y"}).real("beta", 3);
  Values expected = product(x, w, 1, 4, 4);
  for (std::size_t i = 0; i < 4; ++i) expected[i] += 3 * x[i];
  CHECK(difference(run(model, x), expected) < 1e-12);
}

TEST_CASE("MatMul contracts the last dimension of an activation with a constant matrix or vector") {
  const Values w = random_numbers(11, 12);
  const std::vector<Shape> inputs = {{kBatch, 4}, {kBatch, 3, 4}, {kBatch, 2, 3, 4}, {4}, {5, 4}, {1, 4}, {2, 3, 4}};
  for (const Shape& shape : inputs) {
    const Values x = random_numbers(12, volume(shape));
    const std::size_t lead = x.size() / 4;
    INFO("input of " << shape.size() << " dimensions, " << x.size() << " numbers");
    ModelBuilder matrix;
    matrix.input("x", shape).reals("w", {4, 3}, w).output("y");
    matrix.node("MatMul", {"x", "w"}, {"y"});
    CHECK(difference(run(matrix, x), product(x, w, lead, 4, 3)) < 1e-12);

    ModelBuilder vector;
    vector.input("x", shape).reals("w", {4}, Values(w.begin(), w.begin() + 4)).output("y");
    vector.node("MatMul", {"x", "w"}, {"y"});
    CHECK(difference(run(vector, x), product(x, w, lead, 4, 1)) < 1e-12);
  }
}

TEST_CASE("MatMul multiplies a constant matrix with each matrix of the batch") {
  const Values w = random_numbers(13, 10);
  for (const Shape& shape : {Shape{kBatch, 5, 3}, Shape{kBatch, 2, 5, 3}, Shape{5, 3}, Shape{4, 5, 3}}) {
    const Values x = random_numbers(14, volume(shape));
    Values expected;
    for (std::size_t start = 0; start < x.size(); start += 15) {
      const Values part(x.begin() + static_cast<std::ptrdiff_t>(start),
                        x.begin() + static_cast<std::ptrdiff_t>(start + 15));
      const Values y = product(w, part, 2, 5, 3);
      expected.insert(expected.end(), y.begin(), y.end());
    }
    ModelBuilder model;
    model.input("x", shape).reals("w", {2, 5}, w).output("y");
    model.node("MatMul", {"w", "x"}, {"y"});
    CHECK(difference(run(model, x), expected) < 1e-12);
  }
}

TEST_CASE("leading ones of MatMul's constant raise the rank and change no number") {
  const Values x = random_numbers(15, 4), w = random_numbers(16, 12);
  const std::vector<std::pair<Shape, Shape>> cases = {
      {{4}, {1, 1, 3}}, {{1, 4}, {1, 1, 1, 3}}, {{1, 1, 1, 1, 4}, {1, 1, 1, 1, 3}}};
  for (const auto& [from, to] : cases) {
    ModelBuilder model;
    model.input("x", from).reals("w", {1, 1, 4, 3}, w).output("y", to);
    model.node("MatMul", {"x", "w"}, {"y"});
    CHECK(difference(run(model, x), product(x, w, 1, 4, 3)) < 1e-12);
  }
}

TEST_CASE("a constant added after MatMul becomes the bias of the layer") {
  for (const Shape& shape : {Shape{kBatch, 4}, Shape{kBatch, 3, 4}}) {
    const Values x = random_numbers(17, volume(shape)), w = random_numbers(18, 20), c = random_numbers(19, 5);
    for (const bool constant_first : {false, true}) {
      ModelBuilder model;
      model.input("x", shape).reals("w", {4, 5}, w).reals("c", {5}, c).output("y");
      model.node("MatMul", {"x", "w"}, {"h"});
      model.node("Add", constant_first ? std::vector<std::string>{"c", "h"} : std::vector<std::string>{"h", "c"},
                 {"y"});
      const Network net = parse_onnx(model.bytes(), "m");
      CHECK(count_kind(net, NodeKind::linear) == 1);
      Values expected = product(x, w, x.size() / 4, 4, 5);
      for (std::size_t i = 0; i < expected.size(); ++i) expected[i] += c[i % 5];
      CHECK(difference(run(net, x), expected) < 1e-12);
    }
  }
}

TEST_CASE("a layer whose output is read twice keeps its numbers when a constant is added to one of the readers") {
  const Values x = random_numbers(20, 3), w = random_numbers(21, 9), c = random_numbers(22, 3);
  ModelBuilder model;
  model.input("x", {kBatch, 3}).reals("w", {3, 3}, w).reals("c", {3}, c).output("y");
  model.node("MatMul", {"x", "w"}, {"h"});
  model.node("Add", {"h", "c"}, {"g"});
  model.node("Add", {"h", "g"}, {"y"});
  Values expected = product(x, w, 1, 3, 3);
  for (std::size_t i = 0; i < 3; ++i) expected[i] = 2 * expected[i] + c[i];
  CHECK(difference(run(model, x), expected) < 1e-12);
}
