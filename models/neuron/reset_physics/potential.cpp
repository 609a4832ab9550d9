// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/reset_physics/potential.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace szilard::reset_physics {
namespace {

constexpr std::size_t kCells = std::size_t(1) << 14;  ///< quantiles are good to a ten-thousandth of the range
constexpr double kCut_kT = 45;                        ///< e^-45 of the peak is left out on either side

bool confines(const Potential& potential) {
  for (std::size_t k = 6; k-- > 0;) {
    if (!std::isfinite(potential.c[k])) return false;
  }
  for (std::size_t k = 6; k-- > 0;)
    if (potential.c[k] != 0) return k % 2 == 1 && potential.c[k] > 0;
  return false;
}

struct Range {
  double low, high, minimum;
};

/// Where the potential lies within kCut_kT of its minimum, outermost points.
Range relevant_range(const Potential& potential) {
  double reach = 1;  // beyond the largest root of V' (Cauchy's bound) the potential only grows
  std::size_t top = 6;
  while (potential.c[top - 1] == 0) --top;
  for (std::size_t k = 1; k < top; ++k)
    reach = std::max(reach, 1 + std::abs(double(k) * potential.c[k - 1] / (double(top) * potential.c[top - 1])));
  constexpr int kSteps = 4000;
  const auto place = [&](int i) {  // dense near 0, where the wells are, whatever the reach
    const double s = double(i) / kSteps;
    return reach * s * std::abs(s) * std::abs(s);
  };
  double minimum = std::numeric_limits<double>::infinity();
  for (int i = -kSteps; i <= kSteps; ++i) minimum = std::min(minimum, potential.energy(place(i)));
  double low = reach, high = -reach;
  for (int i = -kSteps; i <= kSteps; ++i)
    if (potential.energy(place(i)) - minimum < kCut_kT) low = std::min(low, place(i)), high = std::max(high, place(i));
  double margin = 1e-3 * (high - low) + 1e-9;
  while (potential.energy(high) - minimum < kCut_kT) high += margin, margin *= 1.5;
  margin = 1e-3 * (high - low) + 1e-9;
  while (potential.energy(low) - minimum < kCut_kT) low -= margin, margin *= 1.5;
  return {low, high, minimum};
}

}  // namespace

Potential Schedule::at(std::size_t segment, double s) const {
  const Potential &a = knots[segment].potential, &b = knots[segment + 1].potential;
  Potential out;
  for (std::size_t k = 0; k < 6; ++k) out.c[k] = a.c[k] + s * (b.c[k] - a.c[k]);
  return out;
}

void validate(const Schedule& schedule) {
  const auto& knots = schedule.knots;
  if (knots.size() < 2) throw std::invalid_argument("a schedule has at least two knots");
  if (knots.front().at != 0 || knots.back().at != 1) throw std::invalid_argument("a schedule runs from 0 to 1");
  for (std::size_t i = 0; i < knots.size(); ++i) {
    if (i > 0 && !(knots[i].at >= knots[i - 1].at))
      throw std::invalid_argument("the knots of a schedule ascend in time");
    if (!confines(knots[i].potential))
      throw std::invalid_argument(
          "a potential of the schedule does not confine the particle: its highest power is to be even "
          "with a positive, finite coefficient");
  }
}

Potential quartic(double barrier_kT, double tilt_kT, double g, double f) {
  return {{-tilt_kT * f, -2 * barrier_kT * g, 0, barrier_kT, 0, 0}};
}

Schedule four_stage(double barrier_kT, double tilt_kT, double first_tilt_kT) {
  const auto knot = [&](double at, double g, double tilt) {
    return Schedule::Knot{at, quartic(barrier_kT, tilt, g, 1)};
  };
  Schedule schedule;
  schedule.knots.push_back(knot(0, 1, 0));
  if (first_tilt_kT != 0) schedule.knots.push_back(knot(0, 1, first_tilt_kT));
  schedule.knots.push_back(knot(0.25, 0, first_tilt_kT));
  schedule.knots.push_back(knot(0.5, 0, tilt_kT));
  schedule.knots.push_back(knot(0.75, 1, tilt_kT));
  schedule.knots.push_back(knot(1, 1, 0));
  return schedule;
}

Equilibrium::Equilibrium(const Potential& potential, double divide) {
  const Range range = relevant_range(potential);
  x_.resize(kCells + 1);
  cumulative_.assign(kCells + 1, 0);
  const double width = (range.high - range.low) / double(kCells);
  double curvature = 0;
  for (std::size_t i = 0; i <= kCells; ++i) x_[i] = range.low + width * double(i);
  const auto density = [&](double x) { return std::exp(range.minimum - potential.energy(x)); };
  double left_edge = density(x_[0]);
  for (std::size_t i = 0; i < kCells; ++i) {
    // Simpson's rule of the density within the cell.
    const double middle = x_[i] + width / 2, right_edge = density(x_[i + 1]);
    const double mass = (left_edge + 4 * density(middle) + right_edge) / 6;
    cumulative_[i + 1] = cumulative_[i] + mass;
    curvature += mass * potential.curvature(middle);
    left_edge = right_edge;
  }
  const double total = cumulative_.back();
  for (double& share : cumulative_) share /= total;
  mean_curvature_ = curvature / total;
  free_energy_ = range.minimum - std::log(total * width);
  const double position = std::clamp((divide - range.low) / width, 0.0, double(kCells));
  const std::size_t cell = std::min(kCells - 1, std::size_t(position));
  left_ = cumulative_[cell] + (position - double(cell)) * (cumulative_[cell + 1] - cumulative_[cell]);
}

double Equilibrium::quantile(double u) const {
  const auto above = std::upper_bound(cumulative_.begin(), cumulative_.end(), u);
  const std::size_t i = std::clamp<std::size_t>(std::size_t(above - cumulative_.begin()), 1, cumulative_.size() - 1);
  const double mass = cumulative_[i] - cumulative_[i - 1];
  const double part = mass > 0 ? (u - cumulative_[i - 1]) / mass : 0.5;
  return x_[i - 1] + part * (x_[i] - x_[i - 1]);
}

double Equilibrium::quantile(double u, double left) const {
  return u < left ? quantile(left_ * (u / left)) : quantile(left_ + (1 - left_) * ((u - left) / (1 - left)));
}

double tilt_of_occupation(double barrier_kT, double left) {
  if (!(left > 0 && left < 1)) throw std::invalid_argument("an occupation that a protocol knows lies in (0, 1)");
  if (left == 0.5) return 0;
  const bool rising = left < 0.5;
  double low = 0, high = 1;
  const auto occupation = [&](double tilt) { return Equilibrium(quartic(barrier_kT, tilt, 1, 1)).left_occupation(); };
  const double target = rising ? left : 1 - left;
  while (occupation(high) > target)
    if ((high *= 2) > 1e4) throw std::invalid_argument("no tilt below 10,000 kT makes this occupation an equilibrium");
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (occupation(middle) > target ? low : high) = middle;
  }
  return rising ? low : -low;
}

}  // namespace szilard::reset_physics
