// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/sim/cli/szilard_process.hpp"

using namespace szilard::test;
using Json = nlohmann::ordered_json;

namespace {

const std::string kDigits = source("scenarios/digits-mlp/scenario.yaml");

void run(const std::string& directory, std::vector<std::string> more = {}) {
  more.insert(more.begin(), {"run", kDigits, "--samples", "60", "-q", "-o", directory});
  const ProcessResult result = run_szilard(more);
  INFO(result.err);
  REQUIRE(result.code == 0);
}

Json compare(const std::string& a, const std::string& b) {
  const ProcessResult result = run_szilard({"compare", a, b, "--json"});
  INFO(result.err);
  REQUIRE(result.code == 0);
  return Json::parse(result.out);
}

Json named(const Json& list, const std::string& name) {
  for (const Json& one : list)
    if (one.at("name") == name) return one;
  return nullptr;
}

}  // namespace

TEST_CASE("a run differs from itself in nothing", "[compare]") {
  const TemporaryFolder folder;
  run(folder.path("a"));
  run(folder.path("b"), {"--quantum", "7"});
  const Json json = compare(folder.path("a"), folder.path("b"));
  CHECK(json.at("inputs").empty());
  for (const Json& platform : json.at("platforms")) {
    CHECK(platform.at("components").empty());
    CHECK(platform.at("inputs").empty());
  }
  CHECK(run_szilard({"compare", folder.path("a"), folder.path("b")}).out.find("no figure differs") !=
        std::string::npos);
}

TEST_CASE("differences by component add up to that of the platform, and name the input behind them", "[compare]") {
  const TemporaryFolder folder;
  run(folder.path("a"));
  run(folder.path("b"), {"--set", "platforms.rram.linear.read_voltage=0.3 V"});
  const Json json = compare(folder.path("a"), folder.path("b"));
  const Json rram = named(json.at("platforms"), "rram");
  REQUIRE_FALSE(rram.at("components").empty());
  double sum = 0, last = 1;
  for (const Json& component : rram.at("components")) {
    const double difference = component.at("difference");
    sum += difference;
    CHECK(std::abs(difference) <= last);
    last = std::abs(difference);
  }
  CHECK(sum ==
        Approx(named(rram.at("figures"), "energy_per_inference_J").at("difference").get<double>()).epsilon(1e-9));
  REQUIRE(rram.at("inputs").size() == 1);
  CHECK(rram.at("inputs")[0].at("key") == "platforms.rram.linear.read_voltage");
  CHECK(named(rram.at("figures"), "energy_per_inference_J").at("significant") == true);
  CHECK(named(json.at("platforms"), "ideal").at("components").empty());
}

TEST_CASE("another seed's noise moves energy by what its spread allows", "[compare]") {
  const TemporaryFolder folder;
  run(folder.path("a"), {"--set", "platforms.rram.linear.programming_error=[0 S]"});
  run(folder.path("b"), {"--set", "platforms.rram.linear.programming_error=[0 S]", "--set", "temperature=301 K"});
  const Json json = compare(folder.path("a"), folder.path("b"));
  CHECK(named(json.at("platforms"), "ideal").at("figures").size() >= 3);
  bool names_temperature = false;
  for (const Json& input : json.at("inputs")) names_temperature = names_temperature || input.at("key") == "temperature";
  CHECK(names_temperature);
  // kT of the ideal neurons grows by 1 in 300 in every sample alike.
  const Json energy = named(named(json.at("platforms"), "ideal").at("figures"), "energy_per_inference_J");
  CHECK(energy.at("difference").get<double>() == Approx(energy.at("a").get<double>() / 300).epsilon(1e-6));
  CHECK(energy.at("significant") == true);
}

TEST_CASE("what is no run, cut short, or of a newer version is refused by file", "[compare][bad]") {
  const TemporaryFolder folder;
  run(folder.path("a"));
  const ProcessResult none = run_szilard({"compare", folder.path("a"), folder.path("none")});
  CHECK(none.code == 2);
  CHECK(none.err.find("holds no run") != std::string::npos);
  run(folder.path("b"));
  const std::string summary = read_file(folder.path("b/summary.json"));
  write_file(folder.path("b/summary.json"), summary.substr(0, summary.size() / 2));
  CHECK(run_szilard({"compare", folder.path("a"), folder.path("b")}).code == 2);
  std::string newer = summary;
  newer.replace(newer.find("szilard.summary/1"), 17, "szilard.summary/9");
  write_file(folder.path("b/summary.json"), newer);
  CHECK(run_szilard({"compare", folder.path("a"), folder.path("b")}).err.find("szilard.summary/9") !=
        std::string::npos);
  write_file(folder.path("b/summary.json"), summary);
  write_file(folder.path("b/ledger.csv"), "sample,component,mechanism,fate,origin,joules\n0,x,y\n");
  const ProcessResult broken = run_szilard({"compare", folder.path("a"), folder.path("b")});
  CHECK(broken.code == 2);
  CHECK(broken.err.find("ledger.csv:2:1") != std::string::npos);
}
