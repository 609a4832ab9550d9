// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <Eigen/LU>
#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <stdexcept>

#include "models/neuron/reset_physics/two_level.hpp"

namespace szilard::reset_physics {
namespace {

using Stages = Eigen::Vector2d;

// Radau IIA, order 3: Hairer and Wanner, Solving Ordinary Differential Equations II, table IV.5.5.
constexpr double kNode = 1.0 / 3;
const Eigen::Matrix2d& butcher() {
  static const Eigen::Matrix2d a = (Eigen::Matrix2d() << 5.0 / 12, -1.0 / 12, 3.0 / 4, 1.0 / 4).finished();
  return a;
}

/// One order of moments: share of state 1, and of both states together.
struct Level {
  double one = 0, total = 0;
};

struct Moments {
  Level occupation, work, square, tilted;
};

double equilibrium(double gap) { return gap > 0 ? std::exp(-gap) / (1 + std::exp(-gap)) : 1 / (1 + std::exp(gap)); }

/// one' = -one + f total + source, total' = source; returns the stages of `one`.
Stages advance(Level& level, const Stages& f, const Stages& source, double h) {
  const Eigen::Matrix2d ha = h * butcher();
  const Stages total = Stages::Constant(level.total) + ha * source;
  const Stages right = Stages::Constant(level.one) + ha * (f.cwiseProduct(total) + source);
  const Stages one = (Eigen::Matrix2d::Identity() + ha).inverse() * right;
  level = {one[1], total[1]};
  return one;
}

/// g_1' = -g_1 + f S - slope g_1, S' = -slope g_1.
void advance_tilted(Level& g, const Stages& f, double slope, double h) {
  const Eigen::Matrix2d ha = h * butcher();
  Eigen::Matrix4d m = Eigen::Matrix4d::Identity();
  m.topLeftCorner<2, 2>() += (1 + slope) * ha;
  m.topRightCorner<2, 2>() = -ha * f.asDiagonal();
  m.bottomLeftCorner<2, 2>() = slope * ha;
  const Eigen::Vector4d y = m.partialPivLu().solve(Eigen::Vector4d(g.one, g.one, g.total, g.total));
  g = {y[1], y[3]};
}

double logit(double p) { return std::log(p) - std::log1p(-p); }
double entropy(double p) {
  const double q = 1 - p;
  return (p > 0 ? -p * std::log(p) : 0) + (q > 0 ? -q * std::log1p(-p) : 0);
}

/// Root of v^2 = k (p + v) (1 - p - v) with the sign of the motion.
double optimal_velocity(double p, double k, double sign) {
  const double b = k * (2 * p - 1);  // (1 + k) v^2 + b v - k p (1 - p) = 0
  const double c = k * p * (1 - p);
  const double root = std::sqrt(b * b + 4 * (1 + k) * c);
  // The form without cancellation.
  if (sign > 0) return b > 0 ? 2 * c / (b + root) : (root - b) / (2 * (1 + k));
  return b < 0 ? -2 * c / (root - b) : -(root + b) / (2 * (1 + k));
}

template <typename F>
double integrate(F f, double from, double to) {
  // Substituting p = sin^2(angle) takes the square-root ends away.
  const auto g = [&](double angle) {
    const double s = std::sin(angle), c = std::cos(angle);
    return f(s * s) * 2 * s * c;
  };
  return boost::math::quadrature::gauss_kronrod<double, 31>::integrate(g, std::asin(std::sqrt(from)),
                                                                       std::asin(std::sqrt(to)), 12, 1e-11);
}

}  // namespace

TwoLevelMoments solve(const TwoLevelReset& reset) {
  validate(reset);
  const double p = reset.start_occupation, start = reset.start_gap_kT, end = reset.end_gap_kT;
  const double slope = (end - start) / reset.duration;
  Moments m;
  m.occupation = {p, 1};
  m.work = {p * start, p * start};
  m.square = {p * start * start, p * start * start};
  m.tilted.one = p > 0 ? 0.5 * std::exp(-start) : 0;
  m.tilted.total = m.tilted.one + (p < 1 ? 0.5 : 0);

  // Finer than the bath as long as that is affordable; beyond, stiff decay makes it unnecessary but for the first
  // layer.
  const double steps = std::max({2000.0, 200 * std::abs(end - start), std::min(100 * reset.duration, 1e5)});
  const double h_largest = reset.duration / steps;
  double h = std::min(h_largest, 1e-3), t = 0;
  while (t < reset.duration) {
    h = std::min({h, h_largest, reset.duration - t});
    if (reset.duration - t - h < 1e-9 * h) h = reset.duration - t;
    const Stages f(equilibrium(start + slope * (t + kNode * h)), equilibrium(start + slope * (t + h)));
    const Stages p1 = advance(m.occupation, f, Stages::Zero(), h);
    const Stages m1 = advance(m.work, f, slope * p1, h);
    advance(m.square, f, 2 * slope * m1, h);
    advance_tilted(m.tilted, f, slope, h);
    t += h;
    h *= 1.05;
  }

  TwoLevelMoments out;
  out.end_occupation = m.occupation.one;
  out.mean_work_kT = m.work.total - end * m.occupation.one;
  const double square = m.square.total - 2 * end * m.work.one + end * end * m.occupation.one;
  out.variance_kT2 = square - out.mean_work_kT * out.mean_work_kT;
  out.jarzynski_average = m.tilted.total - m.tilted.one + m.tilted.one * std::exp(end);
  return out;
}

double two_level_floor_kT(double p0, double p1, double duration) {
  if (!(p0 >= 0 && p0 <= 1 && p1 >= 0 && p1 <= 1)) throw std::invalid_argument("occupations lie in [0, 1]");
  if (!(duration > 0)) throw std::invalid_argument("duration is positive");
  const double quasi_static = entropy(p0) - entropy(p1);
  if (p0 == p1) return quasi_static;
  const double sign = p1 > p0 ? 1 : -1;
  if (p1 <= p0 * std::exp(-duration) || 1 - p1 <= (1 - p0) * std::exp(-duration))
    throw std::invalid_argument("no drive of the gap reaches this occupation within the duration");
  const double low = std::min(p0, p1), high = std::max(p0, p1);
  const auto time = [&](double log_k) {
    const double k = std::exp(log_k);
    return integrate([&](double p) { return 1 / std::abs(optimal_velocity(p, k, sign)); }, low, high);
  };
  double slow = -60, fast = 60;
  while (fast - slow > 1e-10) {
    const double middle = (slow + fast) / 2;
    (time(middle) > duration ? slow : fast) = middle;
  }
  // The slow end: never above the true optimum.
  const double k = std::exp(slow);
  const double produced = integrate(
      [&](double p) {
        const double f = p + optimal_velocity(p, k, sign);
        return sign * (logit(f) - logit(p));
      },
      low, high);
  return quasi_static + produced;
}

}  // namespace szilard::reset_physics
