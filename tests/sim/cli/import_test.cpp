// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/sim/cli/szilard_process.hpp"

using namespace szilard::test;
using Json = nlohmann::ordered_json;

TEST_CASE("imported presets run, and say where their numbers come from", "[cli][import]") {
  TemporaryFolder folder;
  for (const char* file : {"array_12k.json", "oxide.cell"}) {
    const ProcessResult import = run_szilard(
        {"import", source(std::string("tests/sim/import/") + file), "-o", folder.path("cells.yaml"), "--json"});
    INFO(import.err);
    REQUIRE(import.code == 0);
    CHECK(Json::parse(import.out).at("taken").size() > 4);
    const ProcessResult run = run_szilard(
        {"run", source("scenarios/digits-mlp/scenario.yaml"), "-o", folder.path("out"), "--samples", "20", "-q",
         "--set", "platforms.rram.linear.preset=" + folder.path("cells.yaml"), "--set", "compare.tolerance=1000"});
    INFO(run.err);
    CHECK(run.code == 0);
    CHECK(read_file(folder.path("out/scenario.resolved.yaml")).find(file) != std::string::npos);
  }
}

TEST_CASE("a file that cannot be imported gives exit code 2 and no preset", "[cli][import][bad]") {
  TemporaryFolder folder;
  write_file(folder.path("bad.cell"), "-ResistanceOn (ohm): low\n");
  const ProcessResult bad = run_szilard({"import", folder.path("bad.cell"), "-o", folder.path("cells.yaml")});
  CHECK(bad.code == 2);
  CHECK(bad.err.find("bad.cell:1:22: error:") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(folder.path("cells.yaml")));
  CHECK(run_szilard({"import", folder.path("bad.cell")}).code == 2);
}
