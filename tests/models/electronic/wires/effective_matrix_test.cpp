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
        CHECK(std::abs(forms.supply_s[at] - forms.cells_s[at] - forms.wires_s[at]) <=
              1e-10 * (std::abs(forms.supply_s[at]) + 1e-6));
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

TEST_CASE("rows solved in blocks of bounded memory have the response of all at once", "[wires]") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    INFO("seed " << seed);
    Draw draw(seed);
    const Case c = random_case(draw, 24, seed % 2 == 0);
    WireNetwork network(c.rows, c.columns, c.g.data(), c.wires);
    const Response whole = network.response();
    SolveOptions options;
    options.memory_bytes = 2 * 7 * 16 * 32 * sizeof(double) * ((c.rows + 15) / 16);
    const Response parts = network.response(options);
    const double scale = std::max(largest(whole.powers.supply_s), 1e-12);
    CHECK(largest_difference(whole.effective.conductance_s, parts.effective.conductance_s) == 0);
    CHECK(largest_difference(whole.own_voltages_v, parts.own_voltages_v) == 0);
    CHECK(largest_difference(whole.powers.supply_s, parts.powers.supply_s) <= 1e-14 * scale);
    CHECK(largest_difference(whole.powers.cells_s, parts.powers.cells_s) <= 1e-11 * scale);
    CHECK(largest_difference(whole.powers.wires_s, parts.powers.wires_s) <= 1e-11 * scale);
  }
}

TEST_CASE("the response of each row has its own voltages and the effective matrix of the columns", "[wires]") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    INFO("seed " << seed);
    Draw draw(seed);
    const Case c = random_case(draw, 20, seed % 2 == 0);
    WireNetwork network(c.rows, c.columns, c.g.data(), c.wires);
    const Response response = network.response();
    const std::size_t row = draw.integer(0, c.rows - 1);
    std::vector<double> unit(c.rows, 0.0);
    unit[row] = 1;
    const Solution solved = network.solve(unit.data(), 1);
    for (std::size_t j = 0; j < c.columns; ++j) {
      const std::size_t at = row * c.columns + j;
      CHECK(std::abs(response.own_voltages_v[at] - (solved.word_voltages_v[at] - solved.bit_voltages_v[at])) <= 1e-12);
      CHECK(std::abs(response.effective.conductance_s[j * c.rows + row] - solved.column_currents_a[j]) <=
            1e-11 * std::max(solved.row_currents_a[row], 1e-6));
    }
  }
}

TEST_CASE("voltages at the columns' ends act as the array turned over says", "[wires]") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    Draw draw(seed);
    const Case c = random_case(draw, 20, seed % 2 == 0);
    Case turned = c;
    std::swap(turned.rows, turned.columns);
    std::swap(turned.wires.word_segment_ohm, turned.wires.bit_segment_ohm);
    std::swap(turned.wires.driver_ohm, turned.wires.sense_ohm);
    std::swap(turned.wires.drive_both_ends, turned.wires.sense_both_ends);
    for (std::size_t i = 0; i < c.rows; ++i)
      for (std::size_t j = 0; j < c.columns; ++j)
        turned.g[(c.columns - 1 - j) * c.rows + (c.rows - 1 - i)] = c.g[i * c.columns + j];
    std::vector<double> ends, weights, turned_v;
    for (std::size_t j = 0; j < c.columns; ++j) ends.push_back(draw.uniform(-1, 1));
    for (std::size_t k = 0; k < c.g.size(); ++k) weights.push_back(draw.uniform(0, 1));
    turned_v.assign(ends.rbegin(), ends.rend());
    const Solution truth =
        WireNetwork(turned.rows, turned.columns, turned.g.data(), turned.wires).solve(turned_v.data(), 1);
    WireNetwork network(c.rows, c.columns, c.g.data(), c.wires);
    const ColumnDrives drives = network.column_drives(ends.data(), 1, {weights.data()});
    CHECK(drives.conductance_s[0] == Approx(truth.power[0].supply_w).epsilon(1e-10));
    for (std::size_t i = 0; i < c.rows; ++i) {
      double sum = 0;
      for (std::size_t j = 0; j < c.columns; ++j) {
        const std::size_t at = (c.columns - 1 - j) * c.rows + (c.rows - 1 - i);
        const double volts = truth.word_voltages_v[at] - truth.bit_voltages_v[at];
        sum += weights[i * c.columns + j] * volts * volts;
      }
      CHECK(std::abs(drives.square_sums[0][i] - sum) <= 1e-11 * static_cast<double>(c.columns));
    }
  }
}
