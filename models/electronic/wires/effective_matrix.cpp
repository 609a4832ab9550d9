// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "models/electronic/wires/implementation.hpp"
#include "models/linear/product.hpp"

namespace szilard::wires {
namespace {

constexpr std::size_t kPad = 8;  // product() wants lanes in eights

/// Rows of equal padded length, as product() wants them.
class Rows {
 public:
  Rows(std::size_t rows, std::size_t length)
      : stride_((length + kPad - 1) / kPad * kPad), values_(rows * stride_, 0.0), pointers_(rows) {
    for (std::size_t k = 0; k < rows; ++k) pointers_[k] = values_.data() + k * stride_;
  }
  double* row(std::size_t k) { return pointers_[k]; }
  double* const* rows() { return pointers_.data(); }
  const double* const* rows() const { return pointers_.data(); }
  std::size_t stride() const { return stride_; }
  const double* data() const { return values_.data(); }

 private:
  std::size_t stride_;
  support::AlignedVector<double> values_;
  std::vector<double*> pointers_;
};

}  // namespace

EffectiveMatrix WireNetwork::effective_matrix(const SolveOptions& options) {
  check_options(options);
  WireSystem& system = implementation_->system;
  const WireGrid& grid = system.grid();
  system.prepare_for_many();
  EffectiveMatrix matrix{grid.rows, grid.columns, std::vector<double>(grid.rows * grid.columns), 0};
  const bool ends_at_cells = grid.bit_last_end == 1 && system.wires().bit_segment_ohm + system.wires().sense_ohm == 0;
  if (grid.rows < grid.columns || ends_at_cells || system.wires().sense_both_ends) {
    std::vector<double> unit(grid.rows, 0.0), column(grid.columns);
    for (std::size_t i = 0; i < grid.rows; ++i) {
      unit[i] = 1;
      matrix.iterations = std::max(matrix.iterations, column_currents(unit.data(), 1, column.data(), options));
      for (std::size_t j = 0; j < grid.columns; ++j) matrix.conductance_s[j * grid.rows + i] = column[j];
      unit[i] = 0;
    }
    return matrix;
  }
  std::vector<double> row(grid.rows);
  for (std::size_t j = 0; j < grid.columns; ++j) {
    matrix.iterations = std::max(matrix.iterations, system.solve_bit_source(j, options, row.data()));
    std::copy(row.begin(), row.end(), matrix.conductance_s.begin() + static_cast<std::ptrdiff_t>(j * grid.rows));
  }
  return matrix;
}

void apply(const EffectiveMatrix& matrix, const double* voltages_v, std::size_t samples, double* currents_a) {
  // Inputs side by side, so that one pass over the matrix serves all.
  Rows in(matrix.rows, samples), out(matrix.columns, samples);
  for (std::size_t sample = 0; sample < samples; ++sample)
    for (std::size_t i = 0; i < matrix.rows; ++i) in.row(i)[sample] = voltages_v[sample * matrix.rows + i];
  linear::product(matrix.conductance_s.data(), matrix.rows, nullptr, in.rows(), matrix.columns, matrix.rows,
                  in.stride(), out.rows());
  for (std::size_t sample = 0; sample < samples; ++sample)
    for (std::size_t j = 0; j < matrix.columns; ++j) currents_a[sample * matrix.columns + j] = out.row(j)[sample];
}

void apply_form(const std::vector<double>& form_s, std::size_t rows, const double* voltages_v, std::size_t samples,
                double* power_w) {
  Rows in(rows, samples), out(rows, samples);
  for (std::size_t sample = 0; sample < samples; ++sample)
    for (std::size_t i = 0; i < rows; ++i) in.row(i)[sample] = voltages_v[sample * rows + i];
  linear::product(form_s.data(), rows, nullptr, in.rows(), rows, rows, in.stride(), out.rows());
  for (std::size_t sample = 0; sample < samples; ++sample) {
    power_w[sample] = 0;
    for (std::size_t i = 0; i < rows; ++i) power_w[sample] += in.row(i)[sample] * out.row(i)[sample];
  }
}

}  // namespace szilard::wires
