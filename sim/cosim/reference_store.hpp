// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <vector>

#include "models/support/aligned_vector.hpp"
#include "sim/dataset/dataset.hpp"
#include "sim/mapping/layer_chain.hpp"

namespace szilard::cosim {

/// The reference's outputs of every layer for the samples of a run. Kept whole where they fit the memory limit;
/// otherwise evaluated again for each range that is asked for.
class ReferenceStore {
 public:
  ReferenceStore(const network::Network& network, const mapping::LayerChain& chain, const dataset::Dataset& data,
                 std::size_t samples, std::size_t memory_limit_bytes);

  /// Signal rows of a layer for samples first .. first + count - 1: value of signal f of sample first + s is
  /// rows.data[f * rows.stride + s]. Valid until the next call.
  struct Rows {
    const double* data = nullptr;
    std::size_t stride = 0;
  };
  Rows rows(std::size_t layer, std::uint64_t first, std::size_t count);

  double rms(std::size_t layer) const;                                           ///< over all signals and samples
  double full_scale(std::size_t layer) const { return layers_[layer].largest; }  ///< largest magnitude
  const std::vector<std::int64_t>& predictions() const { return predictions_; }

 private:
  struct LayerData {
    std::size_t features = 0;
    support::AlignedVector<double> values;  // [feature][sample], empty where not kept
    double sum_of_squares = 0, largest = 0;
  };
  struct Range {
    std::uint64_t first;
    std::size_t count;
    std::vector<support::SignalBlock> outputs;
  };

  const network::Network& network_;
  const mapping::LayerChain& chain_;
  const dataset::Dataset& data_;
  std::size_t samples_;
  bool kept_;
  std::vector<LayerData> layers_;
  std::vector<std::int64_t> predictions_;
  std::list<Range> recent_;
};

/// Index of the largest of the network's outputs; the lowest wins a tie.
std::int64_t prediction(const mapping::LayerChain& chain, const support::SignalBlock& last_layer, std::size_t sample);

}  // namespace szilard::cosim
