// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/cosim/scoreboard.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "models/linear/apply.hpp"
#include "sim/cosim/quantised_stage.hpp"
#include "tests/sim/mapping/network_builder.hpp"

using namespace szilard;
using network::NodeKind;

namespace {

constexpr std::size_t kSamples = 20;

struct Bench {
  network::Network network;
  mapping::LayerChain chain;
  dataset::Dataset data;

  Bench()
      : network(test::NetworkBuilder(4)
                    .dense(weights(3, 4), {.1, -.2, .3})
                    .elementwise(NodeKind::relu, "Relu")
                    .dense(weights(2, 3), {0, .5})
                    .build()),
        chain(mapping::make_chain(network)),
        data("data.npy", numbers(), 1.0, {}) {}

  static linear::RowMatrix weights(int rows, int columns) {
    linear::RowMatrix m(rows, columns);
    for (int i = 0; i < rows * columns; ++i) m.data()[i] = std::sin(1.0 + 2.3 * i);
    return m;
  }
  static dataset::Array numbers() {
    std::vector<unsigned char> bytes(kSamples * 4 * sizeof(double));
    for (std::size_t i = 0; i < kSamples * 4; ++i) {
      const double value = std::abs(std::cos(1.7 * double(i)));
      std::memcpy(bytes.data() + i * sizeof value, &value, sizeof value);
    }
    return dataset::Array({std::int64_t(kSamples), 4}, dataset::Array::Type::float64, bytes);
  }
  /// The reference's own outputs, cut into blocks of a size, with something added to one number.
  void deliver(cosim::Scoreboard& board, std::size_t platform, std::size_t block, std::size_t bad_layer = 99,
               std::size_t bad_sample = 0, std::size_t bad_index = 0, double error = 0) const {
    for (std::size_t first = 0; first < kSamples; first += block) {
      const auto outputs =
          mapping::reference_outputs(network, chain, data.block(first, std::min(block, kSamples - first)));
      for (std::size_t l = 0; l < outputs.size(); ++l) {
        support::SignalBlock copy = outputs[l].sibling(outputs[l].features());
        for (std::size_t i = 0; i < copy.features(); ++i)
          std::copy(outputs[l].row(i), outputs[l].row(i) + copy.stride(), copy.row(i));
        if (l == bad_layer && bad_sample >= first && bad_sample < first + copy.samples())
          copy.row(bad_index)[bad_sample - first] += error;
        board.observe(platform, l, copy);
      }
    }
  }
};

}  // namespace

TEST_CASE("the reference held against itself shows no error, in blocks of any size", "[cosim]") {
  const Bench bench;
  cosim::ReferenceStore reference(bench.network, bench.chain, bench.data, kSamples, 1 << 20);
  cosim::Scoreboard board(bench.chain, reference, kSamples, {"a", "b"}, {{"a", "b"}}, 0);
  bench.deliver(board, 0, 3);
  CHECK(board.complete(0));
  CHECK_FALSE(board.complete(1));
  bench.deliver(board, 1, 20);
  for (std::size_t l = 0; l < 2; ++l) {
    CHECK(board.rms_error(0, l) == 0);
    CHECK(board.max_error(1, l) == 0);
  }
  CHECK(board.predictions(0) == reference.predictions());
  for (const cosim::PairResult& pair : board.compare_pairs()) CHECK_FALSE(pair.first_mismatch);
}

TEST_CASE("one wrong number is found with layer, sample, index and both values", "[cosim]") {
  const Bench bench;
  cosim::ReferenceStore reference(bench.network, bench.chain, bench.data, kSamples, 1 << 20);
  cosim::Scoreboard board(bench.chain, reference, kSamples, {"a", "b"}, {{"a", "b"}}, 1e-3);
  bench.deliver(board, 0, 7);
  bench.deliver(board, 1, 5, 0, 13, 2, 0.25);
  const std::vector<cosim::PairResult> pairs = board.compare_pairs();
  REQUIRE(pairs[0].first_mismatch);
  CHECK(pairs[0].first_mismatch->sample == 13);
  CHECK(pairs[0].first_mismatch->index == 2);
  CHECK(pairs[0].first_mismatch->second - pairs[0].first_mismatch->first == Approx(0.25));
  CHECK(pairs[0].max_error == Approx(0.25 / reference.full_scale(0)));
  CHECK_FALSE(pairs[1].first_mismatch);
  CHECK(board.max_error(1, 0) == Approx(0.25 / reference.rms(0)));
  CHECK(board.rms_error(1, 0) == Approx(0.25 / std::sqrt(3.0 * kSamples) / reference.rms(0)));
}

TEST_CASE("a reference that does not fit memory is evaluated again and is the same", "[cosim]") {
  const Bench bench;
  cosim::ReferenceStore kept(bench.network, bench.chain, bench.data, kSamples, 1 << 20);
  cosim::ReferenceStore again(bench.network, bench.chain, bench.data, kSamples, 0);
  CHECK(kept.rms(1) == again.rms(1));
  for (std::size_t first = 0; first + 6 <= kSamples; first += 5) {
    const auto a = kept.rows(0, first, 6), b = again.rows(0, first, 6);
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t s = 0; s < 6; ++s) CHECK(a.data[i * a.stride + s] == b.data[i * b.stride + s]);
  }
}

TEST_CASE("a difference that is not a number is a mismatch", "[cosim][bad]") {
  const Bench bench;
  cosim::ReferenceStore reference(bench.network, bench.chain, bench.data, kSamples, 1 << 20);
  cosim::Scoreboard board(bench.chain, reference, kSamples, {"a", "b"}, {{"a", "b"}}, 0.5);
  bench.deliver(board, 0, 20);
  bench.deliver(board, 1, 20, 1, 4, 0, std::nan(""));
  REQUIRE(board.compare_pairs()[1].first_mismatch);
  CHECK(board.compare_pairs()[1].first_mismatch->sample == 4);
}

TEST_CASE("the lowest index wins a tie", "[cosim]") {
  const Bench bench;
  support::SignalBlock block(0, 1, 2);
  block.row(0)[0] = block.row(1)[0] = 0.5;
  CHECK(cosim::prediction(bench.chain, block, 0) == 0);
}

TEST_CASE("the quantised ideal stage computes the golden model's integers", "[cosim]") {
  const Bench bench;
  const mapping::Calibration calibration = mapping::calibrate(bench.network, bench.chain, bench.data, kSamples);
  const mapping::QuantisedChain quantised = mapping::quantise_int8(bench.chain, calibration);
  struct NoEnergy : energy::EnergySink {
    energy::AccountId open(const energy::AccountInfo&) override { return 0; }
    void post(energy::AccountId, std::uint64_t, energy::Quanta, std::int64_t) override {
      FAIL("the ideal medium costs nothing");
    }
  } sink;
  const auto stage = cosim::make_quantised_ideal_stage(bench.chain.layers[0].map, quantised, 0);
  const support::SignalBlock x = bench.data.block(0, kSamples);
  const support::SignalBlock y = stage->forward(x, sink);
  for (std::size_t s = 0; s < kSamples; ++s) {
    std::vector<std::int8_t> codes;
    for (std::size_t k = 0; k < 4; ++k) codes.push_back(std::int8_t(std::round(x.at(k, s) / quantised.input_scale[0])));
    const rtl::IntegerResult golden = rtl::integer_forward(quantised.network, codes.data());
    for (std::size_t o = 0; o < 3; ++o)
      CHECK(std::max(0.0, y.at(o, s)) == golden.outputs[0][o] * quantised.output_scale[0]);
  }
}
