// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/wires/wire_system.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace szilard::wires {
namespace {

// Ratios this far below 1 vanish beside any other term of a sum in double precision, but not alone: lines with a segment
// resistance of 0 are given one so small, and are then the exact limit to rounding.
constexpr double kVanishing = 1e-20;
constexpr double kMostResistive = 1e12;

double effective_segment(double segment_ohm, double terminal_ohm, double largest_conductance) {
  const double effective = std::max(segment_ohm, kVanishing * terminal_ohm);
  const double conductance = largest_conductance > 0 ? largest_conductance : 1;
  return (effective + terminal_ohm) * conductance >= kVanishing ? effective : kVanishing / conductance;
}

}  // namespace

WireSystem::WireSystem(std::size_t rows, std::size_t columns, const double* conductances_s, const WireParameters& wires)
    : wires_(wires), kernels_(wire_kernels()) {
  grid_.rows = rows;
  grid_.columns = columns;
  grid_.panels = (rows + kLanes - 1) / kLanes;
  grid_.padded_columns = (columns + kLanes - 1) / kLanes * kLanes;
  for (auto* array : {&g_, &word_pivots_, &x_, &r_, &q_}) array->assign(size(), 0.0);
  for (auto* array : {&z_, &p_, &bit_pivots_}) array->assign(size(), 0.0f);
  work_.assign(grid_.padded_columns * kLanes, 0.0);
  bit_work_.assign(grid_.panels * kLanes * kLanes, 0.0f);
  set_conductances(conductances_s);
}

void WireSystem::set_conductances(const double* conductances_s) {
  const std::size_t cells = grid_.rows * grid_.columns;
  double largest = 0;
  for (std::size_t k = 0; k < cells; ++k) largest = std::max(largest, conductances_s[k]);
  largest_s_ = largest;
  grid_.word_ohm = effective_segment(wires_.word_segment_ohm, wires_.driver_ohm, largest);
  grid_.bit_ohm = effective_segment(wires_.bit_segment_ohm, wires_.sense_ohm, largest);
  if (std::max(grid_.word_ohm, grid_.bit_ohm) * largest > kMostResistive)
    throw std::invalid_argument("a wire segment's resistance is more than 1e12 times that of a cell: the nodes float");
  grid_.word_first_end = grid_.word_ohm / (grid_.word_ohm + wires_.driver_ohm);
  grid_.word_last_end = wires_.drive_both_ends ? grid_.word_first_end : 0;
  grid_.bit_last_end = grid_.bit_ohm / (grid_.bit_ohm + wires_.sense_ohm);
  grid_.bit_first_end = wires_.sense_both_ends ? grid_.bit_last_end : 0;
  grid_.stiff = grid_.word_ohm * largest > 1;
  grid_.g = g_.data();
  grid_.word_pivots = word_pivots_.data();
  grid_.bit_pivots = bit_pivots_.data();
  kernels_.pack(conductances_s, &grid_, g_.data());
  kernels_.make_word_pivots(&grid_, word_pivots_.data());
  kernels_.make_bit_pivots(conductances_s, &grid_, bit_pivots_.data());
  coarse_ = std::make_unique<CoarseGrid>(grid_, kernels_);
  coarse_values_.assign(std::max<std::size_t>(1, coarse_->rows().knots) * grid_.padded_columns, 0.0f);
}

double WireSystem::direction_product(double r_z) {
  return coarse_->empty() ? r_z : r_z + coarse_->apply(coarse_values_.data());
}

// Bit lines without resistance are one node each: what their cells draw is one sum, kept at the last row.
void WireSystem::lump(double* values) const {
  if (wires_.bit_segment_ohm > 0) return;
  for (std::size_t j = 0; j < grid_.columns; ++j) {
    double sum = 0;
    for (std::size_t i = 0; i < grid_.rows; ++i) {
      sum += values[at(i, j)];
      values[at(i, j)] = 0;
    }
    values[at(grid_.rows - 1, j)] = sum;
  }
}

// Progress is measured by r.z, the square of the error in the norm of the energy (but for the spread of the preconditioned
// spectrum).
int WireSystem::run(const SolveOptions& options, int done) {
  const CoarseRows& rows = coarse_->rows();
  const auto precondition = [&](double alpha, bool update) {
    return kernels_.bit_pass(&grid_, alpha, p_.data(), update ? q_.data() : nullptr, x_.data(), r_.data(), z_.data(), &rows,
                             coarse_values_.data(), bit_work_.data());
  };
  BitPassSums sums = precondition(0, false);
  double r_z = direction_product(sums.r_z), beta = 0, before = 0;
  if (done == 0) first_r_z_ = r_z;
  const double target = options.tolerance * options.tolerance * first_r_z_;
  if (!std::isfinite(r_z)) throw std::runtime_error("wires: the network is singular in double precision");
  for (int iteration = 1;; ++iteration) {
    if (!(r_z > target)) return done + iteration - 1;
    if (done + iteration > options.max_iterations)
      throw std::runtime_error("wires: " + std::to_string(options.max_iterations) +
                               " iterations did not reach the tolerance asked for");
    kernels_.direction(&grid_, z_.data(), &rows, coarse_values_.data(), beta, p_.data());
    const double p_q = kernels_.word_pass(&grid_, p_.data(), q_.data(), work_.data());
    lump(q_.data());
    if (!(p_q > 0) || !std::isfinite(p_q)) throw std::runtime_error("wires: the network is singular in double precision");
    const double alpha = r_z / p_q;
    // Where this step is likely to be the last one, the preconditioner is left out of the pass.
    const bool fast = options.fidelity == Fidelity::fast;
    if (fast || (before > 0 && r_z * (r_z / before) <= target)) {
      const double r_r = kernels_.step(&grid_, alpha, p_.data(), q_.data(), x_.data(), r_.data());
      if (fast || r_z * (r_r / sums.r_r) <= 0.25 * target) return done + iteration;
      sums = precondition(0, false);
    } else {
      sums = precondition(alpha, true);
    }
    const double next = direction_product(sums.r_z);
    beta = next / r_z;
    before = r_z;
    r_z = next;
  }
}

int WireSystem::run_to_tolerance(const double* v, const double* s, const SolveOptions& options) {
  std::fill(x_.begin(), x_.end(), 0.0);
  int iterations = run(options, 0);
  // The recursion's residual parts from the true one by rounding: where much is asked for, the true one decides.
  if (options.fidelity == Fidelity::exact && options.tolerance < 1e-10 && v != nullptr && iterations > 0)
    for (int restart = 0; restart < 2; ++restart) {
      kernels_.residual(&grid_, v, x_.data(), s, r_.data(), nullptr, nullptr, work_.data());
      lump(r_.data());
      const int more = run(options, iterations);
      if (more == iterations) break;
      iterations = more;
    }
  return iterations;
}

int WireSystem::solve(const double* v, const double* s, const SolveOptions& options) {
  kernels_.residual(&grid_, v, nullptr, s, r_.data(), nullptr, nullptr, work_.data());
  lump(r_.data());
  return run_to_tolerance(v, s, options);
}

double WireSystem::scale_for(double largest_v) const {
  const double load = grid_.bit_ohm * largest_s_ * largest_v;
  return load > 0 ? std::exp2(-std::round(std::log2(load))) : 1;
}

int WireSystem::solve_bit_source(std::size_t column, const SolveOptions& options) {
  std::fill(r_.begin(), r_.end(), 0.0);
  r_[at(grid_.rows - 1, column)] = 1;  // grid_.bit_last_end volts, scaled
  return run_to_tolerance(nullptr, nullptr, options);
}

double WireSystem::finish(const double* v, const double* s) {
  drop_.resize(size());
  current_.resize(size());
  return std::sqrt(kernels_.residual(&grid_, v, x_.data(), s, r_.data(), drop_.data(), current_.data(), work_.data()));
}

}  // namespace szilard::wires
