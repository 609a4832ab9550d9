// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/wires/wire_system.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <new>
#include <stdexcept>

namespace szilard::wires {
namespace {

// Ratios this far below 1 vanish beside any other term of a sum in double precision, but not alone: lines with a
// segment resistance of 0 are given one so small, and are then the exact limit to rounding.
constexpr double kVanishing = 1e-20;
// Between arrays of power-of-two sizes, whose equal places would otherwise compete for the same lines of the cache.
constexpr std::size_t kStagger = 72;
constexpr std::size_t kLargePage = std::size_t{2} << 20;
constexpr double kMostConducting = 1e12, kMostResistive = 1e12;
constexpr double kLumped = 1e-13;
constexpr double kTrustRecursion = 1e-10;
constexpr int kTrustedIterations = 20;

double effective_segment(double segment_ohm, double terminal_ohm, double largest_conductance) {
  const double effective = std::max(segment_ohm, kVanishing * terminal_ohm);
  const double conductance = largest_conductance > 0 ? largest_conductance : 1;
  return (effective + terminal_ohm) * conductance >= kVanishing ? effective : kVanishing / conductance;
}

[[noreturn]] void refuse_conductances(const double* conductances_s, const WireGrid& grid) {
  std::size_t k = 0;
  while (k + 1 < grid.rows * grid.columns && conductances_s[k] >= 0 && conductances_s[k] <= kMostConducting) ++k;
  throw std::invalid_argument("conductance of cell (" + std::to_string(k / grid.columns) + ", " +
                              std::to_string(k % grid.columns) + ") is " + std::to_string(conductances_s[k]) +
                              " S, must be between 0 and 1e12 S");
}

}  // namespace

WireSystem::WireSystem(std::size_t rows, std::size_t columns, const double* conductances_s, const WireParameters& wires)
    : wires_(wires), kernels_(wire_kernels()) {
  grid_.rows = rows;
  grid_.columns = columns;
  grid_.panels = (rows + kLanes - 1) / kLanes;
  grid_.padded_columns = (columns + kLanes - 1) / kLanes * kLanes;
  take_memory();
  set_conductances(conductances_s);
}

void WireSystem::take_memory() {
  const std::size_t lines = kLanes * std::max(grid_.padded_columns, grid_.panels * kLanes);
  const std::size_t bytes =
      (5 * size() + 3 * size() / 2 + 8 * kStagger + 2 * lines + 2 * grid_.panels * kLanes) * sizeof(double);
  const std::size_t alignment = bytes >= 2 * kLargePage ? kLargePage : 64;
  block_.reset(::operator new(bytes + alignment));
  void* start = block_.get();
  std::size_t room = bytes + alignment;
  std::align(alignment, bytes, start, room);
  // A large block in large pages spares misses of the address translation; where the system has none, nothing changes.
  if (alignment == kLargePage) madvise(start, bytes / kLargePage * kLargePage, MADV_HUGEPAGE);
  double* next = static_cast<double*>(start);
  for (double** array : {&g_, &word_pivots_, &x_, &r_, &q_}) {
    *array = next;
    next += size() + kStagger;
  }
  work_ = next;
  next += lines;
  first_ = next;
  last_ = first_ + grid_.panels * kLanes;
  next = last_ + grid_.panels * kLanes;
  float* single = reinterpret_cast<float*>(next);
  for (float** array : {&bit_pivots_, &y_, &p_}) {
    *array = single;
    single += size() + 2 * kStagger;
  }
  bit_state_ = single;
  // Columns beyond the last one are read, never written; the first direction adds nothing to the one before it, which
  // must be a number for that.
  for (std::size_t panel = 0; panel < grid_.panels; ++panel)
    for (double* array : {r_, q_}) {
      double* const columns = array + panel * grid_.padded_columns * kLanes;
      std::fill(columns + grid_.columns * kLanes, columns + grid_.padded_columns * kLanes, 0.0);
    }
  std::fill(p_, p_ + size(), 0.0f);
}

void WireSystem::set_conductances(const double* conductances_s) {
  const ConductanceSums sums = kernels_.pack(conductances_s, &grid_, g_);
  if (!(std::isfinite(sums.total) && sums.smallest >= 0 && sums.largest <= kMostConducting))
    refuse_conductances(conductances_s, grid_);
  const double largest = largest_s_ = sums.largest;
  grid_.word_ohm = effective_segment(wires_.word_segment_ohm, wires_.driver_ohm, largest);
  grid_.bit_ohm = effective_segment(wires_.bit_segment_ohm, wires_.sense_ohm, largest);
  if (std::max(grid_.word_ohm, grid_.bit_ohm) * largest > kMostResistive)
    throw std::invalid_argument("a wire segment's resistance is more than 1e12 times that of a cell: the nodes float");
  grid_.word_first_end = grid_.word_ohm / (grid_.word_ohm + wires_.driver_ohm);
  grid_.word_last_end = wires_.drive_both_ends ? grid_.word_first_end : 0;
  grid_.bit_last_end = grid_.bit_ohm / (grid_.bit_ohm + wires_.sense_ohm);
  grid_.bit_first_end = wires_.sense_both_ends ? grid_.bit_last_end : 0;
  grid_.stiff = grid_.word_ohm * largest > 1;
  is_lumped_ = grid_.bit_last_end * static_cast<double>(grid_.rows) < kLumped;
  grid_.g = g_;
  grid_.word_pivots = word_pivots_;
  grid_.bit_pivots = bit_pivots_;
  kernels_.make_word_pivots(&grid_, word_pivots_);
  kernels_.make_bit_pivots(conductances_s, &grid_, bit_pivots_);
  mean_s_ = sums.total / static_cast<double>(grid_.rows * grid_.columns);
  make_coarse_grid(false);
}

void WireSystem::make_coarse_grid(bool for_many) {
  coarse_ = std::make_unique<CoarseGrid>(grid_, kernels_, mean_s_, for_many);
  coarse_values_.assign(std::max<std::size_t>(1, coarse_->rows().knots) * grid_.padded_columns, 0.0f);
}

void WireSystem::prepare_for_many() { make_coarse_grid(true); }

std::vector<double> WireSystem::conductances() const {
  std::vector<double> result;
  result.reserve(grid_.rows * grid_.columns);
  for (std::size_t i = 0; i < grid_.rows; ++i)
    for (std::size_t j = 0; j < grid_.columns; ++j) result.push_back(g_[at(i, j)]);
  return result;
}

// Bit lines without resistance, or with so little against their terminals that no double tells their nodes apart, are
// one node each: what their cells draw is one sum, kept at the last row.
void WireSystem::lump(double* values) const {
  if (!is_lumped_) return;
  for (std::size_t j = 0; j < grid_.columns; ++j) {
    double sum = 0;
    for (std::size_t i = 0; i < grid_.rows; ++i) {
      sum += values[at(i, j)];
      values[at(i, j)] = 0;
    }
    values[at(grid_.rows - 1, j)] = sum;
  }
}

// Progress is measured by r.z, the square of the error in the norm of the energy but for the spread of the
// preconditioned spectrum.
int WireSystem::run(const SolveOptions& options, int done, double* end_sums) {
  const CoarseRows& rows = coarse_->rows();
  const auto step_and_precondition = [&](double alpha, bool step) {
    const double fine = kernels_.bit_down(&grid_, alpha, p_, step ? q_ : nullptr, first_x_panel_, x_, r_, &rows,
                                          coarse_values_.data(), y_, bit_state_);
    return coarse_->empty() ? fine : fine + coarse_->apply(coarse_values_.data());
  };
  double r_z = step_and_precondition(0, false), beta = 0;
  if (!std::isfinite(r_z)) throw std::runtime_error("wires: the network is singular in double precision");
  if (done == 0) first_r_z_ = r_z;
  const double target = options.tolerance * options.tolerance * first_r_z_;
  while (r_z > target) {
    if (++done > options.max_iterations)
      throw std::runtime_error("wires: " + std::to_string(options.max_iterations) +
                               " iterations did not reach the tolerance asked for");
    kernels_.bit_up(&grid_, y_, &rows, coarse_values_.data(), beta, p_, bit_state_);
    const double p_q = kernels_.word_pass(&grid_, p_, q_, first_, last_, work_);
    if (!(p_q > 0) || !std::isfinite(p_q))
      throw std::runtime_error("wires: the network is singular in double precision");
    lump(q_);
    const double alpha = r_z / p_q;
    const double next = step_and_precondition(alpha, true);
    for (std::size_t i = 0; end_sums != nullptr && i < 2 * grid_.panels * kLanes; ++i) end_sums[i] += alpha * first_[i];
    if (options.fidelity == Fidelity::fast) break;
    beta = next / r_z;
    r_z = next;
  }
  return done;
}

int WireSystem::run_to_tolerance(const double* v, const double* s, const SolveOptions& options) {
  std::fill(x_ + first_x_panel_ * grid_.padded_columns * kLanes, x_ + size(), 0.0);
  int iterations = run(options, 0);
  // The recursion's residual parts from the true one by rounding: where much is asked for, the true one decides.
  if (options.fidelity == Fidelity::exact && options.tolerance < kTrustRecursion && iterations > 0)
    for (int restart = 0; restart < 2; ++restart) {
      kernels_.residual(&grid_, 0, grid_.panels, v, x_, s, r_, nullptr, nullptr, work_);
      lump(r_);
      const int more = run(options, iterations);
      if (more == iterations) break;
      iterations = more;
    }
  return iterations;
}

int WireSystem::solve(const double* v, const double* s, const SolveOptions& options, bool only_ends) {
  only_ends = only_ends && !wires_.sense_both_ends && options.tolerance >= kTrustRecursion;
  first_x_panel_ = only_ends ? grid_.panels - 1 : 0;
  kernels_.residual(&grid_, 0, grid_.panels, v, nullptr, s, r_, nullptr, nullptr, work_);
  lump(r_);
  return run_to_tolerance(v, s, options);
}

double WireSystem::scale_for(double largest_v) const {
  const double load = grid_.bit_ohm * largest_s_ * largest_v;
  return load > 0 ? std::exp2(-std::round(std::log2(load))) : 1;
}

int WireSystem::solve_row_source(std::size_t row, const double* v, const SolveOptions& options) {
  const std::size_t panel = row / kLanes;
  first_x_panel_ = 0;
  std::fill(r_, r_ + size(), 0.0);
  kernels_.residual(&grid_, panel, panel + 1, v, nullptr, nullptr, r_, nullptr, nullptr, work_);
  lump(r_);
  std::fill(x_, x_ + size(), 0.0);
  // Over few iterations the recursion's residual stays with the true one to rounding.
  const int iterations = run(options, 0);
  return iterations <= kTrustedIterations ? iterations : solve(v, nullptr, options);
}

double WireSystem::solve_bit_ends(const double* ends_v, const SolveOptions& options, int* iterations) {
  double largest = 0;
  for (std::size_t j = 0; j < grid_.columns; ++j) largest = std::max(largest, std::abs(ends_v[j]));
  const double scale = largest > 0 ? 1 / largest : 1;
  const double first_share = grid_.bit_first_end / grid_.bit_last_end;
  std::fill(r_, r_ + size(), 0.0);
  for (std::size_t j = 0; j < grid_.columns; ++j) {
    r_[at(grid_.rows - 1, j)] += scale * ends_v[j];
    r_[at(0, j)] += scale * first_share * ends_v[j];
  }
  lump(r_);
  first_x_panel_ = 0;
  std::fill(x_, x_ + size(), 0.0);
  *iterations = run(options, 0);
  return scale / grid_.bit_last_end;
}

int WireSystem::solve_bit_source(std::size_t column, const SolveOptions& options, double* row_currents_a) {
  first_x_panel_ = grid_.panels;
  std::fill(r_, r_ + size(), 0.0);
  const std::size_t end = at(grid_.rows - 1, column), padded_rows = grid_.panels * kLanes;
  r_[end] = 1;  // 1 / bit_last_end volts
  std::vector<double> sums(2 * padded_rows, 0.0);
  const int iterations = run(options, 0, sums.data());
  const double first_s = driver_s() * grid_.bit_last_end,
               last_s = grid_.word_last_end / grid_.word_ohm * grid_.bit_last_end;
  for (std::size_t i = 0; i < grid_.rows; ++i) row_currents_a[i] = first_s * sums[i] + last_s * sums[padded_rows + i];
  return iterations;
}

void WireSystem::finish(const double* v, const double* s) {
  drop_.resize(size());
  current_.resize(size());
  kernels_.residual(&grid_, 0, grid_.panels, v, x_, s, r_, drop_.data(), current_.data(), work_);
}

}  // namespace szilard::wires
