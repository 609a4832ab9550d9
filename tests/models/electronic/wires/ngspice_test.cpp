// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "tests/models/electronic/wires/nodal_reference.hpp"

using namespace szilard::wires;

namespace {

bool ngspice_is_missing() {
  if (std::system("command -v ngspice > /dev/null 2>&1") == 0) return false;
  WARN("SKIPPED: ngspice is not installed (apt-get install ngspice)");
  return true;
}

/// Column currents as ngspice prints them.
std::vector<double> simulate(const Case& c, const CellLaw& law) {
  const std::string name = std::string(SZILARD_BINARY_DIR) + "/wires_" + std::to_string(getpid());
  std::ofstream(name + ".cir") << spice_deck(c.rows, c.columns, c.g.data(), c.wires, c.v.data(), law);
  const int status = std::system(("ngspice -b " + name + ".cir > " + name + ".out 2>&1").c_str());
  std::ifstream in(name + ".out");
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  std::remove((name + ".cir").c_str());
  std::remove((name + ".out").c_str());
  INFO("ngspice ended with " << status << ": " << text.substr(0, 2000));
  std::vector<double> currents;
  for (std::size_t j = 0; j < c.columns; ++j) {
    const std::string label = "i(vs" + std::to_string(j) + ") = ";
    const std::size_t at = text.find(label);
    REQUIRE(at != std::string::npos);
    currents.push_back(std::strtod(text.c_str() + at + label.size(), nullptr));
  }
  return currents;
}

double relative_difference(const Case& c, const CellLaw& law) {
  WireNetwork network(c.rows, c.columns, c.g.data(), c.wires);
  const Solution s = network.solve(c.v.data(), 1, law);
  const std::vector<double> truth = simulate(c, law);
  // A column of inputs of both signs may nearly cancel: what counts then is the current that its cells carry.
  double worst = 0;
  for (std::size_t j = 0; j < c.columns; ++j) {
    double carried = 0;
    for (std::size_t i = 0; i < c.rows; ++i) carried += std::abs(s.cell_currents_a[i * c.columns + j]);
    worst = std::max(worst, std::abs(s.column_currents_a[j] - truth[j]) / std::max(carried, 1e-12));
  }
  return worst;
}

Case sized_case(Draw& draw, std::size_t rows, std::size_t columns, bool zero_resistances) {
  Case c = random_case(draw, 1, zero_resistances);
  c.rows = rows;
  c.columns = columns;
  c.g.clear();
  c.v.clear();
  const double open = draw.coin(0.5) ? 0.3 : 0;
  for (std::size_t k = 0; k < rows * columns; ++k) c.g.push_back(draw.coin(open) ? 0 : draw.log_uniform(1e-6, 1e-4));
  for (std::size_t i = 0; i < rows; ++i) c.v.push_back(draw.coin(0.1) ? 0 : draw.uniform(-0.4, 0.4));
  c.wires.word_segment_ohm = std::min(c.wires.word_segment_ohm, 20.0);
  c.wires.bit_segment_ohm = std::min(c.wires.bit_segment_ohm, 20.0);
  return c;
}

}  // namespace

TEST_CASE("ohmic arrays agree with ngspice to 1e-6", "[wires][ngspice]") {
  if (ngspice_is_missing()) return;
  const std::pair<std::size_t, std::size_t> sizes[] = {
      {1, 1},   {1, 7},  {9, 1},  {3, 5},   {8, 8},   {16, 16}, {12, 30}, {30, 12}, {17, 33}, {32, 32},
      {40, 20}, {5, 64}, {64, 5}, {24, 24}, {10, 10}, {2, 2},   {20, 20}, {48, 16}, {16, 48}, {31, 31}};
  std::uint64_t seed = 0;
  for (const auto& [rows, columns] : sizes) {
    ++seed;
    Draw draw(seed);
    const Case c = sized_case(draw, rows, columns, seed % 3 == 0);
    INFO("seed " << seed << ", " << rows << " x " << columns << ", both ends " << c.wires.drive_both_ends
                 << c.wires.sense_both_ends);
    CHECK(relative_difference(c, *linear_cell()) <= 1e-6);
  }
}

TEST_CASE("a 64 x 64 array agrees with ngspice to 1e-6, driven from one end and from both", "[wires][ngspice]") {
  if (ngspice_is_missing()) return;
  for (const bool both : {false, true}) {
    Draw draw(64);
    Case c = sized_case(draw, 64, 64, false);
    c.wires = {1, 1.5, 10, 5, both, both};
    CHECK(relative_difference(c, *linear_cell()) <= 1e-6);
  }
}

TEST_CASE("arrays of non-linear cells agree with ngspice to 1e-6", "[wires][ngspice]") {
  if (ngspice_is_missing()) return;
  std::vector<std::unique_ptr<CellLaw>> laws;
  laws.push_back(sinh_cell(0.15));
  laws.push_back(cubic_cell(3));
  laws.push_back(table_cell({-0.2, -0.05, 0.05, 0.2}, {-0.5, -0.02, 0.02, 0.5}));
  std::uint64_t seed = 100;
  for (const auto& [rows, columns] : {std::pair<std::size_t, std::size_t>{1, 1}, {4, 6}, {10, 7}, {16, 16}})
    for (const auto& law : laws) {
      Draw draw(++seed);
      const Case c = sized_case(draw, rows, columns, seed % 2 == 0);
      INFO("seed " << seed << ", " << rows << " x " << columns << ", " << law->spice("v"));
      CHECK(relative_difference(c, *law) <= 1e-6);
    }
}
