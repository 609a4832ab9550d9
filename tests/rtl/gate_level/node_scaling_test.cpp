// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "rtl/gate_level/node_scaling.hpp"

using namespace szilard::gate_level;

TEST_CASE("scaling is the example that its authors print", "[gate_level]") {
  // from 1 pJ at 65 nm and 1.3 V to 32 nm and 0.9 V: 0.1755 pJ, in the correction to section 4.2.1
  CHECK(find_node(32)->relative_energy(0.9) == Approx(0.4571).epsilon(1e-4));
  CHECK(find_node(65)->relative_energy(1.3) == Approx(2.604).epsilon(1e-3));
  CHECK(energy_ratio(65, 1.3, 32, 0.9) == Approx(0.1755).epsilon(1e-3));
}

TEST_CASE("energy falls from node to node at nominal voltages, and there and back is 1", "[gate_level]") {
  const std::vector<TechnologyNode>& nodes = technology_nodes();
  REQUIRE(nodes.front().nanometres == 180);
  for (std::size_t n = 1; n < nodes.size(); ++n) {
    INFO(nodes[n].nanometres << " nm");
    CHECK(nodes[n].nanometres < nodes[n - 1].nanometres);
    CHECK(nodes[n].relative_energy(nodes[n].voltage_v) < nodes[n - 1].relative_energy(nodes[n - 1].voltage_v));
    CHECK(nodes[n].relative_energy(nodes[n].voltage_v) > 0);
    CHECK(energy_ratio(180, 1.8, nodes[n].nanometres, 0.9) * energy_ratio(nodes[n].nanometres, 0.9, 180, 1.8) ==
          Approx(1));
  }
}

TEST_CASE("a node that the source does not have is refused", "[gate_level][bad]") {
  CHECK(find_node(350) == nullptr);
  CHECK_THROWS_WITH(energy_ratio(350, 3.3, 45, 1), Catch::Contains("350"));
  CHECK_THROWS_AS(energy_ratio(180, 1.8, 3, 0.7), std::invalid_argument);
}
