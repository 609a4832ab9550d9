// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/sim/study/study_scenario.hpp"

using namespace szilard::test;
using Json = nlohmann::ordered_json;

namespace {

ProcessResult tornado(const std::string& scenario, std::vector<std::string> more) {
  more.insert(more.begin(), {"tornado", scenario, "-q"});
  return run_szilard(more);
}

Json row_of(const Json& json, const std::string& key) {
  for (const Json& row : json.at("rows"))
    if (row.at("key") == key) return row;
  return nullptr;
}

}  // namespace

TEST_CASE("kT of an ideal neuron makes its energy proportional to temperature, and nothing else moves it",
          "[study][tornado]") {
  const TemporaryFolder folder;
  write_file(folder.path("s.yaml"), study_scenario("  axes:\n    - {key: temperature, list: [300 K]}\n"));
  const ProcessResult run = tornado(folder.path("s.yaml"), {"--metric", "ideal.energy", "--json", "--percent", "20"});
  INFO(run.err);
  REQUIRE(run.code == 0);
  const Json json = Json::parse(run.out);
  CHECK(json.at("metric") == "ideal.energy.per_inference_J");
  const double base = json.at("base");
  const Json temperature = row_of(json, "temperature");
  CHECK(temperature.at("low_value") == "240 K");
  CHECK(temperature.at("low").get<double>() == Approx(0.8 * base).epsilon(1e-9));
  CHECK(temperature.at("high").get<double>() == Approx(1.2 * base).epsilon(1e-9));
  CHECK(json.at("rows").at(0).at("key") == "temperature");
  for (const Json& row : json.at("rows"))
    if (row.at("key") != "temperature") CHECK(row.at("high").get<double>() == Approx(base));
}

TEST_CASE("integers move by whole steps", "[study][tornado]") {
  const TemporaryFolder folder;
  write_file(folder.path("s.yaml"), study_scenario("  axes:\n    - {key: temperature, list: [300 K]}\n"));
  const ProcessResult rows =
      tornado(folder.path("s.yaml"), {"--metric", "rram.accuracy", "--json", "--key", "platforms.rram.input.bits"});
  INFO(rows.err);
  REQUIRE(rows.code == 0);
  const Json row = Json::parse(rows.out).at("rows").at(0);
  CHECK(row.at("low_value") == "7");
  CHECK(row.at("high_value") == "9");
}

TEST_CASE("a number that can be changed neither way is not said to make no difference", "[study][tornado][bad]") {
  // The DAC's preset has figures for 8 bits, none for 7 and 9.
  const ProcessResult run =
      tornado(source("scenarios/digits-mlp/scenario.yaml"),
              {"--metric", "rram.energy", "--samples", "10", "--key", "platforms.rram.input.bits"});
  INFO(run.err);
  REQUIRE(run.code == 0);
  CHECK(run.out.find("0 of 1 numbers make no difference") != std::string::npos);
  CHECK(run.out.find("1 could be changed neither way") != std::string::npos);
}

TEST_CASE("the tornado is drawn, the number that matters most on top", "[study][tornado]") {
  const TemporaryFolder folder;
  write_file(folder.path("s.yaml"), study_scenario("  axes:\n    - {key: temperature, list: [300 K]}\n"));
  for (const std::string& picture : {folder.path("t.svg"), folder.path("t.png")}) {
    const ProcessResult run =
        tornado(folder.path("s.yaml"), {"--metric", "ideal.energy", "--key", "temperature", "--plot", picture});
    INFO(run.err);
    CHECK(run.code == 0);
    CHECK(read_file(picture).size() > 1000);
  }
  CHECK(tornado(folder.path("s.yaml"), {"--metric", "ideal.energy", "--plot", folder.path("t.pdf")}).code == 2);
}

TEST_CASE("a study keeps the ranking that is made for it, one file a metric", "[study][tornado]") {
  const TemporaryFolder folder;
  write_file(folder.path("s.yaml"), study_scenario("  axes:\n    - {key: temperature, list: [290 K, 310 K]}\n"));
  REQUIRE(run_szilard({"sweep", folder.path("s.yaml"), "-o", folder.path("study"), "-q"}).code == 0);
  const std::vector<std::string> arguments{"--metric", "ideal.energy",      "--key", "temperature", "--json",
                                           "--study",  folder.path("study")};
  const ProcessResult run = tornado(folder.path("s.yaml"), arguments);
  INFO(run.err);
  REQUIRE(run.code == 0);
  CHECK(read_file(folder.path("study/tornado-ideal.energy.per_inference_J.json")) == run.out);
  CHECK(Json::parse(run.out).at("platform") == "ideal");
  CHECK(run_szilard({"results", folder.path("study")}).code == 0);
}

TEST_CASE("a ranking is refused by folders that are no study of it", "[study][tornado][bad]") {
  const TemporaryFolder folder;
  write_file(folder.path("s.yaml"), study_scenario("  axes:\n    - {key: temperature, list: [290 K]}\n"));
  const auto refused = [&](const std::string& metric, const std::string& study) {
    return tornado(folder.path("s.yaml"), {"--metric", metric, "--key", "temperature", "--study", folder.path(study)});
  };
  CHECK(refused("ideal.energy", "nowhere").code == 2);
  std::string other = study_scenario("  axes:\n    - {key: temperature, list: [290 K]}\n");
  for (std::size_t at; (at = other.find("ideal\n")) != std::string::npos;) other.replace(at, 6, "other\n");
  write_file(folder.path("other.yaml"), other);
  REQUIRE(run_szilard({"sweep", folder.path("other.yaml"), "-o", folder.path("study"), "-q"}).code == 0);
  const ProcessResult run = refused("ideal.energy", "study");
  CHECK(run.code == 2);
  CHECK(run.err.find("the study has no figure ideal.energy.per_inference_J") != std::string::npos);
}

TEST_CASE("unknown metrics, platforms and numbers are refused", "[study][tornado][bad]") {
  const TemporaryFolder folder;
  write_file(folder.path("s.yaml"), study_scenario("  axes:\n    - {key: temperature, list: [300 K]}\n"));
  const std::string scenario = folder.path("s.yaml");
  CHECK(tornado(scenario, {"--metric", "energy"}).code == 2);
  CHECK(tornado(scenario, {"--metric", "ram.energy"}).code == 2);
  CHECK(tornado(scenario, {"--metric", "rram.enery", "--key", "temperature"}).code == 2);
  CHECK(tornado(scenario, {"--metric", "rram.energy", "--key", "temprature"}).err.find("did you mean 'temperature'?") !=
        std::string::npos);
  CHECK(tornado(scenario, {"--metric", "rram.energy", "--percent", "100"}).code == 2);
}
