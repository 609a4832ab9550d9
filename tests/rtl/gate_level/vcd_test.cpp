// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <unistd.h>

#include "rtl/gate_level/vcd.hpp"
#include "tests/rtl/gate_level/netlist_builder.hpp"

using namespace szilard;
using namespace szilard::gate_level;
using support::DiagnosticCode;
using test::NetlistBuilder;
using test::small_library;

namespace {

const std::string kHeader =
    "$date today $end\n$timescale 1 ns $end\n$scope module tb $end\n$var reg 1 ! clk $end\n$var wire 4 \" a [3:0] "
    "$end\n"
    "$var real 64 r temperature $end\n$scope module dut $end\n$var wire 1 ! clk $end\n$var wire 1 # d $end\n$upscope "
    "$end\n"
    "$upscope $end\n$enddefinitions $end\n";

VcdSelection all_bits(const std::vector<VcdVariable>& variables) {
  VcdSelection selection;
  for (std::size_t v = 0; v < variables.size(); ++v) {
    if (variables[v].name == "clk") selection.clock = v;
    if (variables[v].name == "a")
      for (unsigned b = 0; b < 4; ++b) selection.bits.emplace_back(v, b);
    if (variables[v].name == "d") selection.bits.emplace_back(v, 0);
  }
  return selection;
}

SampledWaves sampled(const std::string& changes) {
  std::istringstream in(kHeader + changes);
  return sample_vcd(in, "t.vcd", all_bits);
}

std::string bits(const SampledWaves& waves, std::size_t bit) {
  std::string text;
  for (std::uint64_t c = 0; c < waves.cycles; ++c)
    text += waves.unknown[bit][c / 64] >> (c % 64) & 1 ? 'x' : waves.value[bit][c / 64] >> (c % 64) & 1 ? '1' : '0';
  return text;
}

support::Diagnostic refused(const std::string& text) {
  std::istringstream in(text);
  try {
    sample_vcd(in, "bad.vcd", all_bits);
  } catch (const support::InputError& error) {
    return error.diagnostics().front();
  }
  return {};
}

struct File {
  explicit File(const std::string& text) : path("/tmp/szilard_vcd_test_" + std::to_string(getpid()) + ".vcd") {
    std::ofstream(path) << text;
  }
  ~File() { std::remove(path.c_str()); }
  std::string path;
};

Netlist flip_flop() {
  NetlistBuilder builder;
  return builder.input("clk")
      .input("d")
      .output("q")
      .cell("f", "DFF", {{"CLK", "clk"}, {"D", "d"}, {"Q", "q"}})
      .build(small_library());
}

}  // namespace

TEST_CASE("values are taken just before each rising edge", "[gate_level]") {
  // d changes with the clock at 5 and 25: what counts is what it was before
  const SampledWaves waves = sampled(
      "$dumpvars\n0!\nbx \"\nx#\n$end\n#5\n1!\n1#\n#10\n0!\nb101 \"\n#15\n1!\n#20\n0!\n#25\n0#\n1!\n#30\n0!\n#35 bZ \" "
      "r1.5 r\n1! #40\n0!\n#99\n1#\n");
  CHECK(waves.cycles == 4);
  CHECK(bits(waves, 4) == "x110");
  CHECK(bits(waves, 0) == "x111");
  CHECK(bits(waves, 1) == "x000");
  CHECK(bits(waves, 3) == "x000");  // short values are extended by 0
}

TEST_CASE("texts, reals, values of std_logic and names of other tools pass", "[gate_level]") {
  const std::string header =
      "$comment $var in words $end\n$timescale\n  100ps\n$end\n$scope module tb $end\n$var string 1 s state $end\n"
      "$var realtime 64 r now $end\n$var reg 32 m matrix [3:0] [7:0] $end\n$var event 1 e done $end\n"
      "$scope begin gen[0] $end\n$var wire 1 o odd[name] $end\n$upscope $end\n$var wire 1 ! clk $end\n"
      "$var wire 4 \" a[7:4] $end\n$var wire 1 # d $end\n$upscope $end\n$enddefinitions $end\n";
  std::vector<VcdVariable> found;
  std::istringstream in(
      header +
      "#0 $dumpvars L! bUHL0 \" H# sIDLE s r1.5e-3 r bx m $end\n#5 1! 1e\n#6 l! s s\n#7 W# b-10Z \"\n#8 h! "
      "$dumpoff x! bx \" x# $end\n#10 $dumpon 0! b1010 \" -# $end\n#12 1!\n");
  const SampledWaves waves = sample_vcd(in, "t.vcd", [&](const std::vector<VcdVariable>& variables) {
    found = variables;
    return all_bits(variables);
  });
  REQUIRE(found.size() == 8);
  CHECK(found[2].width == 32);
  CHECK(found[4].name == "odd[name]");
  CHECK(found[6].name == "a");
  CHECK(found[6].low == 4);
  // the last edge ends a stretch that was not dumped; that at 8 is none, because the clock is lost in the same step
  CHECK(waves.cycles == 2);
  CHECK(bits(waves, 0) == "00");
  CHECK(bits(waves, 1) == "01");
  CHECK(bits(waves, 2) == "10");
  CHECK(bits(waves, 3) == "x1");
  CHECK(bits(waves, 4) == "1x");
}

TEST_CASE("a clock that starts high, or comes from unknown, has no edge there", "[gate_level]") {
  CHECK(sampled("#0\n1!\n#5\n0!\n#6\n1!\n").cycles == 1);
  CHECK(sampled("#0\nx!\n#5\n1!\n#6\n0!\n#7\n1!\n#8\nx!\n#9\n1!\n").cycles == 1);
  CHECK(sampled("#0\n0!\n#5\n1!\n0!\n#6\n").cycles == 0);  // a pulse without width
  CHECK(sampled("").cycles == 0);
}

TEST_CASE("a dump that is broken tells the line and column", "[gate_level][bad]") {
  const auto check = [](const std::string& text, DiagnosticCode code, int line, int column) {
    const support::Diagnostic found = refused(text);
    INFO(text << "\n" << to_string(found));
    CHECK(found.code == code);
    CHECK(found.where.line == line);
    CHECK(found.where.column == column);
  };
  check("", DiagnosticCode::file_truncated, 1, 1);
  check("hello world\n", DiagnosticCode::file_format, 1, 1);
  check("$scope module a $end\n$upscope $end\n$upscope $end\n", DiagnosticCode::file_format, 3, 1);
  check("$var wire one ! a $end\n", DiagnosticCode::bad_number, 1, 11);
  check("$var wire 99999999 ! a $end\n", DiagnosticCode::out_of_range, 1, 11);
  check("$var wire 2 ! a [1:0] what $end\n", DiagnosticCode::file_format, 1, 23);
  check(kHeader + "bQ \"\n", DiagnosticCode::file_format, 13, 1);
  check("$var wire 2 ! a [x:0] $end\n", DiagnosticCode::file_format, 1, 17);
  check(kHeader + "#5\n#4\n", DiagnosticCode::file_format, 14, 1);
  check(kHeader + "#now\n", DiagnosticCode::bad_number, 13, 1);
  check(kHeader + "1?\n", DiagnosticCode::file_format, 13, 1);
  check(kHeader + "  b10101 \"\n", DiagnosticCode::shape_mismatch, 13, 10);
  check(kHeader + "b12 \"\n", DiagnosticCode::file_format, 13, 1);
  check(kHeader + "#1\nb1", DiagnosticCode::file_truncated, 14, 3);
  check(kHeader + "what\n", DiagnosticCode::file_format, 13, 1);
  check(kHeader + "$var wire 1 ! a $end\n", DiagnosticCode::file_format, 13, 1);
}

TEST_CASE("the scope with the module's ports is found", "[gate_level]") {
  const Netlist netlist = flip_flop();
  Simulator simulator(netlist);
  const File file(kHeader + "#0\n0!\n0#\n#5\n1!\n#6\n1#\n0!\n#7\n1!\n");
  const SampledWaves waves = read_vcd_inputs(file.path, netlist, simulator.inputs());
  CHECK(waves.cycles == 2);
  CHECK(bits(waves, 0) == "01");
  CHECK(bits(read_vcd_inputs(file.path, netlist, simulator.inputs(), "tb.dut"), 0) == "01");
}

TEST_CASE("a dump that does not fit the netlist is refused", "[gate_level][bad]") {
  const Netlist netlist = flip_flop();
  Simulator simulator(netlist);
  const auto message = [&](const std::string& text, const std::string& scope = {}) {
    const File file(text);
    try {
      read_vcd_inputs(file.path, netlist, simulator.inputs(), scope);
    } catch (const support::InputError& error) {
      return error.diagnostics().front().message;
    }
    return std::string();
  };
  CHECK(message(kHeader, "tb").find("input d is not in scope tb") != std::string::npos);
  CHECK(message(kHeader, "elsewhere").find("no scope elsewhere") != std::string::npos);
  CHECK(message("$scope module m $end\n$var wire 1 ! clk $end\n$var wire 2 # d [1:0] $end\n$enddefinitions $end\n")
            .find("port d has 1 bit in the netlist, 2 here") != std::string::npos);
  {
    const File file(kHeader + "#0\n0!\n0#\n#5\n1!\n");
    const auto clocked_by = [&](const std::string& name) {
      return read_vcd_inputs(file.path, netlist, simulator.inputs(), "", name).cycles;
    };
    CHECK(clocked_by("clk") == 1);
    CHECK_THROWS_WITH(clocked_by("d"), Catch::Contains("are clocked by clk, not by d"));
    CHECK_THROWS_WITH(clocked_by("q"), Catch::Contains("has no input 'q'"));
    CHECK_THROWS_WITH(clocked_by("nothing"), Catch::Contains("has no input 'nothing'"));
  }
  CHECK_THROWS_AS(read_vcd_inputs("/nowhere.vcd", netlist, simulator.inputs()), support::InputError);
  NetlistBuilder gates;
  const Netlist combinational = gates.input("clk")
                                    .input("d")
                                    .output("y")
                                    .cell("g", "NAND2", {{"A", "clk"}, {"B", "d"}, {"Y", "y"}})
                                    .build(small_library());
  Simulator other(combinational);
  const File file(kHeader + "#0\n0!\n0#\n#5\n1!\n");
  CHECK_THROWS_AS(read_vcd_inputs(file.path, combinational, other.inputs()), support::InputError);
  CHECK(read_vcd_inputs(file.path, combinational, other.inputs(), "", "clk").cycles == 1);
}
