// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/bounds/gate_entropy.hpp"

#include <array>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "models/support/constants.hpp"
#include "models/support/philox.hpp"

namespace szilard::bounds {
namespace {

constexpr int kMostEnumerated = 8, kMostBits = 16, kMostWordBits = 10;

/// Plug-in entropy in bits; a sample of a larger whole is corrected by (classes seen - 1) / (2 samples) nat.
template <typename Counts>
double entropy_bit(const Counts& counts, bool sampled) {
  double total = 0, sum = 0, classes = 0;
  for (std::uint64_t count : counts) total += double(count);
  for (std::uint64_t count : counts) {
    if (count == 0) continue;
    const double p = double(count) / total;
    sum -= p * std::log(p);
    ++classes;
  }
  if (sampled) sum += (classes - 1) / (2 * total);
  return sum / support::kLn2;
}

/// How often an adder met each of its eight inputs.
struct Adder {
  std::array<std::uint64_t, 8> seen{};

  unsigned add(unsigned a, unsigned b, unsigned carry) {  // bit 0: sum, bit 1: carry
    ++seen[a | b << 1 | carry << 2];
    return a + b + carry;
  }
  double loss_bit(bool sampled) const {
    std::array<std::uint64_t, 4> outputs{};
    for (unsigned input = 0; input < 8; ++input)
      outputs[(input & 1) + (input >> 1 & 1) + (input >> 2)] += seen[input];
    return entropy_bit(seen, sampled) - entropy_bit(outputs, sampled);
  }
};

class Multiplier {
 public:
  explicit Multiplier(int bits) : bits_(bits), adders_((bits - 1) * bits) {}

  void multiply(unsigned a, unsigned b) {
    unsigned running = b & 1 ? a : 0;  // partial sum without the product bits that are already final
    for (int row = 1; row < bits_; ++row) {
      const unsigned addend = b >> row & 1 ? a : 0;
      running >>= 1;
      unsigned carry = 0, sum = 0;
      for (int column = 0; column < bits_; ++column) {
        const unsigned out = adders_[(row - 1) * bits_ + column].add(running >> column & 1, addend >> column & 1, carry);
        sum |= (out & 1) << column;
        carry = out >> 1;
      }
      running = sum | carry << bits_;
    }
  }
  double loss_bit(bool sampled) const {
    double sum = bits_ * bits_ * and_gate_loss_bit();
    for (const Adder& adder : adders_) sum += adder.loss_bit(sampled);
    return sum;
  }

 private:
  int bits_;
  std::vector<Adder> adders_;
};

}  // namespace

double and_gate_loss_bit() { return 2 - entropy_bit(std::array<std::uint64_t, 2>{3, 1}, false); }

double full_adder_loss_bit() {
  Adder adder;
  adder.seen.fill(1);
  return adder.loss_bit(false);
}

double multiplier_gate_loss_bit(int bits, std::uint64_t samples) {
  if (bits < 2 || bits > kMostBits) throw std::invalid_argument("a multiplier has 2 to 16 bits");
  Multiplier multiplier(bits);
  const bool sampled = bits > kMostEnumerated;
  if (!sampled) {
    for (unsigned a = 0; a < 1u << bits; ++a)
      for (unsigned b = 0; b < 1u << bits; ++b) multiplier.multiply(a, b);
    return multiplier.loss_bit(false);
  }
  if (samples < 2) throw std::invalid_argument("an entropy needs samples");
  const unsigned mask = (1u << bits) - 1, stream = support::stream_of("bounds/multiplier");
  for (std::uint64_t i = 0; i < samples; ++i) {
    const auto words = support::philox4x32_10({std::uint32_t(i), std::uint32_t(i >> 32), 0, stream}, {1, 0});
    multiplier.multiply(words[0] & mask, words[1] & mask);
  }
  return multiplier.loss_bit(true);
}

double multiplier_word_loss_bit(int bits) {
  if (bits < 2 || bits > kMostWordBits) throw std::invalid_argument("a word is enumerated from 2 to 10 bits");
  std::vector<std::uint64_t> products(std::size_t(1) << (2 * bits));
  for (unsigned a = 0; a < 1u << bits; ++a)
    for (unsigned b = 0; b < 1u << bits; ++b) ++products[a * b];
  return 2 * bits - entropy_bit(products, false);
}

}  // namespace szilard::bounds
