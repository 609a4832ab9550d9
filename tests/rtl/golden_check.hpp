// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "rtl/baseline.hpp"
#include "rtl/systolic_int8/systolic_accelerator.hpp"
#include "tests/rtl/random_network.hpp"

namespace szilard::rtl::testing {

inline std::vector<std::int32_t> pool_of(const IntegerLayer& layer, const std::vector<std::int32_t>& q) {
  if (layer.pool_window == 0) return q;
  std::vector<std::int32_t> out;
  for (std::size_t i = 0; i < layer.pool_indices.size(); i += layer.pool_window) {
    std::int32_t most = q[layer.pool_indices[i]];
    for (std::size_t k = 1; k < layer.pool_window; ++k) most = std::max(most, q[layer.pool_indices[i + k]]);
    out.push_back(most);
  }
  return out;
}

/// Runs `samples` random inputs in batches of `batch` and compares everything with the golden model; of systolic_int8
/// the clocks too. A share of the inputs is 0. Returns the clocks.
inline std::uint64_t expect_equal(const BaselineSize& baseline, const IntegerNetwork& network, std::size_t samples,
                                  std::size_t batch, Dice& dice, double zeros = 0) {
  SystolicAccelerator accelerator(baseline.rows, baseline.columns, baseline.name);
  accelerator.load(network);
  BatchResult result;
  std::uint64_t cycles = 0;
  for (std::size_t first = 0; first < samples; first += batch) {
    const std::size_t count = std::min(batch, samples - first);
    std::vector<std::vector<std::int8_t>> inputs;
    std::vector<const std::int8_t*> pointers;
    for (std::size_t s = 0; s < count; ++s) inputs.push_back(dice.codes(network.layers.front().inputs));
    if (zeros > 0)
      for (auto& input : inputs)
        for (auto& x : input)
          if (dice.integer(1, 1000) <= 1000 * zeros) x = 0;
    for (const auto& input : inputs) pointers.push_back(input.data());
    accelerator.run_batch(pointers.data(), count, result);
    REQUIRE(result.samples.size() == count);
    if (baseline.name == "systolic_int8") REQUIRE(result.cycles == accelerator.batch_cycles(count));
    cycles += result.cycles;
    for (std::size_t s = 0; s < count; ++s) {
      const IntegerResult golden = integer_forward(network, inputs[s].data());
      for (std::size_t l = 0; l < network.layers.size(); ++l) {
        INFO(baseline.name << " " << baseline.rows << "x" << baseline.columns << " sample " << first + s << " layer "
                           << network.layers[l].name);
        REQUIRE(result.samples[s][l].outputs == golden.outputs[l]);
        REQUIRE(result.samples[s][l].delivered == pool_of(network.layers[l], golden.outputs[l]));
      }
    }
  }
  REQUIRE(accelerator.samples_run() == samples);
  return cycles;
}

}  // namespace szilard::rtl::testing
