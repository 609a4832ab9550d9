// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/photon_counts.hpp"

#include <cmath>

namespace szilard::optical {
namespace {

constexpr double kLargestExactMean = 1e4;
constexpr double kNoProbability = 1e-30;

/// e^-m m^k / k! of a whole k.
double probability(double mean, double k) {
  if (k < 32) {
    double p = std::exp(-mean);
    for (double i = 1; i <= k; ++i) p *= mean / i;
    return p;
  }
  // Stirling's series; the next term is below 1e-12.
  const double inverse = 1 / k, square = inverse * inverse;
  const double correction = inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680)));
  constexpr double kTwoPi = 6.28318530717958647692;
  return std::exp(k * std::log(mean / k) + (k - mean) - correction) / std::sqrt(kTwoPi * k);
}

}  // namespace

double photon_count(double mean, const support::RandomStream& stream, std::uint64_t sample, std::uint32_t index) {
  if (mean <= 0) return 0;
  if (mean > kLargestExactMean) {
    const double z = stream.gaussian(sample, index);
    return std::round(mean + std::sqrt(mean) * z + (z * z - 1) / 6);
  }
  const double mode = std::floor(mean);
  double left = stream.uniform(sample, index);
  double above = probability(mean, mode), below = above;
  double up = mode, down = mode;
  if ((left -= above) < 0) return mode;
  while (above > kNoProbability || (below > kNoProbability && down > 0)) {
    above *= mean / (up + 1);
    up += 1;
    if ((left -= above) < 0) return up;
    if (down > 0) {
      below *= down / mean;
      down -= 1;
      if ((left -= below) < 0) return down;
    }
  }
  return up;
}

}  // namespace szilard::optical
