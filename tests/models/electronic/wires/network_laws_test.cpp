// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/models/electronic/wires/nodal_reference.hpp"

using namespace szilard::wires;

TEST_CASE("currents and voltages agree with a dense LU of the nodal matrix to 1e-11", "[wires]") {
  Catch::StringMaker<double>::precision = 15;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    Draw draw(seed);
    const Case c = random_case(draw, 9, seed % 2 == 0);
    INFO("seed " << seed << ", " << c.rows << " x " << c.columns << ", word " << c.wires.word_segment_ohm << ", bit "
                 << c.wires.bit_segment_ohm << ", driver " << c.wires.driver_ohm << ", sense " << c.wires.sense_ohm);
    const NodalReference reference(c);
    WireNetwork network(c.rows, c.columns, c.g.data(), c.wires);
    const Solution solution = network.solve(c.v.data(), 1);
    const double current = std::max(largest(reference.row_currents), 1e-6 * largest(c.v));  // at least one cell of 1 uS
    CHECK(largest_difference(solution.column_currents_a, reference.column_currents) <= 1e-11 * current);
    CHECK(largest_difference(solution.row_currents_a, reference.row_currents) <= 1e-11 * current);
    CHECK(largest_difference(solution.word_voltages_v, reference.word_voltages) <= 1e-11);
    CHECK(largest_difference(solution.bit_voltages_v, reference.bit_voltages) <= 1e-11);
  }
}
