// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/models/electronic/wires/nodal_reference.hpp"

using namespace szilard::wires;

TEST_CASE("the effective matrix yields the currents of every solve", "[wires]") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    Draw draw(seed);
    const Case c = random_case(draw, 24, seed % 2 == 0);
    std::vector<double> inputs = c.v;
    for (std::size_t i = 0; i < 2 * c.rows; ++i) inputs.push_back(draw.uniform(-1, 1));
    WireNetwork network(c.rows, c.columns, c.g.data(), c.wires);
    const Solution solved = network.solve(inputs.data(), 3);
    const EffectiveMatrix matrix = network.effective_matrix();
    std::vector<double> currents(3 * c.columns);
    apply(matrix, inputs.data(), 3, currents.data());
    CHECK(largest_difference(currents, solved.column_currents_a) <=
          1e-11 * std::max(largest(solved.row_currents_a), 1e-6));
  }
}

TEST_CASE("the power forms yield the powers of every solve, and close", "[wires]") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    Draw draw(seed);
    const Case c = random_case(draw, 20, seed % 2 == 0);
    std::vector<double> inputs = c.v;
    for (std::size_t i = 0; i < 2 * c.rows; ++i) inputs.push_back(draw.uniform(-1, 1));
    WireNetwork network(c.rows, c.columns, c.g.data(), c.wires);
    const Solution solved = network.solve(inputs.data(), 3);
    const PowerForms forms = network.power_forms();
    std::vector<double> supply(3), cells(3), wires(3);
    apply_form(forms.supply_s, c.rows, inputs.data(), 3, supply.data());
    apply_form(forms.cells_s, c.rows, inputs.data(), 3, cells.data());
    apply_form(forms.wires_s, c.rows, inputs.data(), 3, wires.data());
    for (std::size_t k = 0; k < 3; ++k) {
      const double scale = solved.power[k].supply_w;
      CHECK(std::abs(supply[k] - scale) <= 1e-10 * scale);
      CHECK(std::abs(cells[k] - solved.power[k].cells_w) <= 1e-10 * scale);
      CHECK(std::abs(wires[k] - solved.power[k].wires_w) <= 1e-10 * scale);
    }
    for (std::size_t i = 0; i < c.rows; ++i)
      for (std::size_t k = 0; k < c.rows; ++k) {
        const std::size_t at = i * c.rows + k;
        CHECK(std::abs(forms.supply_s[at] - forms.cells_s[at] - forms.wires_s[at]) <= 1e-10 * (std::abs(forms.supply_s[at]) + 1e-6));
      }
  }
}

TEST_CASE("the matrix of row currents is symmetric and its rows do not draw less than nothing", "[wires]") {
  Draw draw(3);
  const Case c = random_case(draw, 20, false);
  const PowerForms forms = WireNetwork(c.rows, c.columns, c.g.data(), c.wires).power_forms();
  for (std::size_t i = 0; i < c.rows; ++i) {
    CHECK(forms.supply_s[i * c.rows + i] >= 0);
    for (std::size_t k = 0; k < i; ++k) {
      CHECK(forms.supply_s[i * c.rows + k] == forms.supply_s[k * c.rows + i]);
      CHECK(forms.supply_s[i * c.rows + k] <= 1e-18);  // another source's voltage only pushes back
    }
  }
}
