// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "models/training/descent.hpp"
#include "models/training/trainer.hpp"
#include "sim/scenario/scenario.hpp"

/// `szilard train`: a scenario's network trains itself, beside gradient descent in software on the same entries.
namespace szilard::train {

/// Of one machine; mean and standard error over machines elsewhere.
struct MachineResult {
  training::MachineLedger ledger;  ///< whole training, kT of the scenario's temperature
  training::Stationary stationary;
  training::Quality trained,
      tested;              ///< of the parameters as written, float32; tested: of the data set, where it has labels
  double excess_loss = 0;  ///< stationary part: mean loss less that at the mean parameters
};

/// One temperature of the parameters' bath.
struct TemperatureResult {
  double temperature_k = 0;
  std::string name;  ///< "300K"
  std::vector<MachineResult> machines;
  std::vector<quasistatic::Network> networks;  ///< of each machine, as written
  /// Of each pass, summed over machines: supplied, parameters, neurons, stored, strain energy at its end, since the
  /// start.
  std::vector<training::MachineLedger> passes;
  std::uint64_t steps = 0;
};

struct BaselineResult {
  std::vector<training::Quality> trained, tested;
  training::Operations operations;  ///< of one machine's training
  double rate = 0;
};

/// Where the parameters' own noise doubles what entries alone cost: crossed between two of the temperatures.
struct Crossover {
  double temperature_k = 0, standard_error_k = 0;
  double heat_per_NDkT = 0,
         heat_per_NDkT_error = 0;  ///< heat of the parameters a presentation and parameter, over kT there
};

struct FreezePoint {
  double time_tau = 0, rms_move = 0, accuracy = 0;  ///< accuracy of the first machine
};

/// Parameters dragged into a second machine, by springs as stiff as the outputs' (training/drag.hpp).
struct CopyResult {
  double drag_j = 0, heat_j = 0, stored_j = 0;  ///< work seen = heat + what is left in the springs
  double rms_error = 0;                         ///< of the copied parameters
  std::optional<double> accuracy;               ///< of the second machine
  double writing_j = 0, digital_j = 0;          ///< digital: registers of 16 bits overwritten, at Landauer's limit
};

struct Result {
  std::string network_file;
  std::size_t entries = 0, parameters = 0, machines = 0;
  std::uint64_t presentations = 0;
  double temperature_k = 0;  ///< of the scenario
  double kT_j = 0, stiffness_j = 0, mobility = 0, exposure_tau = 0;
  double stationary_share = 1;  ///< of the mobility, mean over the stationary part
  bool has_tests = false;
  BaselineResult baseline;
  std::vector<TemperatureResult> temperatures;
  std::optional<Crossover> crossover;
  double parameter_rms = 0;
  std::vector<FreezePoint> freeze;
  std::optional<CopyResult> copy;
  std::vector<std::string> failures;  ///< a ledger that does not close
};

struct Options {
  std::string directory;  ///< of checkpoint and results
  bool restart = false;   ///< a checkpoint found there is dropped
  double checkpoint_interval_s = 0.5;
  std::function<void(const std::string& phase, const std::string& what, double share)> on_progress;
};

/// Trains, writing DIR/checkpoint now and then; where there is one of the same training, it goes on from there with the
/// same bytes in the end. Throws support::InputError: the scenario has no `training`, its files do not fit, DIR holds
/// another training.
Result train(const scenario::Scenario& scenario, const Options& options);

/// training.json, ledger.csv, trained*.onnx and scenario.resolved.yaml in DIR; then the checkpoint goes.
void write(const std::string& directory, const scenario::Scenario& scenario, const Result& result);
std::string result_json(const scenario::Scenario& scenario, const Result& result);
void print(std::ostream& out, const scenario::Scenario& scenario, const Result& result);

}  // namespace szilard::train
