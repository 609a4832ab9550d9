// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/models/electronic/wires/nodal_reference.hpp"

using namespace szilard::wires;

namespace {

std::vector<std::unique_ptr<CellLaw>> laws() {
  std::vector<std::unique_ptr<CellLaw>> all;
  all.push_back(sinh_cell(0.1));
  all.push_back(cubic_cell(5));
  all.push_back(table_cell({-0.2, -0.05, 0.05, 0.2}, {-0.5, -0.02, 0.02, 0.5}));
  return all;
}

double value_of(const CellLaw& law, double v) {
  double value, slope;
  law.evaluate(1, &v, &value, &slope);
  return value;
}

}  // namespace

TEST_CASE("a law's slope is the derivative of its value", "[wires]") {
  for (const auto& law : laws())
    for (const double v : {-0.31, -0.1, 0.0123, 0.12, 0.4}) {
      double value, slope;
      law->evaluate(1, &v, &value, &slope);
      CHECK(slope == Approx((value_of(*law, v + 1e-6) - value_of(*law, v - 1e-6)) / 2e-6).epsilon(1e-7));
    }
  CHECK(value_of(*sinh_cell(0.1), 0.1) == Approx(0.1 * std::sinh(1.0)));
  CHECK(value_of(*cubic_cell(5), 0.2) == Approx(0.2 + 5 * 0.008));
  CHECK(value_of(*laws()[2], 0.3) == Approx(0.5 + 0.1 * 0.48 / 0.15));
}

TEST_CASE("one cell behind its wires carries the current of the divider", "[wires]") {
  const double ohm = 3000, g = 1e-3;
  for (const auto& law : laws())
    for (const double v : {-1.5, 0.0, 0.07, 0.6, 3.0}) {
      WireNetwork network(1, 1, &g, {1000, 500, 1000, 500, false, false});
      const Solution s = network.solve(&v, 1, *law);
      double low = -4, high = 4;  // of the cell's voltage, by bisection
      for (int k = 0; k < 200; ++k) {
        const double middle = 0.5 * (low + high);
        (g * value_of(*law, middle) > (v - middle) / ohm ? high : low) = middle;
      }
      CHECK(s.column_currents_a[0] == Approx((v - low) / ohm).epsilon(1e-11).margin(1e-16));
    }
}

TEST_CASE("every cell of a solved array obeys its law, Kirchhoff and Tellegen", "[wires]") {
  int steps = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed)
    for (const auto& law : laws()) {
      Draw draw(seed);
      Case c = random_case(draw, 8, true);
      for (double& v : c.v) v *= 2;
      INFO("seed " << seed);
      WireNetwork network(c.rows, c.columns, c.g.data(), c.wires);
      const Solution s = network.solve(c.v.data(), 1, *law);
      double worst = 0;
      for (std::size_t k = 0; k < c.g.size(); ++k)
        worst = std::max(worst, std::abs(s.cell_currents_a[k] -
                                         c.g[k] * value_of(*law, s.word_voltages_v[k] - s.bit_voltages_v[k])));
      const double scale = std::max(largest(s.cell_currents_a), 1e-9);
      CHECK(worst <= 1e-10 * scale);
      CHECK(s.residual <= 1e-11);
      CHECK(std::abs(s.power[0].supply_w - s.power[0].cells_w - s.power[0].wires_w) <= 1e-10 * s.power[0].supply_w);
      steps = std::max(steps, s.newton_steps);
    }
  INFO("most steps " << steps);
  CHECK(steps <= 40);
}

TEST_CASE("a law that is a straight line gives the ohmic solution, and leaves the network ohmic", "[wires]") {
  Draw draw(11);
  const Case c = random_case(draw, 20, false);
  WireNetwork network(c.rows, c.columns, c.g.data(), c.wires);
  const Solution ohmic = network.solve(c.v.data(), 1);
  const Solution line = network.solve(c.v.data(), 1, *table_cell({-1, 1}, {-1, 1}));
  CHECK(largest_difference(ohmic.column_currents_a, line.column_currents_a) <= 1e-12 * largest(ohmic.row_currents_a));
  const Solution cubic = network.solve(c.v.data(), 1, *cubic_cell(100));
  CHECK(largest(cubic.row_currents_a) > largest(ohmic.row_currents_a));
  CHECK(largest_difference(network.solve(c.v.data(), 1).column_currents_a, ohmic.column_currents_a) == 0);
}

TEST_CASE("steep cells at many times their voltage scale converge", "[wires]") {
  Case c;
  c.rows = c.columns = 6;
  c.g.assign(36, 1e-6);
  c.v = {1, -1, 0.5, 2, -2, 0};
  c.wires = {10, 10, 100, 100, false, false};
  const Solution s = WireNetwork(6, 6, c.g.data(), c.wires).solve(c.v.data(), 1, *sinh_cell(0.05));
  CHECK(s.residual <= 1e-11);
  CHECK(largest(s.column_currents_a) > 0);
}
