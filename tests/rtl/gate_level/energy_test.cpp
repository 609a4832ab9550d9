// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "rtl/gate_level/energy_books.hpp"
#include "rtl/gate_level/saif.hpp"
#include "rtl/gate_level/stimulus.hpp"
#include "tests/rtl/gate_level/netlist_builder.hpp"

using namespace szilard;
using namespace szilard::gate_level;
using test::NetlistBuilder;
using test::small_library;
using test::TextStimulus;

namespace {

struct Run {
  Netlist netlist;
  Activity activity;
  EnergyBooks books;
  std::vector<std::int64_t> by_cycle;
  std::vector<NetCondition> nets;

  double j(energy::Quanta quanta) const { return books.joules(quanta); }
  const EnergyParts& cell(const std::string& name) const {
    for (std::size_t c = 0; c < netlist.cells.size(); ++c)
      if (netlist.cells[c].name == name) return books.by_cell[c];
    throw std::logic_error("no such cell");
  }
};

Run run(const NetlistBuilder& builder, const Stimulus& stimulus, const Conditions& conditions = {}) {
  Run out;
  out.netlist = builder.build(small_library());
  const EnergyEvaluator evaluator(out.netlist, conditions);
  Simulator simulator(out.netlist, evaluator.probes());
  Simulator::StreamRequest request;
  request.initial = simulator.zero_state();
  out.activity = simulator.run(stimulus, request);
  out.books = evaluator.evaluate(out.activity);
  request.energy = &out.books.events;
  request.by_cycle = &out.by_cycle;
  simulator.run(stimulus, request);
  out.nets = evaluator.nets();
  return out;
}

void check_sums(const Run& run) {
  energy::Quanta cells = run.books.ports.total(), cycles;
  for (const EnergyParts& cell : run.books.by_cell) cells += cell.total();
  for (std::int64_t quanta : run.by_cycle) cycles += energy::Quanta{quanta + run.books.every_cycle};
  CHECK(cells == run.books.total.total());
  CHECK(cycles == run.books.total.total());
}

NetlistBuilder two_inverters() {
  NetlistBuilder builder;
  builder.input("a").output("y");
  return builder.cell("first", "INV", {{"A", "a"}, {"Y", "n"}}).cell("second", "INV", {{"A", "n"}, {"Y", "y"}});
}

}  // namespace

TEST_CASE("switching is half C V^2 a toggle, with the larger of rise and fall capacitance, charged to the driver",
          "[gate_level]") {
  const Run r = run(two_inverters(), TextStimulus({"0", "1", "0", "0", "1"}));
  const double toggle_j = 0.5 * 0.5e-12 * 4;
  CHECK(r.j(r.books.ports.switching) == Approx(3 * toggle_j));
  CHECK(r.j(r.cell("first").switching) == Approx(3 * toggle_j));
  CHECK(r.j(r.cell("second").switching) == 0);  // nothing hangs on y
  CHECK(r.j(r.books.total.wire) == 0);
  CHECK(r.j(r.cell("first").leakage) == Approx(4e-9 * 5 * 10e-9));
  check_sums(r);
}

TEST_CASE("slews run from the inputs through the transition tables, each edge by its own load", "[gate_level]") {
  Conditions conditions;
  conditions.input_slew_s = 0.5e-9;
  const Run r = run(two_inverters(), TextStimulus({"0", "1"}), conditions);
  // rise: 0.1 + 0.2 s + 0.4 C; fall: 0.2 + 0.2 s + 0.4 C, from the opposite edge of the input; C of n is 0.5 rising,
  // 0.25 falling
  const std::array<double, 2> n = r.nets[r.netlist.find_net("n")].slew_s, y = r.nets[r.netlist.find_net("y")].slew_s;
  CHECK(n[0] == Approx((0.1 + 0.1 + 0.2) * 1e-9));
  CHECK(n[1] == Approx((0.2 + 0.1 + 0.1) * 1e-9));
  CHECK(y[0] == Approx(0.1e-9 + 0.2 * n[1]));
  CHECK(y[1] == Approx(0.2e-9 + 0.2 * n[0]));
  // rise power 1 + s of the falling input, fall power 3 + 2 s of the rising one, in pJ
  CHECK(r.j(r.cell("first").internal) == Approx(0.5 * (1.5 + 4) * 1e-12));
  CHECK(r.j(r.cell("second").internal) == Approx(0.5 * ((1 + n[1] * 1e9) + (3 + 2 * n[0] * 1e9)) * 1e-12));
}

TEST_CASE(
    "internal energy is averaged over related pins by their toggles times the chance that the output depends on them",
    "[gate_level]") {
  NetlistBuilder builder;
  builder.input("a").input("b").output("y").cell("g", "NAND2", {{"A", "a"}, {"B", "b"}, {"Y", "y"}});
  // a: 1 toggle, duty 3/4; b: 3 toggles, duty 1/2. Weights: A 1 x 1/2, B 3 x 3/4. y = not(a b) = 1 1 0 1: 2 toggles
  const Run r = run(builder, TextStimulus({"01", "10", "11", "10"}));
  CHECK(r.j(r.cell("g").internal) == Approx(2 * (0.5 * 2 + 2.25 * 6) / 2.75 * 1e-12));
  CHECK(r.j(r.books.ports.switching) == Approx(0.5 * 4 * (1 * 0.5e-12 + 3 * 0.75e-12)));
  check_sums(r);
}

TEST_CASE("leakage is that of the state, and the cell's own where no state is named", "[gate_level]") {
  NetlistBuilder builder;
  builder.input("a").input("b").output("y").cell("g", "NAND2", {{"A", "a"}, {"B", "b"}, {"Y", "y"}});
  const Run r = run(builder, TextStimulus({"00", "00", "01", "11", "10", "11", "11"}));
  CHECK(r.j(r.books.total.leakage) == Approx((2 * 2 + 2 * 8 + 3 * 16) * 1e-9 * 10e-9));
  CHECK(double(r.by_cycle[3] - r.by_cycle[0]) * r.books.quantum_j - r.j(energy::Quanta{0}) > 0);
  check_sums(r);
}

TEST_CASE("the clock pays C V^2 a cycle and both edges inside the flip-flop", "[gate_level]") {
  NetlistBuilder builder;
  builder.input("clk").input("d").output("q").cell("b", "BUF", {{"A", "clk"}, {"Y", "c"}});
  builder.cell("f", "DFF", {{"CLK", "c"}, {"D", "d"}, {"Q", "q"}});
  Conditions conditions;
  conditions.clock_slew_s = 1e-9;
  const Run r = run(builder, TextStimulus(std::vector<std::string>(10, "1")), conditions);
  CHECK(r.j(r.books.ports.clock) == Approx(10 * 0.25e-12 * 4));                // net clk: the buffer's pin
  CHECK(r.j(r.cell("b").clock) == Approx(10 * (0.25e-12 * 4 + 2 * 0.5e-12)));  // net c, and the buffer's own energy
  // the slew at the pin is the buffer's, which has no transition table: 0
  CHECK(r.j(r.cell("f").clock) == Approx(10 * (0.5 + 1.5) * 1e-12));
  CHECK(r.j(r.books.total.switching) == 0);
  check_sums(r);
}

TEST_CASE("a modelled clock tree is more clock energy, shown apart", "[gate_level]") {
  NetlistBuilder builder;
  builder.input("clk").input("d").output("q3");
  std::string d = "d";
  for (int i = 0; i < 4; ++i) {
    const std::string q = "q" + std::to_string(i);
    builder.cell("f" + std::to_string(i), "DFF", {{"CLK", "clk"}, {"D", d}, {"Q", q}});
    d = q;
  }
  Conditions conditions;
  const double plain_j = [&] {
    const Run r = run(builder, TextStimulus(std::vector<std::string>(8, "1")), conditions);
    return r.j(r.books.total.clock);
  }();
  conditions.clock_fanout = 2;
  conditions.clock_buffer = "BUF";
  const Run r = run(builder, TextStimulus(std::vector<std::string>(8, "1")), conditions);
  // two buffers on the leaves, one above: each C V^2 of its input and 0.5 pJ for each edge
  CHECK(r.j(r.books.clock_tree) == Approx(8 * 3 * (0.25e-12 * 4 + 2 * 0.5e-12)));
  CHECK(r.j(r.books.total.clock) == Approx(plain_j + r.j(r.books.clock_tree)));
  check_sums(r);
}

TEST_CASE("modelled buffers behind a net are charged with every toggle and take the load off its driver",
          "[gate_level]") {
  NetlistBuilder builder;
  builder.input("a");
  builder.cell("first", "INV", {{"A", "a"}, {"Y", "n"}});
  for (int i = 0; i < 4; ++i) {
    const std::string y = "y" + std::to_string(i);
    builder.output(y).cell("f" + std::to_string(i), "INV", {{"A", "n"}, {"Y", y}});
  }
  Conditions conditions;
  const Run bare = run(builder, TextStimulus({"0", "1", "0"}), conditions);
  conditions.net_fanout = 2;
  conditions.net_buffer = "BUF";
  const Run r = run(builder, TextStimulus({"0", "1", "0"}), conditions);
  // two buffers: each 1/2 C V^2 of its input and 0.5 pJ a toggle, two toggles
  CHECK(bare.j(bare.books.net_buffers) == 0);
  CHECK(r.j(r.books.net_buffers) == Approx(2 * 2 * (0.5 * 0.25e-12 * 4 + 0.5e-12)));
  const NetId n = r.netlist.find_net("n");
  CHECK(r.nets[n].load_f() == Approx(2 * 0.25e-12));
  CHECK(r.nets[n].charged_f() == Approx(bare.nets[n].load_f() + 2 * 0.25e-12));
  check_sums(r);
  conditions.net_fanout = 4;
  CHECK(run(builder, TextStimulus({"0", "1", "0"}), conditions).books.net_buffers.count == 0);
}

TEST_CASE("buffers that the library does not have are refused by name", "[gate_level][bad]") {
  NetlistBuilder builder;
  builder.input("a");
  for (int i = 0; i < 3; ++i)
    builder.output("y" + std::to_string(i))
        .cell("f" + std::to_string(i), "INV", {{"A", "a"}, {"Y", "y" + std::to_string(i)}});
  Conditions conditions;
  conditions.net_fanout = 2;
  conditions.net_buffer = "BUFX99";
  CHECK_THROWS_AS(run(builder, TextStimulus({"0", "1"}), conditions), support::InputError);
  conditions.net_buffer = "NAND2";
  CHECK_THROWS_AS(run(builder, TextStimulus({"0", "1"}), conditions), support::InputError);
}

TEST_CASE("estimated wires have their own account and slow the edges", "[gate_level]") {
  Conditions conditions;
  conditions.wire_f_per_load = 0.1e-12;
  const Run stated = run(two_inverters(), TextStimulus({"0", "1"}), conditions);
  CHECK(stated.j(stated.books.total.wire) == Approx(0.5 * 4 * 0.3e-12));  // a, n, and y at its port
  CHECK(stated.nets[stated.netlist.find_net("n")].slew_s[0] == Approx((0.1 + 0.4 * 0.6) * 1e-9));
  conditions.wire_f_per_load.reset();
  conditions.wire_load = "estimate";
  const Run library = run(two_inverters(), TextStimulus({"0", "1"}), conditions);
  CHECK(library.j(library.books.total.wire) == Approx(0.5 * 4 * 0.03e-12));
  CHECK(stated.j(stated.books.total.switching) == Approx(library.j(library.books.total.switching)));
  check_sums(library);
}

TEST_CASE("sum over cells, sum over cycles and total are one number", "[gate_level]") {
  NetlistBuilder builder;
  builder.input("clk");
  std::string previous = "d0";
  for (int i = 0; i < 8; ++i) builder.input("d" + std::to_string(i));
  for (int i = 0; i < 200; ++i) {
    const std::string n = std::to_string(i), other = "d" + std::to_string(i % 8);
    if (i % 5 == 4) builder.cell("f" + n, "DFF", {{"CLK", "clk"}, {"D", previous}, {"Q", "n" + n}});
    else if (i % 3 == 0) builder.cell("i" + n, "INV", {{"A", previous}, {"Y", "n" + n}});
    else if (i % 3 == 1) builder.cell("x" + n, "XOR2", {{"A", previous}, {"B", other}, {"Y", "n" + n}});
    else builder.cell("g" + n, "NAND2", {{"A", previous}, {"B", other}, {"Y", "n" + n}});
    previous = "n" + n;
  }
  builder.output(previous);
  Conditions conditions;
  conditions.input_slew_s = 0.3e-9;
  conditions.wire_f_per_load = 0.01e-12;
  const Netlist netlist = builder.build(small_library());
  const Simulator simulator(netlist);
  const Run r = run(builder, RandomStimulus(netlist, simulator.inputs(), 5000, 3), conditions);
  check_sums(r);
  CHECK(r.j(r.books.total.total()) > 0);
  const Run quiet = run(builder, TextStimulus(std::vector<std::string>(5000, "00000000")), conditions);
  CHECK(quiet.j(quiet.books.total.total()) < r.j(r.books.total.total()));
  CHECK(quiet.j(quiet.books.total.clock) == Approx(r.j(r.books.total.clock)));
}

TEST_CASE("conditions that the library cannot meet are refused", "[gate_level][bad]") {
  const Netlist netlist = two_inverters().build(small_library());
  Conditions wires;
  wires.wire_load = "other";
  CHECK_THROWS_AS(EnergyEvaluator(netlist, wires), support::InputError);
  NetlistBuilder clocked;
  clocked.input("clk").input("d").output("q").cell("f", "DFF", {{"CLK", "clk"}, {"D", "d"}, {"Q", "q"}});
  for (const char* buffer : {"NONE", "NAND2", "INV", "DFF"}) {
    Conditions tree;
    tree.clock_fanout = 4;
    tree.clock_buffer = buffer;
    INFO(buffer);
    CHECK_THROWS_AS(run(clocked, TextStimulus({"0", "1"}), tree), support::InputError);
  }
}

TEST_CASE("a SAIF file holds times that sum to the duration, and every toggle", "[gate_level]") {
  NetlistBuilder builder;
  builder.input("clk").input("d").output("q").cell("f", "DFF", {{"CLK", "clk"}, {"D", "d"}, {"Q", "q"}});
  const Run r = run(builder, TextStimulus({"0", "1", "1", "x", "0"}));
  const std::string text = saif_text(r.netlist, r.activity, 10e-9, "1.0");
  INFO(text);
  CHECK(text.find("(SAIFVERSION \"2.0\")") != std::string::npos);
  CHECK(text.find("(DURATION 50000)") != std::string::npos);
  CHECK(text.find("(d (T0 20000) (T1 20000) (TX 10000) (TC 1) (IG 0))") != std::string::npos);
  CHECK(text.find("(q (T0 20000) (T1 20000) (TX 10000) (TC 1) (IG 0))") != std::string::npos);
  CHECK(text.find("(clk (T0 25000) (T1 25000) (TX 0) (TC 10) (IG 0))") != std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '(') == std::count(text.begin(), text.end(), ')'));
}
