// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/sim/cli/szilard_process.hpp"

using namespace szilard::test;
using Catch::Matchers::Contains;
using Json = nlohmann::ordered_json;

namespace {

/// One platform on ten digits; its entry in summary.json.
Json run_platform(const std::string& platform, const std::vector<std::string>& more = {}) {
  const TemporaryFolder folder;
  write_file(
      folder.path("scenario.yaml"),
      "szilard: 1\nname: parts\ntemperature: 300 K\nnetwork: " + source("scenarios/data/digits_mlp_64_32_10.onnx") +
          "\ndataset: {inputs: " + source("scenarios/data/digits_test_images.npy") +
          ", labels: " + source("scenarios/data/digits_test_labels.npy") +
          ", scale: 0.0625, samples: 10}\nplatforms:\n  - name: p\n" + platform);
  std::vector<std::string> arguments = {"run", folder.path("scenario.yaml"), "-o", folder.path("out")};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const ProcessResult result = run_szilard(arguments);
  INFO(result.err);
  REQUIRE(result.code == 0);
  return Json::parse(read_file(folder.path("out/summary.json"))).at("platforms").at(0);
}

const char* const kNeuron = "    neuron: {model: relu_bit, threshold_offset: 0, threshold_noise: 0}\n";
const char* const kSystem =
    "szilard: 1\nname: c\ntemperature: 300 K\nnetwork: NET\ndataset: {inputs: DATA}\nplatforms:\n  - name: p\n    "
    "linear: {model: ideal}\n"
    "    neuron: {model: relu_bit, reset: landauer_ideal}\n    parts: [{name: a, energy: 1 pJ}]\n";

}  // namespace

TEST_CASE("parts are booked count by count, by event or by time, and counted in areas", "[cli][parts]") {
  const Json p = run_platform("    linear: {model: ideal}\n" + std::string(kNeuron) +
                              "    parts:\n"
                              "      - {name: tile, count: 3, area: 2 mm2}\n"
                              "      - {name: core, in: tile, count: 4, power: 2 mW, time: 1 us, area: 1 mm2}\n"
                              "      - {name: buffer, in: core, energy: 1 pJ, per: input}\n"
                              "      - {name: bus, energy: 1 pJ, per: output, mechanism: wires}\n"
                              "      - {name: engine, energy: 1 fJ, per: mac}\n"
                              "      - {name: scheduler, energy: 1 fJ, per: product}\n");
  const Json& parts = p.at("energy").at("by_component");
  CHECK(parts.at("p/parts/tile/core").at("part_static").get<double>() == Approx(10 * 12 * 2e-3 * 1e-6));
  CHECK(parts.at("p/parts/tile/core/buffer").at("part").get<double>() == Approx(10 * 12 * (64 + 32) * 1e-12));
  CHECK(parts.at("p/parts/bus").at("wires").get<double>() == Approx(10 * (32 + 10) * 1e-12));
  CHECK(parts.at("p/parts/engine").at("part").get<double>() == Approx(10 * (64 * 32 + 32 * 10) * 1e-15));
  CHECK(parts.at("p/parts/scheduler").at("part").get<double>() == Approx(10 * 2 * 1e-15));
  CHECK(p.at("area_by_component").at("p/parts/tile").get<double>() == Approx(3 * 2e-6));
  CHECK(p.at("area_by_component").at("p/parts/tile/core").get<double>() == Approx(12 * 1e-6));
  CHECK(p.at("energy").at("closure").get<double>() <= 1e-9);
}

TEST_CASE("a part without a time is drawn while its sample is there, or for the interval of samples", "[cli][parts]") {
  const std::string crossbar =
      "    linear: {model: electronic_crossbar, preset: rram_wan2022}\n" + std::string(kNeuron);
  const Json p =
      run_platform(crossbar + "    parts: [{name: a, power: 1 mW}, {name: b, power: 1 mW, during: interval}]\n");
  const Json& parts = p.at("energy").at("by_component");
  const double latency = p.at("latency_s"), a = parts.at("p/parts/a").at("part_static"),
               b = parts.at("p/parts/b").at("part_static");
  CHECK(a == Approx(10 * 1e-3 * latency));
  CHECK(b > 0);
  CHECK(b <= a);
}

TEST_CASE("gate lines take C V V of every row in use, and may be switched off", "[cli][crossbar]") {
  const std::string crossbar =
      "    linear: {model: electronic_crossbar, preset: rram_wan2022, rows: 32, columns: 16, "
      "select_capacitance_per_cell: 2 fF, select_capacitance: "
      "50 fF, select_swing: 1.3 V, select_supply: 2.2 V}\n" +
      std::string(kNeuron);
  const Json p = run_platform(crossbar);
  // 64 rows x 4 column tiles of 8 pairs, and 32 rows x 2.
  const Json& parts = p.at("energy").at("by_component");
  double select = 0;
  for (const auto& [path, mechanisms] : parts.items())
    if (path.size() > 7 && path.substr(path.size() - 7) == "/select")
      select += mechanisms.at("line_charging").get<double>();
  CHECK(select == Approx(10 * (64 * 4 + 32 * 2) * (16 * 2e-15 + 50e-15) * 1.3 * 2.2));
  const Json off = run_platform(crossbar + "    disable: [charging]\n");
  CHECK(off.at("energy").at("by_mechanism").value("line_charging", 0.0) == 0);
}

TEST_CASE("a capacitive crossbar of eight bits computes as the reference does, closes its books and knows its tiles",
          "[cli][capacitive]") {
  const std::string linear =
      "    linear: {model: capacitive_crossbar, preset: sram_jia2020, rows: 64, columns: 64, input_bits: 8, "
      "weight_bits: 8}\n";
  const Json p = run_platform(linear + "    output: {model: adc, preset: adc_sar_65nm, bits: 8}\n" + kNeuron,
                              {"--samples", "100"});
  CHECK(p.at("agreement").get<double>() >= 0.97);
  CHECK(p.at("energy").at("closure").get<double>() <= 1e-9);
  CHECK(p.at("energy").at("by_mechanism").at("capacitor_charging").get<double>() > 0);
  const double latency = p.at("latency_s");
  CHECK(latency >= 2 * 8 * 25e-9);
}

TEST_CASE("szilard papers refuses what it cannot read, and names file and place", "[cli][papers][bad]") {
  const TemporaryFolder folder;
  CHECK(run_szilard({"papers", folder.path()}).code == 2);
  CHECK(run_szilard({"papers", folder.path("none")}).code == 2);
  write_file(folder.path("published.yaml"), "chip: A\nclasses: []\n");
  const ProcessResult incomplete = run_szilard({"papers", folder.path()});
  CHECK(incomplete.code == 2);
  CHECK_THAT(incomplete.err, Contains("published.yaml:1:1: error") && Contains("reference"));
  write_file(folder.path("published.yaml"),
             "chip: A\nreference: B\nworkload: C\nclasses:\n  - {name: all, grade: T, platform: p, components: "
             "[\"parts/b\"], scope: s, why: w, published: "
             "{value: 1 pJ, source: s, status: read}}\n");
  const ProcessResult no_scenario = run_szilard({"papers", folder.path()});
  CHECK(no_scenario.code == 2);
  std::string scenario = kSystem;
  scenario.replace(scenario.find("NET"), 3, source("scenarios/data/digits_mlp_64_32_10.onnx"));
  scenario.replace(scenario.find("DATA"), 4, source("scenarios/data/digits_test_images.npy"));
  write_file(folder.path("scenario.yaml"), scenario);
  const ProcessResult no_component = run_szilard({"papers", folder.path()});
  CHECK(no_component.code == 2);
  CHECK_THAT(no_component.err, Contains("published.yaml:5:5: error") && Contains("parts/b"));
}

TEST_CASE("szilard papers says all that is wrong in all chips before it runs one, by file, line and column",
          "[cli][papers][bad]") {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder.path("a"));
  std::filesystem::create_directories(folder.path("b"));
  std::filesystem::create_directories(folder.path("c"));
  write_file(folder.path("a/published.yaml"),
             "chip: A\nreference: B\nworkload: C\nclasses:\n  - {name: x, grade: Q, platform: p, components: [\"*\"], "
             "scope: s, why: w,\n"
             "     published: {value: 3 V, source: s, status: read}}\n");
  write_file(folder.path("b/published.yaml"), "chip: A\nreference: [B\n");
  write_file(folder.path("c/published.yaml"), "chip: A\nreference: B\nworkload: C\nclasses: []\n");
  const ProcessResult result = run_szilard({"papers", folder.path()});
  CHECK(result.code == 2);
  CHECK(result.out.empty());
  CHECK_THAT(result.err, Contains("a/published.yaml:5:22: error") && Contains("T, P, P*, X"));
  CHECK_THAT(result.err, Contains("a/published.yaml:6:25: error") && Contains("energy"));
  CHECK_THAT(result.err, Contains("b/published.yaml:"));
  CHECK_THAT(result.err, Contains("c/published.yaml:4:10: error") && Contains("at least one"));
}

TEST_CASE("szilard papers prints a chip's classes and fails where a roll-up does not close", "[cli][papers]") {
  const TemporaryFolder folder;
  std::string scenario = kSystem;
  scenario.replace(scenario.find("NET"), 3, source("scenarios/data/digits_mlp_64_32_10.onnx"));
  scenario.replace(scenario.find("DATA"), 4, source("scenarios/data/digits_test_images.npy"));
  write_file(folder.path("scenario.yaml"), scenario);
  const auto published = [&](const std::string& value) {
    write_file(folder.path("published.yaml"),
               "chip: A\nreference: B\nworkload: C\nclasses:\n  - {name: all, grade: T, platform: p, components: "
               "[\"parts/a\"], scope: s, why: w, published: "
               "{value: " +
                   value + ", source: s, status: read}}\n");
    return run_szilard({"papers", folder.path()});
  };
  const ProcessResult well = published("1.00 pJ");
  CHECK(well.code == 0);
  CHECK_THAT(well.out, Contains("T within 0.5 %") && Contains("1 of 1"));
  const ProcessResult off = published("1.02 pJ");
  CHECK(off.code == 1);
  CHECK_THAT(off.err, Contains("off by more than 0.5 %"));
}
