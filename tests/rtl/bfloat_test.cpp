// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "rtl/baseline.hpp"
#include "rtl/golden/bfloat.hpp"
#include "rtl/systolic_int8/systolic_accelerator.hpp"
#include "tests/rtl/random_network.hpp"

using namespace szilard::rtl;
using namespace szilard::rtl::testing;

namespace {

/// Bits of 32-bit numbers of every kind: 0 everyday numbers, 1 near the subnormal ones, 2 near infinity, 3 any bits at
/// all.
class Numbers {
 public:
  explicit Numbers(std::uint64_t seed) : dice_(seed) {}
  std::uint32_t number(int kind) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    const auto bits = static_cast<std::uint32_t>(state_ >> 32);
    const std::uint32_t sign = bits & 0x80000000u, fraction = bits & 0x7fffffu, low = bits >> 23 & 0xffu;
    switch (kind) {
      case 0:
        return sign | (118 + low % 16) << 23 | (low % 5 ? fraction : fraction & 0x700000u);
      case 1:
        return sign | (low % 4 ? 0 : 1 + low % 30) << 23 | fraction >> low % 23;
      case 2:
        return sign | (255 - low % 12) << 23 | fraction;
      default:
        return bits;
    }
  }
  std::uint16_t half(int kind) {
    const std::uint32_t bits = number(kind);
    return static_cast<std::uint16_t>(kind == 1 && bits & 1 ? (bits & 0x80000000u) >> 16 | (bits >> 1 & 0x7fu)
                                                            : bits >> 16);
  }
  int integer(int low, int high) { return dice_.integer(low, high); }

 private:
  Dice dice_;
  std::uint64_t state_ = 88172645463325252u;
};

std::uint32_t canonical(float value) { return std::isnan(value) ? kFloatNan : bits_of(value); }

BfloatLayer filled(const LayerShape& shape, Numbers& numbers, int kind) {
  BfloatLayer layer;
  static_cast<LayerShape&>(layer) = shape;
  for (std::size_t i = 0; i < layer.groups * layer.outputs * layer.terms; ++i)
    layer.weights.push_back(numbers.half(kind == 1 && i % 2 ? 0 : kind));
  for (std::size_t i = 0; i < layer.groups * layer.outputs; ++i)
    layer.bias.push_back(i % 7 ? numbers.number(kind) : 0x80000000u);
  layer.round = numbers.integer(0, 3) > 0;
  return layer;
}

std::vector<BaselineSize> floating_baselines() {
  std::vector<BaselineSize> found;
  for (const BaselineSize& one : baselines())
    if (one.floating) found.push_back(one);
  REQUIRE(!found.empty());
  return found;
}

void expect_equal(const BaselineSize& baseline, const BfloatNetwork& network, std::size_t samples, std::size_t batch,
                  Numbers& numbers, int kind) {
  SystolicAccelerator accelerator(baseline.rows, baseline.columns, baseline.name);
  accelerator.load(network);
  BatchResult result;
  for (std::size_t first = 0; first < samples; first += batch) {
    const std::size_t count = std::min(batch, samples - first);
    std::vector<std::vector<std::uint16_t>> inputs(count);
    std::vector<const std::uint16_t*> pointers;
    for (auto& input : inputs) {
      for (std::size_t i = 0; i < network.layers.front().inputs; ++i) input.push_back(numbers.half(kind));
      pointers.push_back(input.data());
    }
    accelerator.run_batch(pointers.data(), count, result);
    for (std::size_t s = 0; s < count; ++s) {
      const BfloatResult golden = bfloat_forward(network, inputs[s].data());
      for (std::size_t l = 0; l < network.layers.size(); ++l) {
        INFO(baseline.name << " " << baseline.rows << "x" << baseline.columns << " kind " << kind << " sample "
                           << first + s << " layer " << network.layers[l].name);
        REQUIRE(result.samples[s][l].outputs == golden.outputs[l]);
      }
    }
  }
}

/// Vectors of up to `rows` random terms, 25 x 1000 at a time, of every kind of number in turn.
void many_vectors(std::size_t wanted) {
  const std::uint64_t seed = 80;
  INFO("seed " << seed);
  Numbers numbers(seed);
  const BaselineSize baseline = floating_baselines().front();
  std::size_t vectors = 0;
  for (int kind = 0; vectors < wanted; kind = (kind + 1) % 4) {
    LayerShape shape;
    shape.name = "random";
    shape.inputs = 997;
    shape.positions = 1000;
    shape.terms = static_cast<std::size_t>(numbers.integer(1, baseline.rows));
    shape.outputs = static_cast<std::size_t>(numbers.integer(1, baseline.columns));
    shape.relu = numbers.integer(0, 3) == 0;
    for (std::size_t i = 0; i < shape.positions * shape.terms; ++i) shape.gather.push_back(numbers.integer(-1, 996));
    expect_equal(baseline, {{filled(shape, numbers, kind)}}, 6, 6, numbers, kind);
    vectors += 6 * shape.positions;
  }
  CHECK(vectors >= wanted);
}

}  // namespace

TEST_CASE("a 16-bit product added to a 32-bit sum is the fused operation of the C library, bit by bit",
          "[rtl][bfloat]") {
  const std::uint64_t seed = 81;
  INFO("seed " << seed);
  Numbers numbers(seed);
  std::size_t special = 0, subnormal = 0;
  for (int trial = 0; trial < 1000000; ++trial) {
    const int kind = trial % 4;
    const std::uint16_t a = numbers.half(kind), b = numbers.half(trial / 4 % 4);
    std::uint32_t sum = numbers.number(trial / 16 % 4);
    if (trial % 3 == 0) {
      // near cancellation: the sum is nearly the product's opposite
      const float product = -(float_of(std::uint32_t(a) << 16) * float_of(std::uint32_t(b) << 16));
      sum = bits_of(product) + static_cast<std::uint32_t>(numbers.integer(-2, 2));
    }
    const float expected = std::fma(float_of(std::uint32_t(a) << 16), float_of(std::uint32_t(b) << 16), float_of(sum));
    special += !std::isfinite(expected);
    subnormal += std::fpclassify(expected) == FP_SUBNORMAL;
    const std::uint32_t found = multiply_add_bf16(sum, a, b);
    if (found != canonical(expected)) {
      INFO(std::hex << a << " x " << b << " + " << sum << " is " << canonical(expected) << ", not " << found);
      FAIL();
    }
  }
  CHECK(special > 10000);
  CHECK(subnormal > 10000);
}

TEST_CASE("sums and roundings are those of IEEE 754's 32-bit format", "[rtl][bfloat]") {
  const std::uint64_t seed = 82;
  INFO("seed " << seed);
  Numbers numbers(seed);
  for (int trial = 0; trial < 400000; ++trial) {
    const std::uint32_t a = numbers.number(trial % 4), b = trial % 5 ? numbers.number(trial / 4 % 4) : a ^ 0x80000001u;
    volatile float sum = float_of(a) + float_of(b);
    if (add_float32(a, b) != canonical(sum)) FAIL(std::hex << a << " + " << b);
    if (std::isnan(float_of(a))) {
      CHECK(round_to_bf16(a) == kFloatNan);
      continue;
    }
    // the nearest of the two neighbours with an empty lower half, in double precision; the even one where both are as
    // near
    const std::uint32_t low = a & 0xffff0000u;
    const double down = float_of(low), up = low << 1 == 0xfefe0000u ? std::copysign(std::ldexp(1.0, 128), down)
                                                                    : double(float_of(low + 0x10000u));
    const double x = float_of(a), to_down = std::abs(x - down), to_up = std::abs(up - x);
    const std::uint32_t wanted =
        std::isinf(x) || to_down < to_up || (to_down == to_up && !(low & 0x10000u)) ? low : low + 0x10000u;
    if (round_to_bf16(a) != wanted) FAIL(std::hex << a << " rounds to " << round_to_bf16(a));
    CHECK(bf16_of(x) == wanted >> 16);
  }
}

TEST_CASE("doubles round to bfloat16 once, and not by way of 32 bits", "[rtl][bfloat]") {
  CHECK(bf16_of(1.0) == 0x3f80);
  CHECK(bf16_of(-0.0) == 0x8000);
  // just above half way: 32 bits would round to half way and then to even
  CHECK(bf16_of(1.00390625 + std::ldexp(1.0, -40)) == 0x3f81);
  CHECK(bf16_of(1.00390625) == 0x3f80);
  CHECK(bf16_of(1e300) == 0x7f80);
  CHECK(bf16_of(std::ldexp(1.0, -133)) == 0x0001);
  CHECK(bf16_of(std::ldexp(1.0, -134)) == 0x0000);
  CHECK(bf16_of(std::ldexp(1.5, -134)) == 0x0001);
  CHECK(bf16_of(std::numeric_limits<double>::infinity()) == 0x7f80);
  CHECK(bf16_of(std::nan("")) == 0x7fc0);
}

TEST_CASE("the greater of two numbers follows the total order", "[rtl][bfloat]") {
  const std::uint32_t order[] = {0xff800000u, 0xbf800000u, 0x80000001u, 0x80000000u, 0u,
                                 1u,          0x3f800000u, 0x7f800000u, kFloatNan};
  for (std::size_t i = 0; i < 9; ++i)
    for (std::size_t k = 0; k < 9; ++k) CHECK(greater_of(order[i], order[k]) == order[std::max(i, k)]);
}

TEST_CASE("the floating point array equals the golden model on networks of odd shapes, pools and long sums",
          "[rtl][bfloat]") {
  const std::uint64_t seed = 83;
  INFO("seed " << seed);
  Numbers numbers(seed);
  Dice dice(seed);
  for (const BaselineSize& baseline : floating_baselines()) {
    BfloatNetwork two{{filled(dense(45, 21, dice), numbers, 0), filled(dense(21, 13, dice), numbers, 0)}};
    two.layers[0].round = true;
    expect_equal(baseline, two, 11, 5, numbers, 0);
    IntegerLayer pooled = convolution({3, 9, 3, 1, 2, 10, 1}, dice), grouped = convolution({4, 8, 3, 1, 1, 8, 2}, dice);
    add_pool(pooled, 5, 2, 2);
    for (const LayerShape& shape : {LayerShape(pooled), LayerShape(grouped)})
      for (int kind = 0; kind < 4; ++kind)
        expect_equal(baseline, {{filled(shape, numbers, kind)}}, 3, 2, numbers, kind);
    // three parts, and more weights than the memory holds
    expect_equal(baseline, {{filled(dense(2500, 70, dice), numbers, 0)}}, 3, 2, numbers, 0);
  }
}

TEST_CASE("many vectors with subnormal numbers, infinities and NaN pass the floating point array bit by bit",
          "[rtl][bfloat]") {
  many_vectors(12000);
}
TEST_CASE("a million vectors pass the floating point array bit by bit", "[.nightly][rtl][bfloat]") {
  many_vectors(1000000);
}

TEST_CASE("a fault in the floating point array moves one result", "[rtl][bfloat]") {
  Numbers numbers(84);
  Dice dice(84);
  const BaselineSize baseline = floating_baselines().front();
  BfloatNetwork network{{filled(dense(20, 17, dice), numbers, 0)}};
  network.layers[0].relu = false;
  std::vector<std::uint16_t> input;
  for (int i = 0; i < 20; ++i) input.push_back(numbers.half(0));
  const std::uint16_t* pointers[] = {input.data(), input.data(), input.data()};
  SystolicAccelerator accelerator(baseline.rows, baseline.columns, baseline.name);
  accelerator.load(network);
  accelerator.inject_fault(0, 1, 16);
  BatchResult result;
  accelerator.run_batch(pointers, 3, result);
  for (std::size_t i = 0; i < 17; ++i) {
    CHECK(result.samples[0][0].outputs[i] == result.samples[2][0].outputs[i]);
    CHECK((result.samples[0][0].outputs[i] != result.samples[1][0].outputs[i]) == (i == 16));
  }
}

TEST_CASE("floating point layers that do not fit are refused by name", "[rtl][bfloat][bad]") {
  Numbers numbers(85);
  Dice dice(85);
  const BaselineSize baseline = floating_baselines().front();
  SystolicAccelerator accelerator(baseline.rows, baseline.columns, baseline.name);
  CHECK_THROWS_WITH(accelerator.load(IntegerNetwork{{dense(8, 8, dice)}}),
                    Catch::Contains("mac_bf16") && Catch::Contains("dense8x8"));
  CHECK_THROWS_WITH(SystolicAccelerator(8, 8).load(BfloatNetwork{{filled(dense(8, 8, dice), numbers, 0)}}),
                    Catch::Contains("integers"));
  BfloatNetwork network{{filled(dense(8, 8, dice), numbers, 0)}};
  network.layers[0].weights.pop_back();
  CHECK_THROWS_WITH(accelerator.load(network), Catch::Contains("weights"));
  CHECK_THROWS_WITH(accelerator.load(BfloatNetwork{}), Catch::Contains("no layers"));
  BfloatNetwork wrong{{filled(dense(8, 8, dice), numbers, 0), filled(dense(9, 8, dice), numbers, 0)}};
  wrong.layers[0].round = true;
  CHECK_THROWS_WITH(accelerator.load(wrong), Catch::Contains("delivers 8"));
  wrong.layers[0].round = false;
  CHECK_THROWS_WITH(accelerator.load(wrong), Catch::Contains("only the last layer"));
  accelerator.load(BfloatNetwork{{filled(dense(8, 8, dice), numbers, 0)}});
  const std::vector<std::int8_t> codes(8, 1);
  const std::int8_t* pointer = codes.data();
  BatchResult result;
  CHECK_THROWS_WITH(accelerator.run_batch(&pointer, 1, result), Catch::Contains("another kind of number"));
}
