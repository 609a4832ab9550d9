// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/bounds/gate_entropy.hpp"

#include <stdexcept>
#include <vector>

#include "models/energy/lost_information.hpp"
#include "models/support/philox.hpp"

namespace szilard::bounds {
namespace {

constexpr int kMostEnumerated = 8, kMostBits = 16, kMostWordBits = 10;

/// How often an adder met each of its eight inputs.
struct Adder {
  std::vector<std::uint64_t> seen = std::vector<std::uint64_t>(8);

  unsigned add(unsigned a, unsigned b, unsigned carry) {  // bit 0: sum, bit 1: carry
    ++seen[a | b << 1 | carry << 2];
    return a + b + carry;
  }
  double loss_bit(bool sampled) const { return energy::lost_information_bit(seen, {0, 1, 1, 2, 1, 2, 2, 3}, sampled); }
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
        const unsigned out =
            adders_[(row - 1) * bits_ + column].add(running >> column & 1, addend >> column & 1, carry);
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

double and_gate_loss_bit() { return energy::lost_information_bit({1, 1, 1, 1}, {0, 0, 0, 1}, false); }

double full_adder_loss_bit() {
  Adder adder;
  adder.seen.assign(8, 1);
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
  return 2 * bits - energy::entropy_bit(products, false);
}

}  // namespace szilard::bounds
