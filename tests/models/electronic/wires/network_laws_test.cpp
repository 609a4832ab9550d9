// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/models/electronic/wires/nodal_reference.hpp"

using namespace szilard::wires;

namespace {

constexpr std::uint64_t kArrays = 1000;

Solution solve(const Case& c) { return WireNetwork(c.rows, c.columns, c.g.data(), c.wires).solve(c.v.data(), 1); }

double smallest_cell_current(const Case& c) { return 1e-6 * largest(c.v); }

/// Sum of the currents out of each node, from the voltages alone: word nodes, then bit nodes. Only for wires above 0
/// ohm.
std::vector<double> node_sums(const Case& c, const Solution& s) {
  const auto u = [&](std::size_t i, std::size_t j) { return s.word_voltages_v[i * c.columns + j]; };
  const auto w = [&](std::size_t i, std::size_t j) { return s.bit_voltages_v[i * c.columns + j]; };
  const double driver = 1 / (c.wires.word_segment_ohm + c.wires.driver_ohm), word = 1 / c.wires.word_segment_ohm;
  const double sense = 1 / (c.wires.bit_segment_ohm + c.wires.sense_ohm), bit = 1 / c.wires.bit_segment_ohm;
  std::vector<double> sums;
  for (std::size_t i = 0; i < c.rows; ++i)
    for (std::size_t j = 0; j < c.columns; ++j) {
      double sum = c.g[i * c.columns + j] * (u(i, j) - w(i, j));
      sum += j > 0 ? word * (u(i, j) - u(i, j - 1)) : driver * (u(i, j) - c.v[i]);
      if (j + 1 < c.columns) sum += word * (u(i, j) - u(i, j + 1));
      if (j + 1 == c.columns && c.wires.drive_both_ends) sum += driver * (u(i, j) - c.v[i]);
      sums.push_back(sum);
    }
  for (std::size_t i = 0; i < c.rows; ++i)
    for (std::size_t j = 0; j < c.columns; ++j) {
      double sum = c.g[i * c.columns + j] * (w(i, j) - u(i, j));
      sum += i + 1 < c.rows ? bit * (w(i, j) - w(i + 1, j)) : sense * w(i, j);
      if (i > 0) sum += bit * (w(i, j) - w(i - 1, j));
      if (i == 0 && c.wires.sense_both_ends) sum += sense * w(i, j);
      sums.push_back(sum);
    }
  return sums;
}

}  // namespace

TEST_CASE("currents and voltages agree with a dense LU of the nodal matrix to 1e-11", "[wires]") {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    Draw draw(seed);
    const Case c = random_case(draw, 9, seed % 2 == 0);
    INFO("seed " << seed << ", " << c.rows << " x " << c.columns << ", word " << c.wires.word_segment_ohm << ", bit "
                 << c.wires.bit_segment_ohm << ", driver " << c.wires.driver_ohm << ", sense " << c.wires.sense_ohm);
    const NodalReference reference(c);
    const Solution solution = solve(c);
    const double current = std::max(largest(reference.row_currents), smallest_cell_current(c));
    CHECK(largest_difference(solution.column_currents_a, reference.column_currents) <= 1e-11 * current);
    CHECK(largest_difference(solution.row_currents_a, reference.row_currents) <= 1e-11 * current);
    CHECK(largest_difference(solution.word_voltages_v, reference.word_voltages) <= 1e-11);
    CHECK(largest_difference(solution.bit_voltages_v, reference.bit_voltages) <= 1e-11);
  }
}

TEST_CASE("arrays across the borders of panels agree with a dense LU", "[wires]") {
  for (const auto& [rows, columns] :
       {std::pair<std::size_t, std::size_t>{16, 17}, {17, 16}, {33, 5}, {5, 33}, {1, 40}, {40, 1}}) {
    Draw draw(rows * 100 + columns);
    Case c = random_case(draw, 1, false);
    c.rows = rows;
    c.columns = columns;
    c.g.clear();
    c.v.clear();
    for (std::size_t k = 0; k < rows * columns; ++k) c.g.push_back(draw.log_uniform(1e-6, 1e-4));
    for (std::size_t i = 0; i < rows; ++i) c.v.push_back(draw.uniform(-0.5, 0.5));
    INFO(rows << " x " << columns);
    const NodalReference reference(c);
    const Solution solution = solve(c);
    CHECK(largest_difference(solution.column_currents_a, reference.column_currents) <=
          1e-11 * largest(reference.row_currents));
    CHECK(largest_difference(solution.bit_voltages_v, reference.bit_voltages) <= 1e-11);
  }
}

TEST_CASE("a 4 x 4 array yields the currents and the power of the worked example", "[wires]") {
  Case c;
  c.rows = c.columns = 4;
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j) c.g.push_back(1e-5 * (1 + (3 * i + 5 * j) % 7));
  c.v = {0.1, 0.2, -0.1, 0.3};
  const std::vector<double> ideal = {11e-6, 8e-6, 33e-6, 23e-6};
  CHECK(largest_difference(solve(c).column_currents_a, ideal) <= 1e-18);
  c.wires.word_segment_ohm = c.wires.bit_segment_ohm = 10;
  const Solution solution = solve(c);
  CHECK(largest_difference(solution.column_currents_a, {10.95965e-6, 7.94831e-6, 32.76494e-6, 22.85629e-6}) <= 0.6e-11);
  CHECK(solution.power[0].supply_w == Approx(22.598137e-6).epsilon(3e-8));
  CHECK(solution.power[0].cells_w + solution.power[0].wires_w == Approx(solution.power[0].supply_w).epsilon(1e-12));
}

TEST_CASE("Kirchhoff's current law holds at every node to 1e-12 of the largest branch current", "[wires]") {
  for (std::uint64_t seed = 1; seed <= kArrays; ++seed) {
    INFO("seed " << seed);
    Draw draw(seed);
    Case c = random_case(draw, 8, false);
    // Node voltages as doubles resolve currents to 1e-16 V over the smallest resistance.
    c.wires.word_segment_ohm = draw.log_uniform(5, 100);
    c.wires.bit_segment_ohm = draw.log_uniform(5, 100);
    const Solution solution = solve(c);
    const double branch = std::max({largest(solution.row_currents_a), largest(solution.column_currents_a),
                                    largest(solution.cell_currents_a), smallest_cell_current(c)});
    const double representation = 4e-16 * largest(c.v) / std::min(c.wires.word_segment_ohm, c.wires.bit_segment_ohm);
    CHECK(largest(node_sums(c, solution)) <= 1e-12 * branch + representation);
    CHECK(solution.residual <= 1e-12);
  }
}

TEST_CASE("the supply delivers what cells and wires dissipate", "[wires]") {
  for (std::uint64_t seed = 1; seed <= kArrays; ++seed) {
    INFO("seed " << seed);
    Draw draw(seed);
    const Case c = random_case(draw, 8, true);
    const Power power = solve(c).power[0];
    CHECK(std::abs(power.supply_w - power.cells_w - power.wires_w) <= 1e-10 * power.supply_w);
    CHECK(power.cells_w >= 0);
    CHECK(power.wires_w >= 0);
  }
}

TEST_CASE("a row's voltage drives a column's current as the column's would the row's", "[wires]") {
  for (std::uint64_t seed = 1; seed <= kArrays; ++seed) {
    INFO("seed " << seed);
    Draw draw(seed);
    Case c = random_case(draw, 8, true);
    const std::size_t i = draw.integer(0, c.rows - 1), j = draw.integer(0, c.columns - 1);
    c.v.assign(c.rows, 0.0);
    c.v[i] = 1;
    // The other way round: word and bit lines change places, and so do their order and their ends.
    Case turned = c;
    std::swap(turned.rows, turned.columns);
    std::swap(turned.wires.word_segment_ohm, turned.wires.bit_segment_ohm);
    std::swap(turned.wires.driver_ohm, turned.wires.sense_ohm);
    std::swap(turned.wires.drive_both_ends, turned.wires.sense_both_ends);
    for (std::size_t a = 0; a < c.rows; ++a)
      for (std::size_t b = 0; b < c.columns; ++b)
        turned.g[(c.columns - 1 - b) * c.rows + (c.rows - 1 - a)] = c.g[a * c.columns + b];
    turned.v.assign(turned.rows, 0.0);
    turned.v[c.columns - 1 - j] = 1;
    const Solution there = solve(c);
    const double forth = there.column_currents_a[j], back = solve(turned).column_currents_a[c.rows - 1 - i];
    // Sneak currents through an open cell are small differences of what the row carries.
    CHECK(std::abs(forth - back) <= 1e-11 * std::max(std::abs(forth), 0.1 * there.row_currents_a[i]) + 1e-25);
  }
}

TEST_CASE("solutions add as their inputs do, and scale", "[wires]") {
  for (std::uint64_t seed = 1; seed <= kArrays; ++seed) {
    INFO("seed " << seed);
    Draw draw(seed);
    const Case c = random_case(draw, 8, true);
    std::vector<double> inputs = c.v;
    for (std::size_t i = 0; i < c.rows; ++i) inputs.push_back(draw.uniform(-1, 1));
    for (std::size_t i = 0; i < c.rows; ++i) inputs.push_back(3 * inputs[i] - 2 * inputs[c.rows + i]);
    WireNetwork network(c.rows, c.columns, c.g.data(), c.wires);
    const Solution s = network.solve(inputs.data(), 3);
    const double scale = std::max(largest(s.row_currents_a), 1e-6);
    for (std::size_t j = 0; j < c.columns; ++j)
      CHECK(std::abs(3 * s.column_currents_a[j] - 2 * s.column_currents_a[c.columns + j] -
                     s.column_currents_a[2 * c.columns + j]) <= 1e-11 * scale);
  }
}

TEST_CASE("no node lies outside the range of the sources and 0 V", "[wires]") {
  for (std::uint64_t seed = 1; seed <= kArrays; ++seed) {
    INFO("seed " << seed);
    Draw draw(seed);
    const Case c = random_case(draw, 8, true);
    const Solution s = solve(c);
    double low = 0, high = 0;
    for (const double v : c.v) {
      low = std::min(low, v);
      high = std::max(high, v);
    }
    for (const auto* voltages : {&s.word_voltages_v, &s.bit_voltages_v})
      for (const double v : *voltages) {
        CHECK(v >= low - 1e-15);
        CHECK(v <= high + 1e-15);
      }
  }
}

TEST_CASE("more resistance in the wires never draws more power", "[wires]") {
  for (std::uint64_t seed = 1; seed <= kArrays; ++seed) {
    INFO("seed " << seed);
    Draw draw(seed);
    Case c = random_case(draw, 8, true);
    const double before = solve(c).power[0].supply_w;
    for (double* ohm : {&c.wires.word_segment_ohm, &c.wires.bit_segment_ohm, &c.wires.driver_ohm, &c.wires.sense_ohm})
      if (draw.coin(0.5)) *ohm += draw.log_uniform(0.01, 100);
    CHECK(solve(c).power[0].supply_w <= before * (1 + 1e-12));
  }
}

TEST_CASE("the order of the bit lines is no matter where word lines have no resistance", "[wires]") {
  for (std::uint64_t seed = 1; seed <= kArrays / 5; ++seed) {
    INFO("seed " << seed);
    Draw draw(seed);
    Case c = random_case(draw, 8, true);
    c.wires.word_segment_ohm = 0;
    Case turned = c;
    for (std::size_t i = 0; i < c.rows; ++i)
      for (std::size_t j = 0; j < c.columns; ++j) turned.g[i * c.columns + c.columns - 1 - j] = c.g[i * c.columns + j];
    const Solution a = solve(c), b = solve(turned);
    for (std::size_t j = 0; j < c.columns; ++j)
      CHECK(std::abs(a.column_currents_a[j] - b.column_currents_a[c.columns - 1 - j]) <=
            1e-11 * std::max(largest(a.row_currents_a), 1e-6 * largest(c.v)));
  }
}
