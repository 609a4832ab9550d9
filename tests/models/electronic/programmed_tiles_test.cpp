// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/models/electronic/crossbar_fixture.hpp"

namespace szilard::electronic {
namespace {

using namespace testing;

CrossbarParameters noisy_parameters(SignedWeights kind) {
  CrossbarParameters p = exact_parameters();
  p.signed_weights = kind;
  p.device.levels = 8;
  p.device.programming_error_s = {0.5e-6, 1e-6};
  p.device.stuck_on = 0.05;
  p.device.stuck_off = 0.05;
  p.device.spread = 0.02;
  return p;
}

TEST_CASE("exported tiles hold the conductances that the crossbar computes with", "[crossbar][export]") {
  for (const SignedWeights kind : {SignedWeights::differential_pair, SignedWeights::offset_column}) {
    const bool has_pairs = kind == SignedWeights::differential_pair;
    for (const linear::LinearMap& map : {random_dense(20, 37, 4), random_convolution(3, 2, 19, 4, 5)}) {
      const CrossbarParameters p = noisy_parameters(kind);
      const CrossbarStage stage(map, p, 1.0, 7, "layer");
      const std::vector<ProgrammedTile> tiles = stage.programmed_tiles();
      REQUIRE(tiles.size() == stage.tiles().size());
      std::size_t cells = 0, stuck = 0;
      for (std::size_t t = 0; t < tiles.size(); ++t) {
        const ProgrammedTile& tile = tiles[t];
        CHECK(tile.name == stage.tiles()[t].name);
        CHECK(tile.rows == stage.tiles()[t].rows_used);
        CHECK(tile.columns == stage.tiles()[t].columns_used);
        cells += tile.now_s.size();
        const std::size_t outputs = has_pairs ? tile.columns / 2 : tile.columns - 1;
        for (std::size_t i = 0; i < tile.rows; ++i) {
          for (std::size_t o = 0; o < outputs; ++o) {
            const std::size_t row = i * tile.columns;
            const std::size_t q = tile.group * map.outputs + tile.first_output + o;
            const auto [positive, negative] = stage.conductances(q, tile.first_term + i);
            const std::size_t plus = row + (has_pairs ? 2 * o : o), minus = row + (has_pairs ? 2 * o + 1 : outputs);
            REQUIRE(tile.now_s[plus] == positive);
            REQUIRE(tile.now_s[minus] == negative);
            // Targets are the weights: exactly, before levels.
            const double w = map.weights(static_cast<Eigen::Index>(q), static_cast<Eigen::Index>(tile.first_term + i));
            CHECK((tile.target_s[plus] - tile.target_s[minus]) * stage.weight_per_siemens() == Approx(w).margin(1e-12));
            CHECK(tile.level_s[plus] == nearest_level_s(p.device, tile.target_s[plus]));
          }
        }
        for (std::size_t i = 0; i < tile.now_s.size(); ++i) {
          stuck += tile.is_stuck[i];
          if (tile.is_stuck[i]) CHECK((tile.now_s[i] == 40e-6 || tile.now_s[i] == 1e-6));
        }
      }
      CHECK(cells == stage.cells());
      CHECK(double(stuck) / double(cells) == Approx(0.1).margin(4 * std::sqrt(0.09 / double(cells))));
    }
  }
}

}  // namespace
}  // namespace szilard::electronic
