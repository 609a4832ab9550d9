// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "rtl/baseline.hpp"
#include "rtl/systolic_int8/systolic_accelerator.hpp"
#include "tests/rtl/random_network.hpp"

using namespace szilard::rtl;
using namespace szilard::rtl::testing;

namespace {

std::vector<std::int32_t> pool_of(const IntegerLayer& layer, const std::vector<std::int32_t>& q) {
  if (layer.pool_window == 0) return q;
  std::vector<std::int32_t> out;
  for (std::size_t i = 0; i < layer.pool_indices.size(); i += layer.pool_window) {
    std::int32_t most = q[layer.pool_indices[i]];
    for (std::size_t k = 1; k < layer.pool_window; ++k) most = std::max(most, q[layer.pool_indices[i + k]]);
    out.push_back(most);
  }
  return out;
}

// Runs `samples` random inputs in batches of `batch` and compares everything with the golden model.
void expect_equal(int size, const IntegerNetwork& network, std::size_t samples, std::size_t batch, Dice& dice) {
  SystolicAccelerator accelerator(size, size);
  accelerator.load(network);
  BatchResult result;
  for (std::size_t first = 0; first < samples; first += batch) {
    const std::size_t count = std::min(batch, samples - first);
    std::vector<std::vector<std::int8_t>> inputs;
    std::vector<const std::int8_t*> pointers;
    for (std::size_t s = 0; s < count; ++s) inputs.push_back(dice.codes(network.layers.front().inputs));
    for (const auto& input : inputs) pointers.push_back(input.data());
    accelerator.run_batch(pointers.data(), count, result);
    REQUIRE(result.samples.size() == count);
    for (std::size_t s = 0; s < count; ++s) {
      const IntegerResult golden = integer_forward(network, inputs[s].data());
      for (std::size_t l = 0; l < network.layers.size(); ++l) {
        INFO("size " << size << " sample " << first + s << " layer " << network.layers[l].name);
        REQUIRE(result.samples[s][l].outputs == golden.outputs[l]);
        REQUIRE(result.samples[s][l].delivered == pool_of(network.layers[l], golden.outputs[l]));
      }
    }
  }
  REQUIRE(accelerator.samples_run() == samples);
}

}  // namespace

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
      expect_equal(size, network, 9, static_cast<std::size_t>(dice.integer(1, 9)), dice);
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
        expect_equal(size, network, 3, 2, dice);
      }
    }
  }
}
