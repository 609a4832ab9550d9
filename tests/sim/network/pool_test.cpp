// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <limits>

#include "tests/sim/network/model_builder.hpp"

using namespace szilard::network;
using namespace szilard::network::test;

namespace {

using Values = std::vector<double>;

struct PoolCase {
  const char* what;
  Shape input, kernel, strides, pads, dilations;
  bool ceil = false, include_padding = false;
  std::string auto_pad;
};

struct Axis {
  std::int64_t in = 1, kernel = 1, stride = 1, dilation = 1, before = 0, after = 0, out = 1;
};

Axis axis(const PoolCase& c, std::size_t d) {
  Axis a;
  const std::size_t rank = c.kernel.size();
  a.in = c.input[2 + d];
  a.kernel = c.kernel[d];
  if (!c.strides.empty()) a.stride = c.strides[d];
  if (!c.dilations.empty()) a.dilation = c.dilations[d];
  if (!c.pads.empty()) {
    a.before = c.pads[d];
    a.after = c.pads[rank + d];
  }
  const std::int64_t reach = (a.kernel - 1) * a.dilation + 1;
  if (!c.auto_pad.empty() && c.auto_pad != "VALID") {
    const std::int64_t total =
        std::max<std::int64_t>(0, ((a.in + a.stride - 1) / a.stride - 1) * a.stride + reach - a.in);
    a.before = c.auto_pad == "SAME_LOWER" ? (total + 1) / 2 : total / 2;
    a.after = total - a.before;
  }
  a.out = 0;
  // Count the windows: those that fit; with ceil_mode also those that begin inside the input or the padding before it.
  for (std::int64_t start = -a.before;; start += a.stride) {
    const bool fits = start + reach <= a.in + a.after;
    const bool partly = c.ceil && start < a.in && start - a.stride + reach < a.in + a.after;
    if (!fits && !partly) break;
    ++a.out;
  }
  return a;
}

Values pool(const PoolCase& c, const Values& x, bool average) {
  const bool flat = c.kernel.size() == 1;
  const Axis h = flat ? Axis{} : axis(c, 0), v = axis(c, flat ? 0 : 1);
  const std::size_t planes = x.size() / static_cast<std::size_t>(h.in * v.in);
  Values y;
  for (std::size_t p = 0; p < planes; ++p) {
    for (std::int64_t oi = 0; oi < h.out; ++oi) {
      for (std::int64_t oj = 0; oj < v.out; ++oj) {
        double sum = 0, best = -std::numeric_limits<double>::infinity();
        int inside = 0, padded = 0;
        for (std::int64_t ki = 0; ki < h.kernel; ++ki) {
          for (std::int64_t kj = 0; kj < v.kernel; ++kj) {
            const std::int64_t i = oi * h.stride - h.before + ki * h.dilation,
                               j = oj * v.stride - v.before + kj * v.dilation;
            if (i < h.in + h.after && j < v.in + v.after) ++padded;
            if (i < 0 || j < 0 || i >= h.in || j >= v.in) continue;
            ++inside;
            const double value = x[(p * h.in + i) * v.in + j];
            sum += value;
            best = std::max(best, value);
          }
        }
        y.push_back(average ? sum / (c.include_padding ? padded : inside) : best);
      }
    }
  }
  return y;
}

ModelBuilder pool_model(const PoolCase& c, const std::string& op, std::int64_t opset) {
  ModelBuilder model(opset);
  model.input("x", c.input).output("y");
  NodeHandle node = model.node(op, {"x"}, {"y"});
  node.integers("kernel_shape", c.kernel);
  if (!c.strides.empty()) node.integers("strides", c.strides);
  if (!c.pads.empty()) node.integers("pads", c.pads);
  if (!c.dilations.empty()) node.integers("dilations", c.dilations);
  if (c.ceil) node.integer("ceil_mode", 1);
  if (op == "AveragePool" && c.include_padding) node.integer("count_include_pad", 1);
  if (!c.auto_pad.empty()) node.text("auto_pad", c.auto_pad);
  return model;
}

const PoolCase kCases[] = {
    {"2x2", {kBatch, 2, 4, 6}, {2, 2}, {2, 2}, {}, {}, false, false, ""},
    {"stride 1", {kBatch, 2, 4, 5}, {2, 3}, {}, {}, {}, false, false, ""},
    {"overlapping, padded", {kBatch, 2, 6, 5}, {3, 3}, {2, 2}, {1, 1, 1, 1}, {}, false, false, ""},
    {"padding counted", {kBatch, 2, 6, 5}, {3, 3}, {2, 2}, {1, 1, 1, 1}, {}, false, true, ""},
    {"uneven padding", {kBatch, 1, 5, 5}, {3, 2}, {2, 2}, {2, 0, 1, 1}, {}, false, true, ""},
    {"ceil mode", {kBatch, 2, 5, 7}, {2, 2}, {2, 2}, {}, {}, true, false, ""},
    {"ceil mode, padded", {kBatch, 2, 6, 6}, {3, 3}, {2, 2}, {1, 1, 1, 1}, {}, true, false, ""},
    {"ceil mode, padding counted", {kBatch, 1, 6, 6}, {3, 3}, {2, 2}, {1, 1, 1, 1}, {}, true, true, ""},
    {"ceil mode, no window in the padding", {kBatch, 1, 4, 4}, {2, 2}, {3, 3}, {0, 0, 1, 1}, {}, true, true, ""},
    {"same upper", {kBatch, 2, 5, 4}, {2, 3}, {2, 2}, {}, {}, false, false, "SAME_UPPER"},
    {"same lower", {kBatch, 2, 5, 4}, {2, 3}, {2, 2}, {}, {}, false, true, "SAME_LOWER"},
    {"valid", {kBatch, 2, 5, 4}, {2, 3}, {2, 2}, {}, {}, false, false, "VALID"},
    {"1-D", {kBatch, 3, 9}, {4}, {3}, {1, 1}, {}, false, false, ""},
    {"fixed batch of 2", {2, 2, 4, 4}, {2, 2}, {2, 2}, {}, {}, false, false, ""},
    {"fixed batch of 1", {1, 2, 4, 4}, {2, 2}, {2, 2}, {}, {}, false, false, ""},
};

}  // namespace

TEST_CASE("MaxPool takes the largest input of each window for every attribute") {
  for (const PoolCase& c : kCases) {
    INFO(c.what);
    Values x = random_numbers(51, volume(c.input));
    for (double& value : x) value -= 2;  // a zero from the padding would win
    for (const std::int64_t opset : {1, 8, 10, 12})
      CHECK(difference(run(pool_model(c, "MaxPool", opset), x), pool(c, x, false)) == 0);
  }
}

TEST_CASE("MaxPool spreads its window by the dilations") {
  const PoolCase c = {"dilated", {kBatch, 2, 7, 8}, {2, 3}, {2, 1}, {1, 1, 0, 1}, {3, 2}, false, false, ""};
  const Values x = random_numbers(52, volume(c.input));
  CHECK(difference(run(pool_model(c, "MaxPool", 10), x), pool(c, x, false)) == 0);
}

TEST_CASE("AveragePool divides by the inputs of each window, or by its padding too where asked") {
  for (const PoolCase& c : kCases) {
    INFO(c.what);
    const Values x = random_numbers(53, volume(c.input));
    for (const std::int64_t opset : {7, 10, 11, 18})
      CHECK(difference(run(pool_model(c, "AveragePool", opset), x), pool(c, x, true)) < 1e-14);
  }
}

TEST_CASE("AveragePool is a linear layer with one group per channel where all windows have one divisor") {
  const Network net = parse_onnx(pool_model(kCases[0], "AveragePool", 13).bytes(), "m");
  REQUIRE(net.nodes.size() == 1);
  CHECK(net.nodes[0].kind == NodeKind::linear);
  CHECK(net.nodes[0].map.groups == 2);
  CHECK(net.nodes[0].map.positions == 6);
  CHECK(net.parameters == 0);
}

TEST_CASE("GlobalAveragePool is the mean of each channel") {
  for (const Shape& shape : {Shape{kBatch, 3, 4, 2}, Shape{kBatch, 3, 8}, Shape{1, 3, 2, 4}}) {
    const Values x = random_numbers(54, 24);
    ModelBuilder model;
    model.input("x", shape).output("y").node("GlobalAveragePool", {"x"}, {"y"});
    Values expected(3, 0.0);
    for (std::size_t i = 0; i < 24; ++i) expected[i / 8] += x[i] / 8;
    CHECK(difference(run(model, x), expected) < 1e-14);
  }
}
