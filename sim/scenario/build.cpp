// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/build.hpp"

#include <algorithm>

#include "sim/scenario/cells.hpp"
#include "sim/scenario/coding.hpp"
#include "sim/scenario/effects.hpp"
#include "sim/scenario/own_sections.hpp"
#include "sim/scenario/relaxation_times.hpp"
#include "sim/scenario/schedule_file.hpp"

namespace szilard::scenario {

using support::DiagnosticCode;
using support::Severity;

namespace {

support::Parameter parameter_of(const Reading& reading, const char* key, support::Parameter otherwise = {}) {
  const Value* value = reading.find(key);
  return value ? value->parameter() : otherwise;
}

std::optional<support::Parameter> area_of(const Reading& reading, const char* key) {
  const Value* value = reading.find(key);
  return value ? std::optional<support::Parameter>(value->parameter()) : std::nullopt;
}

electronic::ReadNoise read_noise_of(const Reading& linear) {
  if (linear.is("read_noise", "independent")) return electronic::ReadNoise::independent;
  if (linear.is("read_noise", "proportional")) return electronic::ReadNoise::proportional;
  if (linear.is("read_noise", "flicker")) return electronic::ReadNoise::flicker;
  if (linear.is("read_noise", "table")) return electronic::ReadNoise::table;
  return electronic::ReadNoise::none;
}

electronic::Precision precision_of(const Reading& platform) {
  if (platform.is("precision", "single")) return electronic::Precision::single_precision;
  if (platform.is("precision", "sixteen_bit")) return electronic::Precision::sixteen_bit;
  return electronic::Precision::double_precision;
}

electronic::WireOptions wires_of(const Reading& linear) {
  electronic::WireOptions wires;
  if (linear.is("wires", "none")) return wires;
  wires.model = linear.is("wires", "fast") ? electronic::WireModel::fast : electronic::WireModel::exact;
  wires.word_segment_ohm = linear.at("wire_resistance").parameter();
  wires.bit_segment_ohm = parameter_of(linear, "bit_line_resistance", wires.word_segment_ohm);
  wires.driver_ohm = linear.at("driver_resistance").parameter();
  wires.sense_ohm = linear.at("sense_resistance").parameter();
  wires.drive_both_ends = linear.is("drive", "both_ends");
  return wires;
}

electronic::LogLaw law_of(const Reading& linear, const char* key) {
  const std::vector<double>& numbers = linear.at(key).numbers;
  if (const Value* places = linear.find("drift_at")) return {0, 0, 0, 0, places->numbers, numbers};
  return {numbers.at(0), numbers.at(1), numbers.at(2), numbers.at(3)};
}

void build_history(const Reading& linear, electronic::Device& device) {
  if (device.read_noise == electronic::ReadNoise::flicker) {
    const Value& flicker = linear.at("flicker_noise");
    if (const Value* places = linear.find("flicker_at")) {
      device.flicker = {0, 0, 0, flicker.source, places->numbers, flicker.numbers};
    } else {
      device.flicker = {flicker.numbers.at(0), flicker.numbers.at(1), flicker.numbers.at(2), flicker.source};
    }
  }
  if (device.read_noise == electronic::ReadNoise::table) {
    device.read_noise_places = linear.at("read_noise_at").numbers;
    device.read_noise_table_s = linear.at("read_noise_table").numbers;
  }
  if (linear.is("relaxation", "measured")) {
    const Value* shift = linear.find("relaxation_shift");
    device.relaxation = {true, linear.at("relaxation_times").numbers, linear.at("relaxation_error").numbers,
                         shift ? shift->numbers : std::vector<double>(), linear.at("relaxation_error").source};
  }
  const bool both = linear.is("current_noise", "thermal_and_shot");
  device.current_noise.has_thermal = both || linear.is("current_noise", "thermal");
  device.current_noise.has_shot = both || linear.is("current_noise", "shot");
  device.current_noise.bandwidth_hz = parameter_of(linear, "noise_bandwidth");
  device.stuck_on = parameter_of(linear, "stuck_on");
  device.stuck_off = parameter_of(linear, "stuck_off");
  device.spread = parameter_of(linear, "device_spread");
  device.age_s = parameter_of(linear, "age");
  device.retention_time_s = parameter_of(linear, "retention_time");
  device.read_disturb = parameter_of(linear, "read_disturb");
  device.past_reads = static_cast<double>(linear.at("past_reads").integer);
  if (linear.is("drift", "none")) return;
  device.drift = {true,
                  law_of(linear, "drift_exponent"),
                  law_of(linear, "drift_exponent_spread"),
                  linear.at("drift_exponent").source,
                  linear.at("drift_reference_time").parameter(),
                  linear.is("drift_compensation", "global")};
}

electronic::CrossbarParameters crossbar_of(const Reading& linear, double temperature_k) {
  electronic::CrossbarParameters crossbar;
  crossbar.rows = linear.at("rows").integer;
  crossbar.columns = linear.at("columns").integer;
  crossbar.signed_weights = linear.is("signed_weights", "offset_column") ? electronic::SignedWeights::offset_column
                            : linear.is("signed_weights", "dummy_column")
                                ? electronic::SignedWeights::dummy_column
                                : electronic::SignedWeights::differential_pair;
  crossbar.read_voltage_v = linear.at("read_voltage").parameter();
  crossbar.read_time_s = linear.at("read_time").parameter();
  crossbar.settling_time_s = parameter_of(linear, "settling_time");
  crossbar.row_capacitance_per_cell_f = linear.at("row_capacitance_per_cell").parameter();
  crossbar.wires = wires_of(linear);
  crossbar.select.capacitance_per_cell_f = parameter_of(linear, "select_capacitance_per_cell");
  crossbar.select.capacitance_f = parameter_of(linear, "select_capacitance");
  crossbar.select.swing_v = parameter_of(linear, "select_swing");
  crossbar.select.supply_v = parameter_of(linear, "select_supply", crossbar.select.swing_v);
  crossbar.read_supply_v = parameter_of(linear, "read_supply");
  if (const Value* value = linear.find("row_switch")) {
    const Reading& gates = value->below.front();
    electronic::RowSwitch& row_switch = crossbar.row_switch;
    row_switch.voltage_share = gates.at("voltage_share").parameter();
    row_switch.time_constant_s = gates.at("time_constant").parameter();
    row_switch.supply_v = gates.at("supply").parameter();
    row_switch.fan_out = parameter_of(gates, "fan_out");
    row_switch.drain_share = parameter_of(gates, "drain_share", row_switch.drain_share);
  }
  crossbar.area.cell_m2 = area_of(linear, "cell_area");
  crossbar.area.driver_m2 = area_of(linear, "driver_area");
  crossbar.area.decoder_m2 = area_of(linear, "decoder_area");
  crossbar.cell = cells_of(linear);
  crossbar.temperature_k = temperature_k;
  if (const Value* programming = linear.find("programming")) {
    crossbar.programming.inferences = static_cast<double>(programming->below.front().at("inferences").integer);
    crossbar.programming.write_voltage_v = linear.at("write_voltage").parameter();
    crossbar.programming.write_time_s = linear.at("write_time").parameter();
  }
  electronic::Device& device = crossbar.device;
  device.minimum_conductance_s = linear.at("minimum_conductance").parameter();
  device.maximum_conductance_s = linear.at("maximum_conductance").parameter();
  device.levels = static_cast<int>(linear.at("levels").integer);
  device.programming_error_s = linear.at("programming_error").numbers;
  if (const Value* places = linear.find("programming_error_at"); places && !device.programming_error_s.empty())
    device.programming_places = places->numbers;
  device.programming_error_source = linear.at("programming_error").source;
  device.verify_tolerance = parameter_of(linear, "verify_tolerance", {1.0, "no programming error", "choice"});
  if (const Value* tries = linear.find("verify_tries")) device.verify_tries = static_cast<int>(tries->integer);
  device.access_ohm = parameter_of(linear, "access_resistance");
  device.read_noise = read_noise_of(linear);
  device.read_noise_sigma = parameter_of(linear, "read_noise_sigma");
  build_history(linear, device);
  return crossbar;
}

electronic::Imperfections imperfections_of(const Reading& reading) {
  electronic::Imperfections errors;
  errors.offset_lsb = parameter_of(reading, "offset");
  errors.offset_spread_lsb = parameter_of(reading, "offset_spread");
  errors.gain_error = parameter_of(reading, "gain_error");
  errors.gain_spread = parameter_of(reading, "gain_spread");
  errors.mismatch = reading.is("mismatch", "unit_steps")       ? electronic::Mismatch::unit_steps
                    : reading.is("mismatch", "binary_weights") ? electronic::Mismatch::binary_weights
                    : reading.is("mismatch", "independent")    ? electronic::Mismatch::independent
                                                               : electronic::Mismatch::none;
  errors.mismatch_lsb = parameter_of(reading, "mismatch_sigma");
  errors.monotonic = reading.is("monotonic", "true");
  errors.noise_lsb = parameter_of(reading, "noise");
  return errors;
}

electronic::EnergyModel energy_model_of(const Reading& adc) {
  using electronic::EnergyModel;
  const std::string& model = adc.at("energy_model").text;
  if (model == "walden") return EnergyModel::walden;
  if (model == "schreier") return EnergyModel::schreier;
  if (model == "survey") return EnergyModel::survey;
  if (model == "sar") return EnergyModel::sar;
  if (model == "flash") return EnergyModel::flash;
  if (model == "single_slope_ramp") return EnergyModel::single_slope_ramp;
  if (model == "current_controlled_oscillator") return EnergyModel::current_controlled_oscillator;
  if (model == "charge_decrement") return EnergyModel::charge_decrement;
  return EnergyModel::cited;
}

void add_amplifier(const Reading& reading, electronic::Converter& converter) {
  electronic::SettlingAmplifier amplifier;
  amplifier.load_f = reading.at("load").parameter();
  amplifier.time_s = reading.at("time").parameter();
  const Value* bits = reading.find("bits");
  amplifier.bits = bits ? bits->number : converter.quantiser.bits;
  amplifier.efficiency_per_v = reading.at("efficiency").parameter();
  amplifier.supply_v = reading.at("supply").parameter();
  amplifier.branches = reading.at("branches").number;
  const std::string own = converter.static_power_w > 0 ? converter.static_power_w.source + "; and " : std::string();
  converter.static_power_w.value += amplifier.power_w();
  converter.static_power_w.source = own + "settling amplifier: branches x C (bits + 1) ln 2 / (t g) x V_dd" +
                                    (amplifier.load_f.source.empty() ? "" : "; load: " + amplifier.load_f.source);
  converter.static_power_w.status = "choice";
}

void build_adc(const Reading& adc, double temperature_k, electronic::Converter& converter) {
  converter.energy_model = energy_model_of(adc);
  const bool is_walden = converter.energy_model == electronic::EnergyModel::walden;
  converter.figure_of_merit = parameter_of(adc, is_walden ? "walden_figure" : "schreier_figure");
  converter.effective_bits = parameter_of(adc, "effective_bits");
  electronic::Architecture& architecture = converter.architecture;
  architecture.energy_per_step_j = parameter_of(adc, "energy_per_step");
  architecture.step_time_s = parameter_of(adc, "step_time");
  architecture.fixed_energy_j = parameter_of(adc, "fixed_energy");
  architecture.fixed_time_s = parameter_of(adc, "fixed_time");
  architecture.switching = adc.is("switching", "conventional") ? electronic::CapacitorSwitching::conventional
                                                               : electronic::CapacitorSwitching::monotonic;
  architecture.unit_capacitance_f = parameter_of(adc, "unit_capacitance");
  architecture.reference_voltage_v = parameter_of(adc, "reference_voltage");
  architecture.stops_early = adc.is("stops_early", "true");
  architecture.binary_search = adc.is("search", "binary");
  architecture.shared_power_w = parameter_of(adc, "ramp_power");
  converter.survey = {parameter_of(adc, "survey_ceiling"), parameter_of(adc, "survey_intercept"),
                      parameter_of(adc, "survey_slope")};
  if (const Value* amplifier = adc.find("amplifier")) add_amplifier(amplifier->below.front(), converter);
  converter.columns_per_converter = adc.at("columns_per_adc").integer;
  const Value* capacitance = adc.find("sampling_capacitance");
  if (!capacitance) return;
  converter.sampling = {capacitance->parameter(), adc.at("sampling_voltage").parameter(), temperature_k};
  if (!capacitance->is_word) return;
  converter.sampling.capacitance_f.value = electronic::quantisation_limited_capacitance_f(
      converter.quantiser.bits, converter.sampling.voltage_v, temperature_k);
}

std::optional<electronic::Converter> converter_of(const Reading& platform, const char* key, double temperature_k) {
  const Value* value = platform.find(key);
  if (!value || value->below.front().section->model == "none") return std::nullopt;
  const Reading& reading = value->below.front();
  electronic::Converter converter;
  converter.quantiser.bits = static_cast<int>(reading.at("bits").integer);
  converter.energy_per_conversion_j = parameter_of(reading, "energy_per_conversion");
  converter.conversion_time_s = parameter_of(reading, "conversion_time");
  converter.static_power_w = parameter_of(reading, "static_power");
  converter.imperfections = imperfections_of(reading);
  if (reading.section->model == "adc") build_adc(reading, temperature_k, converter);
  return converter;
}

ConverterRange range_of(const Reading& platform, const char* key) {
  const Value* value = platform.find(key);
  if (!value || value->below.front().section->model == "none") return {};
  const Reading& reading = value->below.front();
  ConverterRange range;
  range.model = reading.is("range", "percentile") ? ConverterRange::Model::percentile
                : reading.is("range", "given")    ? ConverterRange::Model::given
                : reading.is("range", "full")     ? ConverterRange::Model::full
                                                  : ConverterRange::Model::maximum;
  range.percentile = parameter_of(reading, "range_percentile", {1.0});
  range.limit = parameter_of(reading, "range_limit");
  return range;
}

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
  const auto coefficient = [&](const char* key) {
    const Value* value = reading.find(key);
    return value ? value->parameter() : support::Parameter{};
  };
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

ResetModel reset_of(const Reading& reading) {
  const std::string& reset = reading.at("reset").text;
  if (reset == "cmos_latch") return ResetModel::cmos_latch;
  if (reset == "two_level") return ResetModel::two_level;
  if (reset == "double_well") return ResetModel::double_well;
  if (reset == "optimal_transport") return ResetModel::optimal_transport;
  if (reset == "memristive_threshold") return ResetModel::memristive_threshold;
  if (reset == "optical_bistable") return ResetModel::optical_bistable;
  return ResetModel::landauer_ideal;
}

void read_finite_time(const Reading& reading, NeuronSpec& spec) {
  neuron::SimulatedReset& simulated = spec.simulated;
  if (spec.reset == ResetModel::double_well) simulated.model = neuron::SimulatedReset::Model::double_well;
  simulated.relaxation_s = parameter_of(reading, "relaxation_time");
  simulated.duration_s = parameter_of(reading, "reset_time");
  simulated.barrier_j = parameter_of(reading, "barrier");
  simulated.tilt_j = parameter_of(reading, "tilt");
  if (const Value* schedule = reading.find("schedule")) {
    UserSchedule own = load_schedule(schedule->text);
    simulated.schedule = std::move(own.schedule);
    simulated.divide = own.divide;
  }
  simulated.live = reading.is("live", "true");
  simulated.calibration_paths = reading.at("calibration_paths").integer;
  spec.transport.relaxation_s = simulated.relaxation_s;
  spec.transport.duration_s = simulated.duration_s;
  spec.transport.barrier_j = simulated.barrier_j;
  spec.transport.error = parameter_of(reading, "reset_error");
  spec.device = {reading.at("reset").text,
                 parameter_of(reading, "set_energy"),
                 parameter_of(reading, "reset_energy"),
                 parameter_of(reading, "set_time"),
                 parameter_of(reading, "reset_time"),
                 parameter_of(reading, "threshold_spread"),
                 parameter_of(reading, "drive_margin")};
}

void read_errors(const Reading& reading, double temperature_k, NeuronSpec& spec) {
  neuron::BitErrors& errors = spec.parameters.errors;
  errors.hysteresis = parameter_of(reading, "hysteresis");
  errors.regeneration_time_s = parameter_of(reading, "regeneration_time");
  errors.is_self_timed = reading.find("decision") && reading.is("decision", "self_timed");
  errors.state_energy_j = parameter_of(reading, "state_energy");
  errors.retention_time_s = parameter_of(reading, "retention_time");
  if (const Value* barrier = reading.find("retention_barrier")) {
    errors.retention_time_s = barrier->parameter();
    errors.retention_time_s.value =
        neuron::arrhenius_time_s(reading.at("attempt_time").number, barrier->number, temperature_k);
    errors.retention_time_s.source =
        "attempt_time e^(retention_barrier / kT)" + (barrier->source.empty() ? "" : "; barrier: " + barrier->source);
  }
  errors.read_energy_j = parameter_of(reading, "read_energy");
  errors.temperature_k = temperature_k;
  spec.hold_s = parameter_of(reading, "hold_time");
}

}  // namespace

NeuronSpec neuron_of(const Reading& reading, double temperature_k) {
  NeuronSpec spec;
  if (reading.section->model == "relu_rtl") {
    spec.model = NeuronModel::relu_rtl;
    spec.lanes = static_cast<int>(reading.at("lanes").integer);
    spec.clock_hz = reading.at("clock").number;
    spec.energy = energy_of(reading.at("energy").below.front());
    return spec;
  }
  if (const OwnNeuron* own = own_neuron(reading.section->model)) {
    spec.reset = ResetModel::own;
    spec.own = std::make_shared<const OwnNeuronSpec>(OwnNeuronSpec{own, own_values(reading, own->keys)});
  } else {
    spec.reset = reset_of(reading);
    read_finite_time(reading, spec);
    spec.latch.supply_v = parameter_of(reading, "latch_supply");
    spec.latch.capacitance_f = parameter_of(reading, "latch_capacitance");
    spec.latch.reset_time_s = parameter_of(reading, "latch_reset_time");
  }
  spec.protocol = reading.is("protocol", "blind")     ? Protocol::blind
                  : reading.is("protocol", "assumed") ? Protocol::assumed
                                                      : Protocol::known;
  if (const Value* q = reading.find("assumed_probability")) spec.assumed_probability = q->number;
  spec.parameters.policy = reading.is("policy", "on_change")   ? neuron::Policy::on_change
                           : reading.is("policy", "uncompute") ? neuron::Policy::uncompute
                                                               : neuron::Policy::every_cycle;
  spec.parameters.threshold_offset = reading.at("threshold_offset").parameter();
  spec.parameters.threshold_noise = reading.at("threshold_noise").parameter();
  spec.parameters.decision_energy_j = reading.at("decision_energy").parameter();
  spec.parameters.decision_time_s = reading.at("decision_time").parameter();
  read_errors(reading, temperature_k, spec);
  spec.area_m2 = area_of(reading, "area");
  return spec;
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
        spec.linear.crossbar.area.dac_m2 = area_of(platform.at("input").below.front(), "area");
      if (spec.linear.crossbar.output)
        spec.linear.crossbar.area.adc_m2 = area_of(platform.at("output").below.front(), "area");
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
