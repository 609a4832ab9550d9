// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "models/support/constants.hpp"
#include "sim/scenario/build.hpp"
#include "sim/scenario/cells.hpp"
#include "sim/scenario/coding.hpp"
#include "sim/scenario/own_sections.hpp"
#include "sim/scenario/relaxation_times.hpp"

namespace szilard::scenario {

using support::DiagnosticCode;

namespace {

bool is_bit(const Reading* part) { return part && part->section->model != "relu_rtl"; }
bool is_converter(const Reading* part) { return part && part->section->model != "none"; }

// An element must have opened while its light still stands.
void check_elements(const Reading& linear, const Reading& neuron, Reader& reader) {
  const Value* rate = linear.find("symbol_rate");
  for (const char* key : {"set_time", "decision_time"}) {
    const Value* time = neuron.find(key);
    if (!rate || !time || time->number * rate->number <= 1) continue;
    reader.error(DiagnosticCode::conflict, rate->where,
                 std::string("light is handed over, and '") + key + "' of the neurons, " +
                     support::engineering(time->number, "s", 3) + ", is longer than a symbol, " +
                     support::engineering(1 / rate->number, "s", 3),
                 "take a smaller symbol_rate");
  }
}

void check_analog(const Reading& platform, double temperature_k, Reader& reader) {
  const Reading* linear = part_of(platform, "linear");
  const Reading* neuron = part_of(platform, "neuron");
  const Reading* output = part_of(platform, "output");
  const Reading* input = part_of(platform, "input");
  for (const char* needed : {"linear", "neuron"}) {
    if (!platform.find(needed) && !platform.failed.count(needed)) {
      reader.error(DiagnosticCode::missing_key, platform.where,
                   std::string("key '") + needed + "' is missing in platform",
                   "a platform has linear and neuron (analog), or digital");
    }
  }
  if (is_model(linear, "electronic_crossbar")) {
    check_crossbar(*linear, reader);
    check_coding(platform, *linear, reader);
    check_cells(platform, *linear, reader);
  }
  if (is_converter(input)) check_converter(*input, temperature_k, reader);
  if (is_converter(output)) check_converter(*output, temperature_k, reader);
  if (is_bit(neuron)) {
    check_neuron(*neuron, temperature_k, reader);
    check_bit_errors(*neuron, is_model(linear, "ideal"), reader);
  }
  if (platform.is("precision", "sixteen_bit") && !platform.failed.count("input")) {
    const Value* bits = is_converter(input) ? input->find("bits") : nullptr;
    if (!is_converter(input) || (bits && bits->integer > 8)) {
      reader.error(DiagnosticCode::conflict, platform.at("precision").where,
                   "precision sixteen_bit needs a DAC of at most 8 bits", "add input: {model: dac, bits: 8}");
    } else if (has_errors(*input)) {
      reader.error(DiagnosticCode::conflict, platform.at("precision").where,
                   "precision sixteen_bit multiplies the codes of an ideal DAC, and this one has errors",
                   "take precision: double or single");
    }
  }
  if (linear && own_medium(linear->section->model) && is_bit(neuron) && neuron->is("policy", "uncompute")) {
    reader.error(DiagnosticCode::conflict, neuron->at("policy").where,
                 "nothing is known of running '" + linear->section->model + "' backwards",
                 "policy uncompute needs linear: {model: ideal}");
  }
  if (is_model(linear, "electronic_crossbar") && is_bit(neuron) && neuron->is("policy", "uncompute")) {
    reader.error(DiagnosticCode::conflict, neuron->at("policy").where, "a resistive crossbar cannot be run backwards",
                 "policy uncompute needs linear: {model: ideal}");
  }
  const bool is_light = linear && is_optical(*linear);
  if (is_light && is_bit(neuron) && neuron->is("policy", "uncompute")) {
    reader.error(DiagnosticCode::conflict, neuron->at("policy").where,
                 "detection absorbs the light: it cannot be run backwards",
                 "policy uncompute needs linear: {model: ideal}");
  }
  if (is_light) check_optical(*linear, reader);
  if (is_light && linear->find("hand_over") && is_model(neuron, "relu_bit")) check_elements(*linear, *neuron, reader);
  if (is_light && linear->find("hand_over") && is_model(neuron, "relu_rtl"))
    reader.error(DiagnosticCode::conflict, linear->at("hand_over").where,
                 "neuron model relu_rtl takes codes: light cannot be handed over", "take neuron model relu_bit");
  if (is_model(linear, "capacitive_crossbar")) check_capacitive(platform, *linear, reader);
  if (is_model(linear, "ideal")) {
    for (const char* key : {"input", "output"}) {
      const Reading* converter = part_of(platform, key);
      if (!is_converter(converter)) continue;
      const bool integers = linear->is("quantisation", "int8");
      reader.error(DiagnosticCode::conflict, platform.at(key).where,
                   integers ? std::string("quantisation int8 and a converter exclude one another")
                            : "the ideal medium has no place for '" + converter->section->model + "'",
                   "converters stand around a crossbar or an optical medium");
    }
  }
  if (linear && !is_model(linear, "electronic_crossbar")) {
    if (const Value* precision = platform.find("precision")) {
      reader.error(DiagnosticCode::unknown_key, precision->where,
                   "'precision' has no meaning with linear model " + linear->section->model,
                   "it is of the product inside an electronic_crossbar");
    }
  }
  const bool output_read = !platform.failed.count("output");
  if (is_model(neuron, "relu_rtl")) check_gate_level(*neuron, false, reader);
  if (is_model(neuron, "relu_rtl") && output_read && !is_model(output, "adc")) {
    reader.error(DiagnosticCode::conflict, platform.at("neuron").where, "neuron model relu_rtl needs output model adc",
                 "the RTL module takes codes: add output: {model: adc, bits: 8}");
  }
}

void check_disabled(const Reading& platform, Reader& reader) {
  const Value* disabled = platform.find("disable");
  const Reading* neuron = part_of(platform, "neuron");
  if (!disabled || !is_model(neuron, "relu_rtl")) return;
  for (const NameAt& word : disabled->words) {
    if (word.name != "output_quantisation") continue;
    reader.error(DiagnosticCode::conflict, word.where,
                 "neuron model relu_rtl takes codes: 'output_quantisation' cannot be switched off",
                 "give the ADC more bits");
  }
}

/// Each layer as the platform that it would make.
void check_layers(const Reading& platform, double temperature_k, Reader& reader) {
  const Value* layers = platform.find("layers");
  if (!layers) return;
  const auto hands_over = [](const Reading& whole) {
    const Reading* linear = part_of(whole, "linear");
    return linear && linear->find("hand_over");
  };
  std::set<std::string> names;
  for (const Reading& layer : layers->below) {
    const Value* name = layer.find("name");
    if (!name || !layer.failed.empty()) continue;
    if (!names.insert(name->text).second)
      reader.error(DiagnosticCode::duplicate_key, name->where, "two entries for layer '" + name->text + "'");
    if (layer.values.size() == 1)
      reader.error(DiagnosticCode::missing_key, layer.where, "layer '" + name->text + "' is built as the others are",
                   "say what differs, e.g. output, or leave the entry out");
    const Reading whole = platform_of_layer(platform, layer);
    if (hands_over(platform) || hands_over(whole)) {
      reader.error(DiagnosticCode::conflict, layer.where,
                   "light is handed over from layer to layer: all must be built alike",
                   "leave 'hand_over' or 'layers' out");
      continue;
    }
    const std::size_t before = reader.problems().size();
    check_disabled(whole, reader);
    check_analog(whole, temperature_k, reader);
    for (std::size_t p = before; p < reader.problems().size(); ++p) {
      std::string& message = reader.problems()[p].message;
      message = "in layer '" + name->text + "': " + message;
    }
  }
}

void check_quasistatic(const Reading& quasistatic, double temperature_k, Reader& reader) {
  constexpr double kMost_tau = 1e9, kLeast_kT = 1e-3;
  for (const char* key : {"ramp", "read", "read_every"}) {
    const Value* time = quasistatic.find(key);
    if (!time) continue;
    const std::optional<double> tau = relaxation_times(time->text);
    const std::string example = std::string("e.g. ") + key + ": 100 tau";
    if (!tau) {
      reader.error(DiagnosticCode::wrong_unit, time->where,
                   std::string("'") + key + "' is a number of relaxation times, not '" + time->text + "'", example);
    } else if (*tau < 0 || *tau > kMost_tau) {
      reader.error(DiagnosticCode::out_of_range, time->where,
                   std::string("'") + key + "' must lie between 0 and 1e9 tau", example);
    }
  }
  const Value *every = quasistatic.find("read_every"), *read = quasistatic.find("read");
  if (every && read) {
    const double between = relaxation_times(every->text).value_or(0), whole = relaxation_times(read->text).value_or(0);
    if (between > 0 && between > whole)
      reader.error(DiagnosticCode::conflict, every->where, "'read_every' is longer than 'read'",
                   "outputs are averaged over 'read'");
    if (between == 0 && whole > 0 && quasistatic.find("read_energy"))
      reader.error(DiagnosticCode::missing_key, quasistatic.find("read_energy")->where,
                   "'read_energy' needs 'read_every': how many readings are paid for", "e.g. read_every: 1 tau");
  }
  const double least = kLeast_kT * support::kBoltzmann_J_per_K * temperature_k;
  const Value *stiffness = quasistatic.find("stiffness"), *layers = quasistatic.find("layer_stiffness");
  if (stiffness && layers)
    reader.error(DiagnosticCode::conflict, layers->where, "'stiffness' and 'layer_stiffness' exclude one another",
                 "name every layer's, or one for all");
  if (stiffness && temperature_k > 0 && stiffness->number < least) {
    reader.error(DiagnosticCode::out_of_range, stiffness->where,
                 "'stiffness' is below 0.001 kT at the scenario's temperature", "write it in kT: stiffness: 1e4 kT");
  }
  if (layers && temperature_k > 0 && *std::min_element(layers->numbers.begin(), layers->numbers.end()) < least) {
    reader.error(DiagnosticCode::out_of_range, layers->where,
                 "'layer_stiffness' goes below 0.001 kT at the scenario's temperature",
                 "write it in kT: layer_stiffness: [1e4 kT, 1e4 kT]");
  }
}

void check_platform(const Reading& platform, double temperature_k, Reader& reader) {
  if (platform.find("quasistatic") || platform.failed.count("quasistatic")) {
    if (const Reading* quasistatic = part_of(platform, "quasistatic"))
      check_quasistatic(*quasistatic, temperature_k, reader);
    for (const char* key :
         {"linear", "input", "output", "neuron", "precision", "disable", "digital", "layers", "parts"}) {
      if (const Value* other = platform.find(key)) {
        reader.error(DiagnosticCode::conflict, other->where,
                     std::string("'quasistatic' and '") + key + "' exclude one another", "make two platforms of it");
      }
    }
    return;
  }
  if (!platform.find("digital") && !platform.failed.count("digital")) {
    const std::size_t before = reader.problems().size();
    check_disabled(platform, reader);
    if (const Value* parts = platform.find("parts")) check_parts(*parts, reader);
    check_analog(platform, temperature_k, reader);
    // What is wrong with the platform would be told again for each layer.
    if (reader.problems().size() == before) check_layers(platform, temperature_k, reader);
    return;
  }
  if (const Reading* digital = part_of(platform, "digital")) check_digital(*digital, reader);
  for (const char* key : {"linear", "input", "output", "neuron", "precision", "disable", "layers", "parts"}) {
    if (const Value* other = platform.find(key)) {
      reader.error(DiagnosticCode::conflict, other->where,
                   std::string("'digital' and '") + key + "' exclude one another", "make two platforms of it");
    }
  }
}

void check_names(const Reading& scenario, Reader& reader) {
  const Value* platforms = scenario.find("platforms");
  if (!platforms) return;
  std::set<std::string> names;
  bool complete = true;
  for (const Reading& platform : platforms->below) {
    const Value* name = platform.find("name");
    complete = complete && name;
    if (name && !names.insert(name->text).second) {
      reader.error(DiagnosticCode::duplicate_key, name->where, "two platforms are named '" + name->text + "'");
    }
  }
  const Value* compare = scenario.find("compare");
  const Value* pairs = compare && complete ? compare->below.front().find("pairs") : nullptr;
  if (!pairs) return;
  for (const auto& [first, second] : pairs->pairs) {
    for (const NameAt* side : {&first, &second}) {
      if (names.count(side->name)) continue;
      const std::string near = support::nearest(side->name, {names.begin(), names.end()});
      reader.error(DiagnosticCode::unknown_choice, side->where, "no platform is named '" + side->name + "'",
                   near.empty() ? "" : "did you mean '" + near + "'?");
    }
    if (first.name == second.name) {
      reader.error(DiagnosticCode::conflict, second.where, "a platform compared with itself");
    }
  }
}

void check_cooling(const Reading& scenario, double temperature_k, Reader& reader) {
  const Value* cooling = scenario.find("cooling");
  const Value* ambient = cooling ? cooling->below.front().find("ambient") : nullptr;
  if (!ambient || !(temperature_k > ambient->number)) return;
  reader.error(DiagnosticCode::conflict, ambient->where, "the ambience is colder than 'temperature'",
               "heat flows there without a pump: leave 'cooling' out");
}

}  // namespace

void check_meaning(const Reading& scenario, Reader& reader) {
  const Value* version = scenario.find("szilard");
  if (version && version->integer != 1) {
    reader.error(DiagnosticCode::unsupported_version, version->where,
                 "the file has format version " + std::to_string(version->integer) + "; this szilard reads version 1");
  }
  check_names(scenario, reader);
  check_statistical(scenario, reader);
  if (const Value* training = scenario.find("training")) {
    const Value* temperature = scenario.find("temperature");
    check_training(training->below.front(), temperature ? temperature->number : 0, reader);
  }
  if (const Value* platforms = scenario.find("platforms")) {
    const Value* temperature = scenario.find("temperature");
    check_cooling(scenario, temperature ? temperature->number : 0, reader);
    for (const Reading& platform : platforms->below)
      check_platform(platform, temperature ? temperature->number : 0, reader);
  }
}

}  // namespace szilard::scenario
