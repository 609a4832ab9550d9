// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/rtl/gate_level/netlist_builder.hpp"
#include "tests/sim/cli/szilard_process.hpp"

using namespace szilard::test;
using Json = nlohmann::ordered_json;

namespace {

/// A counter of two bits with an enable that is cleared by reset.
struct Block {
  TemporaryFolder folder;
  Block() {
    NetlistBuilder builder;
    builder.input("clk").input("reset_n").input("enable").output("low").output("high");
    builder.cell("x0", "XOR2", {{"A", "low"}, {"B", "enable"}, {"Y", "d0"}});
    builder.cell("n1", "NAND2", {{"A", "low"}, {"B", "enable"}, {"Y", "carry_n"}})
        .cell("i1", "INV", {{"A", "carry_n"}, {"Y", "carry"}});
    builder.cell("x1", "XOR2", {{"A", "high"}, {"B", "carry"}, {"Y", "d1"}});
    for (const char* bit : {"0", "1"}) {
      const std::string n = bit;
      builder.cell("a" + n, "NAND2", {{"A", "d" + n}, {"B", "reset_n"}, {"Y", "m" + n}})
          .cell("b" + n, "INV", {{"A", "m" + n}, {"Y", "e" + n}});
      builder.cell("f" + n, "DFF", {{"CLK", "clk"}, {"D", "e" + n}, {"Q", n == "0" ? "low" : "high"}});
    }
    write_file(folder.path("block.json"), builder.json());
  }
  ProcessResult run(const std::vector<std::string>& options) const {
    std::vector<std::string> arguments = {"lab",       "gate",
                                          "--netlist", folder.path("block.json"),
                                          "--library", source("tests/rtl/gate_level/libraries/small.lib")};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return run_szilard(arguments);
  }
};

/// 12 cycles of 10: two in reset, then counting, the last four without enable. Inputs change 1 after the edge.
std::string dump() {
  std::string text =
      "$timescale 1ns $end\n$scope module tb $end\n$scope module dut $end\n$var wire 1 ! clk $end\n$var wire 1 \" "
      "reset_n $end\n"
      "$var wire 1 # enable $end\n$upscope $end\n$upscope $end\n$enddefinitions $end\n$dumpvars\n0!\n0\"\n1#\n$end\n";
  for (int cycle = 0; cycle < 12; ++cycle) {
    text += "#" + std::to_string(10 * cycle + 5) + "\n1!\n#" + std::to_string(10 * cycle + 6) + "\n";
    if (cycle == 1) text += "1\"\n";
    if (cycle == 7) text += "0#\n";
    text += "#" + std::to_string(10 * cycle + 10) + "\n0!\n";
  }
  return text;
}

void check_sums(const Json& json) {
  double parts = 0, cycles = 0;
  for (const Json& part : json.at("parts")) parts += part.get<double>();
  for (const Json& cycle : json.at("energy_by_cycle_J")) cycles += cycle.get<double>();
  CHECK(parts == Approx(json.at("energy_J").get<double>()).epsilon(1e-12));
  CHECK(cycles == Approx(json.at("energy_J").get<double>()).epsilon(1e-12));
  std::uint64_t toggles = 0;
  for (const Json& net : json.at("toggles_by_net")) toggles += net.get<std::uint64_t>();
  CHECK(json.at("toggles_total").get<std::uint64_t>() == toggles);
}

}  // namespace

TEST_CASE("lab gate counts the toggles of a dump's stimulus, none before the reset", "[cli][lab]") {
  const Block block;
  write_file(block.folder.path("block.vcd"), dump());
  const ProcessResult result =
      block.run({"--vcd", block.folder.path("block.vcd"), "--json", "--saif", block.folder.path("block.saif")});
  INFO(result.err);
  REQUIRE(result.code == 0);
  const Json json = Json::parse(result.out);
  CHECK(json.at("cycles") == 12);
  CHECK(json.at("clock_toggles") == 24);
  // samples: x 0 0 1 0 1 0 1 0 0 0 0 of the low bit, x 0 0 0 1 1 0 0 1 1 1 1 of the high one
  CHECK(json.at("toggles_by_net").at("low") == 6);
  CHECK(json.at("toggles_by_net").at("high") == 3);
  CHECK(json.at("toggles_by_net").at("reset_n") == 1);
  CHECK(json.at("toggles_by_net").at("enable") == 1);
  CHECK_FALSE(json.at("toggles_by_net").contains("clk"));
  // the clock: C V^2 of two pins a cycle, and both edges inside two flip-flops
  CHECK(json.at("parts").at("clock_J").get<double>() == Approx(12 * (0.5e-12 * 4 + 2 * 2e-12)));
  check_sums(json);
  // the low bit toggles in 6 of 10 pairs of known samples, the high one in 3
  const auto h2 = [](double p) { return -p * std::log2(p) - (1 - p) * std::log2(1 - p); };
  const double kt_ln2 = 1.380649e-23 * (25 + 273.15) * std::log(2.0);
  CHECK(json.at("erased_bit").at("register").get<double>() == Approx(11 * (h2(0.6) + h2(0.3))));
  CHECK(json.at("landauer_J").at("register").get<double>() == Approx(kt_ln2 * 11 * (h2(0.6) + h2(0.3))));
  CHECK(json.at("landauer_J").at("gate").get<double>() > 0);
  CHECK(json.at("landauer_J").at("gate").get<double>() < json.at("energy_J").get<double>());
  CHECK(json.at("landauer_J").at("word").is_null());
  CHECK(json.at("landauer_word_note").get<std::string>().find("registers") != std::string::npos);
  // cell by cell: the flip-flops' share is the register convention, the others' the gate convention
  const Json &cells = json.at("erased_by_cell"), &kinds = json.at("erased_by_cell_type");
  CHECK(cells.at("f0").get<double>() + cells.at("f1").get<double>() ==
        Approx(json.at("erased_bit").at("register").get<double>()));
  double gates = 0;
  for (const char* name : {"x0", "n1", "i1", "x1", "a0", "b0", "a1", "b1"}) gates += cells.at(name).get<double>();
  CHECK(gates == Approx(json.at("erased_bit").at("gate").get<double>()));
  CHECK(cells.at("i1") == 0);
  CHECK(kinds.at("NAND2").at("cells") == 3);
  CHECK(kinds.at("NAND2").at("erased_bit").get<double>() ==
        Approx(cells.at("n1").get<double>() + cells.at("a0").get<double>() + cells.at("a1").get<double>()));
  CHECK(kinds.at("NAND2").at("uniform_inputs_bit").get<double>() == Approx(2 - h2(0.25)));
  CHECK(kinds.at("XOR2").at("uniform_inputs_bit") == 1);
  CHECK(kinds.at("INV").at("uniform_inputs_bit") == 0);
  CHECK(kinds.at("DFF").at("uniform_inputs_bit").is_null());
  CHECK(read_file(block.folder.path("block.saif")).find("(low (T0 ") != std::string::npos);
}

TEST_CASE("lab gate runs random stimulus, the same for the same seed", "[cli][lab]") {
  const Block block;
  const auto run = [&](const std::vector<std::string>& more) {
    std::vector<std::string> options = {"--random", "1000", "--json"};
    options.insert(options.end(), more.begin(), more.end());
    const ProcessResult result = block.run(options);
    INFO(result.err);
    REQUIRE(result.code == 0);
    return result.out;
  };
  CHECK(run({}) == run({"--seed", "1"}));
  CHECK(run({}) != run({"--seed", "2"}));
  const Json held = Json::parse(run({"--hold", "reset_n=1", "--hold", "enable=1"}));
  CHECK(held.at("toggles_by_net").at("low") == 999);
  check_sums(held);
  const Json slow = Json::parse(run({"--hold", "reset_n=1", "--hold", "enable=1", "--period", "1 us"}));
  CHECK(slow.at("parts").at("leakage_J").get<double>() == Approx(100 * held.at("parts").at("leakage_J").get<double>()));
  const Json wired = Json::parse(run({"--wire-load", "estimate"}));
  CHECK(wired.at("parts").at("wire_J").get<double>() > 0);
  check_sums(wired);
  const ProcessResult text = block.run({"--random", "10"});
  CHECK(text.code == 0);
  CHECK(text.out.find("dearest cells") != std::string::npos);
  CHECK(text.out.find("Landauer's cost of what is forgotten") != std::string::npos);
  CHECK(text.out.find("H(in|out) a cell") != std::string::npos);
}

TEST_CASE("lab gate refuses what it cannot use with exit code 2 and the place", "[cli][lab][bad]") {
  const Block block;
  const auto check = [&](const std::vector<std::string>& options, const std::string& words) {
    const ProcessResult result = block.run(options);
    INFO(result.err);
    CHECK(result.code == 2);
    CHECK(result.out.empty());
    CHECK(result.err.find(words) != std::string::npos);
  };
  check({}, "--vcd FILE or --random CYCLES");
  check({"--random", "5", "--vcd", "x.vcd"}, "exclude one another");
  check({"--random", "0"}, "--random takes 1 to");
  check({"--random", "-3"}, "--random takes 1 to");
  check({"--random", "many"}, "many");
  check({"--random", "5", "--period", "10"}, "--period");
  check({"--random", "5", "--period", "0 s"}, "--period is above 0");
  check({"--random", "5", "--hold", "nothing=1"}, "has no data input 'nothing'");
  check({"--random", "5", "--hold", "enable"}, "--hold takes INPUT=VALUE");
  check({"--random", "5", "--wire-load", "none"}, "no wire_load 'none'");
  check({"--random", "5", "--clock-tree", "4:NAND2"}, "NAND2 is not a buffer");
  check({"--random", "5", "--clock-tree", "4"}, "--clock-tree takes");
  check({"--random", "5", "--internal-rule", "best"}, "--internal-rule");
  check({"--random", "5", "--top", "other"}, "no module 'other'");
  check({"--vcd", block.folder.path("missing.vcd")}, "missing.vcd:1:1: error: there is no such file");
  write_file(block.folder.path("short.vcd"), "$scope module dut $end\n$var wire 1 ! clk $end\n$enddefinitions $end\n");
  check({"--vcd", block.folder.path("short.vcd")}, "input reset_n is not in scope dut");
  write_file(block.folder.path("still.vcd"), dump().substr(0, dump().find("#5\n")));
  check({"--vcd", block.folder.path("still.vcd")}, "the clock never rises");
  const ProcessResult swapped =
      run_szilard({"lab", "gate", "--netlist", source("tests/rtl/gate_level/libraries/small.lib"), "--library",
                   block.folder.path("block.json"), "--random", "5"});
  CHECK(swapped.code == 2);
  CHECK(swapped.err.find("block.json:1:1: error:") != std::string::npos);
}
