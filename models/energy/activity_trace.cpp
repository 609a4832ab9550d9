// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include "models/energy/bounds.hpp"

namespace szilard::energy {
namespace {

constexpr std::size_t kWordBits = 64;

}  // namespace

ActivityTrace::ActivityTrace(std::size_t neurons, std::size_t samples)
    : neurons_(neurons), samples_(samples), words_per_neuron_((samples + kWordBits - 1) / kWordBits) {
  if (neurons == 0 || samples == 0) throw std::invalid_argument("an activity trace needs neurons and samples");
  bits_.assign(neurons * words_per_neuron_, 0);
}

void ActivityTrace::set(std::size_t neuron, std::size_t sample, bool active) { set_run(neuron, sample, 1, active); }

void ActivityTrace::set_run(std::size_t neuron, std::size_t first_sample, std::size_t count, std::uint64_t bits) {
  if (neuron >= neurons_ || count > kWordBits || first_sample > samples_ || count > samples_ - first_sample)
    throw std::out_of_range("outside the activity trace");
  if (count == 0) return;
  const std::uint64_t mask = ~std::uint64_t{0} >> (kWordBits - count);
  bits &= mask;
  std::uint64_t* word = bits_.data() + neuron * words_per_neuron_ + first_sample / kWordBits;
  const std::size_t offset = first_sample % kWordBits;
  word[0] = (word[0] & ~(mask << offset)) | bits << offset;
  if (offset + count > kWordBits) {
    const std::size_t taken = kWordBits - offset;
    word[1] = (word[1] & ~(mask >> taken)) | bits >> taken;
  }
}

bool ActivityTrace::at(std::size_t neuron, std::size_t sample) const {
  if (neuron >= neurons_ || sample >= samples_) throw std::out_of_range("outside the activity trace");
  return (words(neuron)[sample / kWordBits] >> sample % kWordBits & 1) != 0;
}

std::uint64_t ActivityTrace::active(std::size_t neuron) const {
  if (neuron >= neurons_) throw std::out_of_range("outside the activity trace");
  std::uint64_t count = 0;
  for (std::size_t w = 0; w < words_per_neuron_; ++w) count += __builtin_popcountll(words(neuron)[w]);
  return count;
}

std::uint64_t ActivityTrace::transitions_1_0(std::size_t neuron) const {
  if (neuron >= neurons_) throw std::out_of_range("outside the activity trace");
  const std::uint64_t* word = words(neuron);
  std::uint64_t count = 0;
  for (std::size_t w = 0; w < words_per_neuron_; ++w) {
    const std::uint64_t successor = word[w] >> 1 | (w + 1 < words_per_neuron_ ? word[w + 1] << 63 : 0);
    count += __builtin_popcountll(word[w] & ~successor);
  }
  // The last sample has no successor; padding bits are 0, so it was counted if it is active.
  return count - static_cast<std::uint64_t>(at(neuron, samples_ - 1));
}

}  // namespace szilard::energy
