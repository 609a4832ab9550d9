// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/linear/apply.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "models/linear/linear_stage.hpp"

using namespace szilard;

namespace {

constexpr unsigned kSeed = 99;

/// A 2-D convolution, 5 x 5 image of 4 channels, 3 x 3 kernel, padding 1, 2 groups of 3 outputs.
linear::LinearMap grouped_convolution(std::mt19937& random) {
  std::normal_distribution<double> normal;
  linear::LinearMap map;
  map.name = "conv";
  map.inputs = 4 * 25;
  map.groups = 2;
  map.outputs = 3;
  map.terms = 2 * 9;
  map.positions = 25;
  map.weights = linear::RowMatrix(6, 18).unaryExpr([&](double) { return normal(random); });
  for (int i = 0; i < 6; ++i) map.bias.push_back(normal(random));
  for (int g = 0; g < 2; ++g)
    for (int p = 0; p < 25; ++p)
      for (int k = 0; k < 18; ++k) {
        const int row = p / 5 + k % 9 / 3 - 1, column = p % 5 + k % 3 - 1, channel = 2 * g + k / 9;
        const bool inside = row >= 0 && row < 5 && column >= 0 && column < 5;
        map.gather.push_back(inside ? channel * 25 + row * 5 + column : -1);
      }
  map.check();
  return map;
}

support::SignalBlock random_block(std::size_t samples, std::size_t features, std::mt19937& random) {
  std::normal_distribution<double> normal;
  support::SignalBlock block(0, samples, features);
  for (std::size_t f = 0; f < features; ++f)
    for (std::size_t s = 0; s < samples; ++s) block.row(f)[s] = normal(random);
  return block;
}

support::SignalBlock slice(const support::SignalBlock& block, std::size_t first, std::size_t count) {
  support::SignalBlock part(block.first_sample() + first, count, block.features());
  for (std::size_t f = 0; f < block.features(); ++f)
    for (std::size_t s = 0; s < count; ++s) part.row(f)[s] = block.at(f, first + s);
  return part;
}

class NoEnergy final : public energy::EnergySink {
 public:
  energy::AccountId open(const energy::AccountInfo&) override { return ++opened; }
  void post(energy::AccountId, std::uint64_t, energy::Quanta, std::int64_t) override { ++posted; }
  unsigned opened = 0, posted = 0;
};

}  // namespace

TEST_CASE("a grouped convolution equals the six loops of its definition", "[linear][fast]") {
  INFO("seed " << kSeed);
  std::mt19937 random(kSeed);
  const linear::LinearMap map = grouped_convolution(random);
  const support::SignalBlock x = random_block(11, map.inputs, random);
  support::SignalBlock y = x.sibling(map.total_outputs());
  linear::apply(map, x, y);
  double worst = 0;
  for (int s = 0; s < 11; ++s)
    for (int channel = 0; channel < 6; ++channel)
      for (int row = 0; row < 5; ++row)
        for (int column = 0; column < 5; ++column) {
          double sum = map.bias[std::size_t(channel)];
          for (int c = 0; c < 2; ++c)
            for (int i = 0; i < 3; ++i)
              for (int j = 0; j < 3; ++j) {
                const int r = row + i - 1, q = column + j - 1;
                if (r >= 0 && r < 5 && q >= 0 && q < 5)
                  sum += map.weights(channel, c * 9 + i * 3 + j) *
                         x.at(std::size_t((channel / 3 * 2 + c) * 25 + r * 5 + q), s);
              }
          worst = std::max(worst, std::abs(y.at(std::size_t(channel * 25 + row * 5 + column), s) - sum));
        }
  CHECK(worst < 1e-12);
}

TEST_CASE("a sample's outputs do not depend on the block that it travels in (bitwise)", "[linear][fast]") {
  INFO("seed " << kSeed);
  std::mt19937 random(kSeed);
  const linear::LinearMap map = grouped_convolution(random);
  const support::SignalBlock x = random_block(100, map.inputs, random);
  support::SignalBlock whole = x.sibling(map.total_outputs());
  linear::apply(map, x, whole);
  std::size_t different = 0;
  for (std::size_t quantum : {1, 7, 64})
    for (std::size_t first = 0; first < 100; first += quantum) {
      const support::SignalBlock part = slice(x, first, std::min<std::size_t>(quantum, 100 - first));
      support::SignalBlock y = part.sibling(map.total_outputs());
      linear::apply(map, part, y);
      for (std::size_t f = 0; f < y.features(); ++f)
        for (std::size_t s = 0; s < y.samples(); ++s) different += y.at(f, s) != whole.at(f, first + s);
    }
  CHECK(different == 0);
}

TEST_CASE("the ideal stage is exact, instant and costs nothing", "[linear][fast]") {
  NoEnergy sink;
  const auto stage = linear::make_ideal_stage(
      linear::dense_map("fc", (linear::RowMatrix(2, 3) << 1, 2, 3, -4, 0.5, 0).finished(), {10, 20}));
  stage->open_accounts("ideal/fc", sink);
  support::SignalBlock x(7, 2, 3);
  x.row(0)[0] = 1, x.row(1)[0] = 2, x.row(2)[0] = 3;
  x.row(0)[1] = -1, x.row(1)[1] = 4, x.row(2)[1] = 0;
  x.ready_ps() = {11, 12};
  const support::SignalBlock y = stage->forward(x, sink);
  CHECK(y.at(0, 0) == 24);
  CHECK(y.at(1, 0) == 17);
  CHECK(y.at(0, 1) == 17);
  CHECK(y.at(1, 1) == 26);
  CHECK(y.first_sample() == 7);
  CHECK(y.ready_ps() == x.ready_ps());
  CHECK(stage->duration_ps() == 0);
  CHECK(stage->map().name == "fc");
  CHECK(sink.opened + sink.posted == 0);
}

TEST_CASE("blocks of another size are refused", "[linear][bad]") {
  const linear::LinearMap map = linear::dense_map("fc", linear::RowMatrix::Ones(2, 3), {0, 0});
  support::SignalBlock x(0, 4, 3), y(0, 4, 2), narrow(0, 4, 2), fewer(0, 3, 2), none_in(0, 0, 3), none_out(0, 0, 2);
  CHECK_NOTHROW(linear::apply(map, x, y));
  CHECK_NOTHROW(linear::apply(map, none_in, none_out));
  CHECK_THROWS_AS(linear::apply(map, narrow, y), std::logic_error);
  CHECK_THROWS_AS(linear::apply(map, x, fewer), std::logic_error);
  CHECK_THROWS_AS(linear::apply(map, x, x), std::logic_error);
}

TEST_CASE("an ideal stage refuses an inconsistent map", "[linear][bad]") {
  linear::LinearMap map = linear::dense_map("fc", linear::RowMatrix::Ones(2, 3), {0, 0});
  map.bias.clear();
  CHECK_THROWS_AS(linear::make_ideal_stage(map), std::logic_error);
}
