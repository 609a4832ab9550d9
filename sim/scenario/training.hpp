// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "models/support/diagnostics.hpp"
#include "models/support/parameter.hpp"

namespace szilard::scenario {

enum class TrainingStart { random, network };
enum class EntryOrder { independent, reshuffled, cyclic };
enum class Clamping { hard, nudged };
enum class NeuronDynamics { relaxed, langevin };

/// What the parameters do after training, at a lower mobility.
struct FreezeSpec {
  double mobility = 0;  ///< share of the training's
  double time_tau = 0;
};

/// Bringing the trained parameters into a second machine.
struct CopySpec {
  double time_tau = 0;  ///< in which they are dragged from the start's values to the trained ones
  std::optional<support::Parameter> energy_j;  ///< of writing one parameter, beside the drag
};

/// Physical training of the network by its own relaxation (v2, Eqs. 8 to 16). Times in relaxation times of a free
/// output unit.
struct TrainingSpec {
  std::string inputs_path, labels_path, targets_path;  ///< labels or targets
  support::SourceLocation inputs_where, labels_where, targets_where, where;
  double scale = 1;
  std::optional<std::size_t> samples;  ///< none: all
  TrainingStart start = TrainingStart::random;
  EntryOrder order = EntryOrder::reshuffled;
  std::size_t epochs = 1, machines = 1;
  double stiffness_j = 0;      ///< of output units
  double stiffness_ratio = 1;  ///< of hidden units over it
  support::Parameter relaxation_time_s;
  double exposure_tau = 0, parameter_tau = 0, switch_tau = 0;
  double final_mobility = 1;
  Clamping clamping = Clamping::hard;
  double nudge = 0;  ///< stiffness of the nudging spring over that of outputs
  NeuronDynamics neurons = NeuronDynamics::relaxed;
  std::vector<double> temperatures_k;  ///< one training each
  bool biases = true;
  double measure_from = 0.5;
  std::optional<FreezeSpec> freeze;
  std::optional<CopySpec> copy;
};

}  // namespace szilard::scenario
