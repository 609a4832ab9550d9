// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/build.hpp"

#include <algorithm>

#include "sim/scenario/coding.hpp"
#include "sim/scenario/effects.hpp"
#include "sim/scenario/own_sections.hpp"
#include "sim/scenario/relaxation_times.hpp"

namespace szilard::scenario {

using support::DiagnosticCode;
using support::Severity;

DigitalEnergy energy_of(const Reading& reading) {
  DigitalEnergy energy;
  energy.preset = reading.from_preset;
  if (const Value* library = reading.find("library")) energy.library_path = library->text;
  if (const Value* wire = reading.find("wire_per_load")) energy.wire_f_per_load = wire->number;
  if (const Value* share = reading.find("sampled_share")) energy.sampled_share = share->number;
  if (const Value* fanout = reading.find("clock_tree_fanout"))
    energy.clock_tree_fanout = static_cast<unsigned>(fanout->integer);
  if (const Value* buffer = reading.find("clock_tree_buffer")) energy.clock_tree_buffer = buffer->text;
  if (const Value* fanout = reading.find("net_fanout")) energy.net_fanout = static_cast<unsigned>(fanout->integer);
  if (const Value* buffer = reading.find("net_buffer")) energy.net_buffer = buffer->text;
  const auto coefficient = [&](const char* key) { return parameter_of(reading, key); };
  energy.multiply_j = coefficient("multiply");
  energy.add_j = coefficient("add");
  energy.multiply_bf16_j = coefficient("multiply_bf16");
  energy.add_float32_j = coefficient("add_float32");
  energy.register_toggle_j = coefficient("register_toggle");
  energy.sram_read_j_per_bit = reading.at("sram_read_per_bit").parameter();
  energy.sram_write_j_per_bit = reading.at("sram_write_per_bit").parameter();
  energy.clock_j_per_register_bit = coefficient("clock_per_register_bit");
  energy.leakage_w_per_register_bit = coefficient("leakage_per_register_bit");
  return energy;
}

Reading platform_of_layer(const Reading& platform, const Reading& layer) {
  Reading whole = platform;
  whole.where = layer.where;
  for (const char* key : {"layers", "parts", "fault"}) whole.values.erase(key);
  const Value* linear = layer.find("linear");
  if (linear && linear->below.front().section->model != "electronic_crossbar") whole.values.erase("precision");
  for (const auto& [key, value] : layer.values)
    if (key != "name") whole.values[key] = value;
  return whole;
}

namespace {

electronic::Precision precision_of(const Reading& platform) {
  if (platform.is("precision", "single")) return electronic::Precision::single_precision;
  if (platform.is("precision", "sixteen_bit")) return electronic::Precision::sixteen_bit;
  return electronic::Precision::double_precision;
}

DigitalSpec digital_of(const Reading& reading) {
  DigitalSpec spec;
  spec.rtl = reading.section->model;
  spec.rows = static_cast<int>(reading.at("rows").integer);
  spec.columns = static_cast<int>(reading.at("columns").integer);
  spec.batch = static_cast<int>(reading.at("batch").integer);
  spec.clock_hz = reading.at("clock").number;
  spec.energy = energy_of(reading.at("energy").below.front());
  return spec;
}

QuasiStaticSpec quasistatic_of(const Reading& reading) {
  QuasiStaticSpec spec;
  if (const Value* layers = reading.find("layer_stiffness"))
    spec.layer_stiffness_j = layers->numbers, spec.layers_where = layers->where;
  spec.stiffness_j = spec.layer_stiffness_j.empty() ? reading.at("stiffness").number : spec.layer_stiffness_j.front();
  if (const Value* layers = reading.find("layer_relaxation"))
    spec.layer_relaxation_s = layers->numbers, spec.layers_where = layers->where;
  spec.relaxation_time_s = parameter_of(reading, "relaxation_time");
  spec.ramp_tau = relaxation_times(reading.at("ramp").text).value();
  spec.read_tau = relaxation_times(reading.at("read").text).value();
  spec.read_every_tau = relaxation_times(reading.at("read_every").text).value();
  if (reading.find("read_energy")) spec.read_energy_j = parameter_of(reading, "read_energy");
  spec.integrator = reading.is("integrator", "heun")    ? SpringSteps::heun
                    : reading.is("integrator", "exact") ? SpringSteps::exact
                                                        : SpringSteps::automatic;
  spec.step = reading.at("step").number;
  spec.shape = reading.is("shape", "optimal")  ? RampShape::optimal
               : reading.is("shape", "smooth") ? RampShape::smooth
                                               : RampShape::linear;
  return spec;
}

FaultSpec fault_of(const Reading& reading) {
  FaultSpec fault;
  if (reading.section->model == "free_reset") {
    fault.model = FaultSpec::Model::free_reset;
    fault.layer = reading.at("layer").text;
    return fault;
  }
  fault.sample = reading.at("sample").integer;
  if (reading.section->model == "one_lsb") {
    fault.layer = reading.at("layer").text;
    fault.index = reading.at("index").integer;
  } else {
    fault.model = FaultSpec::Model::energy_leak;
    fault.component = reading.at("component").text;
    fault.energy_j = reading.at("energy").number;
  }
  return fault;
}

// Presets and nodes in the order in which the parts stand in the table, each once.
void collect_technologies(const Reading& reading, PlatformSpec& spec, std::vector<std::string>& described) {
  if (!reading.from_preset.empty()) {
    const auto& known = spec.technologies;
    const bool stated = !reading.technology.empty() && reading.technology != "unspecified";
    if (stated && std::find(known.begin(), known.end(), reading.technology) == known.end()) {
      spec.technologies.push_back(reading.technology);
      described.push_back(reading.technology + " (" + reading.from_preset + ")");
    }
    if (std::find(spec.presets.begin(), spec.presets.end(), reading.from_preset) == spec.presets.end()) {
      spec.presets.push_back(reading.from_preset);
    }
  }
  for (const Field& field : reading.section->fields) {
    const Value* value = reading.find(field.key);
    if (!value) continue;
    for (const Reading& below : value->below) collect_technologies(below, spec, described);
  }
}

PlatformSpec platform_of(const Reading& platform, double temperature_k, std::vector<support::Diagnostic>& warnings) {
  PlatformSpec spec;
  spec.name = platform.at("name").text;
  spec.where = platform.where;
  if (const Value* digital = platform.find("digital")) {
    spec.is_digital = true;
    spec.digital = digital_of(digital->below.front());
  } else if (const Value* quasistatic = platform.find("quasistatic")) {
    spec.is_quasistatic = true;
    spec.quasistatic = quasistatic_of(quasistatic->below.front());
  } else {
    const Reading& linear = platform.at("linear").below.front();
    if (linear.section->model == "ideal") {
      spec.linear.quantisation = linear.is("quantisation", "int8") ? Quantisation::int8 : Quantisation::none;
    } else {
      if (const OwnMedium* own = own_medium(linear.section->model)) {
        spec.linear.model = LinearModel::own;
        spec.linear.own = std::make_shared<const OwnMediumSpec>(OwnMediumSpec{own, own_values(linear, own->keys)});
      } else if (is_optical(linear)) {
        spec.linear.model = is_coherent(linear) ? LinearModel::coherent : LinearModel::incoherent;
        if (is_coherent(linear)) spec.linear.coherent = coherent_of(linear, temperature_k);
        else spec.linear.incoherent = incoherent_of(linear, temperature_k);
      } else {
        const bool has_capacitors = linear.section->model == "capacitive_crossbar";
        spec.linear.model = has_capacitors ? LinearModel::capacitive_crossbar : LinearModel::electronic_crossbar;
        if (has_capacitors) spec.linear.capacitive = capacitive_of(linear, temperature_k);
        else spec.linear.crossbar = crossbar_of(linear, temperature_k);
      }
      spec.linear.crossbar.input = converter_of(platform, "input", temperature_k);
      spec.linear.crossbar.output = converter_of(platform, "output", temperature_k);
      spec.linear.input_range = range_of(platform, "input");
      spec.linear.output_range = range_of(platform, "output");
      if (spec.linear.crossbar.input)
        spec.linear.crossbar.area.dac_m2 = given_parameter(platform.at("input").below.front(), "area");
      if (spec.linear.crossbar.output)
        spec.linear.crossbar.area.adc_m2 = given_parameter(platform.at("output").below.front(), "area");
      if (spec.linear.model == LinearModel::electronic_crossbar) {
        spec.linear.crossbar.precision = precision_of(platform);
        build_coding(linear, spec.linear.crossbar);
      }
      if (spec.linear.model == LinearModel::capacitive_crossbar) {
        spec.linear.capacitive.output = *spec.linear.crossbar.output;
        spec.linear.capacitive.adc_m2 = spec.linear.crossbar.area.adc_m2;
      }
    }
    spec.neuron = neuron_of(platform.at("neuron").below.front(), temperature_k);
  }
  if (const Value* parts = platform.find("parts")) spec.parts = parts_of(*parts);
  if (const Value* fault = platform.find("fault")) spec.fault = fault_of(fault->below.front());
  if (const Value* disabled = platform.find("disable")) {
    for (const NameAt& word : disabled->words) {
      const Effect& one = effect(word.name);
      if (one.is_on(spec)) one.switch_off(spec);
    }
  }
  if (const Value* layers = platform.find("layers")) {
    std::vector<support::Diagnostic> told_below;
    for (const Reading& layer : layers->below) {
      spec.layers.push_back(platform_of(platform_of_layer(platform, layer), temperature_k, told_below));
      spec.layers.back().layer = layer.at("name").text;
    }
  }
  std::vector<std::string> described;
  collect_technologies(platform, spec, described);
  if (described.size() > 1) {
    std::string list;
    for (const auto& node : described) list += (list.empty() ? "" : ", ") + node;
    warnings.push_back({Severity::warning, DiagnosticCode::conflict, spec.where,
                        "platform '" + spec.name + "' mixes technology nodes: " + list,
                        "its energies are not those of one chip; choose presets of one node to compare designs"});
  }
  return spec;
}

WavesSpec waves_of(const Value& value) {
  const Reading& reading = value.below.front();
  WavesSpec waves;
  waves.where = value.where;
  const std::string& format = reading.at("format").text;
  waves.format = format == "vcd"   ? WavesSpec::Format::vcd
                 : format == "fst" ? WavesSpec::Format::fst
                                   : WavesSpec::Format::both;
  waves.first_sample = reading.at("first_sample").integer;
  if (const Value& samples = reading.at("samples"); !samples.is_word) waves.samples = samples.integer;
  if (const Value& signals = reading.at("signals"); !signals.is_word) waves.signals = std::size_t(signals.integer);
  return waves;
}

void read_dataset(const Reading& dataset, Scenario& scenario) {
  scenario.inputs_path = dataset.at("inputs").text;
  scenario.inputs_where = dataset.at("inputs").where;
  if (const Value* labels = dataset.find("labels")) {
    scenario.labels_path = labels->text;
    scenario.labels_where = labels->where;
  }
  scenario.scale = dataset.at("scale").number;
  scenario.calibration_scale = scenario.scale;
  if (const Value& samples = dataset.at("samples"); !samples.is_word) scenario.samples = samples.integer;
}

}  // namespace

Scenario build_scenario(const Reading& reading) {
  Scenario scenario;
  scenario.name = reading.at("name").text;
  scenario.temperature_k = reading.at("temperature").number;
  scenario.seed = reading.at("seed").integer;
  if (const Value* statistical = reading.find("statistical"))
    scenario.statistical = statistical_of(statistical->below.front());
  if (const Value* network = reading.find("network"))
    scenario.network_path = network->text, scenario.network_where = network->where;
  if (const Value* dataset = reading.find("dataset")) read_dataset(dataset->below.front(), scenario);
  if (const Value* value = reading.find("calibration")) {
    const Reading& calibration = value->below.front();
    if (const Value* inputs = calibration.find("inputs")) scenario.calibration_path = inputs->text;
    if (const Value* scale = calibration.find("scale")) scenario.calibration_scale = scale->number;
    if (const Value* samples = calibration.find("samples")) scenario.calibration_samples = samples->integer;
  }
  if (const Value* value = reading.find("compare")) {
    const Reading& compare = value->below.front();
    for (const auto& [first, second] : compare.at("pairs").pairs) {
      scenario.compare_pairs.emplace_back(first.name, second.name);
    }
    scenario.compare_tolerance = compare.at("tolerance").number;
  }
  if (const Value* value = reading.find("cooling")) {
    const Reading& cooling = value->below.front();
    scenario.cooling = CoolingSpec{cooling.at("ambient").number, cooling.at("efficiency").parameter()};
  }
  if (const Value* value = reading.find("waves")) scenario.waves = waves_of(*value);
  scenario.report_page = reading.find("report") != nullptr;
  if (const Value* training = reading.find("training"))
    scenario.training = training_of(training->below.front(), scenario.temperature_k);
  for (const Reading& platform : reading.at("platforms").below) {
    scenario.platforms.push_back(platform_of(platform, scenario.temperature_k, scenario.warnings));
  }
  return scenario;
}

}  // namespace szilard::scenario
