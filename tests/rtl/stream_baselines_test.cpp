// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/rtl/golden_check.hpp"

using namespace szilard::rtl;
using namespace szilard::rtl::testing;

namespace {

/// Those of integers; bfloat_test.cpp has the one of floating point numbers.
std::vector<BaselineSize> stream_baselines() {
  std::vector<BaselineSize> found;
  for (const BaselineSize& one : baselines())
    if (one.name != "systolic_int8" && !one.floating) found.push_back(one);
  return found;
}

/// The smallest built size of a baseline.
BaselineSize smallest(const std::string& name) {
  for (const BaselineSize& one : baselines())
    if (one.name == name) return one;
  FAIL("no baseline " << name);
  return {};
}

/// Vectors of up to `rows` random terms, 25 x 1000 at a time.
void many_vectors(std::size_t wanted) {
  const std::uint64_t seed = 90;
  INFO("seed " << seed);
  for (const char* name : {"systolic_os_int8", "zero_skip_int8", "mac_serial"}) {
    Dice dice(seed);
    const BaselineSize baseline = smallest(name);
    std::size_t vectors = 0;
    while (vectors < wanted) {
      IntegerLayer layer;
      layer.name = "random";
      layer.inputs = 997;
      layer.positions = 1000;
      layer.terms = static_cast<std::size_t>(dice.integer(1, baseline.rows == 1 ? 4 : baseline.rows));
      layer.outputs = static_cast<std::size_t>(dice.integer(1, baseline.columns));
      layer.relu = dice.integer(0, 1) == 1;
      layer.requantise = dice.integer(0, 3) > 0;
      layer.gather.resize(layer.positions * layer.terms);
      std::uint32_t state = static_cast<std::uint32_t>(dice.integer(1, 1 << 30));
      for (auto& g : layer.gather) {
        state = state * 1664525u + 1013904223u;
        g = static_cast<std::int32_t>(state >> 8) % 998 - 1;
      }
      fill(layer, dice);
      expect_equal(baseline, {{layer}}, 25, 25, dice, 0.3);
      vectors += 25 * layer.positions;
    }
    CHECK(vectors >= wanted);
  }
}

}  // namespace

TEST_CASE("the other baselines equal the golden model on dense networks of odd shapes", "[rtl]") {
  const std::uint64_t seed = 91;
  INFO("seed " << seed);
  Dice dice(seed);
  REQUIRE(stream_baselines().size() >= 3);
  for (const BaselineSize& baseline : stream_baselines()) {
    for (int trial = 0; trial < 3; ++trial) {
      const auto inputs = static_cast<std::size_t>(dice.integer(1, 90));
      const auto hidden = static_cast<std::size_t>(dice.integer(1, 50));
      IntegerNetwork network{
          {dense(inputs, hidden, dice), dense(hidden, static_cast<std::size_t>(dice.integer(1, 30)), dice)}};
      network.layers.back().requantise = false;
      expect_equal(baseline, network, 20, static_cast<std::size_t>(dice.integer(1, 20)), dice, 0.5);
    }
  }
}

TEST_CASE("the other baselines equal the golden model on convolutions with padding, stride, groups and pools",
          "[rtl]") {
  const std::uint64_t seed = 92;
  INFO("seed " << seed);
  Dice dice(seed);
  const ConvolutionShape plain{1, 10, 5, 2, 1, 6, 1}, strided{3, 9, 3, 1, 2, 10, 1}, grouped{4, 8, 3, 1, 1, 8, 2};
  for (const BaselineSize& baseline : stream_baselines()) {
    for (const ConvolutionShape& shape : {plain, strided, grouped}) {
      for (const int stride : {0, 2, 3}) {
        IntegerNetwork network{{convolution(shape, dice)}};
        if (stride > 0) add_pool(network.layers[0], shape.out_side(), 2, stride);
        network.layers.push_back(dense(network.layers[0].delivered(), 11, dice));
        network.layers.back().requantise = dice.integer(0, 1) == 1;
        expect_equal(baseline, network, 2, 2, dice, 0.4);
      }
    }
  }
}

TEST_CASE("layers larger than the memories of the other baselines run in pieces", "[rtl]") {
  const std::uint64_t seed = 93;
  INFO("seed " << seed);
  Dice dice(seed);
  IntegerNetwork positions{{convolution({1, 40, 3, 1, 1, 3, 1}, dice)}};
  add_pool(positions.layers[0], 40, 2, 2);
  const IntegerNetwork heavy{{dense(500, 300, dice), dense(300, 20, dice)}}, long_sums{{dense(17000, 9, dice)}};
  for (const char* name : {"systolic_os_int8", "zero_skip_int8", "mac_serial"}) {
    const BaselineSize baseline = smallest(name);
    expect_equal(baseline, positions, 1, 1, dice);
    expect_equal(baseline, heavy, 3, 2, dice, 0.9);
    expect_equal(baseline, long_sums, 2, 2, dice, 0.9);
  }
}

TEST_CASE("many random vectors pass the other baselines bit by bit", "[rtl]") { many_vectors(25000); }
TEST_CASE("a million random vectors pass the other baselines bit by bit", "[.nightly][rtl]") { many_vectors(1000000); }

TEST_CASE("zeros save clocks and energy where they are skipped, and no clocks elsewhere", "[rtl]") {
  const std::uint64_t seed = 94;
  INFO("seed " << seed);
  const auto run = [&](const char* name, int scale) {
    Dice dice(seed);
    const BaselineSize baseline = smallest(name);
    IntegerNetwork network{{dense(64, 16, dice)}};
    SystolicAccelerator accelerator(baseline.rows, baseline.columns, name);
    accelerator.load(network);
    std::vector<std::vector<std::int8_t>> inputs;
    std::vector<const std::int8_t*> pointers;
    for (int s = 0; s < 20; ++s) {
      inputs.push_back(dice.codes(64));
      for (auto& x : inputs.back())
        x = static_cast<std::int8_t>(scale == 0 || dice.integer(1, scale) > 1 ? 0 : x == 0 ? 1 : x);
    }
    for (const auto& input : inputs) pointers.push_back(input.data());
    BatchResult result;
    accelerator.run_batch(pointers.data(), inputs.size(), result);
    ActivityCounts sum;
    for (const auto& sample : result.samples) sum += sample[0].activity;
    INFO(name);
    CHECK(sum.weight_bits_toggled <= sum.weight_bits_written);
    CHECK(sum.activation_bits_toggled <= sum.activation_bits_written);
    CHECK(sum.partial_sum_bits_toggled <= sum.partial_sum_bits_written);
    CHECK(sum.pipeline_bits_toggled <= sum.pipeline_bits_written);
    return sum;
  };
  for (const char* name : {"systolic_os_int8", "mac_serial", "systolic_int8"}) {
    const ActivityCounts dense_run = run(name, 1), empty = run(name, 0);
    CHECK(empty.cycles == dense_run.cycles);
    CHECK(empty.bits_toggled() < dense_run.bits_toggled());
  }
  const ActivityCounts all = run("zero_skip_int8", 1), some = run("zero_skip_int8", 8), none = run("zero_skip_int8", 0);
  // eight columns, 64 terms, 16 outputs, 20 samples: a step for every non-zero activation and output tile
  CHECK(all.multiplications <= 64 * 16 * 20);
  CHECK(some.cycles < all.cycles / 2);
  CHECK(none.cycles < some.cycles);
  CHECK(none.multiplications == 0);
  CHECK(some.multiplications < all.multiplications / 4);
}

TEST_CASE("a fault in another baseline moves one result by one bit", "[rtl]") {
  for (const char* name : {"systolic_os_int8", "zero_skip_int8", "mac_serial"}) {
    Dice dice(95);
    const BaselineSize baseline = smallest(name);
    const IntegerNetwork network{{dense(20, 17, dice)}};
    std::vector<std::int8_t> input = dice.codes(20);
    const std::int8_t* pointers[] = {input.data(), input.data(), input.data()};
    SystolicAccelerator accelerator(baseline.rows, baseline.columns, name);
    accelerator.load(network);
    accelerator.inject_fault(0, 1, 16);
    BatchResult result;
    accelerator.run_batch(pointers, 3, result);
    for (std::size_t i = 0; i < 17; ++i) {
      CHECK(result.samples[0][0].outputs[i] == result.samples[2][0].outputs[i]);
      CHECK(std::abs(result.samples[0][0].outputs[i] - result.samples[1][0].outputs[i]) == (i == 16 ? 1 : 0));
    }
  }
}

TEST_CASE("baselines and sizes that were not built are refused by name", "[rtl][bad]") {
  CHECK_THROWS_WITH(SystolicAccelerator(8, 8, "systolic_int9"), Catch::Contains("systolic_int9"));
  CHECK_THROWS_WITH(SystolicAccelerator(8, 60, "zero_skip_int8"), Catch::Contains("8x60") && Catch::Contains("8x8"));
  CHECK_THROWS_WITH(SystolicAccelerator(8, 8, "mac_serial"), Catch::Contains("8x8") && Catch::Contains("1x8"));
  CHECK_THROWS_AS(SystolicAccelerator(0, 0, ""), std::invalid_argument);
  SystolicAccelerator accelerator(1, 8, "mac_serial");
  BatchResult result;
  CHECK_THROWS_WITH(accelerator.run_batch(static_cast<const std::int8_t* const*>(nullptr), 1, result),
                    Catch::Contains("mac_serial"));
  Dice dice(96);
  IntegerNetwork network{{dense(4, 4, dice)}};
  network.layers[0].bias[2] = 2147483647;
  CHECK_THROWS_WITH(accelerator.load(network), Catch::Contains("mac_serial") && Catch::Contains("32 bits"));
  CHECK_THROWS_WITH(SystolicAccelerator(1, 8, "mac_serial").load(IntegerNetwork{}), Catch::Contains("layer"));
}
