// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/reset_physics/fokker_planck.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace szilard::reset_physics {
namespace {

using Field = std::vector<double>;

double bernoulli(double z) { return std::abs(z) < 1e-8 ? 1 - z / 2 : z / std::expm1(z); }

/// Relaxation over a step at fixed potential, for any number of fields.
class Relaxation {
 public:
  Relaxation(std::size_t nodes, double width)
      : width_(width), up_(nodes), down_(nodes), lower_(nodes), pivot_(nodes), y_(nodes) {}

  void prepare(const Field& v, double h) {
    const std::size_t n = v.size();
    const double scale = 1 / (width_ * width_), gh = kGamma * h;
    for (std::size_t j = 0; j + 1 < n; ++j) {
      up_[j] = scale * bernoulli(v[j + 1] - v[j]);    // rate j -> j + 1
      down_[j] = scale * bernoulli(v[j] - v[j + 1]);  // rate j + 1 -> j
    }
    // Factors of I - gh L: an M-matrix, so elimination needs no exchange of rows.
    for (std::size_t j = 0; j < n; ++j) {
      const double out = (j + 1 < n ? up_[j] : 0) + (j > 0 ? down_[j - 1] : 0);
      double diagonal = 1 + gh * out;
      if (j > 0) {
        lower_[j] = gh * up_[j - 1] / pivot_[j - 1];
        diagonal -= lower_[j] * gh * down_[j - 1];
      }
      pivot_[j] = diagonal;
    }
    gh_ = gh;
  }

  void advance(Field& p) {
    y_ = p;
    solve(y_);
    constexpr double kRest = (1 - kGamma) / kGamma;
    for (std::size_t j = 0; j < p.size(); ++j) p[j] += kRest * (y_[j] - p[j]);
    solve(p);
  }

 private:
  static constexpr double kGamma = 0.29289321881345247560;  // 1 - 1 / sqrt(2)

  void solve(Field& y) const {
    const std::size_t n = y.size();
    for (std::size_t j = 1; j < n; ++j) y[j] += lower_[j] * y[j - 1];
    y[n - 1] /= pivot_[n - 1];
    for (std::size_t j = n - 1; j-- > 0;) y[j] = (y[j] + gh_ * down_[j] * y[j + 1]) / pivot_[j];
  }

  double width_, gh_ = 0;
  Field up_, down_, lower_, pivot_, y_;
};

class Solver {
 public:
  Solver(const DoubleWellReset& reset, const FokkerPlanckOptions& options) : reset_(reset), moments_(options.moments) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const Schedule::Knot& knot : reset.schedule.knots) {
      const Equilibrium equilibrium(knot.potential);
      low = std::min(low, equilibrium.lowest());
      high = std::max(high, equilibrium.highest());
    }
    // A node falls upon neither side of `divide`: it lies between two.
    const double width = (high - low) / double(options.cells);
    const double first = reset.divide - (std::ceil((reset.divide - low) / width) - 0.5) * width;
    for (std::size_t j = 0; j <= options.cells; ++j) x_.push_back(first + width * double(j));
    start(reset.schedule.first());
  }

  void change(const Potential& to) {
    for (std::size_t j = 0; j < x_.size(); ++j) {
      const double dv = to.energy(x_[j]) - current_.energy(x_[j]);
      g_[j] *= std::exp(-dv);
      if (!moments_) continue;
      square_[j] += dv * (2 * work_[j] + dv * p_[j]);
      work_[j] += dv * p_[j];
    }
    current_ = to;
  }

  void relax(Relaxation& relaxation, double h) {
    Field v(x_.size());
    for (std::size_t j = 0; j < v.size(); ++j) v[j] = current_.energy(x_[j]);
    relaxation.prepare(v, h);
    relaxation.advance(g_);
    if (!moments_) return;
    relaxation.advance(p_);
    relaxation.advance(work_);
    relaxation.advance(square_);
  }

  std::size_t nodes() const { return x_.size(); }
  double width() const { return x_[1] - x_[0]; }

  FokkerPlanckMoments result() const {
    FokkerPlanckMoments out;
    double square = 0;
    for (std::size_t j = 0; j < x_.size(); ++j) {
      out.jarzynski_average += g_[j];
      if (!moments_) continue;
      out.mean_work_kT += work_[j];
      square += square_[j];
      if (x_[j] > reset_.divide) out.success_probability += p_[j];
    }
    out.variance_kT2 = square - out.mean_work_kT * out.mean_work_kT;
    return out;
  }

 private:
  void start(const Potential& potential) {
    current_ = potential;
    double minimum = std::numeric_limits<double>::infinity();
    for (double x : x_) minimum = std::min(minimum, potential.energy(x));
    double left = 0, right = 0;
    Field weight;
    for (double x : x_) {
      weight.push_back(std::exp(minimum - potential.energy(x)));
      (x > reset_.divide ? right : left) += weight.back();
    }
    const double occupation = reset_.start_occupation;
    for (std::size_t j = 0; j < x_.size(); ++j) {
      const bool is_left = x_[j] < reset_.divide;
      const double share = is_left ? occupation : 1 - occupation;
      p_.push_back(weight[j] * share / (is_left ? left : right));
      g_.push_back(share > 0 ? weight[j] / (left + right) : 0);
    }
    work_.assign(x_.size(), 0);
    square_.assign(x_.size(), 0);
  }

  const DoubleWellReset& reset_;
  bool moments_;
  Potential current_;
  Field x_, p_, g_, work_, square_;
};

double minimum_of(const Potential& potential) {
  const Equilibrium range(potential);
  double minimum = std::numeric_limits<double>::infinity();
  constexpr int kSteps = 4000;
  for (int i = 0; i <= kSteps; ++i)
    minimum = std::min(minimum, potential.energy(range.lowest() + (range.highest() - range.lowest()) * i / kSteps));
  return minimum;
}

}  // namespace

double deepest_fall_kT(const Schedule& schedule) {
  const double first = minimum_of(schedule.first());
  double fall = 0;
  for (const Schedule::Knot& knot : schedule.knots) fall = std::max(fall, first - minimum_of(knot.potential));
  return fall;
}

FokkerPlanckMoments solve(const DoubleWellReset& reset, const FokkerPlanckOptions& options) {
  validate(reset);
  if (options.cells < 8 || !(options.largest_step > 0) || options.most_steps < 1)
    throw std::invalid_argument("the grid needs at least 8 cells and a positive step");
  if (deepest_fall_kT(reset.schedule) > kDeepestFall_kT)
    throw std::overflow_error("the potential falls more than " + std::to_string(int(kDeepestFall_kT)) +
                              " kT below its first minimum");
  Solver solver(reset, options);
  Relaxation relaxation(solver.nodes(), solver.width());
  const double step = std::max(options.largest_step, reset.duration / double(options.most_steps));
  const auto& knots = reset.schedule.knots;
  for (std::size_t segment = 0; segment + 1 < knots.size(); ++segment) {
    const double length = (knots[segment + 1].at - knots[segment].at) * reset.duration;
    const std::size_t count = length > 0 ? std::size_t(std::ceil(length / step)) : 0;
    for (std::size_t i = 0; i < count; ++i) {
      solver.change(reset.schedule.at(segment, (double(i) + 0.5) / double(count)));
      solver.relax(relaxation, length / double(count));
    }
    solver.change(knots[segment + 1].potential);
  }
  return solver.result();
}

}  // namespace szilard::reset_physics
