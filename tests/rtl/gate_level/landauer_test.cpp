// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/gate_level/landauer.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <map>
#include <random>

#include "models/energy/lost_information.hpp"
#include "rtl/gate_level/stimulus.hpp"
#include "tests/rtl/gate_level/netlist_builder.hpp"

using namespace szilard;
using namespace szilard::gate_level;
using test::NetlistBuilder;
using test::small_library;
using test::TextStimulus;

namespace {

double entropy_bit(const std::map<unsigned, double>& counts) {
  double total = 0, sum = 0;
  for (const auto& [key, count] : counts) total += count;
  for (const auto& [key, count] : counts) sum -= count / total * std::log2(count / total);
  return sum;
}

ErasedBits erased(const Netlist& netlist, const Stimulus& stimulus, bool sampled = false) {
  const LandauerEvaluator evaluator(netlist);
  Simulator simulator(netlist, evaluator.probes());
  Simulator::StreamRequest request;
  request.initial = simulator.zero_state();
  return evaluator.evaluate(simulator.run(stimulus, request), sampled);
}

TextStimulus every_word(int bits) {
  std::vector<std::string> rows;
  for (unsigned word = 0; word < 1u << bits; ++word) {
    rows.emplace_back();
    for (int i = 0; i < bits; ++i) rows.back() += word >> i & 1 ? '1' : '0';
  }
  return TextStimulus(rows);
}

std::string name(const char* what, int row, int column) {
  return what + std::to_string(row) + "_" + std::to_string(column);
}

/// n x n ripple array: the first adder of each row is a half adder.
NetlistBuilder multiplier(int n) {
  NetlistBuilder builder;
  for (int i = 0; i < n; ++i) builder.input("a" + std::to_string(i));
  for (int i = 0; i < n; ++i) builder.input("b" + std::to_string(i));
  for (int row = 0; row < n; ++row)
    for (int column = 0; column < n; ++column)
      builder.cell(
          name("and", row, column), "AND2",
          {{"A", "a" + std::to_string(column)}, {"B", "b" + std::to_string(row)}, {"Y", name("p", row, column)}});
  std::vector<std::string> running;
  for (int column = 0; column < n; ++column) running.push_back(name("p", 0, column));
  builder.output(running[0]);
  running.erase(running.begin());
  running.push_back("0");
  for (int row = 1; row < n; ++row) {
    std::vector<std::string> next;
    std::string carry;
    for (int column = 0; column < n; ++column) {
      NetlistBuilder::Pins pins = {{"A", running[column]}, {"B", name("p", row, column)}};
      if (column > 0) pins.emplace_back("C", carry);
      carry = name("c", row, column);
      next.push_back(name("s", row, column));
      pins.emplace_back("S", next.back());
      pins.emplace_back("CO", carry);
      builder.cell(name("add", row, column), column > 0 ? "FA" : "HA", pins);
    }
    builder.output(next[0]);
    next.erase(next.begin());
    next.push_back(carry);
    running = next;
  }
  for (const std::string& net : running) builder.output(net);
  return builder;
}

}  // namespace

TEST_CASE("a multiplier mapped to adders erases what the array of D8 erases, cell by cell and as one word",
          "[gate_level][landauer]") {
  const auto library = std::make_shared<const Library>(read_liberty(test::library_file("adders.lib")));
  struct Known {
    int bits;
    double gate, word;
  };
  // physics.md, D8: an independent program's figures
  for (const Known& known : {Known{4, 24.55, 1.912}, Known{8, 110.9, 2.295}}) {
    INFO(known.bits);
    const Netlist netlist = multiplier(known.bits).build(library);
    const TextStimulus all = every_word(2 * known.bits);
    const ErasedBits bits = erased(netlist, all);
    const double samples = double(all.cycles());
    CHECK(*bits.gate / samples == Approx(known.gate).epsilon(5e-4));
    CHECK_FALSE(bits.register_);
    if (known.bits == 4) CHECK(*erased_word(netlist, all, false).bits / samples == Approx(known.word).margin(6e-4));
    double sum = 0;
    for (double cell : bits.by_cell) sum += cell;
    CHECK(sum == Approx(*bits.gate));
  }
}

TEST_CASE("random samples of a multiplier give what all of its operands give", "[gate_level][landauer]") {
  const auto library = std::make_shared<const Library>(read_liberty(test::library_file("adders.lib")));
  const Netlist netlist = multiplier(4).build(library);
  const Simulator simulator(netlist);
  for (std::uint64_t seed : {1, 2, 3}) {
    INFO("seed " << seed);
    const RandomStimulus random(netlist, simulator.inputs(), 20000, seed);
    const ErasedBits bits = erased(netlist, random, true);
    // 28 cells, each of whose entropies has a standard error below 0.012 bit at 20,000 samples
    CHECK(*bits.gate / 20000 == Approx(24.55).margin(0.12));
    CHECK(*erased_word(netlist, random, true).bits / 20000 == Approx(1.912).margin(0.03));
  }
}

TEST_CASE("each cell of any circuit erases H(in) - H(out) of what a plain interpreter sees at its pins",
          "[gate_level][landauer]") {
  for (unsigned seed = 1; seed <= 6; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    constexpr int kInputs = 6, kCells = 30, kSamples = 200;
    NetlistBuilder builder;
    std::vector<std::string> nets;
    for (int i = 0; i < kInputs; ++i) builder.input(nets.emplace_back("i" + std::to_string(i)));
    struct Cell {
      int kind;
      std::vector<std::size_t> in;
    };
    std::vector<Cell> cells;
    const char* types[] = {"INV", "NAND2", "XOR2", "MUX2", "MAJ5"};
    const std::vector<std::string> pins[] = {{"A"}, {"A", "B"}, {"A", "B"}, {"A", "B", "S"}, {"A", "B", "C", "D", "E"}};
    for (int c = 0; c < kCells; ++c) {
      Cell cell{int(random() % 5), {}};
      NetlistBuilder::Pins connected;
      for (const std::string& pin : pins[cell.kind]) {
        cell.in.push_back(random() % nets.size());
        connected.emplace_back(pin, nets[cell.in.back()]);
      }
      connected.emplace_back("Y", "n" + std::to_string(c));
      builder.cell("c" + std::to_string(c), types[cell.kind], connected);
      nets.push_back("n" + std::to_string(c));
      cells.push_back(cell);
    }
    builder.output(nets.back());
    std::vector<std::string> rows(kSamples);
    for (std::string& row : rows)
      for (int i = 0; i < kInputs; ++i) row += random() % 3 == 0 ? '1' : '0';
    std::vector<std::map<unsigned, double>> in(kCells), out(kCells);
    for (const std::string& row : rows) {
      std::vector<bool> value;
      for (char c : row) value.push_back(c == '1');
      for (int c = 0; c < kCells; ++c) {
        std::vector<bool> x;
        unsigned key = 0;
        for (std::size_t i : cells[c].in) {
          key |= unsigned(value[i]) << x.size();
          x.push_back(value[i]);
        }
        bool y = false;
        switch (cells[c].kind) {
          case 0:
            y = !x[0];
            break;
          case 1:
            y = !(x[0] && x[1]);
            break;
          case 2:
            y = x[0] != x[1];
            break;
          case 3:
            y = x[2] ? x[0] : x[1];
            break;
          default:
            y = x[0] + x[1] + x[2] + x[3] + x[4] >= 3;
        }
        ++in[c][key];
        ++out[c][y];
        value.push_back(y);
      }
    }
    const ErasedBits bits = erased(builder.build(small_library()), TextStimulus(rows));
    double sum = 0;
    for (int c = 0; c < kCells; ++c) {
      INFO("cell " << c << ", " << types[cells[c].kind]);
      const double expected = kSamples * (entropy_bit(in[c]) - entropy_bit(out[c]));
      CHECK(bits.by_cell[c] == Approx(expected).margin(1e-9));
      sum += expected;
    }
    CHECK(*bits.gate == Approx(sum));
  }
}

TEST_CASE("flip-flops erase by how often they toggle, and a word has no meaning behind them",
          "[gate_level][landauer]") {
  NetlistBuilder builder;
  builder.input("clk").input("d").output("q");
  builder.cell("f", "DFF", {{"CLK", "clk"}, {"D", "d"}, {"Q", "q"}});
  const Netlist netlist = builder.build(small_library());
  // state before each edge: 0 0 1 1 0 1 0 0 1: 5 toggles in 8 pairs
  const TextStimulus stimulus({"0", "1", "1", "0", "1", "0", "0", "1", "0"});
  const ErasedBits bits = erased(netlist, stimulus);
  const double p = 5.0 / 8;
  CHECK(*bits.register_ == Approx(9 * (-p * std::log2(p) - (1 - p) * std::log2(1 - p))));
  CHECK(*bits.gate == 0);
  const ErasedWord word = erased_word(netlist, stimulus, false);
  CHECK_FALSE(word.bits);
  CHECK(word.note.find("registers") != std::string::npos);
}

TEST_CASE("what is handed on, held still or unknown is not erased", "[gate_level][landauer]") {
  NetlistBuilder builder;
  builder.input("a").input("b").output("y").output("a");
  builder.cell("x", "XOR2", {{"A", "a"}, {"B", "b"}, {"Y", "y"}});
  const Netlist netlist = builder.build(small_library());
  // a is kept at an output, so that the word loses nothing, while the gate by itself does
  CHECK(*erased_word(netlist, every_word(2), false).bits == 0);
  CHECK(*erased(netlist, every_word(2)).gate == Approx(4));
  CHECK(*erased(netlist, TextStimulus({"10", "10", "10"})).gate == 0);
  CHECK(*erased(netlist, TextStimulus({"00", "01", "10", "11", "x0", "1x"})).gate == Approx(4));
  CHECK(*erased_word(netlist, TextStimulus({"00", "01", "10", "11", "x0", "1x"}), false).bits == 0);
}

TEST_CASE("cells of uniform inputs forget what their truth tables say", "[gate_level][landauer]") {
  if (!std::filesystem::exists("/usr/share/qflow/tech/osu018/osu018_stdcells.lib")) {
    WARN("SKIPPED: osu018 is not installed");
    return;
  }
  const Library library = read_liberty("/usr/share/qflow/tech/osu018/osu018_stdcells.lib");
  const auto h2 = [](double p) { return -p * std::log2(p) - (1 - p) * std::log2(1 - p); };
  const auto bits = [&](const char* cell) { return uniform_erased_bit(*library.find(cell)).value(); };
  CHECK(bits("INVX1") == 0);
  CHECK(bits("XOR2X1") == Approx(1));
  CHECK(bits("NAND2X1") == Approx(2 - h2(0.25)));
  CHECK(bits("NOR2X1") == Approx(2 - h2(0.25)));
  CHECK(bits("MUX2X1") == Approx(2));
  CHECK(bits("NAND3X1") == Approx(3 - h2(0.125)));
  CHECK(bits("AOI21X1") == Approx(3 - h2(0.375)));
  CHECK(bits("AOI22X1") == Approx(4 - h2(7.0 / 16)));
  CHECK(bits("HAX1") == Approx(2 - 1.5));  // two of four inputs share an output
  CHECK(bits("FAX1") == Approx(3 - (2 * 0.125 * 3 + 2 * 0.375 * std::log2(8.0 / 3))));  // 1, 3, 3, 1 of eight
  CHECK_FALSE(uniform_erased_bit(*library.find("DFFPOSX1")).has_value());
}

TEST_CASE("figures that cannot be had are absent and say why", "[gate_level][landauer][bad]") {
  const auto library = std::make_shared<const Library>(
      parse_liberty({"wide.lib",
                     "library (wide) { nom_voltage : 1; cell (AND9) { pin (A, B, C, D, E, F, G, H, I) { direction : "
                     "input; capacitance : 1; } "
                     "pin (Y) { direction : output; function : \"A B C D E F G H I\"; } } }"}));
  NetlistBuilder wide;
  NetlistBuilder::Pins pins = {{"Y", "y"}};
  for (const char* pin : {"A", "B", "C", "D", "E", "F", "G", "H", "I"}) {
    wide.input(pin);
    pins.emplace_back(pin, pin);
  }
  wide.output("y").cell("g", "AND9", pins);
  const Netlist netlist = wide.build(library);
  const ErasedBits bits = erased(netlist, every_word(9));
  CHECK_FALSE(bits.gate);
  CHECK(bits.gate_note.find("AND9") != std::string::npos);
  const Simulator simulator(netlist);
  const ErasedWord word = erased_word(netlist, RandomStimulus(netlist, simulator.inputs(), 100, 1), true);
  CHECK_FALSE(word.bits);
  CHECK(word.note.find("too few samples") != std::string::npos);
  CHECK_FALSE(erased_word(netlist, TextStimulus({"xxxxxxxxx"}), false).bits);
  CHECK_THROWS_AS(energy::lost_information_bit({1, 2}, {0}, false), std::invalid_argument);
}
