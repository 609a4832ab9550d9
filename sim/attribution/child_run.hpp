// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sim/cosim/run.hpp"
#include "sim/process/child_process.hpp"

namespace szilard::attribution {

/// What a child process tells of one platform. Internal to this folder.
struct ChildOutcome {
  std::vector<bool> right;  ///< each sample: as labelled, or without labels as the reference
  bool has_labels = false;
  double agreement = 0, output_rms_error = 0, energy_per_inference_j = 0;
};

/// A run in a process of its own, started by the constructor.
class ChildRun {
 public:
  ChildRun(const scenario::Scenario& scenario, const cosim::Workload& workload, std::size_t quantum);

  /// Waits for the end: one outcome a platform. Throws std::runtime_error with what went wrong.
  std::vector<ChildOutcome> wait();

 private:
  process::ChildProcess process_;
};

}  // namespace szilard::attribution
