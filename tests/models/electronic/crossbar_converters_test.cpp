// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/models/electronic/crossbar_fixture.hpp"

namespace szilard::electronic {
namespace {

using namespace testing;

Converter adc_of(int bits, double full_scale) {
  Converter adc;
  adc.quantiser = {bits, full_scale, true};
  adc.energy_per_conversion_j = 1e-12;
  adc.conversion_time_s = 4e-9;
  return adc;
}

Converter dac_with_errors() {
  Converter dac;
  dac.quantiser = {6, 1.0, true};
  dac.energy_per_conversion_j = 0.1e-12;
  dac.conversion_time_s = 1e-9;
  dac.imperfections.offset_spread_lsb = 0.5;
  dac.imperfections.gain_spread = 0.05;
  dac.imperfections.mismatch = Mismatch::binary_weights;
  dac.imperfections.mismatch_lsb = 0.2;
  return dac;
}

double dissipated(const energy::Ledger& ledger, const std::string& mechanism) {
  const auto all = ledger.by_mechanism("test", energy::Fate::dissipated);
  const auto found = all.find(mechanism);
  return found == all.end() ? 0 : found->second.joules();
}

TEST_CASE("each output is converted by the ADC of its own", "[crossbar][converters]") {
  const linear::LinearMap map = random_dense(5, 12, 3);
  CrossbarParameters p = exact_parameters();
  const support::SignalBlock x = random_block(map, 0, 40, 3), analog = outputs_of(map, p, x);
  p.output = adc_of(7, 8);
  p.output->imperfections.mismatch = Mismatch::unit_steps;
  p.output->imperfections.mismatch_lsb = 0.3;
  p.output->imperfections.offset_spread_lsb = 2;
  p.output->imperfections.noise_lsb = 0.5;
  const support::SignalBlock y = outputs_of(map, p, x);
  ConverterBank bank(*p.output, ConverterBank::Direction::to_digital, 5, 1, "test/layer/adc");
  bank.start(0, 40);
  for (std::size_t o = 0; o < 5; ++o) {
    std::vector<double> expected(40);
    bank.convert(o, std::uint32_t(o), analog.row(o), expected.data());
    for (std::size_t s = 0; s < 40; ++s) CHECK(y.at(o, s) == expected[s]);
  }
}

TEST_CASE("k columns that share an ADC take k conversions and have its errors in common", "[crossbar][converters]") {
  linear::LinearMap map = random_dense(7, 12, 5);
  for (Eigen::Index o = 1; o < 7; ++o) {
    map.weights.row(o) = map.weights.row(0);
    map.bias[std::size_t(o)] = map.bias[0];
  }
  CrossbarParameters p = exact_parameters();
  p.output = adc_of(8, 8);
  p.output->imperfections.offset_spread_lsb = 20;
  p.output->static_power_w = 1e-6;
  const support::SignalBlock x = random_block(map, 0, 6, 5);
  for (const std::size_t k : {1u, 3u, 7u, 50u}) {
    p.output->columns_per_converter = k;
    CrossbarStage stage(map, p, 1.0, 1, "test/layer");
    energy::Ledger ledger(0, 6);
    stage.open_accounts("test/layer", ledger);
    const support::SignalBlock y = stage.forward(x, ledger);
    const std::size_t turns = std::min<std::size_t>(k, 7), adcs = (7 + k - 1) / k;
    CHECK(stage.duration_ps() == 12000 + std::int64_t(turns) * 4000);
    CHECK(dissipated(ledger, "adc") == Approx(6 * 7 * 1e-12));
    CHECK(dissipated(ledger, "adc_static") == Approx(6 * double(adcs) * 1e-6 * double(stage.duration_ps()) * 1e-12));
    CHECK(ledger.closure().worst < 1e-12);
    CHECK(stage.tiles()[0].adcs == adcs);
    for (std::size_t o = 0; o < 7; ++o) {
      CHECK(y.at(o, 2) == y.at(o / k * k, 2));
      if (o >= k) CHECK(y.at(o, 2) != y.at(o - k, 2));
    }
  }
}

TEST_CASE("columns of different tiles never share an ADC", "[crossbar][converters]") {
  const linear::LinearMap map = random_dense(10, 20, 7);
  CrossbarParameters p = exact_parameters();
  p.columns = 8;  // four outputs a tile
  p.output = adc_of(8, 8);
  p.output->columns_per_converter = 3;
  CrossbarStage stage(map, p, 1.0, 1, "test/layer");
  std::vector<std::size_t> adcs;
  for (const TileReport& tile : stage.tiles()) adcs.push_back(tile.adcs);
  CHECK(adcs ==
        std::vector<std::size_t>{2, 2, 1, 0, 0, 0});  // partial sums of the second row of tiles join as currents
  CHECK(stage.duration_ps() == 12000 + 3 * 4000);
}

TEST_CASE("energies of steps are those of the codes found", "[crossbar][converters]") {
  const linear::LinearMap map = random_convolution(2, 2, 3, 5, 11);
  CrossbarParameters p = exact_parameters();
  p.rows = 7;
  p.output = adc_of(6, 3);
  p.output->energy_model = EnergyModel::charge_decrement;
  p.output->architecture.energy_per_step_j = 0.4e-12;
  p.output->architecture.step_time_s = 1e-9;
  p.output->architecture.fixed_energy_j = 1.2e-12;
  const support::SignalBlock x = random_block(map, 20, 9, 11);
  CrossbarStage stage(map, p, 1.0, 1, "test/layer");
  energy::Ledger ledger(20, 9);
  stage.open_accounts("test/layer", ledger);
  const support::SignalBlock y = stage.forward(x, ledger);
  for (std::size_t s = 0; s < 9; ++s) {
    double expected_j = 0;
    for (std::size_t f = 0; f < y.features(); ++f) {
      expected_j += 1.2e-12 + (std::abs(std::round(y.at(f, s) / p.output->quantiser.step())) + 1) * 0.4e-12;
    }
    CHECK(ledger.total("test/layer/adc", energy::Fate::dissipated, 20 + s).joules() ==
          Approx(expected_j).epsilon(1e-12));
  }
  CHECK(stage.duration_ps() == 25 * (12000 + 32000));
}

TEST_CASE("each row is driven by the DAC of its own, and cells are heated by what it puts out",
          "[crossbar][converters]") {
  const linear::LinearMap map = random_dense(5, 12, 13);
  CrossbarParameters p = exact_parameters(), driven = p;
  driven.input = dac_with_errors();
  const support::SignalBlock x = random_block(map, 0, 30, 13);
  ConverterBank bank(*driven.input, ConverterBank::Direction::to_analog, 12, 1, "test/layer/dac");
  bank.start(0, 30);
  support::SignalBlock converted = x.sibling(12);
  for (std::size_t f = 0; f < 12; ++f) bank.convert(f, std::uint32_t(f), x.row(f), converted.row(f));
  CHECK(same_values(outputs_of(map, driven, x), outputs_of(map, p, converted)));
  const auto heat = [&](const CrossbarParameters& parameters, const support::SignalBlock& in) {
    CrossbarStage stage(map, parameters, 1.0, 1, "test/layer");
    energy::Ledger ledger(0, 30);
    stage.open_accounts("test/layer", ledger);
    stage.forward(in, ledger);
    CHECK(ledger.closure().worst < 1e-12);
    return dissipated(ledger, "joule_heating");
  };
  CHECK(heat(driven, x) == heat(p, converted));
}

TEST_CASE("rows of a convolution are driven by the same DACs at every position", "[crossbar][converters]") {
  const linear::LinearMap map = random_convolution(2, 2, 3, 4, 17);
  CrossbarParameters p = exact_parameters();
  p.input = dac_with_errors();
  const std::size_t samples = 20, conversions = std::size_t(std::count_if(map.gather.begin(), map.gather.end(),
                                                                          [](std::int32_t f) { return f >= 0; }));
  const support::SignalBlock x = random_block(map, 0, samples, 17);
  CrossbarStage stage(map, p, 1.0, 1, "test/layer");
  energy::Ledger ledger(0, samples);
  stage.open_accounts("test/layer", ledger);
  const support::SignalBlock y = stage.forward(x, ledger);
  CHECK(stage.map().inputs == map.inputs);
  CHECK(ledger.closure().worst < 1e-12);
  CHECK(dissipated(ledger, "dac") == Approx(double(samples * conversions) * 0.1e-12));
  ConverterBank bank(*p.input, ConverterBank::Direction::to_analog, map.groups * map.terms, 1, "test/layer/dac");
  std::vector<double> row(samples);
  for (std::size_t g = 0; g < map.groups; ++g) {
    for (std::size_t at = 0; at < map.positions; ++at) {
      linear::RowMatrix sums = linear::RowMatrix::Zero(Eigen::Index(map.outputs), Eigen::Index(samples));
      for (std::size_t k = 0; k < map.terms; ++k) {
        const std::int32_t f = map.gather[(g * map.positions + at) * map.terms + k];
        if (f < 0) continue;
        bank.start(0, samples);
        bank.convert(g * map.terms + k, 0, x.row(std::size_t(f)), row.data());
        for (std::size_t o = 0; o < map.outputs; ++o) {
          for (std::size_t s = 0; s < samples; ++s) {
            sums(Eigen::Index(o), Eigen::Index(s)) +=
                map.weights(Eigen::Index(g * map.outputs + o), Eigen::Index(k)) * row[s];
          }
        }
      }
      for (std::size_t o = 0; o < map.outputs; ++o) {
        const std::size_t q = g * map.outputs + o;
        for (std::size_t s = 0; s < samples; ++s) {
          CHECK(y.at(q * map.positions + at, s) ==
                Approx(sums(Eigen::Index(o), Eigen::Index(s)) + map.bias[q]).margin(1e-11));
        }
      }
    }
  }
}

TEST_CASE("with errors in every converter results do not depend on the block", "[crossbar][converters]") {
  const linear::LinearMap map = random_convolution(1, 2, 3, 4, 19);
  CrossbarParameters p = exact_parameters();
  p.input = dac_with_errors();
  p.input->imperfections.noise_lsb = 0.5;
  p.output = adc_of(7, 4);
  p.output->imperfections.noise_lsb = 0.7;
  p.output->imperfections.mismatch = Mismatch::independent;
  p.output->imperfections.mismatch_lsb = 0.3;
  p.output->energy_model = EnergyModel::single_slope_ramp;
  p.output->architecture.energy_per_step_j = 1e-15;
  p.output->architecture.stops_early = true;
  p.device.read_noise = ReadNoise::independent;
  p.device.read_noise_sigma = 0.01;
  const auto check = [&] {
    const support::SignalBlock all = random_block(map, 7, 300, 19);
    CrossbarStage whole(map, p, 1.0, 1, "test/layer"), parts(map, p, 1.0, 1, "test/layer");
    energy::Ledger one(7, 300), other(7, 300);
    whole.open_accounts("test/layer", one);
    parts.open_accounts("test/layer", other);
    const support::SignalBlock y = whole.forward(all, one);
    for (std::size_t first = 0; first < 300; first += 37) {
      const std::size_t n = std::min<std::size_t>(37, 300 - first);
      const support::SignalBlock part = parts.forward(random_block(map, 7 + first, n, 19), other);
      for (std::size_t f = 0; f < y.features(); ++f) {
        CHECK(std::equal(part.row(f), part.row(f) + n, y.row(f) + first));
      }
    }
    for (const auto fate : {energy::Fate::supplied, energy::Fate::dissipated}) {
      CHECK(one.total("test", fate) == other.total("test", fate));
    }
  };
  check();
  p.precision = Precision::single_precision;
  check();
  p.precision = Precision::double_precision;
  p.wires.model = WireModel::exact;
  p.wires.word_segment_ohm = p.wires.bit_segment_ohm = 2;
  p.wires.driver_ohm = p.wires.sense_ohm = 50;
  check();
}

TEST_CASE("a sixteen-bit product refuses DACs with errors", "[crossbar][converters][bad]") {
  CrossbarParameters p = exact_parameters();
  p.input = dac_with_errors();
  p.precision = Precision::sixteen_bit;
  CHECK_THROWS_WITH(CrossbarStage(random_dense(3, 4, 1), p, 1.0, 1, "a"), Catch::Matchers::Contains("imperfections"));
}

TEST_CASE("a stage refuses converters that cannot be", "[crossbar][converters][bad]") {
  CrossbarParameters p = exact_parameters();
  p.output = adc_of(8, 4);
  p.output->columns_per_converter = 0;
  CHECK_THROWS_WITH(CrossbarStage(random_dense(3, 4, 1), p, 1.0, 1, "a"),
                    Catch::Matchers::Contains("columns_per_converter"));
  p.output = adc_of(8, 4);
  p.input = dac_with_errors();
  p.input->energy_model = EnergyModel::flash;
  CHECK_THROWS_WITH(CrossbarStage(random_dense(3, 4, 1), p, 1.0, 1, "a"), Catch::Matchers::Contains("energy_model"));
}

}  // namespace
}  // namespace szilard::electronic
