// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <fstream>

#include "rtl/gate_level/simulator.hpp"
#include "rtl/gate_level/vcd.hpp"
#include "tests/rtl/gate_level/external_tools.hpp"

using namespace szilard;
using namespace szilard::gate_level;
using namespace szilard::test;

namespace {

/// The netlist in Icarus, all nets dumped, inputs from $random two time units after each edge, reset off after some
/// cycles; `before_too`: inputs change again two units after each falling edge.
SampledWaves simulated(const ToolFolder& folder, const Netlist& netlist, int cycles, bool before_too) {
  std::string ports, declarations, drives;
  for (const Port& port : netlist.ports) {
    const std::string range = port.bits.size() > 1 ? "[" + std::to_string(port.bits.size() - 1) + ":0] " : "";
    declarations += (port.input ? "  reg " : "  wire ") + range + port.name + ";\n";
    ports += (ports.empty() ? "." : ", .") + port.name + "(" + port.name + ")";
    if (!port.input || port.name == "clock") continue;
    if (port.name == "reset") {
      drives += "    reset = cycle < 5;\n";
      continue;
    }
    std::string words = "$random";
    for (std::size_t bits = 32; bits < port.bits.size(); bits += 32) words += ", $random";
    drives += "    if (cycle > 2) " + port.name + " = {" + words + "};\n";
  }
  folder.write("bench.v", "`timescale 1ns/1ns\nmodule bench;\n" + declarations + "  integer cycle;\n  " +
                              netlist.module + " dut (" + ports +
                              ");\n  initial begin\n    $dumpfile(\"nets.vcd\");\n    $dumpvars(0, dut);\n    clock = "
                              "0;\n    for (cycle = 0; cycle < " +
                              std::to_string(cycles) + "; cycle = cycle + 1) begin\n    #3 clock = 1;\n    #2;\n" +
                              drives + "    #3 clock = 0;\n    #2;\n" + (before_too ? drives : "") +
                              "    end\n  end\nendmodule\n");
  folder.write("cells.ys", "read_liberty " + kOsu018 + "\nwrite_verilog -noattr cells.v\n");
  folder.run("cells", "yosys -q cells.ys");
  folder.run("iverilog", "iverilog -g2005 -s bench -o bench.vvp bench.v " + netlist.module + ".v cells.v");
  folder.run("vvp", "vvp -n bench.vvp");
  std::ifstream in(folder.path("nets.vcd"));
  return sample_vcd(in, "nets.vcd", [&](const std::vector<VcdVariable>& variables) {
    std::map<std::string, std::size_t> by_name;
    for (std::size_t v = 0; v < variables.size(); ++v)
      if (variables[v].scope == "bench.dut") by_name[variables[v].name] = v;
    VcdSelection selection;
    selection.clock = by_name.at("clock");
    for (NetId n = 2; n < netlist.nets.size(); ++n) {
      std::string name = netlist.nets[n].name;
      unsigned bit = 0;
      if (!by_name.count(name)) {
        const std::size_t bracket = name.rfind('[');
        INFO(name);
        REQUIRE(bracket != std::string::npos);
        REQUIRE(by_name.count(name.substr(0, bracket)) == 1);
        const VcdVariable& variable = variables[by_name.at(name.substr(0, bracket))];
        bit = static_cast<unsigned>(std::stoi(name.substr(bracket + 1)) - variable.low);
        name.resize(bracket);
      }
      selection.bits.emplace_back(by_name.at(name), bit);
    }
    return selection;
  });
}

void check_toggles(const ToolFolder& folder, const Netlist& netlist, int cycles, bool before_too = false) {
  const SampledWaves waves = simulated(folder, netlist, cycles, before_too);
  REQUIRE(waves.cycles == std::uint64_t(cycles));
  Simulator simulator(netlist);
  const SampledStimulus stimulus(read_vcd_inputs(folder.path("nets.vcd"), netlist, simulator.inputs()));
  Simulator::StreamRequest request;
  request.initial = simulator.unknown_state();
  const Activity activity = simulator.run(stimulus, request);
  std::uint64_t total = 0;
  for (NetId n = 2; n < netlist.nets.size(); ++n) {
    if (netlist.nets[n].clock) continue;
    std::uint64_t toggles = 0, unknowns = 0;
    int before = 2;
    for (std::uint64_t c = 0; c < waves.cycles; ++c) {
      const int now =
          waves.unknown[n - 2][c / 64] >> (c % 64) & 1 ? 2 : int(waves.value[n - 2][c / 64] >> (c % 64) & 1);
      toggles += before + now == 1;
      unknowns += now == 2;
      before = now;
    }
    INFO(netlist.nets[n].name);
    CHECK(activity.toggles[n] == toggles);
    CHECK(activity.unknowns[n] == unknowns);
    total += toggles;
  }
  CHECK(total > std::uint64_t(cycles));
}

}  // namespace

TEST_CASE("toggles of the ReLU unit are those of Icarus, net by net", "[gate_level][tools]") {
  if (!has_tools({"yosys", "iverilog", "vvp"})) return;
  const ToolFolder folder;
  check_toggles(folder,
                map_to_osu018(folder, {{std::string(SZILARD_SOURCE_DIR) + "/rtl/relu_unit/relu_unit.sv"},
                                       "relu_unit",
                                       "-set LANES 3 -set WIDTH 5"}),
                1000);
}

TEST_CASE("toggles of a multiply-accumulate unit are those of Icarus, net by net", "[gate_level][tools]") {
  if (!has_tools({"yosys", "iverilog", "vvp"})) return;
  const ToolFolder folder;
  folder.write(
      "mac.sv",
      "module mac(input clock, input reset, input [3:0] a, input [3:0] b, output reg [9:0] sum, output reg odd);\n"
      "  always @(posedge clock) if (reset) sum <= 0; else sum <= sum + a * b;\n"
      "  always @(negedge clock) odd <= ^sum;\nendmodule\n");
  check_toggles(folder, map_to_osu018(folder, {{"mac.sv"}, "mac", ""}), 1000);
}

TEST_CASE(
    "registers of the falling edge take what the inputs are there, though they change before the next rising edge",
    "[gate_level][tools]") {
  if (!has_tools({"yosys", "iverilog", "vvp"})) return;
  const ToolFolder folder;
  folder.write(
      "edges.sv",
      "module edges(input clock, input reset, input [3:0] a, input [3:0] b, output reg [3:0] up, output reg [3:0] "
      "down, output reg [3:0] mixed, output [3:0] seen);\n"
      "  always @(posedge clock) if (reset) up <= 0; else up <= down + a;\n"
      "  always @(negedge clock) down <= a ^ b;\n  always @(negedge clock) mixed <= up & b | ~up & a;\n"
      "  assign seen = mixed ^ a;\nendmodule\n");
  const Netlist netlist = map_to_osu018(folder, {{"edges.sv"}, "edges", ""});
  check_toggles(folder, netlist, 1000, true);
  // cut into windows at states of the stream it is the same
  Simulator simulator(netlist);
  const SampledStimulus stimulus(read_vcd_inputs(folder.path("nets.vcd"), netlist, simulator.inputs()));
  CHECK(stimulus.tells_falling());
  std::vector<RegisterState> states;
  Simulator::StreamRequest request;
  request.initial = simulator.unknown_state();
  request.marks = {0, 299, 641};
  request.states = &states;
  const Activity stream = simulator.run(stimulus, request);
  REQUIRE(states.size() == 3);
  const Activity windows =
      simulator.run_windows(stimulus, {{0, 300, states[0]}, {300, 642, states[1]}, {642, 1000, states[2]}});
  CHECK(windows == stream);
}
