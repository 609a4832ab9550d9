// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/fit/measurements.hpp"

#include <catch2/catch.hpp>

#include "models/support/diagnostics.hpp"

using namespace szilard;
using namespace szilard::fit;
using support::DiagnosticCode;

namespace {

struct Refused {
  const char* text;
  int line, column;
  DiagnosticCode code;
};

}  // namespace

TEST_CASE("columns may stand in any order and in any unit", "[fit][csv]") {
  const Measurements a = parse_measurements("target_S,measured_S,time_s,cell\n1e-5,1.1e-5,3600,7\n", "a.csv");
  const Measurements b = parse_measurements(
      "\xEF\xBB\xBF# by hand\r\n\r\ncell, time_h ,measured_uS, target_nS\r\n7, 1 ,11,\t1e4\r\n", "b.csv");
  for (const Measurements& m : {a, b}) {
    REQUIRE(m.cells.size() == 1);
    CHECK(m.cells[0].target_s == Approx(1e-5).epsilon(1e-15));
    REQUIRE(m.cells[0].readings.size() == 1);
    CHECK(m.cells[0].readings[0].time_s == Approx(3600));
    CHECK(m.cells[0].readings[0].conductances_s[0] == Approx(1.1e-5).epsilon(1e-15));
    CHECK(m.has_cells);
  }
}

TEST_CASE("rows of one cell and time are repeated reads, times are put in order", "[fit][csv]") {
  const Measurements m =
      parse_measurements("cell,target_uS,measured_uS,time_s\n1,5,4,10\n1,5,6,1\n1,5,7,1\n2,8,9,1\n", "a.csv");
  REQUIRE(m.cells.size() == 2);
  REQUIRE(m.cells[0].readings.size() == 2);
  CHECK(m.cells[0].readings[0].conductances_s.size() == 2);
  CHECK(m.cells[0].readings[1].time_s == 10);
  CHECK(m.rows == 4);
}

TEST_CASE("without a column of cells the order of rows, or the target, tells them apart", "[fit][csv]") {
  const std::string text = "target_uS,measured_uS,time_s\n5,4.1,1\n5,4.2,1\n5,3.1,9\n5,3.2,9\n";
  const Measurements ordered = parse_measurements(text, "a.csv");
  REQUIRE(ordered.cells.size() == 2);
  CHECK(ordered.cells[1].readings[0].conductances_s[0] == Approx(4.2e-6));
  CHECK(ordered.cells[1].readings[1].conductances_s[0] == Approx(3.2e-6));
  const Measurements one = parse_measurements(text, "a.csv", CellRule::by_target);
  REQUIRE(one.cells.size() == 1);
  CHECK(one.cells[0].readings[1].conductances_s.size() == 2);
}

TEST_CASE("a file without times was read at time 0", "[fit][csv]") {
  const Measurements m = parse_measurements("target_S,measured_S\n1e-6,1e-6", "a.csv");
  CHECK_FALSE(m.has_times);
  CHECK(m.cells.at(0).readings.at(0).time_s == 0);
}

TEST_CASE("a wrong measurement file is refused at the place of the fault", "[fit][csv][bad]") {
  const std::string head = "target_S,measured_S,time_s,cell\n";
  const std::vector<Refused> cases = {
      {"", 1, 1, DiagnosticCode::file_format},
      {"# nothing\n\n", 1, 1, DiagnosticCode::file_format},
      {"target_S,measured_S\n", 1, 1, DiagnosticCode::file_format},
      {"target_S,time_s\n1,2\n", 1, 1, DiagnosticCode::missing_key},
      {"target,measured_S\n1,2\n", 1, 1, DiagnosticCode::wrong_unit},
      {"target_V,measured_S\n1,2\n", 1, 1, DiagnosticCode::wrong_unit},
      {"target_S,measured_S,time_S\n1,2,3\n", 1, 21, DiagnosticCode::wrong_unit},
      {"target_S,measured_S,wafer\n1,2,3\n", 1, 21, DiagnosticCode::unknown_key},
      {"target_S,measured_S,target_uS\n1,2,3\n", 1, 21, DiagnosticCode::duplicate_key},
      {"target_S,measured_S\n1,nan\n", 2, 3, DiagnosticCode::bad_number},
      {"target_S,measured_S\n1,inf\n", 2, 3, DiagnosticCode::bad_number},
      {"target_S,measured_S\n1,0x10\n", 2, 3, DiagnosticCode::bad_number},
      {"target_S,measured_S\n1,1.0.0\n", 2, 3, DiagnosticCode::bad_number},
      {"target_S,measured_S\n1,\n", 2, 3, DiagnosticCode::bad_number},
      {"target_S,measured_S\n1,1e400\n", 2, 3, DiagnosticCode::bad_number},
      {"target_S,measured_S\n1,-1e-6\n", 2, 3, DiagnosticCode::out_of_range},
      {"target_S,measured_S\n-1,1e-6\n", 2, 1, DiagnosticCode::out_of_range},
      {"target_S,measured_S\n1\n", 2, 1, DiagnosticCode::file_format},
      {"target_S,measured_S\n1,2,3\n", 2, 5, DiagnosticCode::file_format},
      {"target_S;measured_S\n1;2\n", 1, 1, DiagnosticCode::unknown_key},
      {"target_S,measured_S\n\"1\",2\n", 2, 1, DiagnosticCode::file_format},
      {"target_S,measured_S,cell\n1,2,3.5\n", 2, 5, DiagnosticCode::bad_number},
      {"target_S,measured_S,cell\n1,2,-3\n", 2, 5, DiagnosticCode::bad_number},
      {"target_S,measured_S,cell\n1,2,3\n5,2,3\n", 3, 1, DiagnosticCode::conflict},
      {"target_S,measured_S,time_s\n1,2,0\n1,2,0\n1,2,5\n", 4, 1, DiagnosticCode::shape_mismatch},
      {"target_S,measured_S\n1,2\x01\n", 2, 4, DiagnosticCode::file_format}};
  for (const Refused& one : cases) {
    INFO(one.text);
    try {
      parse_measurements(one.text, "cells.csv");
      FAIL("no error");
    } catch (const support::InputError& error) {
      const support::Diagnostic& first = error.diagnostics().at(0);
      CHECK(first.where.file == "cells.csv");
      CHECK(first.where.line == one.line);
      CHECK(first.where.column == one.column);
      CHECK(first.code == one.code);
    }
  }
}

TEST_CASE("at most twenty faults are reported", "[fit][csv][bad]") {
  std::string text = "target_S,measured_S\n";
  for (int i = 0; i < 1000; ++i) text += "x,y\n";
  try {
    parse_measurements(text, "cells.csv");
    FAIL("no error");
  } catch (const support::InputError& error) {
    CHECK(error.diagnostics().size() == 20);
  }
}

TEST_CASE("a folder and a missing file cannot be read", "[fit][csv][bad]") {
  CHECK_THROWS_AS(load_measurements("/"), support::InputError);
  CHECK_THROWS_AS(load_measurements("/nowhere/cells.csv"), support::InputError);
}
