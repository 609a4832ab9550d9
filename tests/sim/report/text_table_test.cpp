// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/report/text_table.hpp"

#include <catch2/catch.hpp>
#include <sstream>

using szilard::report::TextTable;

TEST_CASE("columns are as wide as their widest cell, text left, numbers right", "[report]") {
  TextTable table({{"name"}, {"value", TextTable::Align::right}});
  table.add({"a", "1"});
  table.add({"longer", "1000"});
  std::ostringstream out;
  table.print(out);
  CHECK(out.str() == "name    value\n-------------\na           1\nlonger   1000\n");
}

TEST_CASE("a character of several bytes takes one column", "[report]") {
  TextTable table({{"unit"}, {"x"}});
  table.add({"µs", "1"});
  table.add({"ms", "2"});
  std::ostringstream out;
  table.print(out);
  CHECK(out.str() == "unit  x\n-------\nµs    1\nms    2\n");
}
