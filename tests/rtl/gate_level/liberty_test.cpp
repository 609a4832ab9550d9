// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <filesystem>

#include "rtl/gate_level/liberty.hpp"
#include "rtl/gate_level/stimulus.hpp"
#include "tests/rtl/gate_level/netlist_builder.hpp"

using namespace szilard;
using namespace szilard::gate_level;
using support::DiagnosticCode;

namespace {

struct Found {
  DiagnosticCode code = DiagnosticCode::usage;
  int line = 0, column = 0;
  std::string message;
};

Found refused(const std::string& text) {
  try {
    parse_liberty(SourceText{"bad.lib", text});
  } catch (const support::InputError& error) {
    const support::Diagnostic& first = error.diagnostics().front();
    return {first.code, first.where.line, first.where.column, first.message};
  }
  return {};
}

std::vector<bool> table(const std::string& function) {
  const BooleanFunction::Parsed parsed = BooleanFunction::parse(function);
  INFO(function << ": " << parsed.error);
  REQUIRE(parsed.error.empty());
  return parsed.function.truth_table();
}

const LibraryPin& pin(const Library& library, const std::string& cell, const std::string& name) {
  REQUIRE(library.find(cell));
  REQUIRE(library.find(cell)->find(name));
  return *library.find(cell)->find(name);
}

}  // namespace

TEST_CASE("functions of Liberty bind inversion, xor, and, or in this order", "[gate_level]") {
  CHECK(table("A B + C") == table("(A & B) | C"));
  CHECK(table("A ^ B * C") == table("(A ^ B) & C"));
  CHECK(table("!A'") == table("A"));
  CHECK(table("(A B)'") == std::vector<bool>{true, true, true, false});
  CHECK(table("A + B' C ^ D") == table("A | ((!B) & (C ^ D))"));
  CHECK(table("\\\"1A\\\" + \\\"B\\\"") == table("A + B"));
  CHECK(table("\"A\" \"B\"") == table("A B"));
  CHECK(table("1") == std::vector<bool>{true});
}

TEST_CASE("functions that are wrong tell where", "[gate_level][bad]") {
  for (const auto& [text, at] : std::vector<std::pair<std::string, std::size_t>>{
           {"A &", 3}, {"(A", 2}, {"A)", 1}, {"", 0}, {"A ? B", 2}, {"A ^ ^ B", 4}}) {
    const BooleanFunction::Parsed parsed = BooleanFunction::parse(text);
    INFO(text);
    CHECK_FALSE(parsed.error.empty());
    CHECK(parsed.error_offset == at);
  }
  std::string many;
  for (int i = 0; i < 20; ++i) many += "A" + std::to_string(i) + " ";
  CHECK_FALSE(BooleanFunction::parse(many).error.empty());
  CHECK_FALSE(BooleanFunction::parse(std::string(1000, '(')).error.empty());
}

TEST_CASE("tables are bilinear, and linear beyond their ends", "[gate_level]") {
  const LookupTable table({LookupTable::Axis::load, LookupTable::Axis::slew}, {{{0, 1}, {0, 2, 4}}},
                          {0, 2, 8, 10, 12, 18});
  CHECK(table.at(0, 0) == 0);
  CHECK(table.at(1, 0) == Approx(1));
  CHECK(table.at(3, 0.5) == Approx(10));
  CHECK(table.at(6, 0) == Approx(14));
  CHECK(table.at(-2, 1) == Approx(8));
  CHECK(table.at(0, 3) == Approx(30));
  CHECK(LookupTable::constant(7).at(1, 2) == 7);
  CHECK(LookupTable().at(1, 2) == 0);
}

TEST_CASE("a library is read in SI units", "[gate_level]") {
  const Library& library = *test::small_library();
  CHECK(library.voltage_v == 2);
  const LibraryPin& a = pin(library, "INV", "A");
  CHECK(a.capacitance_f[0] == Approx(0.5e-12));
  CHECK(a.capacitance_f[1] == Approx(0.25e-12));
  CHECK(library.find("INV")->leakage_w == Approx(4e-9));
  const LibraryPin& y = pin(library, "INV", "Y");
  REQUIRE(y.internal_power.size() == 1);
  CHECK(y.internal_power[0].energy_j[1].at(0.5e-9, 0) == Approx(4e-12));
  REQUIRE(y.timing.size() == 1);
  CHECK(y.timing[0].transition_s[0].at(1e-9, 0.5e-12) == Approx(0.5e-9));
  CHECK(library.find("LATCH")->unsupported == "a latch");
  CHECK(library.find("TBUF")->unsupported.find("three-state") != std::string::npos);
  CHECK(library.find("NAND2")->leakage.size() == 2);
  REQUIRE(library.find_wire_load("estimate"));
  CHECK(library.find_wire_load("estimate")->capacitance_f(2) == Approx(0.03e-12));
  CHECK(library.find_wire_load("estimate")->capacitance_f(4) == Approx(0.07e-12));
}

TEST_CASE("the dialect of open 130 nm libraries is read", "[gate_level]") {
  const Library library = read_liberty(test::library_file("pg_pins.lib"));
  CHECK(library.voltage_v == 1.8);
  const LibraryCell& cell = *library.find("pg_nand2_1");
  CHECK(cell.leakage.size() == 4);
  CHECK(cell.leakage[2].watt == Approx(4e-13));
  CHECK(cell.leakage_w == Approx(1.15e-13));
  const LibraryPin& y = pin(library, "pg_nand2_1", "Y");
  CHECK(y.function->truth_table() == std::vector<bool>{true, true, true, false});
  CHECK(y.internal_power[0].energy_j[0].at(0.5e-9, 0.005e-12) == Approx(0.0041e-12));
  CHECK(y.internal_power[0].energy_j[1].at(0.01e-9, 0.05e-12) == Approx(0.0012e-12));
  CHECK(y.timing[0].transition_s[0].at(0.01e-9, 0.05e-12) == Approx(0.4e-9));
  CHECK(pin(library, "pg_nand2_1", "A").internal_power[0].energy_j[0].at(0.5e-9, 0) == Approx(-0.0002e-12));
  CHECK(library.find("pg_dlclk_1")->unsupported.find("statetable") != std::string::npos);
}

TEST_CASE("the dialect of open 45 nm and 7 nm libraries is read, in its own units", "[gate_level]") {
  const Library library = read_liberty(test::library_file("femto.lib"));
  CHECK(library.voltage_v == Approx(0.7));
  CHECK(library.default_wire_load == "short");
  CHECK(library.find_wire_load("short")->capacitance_f(2) == Approx(1.5e-15 * 3));
  CHECK(library.find_wire_load("short")->capacitance_f(4) == Approx(1.5e-15 * 9));
  const LibraryPin& y = pin(library, "AO333x1", "Y");
  REQUIRE(y.internal_power.size() == 3);
  CHECK(y.internal_power[0].energy_j[0].at(5e-12, 1.44e-15) == Approx(2e-15 * 1e-6));
  CHECK(y.internal_power[1].supply == "VSS");
  CHECK(y.timing[0].related_pins == std::vector<std::string>{"A1", "A2"});
  CHECK(y.timing[0].transition_s[1].at(10e-12, 0.72e-15) == Approx(7e-12));
  CHECK(pin(library, "AO333x1", "A1").capacitance_f[0] == Approx(0.5e-15));
  CHECK(library.find("AO333x1")->leakage_w == Approx(3e-12));
}

TEST_CASE("sequential cells of the open 7, 45 and 130 nm libraries are read, others refused by what they are",
          "[gate_level]") {
  const Library seven = read_liberty(test::library_file("seven_nm.lib"));
  CHECK(seven.voltage_v == Approx(0.7));
  const LibraryCell& falling = *seven.find("DFFLQNx1");
  CHECK(falling.unsupported.empty());
  CHECK(falling.flip_flops.at(0).clocked_on.truth_table() == std::vector<bool>{true, false});
  CHECK(falling.flip_flops.at(0).next_state.truth_table() == std::vector<bool>{true, false});
  CHECK(pin(seven, "DFFLQNx1", "QN").function->inputs() == std::vector<std::string>{"IQN"});
  CHECK(pin(seven, "DFFLQNx1", "QN").timing.at(0).kind == TimingArc::Kind::falling_edge);
  CHECK(pin(seven, "DFFLQNx1", "QN").timing.at(0).transition_s[0].at(5e-12, 1.44e-15) == Approx(12e-12));
  CHECK(pin(seven, "DFFLQNx1", "CLK").internal_power.at(0).energy_j[0].at(10e-12, 0) == Approx(0.41e-15));
  CHECK(falling.leakage.size() == 3);
  CHECK(seven.find("INVx1")->area == Approx(0.04374));  // and not of the scaled cell
  CHECK(seven.find("DFFASRHQNx1")->flip_flops.at(0).both == '0');
  CHECK(seven.find("MASTERx1")->unsupported.find("clocked_on_also") != std::string::npos);
  CHECK(seven.find("ICGx1")->unsupported.find("statetable") != std::string::npos);
  CHECK(seven.find("REG4")->unsupported != "");

  const Library forty_five = read_liberty(test::library_file("forty_five_nm.lib"));
  CHECK(forty_five.voltage_v == Approx(1.1));
  CHECK(forty_five.find("DFFR_X1")->unsupported.empty());
  CHECK(forty_five.find("DFFR_X1")->flip_flops.at(0).clear->truth_table() == std::vector<bool>{true, false});
  CHECK(pin(forty_five, "DFFR_X1", "CK").capacitance_f[0] == Approx(0.97e-15));
  CHECK(pin(forty_five, "INV_X1", "ZN").internal_power.at(0).energy_j[1].at(0.2e-9, 60.7e-15) == Approx(0.6e-15));
  CHECK(forty_five.find("SDFF_X1")->flip_flops.size() == 1);  // that of the test_cell is no other
  CHECK(forty_five.find("SDFF_X1")->flip_flops.at(0).next_state.inputs().size() == 3);
  CHECK(pin(forty_five, "LOGIC0_X1", "Z").function->truth_table() == std::vector<bool>{false});
  CHECK(forty_five.find_wire_load("5K_hvratio_1_1")->capacitance_f(3) == Approx(0.1774e-15 * (2.9813 + 5)));
  CHECK(forty_five.find("DLH_X1")->unsupported == "a latch");
  CHECK(forty_five.find("CLKGATE_X1")->unsupported.find("statetable") != std::string::npos);
  CHECK(forty_five.find("TBUF_X1")->unsupported.find("three-state") != std::string::npos);
  CHECK(forty_five.find("FILLCELL_X1")->unsupported.empty());

  const Library registers = read_liberty(test::library_file("registers_130_nm.lib"));
  const LibraryCell& reset = *registers.find("dfrtp_1");
  CHECK(reset.flip_flops.at(0).clear.has_value());
  CHECK(reset.leakage.at(1).watt == Approx(1.00377e-11));
  CHECK(registers.find("dfxbp_n")->flip_flops.at(0).next_state.inputs() == std::vector<std::string>{"DE", "D", "IQ"});
  CHECK(registers.find("conb_1")->unsupported.empty());
  CHECK(registers.find("decap_3")->pins.empty());
  CHECK(registers.find("ebufn_1")->unsupported.find("three-state") != std::string::npos);
}

TEST_CASE("one block in the cells of three dialects toggles alike", "[gate_level]") {
  struct Dialect {
    const char *library, *gate, *gate_pins[3], *flip_flop, *clock, *data, *output, *reset;
  };
  std::vector<std::vector<std::uint64_t>> toggles;
  for (const Dialect& d :
       {Dialect{"seven_nm", "NAND2x1", {"A", "B", "Y"}, "DFFHQNx1", "CLK", "D", "QN", nullptr},
        Dialect{"forty_five_nm", "NAND2_X1", {"A1", "A2", "ZN"}, "DFFR_X1", "CK", "D", "QN", "RN"},
        Dialect{"registers_130_nm", "nand2_1", {"A", "B", "Y"}, "dfrtp_1", "CLK", "D", "Q", "RESET_B"}}) {
    INFO(d.library);
    test::NetlistBuilder builder;
    builder.input("clk").input("a").input("b").output("q");
    builder.cell("g", d.gate, {{d.gate_pins[0], "a"}, {d.gate_pins[1], "b"}, {d.gate_pins[2], "n"}});
    test::NetlistBuilder::Pins pins = {{d.clock, "clk"}, {d.data, "n"}, {d.output, "q"}};
    if (d.reset) pins.emplace_back(d.reset, "1");
    builder.cell("f", d.flip_flop, pins);
    const Netlist block = builder.build(
        std::make_shared<const Library>(read_liberty(test::library_file(std::string(d.library) + ".lib"))));
    Simulator simulator(block);
    const RandomStimulus stimulus(block, simulator.inputs(), 2000, 3);
    Simulator::StreamRequest request;
    request.initial = simulator.unknown_state();
    const Activity activity = simulator.run(stimulus, request);
    toggles.emplace_back();
    for (const char* net : {"a", "b", "n", "q"}) toggles.back().push_back(activity.toggles[block.find_net(net)]);
    CHECK(toggles.back()[3] > 600);
    CHECK(toggles.back()[2] - toggles.back()[3] <= 1);  // one clock later, and the run ends
  }
  CHECK(toggles[0] == toggles[1]);
  CHECK(toggles[0] == toggles[2]);
}

TEST_CASE("the libraries of Debian's qflow packages are read whole", "[gate_level]") {
  struct Expected {
    std::string file;
    double voltage_v;
    const char* gate;
  };
  for (const Expected& expected :
       {Expected{"osu018/osu018_stdcells.lib", 1.8, "NAND2X1"}, Expected{"osu035/osu035_stdcells.lib", 3.3, "NAND2X1"},
        Expected{"osu050/osu05_stdcells.lib", 5, "NAND2X1"}}) {
    const std::string path = "/usr/share/qflow/tech/" + expected.file;
    if (!std::filesystem::exists(path)) {
      WARN("SKIPPED: " << path << " is not installed");
      continue;
    }
    const Library library = read_liberty(path);
    CHECK(library.voltage_v == expected.voltage_v);
    CHECK(library.cells.size() >= 30);
    REQUIRE(library.find(expected.gate));
    CHECK(library.find(expected.gate)->find("Y")->internal_power.size() == 2);
    CHECK(library.find("DFFPOSX1")->flip_flops.size() == 1);
    CHECK(library.find("DFFSR")->flip_flops[0].clear);
    CHECK(library.find("LATCH")->unsupported == "a latch");
  }
}

TEST_CASE("a broken library tells the line and column", "[gate_level][bad]") {
  const std::string head = "library (l) {\n nom_voltage : 1;\n";
  const auto check = [&](const std::string& text, DiagnosticCode code, int line, int column) {
    const Found found = refused(text);
    INFO(text << "\n" << found.message << " at " << found.line << ":" << found.column);
    CHECK(found.code == code);
    CHECK(found.line == line);
    CHECK(found.column == column);
  };
  check("", DiagnosticCode::file_truncated, 1, 1);
  check("cell (x) {}", DiagnosticCode::file_format, 1, 1);
  check("library (l) {\n time_unit : \"1ns\";\n}", DiagnosticCode::missing_key, 1, 1);
  check(head + " cell (A) {\n", DiagnosticCode::file_truncated, 3, 2);
  check(head + "} }", DiagnosticCode::file_format, 3, 3);
  check(head + " /* never", DiagnosticCode::file_truncated, 3, 2);
  check(head + " date : \"never\n", DiagnosticCode::file_truncated, 3, 9);
  check(head + " cell (A) { area : two; } }", DiagnosticCode::bad_number, 3, 20);
  check(head + " cell (A) { area : 1e999; } }", DiagnosticCode::bad_number, 3, 20);
  check(head + " cell (A) { area ~ 2; } }", DiagnosticCode::file_format, 3, 18);
  check(head + " cell (A) { pin (X) { } } }", DiagnosticCode::missing_key, 3, 13);
  check(head + " cell (A) { pin (X) { direction : up; } } }", DiagnosticCode::unknown_choice, 3, 13);
  check(head + " cell (A) { }\n cell (A) { } }", DiagnosticCode::duplicate_key, 4, 2);
  check(head + " cell (A) { pin (Y) { direction : output; function : \"(B\"; } } }", DiagnosticCode::file_format, 3,
        57);
  check(head + " cell (A) { ff (Q, QN) { next_state : \"D\"; } } }", DiagnosticCode::missing_key, 3, 13);
  check(
      head + " cell (A) { pin (Y) { direction : output; internal_power () { rise_power (t) { values (\"1\"); } } } } }",
      DiagnosticCode::unknown_choice, 3, 63);
  check(head +
            " cell (A) { pin (Y) { direction : output; internal_power () { rise_power (scalar) { values (\"1, 2\"); } "
            "} } } }",
        DiagnosticCode::shape_mismatch, 3, 85);
  check(head + " include_file (\"cells.lib\");\n}", DiagnosticCode::unsupported_operator, 3, 2);
  check(head + " time_unit : \"1Ms\"; }", DiagnosticCode::wrong_unit, 3, 2);
  check(head + " cell (A) { pin (Y) { direction : output; function : \"\\\"B\"; } } }", DiagnosticCode::file_format, 3,
        56);
  check("\x1f\x8b" + head + "}", DiagnosticCode::file_format, 1, 1);
  check(head + " time_unit : \"1 parsec\"; }", DiagnosticCode::wrong_unit, 3, 2);
  check(head + " default_wire_load : \"w\"; }", DiagnosticCode::unknown_choice, 3, 2);
  CHECK_THROWS_AS(read_liberty("/nowhere/at/all.lib"), support::InputError);
  CHECK_THROWS_AS(read_liberty("/"), support::InputError);
}

TEST_CASE("groups nested beyond reason are refused and not followed", "[gate_level][bad]") {
  std::string text = "library (l) {";
  for (int i = 0; i < 100000; ++i) text += "g () {";
  CHECK(refused(text).code == DiagnosticCode::file_format);
}
