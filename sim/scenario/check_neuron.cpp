// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "models/neuron/reset_physics/fokker_planck.hpp"
#include "models/support/constants.hpp"
#include "sim/scenario/build.hpp"
#include "sim/scenario/schedule_file.hpp"

namespace szilard::scenario {

using support::DiagnosticCode;

namespace {

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

}  // namespace

void check_neuron(const Reading& neuron, double temperature_k, Reader& reader) {
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

}  // namespace szilard::scenario
