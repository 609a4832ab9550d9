// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <numeric>

#include "tests/sim/network/model_builder.hpp"

using namespace szilard::network;
using namespace szilard::network::test;

namespace {

using Values = std::vector<double>;

Values counting(std::size_t count) {
  Values x(count);
  std::iota(x.begin(), x.end(), 1.0);
  return x;
}

struct ReshapeCase {
  Shape from, target, result;  ///< result without the batch
  std::int64_t allow_zero = 0;
};

/// The model must keep all numbers in their order and need no node for it.
void check_only_seen_differently(const ModelBuilder& model, std::size_t size, const Shape& result) {
  const Network net = parse_onnx(model.bytes(), "m");
  CHECK(net.nodes.empty());
  CHECK(net.output_shape == result);
  CHECK(run(net, counting(size)) == counting(size));
}

}  // namespace

TEST_CASE("Reshape understands 0, -1 and the batch") {
  const std::vector<ReshapeCase> cases = {
      {{kBatch, 2, 3}, {0, 6}, {6}},
      {{kBatch, 2, 3}, {-1, 6}, {6}},
      {{kBatch, 2, 3}, {0, -1}, {6}},
      {{kBatch, 2, 3}, {0, 0, -1}, {2, 3}},
      {{kBatch, 6}, {-1, 1, 2, 3}, {1, 2, 3}},
      {{kBatch, 6}, {1, 6}, {6}},
      {{kBatch, 6}, {1, -1, 2}, {3, 2}},
      {{kBatch, 2, 3}, {0, 3, 0, 1}, {}},
      {{kBatch, 1}, {-1}, {}},
      {{1, 2, 3}, {1, 6}, {6}},
      {{1, 2, 3}, {6}, {6}},
      {{1, 2, 3}, {-1, 2}, {3, 2}},
      {{2, 3}, {3, 2}, {3, 2}},
      {{2, 3}, {0, -1}, {2, 3}},
      {{2, 3}, {-1}, {6}},
  };
  for (const ReshapeCase& c : cases) {
    std::string text;
    for (const std::int64_t d : c.target) text += std::to_string(d) + " ";
    INFO("target " << text);
    for (const std::int64_t opset : {1, 5, 13, 14, 18}) {
      ModelBuilder model(opset);
      model.input("x", c.from).output("y");
      if (opset < 5) {
        model.node("Reshape", {"x"}, {"y"}).integers("shape", c.target);
      } else {
        model.integers("s", c.target).node("Reshape", {"x", "s"}, {"y"});
      }
      if (c.target == Shape{0, 3, 0, 1}) {  // copies a dimension of 3 where only 2 are left
        CHECK(refusal(model).code == szilard::support::DiagnosticCode::shape_mismatch);
        continue;
      }
      check_only_seen_differently(model, volume(c.from), c.result);
    }
  }
}

TEST_CASE("Flatten, Squeeze and Unsqueeze only change how numbers are seen") {
  for (const std::int64_t opset : {6, 11, 13}) {
    ModelBuilder flatten(opset);
    flatten.input("x", {kBatch, 2, 3}).output("y", {kBatch, 6}).node("Flatten", {"x"}, {"y"});
    check_only_seen_differently(flatten, 6, {6});

    ModelBuilder fixed(opset);
    fixed.input("x", {4, 2, 3}).output("y", {8, 3}).node("Flatten", {"x"}, {"y"}).integer("axis", 2);
    check_only_seen_differently(fixed, 24, {8, 3});

    ModelBuilder zero(opset);
    zero.input("x", {2, 3}).output("y", {1, 6}).node("Flatten", {"x"}, {"y"}).integer("axis", 0);
    check_only_seen_differently(zero, 6, {1, 6});

    ModelBuilder squeeze(opset), unsqueeze(opset);
    squeeze.input("x", {kBatch, 1, 5, 1}).output("y", {kBatch, 5, 1});
    unsqueeze.input("x", {kBatch, 5}).output("y", {kBatch, 1, 5, 1});
    if (opset < 13) {
      squeeze.node("Squeeze", {"x"}, {"y"}).integers("axes", {1});
      unsqueeze.node("Unsqueeze", {"x"}, {"y"}).integers("axes", {1, 3});
    } else {
      squeeze.integers("axes", {1}).node("Squeeze", {"x", "axes"}, {"y"});
      unsqueeze.integers("axes", {3, 1}).node("Unsqueeze", {"x", "axes"}, {"y"});
    }
    check_only_seen_differently(squeeze, 5, {5, 1});
    check_only_seen_differently(unsqueeze, 5, {1, 5, 1});

    ModelBuilder all(opset);
    all.input("x", {kBatch, 1, 5, 1}).output("y", {kBatch, 5}).node("Squeeze", {"x"}, {"y"});
    check_only_seen_differently(all, 5, {5});
  }
  ModelBuilder negative(13);
  negative.input("x", {kBatch, 1, 5, 1})
      .output("y", {kBatch, 1, 5})
      .integers("a", {-1})
      .node("Squeeze", {"x", "a"}, {"y"});
  check_only_seen_differently(negative, 5, {1, 5});
}

TEST_CASE("a fixed batch of 1 may be squeezed away and put back") {
  ModelBuilder model;
  model.input("x", {1, 4}).output("y", {1, 2}).integers("zero", {0}).reals("w", {4, 2}, random_numbers(81, 8));
  model.node("Squeeze", {"x", "zero"}, {"v"});
  model.node("MatMul", {"v", "w"}, {"h"});
  model.node("Unsqueeze", {"h", "zero"}, {"y"});
  const Network net = parse_onnx(model.bytes(), "m");
  CHECK(net.fixed_batch);
  CHECK_FALSE(net.symbolic_batch);
  CHECK(net.output_shape == Shape{2});
  CHECK(net.nodes.size() == 1);
}

TEST_CASE("Transpose moves every element to its permuted place") {
  const Shape sample = {2, 3, 4};
  const Values x = counting(24);
  const std::vector<Shape> orders = {{0, 1, 2, 3}, {0, 1, 3, 2}, {0, 2, 1, 3},
                                     {0, 2, 3, 1}, {0, 3, 1, 2}, {0, 3, 2, 1}};
  for (const Shape& order : orders) {
    for (const bool batched : {true, false}) {
      ModelBuilder model;
      model.input("x", {batched ? kBatch : 1, 2, 3, 4})
          .output("y")
          .node("Transpose", {"x"}, {"y"})
          .integers("perm", order);
      Values expected;
      std::size_t index[3];
      const std::int64_t a = order[1] - 1, b = order[2] - 1, c = order[3] - 1;
      for (index[a] = 0; index[a] < std::size_t(sample[a]); ++index[a]) {
        for (index[b] = 0; index[b] < std::size_t(sample[b]); ++index[b]) {
          for (index[c] = 0; index[c] < std::size_t(sample[c]); ++index[c])
            expected.push_back(x[(index[0] * 3 + index[1]) * 4 + index[2]]);
        }
      }
      CHECK(run(model, x) == expected);
    }
  }
  ModelBuilder reversed;
  reversed.input("x", {2, 3}).output("y", {3, 2}).node("Transpose", {"x"}, {"y"});
  CHECK(run(reversed, counting(6)) == Values{1, 4, 2, 5, 3, 6});
}

TEST_CASE("a transposed constant is transposed on import") {
  const Values w = random_numbers(82, 12), x = random_numbers(83, 4);
  ModelBuilder model;
  model.input("x", {kBatch, 4}).reals("w", {3, 4}, w).output("y");
  model.node("Transpose", {"w"}, {"wt"});
  model.node("MatMul", {"x", "wt"}, {"y"});
  Values expected(3, 0.0);
  for (std::size_t o = 0; o < 3; ++o) {
    for (std::size_t k = 0; k < 4; ++k) expected[o] += w[o * 4 + k] * x[k];
  }
  const Network net = parse_onnx(model.bytes(), "m");
  CHECK(net.nodes.size() == 1);
  CHECK(difference(run(net, x), expected) < 1e-14);
}

TEST_CASE("Pad puts zeros or a constant around and cuts off where pads are negative") {
  const Values x = counting(6);  // [2, 3]
  struct PadCase {
    Shape pads;  // of the two sample dimensions: begins, ends
    double fill;
  };
  for (const PadCase& c :
       {PadCase{{1, 0, 0, 2}, 0}, PadCase{{0, 1, 1, 0}, 0.5}, PadCase{{-1, 1, 0, 1}, 0}, PadCase{{0, -1, 2, -1}, -3}}) {
    const std::int64_t height = 2 + c.pads[0] + c.pads[2], width = 3 + c.pads[1] + c.pads[3];
    Values expected;
    for (std::int64_t i = -c.pads[0]; i < height - c.pads[0]; ++i) {
      for (std::int64_t j = -c.pads[1]; j < width - c.pads[1]; ++j) {
        const bool inside = i >= 0 && j >= 0 && i < 2 && j < 3;
        expected.push_back(inside ? x[static_cast<std::size_t>(i * 3 + j)] : c.fill);
      }
    }
    const Shape full = {0, c.pads[0], c.pads[1], 0, c.pads[2], c.pads[3]};
    for (const std::int64_t opset : {1, 2, 10, 11, 13, 18}) {
      ModelBuilder model(opset);
      model.input("x", {kBatch, 2, 3}).output("y", {kBatch, height, width});
      if (opset < 11) {
        model.node("Pad", {"x"}, {"y"})
            .integers(opset < 2 ? "paddings" : "pads", full)
            .real("value", c.fill)
            .text("mode", "constant");
      } else if (opset < 18) {
        model.integers("p", full).reals("f", {}, {c.fill}).node("Pad", {"x", "p", "f"}, {"y"});
      } else {
        model.integers("p", c.pads)
            .reals("f", {}, {c.fill})
            .integers("a", {1, -1})
            .node("Pad", {"x", "p", "f", "a"}, {"y"});
      }
      INFO("opset " << opset);
      CHECK(run(model, x) == expected);
    }
  }
}

TEST_CASE("a constant can still be added after Pad: zeros stay zeros first") {
  ModelBuilder model;
  model.input("x", {kBatch, 2})
      .reals("w", {2, 2}, {1, 0, 0, 1})
      .integers("p", {0, 1, 0, 0})
      .reals("c", {3}, {5, 6, 7})
      .output("y");
  model.node("MatMul", {"x", "w"}, {"h"});
  model.node("Pad", {"h", "p"}, {"q"});
  model.node("Add", {"q", "c"}, {"y"});
  CHECK(run(model, {10, 20}) == Values{5, 16, 27});
}

TEST_CASE("Identity, Dropout and Cast between float types pass numbers on") {
  for (const std::int64_t opset : {6, 7, 10, 12, 13}) {
    ModelBuilder model(opset);
    model.input("x", {kBatch, 3}).output("y");
    model.node("Identity", {"x"}, {"a"});
    NodeHandle dropout = model.node("Dropout", {"a"}, {"b", "mask"});
    if (opset < 12) dropout.real("ratio", 0.9);
    if (opset < 7) dropout.integer("is_test", 1);
    model.node("Cast", {"b"}, {"c"}).integer("to", 10);
    model.node("Cast", {"c"}, {"y"}).integer("to", 1);
    check_only_seen_differently(model, 3, {3});
  }
  ModelBuilder text(5);
  text.input("x", {kBatch, 3}).output("y").node("Cast", {"x"}, {"y"}).text("to", "DOUBLE");
  check_only_seen_differently(text, 3, {3});
}

TEST_CASE("[N,64], [N,8,8] and [N,1,8,8] inputs are the same features") {
  const Values x = random_numbers(84, 64), w = random_numbers(85, 128);
  Values first;
  for (const Shape& shape : {Shape{kBatch, 64}, Shape{kBatch, 8, 8}, Shape{kBatch, 1, 8, 8}, Shape{1, 64},
                             Shape{1, 8, 8}, Shape{1, 1, 8, 8}}) {
    ModelBuilder model;
    model.input("x", shape).reals("w", {64, 2}, w).output("y");
    model.node("Flatten", {"x"}, {"f"});
    model.node("MatMul", {"f", "w"}, {"y"});
    const Network net = parse_onnx(model.bytes(), "m");
    CHECK(net.values[net.inputs[0]].size == 64);
    CHECK(net.output_shape == Shape{2});
    const Values y = run(net, x);
    if (first.empty()) first = y;
    CHECK(y == first);
  }
}
