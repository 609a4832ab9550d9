// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>

#include "models/support/philox.hpp"

namespace szilard::reset_physics::test {

/// Random parameters of one test, reproducible from its seed.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : random_(seed, support::stream_of("tests/reset_physics")) {}

  double uniform(double from, double to) { return from + (to - from) * random_.uniform(0, index_++); }
  double log_uniform(double from, double to) { return std::exp(uniform(std::log(from), std::log(to))); }

 private:
  support::RandomStream random_;
  std::uint32_t index_ = 0;
};

inline double entropy(double p) { return (p > 0 ? -p * std::log(p) : 0) - (p < 1 ? (1 - p) * std::log1p(-p) : 0); }
inline double divergence(double p, double q) { return p * std::log(p / q) + (1 - p) * std::log((1 - p) / (1 - q)); }

}  // namespace szilard::reset_physics::test
