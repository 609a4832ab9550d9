// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>

#include "rtl/baseline.hpp"
#include "rtl/systolic_int8/systolic_accelerator.hpp"
#include "tests/rtl/golden_check.hpp"
#include "tests/rtl/random_network.hpp"

using namespace szilard::rtl;
using namespace szilard::rtl::testing;

TEST_CASE("the array equals the golden model on random dense networks of odd shapes", "[rtl]") {
  const std::uint64_t seed = 20240611;
  INFO("seed " << seed);
  Dice dice(seed);
  for (const int size : systolic_sizes()) {
    for (int trial = 0; trial < 4; ++trial) {
      const auto inputs = static_cast<std::size_t>(dice.integer(1, 150));
      const auto hidden = static_cast<std::size_t>(dice.integer(1, 70));
      const auto outputs = static_cast<std::size_t>(dice.integer(1, 40));
      IntegerNetwork network{{dense(inputs, hidden, dice), dense(hidden, outputs, dice)}};
      network.layers.back().requantise = false;
      expect_equal({"systolic_int8", size, size}, network, 9, static_cast<std::size_t>(dice.integer(1, 9)), dice);
    }
  }
}

TEST_CASE("the array equals the golden model on convolutions with padding, stride, groups and pools", "[rtl]") {
  const std::uint64_t seed = 77;
  INFO("seed " << seed);
  Dice dice(seed);
  const ConvolutionShape plain{1, 12, 5, 2, 1, 6, 1}, strided{3, 11, 3, 1, 2, 10, 1}, grouped{4, 9, 3, 1, 1, 8, 2},
      depthwise{6, 7, 3, 0, 1, 6, 6};
  for (const int size : systolic_sizes()) {
    for (const ConvolutionShape& shape : {plain, strided, grouped, depthwise}) {
      for (const int stride : {0, 1, 2, 3}) {
        IntegerNetwork network{{convolution(shape, dice)}};
        if (stride > 0) add_pool(network.layers[0], shape.out_side(), 2, stride);
        network.layers.push_back(dense(network.layers[0].delivered(), 11, dice));
        network.layers.back().requantise = dice.integer(0, 1) == 1;
        expect_equal({"systolic_int8", size, size}, network, 3, 2, dice);
      }
    }
  }
}

TEST_CASE("layers larger than the memories run in pieces and stay exact", "[rtl]") {
  const std::uint64_t seed = 78;
  INFO("seed " << seed);
  Dice dice(seed);
  // more vectors than accumulators; weights that do not stay; terms that take turns in the accumulators
  const ConvolutionShape many_positions{1, 40, 3, 1, 1, 3, 1};
  IntegerNetwork positions{{convolution(many_positions, dice)}};
  add_pool(positions.layers[0], 40, 2, 2);
  expect_equal({"systolic_int8", 8, 8}, positions, 2, 2, dice);

  IntegerNetwork heavy{{dense(500, 300, dice), dense(300, 20, dice)}};
  SystolicAccelerator accelerator(8, 8);
  accelerator.load(heavy);
  CHECK_FALSE(accelerator.weights_resident());
  CHECK(accelerator.load_activity().weight_writes == 0);
  expect_equal({"systolic_int8", 8, 8}, heavy, 5, 3, dice);

  IntegerNetwork long_sums{{dense(17000, 9, dice)}};
  expect_equal({"systolic_int8", 8, 8}, long_sums, 3, 3, dice);
}

TEST_CASE("a million random vectors pass the RTL bit by bit", "[rtl]") {
  const std::uint64_t seed = 79;
  INFO("seed " << seed);
  Dice dice(seed);
  std::size_t vectors = 0;
  std::vector<int> sizes = systolic_sizes();
  std::reverse(sizes.begin(), sizes.end());  // the smallest, and fastest, takes what the others leave
  for (const int size : sizes) {
    const std::size_t wanted = size == sizes.back() ? 1000000 : vectors + (size > 16 ? 50000 : 250000);
    const auto width = static_cast<std::size_t>(size);
    while (vectors < wanted) {
      IntegerLayer layer;
      layer.name = "random";
      layer.inputs = 997;
      layer.positions = 1000;
      layer.terms = static_cast<std::size_t>(dice.integer(1, size));
      layer.outputs = static_cast<std::size_t>(dice.integer(1, size));
      layer.relu = dice.integer(0, 1) == 1;
      layer.requantise = dice.integer(0, 3) > 0;
      layer.gather.resize(layer.positions * layer.terms);
      std::uint32_t state = static_cast<std::uint32_t>(dice.integer(1, 1 << 30));
      for (auto& g : layer.gather) {
        state = state * 1664525u + 1013904223u;
        g = static_cast<std::int32_t>(state >> 8) % 998 - 1;
      }
      fill(layer, dice);
      const std::size_t samples = 25;
      expect_equal({"systolic_int8", size, size}, {{layer}}, samples, samples, dice);
      vectors += samples * layer.positions;
      REQUIRE(layer.terms <= width);
    }
  }
  INFO("vectors " << vectors);
  CHECK(vectors >= 1000000);
}

TEST_CASE("extreme sums and ties come out as the golden model says", "[rtl]") {
  Dice dice(80);
  IntegerLayer layer = dense(64, 8, dice);
  for (std::size_t i = 0; i < layer.weights.size(); ++i) layer.weights[i] = i / 64 % 2 ? 127 : -127;
  layer.bias = {0, 0, 1 << 30, -(1 << 30), 1, -1, 3, -3};
  layer.relu = false;
  layer.multiplier = 1;
  layer.shift = 1;
  SystolicAccelerator accelerator(8, 8);
  for (const bool requantised : {true, false}) {
    for (const int shift : {1, 13, 31}) {
      layer.requantise = requantised;
      layer.shift = shift;
      layer.multiplier = shift == 31 ? 32767 : 1;
      accelerator.load(IntegerNetwork{{layer}});
      std::vector<std::vector<std::int8_t>> inputs = {
          std::vector<std::int8_t>(64, 127), std::vector<std::int8_t>(64, -127), std::vector<std::int8_t>(64, -128),
          std::vector<std::int8_t>(64, 0)};
      std::vector<const std::int8_t*> pointers;
      for (const auto& input : inputs) pointers.push_back(input.data());
      BatchResult result;
      accelerator.run_batch(pointers.data(), 4, result);
      for (std::size_t s = 0; s < 4; ++s) {
        CHECK(result.samples[s][0].outputs == integer_forward({{layer}}, pointers[s]).outputs[0]);
      }
    }
  }
}

TEST_CASE("a fault moves one result by one bit, and the layers behind see it", "[rtl]") {
  Dice dice(81);
  IntegerNetwork network{{dense(20, 17, dice), dense(17, 4, dice)}};
  network.layers[1].requantise = false;
  for (auto& w : network.layers[1].weights) w = 3;
  std::vector<std::vector<std::int8_t>> inputs;
  std::vector<const std::int8_t*> pointers;
  for (int s = 0; s < 5; ++s) inputs.push_back(dice.codes(20));
  for (const auto& input : inputs) pointers.push_back(input.data());
  SystolicAccelerator accelerator(8, 8);
  accelerator.load(network);
  accelerator.inject_fault(0, 6, 16);
  BatchResult sound, faulty;
  accelerator.run_batch(pointers.data(), 5, sound);
  accelerator.run_batch(pointers.data(), 5, faulty);
  for (std::size_t s = 0; s < 5; ++s) {
    const auto& a = sound.samples[s][0].outputs;
    const auto& b = faulty.samples[s][0].outputs;
    for (std::size_t i = 0; i < a.size(); ++i) CHECK(std::abs(a[i] - b[i]) == (s == 1 && i == 16 ? 1 : 0));
    CHECK((sound.samples[s][1].outputs == faulty.samples[s][1].outputs) == (s != 1));
  }
}

TEST_CASE("what the array cannot run is refused by name", "[rtl][bad]") {
  CHECK_THROWS_WITH(SystolicAccelerator(60, 60),
                    Catch::Contains("60x60") && Catch::Contains("8x8") && Catch::Contains("SZILARD_SYSTOLIC_SIZES"));
  CHECK_THROWS_WITH(SystolicAccelerator(8, 16), Catch::Contains("8x16"));
  CHECK_THROWS_AS(SystolicAccelerator(0, 0), std::invalid_argument);
  CHECK_THROWS_AS(SystolicAccelerator(-8, -8), std::invalid_argument);
  SystolicAccelerator accelerator(8, 8);
  BatchResult result;
  const std::int8_t x[4] = {};
  const std::int8_t* inputs[] = {x};
  CHECK_THROWS_WITH(accelerator.run_batch(inputs, 1, result), Catch::Contains("no network"));
  CHECK_THROWS_AS(accelerator.load(IntegerNetwork{}), std::invalid_argument);
  Dice dice(82);
  IntegerNetwork network{{dense(4, 4, dice)}};
  network.layers[0].weights[3] = -128;
  CHECK_THROWS_WITH(accelerator.load(network), Catch::Contains("-128"));
  network.layers[0].weights[3] = 1;
  network.layers[0].shift = 0;
  CHECK_THROWS_WITH(accelerator.load(network), Catch::Contains("shift"));
  network.layers[0].shift = 3;
  network.layers[0].bias[2] = 2147483647;
  CHECK_THROWS_WITH(accelerator.load(network), Catch::Contains("32 bits"));
  network.layers[0].bias[2] = 0;
  network.layers[0].pool_window = 2;
  network.layers[0].pool_indices = {0, 1};
  CHECK_THROWS_WITH(accelerator.load(network), Catch::Contains("channels"));
  network.layers[0].pool_window = 0;
  network.layers[0].pool_indices.clear();
  accelerator.load(network);
  CHECK_THROWS_AS(accelerator.run_batch(inputs, 0, result), std::invalid_argument);
  CHECK_THROWS_AS(accelerator.inject_fault(1, 0, 0), std::invalid_argument);
  CHECK_THROWS_AS(accelerator.inject_fault(0, 0, 4), std::invalid_argument);
  IntegerNetwork wide_pool{{convolution({1, 40, 1, 0, 1, 1, 1}, dice)}};
  add_pool(wide_pool.layers[0], 40, 40, 40);
  CHECK_THROWS_WITH(accelerator.load(wide_pool), Catch::Contains("1600"));
  CHECK_NOTHROW(accelerator.run_batch(inputs, 1, result));
}
