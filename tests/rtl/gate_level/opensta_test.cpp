// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <sstream>

#include "models/support/units.hpp"
#include "rtl/gate_level/energy_books.hpp"
#include "rtl/gate_level/stimulus.hpp"
#include "tests/rtl/gate_level/external_tools.hpp"
#include "tests/rtl/gate_level/netlist_builder.hpp"

using namespace szilard;
using namespace szilard::gate_level;
using namespace szilard::test;

namespace {

constexpr double kPeriod_s = 20e-9, kClockSlew_s = 0.1e-9;
constexpr std::uint64_t kCycles = 2000;

/// The same circuit in three forms: for OpenSTA as Verilog, for us as a netlist, and what every pin does. OpenSTA
/// 2.0.17 spreads activity from input ports over what it is told, so flip-flops of their own with open inputs take the
/// ports' place.
struct Comparison {
  std::string verilog, activities;
  Netlist netlist;
  Activity activity;
};

Comparison prepared(const Netlist& original) {
  Comparison out;
  Simulator simulator(original);
  Simulator::StreamRequest request;
  request.initial = simulator.zero_state();
  const Activity activity = simulator.run(RandomStimulus(original, simulator.inputs(), kCycles, 5), request);

  NetlistBuilder builder;
  builder.input("clk");
  const auto name_of = [&](NetId n) -> std::string {
    if (n <= kOne) return n == kOne ? "1" : "0";
    return n == original.clock ? "clk" : "n" + std::to_string(n);
  };
  std::string instances, ports = "clk";
  const auto instance = [&](const std::string& name, const std::string& type, const NetlistBuilder::Pins& pins) {
    builder.cell(name, type, pins);
    std::string text;
    for (const auto& [pin, net] : pins)
      if (net != "x")
        text += (text.empty() ? "." : ", .") + pin + "(" + (net == "0" || net == "1" ? "1'b" : "") + net + ")";
    instances += "  " + type + " " + name + " (" + text + ");\n";
  };
  for (NetId n : simulator.inputs())
    instance("feeder" + std::to_string(n), "DFFPOSX1", {{"CLK", "clk"}, {"D", "x"}, {"Q", name_of(n)}});
  for (std::size_t c = 0; c < original.cells.size(); ++c) {
    const Instance& cell = original.cells[c];
    NetlistBuilder::Pins pins;
    for (std::size_t p = 0; p < cell.nets.size(); ++p) {
      if (cell.nets[p] == kNoNet) continue;
      pins.emplace_back(cell.cell->pins[p].name, name_of(cell.nets[p]));
      const NetId n = cell.nets[p];
      if (n == original.clock) continue;
      const double toggles = double(activity.toggles[n]) / double(kCycles);
      const double duty = n == kOne ? 1 : n == kZero ? 0 : double(activity.ones[n]) / double(kCycles);
      out.activities += "sta::set_power_pin_activity [sta::find_pin c" + std::to_string(c) + "/" +
                        cell.cell->pins[p].name + "] " + support::shortest(toggles) + " " + support::shortest(duty) +
                        "\n";
    }
    instance("c" + std::to_string(c), cell.cell->name, pins);
  }
  std::string outputs;
  for (NetId n = 2; n < original.nets.size(); ++n) {
    if (!original.nets[n].to_output_port || n == original.clock) continue;
    builder.output(name_of(n));
    ports += ", " + name_of(n);
    outputs += "  output " + name_of(n) + ";\n";
  }
  out.verilog = "module top(" + ports + ");\n  input clk;\n" + outputs + instances + "endmodule\n";
  out.netlist = builder.build(original.library);
  out.activity.cycles = kCycles;
  out.activity.toggles.assign(out.netlist.nets.size(), 0);
  out.activity.ones = out.activity.unknowns = out.activity.toggles;
  for (NetId n = 2; n < original.nets.size(); ++n) {
    const NetId own = n == original.clock ? kNoNet : out.netlist.find_net(name_of(n));
    if (own == kNoNet) continue;
    out.activity.toggles[own] = activity.toggles[n];
    out.activity.ones[own] = activity.ones[n];
  }
  return out;
}

struct Power {
  double internal_w = 0, switching_w = 0, leakage_w = 0;
};

std::map<std::string, Power> opensta(const ToolFolder& folder, const Comparison& comparison) {
  folder.write("top.v", comparison.verilog);
  folder.write("power.tcl",
               "read_liberty " + kOsu018 + "\nread_verilog top.v\nlink_design top\ncreate_clock -name clk -period " +
                   support::shortest(kPeriod_s * 1e9) + " [get_ports clk]\nset_input_transition " +
                   support::shortest(kClockSlew_s * 1e9) + " [all_inputs]\nset_clock_transition " +
                   support::shortest(kClockSlew_s * 1e9) +
                   " [all_clocks]\nset_power_activity -input -activity 0 -duty 0\n" + comparison.activities +
                   "report_power -digits 8\nreport_power -digits 8 -instances [get_cells *]\nputs SENTINEL\nexit\n");
  folder.run("sta", "sta -no_splash -exit power.tcl");
  const std::string log = folder.read("sta.log");
  REQUIRE(log.find("SENTINEL") != std::string::npos);
  std::map<std::string, Power> found;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    Power power;
    double total = 0;
    std::string name;
    if (words >> power.internal_w >> power.switching_w >> power.leakage_w >> total >> name && name.front() == 'c')
      found[name] = power;
  }
  return found;
}

/// Every instance's switching, internal and leakage power within 1e-3.
void check_power(const Netlist& original) {
  const ToolFolder folder;
  const Comparison comparison = prepared(original);
  const std::map<std::string, Power> expected = opensta(folder, comparison);
  Conditions conditions;
  conditions.period_s = kPeriod_s;
  conditions.clock_slew_s = kClockSlew_s;
  conditions.rule = AveragingRule::opensta_2_0_17;
  const EnergyBooks books = EnergyEvaluator(comparison.netlist, conditions).evaluate(comparison.activity);
  const double time_s = double(kCycles) * kPeriod_s;
  std::size_t compared = 0;
  double worst = 0;
  for (std::size_t c = 0; c < comparison.netlist.cells.size(); ++c) {
    const Instance& cell = comparison.netlist.cells[c];
    if (cell.name.front() != 'c') continue;
    INFO(cell.name << " " << cell.cell->name);
    REQUIRE(expected.count(cell.name) == 1);
    const Power& power = expected.at(cell.name);
    const EnergyParts& own = books.by_cell[c];
    const auto check = [&](const char* kind, double own_w, double other_w) {
      INFO(kind << ": " << own_w << " W, OpenSTA " << other_w << " W");
      worst = std::max(worst, std::abs(own_w - other_w) / std::max(std::abs(other_w), 1e-12));
      CHECK(std::abs(own_w - other_w) <= 1e-3 * std::abs(other_w) + 1e-15);
    };
    check("switching", books.joules(own.switching) / time_s, power.switching_w);
    check("internal", books.joules(own.internal + own.clock) / time_s, power.internal_w);
    check("leakage", books.joules(own.leakage) / time_s, power.leakage_w);
    ++compared;
  }
  CHECK(compared == original.cells.size());
  WARN(compared << " instances compared with OpenSTA, largest difference " << worst);
}

std::shared_ptr<const Library> osu018() { return std::make_shared<const Library>(read_liberty(kOsu018)); }

}  // namespace

TEST_CASE("power of every single gate is OpenSTA's", "[gate_level][tools]") {
  if (!has_tools({"sta"})) return;
  const auto library = osu018();
  NetlistBuilder builder;
  int count = 0;
  for (const LibraryCell& cell : library->cells) {
    if (!cell.unsupported.empty() || !cell.flip_flops.empty() || cell.pins.empty()) continue;
    const std::string name = "g" + std::to_string(count++);
    NetlistBuilder::Pins pins;
    for (const LibraryPin& pin : cell.pins) {
      const std::string net = name + pin.name;
      if (pin.direction == LibraryPin::Direction::input) builder.input(net);
      pins.emplace_back(pin.name, net);
      if (pin.direction == LibraryPin::Direction::input) continue;
      builder.cell(name + pin.name + "load", "INVX4", {{"A", net}, {"Y", net + "out"}});
      builder.output(net + "out");
    }
    builder.cell(name, cell.name, pins);
  }
  CHECK(count >= 24);
  check_power(builder.build(library));
}

TEST_CASE("power of a full adder and of a register is OpenSTA's", "[gate_level][tools]") {
  if (!has_tools({"sta"})) return;
  NetlistBuilder builder;
  builder.input("clk").input("a").input("b").input("c").output("q").output("r");
  builder.cell("fa", "FAX1", {{"A", "a"}, {"B", "b"}, {"C", "c"}, {"YC", "carry"}, {"YS", "sum"}});
  builder.cell("f1", "DFFPOSX1", {{"CLK", "clk"}, {"D", "sum"}, {"Q", "q"}})
      .cell("f2", "DFFPOSX1", {{"CLK", "clk"}, {"D", "carry"}, {"Q", "s"}});
  builder.cell("f3", "DFFPOSX1", {{"CLK", "clk"}, {"D", "s"}, {"Q", "r"}});
  check_power(builder.build(osu018()));
}

TEST_CASE("power of gates whose outputs never move is OpenSTA's", "[gate_level][tools]") {
  if (!has_tools({"sta"})) return;
  NetlistBuilder builder;
  builder.input("a").input("b").output("y").output("w").output("q");
  builder.cell("i1", "INVX1", {{"A", "a"}, {"Y", "n"}}).cell("g1", "NOR2X1", {{"A", "a"}, {"B", "n"}, {"Y", "y"}});
  builder.cell("g2", "NAND2X1", {{"A", "n"}, {"B", "a"}, {"Y", "w"}})
      .cell("g3", "AND2X2", {{"A", "w"}, {"B", "b"}, {"Y", "q"}});
  check_power(builder.build(osu018()));
}

TEST_CASE("power of a 4-bit multiplier is OpenSTA's, instance by instance", "[gate_level][tools]") {
  if (!has_tools({"sta", "yosys"})) return;
  const ToolFolder folder;
  folder.write("multiplier.sv",
               "module multiplier(input clock, input [3:0] a, input [3:0] b, output reg [7:0] y);\n"
               "  always @(posedge clock) y <= a * b;\nendmodule\n");
  check_power(map_to_osu018(folder, {{"multiplier.sv"}, "multiplier", ""}));
}

TEST_CASE("power of a 4 x 4 array of 4-bit multiply-accumulators is OpenSTA's, instance by instance",
          "[gate_level][tools]") {
  if (!has_tools({"sta", "yosys"})) return;
  const ToolFolder folder;
  folder.write("array.sv", R"(
module array(input clock, input load, input [15:0] weights, input [15:0] activations, output [39:0] sums);
  reg [3:0] w[0:15];
  reg [3:0] x[0:15];
  reg [9:0] s[0:15];
  genvar r, c;
  generate
    for (r = 0; r < 4; r = r + 1) begin : g_row
      for (c = 0; c < 4; c = c + 1) begin : g_column
        wire [3:0] x_in, w_in;
        if (c == 0) assign x_in = activations[4*r+:4]; else assign x_in = x[4*r+c-1];
        if (r == 0) assign w_in = weights[4*c+:4]; else assign w_in = w[4*(r-1)+c];
        always @(posedge clock) begin
          x[4*r+c] <= x_in;
          if (load) w[4*r+c] <= w_in;
        end
        if (r == 0) always @(posedge clock) s[c] <= x_in * w[c];
        else always @(posedge clock) s[4*r+c] <= s[4*(r-1)+c] + x_in * w[4*r+c];
      end
    end
  endgenerate
  assign sums = {s[15], s[14], s[13], s[12]};
endmodule
)");
  check_power(map_to_osu018(folder, {{"array.sv"}, "array", ""}));
}

TEST_CASE("power of the 4 x 4 systolic array is OpenSTA's, instance by instance", "[.nightly][gate_level][tools]") {
  if (!has_tools({"sta", "yosys"})) return;
  const ToolFolder folder;
  std::vector<std::string> sources;
  for (const char* name : {"skew", "deskew", "processing_row", "systolic_array"})
    sources.push_back(std::string(SZILARD_SOURCE_DIR) + "/rtl/systolic_int8/" + name + ".sv");
  check_power(map_to_osu018(folder, {sources, "systolic_array", "-set ROWS 4 -set COLUMNS 4"}));
}
