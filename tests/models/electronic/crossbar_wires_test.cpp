// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <limits>

#include "models/support/tolerance.hpp"
#include "tests/models/electronic/crossbar_fixture.hpp"
#include "tests/models/electronic/wires/nodal_reference.hpp"

namespace szilard::electronic {
namespace {

using namespace testing;
using energy::Fate;

CrossbarParameters wired_parameters(double ohm) {
  CrossbarParameters p = exact_parameters();
  p.device.programming_error_s = {1e-6};
  p.wires.model = WireModel::exact;
  p.wires.word_segment_ohm = ohm;
  p.wires.bit_segment_ohm = 0.7 * ohm;
  p.wires.driver_ohm = 3 * ohm;
  p.wires.sense_ohm = 2 * ohm;
  return p;
}

struct Run {
  support::SignalBlock y;
  energy::Ledger ledger;
};

Run run(CrossbarStage& stage, const support::SignalBlock& x) {
  Run result{x.sibling(stage.map().total_outputs()), energy::Ledger(x.first_sample(), x.samples())};
  stage.open_accounts("a", result.ledger);
  result.y = stage.forward(x, result.ledger);
  return result;
}

double joules(const energy::Ledger& ledger, const std::string& component, const std::string& mechanism, Fate fate,
              std::uint64_t sample) {
  energy::Quanta sum;
  for (energy::AccountId i = 0; i < ledger.accounts().size(); ++i) {
    const energy::AccountInfo& info = ledger.accounts()[i];
    if (info.component == component && info.mechanism == mechanism && info.fate == fate) sum += ledger.at(i, sample);
  }
  return sum.joules();
}

/// One tile as the header describes it: used rows, the columns from the driver on, unused ones only on the way to a
/// second driver.
wires::Case tile_network(const CrossbarStage& stage, const CrossbarParameters& p, std::size_t r, std::size_t c) {
  const linear::LinearMap& map = stage.map();
  const bool pairs = p.signed_weights == SignedWeights::differential_pair;
  const std::size_t per_tile = pairs ? p.columns / 2 : p.columns - 1;
  const std::size_t outputs = std::min(per_tile, map.outputs - c * per_tile);
  const std::size_t used = pairs ? 2 * outputs : outputs + 1;
  wires::Case network;
  network.rows = std::min(p.rows, map.terms - r * p.rows);
  network.columns = p.wires.drive_both_ends ? p.columns : used;
  network.wires = {p.wires.word_segment_ohm, p.wires.bit_segment_ohm, p.wires.driver_ohm,
                   p.wires.sense_ohm,        p.wires.drive_both_ends, false};
  network.v.assign(network.rows, 0.0);
  for (std::size_t i = 0; i < network.rows; ++i) {
    std::vector<double> row(network.columns, 0.0);
    for (std::size_t o = 0; o < outputs; ++o) {
      const auto [own, opposite] = stage.conductances(c * per_tile + o, r * p.rows + i);
      row[pairs ? 2 * o : o] = own;
      row[pairs ? 2 * o + 1 : outputs] = opposite;
    }
    network.g.insert(network.g.end(), row.begin(), row.end());
  }
  return network;
}

struct Expected {
  std::vector<double> currents_a;  // of each output
  double supplied_w = 0;
  std::vector<double> cells_w;  // of each tile, row tile by row tile
};

/// Every tile of a dense map by LU of its nodal matrix.
Expected solve_all(const CrossbarStage& stage, const CrossbarParameters& p, const support::SignalBlock& x,
                   std::size_t sample) {
  const linear::LinearMap& map = stage.map();
  const bool pairs = p.signed_weights == SignedWeights::differential_pair;
  const std::size_t per_tile = pairs ? p.columns / 2 : p.columns - 1;
  Expected expected;
  expected.currents_a.assign(map.outputs, 0.0);
  for (std::size_t r = 0; r * p.rows < map.terms; ++r) {
    for (std::size_t c = 0; c * per_tile < map.outputs; ++c) {
      wires::Case network = tile_network(stage, p, r, c);
      for (std::size_t i = 0; i < network.rows; ++i) network.v[i] = p.read_voltage_v * x.at(r * p.rows + i, sample);
      const wires::NodalReference solved(network);
      const std::size_t outputs = std::min(per_tile, map.outputs - c * per_tile);
      for (std::size_t o = 0; o < outputs; ++o) {
        expected.currents_a[c * per_tile + o] +=
            solved.column_currents[pairs ? 2 * o : o] - solved.column_currents[pairs ? 2 * o + 1 : outputs];
      }
      double cells_w = 0;
      for (std::size_t k = 0; k < network.g.size(); ++k) {
        const double volts = solved.word_voltages[k] - solved.bit_voltages[k];
        cells_w += volts * volts * network.g[k];
      }
      expected.cells_w.push_back(cells_w);
      for (std::size_t i = 0; i < network.rows; ++i) expected.supplied_w += network.v[i] * solved.row_currents[i];
    }
  }
  return expected;
}

/// Siemens to weights: the header's law for y.
double weight_per_siemens(const CrossbarStage& stage, const CrossbarParameters& p) {
  const double w_max = stage.map().weights.cwiseAbs().maxCoeff();
  const double span = p.device.maximum_conductance_s - p.device.minimum_conductance_s;
  return (p.signed_weights == SignedWeights::differential_pair ? 1 : 2) * w_max / span;
}

TEST_CASE("outputs and powers of a stage with wires are those of every tile's nodal matrix", "[crossbar][wires]") {
  const linear::LinearMap map = random_dense(11, 21, 5);
  const support::SignalBlock x = random_block(map, 10, 5, 6);
  for (const SignedWeights kind : {SignedWeights::differential_pair, SignedWeights::offset_column}) {
    for (const bool both_ends : {false, true}) {
      for (const double ohm : {1.0, 300.0}) {
        CrossbarParameters p = wired_parameters(ohm);
        p.rows = 9;
        p.columns = 7;
        p.signed_weights = kind;
        p.wires.drive_both_ends = both_ends;
        CrossbarStage stage(map, p, 1.0, 3, "a");
        const Run got = run(stage, x);
        const Expected expected = solve_all(stage, p, x, 2);
        for (std::size_t o = 0; o < map.outputs; ++o) {
          const double wanted = map.bias[o] + expected.currents_a[o] * weight_per_siemens(stage, p) / p.read_voltage_v;
          CHECK(got.y.at(o, 2) == Approx(wanted).epsilon(1e-9).margin(1e-9));
        }
        const double t = p.read_time_s;
        CHECK(joules(got.ledger, "a/driver", "row_drive", Fate::supplied, 12) ==
              Approx(expected.supplied_w * t).epsilon(1e-10));
        double wires_j = 0;
        const std::vector<TileReport> tiles = stage.tiles();
        for (std::size_t i = 0; i < tiles.size(); ++i) {
          const std::string tile = "a/" + tiles[i].name;
          CHECK(joules(got.ledger, tile, "joule_heating", Fate::dissipated, 12) ==
                Approx(expected.cells_w[i] * t).epsilon(1e-10));
          wires_j += joules(got.ledger, tile, "wire_heating", Fate::dissipated, 12);
        }
        double cells_w = 0;
        for (const double w : expected.cells_w) cells_w += w;
        CHECK(wires_j == Approx((expected.supplied_w - cells_w) * t).epsilon(1e-8));
      }
    }
  }
}

TEST_CASE("wires of no resistance change neither outputs nor heat", "[crossbar][wires]") {
  for (const linear::LinearMap& map : {random_dense(23, 45, 5), random_convolution(2, 3, 10, 3, 5)}) {
    for (const SignedWeights kind : {SignedWeights::differential_pair, SignedWeights::offset_column}) {
      CrossbarParameters with = wired_parameters(0);
      with.signed_weights = kind;
      CrossbarParameters without = with;
      without.wires.model = WireModel::none;
      CrossbarStage wired(map, with, 1.0, 3, "a"), ideal(map, without, 1.0, 3, "a");
      const support::SignalBlock x = random_block(map, 0, 7, 6);
      const Run got = run(wired, x), wanted = run(ideal, x);
      for (std::size_t f = 0; f < map.total_outputs(); ++f) {
        CHECK(got.y.at(f, 3) == Approx(wanted.y.at(f, 3)).epsilon(1e-11).margin(1e-11));
      }
      for (const TileReport& tile : wired.tiles()) {
        CHECK(joules(got.ledger, "a/" + tile.name, "joule_heating", Fate::dissipated, 3) ==
              Approx(joules(wanted.ledger, "a/" + tile.name, "joule_heating", Fate::dissipated, 3)).epsilon(1e-11));
        CHECK(joules(got.ledger, "a/" + tile.name, "wire_heating", Fate::dissipated, 3) == 0);
      }
    }
  }
}

TEST_CASE("the ledger closes with wires in every sample, whatever the precision", "[crossbar][wires][energy]") {
  for (const linear::LinearMap& map : {random_dense(23, 45, 5), random_convolution(2, 3, 10, 3, 5)}) {
    for (const WireModel model : {WireModel::fast, WireModel::exact}) {
      for (const Precision precision :
           {Precision::double_precision, Precision::single_precision, Precision::sixteen_bit}) {
        CrossbarParameters p = wired_parameters(20);
        p.wires.model = model;
        p.precision = precision;
        p.input = Converter{{6, 1.0, true}, 0.3e-12, 1e-9};
        p.device.read_noise = ReadNoise::proportional;
        p.device.read_noise_sigma = 0.02;
        CrossbarStage stage(map, p, 1.0, 3, "a");
        const Run got = run(stage, random_block(map, 0, 130, 6));
        CHECK(got.ledger.closure().worst < support::kLedgerClosure);
        CHECK(got.ledger.worst_transfer_mismatch("a") == energy::Quanta{});
        CHECK(got.ledger.total("a", Fate::dissipated).joules() > 0);
      }
    }
  }
}

TEST_CASE("a sample's outputs and energies with wires do not depend on its block", "[crossbar][wires]") {
  const linear::LinearMap map = random_convolution(2, 3, 10, 3, 5);
  CrossbarParameters p = wired_parameters(20);
  p.device.read_noise = ReadNoise::independent;
  p.device.read_noise_sigma = 0.02;
  CrossbarStage all(map, p, 1.0, 3, "a"), one(map, p, 1.0, 3, "a");
  const support::SignalBlock x = random_block(map, 0, 300, 6);
  const Run together = run(all, x);
  support::SignalBlock alone(271, 1, map.inputs);
  for (std::size_t f = 0; f < map.inputs; ++f) alone.row(f)[0] = x.at(f, 271);
  const Run single = run(one, alone);
  for (std::size_t f = 0; f < map.total_outputs(); ++f) CHECK(single.y.at(f, 0) == together.y.at(f, 271));
  for (energy::AccountId i = 0; i < together.ledger.accounts().size(); ++i) {
    CHECK(single.ledger.at(i, 271) == together.ledger.at(i, 271));
  }
}

TEST_CASE("fast wires miss the exact outputs by less than stated and have exact powers", "[crossbar][wires]") {
  const linear::LinearMap map = random_dense(30, 64, 5);
  CrossbarParameters p = wired_parameters(1);
  p.rows = p.columns = 64;
  CrossbarParameters quick = p, none = p;
  quick.wires.model = WireModel::fast;
  none.wires.model = WireModel::none;
  CrossbarStage exact(map, p, 1.0, 3, "a"), fast(map, quick, 1.0, 3, "a"), ideal(map, none, 1.0, 3, "a");
  const support::SignalBlock x = random_block(map, 0, 4, 6, 0, 1);
  const Run e = run(exact, x), f = run(fast, x), i = run(ideal, x);
  double error = 0, effect = 0;
  for (std::size_t o = 0; o < map.outputs; ++o) {
    error = std::max(error, std::abs(f.y.at(o, 1) - e.y.at(o, 1)));
    effect = std::max(effect, std::abs(i.y.at(o, 1) - e.y.at(o, 1)));
  }
  CHECK(effect > 0);
  CHECK(error > 0);
  CHECK(error < 0.04 * effect);  // 2 % on each side of a pair
  CHECK(f.ledger.total("a", Fate::dissipated) == e.ledger.total("a", Fate::dissipated));
}

TEST_CASE("read noise with wires agrees with networks solved anew with noisy cells", "[crossbar][wires][noise]") {
  const linear::LinearMap map = random_dense(5, 24, 5);
  constexpr double kSigma = 0.02;
  constexpr std::size_t kReads = 20000;
  for (const ReadNoise noise : {ReadNoise::proportional, ReadNoise::independent}) {
    CrossbarParameters p = wired_parameters(15);
    p.rows = 24;
    p.columns = 10;
    CrossbarStage quiet(map, p, 1.0, 3, "a");
    p.device.read_noise = noise;
    p.device.read_noise_sigma = kSigma;
    CrossbarStage stage(map, p, 1.0, 3, "a");
    support::SignalBlock x(0, kReads, map.inputs);
    for (std::size_t f = 0; f < map.inputs; ++f) {
      const double value = std::max(0.0, uniform(8, 0, static_cast<std::uint32_t>(f), -0.5, 1));
      std::fill_n(x.row(f), kReads, value);
    }
    const support::SignalBlock y = outputs_of(map, p, x, 3);
    wires::Case network = tile_network(stage, p, 0, 0);
    for (std::size_t i = 0; i < network.rows; ++i) network.v[i] = p.read_voltage_v * x.at(i, 0);
    const auto currents = [&](const std::vector<double>& g) {
      std::vector<double> out(network.columns);
      wires::WireNetwork(network.rows, network.columns, g.data(), network.wires)
          .column_currents(network.v.data(), 1, out.data());
      return out;
    };
    const std::vector<double> mean = currents(network.g);
    std::vector<double> variance(map.outputs, 0.0), ideal_variance(map.outputs, 0.0);
    double drop = 0;
    for (std::size_t k = 0; k < network.g.size(); ++k) {
      const double sigma_s =
          kSigma * (noise == ReadNoise::proportional ? network.g[k] : p.device.maximum_conductance_s.value);
      std::vector<double> noisy = network.g;
      noisy[k] += sigma_s;
      const std::vector<double> moved = currents(noisy);
      for (std::size_t o = 0; o < map.outputs; ++o) {
        const double change = (moved[2 * o] - mean[2 * o]) - (moved[2 * o + 1] - mean[2 * o + 1]);
        variance[o] += change * change;
        if (k % network.columns / 2 != o) continue;
        ideal_variance[o] += std::pow(sigma_s * network.v[k / network.columns], 2);
      }
    }
    for (std::size_t j = 0; j < network.columns; ++j) {
      double ideal = 0;
      for (std::size_t i = 0; i < network.rows; ++i) ideal += network.g[i * network.columns + j] * network.v[i];
      drop = std::max(drop, 1 - mean[j] / ideal);
    }
    CHECK(drop > 0.03);
    REQUIRE(drop < 0.1);
    for (std::size_t o = 0; o < map.outputs; ++o) {
      double sum = 0, squares = 0;
      for (std::size_t s = 0; s < kReads; ++s) sum += y.at(o, s), squares += y.at(o, s) * y.at(o, s);
      const double sigma = std::sqrt(squares / kReads - sum * sum / kReads / kReads);
      const double scale = weight_per_siemens(stage, p) / p.read_voltage_v;
      const double statistical = 4 / std::sqrt(2.0 * kReads);
      CHECK(sigma == Approx(std::sqrt(variance[o]) * scale).epsilon(0.05 + statistical));
      CHECK(sigma < std::sqrt(ideal_variance[o]) * scale);
    }
  }
}

TEST_CASE("wires that no one could build are refused by name", "[crossbar][wires][bad]") {
  const auto problem = [](const CrossbarParameters& p) -> std::string {
    try {
      CrossbarStage(random_dense(3, 4, 5), p, 1.0, 1, "a");
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  };
  for (const double bad : {-1.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    CrossbarParameters p = wired_parameters(1);
    p.wires.word_segment_ohm = bad;
    CHECK(problem(p).find("wires.word_segment_ohm") != std::string::npos);
    p = wired_parameters(1);
    p.wires.bit_segment_ohm = bad;
    CHECK(problem(p).find("wires.bit_segment_ohm") != std::string::npos);
    p = wired_parameters(1);
    p.wires.driver_ohm = bad;
    CHECK(problem(p).find("wires.driver_ohm") != std::string::npos);
    p = wired_parameters(1);
    p.wires.sense_ohm = bad;
    CHECK(problem(p).find("wires.sense_ohm") != std::string::npos);
    p.wires.model = WireModel::none;
    CHECK(problem(p).empty());
  }
  CHECK_FALSE(problem(wired_parameters(1e20)).empty());  // nodes float
}

}  // namespace
}  // namespace szilard::electronic
