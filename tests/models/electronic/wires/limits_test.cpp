// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/models/electronic/wires/nodal_reference.hpp"

using namespace szilard::wires;

namespace {

Case uniform_case(std::size_t size, double segment_ohm) {
  Draw draw(size);
  Case c;
  c.rows = c.columns = size;
  for (std::size_t k = 0; k < size * size; ++k) c.g.push_back(draw.uniform(1e-5, 1e-4));
  for (std::size_t i = 0; i < size; ++i) c.v.push_back(draw.uniform(0.05, 0.3));
  c.wires.word_segment_ohm = c.wires.bit_segment_ohm = segment_ohm;
  return c;
}

std::vector<double> ideal_currents(const Case& c) {
  std::vector<double> currents(c.columns, 0.0);
  for (std::size_t i = 0; i < c.rows; ++i)
    for (std::size_t j = 0; j < c.columns; ++j) currents[j] += c.g[i * c.columns + j] * c.v[i];
  return currents;
}

SolveOptions with_tolerance(double tolerance) {
  SolveOptions options;
  options.tolerance = tolerance;
  return options;
}

}  // namespace

TEST_CASE("column currents equal G V where nothing has resistance", "[wires]") {
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    INFO("seed " << seed);
    Draw draw(seed);
    Case c = random_case(draw, 20, false);
    c.wires = {};
    const Solution s = WireNetwork(c.rows, c.columns, c.g.data(), c.wires).solve(c.v.data(), 1);
    CHECK(largest_difference(s.column_currents_a, ideal_currents(c)) <=
          1e-14 * std::max(largest(s.row_currents_a), 1e-9));
    CHECK(s.power[0].wires_w == 0);
  }
}

TEST_CASE("tiny resistances meet the limit of none, also beside large terminals", "[wires]") {
  for (const double tiny : {1e-3, 1e-6, 1e-9, 1e-15, 1e-30, 1e-200}) {
    for (const double terminal : {0.0, 50.0, 1e6}) {
      Case c = uniform_case(20, tiny);
      c.wires.driver_ohm = c.wires.sense_ohm = terminal;
      const Solution with = WireNetwork(20, 20, c.g.data(), c.wires).solve(c.v.data(), 1);
      c.wires.word_segment_ohm = c.wires.bit_segment_ohm = 0;
      const Solution without = WireNetwork(20, 20, c.g.data(), c.wires).solve(c.v.data(), 1);
      INFO("segment " << tiny << " ohm, terminals " << terminal << " ohm");
      CHECK(largest_difference(with.column_currents_a, without.column_currents_a) <=
            (0.05 * tiny + 1e-11) * largest(without.column_currents_a));
    }
  }
}

TEST_CASE("wires far more resistive than cells leave the current of the nearest corner", "[wires]") {
  // In the limit a single cell joins row i and column j only over the segments to it: currents fall as 1 / R.
  for (const double ohm : {1e8, 1e10, 1e12}) {
    Case c = uniform_case(3, ohm);
    const NodalReference reference(c);
    const Solution s = WireNetwork(3, 3, c.g.data(), c.wires).solve(c.v.data(), 1);
    INFO(ohm << " ohm");
    CHECK(largest_difference(s.column_currents_a, reference.column_currents) <=
          1e-9 * largest(reference.column_currents));
  }
}

TEST_CASE("open rows, open columns and an open array carry nothing", "[wires]") {
  Case c = uniform_case(18, 5);
  for (std::size_t k = 0; k < 18; ++k) c.g[3 * 18 + k] = c.g[k * 18 + 7] = 0;
  const Solution s = WireNetwork(18, 18, c.g.data(), c.wires).solve(c.v.data(), 1);
  CHECK(std::abs(s.column_currents_a[7]) <= 1e-13 * s.column_currents_a[6]);
  CHECK(s.row_currents_a[3] == 0);
  CHECK(s.column_currents_a[6] > 0);
  CHECK(s.word_voltages_v[3 * 18 + 17] == Approx(c.v[3]).epsilon(1e-14));
  c.g.assign(18 * 18, 0.0);
  const Solution open = WireNetwork(18, 18, c.g.data(), c.wires).solve(c.v.data(), 1);
  CHECK(largest(open.column_currents_a) == 0);
  CHECK(open.power[0].supply_w == 0);
  CHECK(open.residual == 0);
}

TEST_CASE("inputs of 0 V yield zeros, and tiny and huge ones scale", "[wires]") {
  Case c = uniform_case(10, 5);
  WireNetwork network(10, 10, c.g.data(), c.wires);
  const Solution s = network.solve(c.v.data(), 1);
  for (const double factor : {0.0, 1e-300, 1e-30, 1e10}) {
    std::vector<double> v = c.v;
    for (double& value : v) value *= factor;
    const Solution scaled = network.solve(v.data(), 1);
    for (std::size_t j = 0; j < 10; ++j)
      CHECK(scaled.column_currents_a[j] == Approx(factor * s.column_currents_a[j]).epsilon(1e-12));
  }
}

TEST_CASE("conductances of any size are solved", "[wires]") {
  for (const double factor : {1e-200, 1e-20, 1e-6, 1e6}) {
    Case c = uniform_case(6, 2);
    for (double& g : c.g) g *= factor;
    const Solution s = WireNetwork(6, 6, c.g.data(), c.wires).solve(c.v.data(), 1);
    INFO("factor " << factor);
    if (factor < 1e-3) {
      CHECK(largest_difference(s.column_currents_a, ideal_currents(c)) <=
            1e-2 * factor * largest(ideal_currents(c)) + 1e-12 * largest(ideal_currents(c)));
    } else {
      const NodalReference reference(c);
      CHECK(largest_difference(s.column_currents_a, reference.column_currents) <=
            1e-10 * largest(reference.column_currents));
    }
  }
}

TEST_CASE("one cell is a divider of its resistances", "[wires]") {
  Case c;
  c.g = {1e-3};
  c.v = {2};
  c.wires = {10, 20, 30, 40, false, false};
  const double ohm = 1000 + 10 + 20 + 30 + 40;
  CHECK(WireNetwork(1, 1, c.g.data(), c.wires).solve(c.v.data(), 1).column_currents_a[0] ==
        Approx(2 / ohm).epsilon(1e-13));
  c.wires.drive_both_ends = c.wires.sense_both_ends = true;
  CHECK(WireNetwork(1, 1, c.g.data(), c.wires).solve(c.v.data(), 1).column_currents_a[0] ==
        Approx(2 / (1000 + 40 / 2. + 60 / 2.)).epsilon(1e-13));
}

TEST_CASE("iterations stay few from soft to hard wires", "[wires]") {
  const auto iterations = [](std::size_t size, double ohm) {
    const Case c = uniform_case(size, ohm);
    std::vector<double> currents(size);
    return WireNetwork(size, size, c.g.data(), c.wires)
        .column_currents(c.v.data(), 1, currents.data(), with_tolerance(1e-9));
  };
  CHECK(iterations(64, 1) <= 4);
  CHECK(iterations(128, 1) <= 5);
  CHECK(iterations(256, 10) <= 8);
  CHECK(iterations(512, 1) <= 7);
  CHECK(iterations(512, 100) <= 14);
}

TEST_CASE("the error of a column current follows the tolerance", "[wires]") {
  const Case c = uniform_case(100, 3);
  WireNetwork network(100, 100, c.g.data(), c.wires);
  const Solution truth = network.solve(c.v.data(), 1, with_tolerance(1e-14));
  for (const double tolerance : {1e-3, 1e-6, 1e-9, 1e-12}) {
    std::vector<double> currents(100);
    network.column_currents(c.v.data(), 1, currents.data(), with_tolerance(tolerance));
    INFO("tolerance " << tolerance);
    CHECK(largest_difference(currents, truth.column_currents_a) <= 5 * tolerance * largest(truth.column_currents_a));
  }
}

TEST_CASE("the fast fidelity errs by less than 2 % of what the wires take, where they take less than half", "[wires]") {
  SolveOptions fast;
  fast.fidelity = Fidelity::fast;
  double worst = 0;
  int measured = 0;
  for (const std::size_t size : {8, 32, 64, 128, 256})
    for (const double ohm : {0.1, 1.0, 3.0, 10.0}) {
      const Case c = uniform_case(size, ohm);
      WireNetwork network(size, size, c.g.data(), c.wires);
      std::vector<double> exact(size), approximate(size);
      network.column_currents(c.v.data(), 1, exact.data(), with_tolerance(1e-10));
      network.column_currents(c.v.data(), 1, approximate.data(), fast);
      const std::vector<double> ideal = ideal_currents(c);
      const double taken = largest_difference(exact, ideal);
      if (taken > 0.5 * largest(ideal)) continue;
      ++measured;
      const double error = largest_difference(exact, approximate) / taken;
      INFO(size << " lines, " << ohm << " ohm: " << error << " of " << taken / largest(ideal));
      CHECK(error <= 0.02);
      worst = std::max(worst, error);
    }
  CHECK(measured >= 8);
  CHECK(worst > 1e-6);
}

TEST_CASE("samples solved together equal samples solved alone, bit for bit", "[wires]") {
  Draw draw(5);
  const Case c = uniform_case(33, 4);
  std::vector<double> v;
  for (int k = 0; k < 5 * 33; ++k) v.push_back(draw.uniform(-0.3, 0.3));
  WireNetwork network(33, 33, c.g.data(), c.wires);
  const Solution together = network.solve(v.data(), 5);
  for (std::size_t sample = 5; sample-- > 0;) {
    const Solution alone = network.solve(v.data() + sample * 33, 1);
    for (std::size_t j = 0; j < 33; ++j)
      CHECK(alone.column_currents_a[j] == together.column_currents_a[sample * 33 + j]);
  }
}
