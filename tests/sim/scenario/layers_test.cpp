// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "sim/scenario/effects.hpp"
#include "tests/sim/scenario/scenario_test.hpp"

using namespace szilard;
using namespace szilard::scenario;

namespace {

const std::string kPlatform =
    "platforms:\n  - name: rram\n    linear: {model: electronic_crossbar, preset: cell, levels: 16}\n"
    "    input: {model: dac, bits: 6}\n    output: {model: adc, bits: 5}\n    precision: single\n"
    "    neuron: {model: relu_bit, threshold_noise: 0.01}\n    disable: [levels]\n";

PlatformSpec built(const std::string& layers) { return load_here(kTop + kPlatform + layers).platforms.at(0); }

}  // namespace

TEST_CASE("a layer has what it says of its own, and the rest from its platform", "[scenario][layers]") {
  use_test_presets();
  const PlatformSpec spec = built(
      "    layers:\n      - {name: fc.0, output: {model: adc, bits: 9}}\n"
      "      - {name: fc.1, linear: {model: ideal}, input: {model: none}, output: {model: none}}\n"
      "      - {name: fc.2, disable: []}\n");
  REQUIRE(spec.layers.size() == 3);
  const PlatformSpec& first = spec.of_layer("fc.0");
  CHECK(first.linear.crossbar.output->quantiser.bits == 9);
  CHECK(first.linear.crossbar.input->quantiser.bits == 6);
  CHECK(first.linear.crossbar.precision == electronic::Precision::single_precision);
  CHECK(first.linear.crossbar.device.levels == 0);
  CHECK(first.neuron.parameters.threshold_noise.value == 0.01);
  CHECK(first.name == "rram");
  const PlatformSpec& second = spec.of_layer("fc.1");
  CHECK(second.linear.model == LinearModel::ideal);
  CHECK_FALSE(second.linear.crossbar.output);
  CHECK(spec.of_layer("fc.2").linear.crossbar.device.levels == 16);
  CHECK(&spec.of_layer("fc.3") == &spec);
  CHECK(spec.linear.crossbar.output->quantiser.bits == 5);
}

TEST_CASE("a platform has an effect where one of its layers has, and loses it in all", "[scenario][layers]") {
  use_test_presets();
  PlatformSpec spec = built(
      "    layers: [{name: fc.2, disable: []}, {name: fc.0, linear: {model: electronic_crossbar, preset: cell, levels: "
      "8, stuck_on: 0.01}}]\n");
  const Effect &levels = effect("levels"), &stuck = effect("stuck_cells");
  CHECK(levels.is_on(spec));
  CHECK(stuck.is_on(spec));
  levels.switch_off(spec);
  CHECK_FALSE(levels.is_on(spec));
  CHECK(stuck.is_on(spec));
  stuck.switch_off(spec);
  CHECK_FALSE(stuck.is_on(spec));
  CHECK(spec.of_layer("fc.0").linear.crossbar.device.stuck_on == 0);
}

TEST_CASE("an override reaches into a layer by its name, dots and all", "[scenario][layers]") {
  use_test_presets();
  const std::string text = kTop + kPlatform + "    layers: [{name: fc.0, output: {model: adc, bits: 9}}]\n";
  CHECK(load_here(text, {{"platforms.rram.layers.fc.0.output.bits=7"}, {}, {}})
            .platforms.at(0)
            .of_layer("fc.0")
            .linear.crossbar.output->quantiser.bits == 7);
  const auto found = problems_of(text, {{"platforms.rram.layers.fc.1.output.bits=7"}, {}, {}});
  REQUIRE(found.size() == 1);
  CHECK(found[0].code == support::DiagnosticCode::bad_override);
}

TEST_CASE("a resolved scenario with layers resolves to itself", "[scenario][layers]") {
  use_test_presets();
  const std::string text = kTop + kPlatform +
                           "    layers:\n      - {name: fc.0, output: {model: adc, bits: 9}}\n"
                           "      - {name: fc.1, linear: {model: electronic_crossbar, preset: cell}}\n";
  const Scenario once = load_here(text);
  CHECK(once.resolved_yaml.find("layers:") != std::string::npos);
  const Scenario twice = load_here(once.resolved_yaml);
  CHECK(twice.resolved_yaml == once.resolved_yaml);
  CHECK(twice.canonical == once.canonical);
  CHECK(load_here(kTop + kPlatform).canonical != once.canonical);
}
