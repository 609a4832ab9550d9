// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "rtl/gate_level/glitches.hpp"
#include "tests/rtl/gate_level/netlist_builder.hpp"

using namespace szilard::gate_level;
using szilard::test::NetlistBuilder;
using szilard::test::small_library;
using szilard::test::TextStimulus;

namespace {

GlitchEstimate estimate(const Netlist& netlist, const std::vector<std::string>& rows) {
  const Simulator simulator(netlist);
  const TextStimulus stimulus(rows);
  return estimate_glitches(netlist, simulator, stimulus, {{1, stimulus.cycles(), simulator.zero_state()}},
                           std::vector<std::int64_t>(netlist.nets.size(), 1));
}

}  // namespace

TEST_CASE("a signal that meets its own inverse makes a pulse at each rise", "[gate_level]") {
  NetlistBuilder builder;
  builder.input("a").output("y");
  builder.cell("i", "INV", {{"A", "a"}, {"Y", "n"}}).cell("g", "NAND2", {{"A", "a"}, {"B", "n"}, {"Y", "y"}});
  const Netlist netlist = builder.build(small_library());
  // a rises twice and falls once: y dips twice, a and n follow without glitches
  const GlitchEstimate found = estimate(netlist, {"0", "1", "0", "1"});
  CHECK(found.cycles == 3);
  CHECK(found.settled_toggles == 6);
  CHECK(found.transitions == 6 + 4);
  CHECK(found.settled_energy == 6);
  CHECK(found.glitch_energy == 4);
}

TEST_CASE("inputs that change together do not make a gate glitch, a path that is longer does", "[gate_level]") {
  NetlistBuilder flat;
  flat.input("a").input("b").output("y").cell("x", "XOR2", {{"A", "a"}, {"B", "b"}, {"Y", "y"}});
  CHECK(estimate(flat.build(small_library()), {"00", "11", "00", "11"}).glitch_energy == 0);
  NetlistBuilder chain;
  chain.input("a").input("b").input("c").output("y").cell("x1", "XOR2", {{"A", "a"}, {"B", "b"}, {"Y", "s"}});
  chain.cell("x2", "XOR2", {{"A", "s"}, {"B", "c"}, {"Y", "y"}});
  // a and c change: y follows c a unit before s follows a
  const GlitchEstimate found = estimate(chain.build(small_library()), {"000", "101", "000"});
  CHECK(found.settled_toggles == 2 * 3);
  CHECK(found.transitions == found.settled_toggles + 2 * 2);
}

TEST_CASE("glitches of a falling-edge register are refused", "[gate_level][bad]") {
  NetlistBuilder builder;
  builder.input("clk").input("d").output("q").cell("f", "DFFN", {{"CLK", "clk"}, {"D", "d"}, {"Q", "q"}});
  CHECK_THROWS_WITH(estimate(builder.build(small_library()), {"0", "1"}), Catch::Contains("rising-edge"));
}
