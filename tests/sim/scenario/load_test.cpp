// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/sim/scenario/scenario_test.hpp"

using namespace szilard;
using namespace szilard::scenario;

namespace {

const PlatformSpec& only(const Scenario& scenario) {
  REQUIRE(scenario.platforms.size() == 1);
  return scenario.platforms[0];
}

}  // namespace

TEST_CASE("what is left out takes its documented default", "[scenario]") {
  use_test_presets();
  const Scenario scenario = load_here(kTop + kIdeal);
  CHECK(scenario.name == "good");
  CHECK(scenario.temperature_k == 300);
  CHECK(scenario.seed == 1);
  CHECK(scenario.scale == 1);
  CHECK_FALSE(scenario.samples);
  CHECK(scenario.labels_path.empty());
  CHECK(scenario.calibration_path.empty());
  CHECK_FALSE(scenario.calibration_samples);
  CHECK(scenario.compare_pairs.empty());
  CHECK(scenario.compare_tolerance == 0);
  CHECK(scenario.network_path == kTestFolder + "/bad/stub.onnx");
  CHECK(scenario.network_where.line == 4);
  CHECK(scenario.network_where.column == 10);
  CHECK(scenario.warnings.empty());
  const PlatformSpec& platform = only(scenario);
  CHECK(platform.where.line == 7);
  CHECK(platform.linear.model == LinearModel::ideal);
  CHECK(platform.neuron.reset == ResetModel::landauer_ideal);
  CHECK(platform.neuron.protocol == Protocol::known);
  CHECK(platform.neuron.parameters.policy == neuron::Policy::every_cycle);
}

TEST_CASE("the ideal platform's neuron has neither offset nor noise nor decision energy, and takes no preset",
          "[scenario]") {
  use_test_presets();
  const PlatformSpec platform = only(load_here(kTop + kIdeal));
  CHECK(platform.neuron.parameters.threshold_offset == 0);
  CHECK(platform.neuron.parameters.threshold_noise == 0);
  CHECK(platform.neuron.parameters.decision_energy_j == 0);
  CHECK(platform.neuron.parameters.decision_time_s == 0);
  CHECK(platform.presets.empty());
}

TEST_CASE("the example of the design loads: parts without a preset take the part's default preset", "[scenario]") {
  use_shipped_presets();
  const Scenario scenario =
      load_here(kTop +
                "compare: {pairs: [[rram, systolic]], tolerance: 0.05}\n"
                "platforms:\n"
                "  - name: rram\n"
                "    linear: {model: electronic_crossbar, preset: rram_wan2022, rows: 128, columns: 128}\n"
                "    input: {model: dac, bits: 8}\n"
                "    output: {model: none}\n"
                "    neuron: {model: relu_bit, reset: landauer_ideal, protocol: known, policy: every_cycle}\n"
                "  - name: hybrid\n"
                "    linear: {model: electronic_crossbar, preset: rram_wan2022}\n"
                "    output: {model: adc, bits: 8}\n"
                "    neuron: {model: relu_rtl}\n"
                "  - name: latch\n"
                "    linear: {model: ideal}\n"
                "    neuron: {model: relu_bit, reset: cmos_latch}\n"
                "  - name: systolic\n"
                "    digital: {rtl: systolic_int8, rows: 16, columns: 16, batch: 1, energy: cmos45_horowitz2014}\n");
  REQUIRE(scenario.platforms.size() == 4);
  const auto& rram = scenario.platforms[0].linear.crossbar;
  CHECK(rram.rows == 128);
  CHECK(rram.device.maximum_conductance_s.value == Approx(40e-6).epsilon(1e-12));
  CHECK(rram.device.maximum_conductance_s.status == "read");
  CHECK(rram.device.programming_error_s.size() == 5);
  CHECK(rram.device.programming_error_s[1] == Approx(16.03e-6).epsilon(1e-12));
  CHECK(rram.device.read_noise == electronic::ReadNoise::proportional);
  REQUIRE(rram.input);
  CHECK(rram.input->quantiser.bits == 8);
  CHECK(rram.input->energy_per_conversion_j.value == Approx(50e-15 * 8 * 0.81).epsilon(1e-9));
  CHECK_FALSE(rram.output);
  CHECK(scenario.platforms[0].neuron.parameters.decision_energy_j.value == Approx(1.63e-15).epsilon(1e-12));
  CHECK(scenario.platforms[1].linear.crossbar.rows == 256);
  REQUIRE(scenario.platforms[1].linear.crossbar.output);
  CHECK(scenario.platforms[1].neuron.model == NeuronModel::relu_rtl);
  CHECK(scenario.platforms[1].neuron.energy.multiply_j.value == Approx(0.2e-12).epsilon(1e-12));
  CHECK(scenario.platforms[2].neuron.latch.supply_v.value == Approx(0.9).epsilon(1e-12));
  CHECK(scenario.platforms[3].is_digital);
  CHECK(scenario.platforms[3].digital.energy.preset == "cmos45_horowitz2014");
  CHECK(scenario.platforms[3].digital.energy.sram_read_j_per_bit.value == Approx(10e-12 / 64).epsilon(1e-12));
  CHECK(scenario.compare_pairs == std::vector<std::pair<std::string, std::string>>{{"rram", "systolic"}});
}

TEST_CASE("wires take their resistances from the preset or the scenario, bit lines those of word lines", "[scenario]") {
  use_shipped_presets();
  const auto wires_of = [](const std::string& more) {
    return load_here(kTop + "platforms: [{name: p, linear: {model: electronic_crossbar, preset: rram_wan2022" + more +
                     "}, neuron: {model: relu_bit}}]\n")
        .platforms[0]
        .linear.crossbar.wires;
  };
  CHECK(wires_of("").model == electronic::WireModel::none);
  const auto preset = wires_of(", wires: exact");
  CHECK(preset.model == electronic::WireModel::exact);
  CHECK(preset.word_segment_ohm.value == Approx(0.35));
  CHECK(preset.bit_segment_ohm.value == Approx(0.35));
  CHECK(preset.driver_ohm.value == 0);
  CHECK_FALSE(preset.drive_both_ends);
  const auto own = wires_of(
      ", wires: fast, wire_resistance: 2 ohm, bit_line_resistance: 3 ohm, driver_resistance: 1 kohm, sense_resistance: "
      "5 ohm, "
      "drive: both_ends");
  CHECK(own.model == electronic::WireModel::fast);
  CHECK(own.word_segment_ohm.value == Approx(2));
  CHECK(own.bit_segment_ohm.value == Approx(3));
  CHECK(own.driver_ohm.value == Approx(1000));
  CHECK(own.sense_ohm.value == Approx(5));
  CHECK(own.drive_both_ends);
}

TEST_CASE("the history of a device is read, and off where nothing is said", "[scenario]") {
  use_shipped_presets();
  const auto device_of = [](const std::string& preset, const std::string& more) {
    return load_here(kTop + "platforms: [{name: p, linear: {model: electronic_crossbar, preset: " + preset + more +
                     "}, neuron: {model: relu_bit}}]\n")
        .platforms[0]
        .linear.crossbar.device;
  };
  const auto plain = device_of("pcm_nandakumar2019", "");
  CHECK_FALSE(plain.drift.is_on);
  CHECK(plain.spread.value + plain.stuck_on.value + plain.stuck_off.value + plain.read_disturb.value == 0);
  CHECK_FALSE(plain.current_noise.has_thermal);
  const auto old =
      device_of("pcm_nandakumar2019",
                ", drift: power_law, drift_compensation: global, age: 86400 s, read_noise: flicker, current_noise: "
                "thermal_and_shot, noise_bandwidth: 5 MHz, stuck_off: 1 %, device_spread: 0.1, retention_time: "
                "1e8 s, read_disturb: 1e-9, past_reads: 1000000");
  CHECK(old.drift.is_on);
  CHECK(old.drift.is_compensated);
  CHECK(old.drift.mean.slope == Approx(-0.0155));
  CHECK(old.drift.mean.lowest == Approx(0.049));
  CHECK(old.drift.spread.offset == Approx(-0.0059));
  CHECK(old.drift.spread.highest == Approx(0.045));
  CHECK(old.drift.reference_time_s.value == 20);
  CHECK(old.age_s.value == 86400);
  CHECK(old.read_noise == electronic::ReadNoise::flicker);
  CHECK(old.flicker.coefficient == Approx(0.0088));
  CHECK(old.current_noise.has_shot);
  CHECK(old.current_noise.bandwidth_hz.value == Approx(5e6));
  CHECK(old.stuck_off.value == Approx(0.01));
  CHECK(old.retention_time_s.value == Approx(1e8));
  CHECK(old.past_reads == 1e6);
  CHECK(device_of("rram_mnsim2", "").stuck_on.value == Approx(1e-3));
}

TEST_CASE("the scenario's value overrules the preset's and is the user's", "[scenario]") {
  use_test_presets();
  const auto platform =
      only(load_here(kTop + rram("read_voltage: 0.2 V, levels: 0, read_noise: none, programming_error: none, "
                                 "maximum_conductance: {value: 50 uS, source: \"own data\", status: read}")));
  const auto& crossbar = platform.linear.crossbar;
  CHECK(crossbar.read_voltage_v.value == 0.2);
  CHECK(crossbar.read_voltage_v.status == "user");
  CHECK(crossbar.read_voltage_v.source.empty());
  CHECK(crossbar.device.maximum_conductance_s.value == Approx(50e-6).epsilon(1e-12));
  CHECK(crossbar.device.maximum_conductance_s.source == "own data");
  CHECK(crossbar.device.maximum_conductance_s.status == "read");
  CHECK(crossbar.device.levels == 0);
  CHECK(crossbar.device.programming_error_s.empty());
  CHECK(crossbar.device.read_noise == electronic::ReadNoise::none);
  CHECK(crossbar.read_time_s.source == "test");
}

TEST_CASE("a device may be written out in full, without a preset", "[scenario]") {
  use_test_presets();
  const Scenario scenario = load_here(
      kTop +
      "platforms:\n  - name: p\n    precision: single\n    neuron: {model: relu_bit}\n    linear:\n      model: "
      "electronic_crossbar\n"
      "      signed_weights: offset_column\n      minimum_conductance: 0 S\n      maximum_conductance: 10 uS\n      "
      "levels: 0\n"
      "      programming_error: none\n      read_noise: none\n      read_voltage: 200 mV\n      read_time: 10 ns\n"
      "      settling_time: 1 ns\n      row_capacitance_per_cell: 0.5 fF\n");
  const auto& crossbar = only(scenario).linear.crossbar;
  CHECK(crossbar.signed_weights == electronic::SignedWeights::offset_column);
  CHECK(crossbar.precision == electronic::Precision::single_precision);
  CHECK(crossbar.read_voltage_v.value == 0.2);
  CHECK(crossbar.rows == 128);
  CHECK(crossbar.device.verify_tries == 1);
}

TEST_CASE("energies may be in kT at the scenario's temperature, wherever it stands", "[scenario]") {
  use_test_presets();
  const Scenario scenario = load_here(
      "platforms: [{name: p, linear: {model: ideal}, neuron: {model: relu_bit, decision_energy: 100 kT}}]\n"
      "szilard: 1\nname: k\nnetwork: stub.onnx\ndataset: {inputs: stub.npy}\ntemperature: 4 K\n");
  CHECK(only(scenario).neuron.parameters.decision_energy_j.value == Approx(100 * 1.380649e-23 * 4).epsilon(1e-12));
}

TEST_CASE("faults are read with their place", "[scenario]") {
  use_test_presets();
  const auto lsb = only(load_here(kTop + kIdeal + "    fault: {model: one_lsb, layer: fc1, sample: 7, index: 3}\n"));
  REQUIRE(lsb.fault);
  CHECK(lsb.fault->model == FaultSpec::Model::one_lsb);
  CHECK(lsb.fault->layer == "fc1");
  CHECK(lsb.fault->sample == 7);
  CHECK(lsb.fault->index == 3);
  const auto leak = only(
      load_here(kTop + kIdeal + "    fault: {model: energy_leak, component: fc1/driver, sample: 1, energy: 2 pJ}\n"));
  CHECK(leak.fault->model == FaultSpec::Model::energy_leak);
  CHECK(leak.fault->component == "fc1/driver");
  CHECK(leak.fault->energy_j == Approx(2e-12).epsilon(1e-12));
}

TEST_CASE("calibration takes the data set's scale unless it has its own", "[scenario]") {
  use_test_presets();
  const std::string top =
      "szilard: 1\nname: c\ntemperature: 300 K\nnetwork: stub.onnx\ndataset: {inputs: stub.npy, scale: 0.5}\n";
  CHECK(load_here(top + kIdeal).calibration_scale == 0.5);
  CHECK(load_here(top + "calibration: {inputs: stub.npy, scale: 2, samples: 10}\n" + kIdeal).calibration_scale == 2);
  const Scenario some = load_here(top + "calibration: {samples: 10}\n" + kIdeal);
  CHECK(some.calibration_samples == std::optional<std::size_t>(10));
  CHECK(some.calibration_path.empty());
}

TEST_CASE("an array of an npz archive is named after a colon", "[scenario]") {
  use_test_presets();
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "szilard_scenario_npz";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "data.npz") << "stands in for an archive";
  const std::string inputs = (folder / "data.npz:images").string();
  const Scenario scenario = load_here(kTop + kIdeal, {{"dataset.inputs=\"" + inputs + "\""}, {}, {}});
  CHECK(scenario.inputs_path == inputs);
  CHECK(scenario.canonical.find(":images") != std::string::npos);
  std::filesystem::remove_all(folder);
  const auto found = problems_of(kTop + kIdeal, {{"dataset.inputs=\"" + inputs + "\""}, {}, {}});
  REQUIRE(found.size() == 1);
  CHECK(found[0].code == support::DiagnosticCode::file_not_found);
  CHECK(found[0].message.find("data.npz'") != std::string::npos);
}

TEST_CASE("two technology nodes in one platform give a warning that names both", "[scenario]") {
  use_test_presets();
  const Scenario mixed = load_here(kTop + rram());
  REQUIRE(mixed.warnings.size() == 1);
  CHECK(mixed.warnings[0].severity == support::Severity::warning);
  CHECK(mixed.warnings[0].where.line == 7);
  CHECK(mixed.warnings[0].message.find("130 nm (cell)") != std::string::npos);
  CHECK(mixed.warnings[0].message.find("28 nm (sense_amplifier_28nm)") != std::string::npos);
  CHECK(mixed.platforms[0].technologies == std::vector<std::string>{"130 nm", "28 nm"});
  const Scenario digital = load_here(kTop + "platforms: [{name: d, digital: {rtl: systolic_int8}}]\n");
  CHECK(digital.warnings.empty());
}

TEST_CASE("overrides change, add and reach into named platforms, and the last one wins", "[scenario][override]") {
  use_test_presets();
  LoadOptions options;
  options.overrides = {"temperature=77 K",
                       "seed=5",
                       "seed=6",
                       "platforms.rram.linear.rows=64",
                       "platforms.rram.linear.programming_error=[1 uS, 2 uS]",
                       "platforms.rram.input={model: dac, bits: 4}",
                       "dataset.scale=0.25"};
  const Scenario scenario = load_here(kTop + rram(), options);
  CHECK(scenario.temperature_k == 77);
  CHECK(scenario.seed == 6);
  CHECK(scenario.scale == 0.25);
  const auto& crossbar = only(scenario).linear.crossbar;
  CHECK(crossbar.rows == 64);
  CHECK(crossbar.device.programming_error_s.size() == 2);
  REQUIRE(crossbar.input);
  CHECK(crossbar.input->quantiser.bits == 4);
}

TEST_CASE("overrides find platforms whose names hold dots", "[scenario][override]") {
  use_test_presets();
  const std::string text = kTop +
                           "platforms:\n"
                           "  - {name: a, linear: {model: ideal}, neuron: {model: relu_bit}}\n"
                           "  - {name: a.b, linear: {model: ideal}, neuron: {model: relu_bit}}\n";
  const Scenario scenario = load_here(text, {{"platforms.a.b.linear.quantisation=int8"}, {}, {}});
  CHECK(scenario.platforms[0].linear.quantisation == Quantisation::none);
  CHECK(scenario.platforms[1].linear.quantisation == Quantisation::int8);
}

TEST_CASE("seed and samples of the command line overrule the file and its overrides", "[scenario][override]") {
  use_test_presets();
  LoadOptions options;
  options.overrides = {"seed=2", "dataset.samples=3"};
  options.seed = 18446744073709551615u;
  options.samples = 9;
  const Scenario scenario = load_here(kTop + kIdeal, options);
  CHECK(scenario.seed == 18446744073709551615u);
  CHECK(scenario.samples == std::optional<std::size_t>(9));
  CHECK(scenario.resolved_yaml.find("seed: 18446744073709551615\n") != std::string::npos);
  options.samples = 0;
  const auto found = problems_of(kTop + kIdeal, options);
  REQUIRE(found.size() == 1);
  CHECK(found[0].where.file == "--samples");
  CHECK(found[0].code == support::DiagnosticCode::out_of_range);
}

TEST_CASE("a broken value of --set is placed in its text", "[scenario][override][bad]") {
  use_test_presets();
  const auto found = problems_of(kTop + kIdeal, {{"temperature=300"}, {}, {}});
  REQUIRE(found.size() == 1);
  CHECK(found[0].where.file == "--set");
  CHECK(found[0].where.column == 13);
  CHECK(found[0].code == support::DiagnosticCode::wrong_unit);
}

TEST_CASE("a device's figures come from its own preset unless the scenario or its preset says otherwise",
          "[scenario]") {
  use_shipped_presets();
  const auto neuron = [](const std::string& text) {
    return load_here(kTop + "platforms:\n  - {name: p, linear: {model: ideal}, neuron: {model: relu_bit, " + text +
                     "}}\n")
        .platforms[0]
        .neuron;
  };
  for (const char* preset : {"", ", preset: sense_amplifier_28nm", ", preset: threshold_switch_vox2025"}) {
    const NeuronSpec device = neuron(std::string("reset: memristive_threshold") + preset);
    CHECK(device.device.name == "memristive_threshold");
    CHECK(device.device.set_j == Approx(2.75e-9));
    CHECK(device.device.is_volatile());
    CHECK(device.device.reset_time_s == Approx(310e-9));
    CHECK(device.device.set_j.source.find("10.1039/D4NH00484A") != std::string::npos);
  }
  CHECK(neuron("reset: optical_bistable").device.set_j == Approx(1.6e-6 * 0.5e-6));
  const NeuronSpec own = neuron("reset: optical_bistable, set_energy: 3 fJ");
  CHECK(own.device.set_j == Approx(3e-15));
  CHECK(own.device.set_j.status == "user");
  CHECK(own.device.reset_j == Approx(0.8e-12));
}

TEST_CASE("errors of a bit are absent where nothing is said, and read with their barrier in kT", "[scenario]") {
  use_shipped_presets();
  const auto neuron = [](const std::string& text) {
    return load_here(kTop + "platforms:\n  - {name: p, linear: {model: ideal}, neuron: {model: relu_bit" + text +
                     "}}\n")
        .platforms[0]
        .neuron;
  };
  CHECK_FALSE(neuron("").parameters.errors.any());
  const auto errors = neuron(
      ", hysteresis: 5 %, state_energy: 20 kT, retention_barrier: 10 kT, attempt_time: 1 ns, hold_time: 2 us, "
      "read_energy: 1e-18 J, decision_time: 1 ns, regeneration_time: 20 ps");
  CHECK(errors.hold_s == 2e-6);
  CHECK(errors.parameters.errors.hysteresis == 0.05);
  CHECK(errors.parameters.errors.retention_time_s == Approx(1e-9 * std::exp(10)).epsilon(1e-12));
  CHECK(errors.parameters.errors.state_energy_j == Approx(20 * 1.380649e-23 * 300).epsilon(1e-12));
  CHECK(errors.parameters.errors.temperature_k == 300);
  CHECK_FALSE(errors.parameters.errors.is_self_timed);
  const auto waits = neuron(", regeneration_time: 20 ps, decision: self_timed");
  CHECK(waits.parameters.errors.is_self_timed);
  CHECK(waits.parameters.decision_time_s == 0);
}

TEST_CASE("cooling names an ambience, and its pump by number or preset", "[scenario]") {
  use_shipped_presets();
  CHECK_FALSE(load_here(kTop + kIdeal).cooling);
  const auto cold = [](const std::string& text) {
    return load_here(kTop + "cooling: {" + text + "}\n" + kIdeal).cooling;
  };
  CHECK(cold("ambient: 310 K, efficiency: 20 %")->efficiency == 0.2);
  CHECK(cold("ambient: 310 K, efficiency: 20 %")->ambient_k == 310);
  CHECK(cold("ambient: 310 K, preset: pulse_tube_25k_dietrich2009")->efficiency ==
        Approx(12.9 * 11 / 4600).epsilon(2e-3));
}
