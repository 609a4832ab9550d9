// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "models/support/tolerance.hpp"
#include "tests/models/electronic/crossbar_fixture.hpp"

namespace szilard::electronic {
namespace {

using namespace testing;
using energy::Fate;

CrossbarParameters parameters_with_converters(SignedWeights kind) {
  CrossbarParameters p = exact_parameters();
  p.signed_weights = kind;
  p.device.programming_error_s = {1e-6};
  p.input = Converter{{6, 1.0, true}, 0.3e-12, 1e-9};
  p.output = Converter{{8, 20.0, true}, 1.667e-12, 1e-9};
  return p;
}

const energy::AccountInfo& account(const energy::Ledger& ledger, const std::string& component,
                                   const std::string& mechanism, Fate fate, energy::AccountId* id) {
  for (energy::AccountId i = 0; i < ledger.accounts().size(); ++i) {
    const energy::AccountInfo& info = ledger.accounts()[i];
    if (info.component == component && info.mechanism == mechanism && info.fate == fate) {
      *id = i;
      return info;
    }
  }
  throw std::logic_error("no account " + component + " " + mechanism);
}

/// sum V^2 G t over the cells of one tile, position after position.
double tile_heat_j(const CrossbarStage& stage, const CrossbarParameters& p, const support::SignalBlock& x,
                   std::size_t sample, std::size_t group, std::size_t row_tile, std::size_t column_tile) {
  const linear::LinearMap& map = stage.map();
  const bool pairs = p.signed_weights == SignedWeights::differential_pair;
  const std::size_t per_tile = pairs ? p.columns / 2 : p.columns - 1;
  double heat_j = 0;
  for (std::size_t position = 0; position < map.positions; ++position) {
    for (std::size_t k = row_tile * p.rows; k < std::min(map.terms, (row_tile + 1) * p.rows); ++k) {
      const std::int32_t f = map.gather[(group * map.positions + position) * map.terms + k];
      if (f < 0) continue;
      double value = x.at(f, sample);
      if (p.input) value = p.input->quantiser.value(p.input->quantiser.code(value));
      const double volts = p.read_voltage_v * value;
      bool offset_done = pairs;
      for (std::size_t o = column_tile * per_tile; o < std::min(map.outputs, (column_tile + 1) * per_tile); ++o) {
        const auto [plus, minus] = stage.conductances(group * map.outputs + o, k);
        heat_j += volts * volts * plus * p.read_time_s;
        if (pairs || !offset_done) heat_j += volts * volts * minus * p.read_time_s;
        offset_done = true;
      }
    }
  }
  return heat_j;
}

TEST_CASE("heat of every tile equals V^2 G t summed cell by cell", "[crossbar][energy]") {
  for (const linear::LinearMap& map : {random_dense(23, 45, 5), random_convolution(2, 3, 10, 3, 5)}) {
    for (const SignedWeights kind : {SignedWeights::differential_pair, SignedWeights::offset_column}) {
      for (const bool has_converters : {false, true}) {
        CrossbarParameters p = has_converters ? parameters_with_converters(kind) : exact_parameters();
        p.signed_weights = kind;
        CrossbarStage stage(map, p, 1.0, 3, "a");
        energy::Ledger ledger(10, 5);
        stage.open_accounts("a", ledger);
        const support::SignalBlock x = random_block(map, 10, 5, 6);
        stage.forward(x, ledger);
        const std::size_t per_tile = kind == SignedWeights::differential_pair ? 8 : 15;
        const std::size_t row_tiles = (map.terms + 15) / 16, column_tiles = (map.outputs + per_tile - 1) / per_tile;
        for (std::size_t g = 0; g < map.groups; ++g) {
          for (std::size_t r = 0; r < row_tiles; ++r) {
            for (std::size_t c = 0; c < column_tiles; ++c) {
              const std::string tile = "a/tile_" + std::to_string(g * row_tiles + r) + "_" + std::to_string(c);
              const double wanted = tile_heat_j(stage, p, x, 2, g, r, c);
              REQUIRE(wanted > 0);
              CHECK(ledger.total(tile, Fate::dissipated, 12).joules() == Approx(wanted).epsilon(1e-11));
            }
          }
        }
      }
    }
  }
}

TEST_CASE("the ledger closes in every sample and transfers cancel to the last quantum", "[crossbar][energy]") {
  for (const linear::LinearMap& map : {random_dense(23, 45, 5), random_convolution(2, 3, 10, 3, 5)}) {
    for (const SignedWeights kind : {SignedWeights::differential_pair, SignedWeights::offset_column}) {
      for (const Precision precision : {Precision::double_precision, Precision::single_precision}) {
        CrossbarParameters p = parameters_with_converters(kind);
        p.precision = precision;
        p.device.read_noise = ReadNoise::independent;
        p.device.read_noise_sigma = 0.05;
        CrossbarStage stage(map, p, 1.0, 3, "a");
        energy::Ledger ledger(0, 200);
        stage.open_accounts("a", ledger);
        stage.forward(random_block(map, 0, 200, 6), ledger);
        CHECK(ledger.closure().worst < support::kLedgerClosure);
        CHECK(ledger.worst_transfer_mismatch("a") == energy::Quanta{});
        CHECK(ledger.total("a", Fate::dissipated).joules() > 0);
      }
    }
  }
}

TEST_CASE("what the drivers supply is the sum of V I t at their terminals", "[crossbar][energy]") {
  const linear::LinearMap map = random_dense(23, 45, 5);
  const CrossbarParameters p = parameters_with_converters(SignedWeights::differential_pair);
  CrossbarStage stage(map, p, 1.0, 3, "a");
  energy::Ledger ledger(0, 1);
  stage.open_accounts("a", ledger);
  const support::SignalBlock x = random_block(map, 0, 1, 6);
  stage.forward(x, ledger);
  double supplied_j = 0;
  for (std::size_t k = 0; k < 45; ++k) {
    const double volts = 0.5 * p.input->quantiser.value(p.input->quantiser.code(x.at(k, 0)));
    double amperes = 0;
    for (std::size_t o = 0; o < 23; ++o) {
      amperes += volts * (stage.conductances(o, k).first + stage.conductances(o, k).second);
    }
    supplied_j += volts * amperes * p.read_time_s;
  }
  energy::AccountId id = 0;
  account(ledger, "a/driver", "row_drive", Fate::supplied, &id);
  CHECK(ledger.at(id, 0).joules() == Approx(supplied_j).epsilon(1e-11));
}

TEST_CASE("charging a word line takes C V^2 over all columns of every tile it runs through", "[crossbar][energy]") {
  const linear::LinearMap map = random_convolution(2, 3, 10, 3, 5);
  CrossbarParameters p = exact_parameters();
  CrossbarStage stage(map, p, 1.0, 3, "a");
  energy::Ledger ledger(0, 1);
  stage.open_accounts("a", ledger);
  const support::SignalBlock x = random_block(map, 0, 1, 6);
  stage.forward(x, ledger);
  double wanted_j = 0;
  std::int64_t pulses = 0;
  for (const std::int32_t f : map.gather) {
    if (f < 0) continue;
    const double volts = 0.5 * x.at(f, 0);
    wanted_j += 2 * 16 * 0.1e-15 * volts * volts;  // 10 outputs need 20 columns: 2 tiles of 16
    pulses += 2;
  }
  energy::AccountId id = 0;
  account(ledger, "a/driver", "line_charging", Fate::dissipated, &id);
  CHECK(ledger.at(id, 0).joules() == Approx(wanted_j).epsilon(1e-11));
  CHECK(ledger.count(id) == pulses);
}

TEST_CASE("converter energy is the count times the energy of one conversion, exactly", "[crossbar][energy]") {
  const linear::LinearMap map = random_convolution(2, 3, 10, 3, 5);
  const CrossbarParameters p = parameters_with_converters(SignedWeights::differential_pair);
  CrossbarStage stage(map, p, 1.0, 3, "a");
  energy::Ledger ledger(0, 4);
  stage.open_accounts("a", ledger);
  stage.forward(random_block(map, 0, 4, 6), ledger);
  const auto rows = static_cast<std::int64_t>(
      std::count_if(map.gather.begin(), map.gather.end(), [](std::int32_t f) { return f >= 0; }));
  REQUIRE(rows == 2 * 3 * 49);  // of 81 taps of a 3 x 3 kernel on 3 x 3 pixels 49 fall inside
  energy::AccountId id = 0;
  const energy::AccountInfo& dac = account(ledger, "a/dac", "dac", Fate::dissipated, &id);
  CHECK(dac.origin == energy::Origin::table);
  CHECK(ledger.count(id) == 4 * rows);
  CHECK(ledger.total(id) == energy::Quanta::from_joules(0.3e-12) * (4 * rows));
  CHECK(ledger.total("a/dac", Fate::supplied) == ledger.total("a/dac", Fate::dissipated));
  account(ledger, "a/adc", "adc", Fate::dissipated, &id);
  CHECK(ledger.count(id) == 4 * 2 * 10 * 9);
  CHECK(ledger.total(id) == energy::Quanta::from_joules(1.667e-12) * (4 * 2 * 10 * 9));
}

TEST_CASE("every account carries its law, what it counts and sourced coefficients", "[crossbar][energy]") {
  const linear::LinearMap map = random_dense(3, 4, 5);
  CrossbarParameters p = parameters_with_converters(SignedWeights::differential_pair);
  p.read_voltage_v = support::Parameter(0.5, "Wan 2022, Fig. 1", "read");
  CrossbarStage stage(map, p, 1.0, 3, "a");
  energy::Ledger ledger(0, 1);
  stage.open_accounts("a", ledger);
  for (const energy::AccountInfo& info : ledger.accounts()) {
    CHECK(!info.law.empty());
    CHECK(!info.counted.empty());
    CHECK(!info.coefficients.empty());
  }
  energy::AccountId id = 0;
  CHECK(account(ledger, "a/tile_0_0", "joule_heating", Fate::dissipated, &id).coefficients.front().value.source ==
        "Wan 2022, Fig. 1");
}

TEST_CASE("zero inputs dissipate nothing in the array but cost their conversions", "[crossbar][energy]") {
  const linear::LinearMap map = random_dense(3, 4, 5);
  CrossbarStage stage(map, parameters_with_converters(SignedWeights::differential_pair), 1.0, 3, "a");
  energy::Ledger ledger(0, 1);
  stage.open_accounts("a", ledger);
  stage.forward(support::SignalBlock(0, 1, 4), ledger);
  CHECK(ledger.total("a/driver", Fate::supplied) == energy::Quanta{});
  CHECK(ledger.total("a/tile_0_0", Fate::dissipated) == energy::Quanta{});
  CHECK(ledger.total("a/dac", Fate::dissipated) == energy::Quanta::from_joules(0.3e-12) * 4);
}

TEST_CASE("heat grows with the square of the read voltage and with the read time", "[crossbar][energy]") {
  const linear::LinearMap map = random_dense(3, 4, 5);
  const auto heat_j = [&](double volts, double seconds) {
    CrossbarParameters p = exact_parameters();
    p.read_voltage_v = volts;
    p.read_time_s = seconds;
    CrossbarStage stage(map, p, 1.0, 3, "a");
    energy::Ledger ledger(0, 1);
    stage.open_accounts("a", ledger);
    stage.forward(random_block(map, 0, 1, 6), ledger);
    return ledger.total("a/tile_0_0", Fate::dissipated).joules();
  };
  CHECK(heat_j(1.0, 10e-9) == Approx(4 * heat_j(0.5, 10e-9)).epsilon(1e-12));
  CHECK(heat_j(0.5, 30e-9) == Approx(3 * heat_j(0.5, 10e-9)).epsilon(1e-12));
}

}  // namespace
}  // namespace szilard::electronic
