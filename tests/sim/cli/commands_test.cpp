// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/sim/cli/szilard_process.hpp"

using namespace szilard::test;
using Json = nlohmann::ordered_json;

TEST_CASE("infer writes the reference's logits", "[cli]") {
  const TemporaryFolder folder;
  const ProcessResult result = run_szilard({"infer", "scenarios/data/digits_mlp_64_32_10.onnx",
                                            "scenarios/data/digits_test_images.npy", "-o", folder.path("y.npy")});
  REQUIRE(result.code == 0);
  CHECK(read_file(folder.path("y.npy")).find("'shape': (360, 10)") != std::string::npos);
}

TEST_CASE("list layers prints MACs, parameters and neurons of each layer", "[cli]") {
  const ProcessResult result =
      run_szilard({"list", "layers", "--network", "scenarios/data/mnist_lenet5_relu.onnx", "--json"});
  REQUIRE(result.code == 0);
  const Json json = Json::parse(result.out);
  CHECK(json.at("macs") == 117600 + 240000 + 48000 + 10080 + 840);
  CHECK(json.at("parameters") == 61706);
  CHECK(json.at("neurons") == 6 * 28 * 28 + 16 * 10 * 10 + 120 + 84);
}

TEST_CASE("list presets shows a source for every number", "[cli]") {
  const ProcessResult result = run_szilard({"list", "presets", "--json"});
  REQUIRE(result.code == 0);
  std::size_t keys = 0;
  const Json json = Json::parse(result.out);
  for (const Json& preset : json.at("presets"))
    for (const Json& key : preset.at("keys")) {
      INFO(preset.at("name") << " " << key.dump());
      CHECK_FALSE(key.at("source").get<std::string>().empty());
      CHECK_FALSE(key.at("status").get<std::string>().empty());
      ++keys;
    }
  CHECK(keys > 50);
}

TEST_CASE("list scenarios finds every scenario that is shipped, and each is well", "[cli]") {
  const ProcessResult result = run_szilard({"list", "scenarios", "--json"});
  REQUIRE(result.code == 0);
  std::vector<std::string> check = {"check"};
  const Json json = Json::parse(result.out);
  for (const Json& path : json.at("scenarios")) check.push_back(path);
  CHECK(check.size() >= 4);
  const ProcessResult well = run_szilard(check);
  INFO(well.err);
  CHECK(well.code == 0);
}

TEST_CASE("the schema is JSON, and the reference page in docs is the one the program prints", "[cli]") {
  const ProcessResult schema = run_szilard({"schema"});
  REQUIRE(schema.code == 0);
  CHECK(Json::parse(schema.out).at("$schema") == "https://json-schema.org/draft/2020-12/schema");
  CHECK(run_szilard({"schema", "--markdown"}).out == read_file(source("docs/scenario-reference.md")));
}

TEST_CASE("doctor finds the installation well", "[cli]") {
  const ProcessResult result = run_szilard({"doctor", "--json"});
  CHECK(result.code == 0);
  CHECK(Json::parse(result.out).at("well") == true);
}

TEST_CASE("version names the tools", "[cli]") {
  const ProcessResult result = run_szilard({"--version"});
  CHECK(result.code == 0);
  for (const char* tool : {"szilard", "SystemC", "Verilator", "Eigen", "Boost"})
    CHECK(result.out.find(tool) != std::string::npos);
}

TEST_CASE("help of every command is well", "[cli]") {
  for (const char* command : {"run", "check", "infer", "list", "regress", "explain", "schema", "doctor"}) {
    INFO(command);
    const ProcessResult result = run_szilard({command, "--help"});
    CHECK(result.code == 0);
    CHECK(result.out.find("Usage") != std::string::npos);
  }
}

TEST_CASE("run --json prints one object and nothing else", "[cli]") {
  const TemporaryFolder folder;
  const ProcessResult result =
      run_szilard({"run", "scenarios/digits-mlp/scenario.yaml", "--samples", "8", "--json", "-o", folder.path("out")});
  REQUIRE(result.code == 0);
  CHECK(Json::parse(result.out) == Json::parse(read_file(folder.path("out/summary.json"))));
}

TEST_CASE("regress holds a run against expected.json and reports as JUnit", "[cli]") {
  const TemporaryFolder folder;
  const ProcessResult well = run_szilard({"regress", "scenarios/digits-mlp", "--junit", folder.path("junit.xml")});
  INFO(well.out << well.err);
  CHECK(well.code == 0);
  CHECK(read_file(folder.path("junit.xml")).find("failures=\"0\"") != std::string::npos);
}

TEST_CASE("regress holds the figures of szilard bounds, with or without a scenario beside them", "[cli][bounds]") {
  const ProcessResult well = run_szilard({"regress", "scenarios/table-1", "scenarios/n2i-budget", "scenarios/cooling"});
  INFO(well.out << well.err);
  CHECK(well.code == 0);
  CHECK(well.out.find("scenarios/table-1/expected.json") != std::string::npos);
  CHECK(well.out.find("scenarios/cooling/scenario.yaml") != std::string::npos);
  TemporaryFolder folder;
  const auto regress = [&](const std::string& text) {
    write_file(folder.path("expected.json"), text);
    return run_szilard({"regress", folder.path()});
  };
  const std::string head =
      "{\"schema\": \"szilard.expected/1\", \"bounds\": {\"arguments\": [\"--workload\", \"brain\"], \"rows\": [{";
  const std::string figures = "\"paper\": 1e12, \"from_formula\": 1e12, \"corrected\": ";
  CHECK(regress(head + "\"id\": \"R14.lower\", " + figures + "8.08e12, \"relative\": 1e-3}]}}").code == 0);
  const ProcessResult moved = regress(head + "\"id\": \"R14.lower\", " + figures + "9e12, \"relative\": 1e-3}]}}");
  CHECK(moved.code == 1);
  CHECK(moved.out.find("R14.lower.corrected: ") != std::string::npos);
  const ProcessResult unprinted = regress(
      head +
      "\"id\": \"R14.lower\", \"paper\": null, \"from_formula\": 1e12, \"corrected\": 8.08e12, \"relative\": 1e-3}]}}");
  CHECK(unprinted.code == 1);
  CHECK(unprinted.out.find("R14.lower.paper: ") != std::string::npos);
  CHECK(regress(head + "\"id\": \"R99.nothing\", " + figures + "1}]}}").out.find("prints no such row") !=
        std::string::npos);
}

TEST_CASE("regress refuses expectations that hold nothing or have no scenario", "[cli][bad]") {
  TemporaryFolder folder;
  const auto error = [&](const std::string& text) {
    write_file(folder.path("expected.json"), text);
    const ProcessResult result = run_szilard({"regress", folder.path()});
    CHECK(result.code == 2);
    return result.err;
  };
  CHECK(error("{\"schema\": \"szilard.expected/1\"}").find("neither metrics nor bounds") != std::string::npos);
  CHECK(error("{\"schema\": \"szilard.expected/1\", \"metrics\": []}").find("no scenario.yaml") != std::string::npos);
  CHECK(error("{\"schema\": \"szilard.expected/2\", \"metrics\": []}").find("schema is not") != std::string::npos);
  CHECK(error("{").find("not JSON") != std::string::npos);
  CHECK(error("{\"schema\": \"szilard.expected/1\", \"bounds\": {\"arguments\": []}}").find("rows") !=
        std::string::npos);
}

TEST_CASE("regress finds a number that has moved", "[cli]") {
  const TemporaryFolder folder;
  std::string scenario = read_file(source("scenarios/digits-mlp/scenario.yaml"));
  for (std::size_t at; (at = scenario.find("../data")) != std::string::npos;)
    scenario.replace(at, 7, source("scenarios/data"));
  write_file(folder.path("scenario.yaml"), scenario);
  write_file(folder.path("expected.json"), R"({"schema": "szilard.expected/1", "metrics": [
    {"metric": "reference.accuracy", "value": 0.5, "absolute": 0.01, "reason": "wrong on purpose"},
    {"metric": "rram.no.such.key", "value": 1, "reason": "not there"}]})");
  const ProcessResult moved = run_szilard({"regress", folder.path(), "--junit", folder.path("junit.xml")});
  CHECK(moved.code == 1);
  CHECK(moved.out.find("reference.accuracy: 0.97") != std::string::npos);
  CHECK(moved.out.find("rram.no.such.key: the run has no such number") != std::string::npos);
  CHECK(read_file(folder.path("junit.xml")).find("failures=\"1\"") != std::string::npos);
}

TEST_CASE("regress runs several scenarios at once and tells of them in order", "[cli]") {
  const std::vector<std::string> cases = {"scenarios/table-1", "scenarios/fallible-bits", "scenarios/n2i-budget"};
  std::vector<std::string> arguments = {"regress", "--jobs", "3"};
  arguments.insert(arguments.end(), cases.begin(), cases.end());
  const ProcessResult together = run_szilard(arguments);
  CHECK(together.code == 0);
  const std::size_t first = together.out.find("fallible-bits"), second = together.out.find("n2i-budget"),
                    third = together.out.find("table-1");
  CHECK(first < second);
  CHECK(second < third);
  CHECK(third != std::string::npos);
  CHECK(run_szilard({"regress", "--jobs", "0"}).code == 2);
}

TEST_CASE("regress --update shows each change and makes no other", "[cli]") {
  const TemporaryFolder folder;
  std::string scenario = read_file(source("scenarios/fallible-bits/scenario.yaml"));
  for (std::size_t at = scenario.find("../data/"); at != std::string::npos; at = scenario.find("../data/", at + 1))
    scenario.replace(at, 8, source("scenarios/data/"));
  write_file(folder.path("scenario.yaml"), scenario);
  const std::string head = "{\"schema\": \"szilard.expected/1\", \"metrics\": [{\"metric\": \"";
  write_file(folder.path("expected.json"),
             head + "reference.accuracy\", \"value\": 0.5, \"absolute\": 0.0, \"reason\": \"a test\"}]}");
  const ProcessResult update = run_szilard({"regress", folder.path(), "--update"});
  INFO(update.out << update.err);
  CHECK(update.code == 0);
  CHECK(update.out.find("changed: reference.accuracy: 0.5 -> ") != std::string::npos);
  const std::string after = read_file(folder.path("expected.json"));
  CHECK(after.find("a test") != std::string::npos);
  CHECK(run_szilard({"regress", folder.path()}).code == 0);
  CHECK(run_szilard({"regress", folder.path(), "--update"}).out.find("changed") == std::string::npos);
  CHECK(read_file(folder.path("expected.json")) == after);
  write_file(folder.path("expected.json"), head + "nobody.accuracy\", \"value\": 0.5}]}");
  const ProcessResult gone = run_szilard({"regress", folder.path(), "--update"});
  CHECK(gone.code == 1);
  CHECK(gone.out.find("nobody.accuracy: the run has no such number") != std::string::npos);
}
