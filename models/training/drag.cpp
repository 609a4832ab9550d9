// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/training/drag.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "models/support/philox.hpp"

namespace szilard::training {
namespace {

void check(const std::vector<double>& from, const std::vector<double>& to, const DragRequest& request) {
  if (from.size() != to.size())
    throw std::invalid_argument(std::to_string(from.size()) + " parameters cannot become " + std::to_string(to.size()));
  const auto is_positive = [](double value, const char* what) {
    if (!(value > 0) || !std::isfinite(value))
      throw std::invalid_argument(std::string(what) + " of a drag must be positive and finite");
  };
  is_positive(request.stiffness, "the stiffness");
  is_positive(request.mobility, "the mobility");
  is_positive(request.time, "the time");
  if (request.steps == 0) throw std::invalid_argument("a drag needs a step");
  if (!(request.kT >= 0) || !std::isfinite(request.kT))
    throw std::invalid_argument("the temperature of a drag must not be negative");
  const auto is_finite = [](double value) { return std::isfinite(value); };
  if (!std::all_of(from.begin(), from.end(), is_finite) || !std::all_of(to.begin(), to.end(), is_finite))
    throw std::invalid_argument("parameters of a drag must be finite");
}

}  // namespace

DragResult drag(const std::vector<double>& from, const std::vector<double>& to, const DragRequest& request) {
  check(from, to, request);
  const double kappa = request.stiffness, tau = 1 / (request.mobility * kappa);
  const double dt = request.time / double(request.steps), variance = request.kT / kappa;
  // Over a step y = theta - c falls by `keep`; the bath adds `spread` xi to it, and along the step a push of spread
  // `rest` beside the share of it that y still remembers.
  const double lost = -std::expm1(-dt / tau), keep = 1 - lost;
  const double spread = std::sqrt(variance * lost * (1 + keep)), remembered = 2 / (1 + keep);
  const double rest = std::sqrt(std::max(0.0, 2 * variance / tau * (dt - 2 * tau * lost / (1 + keep))));
  const support::RandomStream random(request.seed, support::stream_of("training/copy"));
  DragResult result;
  result.parameters.reserve(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::uint32_t drawn = 0;
    const double speed = (to[i] - from[i]) / request.time;
    const double start = std::sqrt(variance) * random.gaussian(i, drawn++);
    double y = start;
    for (std::size_t n = 0; n < request.steps; ++n) {
      const double kick = spread * random.gaussian(i, drawn++), other = rest * random.gaussian(i, drawn++);
      const double next = keep * y - speed * tau * lost + kick;
      const double integral = tau * (y - next - speed * dt + remembered * kick + other);  // of y over the step
      const double work = -kappa * speed * integral;
      result.work += work;
      result.heat += work - kappa / 2 * (next * next - y * y);  // force -kappa y along d theta = dy + speed dt
      y = next;
    }
    result.stored += kappa / 2 * (y * y - start * start);
    result.parameters.push_back(to[i] + y);
  }
  return result;
}

}  // namespace szilard::training
