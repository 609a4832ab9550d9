// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <filesystem>

#include "rtl/gate_level/liberty.hpp"
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
