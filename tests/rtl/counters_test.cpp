// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "rtl/systolic_int8/systolic_accelerator.hpp"
#include "tests/rtl/random_network.hpp"

using namespace szilard::rtl;
using namespace szilard::rtl::testing;

namespace {

constexpr std::size_t kRows = 8, kColumns = 8;

/// A register that only remembers: how often it was written, what toggled, whether it changed.
template <class T>
struct Register {
  T value = 0;
  std::uint64_t toggles = 0, writes = 0;
  bool write(T next) {
    const bool changed = next != value;
    for (auto change = static_cast<std::uint64_t>(value ^ next) & (~std::uint64_t{0} >> (64 - 8 * sizeof(T))); change;
         change >>= 1) {
      toggles += change & 1;
    }
    value = next;
    ++writes;
    return changed;
  }
};

/// What the registers of an array must do for a dense layer without pooling, from the order of values alone: no clocks.
struct Expected {
  Register<std::int8_t> weight[kRows][kColumns], weight_bus[kColumns], activation[kRows];
  Register<std::int32_t> partial[kRows][kColumns], sum[kColumns], result[kColumns], pooled[kColumns];
  Register<std::int64_t> product[kColumns];
  std::uint64_t multiplications = 0, additions = 0, requantisations = 0;

  void run(const IntegerLayer& layer, const std::vector<std::vector<std::int8_t>>& inputs) {
    const std::size_t term_tiles = (layer.terms + kRows - 1) / kRows,
                      output_tiles = (layer.outputs + kColumns - 1) / kColumns;
    std::vector<std::vector<std::int32_t>> accumulators(inputs.size(), std::vector<std::int32_t>(kColumns));
    for (std::size_t n = 0; n < output_tiles; ++n) {
      for (std::size_t t = 0; t < term_tiles; ++t) {
        bool weight_changed[kRows][kColumns];
        for (std::size_t r = 0; r < kRows; ++r) {
          for (std::size_t c = 0; c < kColumns; ++c) {
            const std::size_t o = n * kColumns + c, k = t * kRows + r;
            const std::int8_t w =
                o < layer.outputs && k < layer.terms ? layer.weights[o * layer.terms + k] : std::int8_t{0};
            weight_bus[c].write(w);
            weight_changed[r][c] = weight[r][c].write(w);
          }
        }
        for (std::size_t m = 0; m < inputs.size(); ++m) {
          for (std::size_t r = 0; r < kRows; ++r) {
            const std::size_t k = t * kRows + r;
            const bool changed = activation[r].write(k < layer.terms ? inputs[m][k] : std::int8_t{0});
            for (std::size_t c = 0; c < kColumns; ++c) {
              multiplications += changed || (m == 0 && weight_changed[r][c]);
              const std::int32_t above = r == 0 ? 0 : partial[r - 1][c].value;
              additions += partial[r][c].write(above + activation[r].value * weight[r][c].value);
            }
          }
          finish(layer, n, t, term_tiles, accumulators[m]);
        }
      }
    }
  }

  void finish(const IntegerLayer& layer, std::size_t n, std::size_t t, std::size_t term_tiles,
              std::vector<std::int32_t>& acc) {
    for (std::size_t c = 0; c < kColumns; ++c) {
      const std::size_t o = n * kColumns + c;
      const std::int32_t start = t > 0 ? acc[c] : o < layer.outputs ? layer.bias[o] : 0;
      additions += sum[c].write(start + partial[kRows - 1][c].value);
      acc[c] = sum[c].value;
      if (t + 1 < term_tiles) continue;
      const std::int64_t rectified = layer.relu ? std::max(acc[c], 0) : acc[c];
      const bool changed = product[c].write(rectified * layer.multiplier);
      requantisations += changed;
      additions += changed;
      const auto q = requantise(rectified, layer.multiplier, layer.shift);
      result[c].write(q);
      pooled[c].write(q);
    }
  }

  std::uint64_t weight_toggles() const {
    std::uint64_t sum_of = 0;
    for (std::size_t c = 0; c < kColumns; ++c) {
      sum_of += c * weight_bus[c].toggles;  // column c lies behind c registers of skew
      for (std::size_t r = 0; r < kRows; ++r) sum_of += weight[r][c].toggles;
    }
    return sum_of;
  }
  std::uint64_t activation_toggles() const {
    std::uint64_t sum_of = 0;
    for (std::size_t r = 0; r < kRows; ++r) sum_of += (r + kColumns) * activation[r].toggles;
    return sum_of;
  }
  std::uint64_t partial_toggles() const {
    std::uint64_t sum_of = 0;
    for (const auto& row : partial) {
      for (const auto& p : row) sum_of += p.toggles;
    }
    return sum_of;
  }
  // the data registers of the pipeline class; control toggles come on top and depend on no data
  std::uint64_t pipeline_toggles() const {
    std::uint64_t sum_of = 0;
    for (std::size_t c = 0; c < kColumns; ++c) {
      sum_of += (kColumns - 1 - c) * partial[kRows - 1][c].toggles + sum[c].toggles + product[c].toggles +
                result[c].toggles + pooled[c].toggles;
    }
    return sum_of;
  }
};

ActivityCounts run_rtl(const IntegerLayer& layer, const std::vector<std::vector<std::int8_t>>& inputs) {
  SystolicAccelerator accelerator(kRows, kColumns);
  accelerator.load(IntegerNetwork{{layer}});
  std::vector<const std::int8_t*> pointers;
  for (const auto& input : inputs) pointers.push_back(input.data());
  BatchResult result;
  accelerator.run_batch(pointers.data(), inputs.size(), result);
  ActivityCounts sum;
  for (const auto& sample : result.samples) sum += sample[0].activity;
  return sum;
}

}  // namespace

TEST_CASE("the RTL's counters equal popcounts of a model that knows only the order of values", "[rtl][counters]") {
  const std::uint64_t seed = 31;
  INFO("seed " << seed);
  Dice dice(seed);
  const auto check = [&dice](std::size_t terms, std::size_t outputs, std::size_t samples) {
    INFO(terms << " terms, " << outputs << " outputs, " << samples << " samples");
    std::uint64_t control[2];
    for (int data = 0; data < 2; ++data) {
      const IntegerLayer layer = dense(terms, outputs, dice);
      IntegerLayer shaped = layer;
      shaped.relu = true;  // descriptors alike, so that control toggles are
      shaped.multiplier = 1000;
      shaped.shift = 20;
      std::vector<std::vector<std::int8_t>> inputs;
      for (std::size_t s = 0; s < samples; ++s) inputs.push_back(dice.codes(terms));
      const ActivityCounts rtl = run_rtl(shaped, inputs);
      Expected expected;
      expected.run(shaped, inputs);
      const std::uint64_t tiles = ((terms + 7) / 8) * ((outputs + 7) / 8), output_tiles = (outputs + 7) / 8;
      CHECK(rtl.weight_bits_toggled == expected.weight_toggles());
      CHECK(rtl.activation_bits_toggled == expected.activation_toggles());
      CHECK(rtl.partial_sum_bits_toggled == expected.partial_toggles());
      CHECK(rtl.multiplications == expected.multiplications);
      CHECK(rtl.additions == expected.additions);
      CHECK(rtl.requantisations == expected.requantisations);
      CHECK(rtl.weight_bits_written == 8 * tiles * (64 + 8 * 28));
      CHECK(rtl.activation_bits_written == 8 * tiles * samples * (64 + 28));
      CHECK(rtl.partial_sum_bits_written == 32 * tiles * samples * 64);
      REQUIRE(rtl.pipeline_bits_toggled > expected.pipeline_toggles());
      control[data] = rtl.pipeline_bits_toggled - expected.pipeline_toggles();
      CHECK(rtl.weight_reads == tiles * 8);
      CHECK(rtl.activation_reads == tiles * samples);
      CHECK(rtl.activation_writes == (terms + 7) / 8 * samples);
      CHECK(rtl.accumulator_reads == (tiles - output_tiles) * samples);
      CHECK(rtl.accumulator_writes == (tiles - output_tiles) * samples);
      CHECK(rtl.bias_reads == output_tiles);
      CHECK(rtl.result_writes == output_tiles * samples);
      CHECK(rtl.result_reads == output_tiles * samples);
      CHECK(rtl.weight_writes + rtl.bias_writes == 0);
    }
    CHECK(control[0] == control[1]);
  };
  check(8, 8, 1);
  check(8, 8, 20);
  check(29, 19, 3);
  check(29, 19, 13);
}

TEST_CASE("clocks and activity of samples add up to the batch, and repeat when the same batch repeats",
          "[rtl][counters]") {
  Dice dice(32);
  const IntegerNetwork network{{dense(40, 20, dice), dense(20, 10, dice)}};
  SystolicAccelerator accelerator(8, 8);
  accelerator.load(network);
  std::vector<std::vector<std::int8_t>> inputs;
  std::vector<const std::int8_t*> pointers;
  for (int s = 0; s < 6; ++s) inputs.push_back(dice.codes(40));
  for (const auto& input : inputs) pointers.push_back(input.data());
  BatchResult first, second, third;
  std::uint64_t observed = 0;
  accelerator.set_observer([&](std::uint64_t, std::size_t, const ActivityCounts& a) {
    CHECK(a.cycles == 1);
    ++observed;
  });
  accelerator.run_batch(pointers.data(), 6, first);
  CHECK(observed == first.cycles);
  accelerator.set_observer({});
  accelerator.run_batch(pointers.data(), 6, second);
  accelerator.run_batch(pointers.data(), 6, third);
  std::uint64_t cycles = 0;
  for (std::size_t s = 0; s < 6; ++s) {
    for (std::size_t l = 0; l < 2; ++l) {
      cycles += second.samples[s][l].activity.cycles;
      CHECK(second.samples[s][l].activity.cycles > 0);
      const ActivityCounts difference = second.samples[s][l].activity - third.samples[s][l].activity;
      CHECK(difference.bits_toggled() == 0);
      CHECK(difference.multiplications == 0);
    }
  }
  CHECK(cycles == second.cycles);
  CHECK(first.cycles == second.cycles);
}

TEST_CASE("a batch shares the weights: fewer clocks and weight reads a sample", "[rtl][counters]") {
  Dice dice(33);
  const IntegerLayer layer = dense(64, 64, dice);
  std::vector<std::vector<std::int8_t>> inputs;
  for (int s = 0; s < 8; ++s) inputs.push_back(dice.codes(64));
  ActivityCounts single;
  for (const auto& input : inputs) single += run_rtl(layer, {input});
  const ActivityCounts batch = run_rtl(layer, inputs);
  CHECK(batch.weight_reads * 8 == single.weight_reads);
  CHECK(batch.cycles * 4 < single.cycles);
  CHECK(batch.activation_reads == single.activation_reads);
}

TEST_CASE("all-zero vectors toggle less than random ones in every data register", "[rtl][counters]") {
  Dice dice(34);
  const IntegerLayer layer = dense(32, 16, dice);
  std::vector<std::vector<std::int8_t>> random, zero(10, std::vector<std::int8_t>(32, 0));
  for (int s = 0; s < 10; ++s) random.push_back(dice.codes(32));
  const ActivityCounts quiet = run_rtl(layer, zero), busy = run_rtl(layer, random);
  CHECK(quiet.activation_bits_toggled == 0);
  CHECK(quiet.partial_sum_bits_toggled == 0);
  CHECK(quiet.pipeline_bits_toggled < busy.pipeline_bits_toggled);
  CHECK(quiet.multiplications < busy.multiplications);
  CHECK(quiet.additions < busy.additions);
  CHECK(quiet.weight_bits_toggled == busy.weight_bits_toggled);
  CHECK(quiet.cycles == busy.cycles);
}
