// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <limits>

#include "tests/models/capacitive/capacitive_fixture.hpp"

namespace szilard::capacitive {

using namespace testing;
using Catch::Matchers::Contains;

TEST_CASE("parameters that no tile can have are refused by name", "[capacitive][bad]") {
  const std::pair<const char*, std::function<void(CapacitiveParameters&)>> cases[] = {
      {"rows", [](CapacitiveParameters& p) { p.rows = 0; }},
      {"rows", [](CapacitiveParameters& p) { p.rows = 5000; }},
      {"columns", [](CapacitiveParameters& p) { p.columns = 0; }},
      {"input_bits", [](CapacitiveParameters& p) { p.input_bits = 1; }},
      {"input_bits", [](CapacitiveParameters& p) { p.input_bits = 9; }},
      {"weight_bits", [](CapacitiveParameters& p) { p.weight_bits = 0; }},
      {"weight_bits", [](CapacitiveParameters& p) { p.columns = 3; }},
      {"supply_v", [](CapacitiveParameters& p) { p.supply_v = 0; }},
      {"cell_capacitance_f", [](CapacitiveParameters& p) { p.cell_capacitance_f = -1e-15; }},
      {"node_capacitance_per_cell_f",
       [](CapacitiveParameters& p) { p.node_capacitance_per_cell_f = std::numeric_limits<double>::infinity(); }},
      {"column_capacitance_per_cell_f",
       [](CapacitiveParameters& p) { p.column_capacitance_per_cell_f = std::nan(""); }},
      {"row_capacitance_f", [](CapacitiveParameters& p) { p.row_capacitance_f = -1; }},
      {"capacitor_mismatch", [](CapacitiveParameters& p) { p.capacitor_mismatch = -0.1; }},
      {"driver_fan_out", [](CapacitiveParameters& p) { p.driver_fan_out = 1; }},
      {"cycle_time_s", [](CapacitiveParameters& p) { p.cycle_time_s = 0; }},
      {"range", [](CapacitiveParameters& p) { p.range = 1.5; }},
      {"temperature_k", [](CapacitiveParameters& p) { p.temperature_k = 0; }},
      {"output.quantiser.bits", [](CapacitiveParameters& p) { p.output.quantiser.bits = 0; }}};
  for (const auto& [field, spoil] : cases) {
    CapacitiveParameters p = quiet_parameters();
    spoil(p);
    INFO(field);
    CHECK_THROWS_WITH(CapacitiveStage(random_dense(3, 8, 1), p, 1.0, true, 1, "a"), Contains(field));
  }
}

TEST_CASE("weights that are not finite, full scales of nothing and padding without a zero are refused",
          "[capacitive][bad]") {
  linear::LinearMap map = random_dense(3, 8, 1);
  CHECK_THROWS_WITH(CapacitiveStage(map, quiet_parameters(), 0.0, true, 1, "a"), Contains("input_full_scale"));
  map.weights(1, 2) = std::nan("");
  CHECK_THROWS_WITH(CapacitiveStage(map, quiet_parameters(), 1.0, true, 1, "a"), Contains("finite"));
  linear::LinearMap padded = random_dense(3, 8, 1);
  padded.gather[4] = -1;
  CHECK_NOTHROW(CapacitiveStage(padded, quiet_parameters(), 1.0, true, 1, "a"));
  CapacitiveParameters p = quiet_parameters();
  p.product = CellProduct::equality;
  CHECK_THROWS_WITH(CapacitiveStage(padded, p, 1.0, true, 1, "a"), Contains("padding"));
}

TEST_CASE("a block of another width is a fault of the caller", "[capacitive][bad]") {
  CapacitiveStage stage(random_dense(3, 8, 1), quiet_parameters(), 1.0, true, 1, "a");
  energy::Ledger ledger(0, 1);
  stage.open_accounts("p/dense", ledger);
  CHECK_THROWS_AS(stage.forward(random_block(7, 0, 1, 1), ledger), std::logic_error);
}

}  // namespace szilard::capacitive
