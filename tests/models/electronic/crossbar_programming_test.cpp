// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <limits>

#include "models/support/tolerance.hpp"
#include "tests/models/electronic/crossbar_fixture.hpp"

namespace szilard::electronic {
namespace {

using namespace testing;
using energy::Fate;

CrossbarParameters writing_parameters() {
  CrossbarParameters p = exact_parameters();
  p.programming.inferences = 1000;
  p.programming.write_voltage_v = 2;
  p.programming.write_time_s = 40e-9;
  return p;
}

double programming_j(const energy::Ledger& ledger, Fate fate, std::uint64_t sample) {
  energy::Quanta sum;
  for (energy::AccountId i = 0; i < ledger.accounts().size(); ++i) {
    if (ledger.accounts()[i].mechanism == "programming" && ledger.accounts()[i].fate == fate)
      sum += ledger.at(i, sample);
  }
  return sum.joules();
}

/// Booked in sample 7 of three, after the ledger's own checks.
double share_j(const linear::LinearMap& map, const CrossbarParameters& p, std::vector<TileReport>* tiles) {
  CrossbarStage stage(map, p, 1.0, 3, "a");
  energy::Ledger ledger(6, 3);
  stage.open_accounts("a", ledger);
  stage.forward(random_block(map, 6, 3, 6), ledger);
  CHECK(ledger.closure().worst < support::kLedgerClosure);
  CHECK(programming_j(ledger, Fate::supplied, 7) == programming_j(ledger, Fate::dissipated, 7));
  CHECK(programming_j(ledger, Fate::dissipated, 6) == programming_j(ledger, Fate::dissipated, 8));
  *tiles = stage.tiles();
  return programming_j(ledger, Fate::dissipated, 7);
}

TEST_CASE("exact programming takes one pulse of V^2 G t a cell, shared by the stated inferences",
          "[crossbar][programming]") {
  for (const linear::LinearMap& map : {random_dense(23, 45, 5), random_convolution(2, 3, 10, 3, 5)}) {
    for (const SignedWeights kind : {SignedWeights::differential_pair, SignedWeights::offset_column}) {
      CrossbarParameters p = writing_parameters();
      p.signed_weights = kind;
      const bool pairs = kind == SignedWeights::differential_pair;
      CrossbarStage stage(map, p, 1.0, 3, "a");
      double conductance_s = 0;
      for (std::size_t q = 0; q < map.groups * map.outputs; ++q) {
        for (std::size_t k = 0; k < map.terms; ++k) {
          const auto [own, opposite] = stage.conductances(q, k);
          conductance_s += own;
          if (pairs || q % map.outputs % 15 == 0) conductance_s += opposite;  // an offset cell serves 15 outputs
        }
      }
      std::vector<TileReport> tiles;
      CHECK(share_j(map, p, &tiles) == Approx(4 * 40e-9 * conductance_s / 1000).epsilon(1e-11));
      std::int64_t pulses = 0;
      for (const TileReport& tile : tiles) {
        CHECK(tile.pulses == static_cast<std::int64_t>(tile.rows_used * tile.columns_used));
        CHECK(tile.programming_time_s == Approx(static_cast<double>(tile.pulses) * 40e-9));
        pulses += tile.pulses;
      }
      CHECK(pulses == static_cast<std::int64_t>(stage.cells()));
    }
  }
}

TEST_CASE("write-verify takes the pulses of its error law, each followed by a read", "[crossbar][programming]") {
  const linear::LinearMap map = random_dense(64, 64, 5);
  CrossbarParameters p = writing_parameters();
  p.rows = p.columns = 128;
  p.device.programming_error_s = {2e-6};
  p.device.verify_tolerance = 0.05;  // 2 uS of 40 uS: one sigma
  p.device.verify_tries = 1000;
  std::vector<TileReport> tiles;
  const double share = share_j(map, p, &tiles);
  REQUIRE(tiles.size() == 1);
  // Tries are geometric. A target below 2 uS accepts whatever would lie below 0 S, which ends at 0.
  const double inside = std::erf(std::sqrt(0.5)), below = 0.5 + inside / 2, cells = 2 * 64 * 64;
  double expected = 0, variance = 0;
  const double w_max = map.weights.cwiseAbs().maxCoeff();
  for (Eigen::Index i = 0; i < map.weights.size(); ++i) {
    for (const double side : {1.0, -1.0}) {
      const double target = 1e-6 + std::max(0.0, side * map.weights.data()[i]) / w_max * 39e-6;
      const double accepted = target <= 2e-6 ? below : inside;
      expected += 1 / accepted;
      variance += (1 - accepted) / accepted / accepted;
    }
  }
  const auto pulses = static_cast<double>(tiles[0].pulses);
  CHECK(pulses == Approx(expected).margin(4 * std::sqrt(variance)));
  CHECK(tiles[0].programming_time_s == Approx(pulses * (40e-9 + 12e-9)).epsilon(1e-12));
  CHECK(share > pulses * 1e-6 * 4 * 40e-9 / 1000);
  p.device.verify_tries = 1;
  std::vector<TileReport> unverified;
  CHECK(share_j(map, p, &unverified) < share);
  CHECK(unverified[0].pulses == static_cast<std::int64_t>(cells));
}

TEST_CASE("stuck cells use up their tries, and nothing is booked where nothing is asked", "[crossbar][programming]") {
  const linear::LinearMap map = random_dense(4, 5, 5);
  CrossbarParameters p = writing_parameters();
  p.device.stuck_on = 1;
  p.device.programming_error_s = {1e-6};
  p.device.verify_tolerance = 1;
  p.device.verify_tries = 7;
  std::vector<TileReport> tiles;
  CHECK(share_j(map, p, &tiles) > 0);
  CHECK(tiles[0].pulses == 7 * 40);
  p.programming.inferences = 0;
  CHECK(share_j(map, p, &tiles) == 0);
  CHECK(tiles[0].programming_j == 0);
}

TEST_CASE("pulses that cannot be are refused by name", "[crossbar][programming][bad]") {
  const auto problem = [](const auto& change) -> std::string {
    CrossbarParameters p = writing_parameters();
    change(p.programming);
    try {
      p.check();
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(problem([](Programming&) {}).empty());
  CHECK(problem([](Programming& w) { w.inferences = 0.5; }).find("programming.inferences") == 0);
  CHECK(problem([&](Programming& w) { w.inferences = nan; }).find("programming.inferences") == 0);
  CHECK(problem([](Programming& w) { w.write_voltage_v = 0; }).find("programming.write_voltage_v") == 0);
  CHECK(problem([&](Programming& w) { w.write_time_s = nan; }).find("programming.write_time_s") == 0);
}

}  // namespace
}  // namespace szilard::electronic
