// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/cosim/reference_store.hpp"

#include <algorithm>
#include <cmath>

namespace szilard::cosim {
namespace {
constexpr std::size_t kBlock = 128;
constexpr std::size_t kRecentRanges = 8;
}  // namespace

std::int64_t prediction(const mapping::LayerChain& chain, const support::SignalBlock& last_layer, std::size_t sample) {
  const std::size_t outputs = chain.output_indices.empty() ? last_layer.features() : chain.output_indices.size();
  std::int64_t best = 0;
  double best_value = 0;
  for (std::size_t i = 0; i < outputs; ++i) {
    const double value = last_layer.at(chain.output_indices.empty() ? i : std::size_t(chain.output_indices[i]), sample);
    if (i == 0 || value > best_value) best = std::int64_t(i), best_value = value;
  }
  return best;
}

ReferenceStore::ReferenceStore(const network::Network& network, const mapping::LayerChain& chain,
                               const dataset::Dataset& data, std::size_t samples, std::size_t memory_limit_bytes)
    : network_(network), chain_(chain), data_(data), samples_(samples), layers_(chain.layers.size()) {
  std::size_t features = 0;
  for (const mapping::Layer& layer : chain.layers) features += layer.outputs();
  kept_ = features * samples * sizeof(double) <= memory_limit_bytes;
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    layers_[l].features = chain.layers[l].outputs();
    if (kept_) layers_[l].values.resize(layers_[l].features * samples);
  }
  for (std::size_t first = 0; first < samples; first += kBlock) {
    const support::SignalBlock input = data.block(first, std::min(kBlock, samples - first));
    const std::vector<support::SignalBlock> outputs = mapping::reference_outputs(network, chain, input);
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      LayerData& layer = layers_[l];
      for (std::size_t i = 0; i < layer.features; ++i) {
        const double* row = outputs[l].row(i);
        for (std::size_t s = 0; s < input.samples(); ++s) {
          layer.sum_of_squares += row[s] * row[s];
          layer.largest = std::max(layer.largest, std::abs(row[s]));
        }
        if (kept_) std::copy(row, row + input.samples(), layer.values.begin() + std::ptrdiff_t(i * samples + first));
      }
    }
    for (std::size_t s = 0; s < input.samples(); ++s) predictions_.push_back(prediction(chain, outputs.back(), s));
  }
}

ReferenceStore::Rows ReferenceStore::rows(std::size_t layer, std::uint64_t first, std::size_t count) {
  if (kept_) return {layers_[layer].values.data() + first, samples_};
  auto found = std::find_if(recent_.begin(), recent_.end(),
                            [&](const Range& range) { return range.first == first && range.count == count; });
  if (found == recent_.end()) {
    const support::SignalBlock input = data_.block(std::size_t(first), count);
    recent_.push_front({first, count, mapping::reference_outputs(network_, chain_, input)});
    if (recent_.size() > kRecentRanges) recent_.pop_back();
    found = recent_.begin();
  }
  const support::SignalBlock& block = found->outputs[layer];
  return {block.row(0), block.stride()};
}

double ReferenceStore::rms(std::size_t layer) const {
  const double n = double(layers_[layer].features) * double(samples_);
  return n > 0 ? std::sqrt(layers_[layer].sum_of_squares / n) : 0;
}

}  // namespace szilard::cosim
