// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "sim/cosim/run.hpp"

/// What each effect of a platform costs: the scenario is run again with one effect of sim/scenario/effects.hpp off at a
/// time, and with one on at a time. Runs share seeds and streams, so that what stays on is the same in each, and
/// differences are between the same samples on the same devices. Costs of effects do not add up: they mask or make up
/// for one another.
namespace szilard::attribution {

/// One platform in one run.
struct Outcome {
  std::optional<double> accuracy;  ///< none without labels
  double agreement = 0, output_rms_error = 0, energy_per_inference_j = 0;
  /// Standard error of the difference of accuracies (without labels: agreements) from the run as it is, from the
  /// samples that are right in one of both only (Q. McNemar, Psychometrika 12, 153 (1947), DOI 10.1007/BF02295996).
  double difference_standard_error = 0;
};

/// An effect of a platform: with all others but without it, and it alone with its remedies.
struct Row {
  std::string effect;
  bool is_remedy = false;
  Outcome without;
  std::optional<Outcome> alone;  ///< none for remedies, which need what they counteract
};

struct Platform {
  std::string name;
  Outcome as_it_is, without_any;
  std::vector<Row> rows;
};

struct Result {
  std::vector<Platform> platforms;  ///< those with an effect that is on
  std::vector<std::string> failures;
  std::size_t runs = 0;
};

/// Runs every variant as a process of its own (SystemC's kernel is process-wide), `jobs` at a time, before this process
/// has begun a simulation. Digital platforms, comparisons and faults are left out.
Result attribute(const scenario::Scenario& scenario, const cosim::Workload& workload, std::size_t quantum,
                 std::size_t jobs, const std::function<void(const std::string& what, double share)>& on_progress);

void print(std::ostream& out, const Result& result);
/// attribution.csv and attribution.json (schema szilard.attribution/1).
void write(const std::string& directory, const Result& result);

}  // namespace szilard::attribution
