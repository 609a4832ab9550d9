// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/sim/scenario/scenario_test.hpp"

using namespace szilard;
using namespace szilard::scenario;

namespace {

namespace fs = std::filesystem;

void check_same(const support::Parameter& a, const support::Parameter& b) {
  CHECK(a.value == b.value);
  CHECK(a.source == b.source);
  CHECK(a.status == b.status);
}

void check_same(const electronic::CrossbarParameters& a, const electronic::CrossbarParameters& b) {
  CHECK(a.rows == b.rows);
  CHECK(a.columns == b.columns);
  CHECK(a.signed_weights == b.signed_weights);
  CHECK(a.precision == b.precision);
  check_same(a.read_voltage_v, b.read_voltage_v);
  check_same(a.read_time_s, b.read_time_s);
  check_same(a.row_capacitance_per_cell_f, b.row_capacitance_per_cell_f);
  check_same(a.device.minimum_conductance_s, b.device.minimum_conductance_s);
  check_same(a.device.maximum_conductance_s, b.device.maximum_conductance_s);
  CHECK(a.device.levels == b.device.levels);
  CHECK(a.device.programming_error_s == b.device.programming_error_s);
  CHECK(a.device.programming_error_source == b.device.programming_error_source);
  CHECK(a.device.verify_tries == b.device.verify_tries);
  check_same(a.device.verify_tolerance, b.device.verify_tolerance);
  CHECK(a.device.read_noise == b.device.read_noise);
  check_same(a.device.read_noise_sigma, b.device.read_noise_sigma);
  REQUIRE(a.input.has_value() == b.input.has_value());
  REQUIRE(a.output.has_value() == b.output.has_value());
  if (a.input) check_same(a.input->energy_per_conversion_j, b.input->energy_per_conversion_j);
  if (a.output) check_same(a.output->energy_per_conversion_j, b.output->energy_per_conversion_j);
}

void check_same(const PlatformSpec& a, const PlatformSpec& b) {
  INFO(a.name);
  CHECK(a.name == b.name);
  CHECK(a.is_digital == b.is_digital);
  CHECK(a.linear.model == b.linear.model);
  CHECK(a.linear.quantisation == b.linear.quantisation);
  check_same(a.linear.crossbar, b.linear.crossbar);
  CHECK(a.neuron.model == b.neuron.model);
  CHECK(a.neuron.reset == b.neuron.reset);
  CHECK(a.neuron.protocol == b.neuron.protocol);
  CHECK(a.neuron.parameters.policy == b.neuron.parameters.policy);
  check_same(a.neuron.parameters.threshold_offset, b.neuron.parameters.threshold_offset);
  check_same(a.neuron.parameters.decision_energy_j, b.neuron.parameters.decision_energy_j);
  check_same(a.neuron.latch.capacitance_f, b.neuron.latch.capacitance_f);
  CHECK(a.neuron.clock_hz == b.neuron.clock_hz);
  CHECK(a.neuron.lanes == b.neuron.lanes);
  check_same(a.neuron.energy.add_j, b.neuron.energy.add_j);
  check_same(a.neuron.energy.register_toggle_j, b.neuron.energy.register_toggle_j);
  CHECK(a.digital.rows == b.digital.rows);
  CHECK(a.digital.batch == b.digital.batch);
  CHECK(a.digital.energy.preset == b.digital.energy.preset);
  check_same(a.digital.energy.multiply_j, b.digital.energy.multiply_j);
  CHECK(a.technologies == b.technologies);
  CHECK(a.presets == b.presets);
  REQUIRE(a.fault.has_value() == b.fault.has_value());
  if (!a.fault) return;
  CHECK(a.fault->model == b.fault->model);
  CHECK(a.fault->layer == b.fault->layer);
  CHECK(a.fault->component == b.fault->component);
  CHECK(a.fault->energy_j == b.fault->energy_j);
  CHECK(a.fault->index == b.fault->index);
}

}  // namespace

TEST_CASE("the resolved scenario reads back to the same scenario and the same text, without any preset",
          "[scenario][resolve]") {
  use_test_presets();
  const Scenario first = load(kTestFolder + "/good/every_part.yaml");
  setenv("SZILARD_TECHNOLOGY", "/nowhere/at/all", 1);
  const Scenario second = load_text(first.resolved_yaml, "/elsewhere/resolved.yaml");
  CHECK(second.resolved_yaml == first.resolved_yaml);
  CHECK(second.canonical == first.canonical);
  CHECK(second.name == first.name);
  CHECK(second.seed == first.seed);
  CHECK(second.temperature_k == first.temperature_k);
  CHECK(second.network_path == first.network_path);
  CHECK(second.inputs_path == first.inputs_path);
  CHECK(second.scale == first.scale);
  CHECK(second.calibration_path == first.calibration_path);
  CHECK(second.calibration_samples == first.calibration_samples);
  CHECK(second.compare_pairs == first.compare_pairs);
  CHECK(second.compare_tolerance == first.compare_tolerance);
  CHECK(second.warnings.size() == first.warnings.size());
  REQUIRE(second.platforms.size() == first.platforms.size());
  for (std::size_t i = 0; i < first.platforms.size(); ++i) check_same(first.platforms[i], second.platforms[i]);
}

TEST_CASE("every shipped device preset survives the round trip", "[scenario][resolve]") {
  use_shipped_presets();
  for (const PresetInfo& preset : presets()) {
    if (preset.model != "linear.electronic_crossbar") continue;
    INFO(preset.name);
    use_shipped_presets();
    const Scenario first =
        load_here(kTop + "platforms: [{name: p, linear: {model: electronic_crossbar, preset: " + preset.name +
                  "}, neuron: {model: relu_bit}}]\n");
    setenv("SZILARD_TECHNOLOGY", "/nowhere/at/all", 1);
    CHECK(load_here(first.resolved_yaml).resolved_yaml == first.resolved_yaml);
  }
}

TEST_CASE("every shipped scenario loads and its resolved text stands alone", "[scenario][resolve]") {
  std::size_t found = 0;
  for (const auto& folder : fs::directory_iterator(SZILARD_SOURCE_DIR "/scenarios")) {
    const std::string file = (folder.path() / "scenario.yaml").string();
    if (!fs::exists(file)) continue;
    INFO(file);
    use_shipped_presets();
    const Scenario first = load(file);
    setenv("SZILARD_TECHNOLOGY", "/nowhere/at/all", 1);
    CHECK(load_text(first.resolved_yaml, "/elsewhere/resolved.yaml").canonical == first.canonical);
    ++found;
  }
  CHECK(found >= 1);
}

TEST_CASE("the resolved text writes out what was left out", "[scenario][resolve]") {
  use_test_presets();
  const std::string text = load_here(kTop + rram()).resolved_yaml;
  for (const char* part :
       {"seed: 1\n", "samples: all\n", "pairs: []\n", "tolerance: 0\n", "wires: none\n", "protocol: known\n",
        "policy: every_cycle\n", "precision: double\n", "input:\n      model: none\n", "output:\n      model: none\n",
        "from_preset: \"cell\"\n", "technology: \"130 nm\"\n",
        "read_time: {value: 10 ns, source: \"test\", status: choice}\n"}) {
    INFO(part);
    CHECK(text.find(part) != std::string::npos);
  }
  CHECK(text.find(" preset:") == std::string::npos);
}

TEST_CASE("the canonical text knows files by content, not by place", "[scenario][resolve]") {
  use_test_presets();
  const fs::path folder = fs::temp_directory_path() / "szilard_scenario_canonical";
  fs::create_directories(folder / "deep");
  const auto write = [&](const char* name, const std::string& text) { std::ofstream(folder / name) << text; };
  write("n.onnx", "network");
  write("deep/n.onnx", "network");
  write("x.npy", "data");
  const auto text = [](const std::string& network) {
    return "szilard: 1\nname: c\ntemperature: 300 K\nnetwork: " + network + "\ndataset: {inputs: x.npy}\n" + kIdeal;
  };
  const std::string path = (folder / "s.yaml").string();
  const Scenario first = load_text(text("n.onnx"), path);
  const Scenario moved = load_text(text("deep/../deep/n.onnx"), path);
  CHECK(first.resolved_yaml != moved.resolved_yaml);
  CHECK(first.canonical == moved.canonical);
  CHECK(first.canonical.find(folder.string()) == std::string::npos);
  CHECK(first.canonical.find('#') == std::string::npos);
  write("n.onnx", "another network");
  CHECK(load_text(text("n.onnx"), path).canonical != first.canonical);
  fs::remove_all(folder);
}

TEST_CASE("spelling of numbers does not change the canonical text", "[scenario][resolve]") {
  use_test_presets();
  const std::string a = load_here(kTop + rram("read_voltage: 0.2 V, read_time: 10 ns")).canonical;
  const std::string b = load_here(kTop + rram("read_time: 0.01 us, read_voltage: 200 mV")).canonical;
  CHECK(a == b);
  CHECK(a != load_here(kTop + rram("read_voltage: 0.2 V, read_time: 11 ns")).canonical);
}

TEST_CASE("preset and from_preset together are refused", "[scenario][resolve][bad]") {
  use_test_presets();
  const auto found = problems_of(kTop + rram("from_preset: other"));
  REQUIRE(found.size() == 1);
  CHECK(found[0].code == support::DiagnosticCode::conflict);
}
