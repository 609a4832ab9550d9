// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/build.hpp"
#include "sim/scenario/relaxation_times.hpp"
#include "sim/scenario/training.hpp"

namespace szilard::scenario {
namespace {

double tau_of(const Reading& reading, const char* key) { return relaxation_times(reading.at(key).text).value(); }

}  // namespace

std::shared_ptr<const TrainingSpec> training_of(const Reading& reading, double temperature_k) {
  const auto spec = std::make_shared<TrainingSpec>();
  spec->where = reading.where;
  spec->inputs_path = reading.at("inputs").text;
  spec->inputs_where = reading.at("inputs").where;
  if (const Value* labels = reading.find("labels"))
    spec->labels_path = labels->text, spec->labels_where = labels->where;
  if (const Value* targets = reading.find("targets"))
    spec->targets_path = targets->text, spec->targets_where = targets->where;
  spec->scale = reading.at("scale").number;
  if (const Value& samples = reading.at("samples"); !samples.is_word) spec->samples = samples.integer;
  if (reading.is("start", "network")) spec->start = TrainingStart::network;
  if (reading.is("order", "independent")) spec->order = EntryOrder::independent;
  if (reading.is("order", "cyclic")) spec->order = EntryOrder::cyclic;
  spec->epochs = reading.at("epochs").integer;
  spec->machines = reading.at("machines").integer;
  spec->stiffness_j = reading.at("stiffness").number;
  spec->stiffness_ratio = reading.at("stiffness_ratio").number;
  spec->relaxation_time_s = reading.at("relaxation_time").parameter();
  spec->exposure_tau = tau_of(reading, "exposure");
  spec->parameter_tau = tau_of(reading, "parameter_time");
  spec->switch_tau = tau_of(reading, "switch");
  spec->final_mobility = reading.at("final_mobility").number;
  if (reading.is("clamping", "nudged")) spec->clamping = Clamping::nudged;
  if (const Value* nudge = reading.find("nudge")) spec->nudge = nudge->number;
  if (reading.is("neurons", "langevin")) spec->neurons = NeuronDynamics::langevin;
  if (const Value* temperatures = reading.find("temperatures")) spec->temperatures_k = temperatures->numbers;
  else spec->temperatures_k = {temperature_k};
  spec->biases = reading.is("biases", "trained");
  spec->measure_from = reading.at("measure_from").number;
  if (const Value* value = reading.find("freeze")) {
    const Reading& freeze = value->below.front();
    spec->freeze = FreezeSpec{freeze.at("mobility").number, tau_of(freeze, "time")};
  }
  if (const Value* value = reading.find("copy")) {
    const Reading& copy = value->below.front();
    spec->copy = CopySpec{tau_of(copy, "time"), {}};
    if (const Value* energy = copy.find("energy")) spec->copy->energy_j = energy->parameter();
  }
  return spec;
}

}  // namespace szilard::scenario
