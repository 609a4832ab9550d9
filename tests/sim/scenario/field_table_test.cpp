// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <utility>

#include "sim/scenario/fields.hpp"
#include "tests/sim/scenario/scenario_test.hpp"

using namespace szilard;
using namespace szilard::scenario;

namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;

// A flow map of the entries with `key: value` in place of the entry of that key, or added.
std::string flow(const Lines& entries, const std::string& key, const std::string& value) {
  std::string text;
  for (const auto& [name, content] : entries) {
    if (name != key) text += name + ": " + content + ", ";
  }
  return "{" + text + key + ": " + value + "}";
}

std::string flow(const Lines& entries) {
  std::string text;
  for (const auto& [name, content] : entries) text += (text.empty() ? "" : ", ") + name + ": " + content;
  return "{" + text + "}";
}

Lines entries_of(const Section& section) {
  if (section.id == "top") {
    return {{"szilard", "1"},
            {"name", "good"},
            {"temperature", "300 K"},
            {"network", "stub.onnx"},
            {"dataset", "{inputs: stub.npy}"},
            {"platforms", "[{name: p, linear: {model: ideal}, neuron: {model: relu_bit}}]"}};
  }
  if (section.id == "dataset") return {{"inputs", "stub.npy"}};
  if (section.id == "calibration" || section.id == "compare" || section.id == "waves" || section.id == "statistical")
    return {};
  if (section.id == "drawn_layer") {
    return {{"name", "gate"}, {"inputs", "8"}, {"outputs", "8"}, {"relu", "true"}, {"activity", "50 %"}};
  }
  if (section.id == "cooling") return {{"ambient", "300 K"}, {"efficiency", "10 %"}};
  if (section.id == "fault.free_reset") return {{"model", "free_reset"}, {"layer", "fc1"}};
  if (section.id == "platform") {
    return {{"name", "p"}, {"linear", "{model: electronic_crossbar, preset: cell}"}, {"neuron", "{model: relu_bit}"}};
  }
  if (section.id == "linear.electronic_crossbar") return {{"model", "electronic_crossbar"}, {"preset", "cell"}};
  if (section.id == "linear.mzi_mesh") return {{"model", "mzi_mesh"}, {"preset", "mesh"}};
  if (section.id == "linear.scattering_medium") return {{"model", "scattering_medium"}, {"preset", "scatterer"}};
  if (section.id == "linear.ring_bank") return {{"model", "ring_bank"}, {"preset", "rings"}};
  if (section.id == "linear.absorptive_crossbar") return {{"model", "absorptive_crossbar"}, {"preset", "absorbers"}};
  if (section.id == "linear.capacitive_crossbar") return {{"model", "capacitive_crossbar"}, {"preset", "capacitors"}};
  if (section.id == "part") return {{"name", "buffer"}, {"power", "1 mW"}};
  if (section.id == "layer") return {{"name", "fc1"}, {"output", "{model: adc}"}};
  if (section.id == "fault.one_lsb") return {{"model", "one_lsb"}, {"layer", "fc1"}, {"sample", "0"}, {"index", "0"}};
  if (section.id == "fault.energy_leak") {
    return {{"model", "energy_leak"}, {"component", "fc1"}, {"sample", "0"}, {"energy", "1 pJ"}};
  }
  if (section.id == "programming") return {{"inferences", "1000"}};
  if (section.id == "hand_over") return {{"loss", "1 dB"}};
  if (section.id == "row_switch")
    return {{"voltage_share", "0.25"}, {"time_constant", "1 ps"}, {"supply", "1 V"}, {"fan_out", "4"}};
  if (section.id == "column_amplifier")
    return {{"load", "1 pF"}, {"time", "1 us"}, {"supply", "1 V"}, {"efficiency", "20"}, {"branches", "2"}};
  if (section.id == "amplifier.semiconductor") return {{"model", "semiconductor"}, {"preset", "soa"}};
  if (section.id == "amplifier.erbium_fibre") return {{"model", "erbium_fibre"}, {"preset", "edfa"}};
  if (section.id == "quasistatic") return {{"stiffness", "10 kT"}, {"ramp", "1 tau"}, {"relaxation_time", "1 ns"}};
  if (section.id == "freeze") return {{"mobility", "0.1"}, {"time", "10 tau"}};
  if (section.id == "copy") return {{"time", "10 tau"}};
  if (section.id == "training") {
    return {{"inputs", "stub.npy"},   {"labels", "stub.npy"},      {"epochs", "1"},       {"stiffness", "10 kT"},
            {"stiffness_ratio", "1"}, {"relaxation_time", "1 ns"}, {"exposure", "1 tau"}, {"parameter_time", "10 tau"}};
  }
  if (section.id == "sweep") return {{"axes", "[{key: temperature, list: [1 K]}]"}};
  if (section.id == "axis") return {{"key", "temperature"}, {"list", "[1 K, 2 K]"}};
  if (section.id == "range") return {{"from", "1 K"}, {"to", "2 K"}, {"steps", "2"}};
  if (section.id == "iso") {
    return {{"hold", "energy"}, {"platform", "p"}, {"at", "1 pJ"}, {"vary", "{key: temperature, list: [1 K]}"}};
  }
  if (section.part == "energy") return {};
  return {{selector_of(section.part), section.model}};
}

// The scenario in which `map` is the section's map.
std::string around(const Section& section, const std::string& map) {
  const Section& top = scenario::section("top");
  if (section.id == "top") return map;
  const auto in_platform = [&](const Lines& parts) {
    return flow(entries_of(top), "platforms", "[" + flow(parts) + "]");
  };
  const Lines crossbar = {{"name", "p"}, {"linear", "{model: electronic_crossbar, preset: cell}"}};
  if (section.id == "programming") {
    return in_platform(
        {{"name", "p"},
         {"neuron", "{model: relu_bit}"},
         {"linear", "{model: electronic_crossbar, preset: cell, write_voltage: 2 V, write_time: 40 ns, programming: " +
                        map + "}"}});
  }
  if (section.id == "row_switch") {
    return in_platform({{"name", "p"},
                        {"neuron", "{model: relu_bit}"},
                        {"linear", "{model: electronic_crossbar, preset: cell, row_switch: " + map + "}"}});
  }
  if (section.id == "column_amplifier") {
    return in_platform({{"name", "p"},
                        {"neuron", "{model: relu_bit}"},
                        {"linear", "{model: electronic_crossbar, preset: cell}"},
                        {"output", "{model: adc, preset: adc_aimc28, amplifier: " + map + "}"}});
  }
  if (section.id == "hand_over" || section.part == "amplifier") {
    const std::string key = section.id == "hand_over" ? section.id : "gain_row";
    return in_platform({{"name", "p"},
                        {"neuron", "{model: relu_bit}"},
                        {"linear", "{model: mzi_mesh, preset: mesh, " + key + ": " + map + "}"}});
  }
  if (section.id == "freeze" || section.id == "copy") {
    return flow(entries_of(top), "training", flow(entries_of(scenario::section("training")), section.id, map));
  }
  if (section.id == "quasistatic") return in_platform({{"name", "p"}, {"quasistatic", map}});
  if (section.id == "drawn_layer") {
    Lines lines = entries_of(top);
    lines.erase(std::remove_if(lines.begin(), lines.end(),
                               [](const auto& line) { return line.first == "network" || line.first == "dataset"; }),
                lines.end());
    return flow(lines, "statistical", "{layers: [" + map + "]}");
  }
  if (section.id == "part")
    return in_platform(
        {{"name", "p"}, {"linear", "{model: ideal}"}, {"neuron", "{model: relu_bit}"}, {"parts", "[" + map + "]"}});
  if (section.id == "layer")
    return in_platform({{"name", "p"},
                        {"linear", "{model: electronic_crossbar, preset: cell}"},
                        {"neuron", "{model: relu_bit}"},
                        {"layers", "[" + map + "]"}});
  const auto in_sweep = [&](const Lines& parts) { return flow(entries_of(top), "sweep", flow(parts)); };
  if (section.id == "axis") return in_sweep({{"axes", "[" + map + "]"}});
  if (section.id == "range") return in_sweep({{"axes", "[{key: temperature, linear: " + map + "}]"}});
  if (section.id == "iso") return in_sweep({{"axes", "[{key: dataset.scale, list: [1]}]"}, {"iso", map}});
  if (section.part.empty() && section.id != "platform") return flow(entries_of(top), section.id, map);
  if (section.id == "platform") return flow(entries_of(top), "platforms", "[" + map + "]");
  if (section.part == "digital") return in_platform({{"name", "p"}, {"digital", map}});
  if (section.part == "energy") {
    return in_platform({{"name", "p"}, {"digital", "{rtl: systolic_int8, energy: " + map + "}"}});
  }
  Lines parts = crossbar;
  if (section.part == "linear") parts = {{"name", "p"}};
  if (section.part != "neuron") parts.emplace_back("neuron", "{model: relu_bit}");
  if (section.id == "neuron.relu_rtl" || section.id == "linear.capacitive_crossbar")
    parts.emplace_back("output", "{model: adc}");
  parts.emplace_back(section.part, map);
  return in_platform(parts);
}

bool takes_any_text(const Field& field) { return field.kind == Kind::text || field.kind == Kind::name; }

std::vector<std::string> hostile_values(const Field& field) {
  std::vector<std::string> values = {"", "[1]", "[[]]"};
  if (field.kind == Kind::scalar) return {"", "[1]", "{}", "{a: 1}"};  // what it may be, another key's field says
  if (field.kind == Kind::scalars) return {"", "1", "[]", "[[]]", "[1, {}]", "{}"};
  const bool is_section = field.kind == Kind::section || field.kind == Kind::sections;
  if (!is_section) values.insert(values.end(), {"{}", "{a: 1}", "{value: }"});
  if (!takes_any_text(field)) {
    values.insert(values.end(),
                  {".nan", "nan", "NaN", ".inf", "-inf", "-1", "1e308", "1e400", "1e-320", "1 parsec", "'x y'", "\"\"",
                   "0x10", "010", "1_000", "no", "9223372036854775808", "99999999999999999999999", "1,5"});
  }
  if (field.kind == Kind::integer) values.insert(values.end(), {"1.0", "1e1", "+1", "-0", "' 1'", "one"});
  if (field.dimension != support::Dimension::none && field.dimension != support::Dimension::ratio) {
    const std::string unit(support::si_unit(field.dimension));
    for (const char* number : {"nan ", "inf ", "-1 ", "1e308 ", "-1e308 ", "1e-400 "}) values.push_back(number + unit);
    values.insert(values.end(), {"1", "1 ", "1 %", "1 m", unit});
  }
  if (field.kind == Kind::integer && field.most == ~std::uint64_t{0}) {  // takes every 64-bit number
    values.erase(std::remove(values.begin(), values.end(), "9223372036854775808"), values.end());
  }
  if (field.kind == Kind::number && field.minimum <= -1) {
    values.erase(std::remove(values.begin(), values.end(), "-1"), values.end());
  }
  return values;
}

}  // namespace

TEST_CASE("every section's example loads, so that what follows fails for the value alone", "[scenario][fields]") {
  use_test_presets();
  for (const Section& section : sections()) {
    const std::string text = around(section, flow(entries_of(section)));
    INFO(section.id << ": " << text);
    CHECK(problems_of(text).empty());
  }
}

TEST_CASE("every key refuses every hostile value at its place", "[scenario][fields]") {
  use_test_presets();
  std::size_t tried = 0;
  for (const Section& section : sections()) {
    for (const Field& field : section.fields) {
      for (const std::string& value : hostile_values(field)) {
        const std::string text = around(section, flow(entries_of(section), field.key, value));
        INFO(section.id << "." << field.key << ": " << text);
        const auto found = problems_of(text);
        REQUIRE_FALSE(found.empty());
        const std::size_t place = text.find(field.key + ": " + value + "}");
        REQUIRE(place != std::string::npos);
        const bool at_place = std::any_of(found.begin(), found.end(), [&](const support::Diagnostic& diagnostic) {
          return static_cast<std::size_t>(diagnostic.where.column) > place &&
                 static_cast<std::size_t>(diagnostic.where.column) <= place + field.key.size() + value.size() + 4;
        });
        CHECK(at_place);
        ++tried;
      }
    }
  }
  CHECK(tried > 1000);
}

TEST_CASE("every section refuses an unknown key and suggests a near one", "[scenario][fields]") {
  use_test_presets();
  for (const Section& section : sections()) {
    const std::string key = section.fields.empty() ? "modle" : section.fields.back().key + "x";
    const auto found = problems_of(around(section, flow(entries_of(section), key, "1")));
    INFO(section.id << " " << key);
    REQUIRE(found.size() == 1);
    CHECK(found[0].code == support::DiagnosticCode::unknown_key);
    CHECK(found[0].hint.find("did you mean '") == 0);
  }
}

TEST_CASE("every section refuses to be a word or a list", "[scenario][fields]") {
  use_test_presets();
  for (const Section& section : sections()) {
    for (const char* value : {"nothing_of_that_name", "[a]", "", "7"}) {
      INFO(section.id << ": " << value);
      CHECK_FALSE(problems_of(around(section, value)).empty());
    }
  }
}

TEST_CASE("the table states meaning, range and unit of every key", "[scenario][fields]") {
  for (const Section& section : sections()) {
    CHECK_FALSE(section.summary.empty());
    for (const Field& field : section.fields) {
      INFO(section.id << "." << field.key);
      CHECK_FALSE(field.meaning.empty());
      CHECK(field.minimum <= field.maximum);
      CHECK(field.least <= field.most);
      if (field.kind == Kind::quantity || field.kind == Kind::number) CHECK(field.minimum < field.maximum);
      if (field.kind == Kind::integer) CHECK(field.least < field.most);
      if (field.kind == Kind::choice) CHECK_FALSE(field.choices.empty());
      if (!field.needed_key.empty()) CHECK(section.find(field.needed_key) != nullptr);
      const bool physics = field.kind == Kind::quantities ||
                           (field.kind == Kind::quantity && field.need == Need::fallback && field.key != "clock");
      if (physics)
        CHECK((field.need == Need::preset || (field.kind == Kind::quantities && field.need == Need::optional)));
    }
  }
}
