// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/effects.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <stdexcept>

#include "models/electronic/device.hpp"
#include "tests/sim/scenario/scenario_test.hpp"

using namespace szilard;
using namespace szilard::scenario;

namespace {

// Every effect of the crossbar is on.
const std::string kEverything =
    "platforms:\n  - name: rram\n    linear: {model: electronic_crossbar, preset: cell, levels: 16, programming_error: "
    "[1 uS], verify_tries: 3, "
    "verify_tolerance: 0.01, stuck_on: 0.01, device_spread: 0.02, age: 1000 s, drift: power_law, drift_exponent: [0, "
    "0.05, 0, 1], "
    "drift_exponent_spread: [0, 0.01, 0, 1], drift_reference_time: 20 s, drift_compensation: global, retention_time: "
    "1e6 s, "
    "read_disturb: 1e-9, past_reads: 100, wires: fast, wire_resistance: 1 ohm, driver_resistance: 0 ohm, "
    "sense_resistance: 0 ohm, "
    "read_noise: independent, read_noise_sigma: 0.01, current_noise: thermal, settling_time: 3 ns, "
    "integration_capacitance: 50 fF, access_resistance: 2 kohm, "
    "write_voltage: 2 V, write_time: 1 us, programming: {inferences: 1000}}\n"
    "    input: {model: dac, bits: 8, noise: 0.5, range: percentile, range_percentile: 0.99}\n"
    "    output: {model: adc, bits: 8, offset: 1, sampling_capacitance: 5 fF, sampling_voltage: 1 V}\n"
    "    neuron: {model: relu_bit, threshold_offset: 0.01, threshold_noise: 0.01}\n";

// What does not go with the rest.
const std::string kBent =
    "platforms:\n  - name: rram\n    linear: {model: electronic_crossbar, preset: cell, levels: 16, cell: sinh, "
    "cell_voltage: 0.3 V}\n"
    "    neuron: {model: relu_bit}\n";
const std::string kSummed =
    "platforms:\n  - name: rram\n    linear: {model: electronic_crossbar, preset: cell, encoding: bit_serial, "
    "input_bits: 8, bit_sums: analog, "
    "sum_mismatch: 1 %, addition_energy: 0.1 pJ}\n    input: {model: dac, bits: 1}\n    output: {model: adc, bits: 8}\n"
    "    neuron: {model: relu_bit}\n";

const std::string& text_with(const std::string& effect) {
  return effect == "cell_current" ? kBent : effect == "sum_mismatch" ? kSummed : kEverything;
}

PlatformSpec everything(const std::string& disabled = {}) {
  return load_here(kTop + text_with(disabled) + (disabled.empty() ? "" : "    disable: [" + disabled + "]\n"))
      .platforms.at(0);
}

}  // namespace

TEST_CASE("every effect can be on, is off when it is switched off, and touches no other one", "[scenario][effects]") {
  use_test_presets();
  std::set<std::string> names;
  for (const Effect& one : effects()) {
    INFO(one.name);
    CHECK(names.insert(one.name).second);
    CHECK_FALSE(one.meaning.empty());
    if (one.name == "relaxation") continue;  // stands in the presets that have it
    const PlatformSpec before = load_here(kTop + text_with(one.name)).platforms.at(0);
    PlatformSpec spec = before;
    CHECK(one.is_on(spec));
    one.switch_off(spec);
    CHECK_FALSE(one.is_on(spec));
    CHECK_NOTHROW(spec.linear.crossbar.check());
    for (const Effect& other : effects()) {
      const bool needs_it = other.is_remedy && (one.name == "programming_error" || one.name == "drift");
      if (&other == &one || needs_it) continue;
      INFO(other.name);
      CHECK(other.is_on(spec) == other.is_on(before));
    }
  }
}

TEST_CASE("disable does in the file what the switch does in the program", "[scenario][effects]") {
  use_test_presets();
  for (const Effect& one : effects()) {
    INFO(one.name);
    CHECK_FALSE(one.is_on(everything(one.name)));
  }
  CHECK(everything("drift, wires").linear.crossbar.wires.model == electronic::WireModel::none);
  CHECK(everything("drift, wires").linear.crossbar.device.stuck_on.value == 0.01);
}

TEST_CASE("an ideal platform and a digital one have no effects", "[scenario][effects]") {
  use_test_presets();
  for (const std::string& platforms :
       {kIdeal, std::string("platforms: [{name: d, digital: {rtl: systolic_int8, rows: 8, columns: 8}}]\n")}) {
    const PlatformSpec spec = load_here(kTop + platforms).platforms.at(0);
    for (const Effect& one : effects()) CHECK_FALSE(one.is_on(spec));
  }
}

TEST_CASE("without quantisation a converter has its energy and its errors in the signal", "[scenario][effects]") {
  use_test_presets();
  const electronic::Converter before = *everything().linear.crossbar.input,
                              after = *everything("input_quantisation").linear.crossbar.input;
  CHECK(after.quantiser.bits == 16);
  CHECK(after.energy_j(5) == before.energy_j(5));
  CHECK(after.imperfections.noise_lsb * std::ldexp(1.0, -16) == before.imperfections.noise_lsb * std::ldexp(1.0, -8));
  const std::string ramp = "energy_model: single_slope_ramp, energy_per_step: 1 fJ, step_time: 1 ns";
  const std::string text =
      kTop + rram("", "    output: {model: adc, bits: 8, " + ramp + "}\n    disable: [output_quantisation]\n");
  const electronic::Converter adc = *load_here(text).platforms.at(0).linear.crossbar.output;
  CHECK(adc.energy_model == electronic::EnergyModel::cited);
  CHECK(adc.time_s() > 100e-9);
  CHECK(adc.energy_j(0) > 0);
}

TEST_CASE("without programming error relaxation keeps what it adds to it", "[scenario][effects]") {
  use_shipped_presets();
  const auto device = [](const char* disabled) {
    return load_here(
               kTop +
               "platforms: [{name: p, linear: {model: electronic_crossbar, preset: rram_wan2022, verify_tries: 1, "
               "relaxation: measured, age: 86400 s}, neuron: {model: relu_bit}, disable: [" +
               disabled + "]}]\n")
        .platforms.at(0)
        .linear.crossbar.device;
  };
  const electronic::Device whole = device(""), exact = device("programming_error");
  for (const double g : {0.25, 0.5, 0.9}) {
    INFO(g);
    const double target = g * 40e-6, programmed = programming_sigma_s(whole, target),
                 then = deviation_at_age(whole, target).sigma_s;
    CHECK(programming_sigma_s(exact, target) == 0);
    CHECK(deviation_at_age(exact, target).sigma_s ==
          Approx(std::sqrt(then * then - programmed * programmed)).epsilon(0.005));
  }
  CHECK_NOTHROW(exact.check());
}

TEST_CASE("an unknown effect is a fault of the program's", "[scenario][effects][bad]") {
  CHECK_THROWS_AS(effect("gravity"), std::logic_error);
  CHECK_THROWS_AS(effect(""), std::logic_error);
}
