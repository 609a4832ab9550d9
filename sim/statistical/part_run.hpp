// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "sim/process/child_process.hpp"
#include "sim/statistical/population.hpp"

namespace szilard::statistical {

/// Everything that a part's simulation tells. Internal to this folder.
struct Figures {
  std::map<std::string, std::vector<double>> by_sample;  ///< "dissipated|fc1/tiles|joule_heating" [sample], J
  std::map<std::string, double> scalars;                 ///< "latency_s", "area_m2", "bound|reset_per_neuron_J", ...
  std::vector<double> outputs;                           ///< [sample][output]
  cosim::PlatformKind kind = cosim::PlatformKind::dynamic_analog;
  std::string bound;
  std::vector<std::string> failures;
};

/// a + factor (b - c), figure by figure; one that a part does not have is 0 there.
Figures plus_difference(const Figures& a, double factor, const Figures& b, const Figures& c);

/// One platform on one part, made and simulated in a process of its own, started by the constructor.
class PartRun {
 public:
  PartRun(const scenario::Scenario& scenario, const scenario::PlatformSpec& platform,
          const std::function<Part()>& make_part, bool wants_outputs, std::size_t population);
  /// Throws std::runtime_error with what went wrong.
  Figures wait();

 private:
  process::ChildProcess process_;
};

}  // namespace szilard::statistical
