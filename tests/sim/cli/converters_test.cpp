// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/sim/cli/szilard_process.hpp"

using namespace szilard::test;
using Json = nlohmann::ordered_json;

namespace {

using Settings = std::vector<std::string>;

ProcessResult run_hybrid(const TemporaryFolder& folder, const std::string& output, const Settings& settings,
                         Settings arguments = {"--samples", "60"}) {
  arguments.insert(arguments.begin(), {"run", source("scenarios/digits-mlp/scenario.yaml"), "-o", folder.path(output),
                                       "--set", "compare.tolerance=100"});
  for (const std::string& setting : settings)
    arguments.insert(arguments.end(), {"--set", "platforms.hybrid." + setting});
  return run_szilard(arguments);
}

Json hybrid(const TemporaryFolder& folder, const std::string& output) {
  const Json summary = Json::parse(read_file(folder.path(output) + "/summary.json"));
  for (const Json& entry : summary.at("platforms"))
    if (entry.at("name") == "hybrid") return entry;
  throw std::runtime_error("no platform hybrid");
}

const Settings kAllErrors = {"input.gain_spread=2 %",         "input.noise=0.3",
                             "input.mismatch=binary_weights", "input.mismatch_sigma=0.05",
                             "output.preset=adc_neurram",     "output.bits=7",
                             "output.mismatch=unit_steps",    "output.mismatch_sigma=0.1",
                             "output.offset_spread=0.5",      "output.noise=0.4",
                             "output.static_power=1 uW",      "output.columns_per_adc=3",
                             "output.range=percentile",       "output.range_percentile=99.5 %"};
const char* const kFiles[] = {"/ledger.csv", "/predictions.npy", "/outputs.npy", "/coefficients.json"};

}  // namespace

TEST_CASE("with errors in every converter the bytes are the same for every quantum",
          "[cosim][converters][determinism]") {
  const TemporaryFolder folder;
  for (const std::string quantum : {"1", "13", "1000"}) {
    const ProcessResult result = run_hybrid(folder, quantum, kAllErrors, {"--samples", "60", "--quantum", quantum});
    INFO(result.err);
    REQUIRE(result.code == 0);
    for (const char* file : kFiles) CHECK(read_file(folder.path("1") + file) == read_file(folder.path(quantum) + file));
  }
}

TEST_CASE("the resolved scenario holds all of a converter", "[cosim][converters][determinism]") {
  const TemporaryFolder folder;
  REQUIRE(run_hybrid(folder, "a", kAllErrors).code == 0);
  write_file(folder.path("copy.yaml"), read_file(folder.path("a/scenario.resolved.yaml")));
  const ProcessResult again =
      run_szilard({"run", folder.path("copy.yaml"), "-o", folder.path("b")}, {{"SZILARD_TECHNOLOGY", folder.path()}});
  INFO(again.err);
  REQUIRE(again.code == 0);
  for (const char* file : kFiles) CHECK(read_file(folder.path("a") + file) == read_file(folder.path("b") + file));
  CHECK(read_file(folder.path("a/scenario.resolved.yaml")) == read_file(folder.path("b/scenario.resolved.yaml")));
}

TEST_CASE("every architecture closes its books and traces its figures", "[cosim][converters][report]") {
  const TemporaryFolder folder;
  const auto converts = [&](const std::string& preset, const Settings& more) {
    INFO(preset);
    Settings settings = {"output.preset=" + preset, "output.bits=6"};
    settings.insert(settings.end(), more.begin(), more.end());
    const ProcessResult result = run_hybrid(folder, preset, settings);
    INFO(result.err);
    REQUIRE(result.code == 0);
    const Json found = hybrid(folder, preset);
    CHECK(found.at("accuracy").get<double>() > 0.9);
    CHECK(found.at("energy").at("closure").get<double>() < 1e-9);
    std::size_t traced = 0;
    const Json coefficients = Json::parse(read_file(folder.path(preset) + "/coefficients.json"));
    for (const Json& account : coefficients.at("accounts")) {
      if (account.at("component").get<std::string>().find("hybrid/fc.0/adc") != 0 || account.at("fate") != "dissipated")
        continue;
      INFO(account.dump());
      ++traced;
      CHECK_FALSE(account.at("coefficients").at(0).at("source").get<std::string>().empty());
      if (account.at("origin") != "table") continue;
      CHECK(account.at("joules").get<double>() ==
            Approx(account.at("count").get<double>() * account.at("coefficients").at(0).at("value").get<double>())
                .epsilon(1e-9));
    }
    CHECK(traced >= 1);
  };
  for (const char* preset : {"adc_sar_28nm", "adc_flash_28nm", "adc_ramp_28nm", "adc_hermes_cco", "adc_neurram",
                             "adc_walden", "adc_survey_7nm", "sample_hold"})
    converts(preset, {});
  converts("adc_isaac8", {"output.sampling_capacitance=quantisation_limited", "output.sampling_voltage=0.5 V"});
}

TEST_CASE("a colder run samples with less noise", "[cosim][converters]") {
  const TemporaryFolder folder;
  const Settings sampler = {"output.preset=sample_hold", "output.bits=4", "output.sampling_capacitance=0.002 fF"};
  REQUIRE(run_hybrid(folder, "warm", sampler, {}).code == 0);
  REQUIRE(run_hybrid(folder, "cold", sampler, {"--set", "temperature=3 K"}).code == 0);
  CHECK(hybrid(folder, "cold").at("output_rms_error").get<double>() <
        0.8 * hybrid(folder, "warm").at("output_rms_error").get<double>());
}

TEST_CASE("a range below the signals clips, and bad ranges end with exit code 2", "[cosim][converters][bad]") {
  const TemporaryFolder folder;
  REQUIRE(run_hybrid(folder, "clipped", {"output.range=given", "output.range_limit=0.01"}).code == 0);
  CHECK(hybrid(folder, "clipped").at("layers").at(0).at("max_error").get<double>() > 1);
  const std::string error = run_hybrid(folder, "none", {"output.range=given"}).err;
  CHECK(error.find("range given needs 'range_limit'") != std::string::npos);
  CHECK(run_hybrid(folder, "none", {"output.range=given"}).code == 2);
  CHECK(run_hybrid(folder, "none", {"output.range=given", "output.range_limit=-1"}).code == 2);
  CHECK(run_hybrid(folder, "none", {"output.preset=adc_neurram", "output.energy_per_conversion=1 pJ"}).code == 2);
  CHECK(run_hybrid(folder, "none", {"output.preset=adc_survey_7nm", "output.bits=5"}).code == 2);
}
