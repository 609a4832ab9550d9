// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/support/diagnostics.hpp"

namespace szilard::scenario {

enum class WeightLaw { normal, uniform, laplace };

/// A layer that is known by its shape and by the statistics of its signals, not by its numbers.
struct DrawnLayer {
  std::string name;
  support::SourceLocation where;
  std::size_t inputs = 1, outputs = 1;
  std::size_t count = 1;     ///< layers of this kind, one after another
  std::size_t parallel = 1;  ///< of these, side by side at each place
  bool has_relu = false;
  double activity = 0;         ///< mean share of outputs above zero; ReLU only
  double activity_spread = 0;  ///< standard deviation of that share from neuron to neuron
  double input_activity = 1;   ///< share of inputs that are not zero
  bool signed_inputs = false;
  double input_limit = 4;  ///< largest magnitude of an input, in standard deviations of the law before it is cut
  WeightLaw weights = WeightLaw::normal;
  double weight_limit = 4;  ///< likewise of weights
};

/// How the statistical mode samples (sim/statistical/statistical.hpp).
struct StatisticalSpec {
  bool always = false;               ///< without --statistical too
  std::size_t draws = 8;             ///< of each layer
  std::size_t samples = 32;          ///< of each draw
  std::optional<std::size_t> block;  ///< outputs of a block, rounded up to whole tiles; none: one tile
  double confidence = 0.95;
  std::uint64_t seed = 1;          ///< of what is drawn
  std::vector<DrawnLayer> layers;  ///< instead of a network; empty: those of the network
};

}  // namespace szilard::scenario
