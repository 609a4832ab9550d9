// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/reset_physics/optimal_transport.hpp"

#include <cmath>
#include <stdexcept>

namespace szilard::reset_physics {
namespace {

double entropy(double p) { return (p > 0 ? -p * std::log(p) : 0) - (p < 1 ? (1 - p) * std::log1p(-p) : 0); }

}  // namespace

double wasserstein_squared(const std::function<double(double)>& quantile_a,
                           const std::function<double(double)>& quantile_b, std::size_t points) {
  double sum = 0;
  for (std::size_t i = 0; i < points; ++i) {
    const double u = (double(i) + 0.5) / double(points);
    const double distance = quantile_a(u) - quantile_b(u);
    sum += distance * distance;
  }
  return sum / double(points);
}

TransportFloor transport_floor(const Potential& first, const Potential& last, double start_occupation,
                               double end_occupation, double divide) {
  if (!(start_occupation >= 0 && start_occupation <= 1 && end_occupation >= 0 && end_occupation <= 1))
    throw std::invalid_argument("occupations lie in [0, 1]");
  const Equilibrium start(first, divide), end(last, divide);
  return {entropy(start_occupation) - entropy(end_occupation),
          wasserstein_squared([&](double u) { return start.quantile(u, start_occupation); },
                              [&](double u) { return end.quantile(u, end_occupation); })};
}

double least_transport(const Equilibrium& start, double start_occupation, double end_occupation, double divide,
                       std::size_t points) {
  if (!(start_occupation >= 0 && start_occupation <= 1 && end_occupation >= 0 && end_occupation <= 1))
    throw std::invalid_argument("occupations lie in [0, 1]");
  const double moved = start_occupation - end_occupation;
  if (moved <= 0) return 0;
  double sum = 0;
  for (std::size_t i = 0; i < points; ++i) {
    const double distance =
        divide - start.quantile(end_occupation + moved * (double(i) + 0.5) / double(points), start_occupation);
    sum += distance * distance;
  }
  return moved * sum / double(points);
}

}  // namespace szilard::reset_physics
