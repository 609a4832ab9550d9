// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/converters/capacitor_array.hpp"

#include <cmath>
#include <utility>
#include <vector>

namespace szilard::electronic {
namespace {

/// One side of the array: bottom plates at ground or at the reference.
class Side {
 public:
  Side(int largest_exponent, bool at_reference) {
    for (int e = largest_exponent; e >= 0; --e) units_.push_back(std::ldexp(1.0, e));
    units_.push_back(1.0);
    for (const double units : units_) total_ += units;
    is_up_.assign(units_.size(), at_reference);
  }

  std::size_t capacitors() const { return units_.size(); }
  const std::vector<bool>& plates() const { return is_up_; }

  /// Moves the plates; what the reference delivers.
  double move(std::vector<bool> next) {
    double shift = 0;
    for (std::size_t j = 0; j < units_.size(); ++j) shift += units_[j] * (double(next[j]) - double(is_up_[j]));
    shift /= total_;
    double energy = 0;
    for (std::size_t j = 0; j < units_.size(); ++j) {
      if (next[j]) energy += units_[j] * (1.0 - double(is_up_[j]) - shift);
    }
    is_up_ = std::move(next);
    return energy;
  }

 private:
  std::vector<double> units_;
  std::vector<bool> is_up_;
  double total_ = 0;
};

bool bit_of(std::uint32_t index, int bits, int decision) { return (index >> (bits - 1 - decision)) & 1U; }

double conventional(int bits, std::uint32_t index) {
  Side positive(bits - 1, false), negative(bits - 1, false);
  std::vector<bool> trial(positive.capacitors(), false);
  double energy = 0;
  for (int step = 0; step < bits; ++step) {
    if (step > 0) trial[std::size_t(step) - 1] = bit_of(index, bits, step - 1);
    trial[std::size_t(step)] = true;
    std::vector<bool> complement = trial;
    complement.flip();
    energy += positive.move(trial) + negative.move(std::move(complement));
  }
  return energy;
}

double monotonic(int bits, std::uint32_t index) {
  if (bits < 2) return 0;
  Side positive(bits - 2, true), negative(bits - 2, true);
  double energy = 0;
  for (int step = 0; step < bits - 1; ++step) {
    Side& higher = bit_of(index, bits, step) ? positive : negative;
    std::vector<bool> next = higher.plates();
    next[std::size_t(step)] = false;
    energy += higher.move(std::move(next));
  }
  return energy;
}

}  // namespace

double switching_energy(int bits, CapacitorSwitching switching, std::uint32_t index) {
  return switching == CapacitorSwitching::conventional ? conventional(bits, index) : monotonic(bits, index);
}

}  // namespace szilard::electronic
