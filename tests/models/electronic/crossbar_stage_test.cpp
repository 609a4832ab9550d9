// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/crossbar_stage.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "models/support/philox.hpp"
#include "tests/models/electronic/crossbar_fixture.hpp"

namespace szilard::electronic {
namespace {

using namespace testing;

TEST_CASE("column current equals G V when wires have no resistance", "[crossbar]") {
  // G_ij = 10 uS (1 + (3 i + 5 j) mod 7), built from weights: with G_min = 0 a positive weight is G+ alone.
  linear::RowMatrix w(4, 4);
  for (int i = 0; i < 4; ++i) {
    for (int j = 0; j < 4; ++j) w(j, i) = 1 + (3 * i + 5 * j) % 7;
  }
  CrossbarParameters p = exact_parameters();
  p.device.minimum_conductance_s = 0;
  p.device.maximum_conductance_s = 70e-6;
  p.read_voltage_v = 1;
  const linear::LinearMap map = linear::dense_map("t11", w, std::vector<double>(4, 0.0));
  support::SignalBlock x(0, 1, 4);
  const double volts[4] = {0.1, 0.2, -0.1, 0.3}, microamperes[4] = {11, 8, 33, 23};
  for (int i = 0; i < 4; ++i) x.row(i)[0] = volts[i];
  const CrossbarStage stage(map, p, 1.0, 1, "t11");
  const support::SignalBlock y = outputs_of(map, p, x);
  for (int j = 0; j < 4; ++j) {
    const double amperes = y.at(j, 0) * 70e-6 / 7;
    CHECK(amperes * 1e6 == Approx(microamperes[j]).epsilon(1e-12));
    for (int i = 0; i < 4; ++i) {
      CHECK(stage.conductances(j, i).first == Approx(10e-6 * (1 + (3 * i + 5 * j) % 7)));
      CHECK(stage.conductances(j, i).second == 0);
    }
  }
}

TEST_CASE("an exact array multiplies by the weights, with pairs and with an offset column", "[crossbar]") {
  const linear::LinearMap map = random_dense(23, 45, 5);
  const support::SignalBlock x = random_block(map, 0, 20, 6);
  CrossbarParameters p = exact_parameters();
  CHECK(worst_error(map, x, outputs_of(map, p, x)) < 1e-12);
  p.signed_weights = SignedWeights::offset_column;
  CHECK(worst_error(map, x, outputs_of(map, p, x)) < 1e-12);
}

TEST_CASE("the scale of inputs does not change what an exact array computes", "[crossbar]") {
  const linear::LinearMap map = random_dense(7, 9, 5);
  const support::SignalBlock x = random_block(map, 0, 3, 6);
  for (const double full_scale : {1e-3, 1.0, 255.0}) {
    CHECK(worst_error(map, x, outputs_of(map, exact_parameters(), x, 1, full_scale)) < 1e-12);
  }
}

TEST_CASE("splitting a layer into tiles does not change exact results by a bit", "[crossbar]") {
  const linear::LinearMap map = random_dense(23, 45, 5);
  const support::SignalBlock x = random_block(map, 0, 9, 6);
  for (const SignedWeights kind : {SignedWeights::differential_pair, SignedWeights::offset_column}) {
    CrossbarParameters p = exact_parameters();
    p.signed_weights = kind;
    p.rows = p.columns = 4096;
    const support::SignalBlock whole = outputs_of(map, p, x);
    for (const std::size_t size : {2u, 3u, 7u, 45u, 46u}) {
      p.rows = p.columns = size;
      CHECK(same_values(outputs_of(map, p, x), whole));
    }
  }
}

TEST_CASE("a layer is cut into tiles of rows x columns, two columns an output for pairs", "[crossbar]") {
  const linear::LinearMap map = random_dense(23, 45, 5);
  CrossbarParameters p = exact_parameters();
  const CrossbarStage pairs(map, p, 1, 1, "a");
  REQUIRE(pairs.tiles().size() == 3 * 3);  // 45 rows on 16, 46 columns on 16
  CHECK(pairs.tiles().front().name == "tile_0_0");
  CHECK(pairs.tiles().back().name == "tile_2_2");
  CHECK(pairs.tiles().back().rows_used == 13);
  CHECK(pairs.tiles().back().columns_used == 14);
  CHECK(pairs.cells() == 2 * 23 * 45);
  p.signed_weights = SignedWeights::offset_column;
  const CrossbarStage offset(map, p, 1, 1, "a");
  REQUIRE(offset.tiles().size() == 3 * 2);  // 15 outputs and the offset in 16 columns
  CHECK(offset.tiles().back().columns_used == 9);
  CHECK(offset.cells() == 23 * 45 + 2 * 45);
}

TEST_CASE("a grouped, padded convolution equals its definition", "[crossbar]") {
  for (const std::size_t groups : {1u, 3u}) {
    const linear::LinearMap map = random_convolution(groups, 2, 5, 4, 8);
    const support::SignalBlock x = random_block(map, 0, 11, 6);
    CrossbarParameters p = exact_parameters();
    CHECK(worst_error(map, x, outputs_of(map, p, x)) < 1e-12);
    p.signed_weights = SignedWeights::offset_column;
    p.columns = 4;
    CHECK(worst_error(map, x, outputs_of(map, p, x)) < 1e-12);
    CHECK(CrossbarStage(map, p, 1, 1, "a").tiles().size() == groups * 2 * 2);  // 18 rows on 16, 5 outputs on 3
  }
}

TEST_CASE("a layer of zero weights gives its bias", "[crossbar]") {
  linear::LinearMap map = random_dense(3, 4, 5);
  map.weights.setZero();
  const support::SignalBlock x = random_block(map, 0, 2, 6);
  const support::SignalBlock y = outputs_of(map, exact_parameters(), x);
  for (std::size_t o = 0; o < 3; ++o) CHECK(y.at(o, 1) == map.bias[o]);
}

TEST_CASE("single precision agrees with double precision to 1e-5 of full scale", "[crossbar]") {
  const linear::LinearMap map = random_dense(31, 300, 5);
  const support::SignalBlock x = random_block(map, 0, 40, 6);
  CrossbarParameters p = exact_parameters();
  const support::SignalBlock precise = outputs_of(map, p, x);
  p.precision = Precision::single_precision;
  const support::SignalBlock single = outputs_of(map, p, x);
  double worst = 0, largest = 0;
  for (std::size_t o = 0; o < 31; ++o) {
    for (std::size_t s = 0; s < 40; ++s) {
      worst = std::max(worst, std::abs(single.at(o, s) - precise.at(o, s)));
      largest = std::max(largest, std::abs(precise.at(o, s)));
    }
  }
  CHECK(worst < 1e-5 * largest);
  CHECK(worst > 0);
}

TEST_CASE("read noise has the same sigma in single and in double precision", "[crossbar]") {
  const linear::LinearMap map = random_dense(31, 300, 5);
  const support::SignalBlock x = random_block(map, 0, 40, 6);
  const support::RandomStream stream(1, support::stream_of("test/layer/read_noise"));
  for (const ReadNoise noise : {ReadNoise::independent, ReadNoise::proportional}) {
    CrossbarParameters p = exact_parameters();
    const support::SignalBlock precise = outputs_of(map, p, x);
    p.precision = Precision::single_precision;
    const support::SignalBlock single = outputs_of(map, p, x);
    p.device.read_noise = noise;
    p.device.read_noise_sigma = 0.05;
    const support::SignalBlock noisy_single = outputs_of(map, p, x);
    p.precision = Precision::double_precision;
    const support::SignalBlock noisy = outputs_of(map, p, x);
    double worst = 0, largest = 0;
    for (std::uint32_t o = 0; o < 31; ++o) {
      for (std::size_t s = 0; s < 40; ++s) {
        const double sigma = (noisy.at(o, s) - precise.at(o, s)) / stream.gaussian(s, o);
        const double expected = sigma * double(stream.gaussian_single(s, o));
        worst = std::max(worst, std::abs(noisy_single.at(o, s) - single.at(o, s) - expected));
        largest = std::max(largest, std::abs(expected));
      }
    }
    CHECK(worst < 1e-5 * largest);
    CHECK(largest > 0);
  }
}

TEST_CASE("cells of n levels take no more than n conductances", "[crossbar]") {
  const linear::LinearMap map = random_dense(20, 20, 5);
  CrossbarParameters p = exact_parameters();
  p.device.levels = 6;
  const CrossbarStage stage(map, p, 1, 1, "a");
  std::set<double> seen;
  for (std::size_t o = 0; o < 20; ++o) {
    for (std::size_t k = 0; k < 20; ++k) {
      seen.insert(stage.conductances(o, k).first);
      seen.insert(stage.conductances(o, k).second);
    }
  }
  CHECK(seen.size() == 6);
}

TEST_CASE("what was programmed is what multiplies", "[crossbar]") {
  const linear::LinearMap map = random_dense(10, 20, 5);
  const support::SignalBlock x = random_block(map, 0, 3, 6);
  for (const SignedWeights kind : {SignedWeights::differential_pair, SignedWeights::offset_column}) {
    CrossbarParameters p = exact_parameters();
    p.signed_weights = kind;
    p.device.programming_error_s = {2e-6};
    CrossbarStage stage(map, p, 1, 9, "test/layer");
    linear::LinearMap programmed = map;
    const double w_max = map.weights.cwiseAbs().maxCoeff();
    const double scale = w_max / 39e-6 * (kind == SignedWeights::offset_column ? 2 : 1);
    for (std::size_t o = 0; o < 10; ++o) {
      for (std::size_t k = 0; k < 20; ++k) {
        const auto [plus, minus] = stage.conductances(o, k);
        programmed.weights(o, k) = (plus - minus) * scale;
      }
    }
    const support::SignalBlock y = outputs_of(map, p, x, 9);
    CHECK(worst_error(programmed, x, y) < 1e-12);
    CHECK(worst_error(map, x, y) > 1e-3);
  }
}

TEST_CASE("outputs of a tile share its offset column, other tiles have their own", "[crossbar]") {
  const linear::LinearMap map = random_dense(6, 5, 5);
  CrossbarParameters p = exact_parameters();
  p.signed_weights = SignedWeights::offset_column;
  p.columns = 4;
  p.device.programming_error_s = {2e-6};
  const CrossbarStage stage(map, p, 1, 1, "a");
  CHECK(stage.conductances(0, 3).second == stage.conductances(2, 3).second);
  CHECK(stage.conductances(0, 3).second != stage.conductances(3, 3).second);
  CHECK(stage.conductances(0, 3).second != stage.conductances(0, 2).second);
}

TEST_CASE("programming depends on seed and stream name, and on nothing else", "[crossbar]") {
  const linear::LinearMap map = random_dense(6, 5, 5);
  CrossbarParameters p = exact_parameters();
  p.device.programming_error_s = {2e-6};
  const auto first = [&](std::uint64_t seed, const char* name) {
    return CrossbarStage(map, p, 1, seed, name).conductances(0, 0).first;
  };
  CHECK(first(1, "a") == first(1, "a"));
  CHECK(first(1, "a") != first(2, "a"));
  CHECK(first(1, "a") != first(1, "b"));
}

TEST_CASE("inputs pass the DAC, outputs the ADC", "[crossbar]") {
  const linear::LinearMap map = random_dense(9, 12, 5);
  const support::SignalBlock x = random_block(map, 0, 16, 6);
  CrossbarParameters p = exact_parameters();
  p.input = Converter{{4, 0.8, true}, 1e-12, 1e-9};
  const Quantiser adc{5, 2.0, true};
  support::SignalBlock quantised = x.sibling(12);
  for (std::size_t f = 0; f < 12; ++f) p.input->quantiser.quantise(x.row(f), 16, quantised.row(f));
  CHECK(worst_error(map, quantised, outputs_of(map, p, x)) < 1e-12);

  const support::SignalBlock analog = outputs_of(map, p, x);
  p.output = Converter{adc, 1e-12, 1e-9};
  const support::SignalBlock digital = outputs_of(map, p, x);
  for (std::size_t o = 0; o < 9; ++o) {
    for (std::size_t s = 0; s < 16; ++s) CHECK(digital.at(o, s) == adc.value(adc.code(analog.at(o, s))));
  }
}

TEST_CASE("results of a sample are the same bits in blocks of 1, 7, 64 and 1000", "[crossbar]") {
  const linear::LinearMap dense = random_dense(13, 30, 5), convolution = random_convolution(2, 1, 3, 3, 5);
  for (const linear::LinearMap& map : {dense, convolution}) {
    for (const Precision precision :
         {Precision::double_precision, Precision::single_precision, Precision::sixteen_bit}) {
      for (const ReadNoise noise : {ReadNoise::independent, ReadNoise::proportional}) {
        for (const SignedWeights kind : {SignedWeights::differential_pair, SignedWeights::offset_column}) {
          CrossbarParameters p = exact_parameters();
          p.precision = precision;
          if (precision == Precision::sixteen_bit) p.input = Converter{{8, 1.0, true}, 0, 0};
          p.signed_weights = kind;
          p.device.read_noise = noise;
          p.device.read_noise_sigma = 0.03;
          CrossbarStage stage(map, p, 1.0, 4, "a");
          energy::Ledger whole_ledger(0, 1000);
          stage.open_accounts("a", whole_ledger);
          const support::SignalBlock whole = stage.forward(random_block(map, 0, 1000, 6), whole_ledger);
          for (const std::size_t size : {1u, 7u, 64u}) {
            CrossbarStage other(map, p, 1.0, 4, "a");
            energy::Ledger ledger(0, 1000);
            other.open_accounts("a", ledger);
            bool same = true;
            for (std::size_t first = 0; first < 140; first += size) {
              const support::SignalBlock part = other.forward(random_block(map, first, size, 6), ledger);
              for (std::size_t o = 0; o < map.total_outputs(); ++o) {
                for (std::size_t s = 0; s < size; ++s) same = same && part.at(o, s) == whole.at(o, first + s);
              }
            }
            CHECK(same);
            bool same_energy = true;
            for (energy::AccountId id = 0; id < ledger.accounts().size(); ++id) {
              for (std::uint64_t s = 0; s < 140; ++s)
                same_energy = same_energy && ledger.at(id, s) == whole_ledger.at(id, s);
            }
            CHECK(same_energy);
          }
        }
      }
    }
  }
}

TEST_CASE("positions are read one after another", "[crossbar]") {
  CrossbarParameters p = exact_parameters();
  CHECK(CrossbarStage(random_dense(3, 4, 5), p, 1, 1, "a").duration_ps() == 12000);
  p.input = Converter{{8, 1, false}, 0, 1e-9};
  p.output = Converter{{8, 1, false}, 0, 0.8e-9};
  CHECK(CrossbarStage(random_convolution(2, 1, 3, 3, 5), p, 1, 1, "a").duration_ps() == 9 * 13800);
}

TEST_CASE("areas count what was built, and an absent figure stays absent", "[crossbar]") {
  CrossbarParameters p = exact_parameters();  // tiles of 16 x 16: 8 outputs each
  p.input = Converter{{6, 1.0, true}, 0, 0};
  p.output = Converter{{8, 8.0, true}, 0, 0};
  p.area.cell_m2 = support::Parameter(2e-12, "a source", "read");
  p.area.adc_m2 = support::Parameter(1e-9, "another", "read");
  const CrossbarStage stage(random_dense(11, 21, 5), p, 1.0, 3, "a");
  const std::vector<support::AreaPart> parts = stage.areas("a");
  REQUIRE(parts.size() == 6);
  for (std::size_t tile = 0; tile < 4; ++tile) CHECK(*parts[tile].area_m2() == Approx(256 * 2e-12));
  CHECK(parts[3].component == "a/tile_1_1");
  CHECK(parts[4].component == "a/dac");
  CHECK(parts[4].count == 21);
  CHECK_FALSE(parts[4].area_m2().has_value());
  CHECK(parts[5].component == "a/adc");
  CHECK(*parts[5].area_m2() == Approx(11 * 1e-9));
  CHECK(parts[5].each_m2->source == "another");
}

}  // namespace
}  // namespace szilard::electronic
