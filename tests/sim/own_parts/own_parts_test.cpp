// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "sim/dataset/dataset.hpp"
#include "sim/mapping/layer_chain.hpp"
#include "sim/network/network.hpp"
#include "tests/sim/cli/szilard_process.hpp"

using namespace szilard;
using namespace szilard::test;
using Json = nlohmann::json;

namespace {

const std::string kCapacitors =
    "{model: charge_crossbar, maximum_capacitance: 2 fF, row_voltage: 0.4 V, cycle_time: 5 ns}";
const std::string kLatch =
    "{model: ramped_latch, node_voltage: 0.4 V, node_capacitance: 0.2 fF, path_resistance: 20 kohm, ramp_time: 100 ps, "
    "short_time: 50 ps}";

ProcessResult run_own(const std::vector<std::string>& arguments) {
  return run_program(std::string(SZILARD_BINARY_DIR) + "/tests/own_szilard", arguments);
}

std::string scenario_of(const std::string& platform) {
  return "szilard: 1\nname: own\ntemperature: 300 K\nnetwork: " + source("scenarios/data/digits_mlp_64_32_10.onnx") +
         "\ndataset: {inputs: " + source("scenarios/data/digits_test_images.npy") +
         ", labels: " + source("scenarios/data/digits_test_labels.npy") +
         ", scale: 0.0625}\nplatforms:\n  - {name: own, " + platform + "}\n";
}

struct Run {
  ProcessResult process;
  Json summary, platform;
};

Run run(const TemporaryFolder& folder, const std::string& platform) {
  write_file(folder.path("scenario.yaml"), scenario_of(platform));
  Run result;
  result.process = run_own({"run", folder.path("scenario.yaml"), "-o", folder.path("out"), "-q"});
  if (result.process.code == 0) {
    result.summary = Json::parse(read_file(folder.path("out/summary.json")));
    result.platform = result.summary["platforms"][0];
  }
  return result;
}

ProcessResult check(const TemporaryFolder& folder, const std::string& platform) {
  write_file(folder.path("scenario.yaml"), scenario_of(platform));
  return run_own({"check", folder.path("scenario.yaml")});
}

}  // namespace

TEST_CASE("an own crossbar without mismatch computes the network and costs its closed form", "[own_parts]") {
  const TemporaryFolder folder;
  const std::string exact = kLatch.substr(0, kLatch.size() - 1) + ", threshold_offset: 0, threshold_noise: 0}";
  const Run found = run(folder, "linear: " + kCapacitors + ", neuron: " + exact);
  INFO(found.process.err);
  REQUIRE(found.process.code == 0);
  CHECK(found.platform["agreement"] == 1.0);
  CHECK(found.platform["output_rms_error"].get<double>() < 1e-12);
  CHECK(found.platform["energy"]["closure"].get<double>() < 1e-9);

  const mapping::LayerChain chain =
      mapping::make_chain(network::load_onnx(source("scenarios/data/digits_mlp_64_32_10.onnx")));
  const linear::LinearMap& map = chain.layers[0].map;
  const dataset::Array images = dataset::read_array(source("scenarios/data/digits_test_images.npy"));
  double largest_input = 0, energy_j = 0;
  for (std::size_t i = 0; i < images.size(); ++i) largest_input = std::max(largest_input, images.at(i));
  for (std::size_t i = 0; i < images.size(); ++i) {
    const double volt = 0.4 * images.at(i) / largest_input;
    const auto row = static_cast<Eigen::Index>(i % map.inputs);
    energy_j += 2e-15 * map.weights.col(row).cwiseAbs().sum() / map.weights.cwiseAbs().maxCoeff() * volt * volt;
  }
  CHECK(found.platform["energy"]["by_component"]["own/fc.0/array"]["capacitor_charging"].get<double>() ==
        Approx(energy_j).epsilon(1e-9));
}

TEST_CASE("an own neuron pays its closed form for every set and reset, and is held against the bounds", "[own_parts]") {
  const TemporaryFolder folder;
  const Run found = run(folder, "linear: " + kCapacitors + ", neuron: " + kLatch);
  REQUIRE(found.process.code == 0);
  const double full_j = 0.2e-15 * 0.4 * 0.4, loss_j = 20e3 * 0.2e-15 / 100e-12 * full_j;
  const double sets = found.platform["neurons"]["sets"], resets = found.platform["neurons"]["resets"];
  CHECK(sets > 1000);
  const Json& by_mechanism = found.platform["energy"]["by_mechanism"];
  CHECK(by_mechanism["neuron_set"].get<double>() == Approx(sets * loss_j).epsilon(1e-9));
  CHECK(by_mechanism["neuron_reset"].get<double>() == Approx(resets * full_j / 2).epsilon(1e-9));
  CHECK(found.platform["bound"] == "reset_per_neuron_J");
  CHECK(found.platform["ratio_to_bound"].get<double>() > 1);
}

TEST_CASE("converters stand around an own crossbar, and RTL neurons behind it", "[own_parts]") {
  const TemporaryFolder folder;
  const std::string converters =
      ", input: {model: dac, preset: dac_40nm_vlsi2018, bits: 8}, output: {model: adc, preset: adc_aimc28, bits: 8}";
  const Run found = run(folder, "linear: " + kCapacitors + converters + ", neuron: {model: relu_rtl, lanes: 8}");
  INFO(found.process.err);
  REQUIRE(found.process.code == 0);
  CHECK(found.platform["kind"] == "hybrid");
  const Json& energy = found.platform["energy"]["by_component"];
  CHECK(energy.contains("own/fc.0/dac"));
  CHECK(energy.contains("own/fc.1/adc"));
  CHECK(found.platform["output_rms_error"].get<double>() > 1e-4);  // it rounds
  CHECK(found.platform["accuracy"].get<double>() > 0.96);
}

TEST_CASE("mismatch of an own crossbar is drawn from the seed, equal seeds, equal results", "[own_parts]") {
  const TemporaryFolder folder;
  const std::string parts =
      "linear: {model: charge_crossbar, maximum_capacitance: 2 fF, row_voltage: 0.4 V, cycle_time: 5 ns, mismatch: 5 "
      "%}, neuron: " +
      kLatch;
  const Run first = run(folder, parts), again = run(folder, parts);
  REQUIRE(first.process.code == 0);
  CHECK(first.platform["output_rms_error"] == again.platform["output_rms_error"]);
  CHECK(first.platform["output_rms_error"].get<double>() > 1e-3);
  write_file(folder.path("scenario.yaml"), scenario_of(parts));
  REQUIRE(run_own({"run", folder.path("scenario.yaml"), "-o", folder.path("other"), "-q", "--seed", "2"}).code == 0);
  CHECK(Json::parse(read_file(folder.path("other/summary.json")))["platforms"][0]["output_rms_error"] !=
        first.platform["output_rms_error"]);
}

TEST_CASE("the resolved scenario names own parts with every value and reproduces the run", "[own_parts]") {
  const TemporaryFolder folder;
  const std::string preset = source("examples/own-parts/capacitors.yaml");
  const Run found = run(folder, "linear: {model: charge_crossbar, preset: " + preset + "}, neuron: " + kLatch);
  INFO(found.process.err);
  REQUIRE(found.process.code == 0);
  const std::string resolved = read_file(folder.path("out/scenario.resolved.yaml"));
  CHECK(resolved.find("maximum_capacitance: {value: 2 fF, source: \"example\", status: choice}") != std::string::npos);
  REQUIRE(run_own({"run", folder.path("out/scenario.resolved.yaml"), "-o", folder.path("again"), "-q"}).code == 0);
  CHECK(without_wall(read_file(folder.path("again/summary.json"))) ==
        without_wall(read_file(folder.path("out/summary.json"))));
  const ProcessResult explained = run_own({"explain", folder.path("out"), "own/fc.0/array"});
  CHECK(explained.out.find("largest capacitance") != std::string::npos);
}

TEST_CASE("own parts stand in lists, schema and reference like any other, and in szilard's own they do not",
          "[own_parts]") {
  CHECK(run_own({"list", "models"}).out.find("linear: charge_crossbar - pairs of capacitors") != std::string::npos);
  const Json schema = Json::parse(run_own({"schema"}).out);
  CHECK(schema["$defs"]["neuron.ramped_latch"]["properties"].contains("threshold_noise"));
  CHECK_FALSE(schema["$defs"]["neuron.ramped_latch"]["properties"].contains("reset"));
  CHECK(run_own({"schema", "--markdown"}).out.find("## `neuron`: `model: ramped_latch`") != std::string::npos);
  CHECK(run_szilard({"list", "models"}).out.find("charge_crossbar") == std::string::npos);
}

TEST_CASE("the shipped scenarios read with an own program as with szilard", "[own_parts]") {
  CHECK(run_own({"check", source("scenarios/digits-mlp/scenario.yaml")}).out ==
        run_szilard({"check", source("scenarios/digits-mlp/scenario.yaml")}).out);
}

TEST_CASE("bad: an own part is unknown to szilard, which names those it has", "[own_parts]") {
  const TemporaryFolder folder;
  write_file(folder.path("scenario.yaml"), scenario_of("linear: " + kCapacitors + ", neuron: {model: relu_bit}"));
  const ProcessResult result = run_szilard({"check", folder.path("scenario.yaml")});
  CHECK(result.code == 2);
  CHECK(result.err.find("scenario.yaml:7:33: error:") != std::string::npos);
  CHECK(result.err.find("electronic_crossbar") != std::string::npos);
}

TEST_CASE("bad: keys of own parts are read as strictly as szilard's", "[own_parts]") {
  const TemporaryFolder folder;
  const struct {
    const char* linear;
    const char* expected;
  } kBad[] = {
      {"{model: charge_crossbar, maximum_capacitance: 2, row_voltage: 0.4 V, cycle_time: 5 ns}", "[wrong_unit]"},
      {"{model: charge_crossbar, maximum_capacitance: 2 fF, row_voltage: 0.4 V, cycle_time: 5 s}", "[out_of_range]"},
      {"{model: charge_crossbar, maximum_capacitance: 2 fF, row_voltage: 0.4 V, cycle_time: 5 ns, mismach: 1 %}",
       "did you mean 'mismatch'?"},
      {"{model: charge_crossbar, maximum_capacitance: 2 fF, row_voltage: 0.4 V}", "[missing_key]"},
      {"{model: charge_crosbar}", "did you mean 'charge_crossbar'?"},
  };
  for (const auto& bad : kBad) {
    const ProcessResult result = check(folder, std::string("linear: ") + bad.linear + ", neuron: " + kLatch);
    INFO(bad.linear << "\n" << result.err);
    CHECK(result.code == 2);
    CHECK(result.err.find(bad.expected) != std::string::npos);
  }
}

TEST_CASE("bad: what an own part cannot be is said with its layer, and nothing is written", "[own_parts]") {
  const TemporaryFolder folder;
  const std::string steep =
      "{model: ramped_latch, node_voltage: 0.4 V, node_capacitance: 0.2 fF, path_resistance: 20 kohm, ramp_time: 10 "
      "ps, short_time: 50 ps}";
  const Run found = run(folder, "linear: " + kCapacitors + ", neuron: " + steep);
  CHECK(found.process.code == 2);
  CHECK(
      found.process.err.find("platform 'own' cannot be built: layer fc.0: ramped_latch: 'ramp_time' is below 5 R C") !=
      std::string::npos);
  CHECK_THROWS(read_file(folder.path("out/summary.json")));
}

TEST_CASE("bad: own media take no precision and no backwards computation, own neurons no reset of szilard's",
          "[own_parts]") {
  const TemporaryFolder folder;
  ProcessResult result = check(folder, "precision: single, linear: " + kCapacitors + ", neuron: " + kLatch);
  CHECK(result.code == 2);
  CHECK(result.err.find("'precision' has no meaning with linear model charge_crossbar") != std::string::npos);
  result =
      check(folder, "linear: " + kCapacitors + ", neuron: {model: relu_bit, reset: landauer_ideal, policy: uncompute}");
  CHECK(result.code == 2);
  CHECK(result.err.find("nothing is known of running 'charge_crossbar' backwards") != std::string::npos);
  result = check(
      folder, "linear: " + kCapacitors + ", neuron: " + kLatch.substr(0, kLatch.size() - 1) + ", reset: cmos_latch}");
  CHECK(result.code == 2);
  CHECK(result.err.find("unknown key 'reset' in neuron.ramped_latch") != std::string::npos);
  result =
      check(folder, "linear: {model: ideal}, neuron: " + kLatch.substr(0, kLatch.size() - 1) + ", policy: uncompute}");
  CHECK(result.code == 2);
  CHECK(result.err.find("of ramped_latch cannot be run backwards") != std::string::npos);
}
