// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/electronic/wires/implementation.hpp"

namespace szilard::wires {
namespace {

constexpr int kMostSteps = 500, kMostTrials = 60;
// Of the cells' currents against their tangents', relative to the largest current; rounding lies a little below it.
constexpr double kConverged = 1e-13, kConvergedToRounding = 1e-11;
constexpr double kSteepest = 1e9;  // slope of a cell times resistance of a wire
constexpr double kMostConducting = 1e11;
constexpr double kSlopeLeft = 0.5;  // of the line search

/// The cells of a state of the network: voltages across them, what the law makes of these, and the currents that the
/// lines carry off (L_word d and L_bit w, which agree in every state met here).
struct Cells {
  explicit Cells(std::size_t size) : v(size), value(size), slope(size), carried(size) {}
  std::vector<double> v, value, slope, carried;
};

class NewtonSolver {
 public:
  NewtonSolver(WireSystem& system, const std::vector<double>& conductances, const CellLaw& law,
               const SolveOptions& options)
      : system_(system),
        g_(conductances),
        law_(law),
        options_(options),
        now_(g_.size()),
        next_(g_.size()),
        trial_(g_.size()),
        tangents_(g_.size()),
        sources_(system.grid().panels * kLanes, 0.0),
        injected_(system.size(), 0.0) {}

  void solve(const double* voltages_v, std::size_t sample, Solution& solution) {
    start(voltages_v);
    int steps = 0, iterations = 0;
    for (double before = 1;;) {
      if (++steps > kMostSteps) throw std::runtime_error("wires: Newton's method did not converge");
      iterations += linear_step(voltages_v);
      const double error = linearisation_error();
      if (error <= kConverged || (error <= kConvergedToRounding && error >= before)) break;
      before = error;
      search();
    }
    record_sample(system_, sources_.data(), scale_, sample, solution);
    solution.iterations = std::max(solution.iterations, iterations);
    solution.newton_steps = std::max(solution.newton_steps, steps);
  }

 private:
  // No drops, no currents in the wires.
  void start(const double* voltages_v) {
    const std::size_t columns = system_.grid().columns;
    for (std::size_t k = 0; k < g_.size(); ++k) now_.v[k] = voltages_v[k / columns];
    std::fill(now_.carried.begin(), now_.carried.end(), 0.0);
    evaluate(now_);
    largest_v_ = largest_voltage(voltages_v, system_.grid().rows);
  }

  void evaluate(Cells& cells) const {
    law_.evaluate(g_.size(), cells.v.data(), cells.value.data(), cells.slope.data());
  }

  // The network with every cell replaced by its tangent at now_; its state goes to next_.
  int linear_step(const double* voltages_v) {
    const WireGrid& grid = system_.grid();
    // Cells far beyond their knee are steeper than the linear solver can tell from a short. A flatter line still points
    // downhill, and the search finds how far to go.
    const WireParameters& wires = system_.wires();
    const double resistance =
        std::max({wires.word_segment_ohm, wires.bit_segment_ohm, wires.driver_ohm, wires.sense_ohm});
    const double steepest = std::min(kSteepest / resistance, kMostConducting);
    for (std::size_t k = 0; k < g_.size(); ++k) {
      tangents_[k] = std::min(g_[k] * now_.slope[k], steepest);
      if (g_[k] > 0) now_.slope[k] = tangents_[k] / g_[k];
    }
    system_.set_conductances(tangents_.data());
    scale_ = system_.scale_for(largest_v_);
    for (std::size_t i = 0; i < grid.rows; ++i) {
      sources_[i] = voltages_v[i] * scale_;
      for (std::size_t j = 0; j < grid.columns; ++j) {
        const std::size_t k = i * grid.columns + j;
        injected_[system_.at(i, j)] = scale_ * g_[k] * (now_.value[k] - now_.slope[k] * now_.v[k]);
      }
    }
    const int iterations = system_.solve(sources_.data(), injected_.data(), options_);
    system_.finish(sources_.data(), injected_.data());
    for (std::size_t i = 0; i < grid.rows; ++i)
      for (std::size_t j = 0; j < grid.columns; ++j) {
        const std::size_t at = system_.at(i, j), k = i * grid.columns + j;
        next_.v[k] = (sources_[i] - system_.drop()[at] - system_.x()[at]) / scale_;
        next_.carried[k] = system_.current()[at] / scale_;
      }
    evaluate(next_);
    return iterations;
  }

  double linearisation_error() const {
    double worst = 0, largest = 0;
    for (std::size_t k = 0; k < g_.size(); ++k) {
      const double current = g_[k] * next_.value[k];
      worst = std::max(worst, std::abs(current - next_.carried[k]));
      largest = std::max({largest, std::abs(current), std::abs(next_.carried[k])});
    }
    return largest > 0 ? worst / largest : 0;
  }

  // Derivative of the co-content 1/2 d'L d + 1/2 w'L w + sum g integral of i, at the share t of the way from now_ to
  // next_: sum (g i(v) - carried) (v of next - v of now), which rises with t. Leaves that state in trial_.
  double slope_at(double t) {
    for (std::size_t k = 0; k < g_.size(); ++k) {
      trial_.v[k] = now_.v[k] + t * (next_.v[k] - now_.v[k]);
      trial_.carried[k] = now_.carried[k] + t * (next_.carried[k] - now_.carried[k]);
    }
    evaluate(trial_);
    double slope = 0;
    for (std::size_t k = 0; k < g_.size(); ++k)
      slope += (g_[k] * trial_.value[k] - trial_.carried[k]) * (next_.v[k] - now_.v[k]);
    return slope;
  }

  // Goes the whole way, or, where the co-content rises steeply again by then, to where its slope is small.
  void search() {
    const double start_slope = slope_at(0);
    double low = 0, high = 1, t = 1;
    for (int trial = 0; trial < kMostTrials; ++trial) {
      const double slope = slope_at(t);
      if (slope <= kSlopeLeft * std::abs(start_slope) && (t == 1 || slope >= -kSlopeLeft * std::abs(start_slope)))
        break;
      (slope > 0 ? high : low) = t;
      t = 0.5 * (low + high);
    }
    std::swap(now_, trial_);
  }

  WireSystem& system_;
  const std::vector<double>& g_;
  const CellLaw& law_;
  const SolveOptions& options_;
  Cells now_, next_, trial_;
  std::vector<double> tangents_;
  support::AlignedVector<double> sources_, injected_;
  double scale_ = 1, largest_v_ = 0;
};

}  // namespace

Solution WireNetwork::solve(const double* voltages_v, std::size_t samples, const CellLaw& law,
                            const SolveOptions& options) {
  if (law.is_linear()) return solve(voltages_v, samples, options);
  check_options(options);
  WireSystem& system = implementation_->system;
  Solution solution = empty_solution(system.grid(), samples, options);
  const std::vector<double> conductances = system.conductances();  // the system holds tangents meanwhile
  NewtonSolver solver(system, conductances, law, options);
  for (std::size_t sample = 0; sample < samples; ++sample) solver.solve(voltages_v + sample * rows(), sample, solution);
  system.set_conductances(conductances.data());
  return solution;
}

}  // namespace szilard::wires
