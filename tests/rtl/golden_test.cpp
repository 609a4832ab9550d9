// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "rtl/golden/integer_network.hpp"
#include "tests/rtl/random_network.hpp"

using namespace szilard::rtl;
using namespace szilard::rtl::testing;

namespace {

// floor((2 a m + 2^s) / 2^(s+1)) by division that rounds towards minus infinity, in 128 bits
std::int32_t requantise_by_division(std::int64_t accumulator, std::int32_t multiplier, int shift) {
  __extension__ using Wide = __int128;
  const Wide numerator = Wide{2} * accumulator * multiplier + (Wide{1} << shift);
  const Wide denominator = Wide{1} << (shift + 1);
  Wide quotient = numerator / denominator;
  if (numerator % denominator < 0) --quotient;
  if (quotient > 127) return 127;
  if (quotient < -127) return -127;
  return static_cast<std::int32_t>(quotient);
}

}  // namespace

TEST_CASE("requantisation is the rounded quotient, ties upwards, clamped to +-127", "[rtl][golden]") {
  CHECK(requantise(3, 1, 1) == 2);    // 1.5
  CHECK(requantise(-3, 1, 1) == -1);  // -1.5
  CHECK(requantise(-5, 1, 1) == -2);  // -2.5
  CHECK(requantise(1, 1, 1) == 1);    // 0.5
  CHECK(requantise(-1, 1, 1) == 0);   // -0.5
  CHECK(requantise(2147483647, 32767, 1) == 127);
  CHECK(requantise(-2147483647 - 1, 32767, 1) == -127);
  const std::uint64_t seed = 11;
  INFO("seed " << seed);
  Dice dice(seed);
  for (int i = 0; i < 20000; ++i) {
    const std::int64_t a = dice.integer(-(1 << 30), (1 << 30) - 1) >> dice.integer(0, 30);
    const int m = dice.integer(1, 32767), shift = dice.integer(1, 31);
    INFO(a << " x " << m << " >> " << shift);
    REQUIRE(requantise(a, m, shift) == requantise_by_division(a, m, shift));
  }
}

TEST_CASE("the golden model equals a convolution written as plain loops", "[rtl][golden]") {
  const std::uint64_t seed = 12;
  INFO("seed " << seed);
  Dice dice(seed);
  const ConvolutionShape shape{4, 7, 3, 1, 2, 6, 2};
  IntegerLayer layer = convolution(shape, dice);
  layer.relu = true;
  const int side = shape.out_side();
  add_pool(layer, side, 2, 2);
  const auto x = dice.codes(layer.inputs);
  const IntegerResult result = integer_forward({{layer}}, x.data());
  for (int o = 0; o < shape.outputs; ++o) {
    const int group = o / (shape.outputs / shape.groups);
    for (int py = 0; py < side; ++py) {
      for (int px = 0; px < side; ++px) {
        std::int64_t acc = layer.bias[static_cast<std::size_t>(o)];
        for (int c = 0; c < 2; ++c) {
          for (int ky = 0; ky < 3; ++ky) {
            for (int kx = 0; kx < 3; ++kx) {
              const int y = 2 * py + ky - 1, xx = 2 * px + kx - 1;
              if (y < 0 || y >= 7 || xx < 0 || xx >= 7) continue;
              const int weight = layer.weights[static_cast<std::size_t>(((o * 2 + c) * 3 + ky) * 3 + kx)];
              acc += weight * x[static_cast<std::size_t>(((group * 2 + c) * 7 + y) * 7 + xx)];
            }
          }
        }
        const std::int32_t q = requantise_by_division(std::max<std::int64_t>(acc, 0), layer.multiplier, layer.shift);
        REQUIRE(result.outputs[0][static_cast<std::size_t>((o * side + py) * side + px)] == q);
      }
    }
  }
}

TEST_CASE("the next layer takes the maximum of each pool window", "[rtl][golden]") {
  Dice dice(13);
  IntegerLayer first = dense(3, 4, dice);
  first.weights = {1, 0, 0, 0, 1, 0, 0, 0, 1, -1, 0, 0};
  first.bias = {0, 0, 0, 0};
  first.relu = false;
  first.multiplier = 2;
  first.shift = 1;
  first.pool_window = 2;
  first.pool_indices = {0, 3, 1, 2};
  IntegerLayer second = dense(2, 1, dice);
  second.weights = {1, 100};
  second.bias = {0};
  second.relu = false;
  second.requantise = false;
  const std::int8_t x[] = {-5, 3, 9};
  const IntegerResult result = integer_forward({{first, second}}, x);
  CHECK(result.outputs[0] == std::vector<std::int32_t>{-5, 3, 9, 5});
  CHECK(result.outputs[1] == std::vector<std::int32_t>{905});
}

TEST_CASE("an accumulator beyond 32 bits is an overflow, not a wrap", "[rtl][golden][bad]") {
  Dice dice(14);
  IntegerLayer layer = dense(1, 1, dice);
  layer.weights = {127};
  layer.bias = {2147483647};
  layer.requantise = false;
  const std::int8_t one = 1, none = 0;
  CHECK_THROWS_AS(integer_forward({{layer}}, &one), std::overflow_error);
  CHECK(integer_forward({{layer}}, &none).outputs[0][0] == 2147483647);
}

TEST_CASE("an impossible integer network is refused by the name of its layer and fault", "[rtl][golden][bad]") {
  Dice dice(15);
  const IntegerNetwork sound{{dense(6, 5, dice), dense(5, 3, dice)}};
  REQUIRE_NOTHROW(validate(sound));
  const auto refused = [&](auto change, const std::string& word) {
    IntegerNetwork network = sound;
    change(network);
    REQUIRE_THROWS_AS(validate(network), std::invalid_argument);
    try {
      validate(network);
    } catch (const std::invalid_argument& error) {
      CHECK_THAT(error.what(), Catch::Contains(word));
    }
  };
  refused([](auto& n) { n.layers.clear(); }, "no layers");
  refused([](auto& n) { n.layers[1].weights[2] = -128; }, "-128");
  refused([](auto& n) { n.layers[1].weights[2] = -128; }, "dense5x3");
  refused([](auto& n) { n.layers[0].shift = 0; }, "shift 0");
  refused([](auto& n) { n.layers[0].shift = 32; }, "shift 32");
  refused([](auto& n) { n.layers[0].multiplier = 0; }, "multiplier 0");
  refused([](auto& n) { n.layers[0].multiplier = 32768; }, "multiplier 32768");
  refused([](auto& n) { n.layers[0].weights.pop_back(); }, "weights");
  refused([](auto& n) { n.layers[0].bias.push_back(0); }, "bias");
  refused([](auto& n) { n.layers[0].gather.pop_back(); }, "gather");
  refused([](auto& n) { n.layers[0].gather[0] = 6; }, "gather index 6");
  refused([](auto& n) { n.layers[0].gather[0] = -2; }, "gather index -2");
  refused([](auto& n) { n.layers[0].requantise = false; }, "last layer");
  refused([](auto& n) { n.layers[1].inputs = 6; }, "delivers");
  refused([](auto& n) { n.layers[0].terms = 0; }, "at least 1");
  refused([](auto& n) { n.layers[0].pool_indices = {1}; }, "pool_indices");
  refused(
      [](auto& n) {
        n.layers[0].pool_window = 2;
        n.layers[0].pool_indices = {0, 5};
      },
      "pool index 5");
}
