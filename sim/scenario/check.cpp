// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <sstream>

#include "models/neuron/reset_physics/fokker_planck.hpp"
#include "models/support/constants.hpp"
#include "sim/scenario/build.hpp"
#include "sim/scenario/cells.hpp"
#include "sim/scenario/coding.hpp"
#include "sim/scenario/own_sections.hpp"
#include "sim/scenario/relaxation_times.hpp"
#include "sim/scenario/schedule_file.hpp"

namespace szilard::scenario {

using support::DiagnosticCode;

namespace {

const Reading* part_of(const Reading& platform, const char* key) {
  const Value* value = platform.find(key);
  return value && !value->below.empty() ? &value->below.front() : nullptr;
}

bool is_model(const Reading* part, const char* model) { return part && part->section->model == model; }
bool is_bit(const Reading* part) { return part && part->section->model != "relu_rtl"; }
bool is_converter(const Reading* part) { return part && part->section->model != "none"; }

std::string size_text(std::uint64_t rows, std::uint64_t columns) {
  return std::to_string(rows) + "x" + std::to_string(columns);
}

void check_digital(const Reading& digital, Reader& reader) {
  const Value* rows = digital.find("rows");
  const Value* columns = digital.find("columns");
  if (!rows || !columns) return;
  const std::string& name = digital.section->model;
  std::string list, definition;
  bool is_own = false;
  for (const KnownBaseline& built : known_baselines()) {
    if (name != built.name) continue;
    is_own = built.is_own;
    if (rows->integer == built.rows && columns->integer == built.columns) return;
    list += (list.empty() ? "" : ", ") + size_text(built.rows, built.columns);
    definition += std::to_string(built.columns) + ";";
  }
  const auto wanted = std::max(rows->integer, columns->integer);
  definition += std::to_string(wanted);
  std::string hint = "arrays are square, their sizes multiples of 4 from 4 to 64";
  if (is_own) {
    hint = "its sizes are the SIZES of its szilard_add_baseline";
  } else if (name != "systolic_int8") {
    hint = "its sizes are those of SZILARD_STREAM_SIZES, or of its szilard_add_baseline";
  } else if (rows->integer == columns->integer && wanted % 4 == 0 && wanted <= 64) {
    hint =
        "add it: cmake -B build/release -DSZILARD_SYSTOLIC_SIZES=\"" + definition + "\" && cmake --build build/release";
  }
  reader.error(DiagnosticCode::unsupported_size, rows->where,
               "no " + (name == "systolic_int8" ? std::string("systolic array") : name) + " of " +
                   size_text(rows->integer, columns->integer) + " was built; there are " + list,
               hint);
}

// A library's own companions mean nothing without it.
void check_gate_level(const Reading& part, bool has_batches, Reader& reader) {
  const Reading* energy = part_of(part, "energy");
  if (!energy) return;
  const Value* library = energy->find("library");
  const Value* share = energy->find("sampled_share");
  if (library && share && !has_batches)
    reader.error(DiagnosticCode::conflict, share->where, "'sampled_share' is for digital platforms only",
                 "the gates of a ReLU unit are simulated in every clock; leave it out");
  for (const char* key :
       {"wire_per_load", "sampled_share", "clock_tree_fanout", "clock_tree_buffer", "net_fanout", "net_buffer"}) {
    const Value* value = energy->find(key);
    if (value && !library)
      reader.error(DiagnosticCode::conflict, value->where, std::string("'") + key + "' needs 'library'",
                   "it describes the gates of a Liberty file; leave it out, or use energy: osu018");
  }
  const std::pair<const char*, const char*> pairs[] = {{"clock_tree_fanout", "clock_tree_buffer"},
                                                       {"net_fanout", "net_buffer"}};
  for (const auto& [fanout, buffer] : pairs) {
    const Value *loads = energy->find(fanout), *cell = energy->find(buffer);
    if (!loads == !cell || energy->failed.count(fanout) > 0 || energy->failed.count(buffer) > 0) continue;
    reader.error(DiagnosticCode::missing_key, (loads ? loads : cell)->where,
                 std::string("'") + (loads ? fanout : buffer) + "' needs '" + (loads ? buffer : fanout) + "'",
                 "give the most loads of a buffer and the library's cell, or neither");
  }
}

// What one operation of floating point costs is asked for where there are any.
void check_float_energy(const Reading& digital, Reader& reader) {
  const Reading* energy = part_of(digital, "energy");
  if (digital.section->model != "mac_bf16" || !energy || energy->find("library") || energy->failed.count("library") > 0)
    return;
  for (const char* key : {"multiply_bf16", "add_float32"}) {
    if (energy->find(key) || energy->failed.count(key) > 0) continue;
    reader.error(DiagnosticCode::missing_key, energy->where,
                 std::string("mac_bf16 needs 'energy.") + key + "', which neither the scenario nor its preset gives",
                 "use energy: cmos45_horowitz2014, or energy from gates (energy: osu018)");
  }
}

void check_programming(const Reading& linear, Reader& reader) {
  const Value* programming = linear.find("programming");
  if (!programming) return;
  for (const char* needed : {"write_voltage", "write_time"}) {
    if (linear.find(needed) || linear.failed.count(needed) > 0) continue;
    reader.error(DiagnosticCode::missing_key, programming->where,
                 std::string("'programming' needs '") + needed + "', which neither the scenario nor its preset gives",
                 std::string("give ") + needed + ", or leave programming out");
  }
}

// Places ascend and go with as many values.
bool check_places(const Reading& linear, const char* key, std::initializer_list<const char*> tables, Reader& reader) {
  const Value* places = linear.find(key);
  if (!places) return false;
  if (places->numbers.size() < 2)
    reader.error(DiagnosticCode::wrong_type, places->where, std::string("'") + key + "' takes two places or more");
  for (std::size_t i = 1; i < places->numbers.size(); ++i) {
    if (places->numbers[i] > places->numbers[i - 1]) continue;
    reader.error(DiagnosticCode::out_of_range, places->where, std::string("the places of '") + key + "' do not ascend");
    break;
  }
  for (const char* table : tables) {
    const Value* values = linear.find(table);
    if (!values || values->is_word || values->numbers.size() == places->numbers.size()) continue;
    reader.error(DiagnosticCode::conflict, values->where,
                 std::string("'") + table + "' has " + std::to_string(values->numbers.size()) + " values for the " +
                     std::to_string(places->numbers.size()) + " places of '" + key + "'");
  }
  return true;
}

void check_relaxation(const Reading& linear, Reader& reader) {
  check_places(linear, "read_noise_at", {"read_noise_table"}, reader);
  if (const Value* table = linear.find("read_noise_table")) {
    if (*std::min_element(table->numbers.begin(), table->numbers.end()) < 0)
      reader.error(DiagnosticCode::out_of_range, table->where, "'read_noise_table' takes no negative number");
  }
  const Value* times = linear.find("relaxation_times");
  if (!linear.is("relaxation", "measured") || !times) return;
  for (std::size_t i = 1; i < times->numbers.size(); ++i) {
    if (times->numbers[i] > times->numbers[i - 1]) continue;
    reader.error(DiagnosticCode::out_of_range, times->where, "the times of 'relaxation_times' do not ascend");
    return;
  }
  const Value* places = linear.find("programming_error_at");
  for (const char* key : {"relaxation_error", "relaxation_shift"}) {
    const Value* values = linear.find(key);
    if (!values) continue;
    const std::size_t count = values->numbers.size(), rows = times->numbers.size();
    if (count % rows == 0 && (!places || count == rows * places->numbers.size())) continue;
    reader.error(DiagnosticCode::conflict, values->where,
                 std::string("'") + key + "' has " + std::to_string(count) + " numbers, which are not " +
                     (places ? std::to_string(places->numbers.size()) : std::string("as many")) + " for each of " +
                     std::to_string(rows) + " times");
  }
  const Value* age = linear.find("age");
  if (age && age->number > times->numbers.back()) {
    reader.error(
        DiagnosticCode::conflict, age->where,
        "'age' lies beyond the last measurement of the relaxation, " + support::engineering(times->numbers.back(), "s"),
        "no law reaches so far");
  }
}

// Lists of a fixed length, laws whose limits are in order, effects of time that need an age.
void check_history(const Reading& linear, Reader& reader) {
  for (const auto& [key, length] : {std::pair<const char*, std::size_t>{"flicker_noise", 3},
                                    std::pair<const char*, std::size_t>{"drift_exponent", 4},
                                    std::pair<const char*, std::size_t>{"drift_exponent_spread", 4}}) {
    const Value* value = linear.find(key);
    if (!value || linear.find(length == 3 ? "flicker_at" : "drift_at")) continue;
    if (value->numbers.size() != length) {
      reader.error(DiagnosticCode::wrong_type, value->where,
                   std::string("'") + key + "' takes " + std::to_string(length) + " numbers, not " +
                       std::to_string(value->numbers.size()));
    } else if (length == 4 && (value->numbers[2] < 0 || value->numbers[2] > value->numbers[3])) {
      reader.error(DiagnosticCode::out_of_range, value->where,
                   std::string("the limits in '") + key + "' must be at least 0, and the lower one first");
    } else if (length == 3 && *std::min_element(value->numbers.begin(), value->numbers.end()) < 0) {
      reader.error(DiagnosticCode::out_of_range, value->where, std::string("'") + key + "' takes no negative number");
    }
  }
  check_places(linear, "flicker_at", {"flicker_noise"}, reader);
  check_places(linear, "drift_at", {"drift_exponent", "drift_exponent_spread"}, reader);
  check_relaxation(linear, reader);
  const Value* on = linear.find("stuck_on");
  const Value* off = linear.find("stuck_off");
  if (on && off && on->number + off->number > 1) {
    reader.error(DiagnosticCode::conflict, off->where, "'stuck_on' and 'stuck_off' are more than all cells together");
  }
  const Value* age = linear.find("age");
  if (linear.failed.count("age") > 0 || (age && age->number > 0)) return;
  const char* needs = linear.is("drift", "power_law")       ? "drift"
                      : linear.is("read_noise", "flicker")  ? "read_noise"
                      : linear.is("relaxation", "measured") ? "relaxation"
                      : linear.find("retention_time")       ? "retention_time"
                                                            : nullptr;
  if (!needs) return;
  reader.error(DiagnosticCode::conflict, linear.at(needs).where,
               std::string("'") + needs + "' has no effect at an age of 0 s",
               "say when the array is read: age: 3600 s");
}

void check_crossbar(const Reading& linear, Reader& reader) {
  const Value* low = linear.find("minimum_conductance");
  const Value* high = linear.find("maximum_conductance");
  if (low && high && low->number >= high->number) {
    reader.error(DiagnosticCode::conflict, low->where, "'minimum_conductance' is not below 'maximum_conductance'");
  }
  const Value* levels = linear.find("levels");
  if (levels && levels->integer == 1) {
    reader.error(DiagnosticCode::out_of_range, levels->where, "'levels' is 1; allowed: 0 (continuous) or at least 2");
  }
  const Value* error = linear.find("programming_error");
  if (check_places(linear, "programming_error_at", {"programming_error"}, reader)) {
    if (error && !error->is_word && *std::min_element(error->numbers.begin(), error->numbers.end()) < 0)
      reader.error(DiagnosticCode::out_of_range, error->where,
                   "'programming_error' gives a negative standard deviation");
    return;
  }
  if (!error || error->is_word || !low || !high || low->number >= high->number) return;
  constexpr int kPlacesOfContinuousDevices = 1001;
  const int places = levels && levels->integer > 1 ? static_cast<int>(levels->integer) : kPlacesOfContinuousDevices;
  for (int i = 0; i < places; ++i) {
    const double g = (low->number + (high->number - low->number) * i / (places - 1)) / high->number;
    double sigma = 0;
    for (auto c = error->numbers.rbegin(); c != error->numbers.rend(); ++c) sigma = sigma * g + *c;
    if (sigma >= 0) continue;
    reader.error(DiagnosticCode::out_of_range, error->where,
                 "'programming_error' gives a negative standard deviation at " + support::engineering(g, "", 3) +
                     " of the maximum conductance");
    return;
  }
}

void check_bit_errors(const Reading& neuron, bool has_ideal_medium, Reader& reader) {
  const Value* time = neuron.find("retention_time");
  const Value* barrier = neuron.find("retention_barrier");
  const Value* attempt = neuron.find("attempt_time");
  if (time && barrier) {
    reader.error(DiagnosticCode::conflict, barrier->where,
                 "'retention_time' and 'retention_barrier' exclude one another");
  }
  if (barrier && !attempt && !neuron.failed.count("attempt_time")) {
    reader.error(DiagnosticCode::missing_key, barrier->where, "'retention_barrier' needs 'attempt_time'",
                 "add attempt_time: 1 ps");
  }
  if (attempt && !barrier && !neuron.failed.count("retention_barrier")) {
    reader.error(DiagnosticCode::conflict, attempt->where, "'attempt_time' has no meaning without 'retention_barrier'");
  }
  const Value* lost = time ? time : barrier;
  if (lost && has_ideal_medium && !neuron.find("hold_time") && !neuron.failed.count("hold_time")) {
    reader.error(DiagnosticCode::conflict, lost->where,
                 "'" + lost->field->key + "' has no effect at a hold time of 0 s: an ideal medium takes no time",
                 "say how long a state is held: hold_time: 10 ns");
  }
  const Value* regeneration = neuron.find("regeneration_time");
  const Value* decision = neuron.find("decision_time");
  const bool waits = neuron.find("decision") && neuron.is("decision", "self_timed");
  if (regeneration && decision && decision->number == 0 && !waits) {
    reader.error(DiagnosticCode::conflict, regeneration->where, "'regeneration_time' needs a decision time above 0 s",
                 "add decision_time: 1 ns");
  }
  if (waits && !regeneration && !neuron.failed.count("regeneration_time")) {
    reader.error(DiagnosticCode::missing_key, neuron.find("decision")->where,
                 "a self-timed decision needs 'regeneration_time'", "add regeneration_time: 10 ps");
  }
  if (!neuron.find("policy") || !neuron.is("policy", "uncompute")) return;
  for (const char* key : {"regeneration_time", "state_energy", "retention_time", "retention_barrier"}) {
    if (const Value* chance = neuron.find(key)) {
      reader.error(DiagnosticCode::conflict, chance->where,
                   std::string("'") + key + "': a computation that errs by chance cannot be run backwards",
                   "policy uncompute takes hysteresis and read_energy only");
    }
  }
}

void check_schedule(const Reading& neuron, Reader& reader) {
  const Value* schedule = neuron.find("schedule");
  if (!schedule) return;
  if (!neuron.is("reset", "double_well")) {
    reader.error(DiagnosticCode::conflict, schedule->where,
                 "'schedule' has no meaning with reset " + neuron.at("reset").text,
                 "a schedule moves the potential of reset: double_well");
    return;
  }
  for (const char* key : {"barrier", "tilt", "assumed_probability"}) {
    if (const Value* other = neuron.find(key); other && other->status == "user") {
      reader.error(DiagnosticCode::conflict, other->where,
                   std::string("'schedule' and '") + key + "' exclude one another",
                   "the schedule's potentials say it all");
    }
  }
  try {
    const UserSchedule own = load_schedule(schedule->text);
    if (reset_physics::deepest_fall_kT(own.schedule) > reset_physics::kDeepestFall_kT) {
      reader.error(DiagnosticCode::out_of_range, schedule->where,
                   "the schedule falls more than 650 kT below its start, where e^-V overflows");
    }
  } catch (const support::InputError& wrong) {
    for (const auto& diagnostic : wrong.diagnostics())
      reader.error(diagnostic.code, diagnostic.where, diagnostic.message, diagnostic.hint);
  }
}

void check_reset(const Reading& neuron, double temperature_k, Reader& reader) {
  const Value* reset = neuron.find("reset");
  const bool is_own = neuron.section->model != "relu_bit";
  if (!reset && !is_own) return;
  const std::string physics = is_own ? "of " + neuron.section->model : reset->text;
  const Value* policy = neuron.find("policy");
  const bool keeps_state = policy && neuron.is("policy", "on_change");
  if (keeps_state && !is_own && !neuron.is("reset", "landauer_ideal") && !neuron.is("reset", "cmos_latch")) {
    reader.error(DiagnosticCode::conflict, policy->where, "reset " + physics + " knows policy every_cycle only",
                 "what it costs to hold a state is not in its model");
  }
  if (policy && neuron.is("policy", "uncompute") && !neuron.is("reset", "landauer_ideal")) {
    reader.error(DiagnosticCode::conflict, policy->where, "reset " + physics + " cannot be run backwards",
                 "policy uncompute needs reset: landauer_ideal");
  }
  const Value* assumed = neuron.find("assumed_probability");
  if (neuron.is("protocol", "assumed") && !assumed && !neuron.failed.count("assumed_probability")) {
    reader.error(DiagnosticCode::missing_key, neuron.at("protocol").where,
                 "protocol assumed needs 'assumed_probability'", "add assumed_probability: 0.1");
  }
  const Value* protocol = neuron.find("protocol");
  if (assumed && protocol && !neuron.is("protocol", "assumed")) {
    reader.error(DiagnosticCode::conflict, assumed->where,
                 "'assumed_probability' has no meaning with protocol " + protocol->text);
  }
  check_schedule(neuron, reader);
  if (neuron.is("reset", "double_well") && neuron.is("live", "true") && neuron.is("protocol", "known") &&
      !neuron.find("schedule")) {
    reader.error(DiagnosticCode::conflict, neuron.at("live").where,
                 "live double wells share one protocol, and protocol known makes one for every neuron",
                 "take protocol: assumed or blind, or live: false");
  }
  constexpr double kMost_kT = 500;
  if (!(temperature_k > 0)) return;
  for (const char* key : {"barrier", "tilt", "state_energy", "retention_barrier"}) {
    const Value* energy = neuron.find(key);
    if (!energy || energy->number <= kMost_kT * support::kBoltzmann_J_per_K * temperature_k) continue;
    reader.error(DiagnosticCode::out_of_range, energy->where,
                 std::string("'") + key + "' is above 500 kT at the scenario's temperature",
                 "write it in kT: " + std::string(key) + ": 10 kT");
  }
}

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
    check_history(*linear, reader);
    check_programming(*linear, reader);
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
  if (const Reading* digital = part_of(platform, "digital")) {
    check_digital(*digital, reader);
    check_gate_level(*digital, true, reader);
    check_float_energy(*digital, reader);
  }
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

void check_neuron(const Reading& neuron, double temperature_k, Reader& reader) {
  check_reset(neuron, temperature_k, reader);
}

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
