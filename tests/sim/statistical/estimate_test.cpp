// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/sim/cli/szilard_process.hpp"

using namespace szilard::test;
using Json = nlohmann::ordered_json;

namespace {

Json summary_of(std::vector<std::string> arguments, const TemporaryFolder& folder) {
  arguments.insert(arguments.end(), {"-q", "--json", "-o", folder.path("run")});
  const ProcessResult run = run_szilard(arguments);
  INFO(run.err);
  REQUIRE(run.code == 0);
  return Json::parse(run.out);
}

double number(const Json& platform, const std::string& path) {
  return platform.at(Json::json_pointer("/" + path)).get<double>();
}

/// One crossbar layer given by statistics; blocks of `block` outputs, or all at once.
std::string drawn(const std::string& block, const std::string& more = "") {
  return "szilard: 1\nname: drawn\ntemperature: 300 K\nstatistical:\n  draws: 6\n  samples: 8\n" + block +
         "  layers:\n    - {name: up, inputs: 96, outputs: 250, count: 3, parallel: 2, relu: true, activity: 30 %, "
         "activity_spread: 10 %}\n" +
         more +
         "platforms:\n"
         "  - name: rram\n    linear: {model: electronic_crossbar, preset: rram_wan2022, rows: 64, columns: 64}\n"
         "    input: {model: dac, preset: dac_aimc28}\n    output: {model: adc, preset: adc_aimc28}\n"
         "    neuron: {model: relu_rtl, energy: cmos45_horowitz2014}\n"
         "  - name: ideal\n    linear: {model: ideal}\n    neuron: {model: relu_bit, reset: landauer_ideal}\n"
         "  - name: systolic\n    digital: {rtl: systolic_int8, rows: 8, columns: 8, batch: 4}\n";
}

const std::string kDigits = source("scenarios/digits-mlp/scenario.yaml");

}  // namespace

TEST_CASE("the digits' estimate lies within two per cent of the whole run, part by part of the summary",
          "[statistical]") {
  const TemporaryFolder folder;
  const Json whole = summary_of({"run", kDigits}, folder);
  const Json part =
      summary_of({"run", kDigits, "--statistical", "--set", "statistical={block: 16}", "--jobs", "2"}, folder);
  CHECK(part.at("schema") == "szilard.summary/1");
  CHECK(part.at("network").at("parameters") == whole.at("network").at("parameters"));
  CHECK(part.at("network").at("macs") == whole.at("network").at("macs"));
  REQUIRE(part.at("platforms").size() == whole.at("platforms").size());
  for (std::size_t p = 0; p < part.at("platforms").size(); ++p) {
    const Json& exact = whole.at("platforms").at(p);
    const Json& guess = part.at("platforms").at(p);
    INFO(exact.at("name"));
    for (const char* key : {"supplied_J", "dissipated_J", "total_J", "per_inference_J"})
      CHECK(number(guess, std::string("energy/") + key) ==
            Approx(number(exact, std::string("energy/") + key)).epsilon(0.02));
    CHECK(number(guess, "latency_s") == Approx(number(exact, "latency_s")).epsilon(0.1));
    CHECK(number(guess, "neurons/count") == Approx(number(exact, "neurons/count")));
    CHECK(number(guess, "neurons/active_mean") == Approx(number(exact, "neurons/active_mean")).epsilon(0.05));
    double sum = 0;
    for (const auto& [path, mechanisms] : guess.at("energy").at("by_component").items())
      for (const auto& [mechanism, joules] : mechanisms.items()) sum += joules.get<double>();
    CHECK(sum == Approx(number(guess, "energy/dissipated_J")).epsilon(1e-9));
    if (!exact.at("bounds").at("reset_per_neuron_J").is_null() &&
        !guess.at("bounds").at("reset_per_neuron_J").is_null())
      CHECK(number(guess, "bounds/reset_per_neuron_J") ==
            Approx(number(exact, "bounds/reset_per_neuron_J")).epsilon(0.1));
  }
}

TEST_CASE("95 % intervals of the digits' energies hold the whole run's in most samples drawn", "[statistical]") {
  const TemporaryFolder folder;
  constexpr int kSeeds = 12;
  const std::vector<std::string> shorter = {"--set", "dataset.samples=200"};
  std::vector<std::string> arguments = {"run", kDigits};
  arguments.insert(arguments.end(), shorter.begin(), shorter.end());
  const Json whole = summary_of(arguments, folder);
  int held = 0, all = 0;
  for (int seed = 1; seed <= kSeeds; ++seed) {
    arguments = {"run", kDigits, "--statistical", "--set",
                 "statistical={samples: 16, draws: 6, seed: " + std::to_string(seed) + "}"};
    arguments.insert(arguments.end(), shorter.begin(), shorter.end());
    const Json part = summary_of(arguments, folder);
    for (std::size_t p = 0; p < part.at("platforms").size(); ++p) {
      const double truth = number(whole.at("platforms").at(p), "energy/per_inference_J");
      const Json ends = part.at("platforms").at(p).at("intervals").at("energy.per_inference_J");
      const double slack = 1e-9 * truth;
      held += ends.at(0).get<double>() - slack <= truth && truth <= ends.at(1).get<double>() + slack;
      ++all;
    }
  }
  INFO("seeds 1 to " << kSeeds << ": " << held << " of " << all);
  CHECK(held >= int(std::floor(0.95 * all - 3 * std::sqrt(0.95 * 0.05 * all))));
}

TEST_CASE("a layer given by statistics costs the same in blocks as whole, and as often as it stands there",
          "[statistical]") {
  const TemporaryFolder folder;
  write_file(folder.path("blocks.yaml"), drawn("  block: 32\n"));
  write_file(folder.path("whole.yaml"), drawn("  block: 250\n"));
  const Json blocks = summary_of({"run", folder.path("blocks.yaml")}, folder);
  const Json whole = summary_of({"run", folder.path("whole.yaml")}, folder);
  CHECK(blocks.at("statistical").at("population").is_null());
  CHECK(blocks.at("network").at("parameters") == 6.0 * 96 * 250);
  for (std::size_t p = 0; p < 3; ++p) {
    const Json &a = blocks.at("platforms").at(p), &b = whole.at("platforms").at(p);
    INFO(a.at("name"));
    CHECK(number(a, "energy/per_inference_J") == Approx(number(b, "energy/per_inference_J")).epsilon(0.02));
    CHECK(a.at("layers").at(0).at("blocks") == 8);
    CHECK(b.at("layers").at(0).at("blocks") == 1);
    CHECK(number(a, "neurons/count") == Approx(1500).epsilon(1e-12));
    CHECK(number(a, "neurons/active_mean") == Approx(0.3).margin(0.03));
  }
  // 1,500 neurons of known p: kT sum h(p), p beta-distributed about 0.3.
  const double bound = number(blocks.at("platforms").at(1), "bounds/reset_per_neuron_J"), kT_J = 1.380649e-23 * 300;
  const double h = -0.3 * std::log(0.3) - 0.7 * std::log(0.7);
  CHECK(bound < 1500 * kT_J * h);
  CHECK(bound > 0.9 * 1500 * kT_J * h);
}

TEST_CASE("estimates do not depend on the number of jobs, but on the sample's seed", "[statistical]") {
  const TemporaryFolder folder;
  write_file(folder.path("s.yaml"), drawn("  block: 64\n"));
  const auto text = [&](const std::string& jobs, const std::string& seed) {
    Json summary =
        summary_of({"run", folder.path("s.yaml"), "--jobs", jobs, "--set", "statistical.seed=" + seed}, folder);
    summary.erase("wall");
    return summary.at("platforms").dump();
  };
  const std::string one = text("1", "1");
  CHECK(one == text("3", "1"));
  CHECK(one != text("1", "2"));
}

TEST_CASE("layers given by statistics run through studies too", "[statistical]") {
  const TemporaryFolder folder;
  write_file(folder.path("s.yaml"),
             drawn("  block: 64\n") + "sweep:\n  axes:\n    - {key: temperature, list: [250 K, 300 K]}\n");
  REQUIRE(run_szilard({"sweep", folder.path("s.yaml"), "-o", folder.path("study"), "-q"}).code == 0);
  const ProcessResult results = run_szilard({"results", folder.path("study"), "--json"});
  REQUIRE(results.code == 0);
  const Json row = Json::parse(results.out).at("rows").at(0);
  const auto of = [&](const std::string& end) { return row.at("ideal.energy.per_inference_J" + end).get<double>(); };
  CHECK(of(".low") < of(""));
  CHECK(of("") < of(".high"));
  CHECK(run_szilard({"check", folder.path("s.yaml")}).out.find("1 kinds of layers") != std::string::npos);
}

TEST_CASE("what cannot be estimated is refused in a sentence", "[statistical][bad]") {
  const TemporaryFolder folder;
  write_file(folder.path("s.yaml"), drawn(""));
  const auto refused = [&](std::vector<std::string> arguments, const std::string& sentence) {
    arguments.insert(arguments.end(), {"-q", "-o", folder.path("run")});
    const ProcessResult run = run_szilard(arguments);
    INFO(run.err);
    CHECK(run.code == 2);
    CHECK(run.err.find(sentence) != std::string::npos);
  };
  refused({"run", folder.path("s.yaml"), "--export", folder.path("e")}, "--export is of a whole run");
  refused({"run", kDigits, "--statistical", "--samples", "20"}, "are too few for 8 draws");
  refused({"run", kDigits, "--statistical", "--attribute"}, "--attribute");
  refused({"run", kDigits, "--jobs", "2"}, "--jobs is for");
  refused({"run", source("scenarios/reversible-inference/scenario.yaml"), "--statistical"},
          "cannot be cut into layers");
}
