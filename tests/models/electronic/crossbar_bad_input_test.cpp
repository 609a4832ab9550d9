// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <limits>
#include <stdexcept>

#include "tests/models/electronic/crossbar_fixture.hpp"

namespace szilard::electronic {
namespace {

using namespace testing;
using Catch::Matchers::Contains;

template <typename Change>
CrossbarStage build(Change change, double input_full_scale = 1.0) {
  CrossbarParameters p = exact_parameters();
  change(p);
  return CrossbarStage(random_dense(3, 4, 5), p, input_full_scale, 1, "a");
}

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST_CASE("tiles without room for one output are refused", "[crossbar][bad]") {
  CHECK_THROWS_WITH(build([](auto& p) { p.rows = 0; }), Contains("rows"));
  CHECK_THROWS_WITH(build([](auto& p) { p.rows = 4097; }), Contains("rows"));
  CHECK_THROWS_WITH(build([](auto& p) { p.columns = 0; }), Contains("columns"));
  CHECK_THROWS_WITH(build([](auto& p) { p.columns = 1; }), Contains("columns"));
  CHECK_THROWS_AS(build([](auto& p) { p.columns = 5000; }), std::invalid_argument);
}

TEST_CASE("impossible voltages, times and capacitances are refused", "[crossbar][bad]") {
  CHECK_THROWS_WITH(build([](auto& p) { p.read_voltage_v = 0; }), Contains("read_voltage_v"));
  CHECK_THROWS_WITH(build([](auto& p) { p.read_voltage_v = kNan; }), Contains("read_voltage_v"));
  CHECK_THROWS_WITH(build([](auto& p) { p.read_time_s = 0; }), Contains("read_time_s"));
  CHECK_THROWS_WITH(build([](auto& p) { p.read_time_s = -1e-9; }), Contains("read_time_s"));
  CHECK_THROWS_WITH(build([](auto& p) { p.settling_time_s = -1e-9; }), Contains("settling_time_s"));
  CHECK_THROWS_WITH(build([](auto& p) { p.row_capacitance_per_cell_f = -1e-18; }),
                    Contains("row_capacitance_per_cell_f"));
}

TEST_CASE("impossible cells and converters are refused by the stage", "[crossbar][bad]") {
  CHECK_THROWS_WITH(build([](auto& p) { p.device.minimum_conductance_s = -1e-6; }), Contains("minimum_conductance_s"));
  CHECK_THROWS_WITH(build([](auto& p) { p.device.levels = 1; }), Contains("levels"));
  CHECK_THROWS_WITH(build([](auto& p) { p.device.verify_tries = 0; }), Contains("verify_tries"));
  CHECK_THROWS_WITH(build([](auto& p) { p.input = Converter{{8, 0, false}, 0, 0}; }), Contains("full_scale"));
  CHECK_THROWS_WITH(build([](auto& p) {
                      p.output = Converter{{8, 1, false}, kNan, 0};
                    }),
                    Contains("energy_per_conversion_j"));
}

TEST_CASE("areas that are zero, negative or no numbers are refused by name", "[crossbar][bad]") {
  for (const double bad : {0.0, -1e-12, kNan, std::numeric_limits<double>::infinity()}) {
    CHECK_THROWS_WITH(build([&](auto& p) { p.area.cell_m2 = bad; }), Contains("area.cell_m2"));
    CHECK_THROWS_WITH(build([&](auto& p) { p.area.dac_m2 = bad; }), Contains("area.dac_m2"));
    CHECK_THROWS_WITH(build([&](auto& p) { p.area.adc_m2 = bad; }), Contains("area.adc_m2"));
  }
}

TEST_CASE("a full scale of zero, below zero or not a number is refused", "[crossbar][bad]") {
  const auto unchanged = [](CrossbarParameters&) {};
  CHECK_THROWS_WITH(build(unchanged, 0.0), Contains("input_full_scale"));
  CHECK_THROWS_WITH(build(unchanged, -1.0), Contains("input_full_scale"));
  CHECK_THROWS_WITH(build(unchanged, kNan), Contains("input_full_scale"));
  CHECK_THROWS_AS(build(unchanged, std::numeric_limits<double>::infinity()), std::invalid_argument);
}

TEST_CASE("weights that are not finite are refused", "[crossbar][bad]") {
  linear::LinearMap map = random_dense(3, 4, 5);
  map.weights(1, 2) = kNan;
  CHECK_THROWS_AS(CrossbarStage(map, exact_parameters(), 1, 1, "a"), std::exception);
  map.weights(1, 2) = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(CrossbarStage(map, exact_parameters(), 1, 1, "a"), std::exception);
}

TEST_CASE("misuse is a logic error: no accounts, accounts twice, wrong width, no such weight", "[crossbar][bad]") {
  CrossbarStage stage = build([](CrossbarParameters&) {});
  NullSink sink;
  CHECK_THROWS_AS(stage.forward(support::SignalBlock(0, 1, 4), sink), std::logic_error);
  stage.open_accounts("a", sink);
  CHECK_THROWS_AS(stage.open_accounts("a", sink), std::logic_error);
  CHECK_THROWS_AS(stage.forward(support::SignalBlock(0, 1, 5), sink), std::logic_error);
  CHECK_THROWS_AS(stage.conductances(3, 0), std::out_of_range);
  CHECK_THROWS_AS(stage.conductances(0, 4), std::out_of_range);
}

}  // namespace
}  // namespace szilard::electronic
