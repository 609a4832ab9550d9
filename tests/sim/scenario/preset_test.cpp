// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "sim/scenario/fields.hpp"
#include "tests/sim/scenario/scenario_test.hpp"

using namespace szilard;
using namespace szilard::scenario;

namespace {

double sigma_at(const std::vector<double>& coefficients, double g) {
  double sigma = 0;
  for (auto c = coefficients.rbegin(); c != coefficients.rend(); ++c) sigma = sigma * g + *c;
  return sigma;
}

electronic::CrossbarParameters crossbar(const std::string& preset) {
  return load_here(kTop + "platforms: [{name: p, linear: {model: electronic_crossbar, preset: " + preset +
                   "}, neuron: {model: relu_bit}}]\n")
      .platforms[0]
      .linear.crossbar;
}

electronic::Converter adc(const std::string& preset, int bits) {
  return *load_here(kTop +
                    rram("", "    output: {model: adc, preset: " + preset + ", bits: " + std::to_string(bits) + "}\n"))
              .platforms[0]
              .linear.crossbar.output;
}

/// A converter of a shipped preset; call use_shipped_presets() before.
electronic::Converter shipped(const std::string& part, const std::string& model, const std::string& preset, int bits) {
  const Scenario scenario = load_here(
      kTop +
      "platforms: [{name: p, linear: {model: electronic_crossbar, preset: rram_wan2022}, neuron: {model: relu_bit}, " +
      part + ": {model: " + model + ", preset: " + preset + ", bits: " + std::to_string(bits) + "}}]\n");
  const electronic::CrossbarParameters& crossbar = scenario.platforms[0].linear.crossbar;
  electronic::Converter converter = part == "input" ? *crossbar.input : *crossbar.output;
  converter.quantiser.is_signed = part == "output";
  return converter;
}

}  // namespace

TEST_CASE("every shipped preset loads as the part that it is for and says where each number comes from",
          "[scenario][preset]") {
  use_shipped_presets();
  const auto all = presets();
  REQUIRE(all.size() >= 15);
  for (const PresetInfo& preset : all) {
    INFO(preset.name);
    CHECK_FALSE(preset.title.empty());
    CHECK_FALSE(preset.technology.empty());
    const Section& part = section(preset.model);
    for (const PresetKey& key : preset.keys) {
      INFO(key.key);
      CHECK(key.source.size() >= 4);
      CHECK(std::set<std::string>{"read", "recall", "choice"}.count(key.status) == 1);
      CHECK_FALSE(key.value.empty());
    }
    if (preset.model == "cooling") {
      CHECK_NOTHROW(load_here(kTop + "cooling: {ambient: 400 K, preset: " + preset.name +
                              "}\nplatforms: [{name: p, linear: "
                              "{model: ideal}, neuron: {model: relu_bit}}]\n"));
      continue;
    }
    if (preset.model == "quasistatic") {
      CHECK_NOTHROW(load_here(kTop + "platforms: [{name: p, quasistatic: {stiffness: 10 kT, ramp: 1 tau, preset: " +
                              preset.name + "}}]\n"));
      continue;
    }
    if (preset.model == "training") {
      CHECK_NOTHROW(load_here(
          kTop + "training: {preset: " + preset.name +
          ", inputs: stub.npy, labels: stub.npy, epochs: 1, stiffness: 10 kT, "
          "stiffness_ratio: 1, exposure: 1 tau, parameter_time: 10 tau}\nplatforms: [{name: p, linear: {model: ideal}, "
          "neuron: {model: relu_bit}}]\n"));
      continue;
    }
    const std::string body = "{" + selector_of(part.part) + ": " + part.model + ", preset: " + preset.name + "}";
    std::string platform = "{name: p, " + part.part + ": " + body;
    if (part.part == "energy") platform = "{name: p, digital: {rtl: systolic_int8, energy: " + preset.name + "}";
    if (part.part == "amplifier")
      platform =
          "{name: p, neuron: {model: relu_bit}, linear: {model: mzi_mesh, preset: mzi_harris2014, gain_row: " + body +
          "}";
    if (part.part == "linear") platform += ", neuron: {model: relu_bit}";
    if (part.model == "capacitive_crossbar") platform += ", output: {model: adc, preset: adc_sar_65nm, bits: 8}";
    if (part.part == "neuron" || part.part == "input" || part.part == "output") {
      platform += ", linear: {model: electronic_crossbar, preset: rram_wan2022}";
    }
    if (part.part == "input" || part.part == "output") platform += ", neuron: {model: relu_bit}";
    CHECK_NOTHROW(load_here(kTop + "platforms: [" + platform + "}]\n"));
  }
}

TEST_CASE("device presets reproduce the numbers printed in their sources", "[scenario][preset]") {
  use_shipped_presets();
  const auto wan = crossbar("rram_wan2022");
  CHECK(sigma_at(wan.device.programming_error_s, 0.5) == Approx(2.0e-6).epsilon(0.03));
  CHECK(sigma_at(crossbar("pcm_nandakumar2019").device.programming_error_s, 0.5) == Approx(0.95e-6).epsilon(0.01));
  const auto joshi = crossbar("pcm_joshi2020");
  for (const double conductance_uS : {0.25, 5.0, 12.5, 25.0}) {
    const double printed = -0.00178767 * conductance_uS * conductance_uS + 0.07585724 * conductance_uS + 0.28638599;
    CHECK(sigma_at(joshi.device.programming_error_s, conductance_uS / 25) == Approx(printed * 1e-6).epsilon(1e-9));
  }
  CHECK(joshi.device.maximum_conductance_s / joshi.device.minimum_conductance_s == Approx(100));
  CHECK(1 / crossbar("rram_isaac2016_crosssim").device.maximum_conductance_s == Approx(2e3));
  CHECK(1 / crossbar("rram_isaac2016_crosssim").device.minimum_conductance_s == Approx(2e6));
  CHECK(1 / crossbar("rram_isaac2016_cimloop").device.maximum_conductance_s == Approx(1333));
  CHECK(1 / crossbar("rram_isaac2016_cimloop").device.minimum_conductance_s == Approx(20e3));
  const auto neurosim = crossbar("rram_neurosim14");
  CHECK(neurosim.device.maximum_conductance_s / neurosim.device.minimum_conductance_s == Approx(17));
  const auto milo = crossbar("rram_milo2021");
  CHECK(milo.device.maximum_conductance_s / milo.device.minimum_conductance_s == Approx(4.5));
  const auto& v = wan.read_voltage_v.value;
  CHECK(v * v * 40e-6 * wan.read_time_s == Approx(0.1e-12));
}

TEST_CASE("converter presets follow their printed tables and formulas", "[scenario][preset]") {
  use_shipped_presets();
  const auto energy = [](const std::string& preset, int bits) {
    const Scenario scenario =
        load_here(kTop +
                  "platforms: [{name: p, linear: {model: electronic_crossbar, preset: rram_wan2022}, "
                  "neuron: {model: relu_bit}, output: {model: adc, preset: " +
                  preset + ", bits: " + std::to_string(bits) + "}}]\n");
    return scenario.platforms[0].linear.crossbar.output->energy_per_conversion_j.value;
  };
  CHECK(energy("adc_isaac8", 8) == Approx(16e-3 / (8 * 1.2e9)).epsilon(1e-3));
  for (int bits = 2; bits <= 16; ++bits) {
    const double printed = (100e-15 * bits + 0.001e-15 * std::pow(4.0, bits)) * 0.9 * 0.9;
    CHECK(energy("adc_aimc28", bits) == Approx(printed).epsilon(1e-6));
  }
}

TEST_CASE("ADC presets reproduce energy, rate and bits as their sources print them", "[scenario][preset]") {
  use_shipped_presets();
  struct Printed {
    const char* preset;
    int bits;
    double energy_j, rate_hz;
  };
  for (const Printed& printed : {Printed{"adc_isaac8", 8, 1.667e-12, 1.2e9},
                                 {"adc_isaac8", 10, 2.38e-12, 1.2e9},
                                 {"adc_survey_65nm", 8, 6.49e-12, 100e6},
                                 {"adc_survey_45nm", 8, 3.25e-12, 100e6},
                                 {"adc_survey_32nm", 8, 1.71e-12, 100e6},
                                 {"adc_survey_22nm", 6, 0.53e-12, 100e6},
                                 {"adc_survey_22nm", 8, 0.85e-12, 100e6},
                                 {"adc_survey_7nm", 4, 0.053e-12, 100e6},
                                 {"adc_survey_7nm", 8, 0.10e-12, 100e6},
                                 {"adc_walden", 8, 25e-15 * 256, 10e9},
                                 {"adc_sar_2013", 12, 2.2e-15 * 4096, 100e3},
                                 {"sa_1bit", 1, 0.1086 * 15e-6 / 1e9, 1e9},
                                 {"adc_14nm_10gs", 8, 14.8e-3 / 10e9, 10e9},
                                 {"tdc_timely", 8, 0.145e-12, 40e6}}) {
    const electronic::Converter converter = shipped("output", "adc", printed.preset, printed.bits);
    INFO(printed.preset << ", " << printed.bits << " bits");
    CHECK(converter.energy_j(0) == Approx(printed.energy_j).epsilon(2e-3));
    CHECK(1 / converter.time_s() == Approx(printed.rate_hz).epsilon(1e-3));
  }
}

TEST_CASE("ADC presets by architecture reproduce what their sources print of steps, times and powers",
          "[scenario][preset]") {
  use_shipped_presets();
  using electronic::EnergyModel;
  const auto hermes = shipped("output", "adc", "adc_hermes_cco", 8);
  CHECK(hermes.energy_model == EnergyModel::current_controlled_oscillator);
  CHECK(hermes.time_s() / hermes.most_steps() == Approx(300e-12));
  CHECK(hermes.static_power_w * 133e-9 == Approx(40e-12).epsilon(0.01));
  CHECK(hermes.static_power_w * 64 * 256 < 6.46);
  const auto neurram = shipped("output", "adc", "adc_neurram", 6);
  CHECK(neurram.energy_model == EnergyModel::charge_decrement);
  CHECK(neurram.architecture.binary_search);
  CHECK(neurram.energy_j(-31) == Approx(1.2e-12 + 0.25e-12 + 6 * (0.3e-12 + 0.1e-12)));
  CHECK(neurram.time_s() == Approx(6 * 0.3e-6));
  const auto flash = shipped("output", "adc", "adc_flash_28nm", 4);
  CHECK(flash.energy_j(0) == Approx(15 * 0.1086 * 15e-6 / 1e9).epsilon(2e-3));
  CHECK(flash.time_s() == Approx(1e-9));
  const auto sar = shipped("output", "adc", "adc_sar_28nm", 8);
  double mean_j = 0;
  for (double code = -127; code <= 127; ++code) mean_j += sar.energy_j(code) / 255;
  CHECK(mean_j == Approx(8 * 100e-15 * 0.81 + 63.5e-15 * 0.81).epsilon(2e-3));
  const auto ramp = shipped("output", "adc", "adc_ramp_28nm", 8);
  CHECK(ramp.time_s() == Approx(256e-9));
  CHECK(ramp.architecture.energy_per_step_j == Approx(2 * 3 * 0.7e-15 * 0.81).epsilon(1e-2));
}

TEST_CASE("the survey's trend gives 180.1 dB to slow converters and 158.5 dB at 5 GS/s", "[scenario][preset]") {
  use_shipped_presets();
  const auto adc = shipped("output", "adc", "adc_survey_trend", 8);
  CHECK(adc.energy_model == electronic::EnergyModel::survey);
  CHECK(adc.survey.figure_db(1e6) == Approx(180.14).epsilon(1e-5));
  CHECK(adc.survey.figure_db(5e9) == Approx(158.46).epsilon(1e-4));
}

TEST_CASE("a preset by the figure of merit of Schreier takes the power that its source printed", "[scenario][preset]") {
  use_shipped_presets();
  const auto adc = shipped("output", "adc", "adc_sar_liu2010", 10);
  CHECK(adc.energy_model == electronic::EnergyModel::schreier);
  CHECK(adc.energy_j(0) == Approx(0.826e-3 / 50e6).epsilon(5e-3));
  // 29 fJ a conversion step, printed as well.
  CHECK(adc.energy_j(0) / std::exp2(9.18) == Approx(29e-15).epsilon(0.02));
}

TEST_CASE("presets hold the areas that their sources print", "[scenario][preset]") {
  use_shipped_presets();
  const auto area = [](const std::string& part, const std::string& model, const std::string& preset, int bits) {
    const auto crossbar =
        load_here(kTop +
                  "platforms: [{name: p, linear: {model: electronic_crossbar, preset: rram_wan2022}, neuron: {model: "
                  "relu_bit}, " +
                  part + ": {model: " + model + ", preset: " + preset + ", bits: " + std::to_string(bits) + "}}]\n")
            .platforms[0]
            .linear.crossbar;
    return (part == "input" ? crossbar.area.dac_m2 : crossbar.area.adc_m2).value().value * 1e12;
  };
  CHECK(area("output", "adc", "adc_isaac8", 8) == Approx(9600.0 / 8));
  CHECK(area("output", "adc", "tdc_timely", 8) == Approx(310));
  CHECK(area("output", "adc", "adc_neurram", 6) == Approx(400 + 350 + 170));
  CHECK(area("output", "adc", "adc_sar_liu2010", 10) == Approx(195 * 265));
  CHECK(area("input", "dac", "dac_isaac1", 1) == Approx(170.0 / 128 / 8));
  CHECK(area("input", "dac", "dtc_timely", 8) == Approx(240));
  CHECK(area("input", "dac", "dac_40nm_vlsi2018", 8) == Approx(438));
  const auto wan = crossbar("rram_wan2022").area;
  CHECK(wan.driver_m2->value / (256 * wan.cell_m2->value) == Approx(21.0 / 12).epsilon(1e-3));
}

TEST_CASE("the preset of a sampling capacitor follows kT / C, 3.3 fF for 8 bits at 1 V", "[scenario][preset]") {
  use_shipped_presets();
  const auto sampler = shipped("output", "adc", "sample_hold", 8);
  CHECK(sampler.sampling.capacitance_f == Approx(3.3e-15).epsilon(0.02));
  CHECK(sampler.energy_j(0) == Approx(3.26e-15).epsilon(1e-3));
  CHECK(shipped("output", "adc", "sample_hold", 10).energy_j(0) == Approx(16 * sampler.energy_j(0)));
}

TEST_CASE("DAC presets reproduce energy and rate as their sources print them", "[scenario][preset]") {
  use_shipped_presets();
  CHECK(shipped("input", "dac", "dac_isaac1", 1).energy_j(0) == Approx(0.417e-12));
  CHECK(shipped("input", "dac", "dac_40nm_vlsi2018", 8).energy_j(0) == Approx(0.291e-12));
  CHECK(shipped("input", "dac", "dac_lightning", 8).energy_j(0) == Approx(0.793e-12));
  CHECK(shipped("input", "dac", "dtc_timely", 8).energy_j(0) == Approx(0.0375e-12));
  const auto fast = shipped("input", "dac", "dac_16nm_14gs", 8);
  CHECK(fast.energy_j(0) == Approx(50e-3 / 14e9).epsilon(1e-6));
  CHECK(1 / fast.time_s() == Approx(14e9).epsilon(1e-6));
  for (const int bits : {4, 8}) {
    CHECK(shipped("input", "dac", "dac_aimc28", bits).energy_j(0) == Approx(50e-15 * bits * 0.81).epsilon(1e-6));
  }
}

TEST_CASE("a value that depends on the resolution follows the scenario's bits", "[scenario][preset]") {
  use_test_presets();
  CHECK(adc("adc_isaac8", 4).energy_per_conversion_j.value == Approx(0.79e-12));
  CHECK(adc("adc_isaac8", 10).energy_per_conversion_j.value == Approx(2.38e-12));
  CHECK(adc("adc_isaac8", 10).energy_per_conversion_j.status == "read");
}

TEST_CASE("an energy given by hand needs no preset for that resolution", "[scenario][preset]") {
  use_test_presets();
  const Scenario scenario = load_here(
      kTop + rram("", "    output: {model: adc, preset: adc_isaac8, bits: 12, energy_per_conversion: 5 pJ}\n"));
  CHECK(scenario.platforms[0].linear.crossbar.output->energy_per_conversion_j.value == Approx(5e-12));
}

TEST_CASE("the technology folder is taken from the environment", "[scenario][preset]") {
  use_test_presets();
  CHECK(technology_folder() == kTestFolder + "/technology");
  unsetenv("SZILARD_TECHNOLOGY");
  CHECK_FALSE(technology_folder().empty());
  use_shipped_presets();
}

TEST_CASE("a preset without sources is refused when it is used", "[scenario][preset][bad]") {
  use_test_presets();
  const auto found = problems_of(kTop +
                                 "platforms: [{name: p, linear: {model: electronic_crossbar, preset: broken_source}, "
                                 "neuron: {model: relu_bit}}]\n");
  REQUIRE_FALSE(found.empty());
  CHECK(found[0].where.file.find("broken_source.yaml") != std::string::npos);
}

TEST_CASE("no folder of presets is no obstacle until a preset is asked for", "[scenario][preset][bad]") {
  setenv("SZILARD_TECHNOLOGY", "/nowhere/at/all", 1);
  CHECK(presets().empty());
  CHECK_NOTHROW(load_here(kTop + kIdeal));
  const auto found = problems_of(kTop + rram());
  REQUIRE_FALSE(found.empty());
  CHECK(std::any_of(found.begin(), found.end(),
                    [](const auto& d) { return d.code == support::DiagnosticCode::unknown_preset; }));
}
