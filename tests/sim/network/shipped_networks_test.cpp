// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>

#include "sim/dataset/dataset.hpp"
#include "sim/network/network.hpp"

using namespace szilard;

namespace {

const std::string kData = SZILARD_SOURCE_DIR "/scenarios/data/";

struct Shipped {
  const char *network, *images, *labels;
  double scale;
  std::size_t correct, parameters;
};

const Shipped kShipped[] = {
    {"digits_mlp_64_32_10", "digits_test_images.npy", "digits_test_labels.npy", 1.0 / 16, 352, 2410},
    {"mnist_mlp_784_128_64_10", "mnist_test_images.npy", "mnist_test_labels.npy", 1.0 / 255, 9783, 109386},
    {"mnist_mlp_sparse_784_128_64_10", "mnist_test_images.npy", "mnist_test_labels.npy", 1.0 / 255, 9786, 109386},
    {"mnist_lenet5_relu", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz", 1.0 / 255, 9906, 61706},
};

support::SignalBlock logits_of(const network::Network& net, const dataset::Dataset& data, std::size_t first,
                               std::size_t count) {
  return network::evaluate(net, {data.block(first, count)}, {net.output}).front();
}

}  // namespace

TEST_CASE("shipped networks classify as many test images as the data sheet says") {
  for (const Shipped& shipped : kShipped) {
    INFO(shipped.network);
    const network::Network net = network::load_onnx(kData + shipped.network + ".onnx");
    CHECK(net.parameters == shipped.parameters);
    CHECK(net.symbolic_batch);
    CHECK_FALSE(net.fixed_batch);
    const auto data = dataset::Dataset::load(kData + shipped.images, kData + shipped.labels, shipped.scale);
    std::size_t correct = 0;
    for (std::size_t first = 0; first < data.items(); first += 1000) {
      const std::size_t count = std::min<std::size_t>(1000, data.items() - first);
      const support::SignalBlock logits = logits_of(net, data, first, count);
      REQUIRE(logits.features() == 10);
      for (std::size_t s = 0; s < count; ++s) {
        std::size_t best = 0;
        for (std::size_t f = 1; f < 10; ++f) best = logits.at(f, s) > logits.at(best, s) ? f : best;
        correct += static_cast<std::int64_t>(best) == data.labels()[first + s] ? 1 : 0;
      }
    }
    CHECK(correct == shipped.correct);
  }
}

TEST_CASE("shipped networks reproduce the reference logits of another framework within 1e-4") {
  for (const Shipped& shipped : kShipped) {
    INFO(shipped.network);
    const network::Network net = network::load_onnx(kData + shipped.network + ".onnx");
    const auto data = dataset::Dataset::load(kData + shipped.images, "", shipped.scale);
    const dataset::Array expected = dataset::read_array(kData + shipped.network + "_logits.npy");
    const std::size_t count = static_cast<std::size_t>(expected.shape()[0]);
    const support::SignalBlock logits = logits_of(net, data, 0, count);
    double worst = 0;
    for (std::size_t s = 0; s < count; ++s) {
      for (std::size_t f = 0; f < 10; ++f) worst = std::max(worst, std::abs(logits.at(f, s) - expected.at(s * 10 + f)));
    }
    CHECK(worst < 1e-4);
  }
}

TEST_CASE("results of a sample are bit-identical whatever block it comes in") {
  for (const char* name : {"digits_mlp_64_32_10", "mnist_lenet5_relu"}) {
    INFO(name);
    const network::Network net = network::load_onnx(kData + name + ".onnx");
    const bool digits = name[0] == 'd';
    const auto data =
        dataset::Dataset::load(kData + (digits ? "digits_test_images.npy" : "mnist_test_images.npy"), "", 1.0 / 255);
    const std::size_t count = 41;
    std::vector<network::ValueId> all(net.values.size());
    for (std::size_t v = 0; v < all.size(); ++v) all[v] = v;
    const auto whole = network::evaluate(net, {data.block(0, count)}, all);
    for (const std::size_t size : {1, 7, 8, 40}) {
      for (std::size_t first = 0; first < count; first += size) {
        const std::size_t here = std::min(size, count - first);
        const auto part = network::evaluate(net, {data.block(first, here)}, all);
        bool same = true;
        for (std::size_t v = 0; v < all.size(); ++v) {
          for (std::size_t f = 0; f < part[v].features(); ++f) {
            for (std::size_t s = 0; s < here; ++s) same = same && part[v].at(f, s) == whole[v].at(f, first + s);
          }
        }
        REQUIRE(same);
        REQUIRE(part.front().first_sample() == first);
      }
    }
  }
}

TEST_CASE("layers of LeNet-5 have the sizes of the data sheet") {
  const network::Network net = network::load_onnx(kData + "mnist_lenet5_relu.onnx");
  const auto layers = network::layer_summaries(net);
  REQUIRE(layers.size() == 11);
  const char* const names[] = {"c1", "Relu",   "MaxPool", "c2",     "Relu_1", "MaxPool_1",
                               "f1", "Relu_2", "f2",      "Relu_3", "f3"};
  const char* const shapes[] = {"6x28x28", "6x28x28", "6x14x14", "16x10x10", "16x10x10", "16x5x5",
                                "120",     "120",     "84",      "84",       "10"};
  const std::size_t macs[] = {784 * 25 * 6, 0, 0, 100 * 150 * 16, 0, 0, 400 * 120, 0, 120 * 84, 0, 840};
  std::size_t neurons = 0, parameters = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    CHECK(layers[i].name == names[i]);
    CHECK(layers[i].shape == shapes[i]);
    CHECK(layers[i].macs == macs[i]);
    neurons += layers[i].neurons;
    parameters += layers[i].parameters;
  }
  CHECK(neurons == 4704 + 1600 + 120 + 84);
  CHECK(parameters == 61706);
}

TEST_CASE("the input must have the features that the network takes", "[bad]") {
  const network::Network net = network::load_onnx(kData + "digits_mlp_64_32_10.onnx");
  const support::SignalBlock narrow(0, 3, 63), right(0, 3, 64);
  CHECK_THROWS_AS(network::evaluate(net, {narrow}, {net.output}), support::InputError);
  CHECK_THROWS_AS(network::evaluate(net, {}, {net.output}), support::InputError);
  CHECK_THROWS_AS(network::evaluate(net, {right, right}, {net.output}), support::InputError);
  CHECK_NOTHROW(network::evaluate(net, {right}, {net.output}));
}
