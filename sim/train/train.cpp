// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/train/train.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>

#include "models/support/constants.hpp"
#include "models/support/diagnostics.hpp"
#include "models/support/philox.hpp"
#include "models/support/units.hpp"
#include "models/training/machines.hpp"
#include "sim/dataset/dataset.hpp"
#include "sim/mapping/quasistatic_network.hpp"
#include "sim/network/network.hpp"
#include "sim/scenario/training.hpp"
#include "sim/train/checkpoint.hpp"
#include "sim/train/parts.hpp"

namespace szilard::train {
namespace {

using scenario::TrainingSpec;
using support::DiagnosticCode;
using support::InputError;
using training::Entries;
using training::TrainingRequest;

/// How often the loss of the free network is taken in the stationary part.
constexpr std::uint64_t kLossProbes = 100;
constexpr double kClosure = 1e-9;

void check_labels(const dataset::Dataset& data, std::size_t outputs, const support::SourceLocation& where) {
  for (std::int64_t label : data.labels())
    if (label >= std::int64_t(outputs))
      throw InputError(
          DiagnosticCode::label_count, where,
          "label " + std::to_string(label) + " is impossible: the network has " + std::to_string(outputs) + " outputs");
}

/// Items as entries; their labels as targets of 0 and 1.
Entries entries_of(const dataset::Dataset& data, std::size_t count, std::size_t outputs,
                   const support::SourceLocation& where) {
  check_labels(data, outputs, where);
  Entries out;
  out.count = count;
  out.inputs = data.features();
  out.outputs = outputs;
  out.input.resize(count * out.inputs);
  out.target.assign(count * outputs, 0.0);
  const support::SignalBlock block = data.block(0, count);
  for (std::size_t s = 0; s < count; ++s) {
    for (std::size_t k = 0; k < out.inputs; ++k) out.input[s * out.inputs + k] = block.row(k)[s];
    if (data.has_labels()) out.target[s * outputs + std::size_t(data.labels()[s])] = 1;
  }
  return out;
}

void check_features(const dataset::Dataset& data, std::size_t wanted, const support::SourceLocation& where) {
  if (data.features() != wanted)
    throw InputError(
        DiagnosticCode::shape_mismatch, where,
        "an item has " + std::to_string(data.features()) + " numbers, the network takes " + std::to_string(wanted));
}

Entries training_entries(const TrainingSpec& spec, std::size_t inputs, std::size_t outputs) {
  const dataset::Dataset data = dataset::Dataset::load(spec.inputs_path, spec.labels_path, spec.scale);
  check_features(data, inputs, spec.inputs_where);
  if (spec.samples && *spec.samples > data.items())
    throw InputError(
        DiagnosticCode::out_of_range, spec.inputs_where,
        "samples: " + std::to_string(*spec.samples) + " asked for, the file has " + std::to_string(data.items()));
  Entries out = entries_of(data, spec.samples.value_or(data.items()), outputs, spec.labels_where);
  if (spec.targets_path.empty()) return out;
  const dataset::Dataset targets = dataset::Dataset::load(spec.targets_path, "", 1);
  if (targets.features() != outputs || targets.items() != data.items())
    throw InputError(DiagnosticCode::shape_mismatch, spec.targets_where,
                     std::to_string(targets.items()) + " targets of " + std::to_string(targets.features()) +
                         " numbers for " + std::to_string(data.items()) + " entries and " + std::to_string(outputs) +
                         " outputs");
  const support::SignalBlock block = targets.block(0, out.count);
  for (std::size_t s = 0; s < out.count; ++s)
    for (std::size_t o = 0; o < outputs; ++o) out.target[s * outputs + o] = block.row(o)[s];
  return out;
}

/// Everything that a training needs, loaded and checked.
struct Study {
  const scenario::Scenario& scenario;
  const TrainingSpec& spec;
  quasistatic::Network network;
  Entries entries;
  std::optional<Entries> tests;
  TrainingRequest request;  ///< but for the temperature

  explicit Study(const scenario::Scenario& from) : scenario(from), spec(*from.training) {
    const network::Network graph = network::load_onnx(scenario.network_path);
    const mapping::LayerChain chain = mapping::make_chain(graph, mapping::Neurons::smooth);
    const double kT_j = support::kBoltzmann_J_per_K * scenario.temperature_k;
    const double stiffness = spec.stiffness_j / kT_j;
    network = mapping::make_quasistatic(chain, stiffness * spec.stiffness_ratio, stiffness * spec.stiffness_ratio);
    quasistatic::Layer& last = network.layers.back();
    std::fill(last.stiffness.begin(), last.stiffness.end(), stiffness);
    std::fill(last.friction.begin(), last.friction.end(), stiffness);
    if (!chain.output_indices.empty())
      throw InputError(DiagnosticCode::unsupported_network, scenario.network_where,
                       "the network rearranges its outputs: they cannot be clamped");
    const training::Shape dense(network);  // refuses other networks, before their data
    const std::size_t inputs = dense.inputs(), outputs = dense.outputs();
    entries = training_entries(spec, inputs, outputs);
    if (!scenario.labels_path.empty()) {
      const dataset::Dataset data = dataset::Dataset::load(scenario.inputs_path, scenario.labels_path, scenario.scale);
      check_features(data, inputs, scenario.inputs_where);
      tests = entries_of(data, std::min(scenario.samples.value_or(data.items()), data.items()), outputs,
                         scenario.labels_where);
    }
    set_request(stiffness);
  }

  void set_request(double stiffness) {
    request.order = training::Order(int(spec.order));
    request.presentations = spec.epochs * entries.count;
    request.measure_from = std::uint64_t(spec.measure_from * double(request.presentations));
    request.machines = spec.machines;
    request.exposure = spec.exposure_tau;
    request.mobility = 1 / (spec.parameter_tau * stiffness);
    request.switch_time = spec.switch_tau;
    request.final_mobility = spec.final_mobility;
    request.nudge = spec.clamping == scenario::Clamping::nudged ? spec.nudge * stiffness : 0;
    request.biases = spec.biases;
    request.langevin = spec.neurons == scenario::NeuronDynamics::langevin;
    request.kT_neurons = 1;
    request.random_start = spec.start == scenario::TrainingStart::random;
    request.seed = scenario.seed;
    if (double(spec.epochs) * double(entries.count) >= 6.8e10)
      throw InputError(DiagnosticCode::out_of_range, spec.where, "epochs x entries must stay below 2^36");
  }

  TrainingRequest at(double temperature_k) const {
    TrainingRequest out = request;
    out.kT_parameters = temperature_k / scenario.temperature_k;
    return out;
  }
};

/// Sums beside the trainer's own: losses of the free machines in the stationary part, and the ledger at the end of each
/// pass.
struct History {
  std::vector<double> loss_sums;
  double probes = 0;
  std::vector<training::MachineLedger> passes;

  std::vector<double> save() const {
    std::vector<double> out{probes, double(loss_sums.size())};
    out.insert(out.end(), loss_sums.begin(), loss_sums.end());
    for (const auto& pass : passes)
      out.insert(out.end(), {pass.supplied, pass.parameters, pass.neurons, pass.stored, pass.strain_energy});
    return out;
  }
  void load(const std::vector<double>& in) {
    if (in.size() < 2 || in.size() < 2 + std::size_t(in[1]))
      throw std::invalid_argument("the checkpoint does not fit the training");
    probes = in[0];
    loss_sums.assign(in.begin() + 2, in.begin() + 2 + std::ptrdiff_t(in[1]));
    passes.clear();
    for (std::size_t at = 2 + loss_sums.size(); at + 5 <= in.size(); at += 5)
      passes.push_back({in[at], in[at + 1], in[at + 2], in[at + 3], in[at + 4]});
  }
};

class Run {
 public:
  Run(const Study& study, const Options& options)
      : study_(study), options_(options), path_(options.directory + "/checkpoint") {
    identity_ = study.scenario.canonical;
    if (options.restart) std::filesystem::remove(path_);
    if (auto found = read_checkpoint(path_, identity_)) checkpoint_ = std::move(*found);
  }

  TemperatureResult at(std::size_t index) {
    const double temperature_k = study_.spec.temperatures_k[index];
    TemperatureResult out;
    out.temperature_k = temperature_k;
    out.name = support::shortest(temperature_k) + "K";
    training::Trainer trainer(study_.network, study_.entries, study_.at(temperature_k));
    History history;
    history.loss_sums.assign(study_.spec.machines, 0.0);
    restore(index, trainer, history);
    advance(index, out.name, trainer, history);
    collect(trainer, history, out);
    if (index >= checkpoint_.done_trainers.size()) {
      checkpoint_.done_trainers.push_back(trainer.save());
      checkpoint_.done_histories.push_back(history.save());
      checkpoint_.temperature = index + 1;
      checkpoint_.trainer.clear();
      checkpoint_.history.clear();
      write_checkpoint(path_, identity_, checkpoint_);
    }
    return out;
  }

 private:
  void restore(std::size_t index, training::Trainer& trainer, History& history) const {
    try {
      if (index < checkpoint_.done_trainers.size()) {
        trainer.load(checkpoint_.done_trainers[index]);
        history.load(checkpoint_.done_histories[index]);
      } else if (index == checkpoint_.temperature && !checkpoint_.trainer.empty()) {
        trainer.load(checkpoint_.trainer);
        history.load(checkpoint_.history);
      }
    } catch (const std::invalid_argument& error) {
      throw InputError(DiagnosticCode::file_format, {path_, 1, 1}, error.what(), "--restart trains anew");
    }
  }

  void advance(std::size_t index, const std::string& name, training::Trainer& trainer, History& history) {
    const std::uint64_t measured = study_.request.presentations - study_.request.measure_from;
    const std::uint64_t every = std::max<std::uint64_t>(1, measured / kLossProbes);
    auto last = std::chrono::steady_clock::now();
    while (!trainer.done()) {
      const std::uint64_t presented = trainer.presented();
      if (presented >= study_.request.measure_from && (presented - study_.request.measure_from) % every == 0)
        probe(trainer, history);
      trainer.advance();
      if (trainer.presented() % study_.entries.count == 0) history.passes.push_back(ledger_of_all(trainer));
      const auto now = std::chrono::steady_clock::now();
      if (options_.on_progress)
        options_.on_progress("train", name, double(trainer.presented()) / double(study_.request.presentations));
      if (std::chrono::duration<double>(now - last).count() < options_.checkpoint_interval_s) continue;
      last = now;
      checkpoint_.temperature = index;
      checkpoint_.trainer = trainer.save();
      checkpoint_.history = history.save();
      write_checkpoint(path_, identity_, checkpoint_);
    }
  }

  void probe(const training::Trainer& trainer, History& history) const {
    for (std::size_t m = 0; m < study_.spec.machines; ++m)
      history.loss_sums[m] += quality(trainer.machine(m), study_.entries).loss;
    ++history.probes;
  }

  training::MachineLedger ledger_of_all(const training::Trainer& trainer) const {
    training::MachineLedger sum;
    for (std::size_t m = 0; m < study_.spec.machines; ++m) {
      const training::MachineLedger one = trainer.ledger(m);
      sum.supplied += one.supplied, sum.parameters += one.parameters, sum.neurons += one.neurons;
      sum.stored += one.stored, sum.strain_energy += one.strain_energy;
    }
    return sum;
  }

  void collect(const training::Trainer& trainer, const History& history, TemperatureResult& out) const {
    for (std::size_t m = 0; m < study_.spec.machines; ++m) {
      MachineResult machine;
      machine.ledger = trainer.ledger(m);
      machine.stationary = trainer.stationary(m);
      const quasistatic::Network written = as_written(trainer.machine(m));
      machine.trained = quality(written, study_.entries);
      if (study_.tests) machine.tested = quality(written, *study_.tests);
      machine.excess_loss =
          history.loss_sums[m] / history.probes - quality(trainer.mean_machine(m), study_.entries).loss;
      out.machines.push_back(std::move(machine));
      out.networks.push_back(written);
    }
    out.passes = history.passes;
    out.steps = trainer.steps();
  }

  const Study& study_;
  const Options& options_;
  std::string path_, identity_;
  Checkpoint checkpoint_;
};

BaselineResult baseline_of(const Study& study, const Options& options) {
  BaselineResult out;
  const double nudge = study.request.nudge / study.network.layers.back().stiffness[0];
  out.rate = study.spec.exposure_tau / study.spec.parameter_tau * (nudge > 0 ? nudge / (1 + nudge) : 1);
  for (std::size_t m = 0; m < study.spec.machines; ++m) {
    training::Descent descent(study.network, study.entries, study.request, out.rate, m);
    while (!descent.done()) descent.advance();
    const quasistatic::Network written = as_written(descent.network());
    out.trained.push_back(quality(written, study.entries));
    if (study.tests) out.tested.push_back(quality(written, *study.tests));
    out.operations = descent.operations();
    if (options.on_progress) options.on_progress("descend", "software", double(m + 1) / double(study.spec.machines));
  }
  return out;
}

double mean_share(const TrainingRequest& request) {
  double sum = 0;
  for (std::uint64_t p = request.measure_from; p < request.presentations; ++p)
    sum += training::mobility_share(request, p);
  return sum / double(request.presentations - request.measure_from);
}

void check_closure(const TemperatureResult& temperature, std::vector<std::string>& failures) {
  for (std::size_t m = 0; m < temperature.machines.size(); ++m) {
    const training::MachineLedger& seen = temperature.machines[m].ledger;
    const double scale = std::max({std::abs(seen.supplied), std::abs(seen.parameters), std::abs(seen.neurons), 1e-300});
    const double off = std::abs(seen.supplied - seen.parameters - seen.neurons - seen.stored) / scale;
    if (!(off <= kClosure))
      failures.push_back("the ledger of machine " + std::to_string(m + 1) + " at " + temperature.name + " is open by " +
                         support::shortest(off));
  }
}

}  // namespace

Result train(const scenario::Scenario& scenario, const Options& options) {
  if (!scenario.training)
    throw InputError(DiagnosticCode::missing_key, {scenario.path, 1, 1}, "the scenario has no section 'training'",
                     "`szilard run` runs it as it is");
  try {
    const Study study(scenario);
    Result out;
    out.network_file = scenario.network_path;
    out.entries = study.entries.count;
    out.machines = study.spec.machines;
    out.presentations = study.request.presentations;
    out.temperature_k = scenario.temperature_k;
    out.kT_j = support::kBoltzmann_J_per_K * scenario.temperature_k;
    out.stiffness_j = study.spec.stiffness_j;
    out.mobility = study.request.mobility;
    out.exposure_tau = study.request.exposure;
    out.stationary_share = mean_share(study.request);
    out.has_tests = study.tests.has_value();
    out.parameters = training::Trainer(study.network, study.entries, study.request).parameters();
    Run run(study, options);
    for (std::size_t i = 0; i < study.spec.temperatures_k.size(); ++i) {
      out.temperatures.push_back(run.at(i));
      check_closure(out.temperatures.back(), out.failures);
    }
    out.baseline = baseline_of(study, options);
    out.crossover = crossover_of(out);
    afterwards(study.spec, study.request, study.network, study.tests ? *study.tests : study.entries, out);
    return out;
  } catch (const std::invalid_argument& error) {
    throw InputError(DiagnosticCode::out_of_range, scenario.training->where, std::string("training: ") + error.what());
  }
}

}  // namespace szilard::train
