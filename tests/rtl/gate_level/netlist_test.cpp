// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/rtl/gate_level/netlist_builder.hpp"

using namespace szilard;
using namespace szilard::gate_level;
using support::DiagnosticCode;
using test::NetlistBuilder;
using test::small_library;

namespace {

support::Diagnostic refused(const std::string& json, const std::string& top = {}) {
  try {
    parse_netlist({"bad.json", json}, small_library(), top);
  } catch (const support::InputError& error) {
    return error.diagnostics().front();
  }
  return {};
}

void check_refused(const NetlistBuilder& builder, DiagnosticCode code, int line, const std::string& words) {
  const support::Diagnostic found = refused(builder.json());
  INFO(builder.json() << to_string(found));
  CHECK(found.code == code);
  CHECK(found.where.line == line);
  CHECK(found.message.find(words) != std::string::npos);
}

NetlistBuilder gates() { return std::move(NetlistBuilder().input("a").input("b").output("y")); }

}  // namespace

TEST_CASE("a net is one bit and bears its first public name", "[gate_level]") {
  const Netlist netlist = parse_netlist(
      {"t.json",
       R"({"modules": {"top": {"ports": {"a": {"direction": "input", "bits": [2, 3]}, "y": {"direction": "output", "bits": [4]}},
        "cells": {"$1": {"hide_name": 1, "type": "XOR2", "connections": {"A": [2], "B": [3], "Y": [5]}},
                  "g": {"type": "INV", "connections": {"A": [5], "Y": [4]}}},
        "netnames": {"$hidden": {"hide_name": 1, "bits": [4]}, "$inner": {"hide_name": 1, "bits": [5]},
                     "a": {"hide_name": 0, "bits": [2, 3], "offset": 4}, "w": {"hide_name": 0, "bits": [4]},
                     "y": {"hide_name": 0, "bits": [4]}, "up": {"hide_name": 0, "bits": [3, 2], "upto": 1}}}}})"},
      small_library());
  CHECK(netlist.module == "top");
  std::vector<std::string> names;
  for (NetId n = 2; n < netlist.nets.size(); ++n) names.push_back(netlist.nets[n].name);
  CHECK(names == std::vector<std::string>{"a[4]", "a[5]", "w", "$inner"});
  CHECK(netlist.find_net("y") == netlist.find_net("w"));
  CHECK(netlist.find_net("up[1]") == netlist.find_net("a[5]"));
  CHECK(netlist.clock == kNoNet);
}

TEST_CASE("the clock is found through buffers and inverters", "[gate_level]") {
  NetlistBuilder builder;
  builder.input("clk").input("d").output("q").output("p");
  builder.cell("b1", "BUF", {{"A", "clk"}, {"Y", "c1"}}).cell("i1", "INV", {{"A", "c1"}, {"Y", "c2"}});
  builder.cell("f1", "DFF", {{"CLK", "c1"}, {"D", "d"}, {"Q", "q"}})
      .cell("f2", "DFFN", {{"CLK", "c2"}, {"D", "d"}, {"Q", "p"}});
  const Netlist netlist = builder.build(small_library());
  CHECK(netlist.nets[netlist.clock].name == "clk");
  for (const char* name : {"clk", "c1", "c2"}) CHECK(netlist.nets[netlist.find_net(name)].clock);
  CHECK_FALSE(netlist.nets[netlist.find_net("d")].clock);
  CHECK(netlist.flip_flops() == 2);
  CHECK_FALSE(make_schedule(netlist).has_falling_registers());  // two inversions
}

TEST_CASE("cells that cannot be simulated are refused by name", "[gate_level][bad]") {
  check_refused(gates().cell("u1", "LATCH", {{"G", "a"}, {"D", "b"}, {"Q", "y"}}), DiagnosticCode::unsupported_operator,
                7, "u1 is a latch");
  check_refused(gates().cell("u1", "TBUF", {{"A", "a"}, {"EN", "b"}, {"Y", "y"}}), DiagnosticCode::unsupported_operator,
                7, "three-state");
  check_refused(gates().cell("u1", "NAND3", {{"A", "a"}, {"Y", "y"}}), DiagnosticCode::unknown_choice, 7,
                "u1 is a NAND3");
  CHECK(refused(gates().cell("u1", "NAND3", {{"A", "a"}, {"Y", "y"}}).json()).hint.find("NAND2") != std::string::npos);
  CHECK(refused(gates().cell("u1", "$_DLATCH_P_", {{"A", "a"}, {"Y", "y"}}).json()).hint.find("latch") !=
        std::string::npos);
}

TEST_CASE("undriven nets, two drivers and open inputs are refused", "[gate_level][bad]") {
  check_refused(gates().cell("u1", "NAND2", {{"A", "a"}, {"B", "loose"}, {"Y", "y"}}), DiagnosticCode::bad_graph, 7,
                "net loose has no driver, but pin B of cell u1 reads it");
  check_refused(gates(), DiagnosticCode::bad_graph, 5, "net y has no driver");
  check_refused(gates().cell("u1", "INV", {{"A", "a"}, {"Y", "y"}}).cell("u2", "INV", {{"A", "b"}, {"Y", "y"}}),
                DiagnosticCode::bad_graph, 8, "two drivers");
  check_refused(gates().cell("u1", "INV", {{"A", "a"}, {"Y", "b"}}), DiagnosticCode::bad_graph, 7, "two drivers");
  check_refused(gates().cell("u1", "INV", {{"A", "z"}, {"Y", "y"}}), DiagnosticCode::bad_graph, 7, "not driven");
  check_refused(gates().cell("u1", "INV", {{"A", "a"}, {"Y", "1"}}), DiagnosticCode::bad_graph, 7, "drives a constant");
  check_refused(gates().cell("u1", "NAND2", {{"A", "a"}, {"Y", "y"}}), DiagnosticCode::bad_graph, 7,
                "input B is not connected");
  check_refused(gates().cell("u1", "INV", {{"A", "a"}, {"Z", "b"}, {"Y", "y"}}), DiagnosticCode::bad_graph, 7,
                "has no pin Z");
}

TEST_CASE("a combinational loop is refused with the cells it runs through", "[gate_level][bad]") {
  check_refused(gates()
                    .cell("front", "NAND2", {{"A", "a"}, {"B", "back"}, {"Y", "n1"}})
                    .cell("middle", "INV", {{"A", "n1"}, {"Y", "n2"}})
                    .cell("last", "NAND2", {{"A", "n2"}, {"B", "b"}, {"Y", "back"}})
                    .cell("beside", "INV", {{"A", "back"}, {"Y", "y"}}),
                DiagnosticCode::bad_graph, 7, "a combinational loop runs through front, middle, last");
}

TEST_CASE("gated, divided and several clocks are refused", "[gate_level][bad]") {
  NetlistBuilder gated = gates();
  gated.cell("g", "NAND2", {{"A", "a"}, {"B", "b"}, {"Y", "gc"}})
      .cell("f", "DFF", {{"CLK", "gc"}, {"D", "b"}, {"Q", "y"}});
  check_refused(gated, DiagnosticCode::unsupported_operator, 8, "the clock of cell f comes from cell g (NAND2)");
  NetlistBuilder divided = gates();
  divided.cell("f1", "DFF", {{"CLK", "a"}, {"D", "b"}, {"Q", "half"}})
      .cell("f2", "DFF", {{"CLK", "half"}, {"D", "b"}, {"Q", "y"}});
  check_refused(divided, DiagnosticCode::unsupported_operator, 8, "comes from cell f1");
  NetlistBuilder several = gates();
  several.cell("f1", "DFF", {{"CLK", "a"}, {"D", "b"}, {"Q", "n"}})
      .cell("f2", "DFF", {{"CLK", "b"}, {"D", "n"}, {"Q", "y"}});
  check_refused(several, DiagnosticCode::bad_graph, 8, "several clocks: a at cell f1, b at cell f2");
  check_refused(gates().cell("f", "DFF", {{"CLK", "1"}, {"D", "b"}, {"Q", "y"}}), DiagnosticCode::bad_graph, 7,
                "is a constant");
}

TEST_CASE("what is no netlist is refused with line and column", "[gate_level][bad]") {
  const auto check = [](const std::string& json, DiagnosticCode code, int line, int column) {
    const support::Diagnostic found = refused(json);
    INFO(json.substr(0, 200) << "\n" << to_string(found));
    CHECK(found.code == code);
    CHECK(found.where.line == line);
    CHECK(found.where.column == column);
  };
  check("", DiagnosticCode::file_format, 1, 1);
  check("{\n  \"modules\": {,\n", DiagnosticCode::file_format, 2, 15);
  check("[1]", DiagnosticCode::missing_key, 1, 1);
  check("{\"modules\": 3}", DiagnosticCode::wrong_type, 1, 2);
  check("{\"modules\": {\n \"m\": {\"cells\": {}}}}", DiagnosticCode::missing_key, 2, 2);
  check("{\"modules\": {\"m\": {\"ports\": {\n  \"p\": {\"direction\": \"inout\", \"bits\": [2]}}, \"cells\": {}}}}",
        DiagnosticCode::bad_graph, 2, 3);
  check("{\"modules\": {\"m\": {\"ports\": {\"p\": {\"direction\": \"input\", \"bits\": [\n true]}}, \"cells\": {}}}}",
        DiagnosticCode::wrong_type, 2, 2);
  check("{\"modules\": {\"m\": {},\n \"n\": {}}}", DiagnosticCode::bad_graph, 2, 2);
  check("{\"modules\": {\"INV\": {}}}", DiagnosticCode::bad_graph, 1, 2);
  check(std::string(100000, '['), DiagnosticCode::file_format, 1, 66);
  CHECK(refused(gates().json(), "nowhere").code == DiagnosticCode::unknown_choice);
}
