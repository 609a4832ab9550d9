// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/build.hpp"
#include "sim/scenario/own_sections.hpp"
#include "sim/scenario/schedule_file.hpp"

namespace szilard::scenario {

namespace {

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
  spec.area_m2 = given_parameter(reading, "area");
  return spec;
}

}  // namespace szilard::scenario
