// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "models/energy/bounds.hpp"
#include "models/support/philox.hpp"

namespace szilard::energy {
namespace {

using Hash = std::array<std::uint64_t, 2>;

/// A fixed random word for each neuron of each layer (A. L. Zobrist, 1970): a state's hash is the sum modulo 2 over
/// those that are active.
Hash word_of(std::size_t layer, std::size_t neuron) {
  const auto n = static_cast<std::uint64_t>(neuron);
  const std::array<std::uint32_t, 4> words = support::philox4x32_10(
      {static_cast<std::uint32_t>(n), static_cast<std::uint32_t>(n >> 32), static_cast<std::uint32_t>(layer), 0x5a0b},
      {0x73746174, 0x65686173});
  return {std::uint64_t{words[0]} << 32 | words[1], std::uint64_t{words[2]} << 32 | words[3]};
}

double entropy_bit(std::vector<Hash> states) {
  std::sort(states.begin(), states.end());
  const auto all = static_cast<double>(states.size());
  double entropy = 0;
  for (auto first = states.begin(); first != states.end();) {
    const auto next = std::upper_bound(first, states.end(), *first);
    const double share = static_cast<double>(next - first) / all;
    entropy -= share * std::log2(share);
    first = next;
  }
  return std::max(entropy, 0.0);
}

}  // namespace

EnsembleEntropy ensemble_entropy(const std::vector<const ActivityTrace*>& layers) {
  EnsembleEntropy out;
  std::vector<Hash> joint;
  for (std::size_t l = 0; l < layers.size(); ++l) {
    if (layers[l] == nullptr) throw std::invalid_argument("a layer without a trace");
    const ActivityTrace& trace = *layers[l];
    if (l == 0) joint.assign(trace.samples(), Hash{});
    if (joint.size() != trace.samples()) throw std::invalid_argument("the layers saw different samples");
    std::vector<Hash> states(trace.samples(), Hash{});
    for (std::size_t i = 0; i < trace.neurons(); ++i) {
      const Hash word = word_of(l, i);
      for (std::size_t w = 0; w < trace.words_per_neuron(); ++w)
        for (std::uint64_t bits = trace.words(i)[w]; bits != 0; bits &= bits - 1) {
          Hash& state = states[64 * w + static_cast<std::size_t>(__builtin_ctzll(bits))];
          state[0] ^= word[0];
          state[1] ^= word[1];
        }
    }
    for (std::size_t s = 0; s < states.size(); ++s) {
      joint[s][0] ^= states[s][0];
      joint[s][1] ^= states[s][1];
    }
    out.by_layer_bit.push_back(entropy_bit(std::move(states)));
  }
  if (!joint.empty()) out.joint_bit = entropy_bit(std::move(joint));
  return out;
}

}  // namespace szilard::energy
