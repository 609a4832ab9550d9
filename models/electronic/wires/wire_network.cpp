// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/wires/wire_network.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/electronic/wires/implementation.hpp"
#include "models/electronic/wires/line_books.hpp"

namespace szilard::wires {
namespace {

constexpr double kLargest = 1e12;  // of any voltage: beyond it squares of sums could overflow

void require_resistance(double value, const char* name) {
  if (!std::isfinite(value) || value < 0)
    throw std::invalid_argument(std::string(name) + " is " + std::to_string(value) +
                                ", must be finite and not below 0");
}

void check_array(std::size_t rows, std::size_t columns, const WireParameters& wires) {
  if (rows == 0 || columns == 0)
    throw std::invalid_argument("a crossbar needs at least one word line and one bit line");
  if (rows > (std::size_t{1} << 28) / columns) throw std::invalid_argument("a crossbar of more than 2^28 cells");
  require_resistance(wires.word_segment_ohm, "word_segment_ohm");
  require_resistance(wires.bit_segment_ohm, "bit_segment_ohm");
  require_resistance(wires.driver_ohm, "driver_ohm");
  require_resistance(wires.sense_ohm, "sense_ohm");
}

}  // namespace

void check_options(const SolveOptions& options) {
  if (!(options.tolerance >= 1e-15 && options.tolerance <= 0.1))
    throw std::invalid_argument("tolerance must be between 1e-15 and 0.1");
  if (options.max_iterations < 1) throw std::invalid_argument("max_iterations must be at least 1");
}

double largest_voltage(const double* voltages_v, std::size_t count) {
  double largest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!(std::abs(voltages_v[i]) <= kLargest))
      throw std::invalid_argument("voltage " + std::to_string(i) + " is " + std::to_string(voltages_v[i]) +
                                  " V, must be between -1e12 and 1e12 V");
    largest = std::max(largest, std::abs(voltages_v[i]));
  }
  return largest;
}

Solution empty_solution(const WireGrid& grid, std::size_t samples, const SolveOptions& options) {
  Solution solution;
  solution.samples = samples;
  solution.rows = grid.rows;
  solution.columns = grid.columns;
  const std::size_t cells = samples * grid.rows * grid.columns;
  solution.column_currents_a.resize(samples * grid.columns);
  solution.row_currents_a.resize(samples * grid.rows);
  if (options.voltages) {
    solution.word_voltages_v.resize(cells);
    solution.bit_voltages_v.resize(cells);
  }
  if (options.cell_currents) solution.cell_currents_a.resize(cells);
  solution.power.resize(samples);
  return solution;
}

void exact_column_currents(const WireSystem& system, double* out_a) {
  const WireGrid& grid = system.grid();
  if (system.wires().bit_segment_ohm + system.wires().sense_ohm > 0) return column_currents(system, out_a);
  // No resistance between cell and 0 V: the column is the sum of its cells.
  std::fill(out_a, out_a + grid.columns, 0.0);
  for (std::size_t i = 0; i < grid.rows; ++i)
    for (std::size_t j = 0; j < grid.columns; ++j) out_a[j] += system.current()[system.at(i, j)];
}

void exact_row_currents(const WireSystem& system, double* out_a) {
  const WireGrid& grid = system.grid();
  if (system.wires().word_segment_ohm + system.wires().driver_ohm > 0) return row_currents(system, out_a);
  for (std::size_t i = 0; i < grid.rows; ++i) {
    out_a[i] = 0;
    for (std::size_t j = 0; j < grid.columns; ++j) out_a[i] += system.current()[system.at(i, j)];
  }
}

void record_sample(const WireSystem& system, const double* v, double scale, std::size_t sample, Solution& solution) {
  const WireGrid& grid = system.grid();
  double* const columns = solution.column_currents_a.data() + sample * grid.columns;
  double* const rows = solution.row_currents_a.data() + sample * grid.rows;
  exact_column_currents(system, columns);
  exact_row_currents(system, rows);
  const SampleBooks books = make_books(system, v, rows, columns);
  const double back = 1 / scale;
  const std::size_t first = sample * grid.rows * grid.columns;
  for (std::size_t i = 0; i < grid.rows; ++i)
    for (std::size_t j = 0; j < grid.columns; ++j) {
      const std::size_t at = system.at(i, j), out = first + i * grid.columns + j;
      if (!solution.word_voltages_v.empty()) {
        solution.word_voltages_v[out] = (v[i] - system.drop()[at]) * back;
        solution.bit_voltages_v[out] = system.x()[at] * back;
      }
      if (!solution.cell_currents_a.empty()) solution.cell_currents_a[out] = system.current()[at] * back;
    }
  for (std::size_t j = 0; j < grid.columns; ++j) columns[j] *= back;
  for (std::size_t i = 0; i < grid.rows; ++i) rows[i] *= back;
  solution.power[sample] = {books.power.supply_w * back * back, books.power.cells_w * back * back,
                            books.power.wires_w * back * back};
  solution.residual = std::max(solution.residual, books.residual);
}

WireNetwork::WireNetwork(std::size_t rows, std::size_t columns, const double* conductances_s,
                         const WireParameters& wires) {
  check_array(rows, columns, wires);
  implementation_ = std::make_unique<Implementation>(rows, columns, conductances_s, wires);
}

WireNetwork::~WireNetwork() = default;
WireNetwork::WireNetwork(WireNetwork&&) noexcept = default;
WireNetwork& WireNetwork::operator=(WireNetwork&&) noexcept = default;

std::size_t WireNetwork::rows() const { return implementation_->system.grid().rows; }
std::size_t WireNetwork::columns() const { return implementation_->system.grid().columns; }

double WireNetwork::Implementation::load_sources(const double* voltages_v) {
  const double scale = system.scale_for(largest_voltage(voltages_v, system.grid().rows));
  sources.assign(system.grid().panels * kLanes, 0.0);
  for (std::size_t i = 0; i < system.grid().rows; ++i) sources[i] = voltages_v[i] * scale;
  return scale;
}

Solution WireNetwork::solve(const double* voltages_v, std::size_t samples, const SolveOptions& options) {
  check_options(options);
  WireSystem& system = implementation_->system;
  Solution solution = empty_solution(system.grid(), samples, options);
  for (std::size_t sample = 0; sample < samples; ++sample) {
    const double scale = implementation_->load_sources(voltages_v + sample * rows());
    const double* const v = implementation_->sources.data();
    solution.iterations = std::max(solution.iterations, system.solve(v, nullptr, options));
    system.finish(v, nullptr);
    record_sample(system, v, scale, sample, solution);
  }
  return solution;
}

int WireNetwork::column_currents(const double* voltages_v, std::size_t samples, double* currents_a,
                                 const SolveOptions& options) {
  check_options(options);
  WireSystem& system = implementation_->system;
  const bool ends_at_cells = system.wires().bit_segment_ohm + system.wires().sense_ohm == 0;
  int iterations = 0;
  for (std::size_t sample = 0; sample < samples; ++sample) {
    const double scale = implementation_->load_sources(voltages_v + sample * rows());
    const double* const v = implementation_->sources.data();
    iterations = std::max(iterations, system.solve(v, nullptr, options, !ends_at_cells));
    if (ends_at_cells) system.finish(v, nullptr);
    double* const out = currents_a + sample * columns();
    exact_column_currents(system, out);
    for (std::size_t j = 0; j < columns(); ++j) out[j] /= scale;
  }
  return iterations;
}

}  // namespace szilard::wires
