// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/sim/network/model_builder.hpp"

using namespace szilard::network;
using namespace szilard::network::test;

namespace {

using Values = std::vector<double>;

struct ConvCase {
  const char* what;
  Shape input;    // [N, C, spatial...]; N is kBatch or a number
  Shape weights;  // [M, C / group, kernel...]
  std::int64_t group = 1;
  Shape strides, dilations, pads;
  std::string auto_pad;
};

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

/// Convolution in two spatial dimensions as the ONNX text defines it, one output at a time. 1-D cases have a height
/// of 1.
struct Geometry {
  std::int64_t in = 1, kernel = 1, stride = 1, dilation = 1, before = 0, after = 0, out = 1;
};

Geometry geometry(const ConvCase& c, std::size_t d) {
  Geometry g;
  const std::size_t rank = c.weights.size() - 2;
  g.in = c.input[2 + d];
  g.kernel = c.weights[2 + d];
  if (!c.strides.empty()) g.stride = c.strides[d];
  if (!c.dilations.empty()) g.dilation = c.dilations[d];
  if (!c.pads.empty()) {
    g.before = c.pads[d];
    g.after = c.pads[rank + d];
  }
  const std::int64_t reach = g.dilation * (g.kernel - 1) + 1;
  if (c.auto_pad == "SAME_UPPER" || c.auto_pad == "SAME_LOWER") {
    const std::int64_t total = std::max<std::int64_t>(0, (ceil_div(g.in, g.stride) - 1) * g.stride + reach - g.in);
    g.before = c.auto_pad == "SAME_UPPER" ? total / 2 : ceil_div(total, 2);
    g.after = total - g.before;
  }
  g.out = (g.in + g.before + g.after - reach) / g.stride + 1;
  return g;
}

Values convolve(const ConvCase& c, const Values& x, const Values& w, const Values& bias) {
  const bool flat = c.weights.size() == 3;
  const Geometry h = flat ? Geometry{} : geometry(c, 0), v = geometry(c, flat ? 0 : 1);
  const std::int64_t batch = c.input[0] == kBatch ? 1 : c.input[0], channels = c.input[1], filters = c.weights[0];
  const std::int64_t per_group = c.weights[1], filters_per_group = filters / c.group;
  Values y;
  for (std::int64_t n = 0; n < batch; ++n) {
    for (std::int64_t m = 0; m < filters; ++m) {
      for (std::int64_t oi = 0; oi < h.out; ++oi) {
        for (std::int64_t oj = 0; oj < v.out; ++oj) {
          double sum = bias.empty() ? 0 : bias[m];
          for (std::int64_t k = 0; k < per_group; ++k) {
            const std::int64_t channel = m / filters_per_group * per_group + k;
            for (std::int64_t ki = 0; ki < h.kernel; ++ki) {
              for (std::int64_t kj = 0; kj < v.kernel; ++kj) {
                const std::int64_t i = oi * h.stride - h.before + ki * h.dilation,
                                   j = oj * v.stride - v.before + kj * v.dilation;
                if (i < 0 || j < 0 || i >= h.in || j >= v.in) continue;
                sum += w[((m * per_group + k) * h.kernel + ki) * v.kernel + kj] *
                       x[((n * channels + channel) * h.in + i) * v.in + j];
              }
            }
          }
          y.push_back(sum);
        }
      }
    }
  }
  return y;
}

const ConvCase kCases[] = {
    {"plain", {kBatch, 2, 6, 5}, {3, 2, 3, 3}, 1, {}, {}, {}, ""},
    {"padded", {kBatch, 2, 6, 5}, {3, 2, 3, 3}, 1, {}, {}, {1, 2, 0, 1}, ""},
    {"strided", {kBatch, 1, 7, 8}, {2, 1, 3, 2}, 1, {2, 3}, {}, {1, 1, 1, 1}, ""},
    {"dilated", {kBatch, 2, 9, 9}, {2, 2, 3, 3}, 1, {}, {2, 3}, {}, ""},
    {"grouped", {kBatch, 4, 5, 5}, {6, 2, 2, 2}, 2, {}, {}, {}, ""},
    {"depthwise", {kBatch, 3, 5, 5}, {6, 1, 3, 3}, 3, {2, 1}, {}, {1, 1, 1, 1}, ""},
    {"same upper", {kBatch, 1, 6, 7}, {2, 1, 4, 3}, 1, {2, 2}, {}, {}, "SAME_UPPER"},
    {"same lower", {kBatch, 1, 6, 7}, {2, 1, 4, 3}, 1, {2, 2}, {}, {}, "SAME_LOWER"},
    {"same lower dilated", {kBatch, 1, 6, 7}, {2, 1, 2, 3}, 1, {1, 1}, {3, 2}, {}, "SAME_LOWER"},
    {"valid", {kBatch, 1, 6, 7}, {2, 1, 2, 3}, 1, {3, 2}, {}, {}, "VALID"},
    {"fixed batch of 1", {1, 2, 4, 4}, {2, 2, 3, 3}, 1, {}, {}, {1, 1, 1, 1}, ""},
    {"fixed batch of 3", {3, 2, 4, 4}, {2, 2, 3, 3}, 1, {}, {}, {}, ""},
    {"fixed batch of 2, grouped", {2, 4, 3, 3}, {4, 2, 2, 2}, 2, {}, {}, {}, ""},
    {"1-D", {kBatch, 3, 11}, {4, 3, 4}, 1, {2}, {2}, {1, 3}, ""},
    {"1-D same", {kBatch, 2, 10}, {2, 2, 4}, 1, {3}, {}, {}, "SAME_UPPER"},
    {"1-D grouped", {kBatch, 4, 6}, {4, 1, 3}, 4, {}, {}, {1, 1}, ""},
    {"kernel as large as the padded input", {kBatch, 1, 2, 2}, {1, 1, 4, 4}, 1, {}, {}, {1, 1, 1, 1}, ""},
};

ModelBuilder conv_model(const ConvCase& c, const Values& w, const Values& bias, std::int64_t opset) {
  ModelBuilder model(opset);
  model.input("x", c.input).reals("w", c.weights, w).output("y");
  if (!bias.empty()) model.reals("b", {c.weights[0]}, bias);
  NodeHandle node = model.node(
      "Conv", bias.empty() ? std::vector<std::string>{"x", "w"} : std::vector<std::string>{"x", "w", "b"}, {"y"});
  if (c.group != 1) node.integer("group", c.group);
  if (!c.strides.empty()) node.integers("strides", c.strides);
  if (!c.dilations.empty()) node.integers("dilations", c.dilations);
  if (!c.pads.empty()) node.integers("pads", c.pads);
  if (!c.auto_pad.empty()) node.text("auto_pad", c.auto_pad);
  if (opset < 13) node.integers("kernel_shape", Shape(c.weights.begin() + 2, c.weights.end()));
  return model;
}

}  // namespace

TEST_CASE("Conv equals the sum over its window for every attribute") {
  for (const ConvCase& c : kCases) {
    INFO(c.what);
    const Values x = random_numbers(31, volume(c.input)), w = random_numbers(32, volume(c.weights));
    const Values bias = random_numbers(33, static_cast<std::size_t>(c.weights[0]));
    for (const std::int64_t opset : {1, 6, 11, 13, 18}) {
      CHECK(difference(run(conv_model(c, w, bias, opset), x), convolve(c, x, w, bias)) < 1e-12);
      CHECK(difference(run(conv_model(c, w, {}, opset), x), convolve(c, x, w, {})) < 1e-12);
    }
  }
}

TEST_CASE("a convolution has one position per output pixel and keeps its groups") {
  const Values w = random_numbers(34, 48);
  const Network net = parse_onnx(conv_model(kCases[4], w, {}, 13).bytes(), "m");
  REQUIRE(net.nodes.size() == 1);
  CHECK(net.nodes[0].map.groups == 2);
  CHECK(net.nodes[0].map.outputs == 3);
  CHECK(net.nodes[0].map.positions == 16);
  CHECK(net.nodes[0].map.terms == 8);
  CHECK(net.output_shape == Shape{6, 4, 4});
}

TEST_CASE("BatchNormalization folds into the layer before it") {
  const Values x = random_numbers(35, 2 * 25), w = random_numbers(36, 3 * 2 * 9), bias = random_numbers(37, 3);
  const Values scale = random_numbers(38, 3), shift = random_numbers(39, 3), mean = random_numbers(40, 3),
               var = {0.25, 2, 0.01};
  const ConvCase c = {"", {kBatch, 2, 5, 5}, {3, 2, 3, 3}, 1, {}, {}, {1, 1, 1, 1}, ""};
  for (const std::int64_t opset : {6, 7, 9, 14, 15}) {
    ModelBuilder normalised(opset);
    normalised.input("x", c.input).reals("w", c.weights, w).reals("b", {3}, bias).output("z");
    normalised.reals("s", {3}, scale).reals("t", {3}, shift).reals("m", {3}, mean).reals("v", {3}, var);
    normalised.node("Conv", {"x", "w", "b"}, {"y"}).integers("pads", {1, 1, 1, 1});
    NodeHandle node = normalised.node("BatchNormalization", {"y", "s", "t", "m", "v"}, {"z"});
    node.real("epsilon", 0.001).real("momentum", 0.9);
    if (opset < 7) node.integer("is_test", 1);
    if (opset < 9) node.integer("spatial", 1);
    if (opset >= 14) node.integer("training_mode", 0);
    const Network net = parse_onnx(normalised.bytes(), "m");
    REQUIRE(net.nodes.size() == 1);
    CHECK(net.nodes[0].map.positions == 25);
    Values expected = convolve(c, x, w, bias);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const std::size_t k = i / 25;
      expected[i] = (expected[i] - mean[k]) / std::sqrt(var[k] + double(0.001f)) * scale[k] + shift[k];
    }
    CHECK(difference(run(net, x), expected) < 1e-6);  // var and mean are stored as floats
  }
}

TEST_CASE("BatchNormalization with nothing linear before it is a layer with one group per channel") {
  const Values x = random_numbers(41, 12);
  for (const Shape& shape : {Shape{kBatch, 3, 2, 2}, Shape{1, 3, 4}, Shape{kBatch, 3, 4}}) {
    ModelBuilder model;
    model.input("x", shape)
        .reals("s", {3}, {1, 2, 3})
        .reals("t", {3}, {0.5, 0, -1})
        .reals("m", {3}, {1, 0, 2})
        .reals("v", {3}, {1, 4, 9});
    model.output("y").node("BatchNormalization", {"x", "s", "t", "m", "v"}, {"y"}).real("epsilon", 0);
    const Network net = parse_onnx(model.bytes(), "m");
    REQUIRE(net.nodes.size() == 1);
    CHECK(net.nodes[0].map.groups == 3);
    CHECK(net.nodes[0].map.positions == 4);
    Values expected = x;
    const Values slope = {1, 1, 1}, offset = {-0.5, 0, -3};
    for (std::size_t i = 0; i < 12; ++i) expected[i] = x[i] * slope[i / 4] + offset[i / 4];
    CHECK(difference(run(net, x), expected) < 1e-12);
  }
}
