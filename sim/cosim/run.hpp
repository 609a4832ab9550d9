// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "sim/cosim/result.hpp"
#include "sim/dataset/dataset.hpp"
#include "sim/mapping/calibration.hpp"
#include "sim/mapping/layer_chain.hpp"
#include "sim/network/network.hpp"
#include "sim/scenario/scenario.hpp"

namespace szilard::cosim {

struct RunOptions {
  std::size_t quantum = 128;     ///< samples a SystemC activation handles; scheduling only, changes no result
  bool waves = false;            ///< record what the scenario's `waves:` asks for
  std::string clock_trace_path;  ///< .npy of joules per clock cycle; empty: none
  /// Called now and then with a phase ("reference", "simulate"), what is being done and how far it is, 0 to 1.
  std::function<void(const std::string& phase, const std::string& what, double share)> on_progress;
  /// Called with each layer's crossbar before the simulation.
  std::function<void(const std::string& platform, const electronic::CrossbarStage& crossbar)> on_crossbar;
  /// Likewise with each layer on light.
  std::function<void(const std::string& platform, const optical::OpticalStage& stage)> on_optical;
};

/// What a scenario names, loaded and checked against one another: once for `check`, `run` and sweeps.
struct Workload {
  network::Network network;
  mapping::LayerChain chain;
  dataset::Dataset data;
  std::size_t samples = 0;
  std::shared_ptr<const mapping::Calibration> calibration;  ///< null: taken as the scenario says
};
Workload load_workload(const scenario::Scenario& scenario);
/// What the reference shows on the scenario's calibration data.
mapping::Calibration calibrate(const scenario::Scenario& scenario, const Workload& workload);
/// How many samples a scenario runs of a data set. Throws InputError if it has fewer.
std::size_t sample_count(const scenario::Scenario& scenario, const dataset::Dataset& data);

/// Runs all platforms of a scenario in one SystemC simulation. Once per process: SystemC's kernel is process-wide.
RunResult run(const scenario::Scenario& scenario, const Workload& workload, const RunOptions& options);

}  // namespace szilard::cosim
