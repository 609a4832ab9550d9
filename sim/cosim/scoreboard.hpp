// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/support/signal_block.hpp"
#include "sim/cosim/reference_store.hpp"
#include "sim/mapping/layer_chain.hpp"

namespace szilard::cosim {

/// Where two things that should agree first do not: lowest sample, then lowest index.
struct Mismatch {
  std::uint64_t sample = 0;
  std::size_t index = 0;
  double first = 0, second = 0;
};

struct PairResult {
  std::string first, second, layer;
  double max_error = 0;                    ///< largest difference, relative to the reference's full scale in that layer
  std::optional<Mismatch> first_mismatch;  ///< the first difference above the tolerance
};

/// Holds every platform's outputs, per layer and sample, against the reference and against one another.
class Scoreboard {
 public:
  Scoreboard(const mapping::LayerChain& chain, ReferenceStore& reference, std::size_t samples,
             std::vector<std::string> platforms, std::vector<std::pair<std::string, std::string>> pairs,
             double tolerance);

  /// Outputs of a layer of a platform, any run of consecutive samples; every sample and layer comes once.
  void observe(std::size_t platform, std::size_t layer, const support::SignalBlock& outputs);
  /// Called with (platform, samples done) whenever last-layer outputs arrive.
  std::function<void(std::size_t, std::size_t)> on_progress;

  bool complete(std::size_t platform) const { return done_[platform] == samples_; }
  double rms_error(std::size_t platform, std::size_t layer) const;  ///< relative to the reference's rms
  double max_error(std::size_t platform, std::size_t layer) const;  ///< relative to the reference's rms
  const std::vector<std::int64_t>& predictions(std::size_t platform) const { return predictions_[platform]; }
  /// Last layer, in the network's output order, [sample][output].
  const std::vector<double>& outputs(std::size_t platform) const { return outputs_[platform]; }
  std::vector<PairResult> compare_pairs() const;

 private:
  struct LayerErrors {
    std::vector<double> squared;  // per sample
    double largest = 0;
    std::vector<double> kept;  // [feature][sample] of platforms that are compared in pairs
  };

  const mapping::LayerChain& chain_;
  ReferenceStore& reference_;
  std::size_t samples_;
  std::vector<std::string> names_;
  std::vector<std::pair<std::size_t, std::size_t>> pairs_;
  double tolerance_;
  std::vector<std::vector<LayerErrors>> errors_;  // [platform][layer]
  std::vector<std::vector<std::int64_t>> predictions_;
  std::vector<std::vector<double>> outputs_;
  std::vector<std::size_t> done_;
};

}  // namespace szilard::cosim
