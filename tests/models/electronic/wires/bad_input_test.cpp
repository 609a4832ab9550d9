// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <limits>
#include <stdexcept>

#include "models/electronic/wires/wire_network.hpp"

using namespace szilard::wires;
using Catch::Matchers::Contains;

namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN(), kInfinity = std::numeric_limits<double>::infinity();
const std::vector<double> kCells = {1e-5, 2e-5, 3e-5, 4e-5};

WireNetwork network_of(std::vector<double> g, const WireParameters& wires = {1, 1, 0, 0, false, false}) {
  return WireNetwork(2, 2, g.data(), wires);
}

}  // namespace

TEST_CASE("conductances that are negative, infinite, NaN or absurd are refused by name", "[wires]") {
  for (const double bad : {-1e-9, kNan, kInfinity, -kInfinity, 1e13}) {
    std::vector<double> g = kCells;
    g[2] = bad;
    CHECK_THROWS_WITH(network_of(g), Contains("cell (1, 0)"));
    CHECK_THROWS_AS(network_of(g), std::invalid_argument);
  }
}

TEST_CASE("resistances that are negative, infinite or NaN are refused by name", "[wires]") {
  for (const double bad : {-1.0, kNan, kInfinity}) {
    CHECK_THROWS_WITH(network_of(kCells, {bad, 1, 0, 0, false, false}), Contains("word_segment_ohm"));
    CHECK_THROWS_WITH(network_of(kCells, {1, bad, 0, 0, false, false}), Contains("bit_segment_ohm"));
    CHECK_THROWS_WITH(network_of(kCells, {1, 1, bad, 0, false, false}), Contains("driver_ohm"));
    CHECK_THROWS_WITH(network_of(kCells, {1, 1, 0, bad, false, false}), Contains("sense_ohm"));
  }
}

TEST_CASE("wires so resistive that nodes float are refused", "[wires]") {
  CHECK_THROWS_WITH(network_of(kCells, {1e18, 1, 0, 0, false, false}), Contains("float"));
  CHECK_THROWS_WITH(network_of(kCells, {1, 1e300, 0, 0, false, false}), Contains("float"));
}

TEST_CASE("empty and overflowing arrays are refused", "[wires]") {
  const WireParameters wires;
  CHECK_THROWS_AS(WireNetwork(0, 2, kCells.data(), wires), std::invalid_argument);
  CHECK_THROWS_AS(WireNetwork(2, 0, kCells.data(), wires), std::invalid_argument);
  CHECK_THROWS_AS(WireNetwork(std::size_t{1} << 33, std::size_t{1} << 33, kCells.data(), wires), std::invalid_argument);
}

TEST_CASE("voltages that are infinite, NaN or absurd are refused", "[wires]") {
  WireNetwork network = network_of(kCells);
  for (const double bad : {kNan, kInfinity, -kInfinity, 1e13}) {
    const std::vector<double> v = {0.1, bad};
    std::vector<double> out(2);
    CHECK_THROWS_WITH(network.solve(v.data(), 1), Contains("voltage 1"));
    CHECK_THROWS_AS(network.column_currents(v.data(), 1, out.data()), std::invalid_argument);
    CHECK_THROWS_AS(network.solve(v.data(), 1, *cubic_cell(1)), std::invalid_argument);
    CHECK_THROWS_AS(network.column_drives(v.data(), 1, {kCells.data()}), std::invalid_argument);
  }
}

TEST_CASE("weights of cells that are no numbers are refused", "[wires]") {
  WireNetwork network = network_of(kCells);
  const std::vector<double> ends = {1, 0};
  for (const double bad : {kNan, kInfinity, -kInfinity}) {
    std::vector<double> weights = kCells;
    weights[1] = bad;
    CHECK_THROWS_WITH(network.column_drives(ends.data(), 1, {kCells.data(), weights.data()}), Contains("weights"));
  }
}

TEST_CASE("impossible options are refused, and too few iterations are an error", "[wires]") {
  WireNetwork network = network_of(kCells);
  const std::vector<double> v = {0.1, 0.2};
  SolveOptions options;
  for (const double bad : {0.0, -1.0, 1.0, kNan}) {
    options.tolerance = bad;
    CHECK_THROWS_AS(network.solve(v.data(), 1, options), std::invalid_argument);
    CHECK_THROWS_AS(network.effective_matrix(options), std::invalid_argument);
    CHECK_THROWS_AS(network.power_forms(options), std::invalid_argument);
    CHECK_THROWS_AS(network.column_drives(v.data(), 1, {}, options), std::invalid_argument);
  }
  options = {};
  options.max_iterations = 0;
  CHECK_THROWS_AS(network.solve(v.data(), 1, options), std::invalid_argument);
  options.max_iterations = 1;
  CHECK_THROWS_AS(network.solve(v.data(), 1, options), std::runtime_error);
}

TEST_CASE("cell laws that fall, or of impossible parameters, are refused", "[wires]") {
  for (const double bad : {0.0, -0.1, kNan, kInfinity, 1e-9}) CHECK_THROWS_AS(sinh_cell(bad), std::invalid_argument);
  for (const double bad : {-0.1, kNan, kInfinity}) CHECK_THROWS_AS(cubic_cell(bad), std::invalid_argument);
  CHECK_THROWS_AS(table_cell({0}, {0}), std::invalid_argument);
  CHECK_THROWS_AS(table_cell({0, 1}, {0}), std::invalid_argument);
  CHECK_THROWS_AS(table_cell({0, 0}, {0, 1}), std::invalid_argument);
  CHECK_THROWS_AS(table_cell({0, 1, 2}, {0, 1, 0.5}), std::invalid_argument);
  CHECK_THROWS_AS(table_cell({0, kNan}, {0, 1}), std::invalid_argument);
}
