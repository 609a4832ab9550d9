// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "models/support/philox.hpp"
#include "models/support/units.hpp"
#include "tests/sim/cli/szilard_process.hpp"

using namespace szilard;
using namespace szilard::test;
using Json = nlohmann::ordered_json;

namespace {

/// Cells with a sigma of 1 uS, 1 to 40 uS.
std::string cells_csv() {
  const support::RandomStream noise(5, 5);
  std::string text = "measured_uS,target_uS\n";
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const double target = 1 + 39.0 * static_cast<double>(i) / 999;
    text += support::shortest(std::max(0.0, target + noise.gaussian(i, 0))) + "," + support::shortest(target) + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("a preset fitted to measurements runs as it was written", "[cli][fit]") {
  TemporaryFolder folder;
  write_file(folder.path("cells.csv"), cells_csv());
  const ProcessResult fit = run_szilard({"fit", "device", folder.path("cells.csv"), "-o", folder.path("cells.yaml"),
                                         "--plot", folder.path("cells.svg"), "--json"});
  INFO(fit.err);
  REQUIRE(fit.code == 0);
  const Json json = Json::parse(fit.out);
  CHECK(json.at("programming_error").at("coefficients_S").at(0).at("value").get<double>() == Approx(1e-6).epsilon(0.2));
  CHECK(read_file(folder.path("cells.svg")).find("<svg") != std::string::npos);
  const ProcessResult run =
      run_szilard({"run", source("scenarios/digits-mlp/scenario.yaml"), "-o", folder.path("out"), "--samples", "50",
                   "--quiet", "--set", "platforms.rram.linear.preset=" + folder.path("cells.yaml")});
  INFO(run.err);
  CHECK(run.code == 0);
  const std::string resolved = read_file(folder.path("out/scenario.resolved.yaml"));
  CHECK(resolved.find("cells.csv: maximum likelihood over") != std::string::npos);
  CHECK(resolved.find("from_preset: \"cells\"") != std::string::npos);
}

TEST_CASE("fit refuses bad measurements, places and presets with exit code 2 and writes nothing", "[cli][fit][bad]") {
  TemporaryFolder folder;
  write_file(folder.path("bad.csv"), "target_uS,measured_uS\n1,2\n1,many\n");
  const ProcessResult bad = run_szilard({"fit", "device", folder.path("bad.csv"), "-o", folder.path("cells.yaml")});
  CHECK(bad.code == 2);
  CHECK(bad.err.find("bad.csv:3:3: error: 'measured_uS': 'many' is not a finite decimal number [bad_number]") !=
        std::string::npos);
  CHECK(run_szilard({"fit", "device", folder.path("none.csv"), "-o", folder.path("cells.yaml")}).code == 2);
  CHECK(run_szilard({"fit", "device"}).code == 2);
  CHECK(run_szilard({"fit"}).code == 2);
  write_file(folder.path("cells.csv"), cells_csv());
  const ProcessResult plot = run_szilard(
      {"fit", "device", folder.path("cells.csv"), "-o", folder.path("cells.yaml"), "--plot", folder.path("cells.pdf")});
  CHECK(plot.code == 2);
  const ProcessResult base =
      run_szilard({"fit", "device", folder.path("cells.csv"), "-o", folder.path("cells.yaml"), "--base", "nothing"});
  CHECK(base.code == 2);
  CHECK_FALSE(std::filesystem::exists(folder.path("cells.yaml")));
  const ProcessResult missing = run_szilard({"check", source("scenarios/digits-mlp/scenario.yaml"), "--set",
                                             "platforms.rram.linear.preset=nowhere/cells.yaml"});
  CHECK(missing.code == 2);
  CHECK(missing.err.find("no file 'nowhere/cells.yaml' [file_not_found]") != std::string::npos);
}
