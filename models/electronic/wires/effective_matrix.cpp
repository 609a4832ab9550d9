// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

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

/// sum over branches of weight a_i a_k for the branch values `terms` (one row a branch, one lane a source), into form.
class FormSum {
 public:
  explicit FormSum(std::size_t rows) : rows_(rows), block_(kBlock, rows), by_source_(rows, kBlock), sum_(rows, rows) {}
  /// Values of one branch for every source, times the square root of the branch's conductance.
  double* next() {
    if (used_ == kBlock) flush();
    return block_.row(used_++);
  }
  std::vector<double> finish() {
    flush();
    std::vector<double> form(rows_ * rows_);
    for (std::size_t i = 0; i < rows_; ++i)
      for (std::size_t k = 0; k < rows_; ++k) form[i * rows_ + k] = 0.5 * (sum_.row(i)[k] + sum_.row(k)[i]);
    return form;
  }

 private:
  static constexpr std::size_t kBlock = 256;

  void flush() {
    if (used_ == 0) return;
    for (std::size_t i = 0; i < rows_; ++i)
      for (std::size_t t = 0; t < used_; ++t) by_source_.row(i)[t] = block_.row(t)[i];
    Rows part(rows_, rows_);
    linear::product(by_source_.data(), by_source_.stride(), nullptr, block_.rows(), rows_, used_, block_.stride(), part.rows());
    for (std::size_t i = 0; i < rows_; ++i)
      for (std::size_t k = 0; k < rows_; ++k) sum_.row(i)[k] += part.row(i)[k];
    used_ = 0;
  }

  std::size_t rows_, used_ = 0;
  Rows block_, by_source_, sum_;
};

/// Unit solutions of every row, values side by side: [branch][source].
struct UnitSolutions {
  UnitSolutions(std::size_t cells, std::size_t rows) : drop(cells, rows), bit(cells, rows), current(cells, rows) {}
  Rows drop, bit, current;
};

/// Power in the segments and terminals of a line family whose potentials are the rows of `potential`.
void add_lines(FormSum& sum, Rows& potential, std::size_t sources, std::size_t lines, std::size_t nodes, std::size_t line_step,
               std::size_t node_step, double segment_s, double first_s, double last_s) {
  for (std::size_t line = 0; line < lines; ++line)
    for (std::size_t k = 0; k <= nodes; ++k) {
      const double conductance = k == 0 ? first_s : k == nodes ? last_s : segment_s;
      if (conductance == 0) continue;
      const double root = std::sqrt(conductance);
      const double* const behind = k > 0 ? potential.row(line * line_step + (k - 1) * node_step) : nullptr;
      const double* const ahead = k < nodes ? potential.row(line * line_step + k * node_step) : nullptr;
      double* const out = sum.next();
      for (std::size_t i = 0; i < sources; ++i)
        out[i] = root * ((ahead != nullptr ? ahead[i] : 0) - (behind != nullptr ? behind[i] : 0));
    }
}

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

PowerForms WireNetwork::power_forms(const SolveOptions& options) {
  check_options(options);
  WireSystem& system = implementation_->system;
  const WireGrid& grid = system.grid();
  const WireParameters& wires = system.wires();
  system.prepare_for_many();
  PowerForms forms{grid.rows, std::vector<double>(grid.rows * grid.rows), {}, {}, 0};
  UnitSolutions unit(grid.rows * grid.columns, grid.rows);
  std::vector<double> voltages(grid.rows, 0.0), currents(grid.rows);
  for (std::size_t source = 0; source < grid.rows; ++source) {
    voltages[source] = 1;
    const double scale = implementation_->load_sources(voltages.data());
    voltages[source] = 0;
    const double* const v = implementation_->sources.data();
    forms.iterations = std::max(forms.iterations, system.solve(v, nullptr, options));
    system.finish(v, nullptr);
    exact_row_currents(system, currents.data());
    for (std::size_t i = 0; i < grid.rows; ++i) forms.supply_s[i * grid.rows + source] = currents[i] / scale;
    for (std::size_t i = 0; i < grid.rows; ++i)
      for (std::size_t j = 0; j < grid.columns; ++j) {
        const std::size_t at = system.at(i, j), k = i * grid.columns + j;
        unit.drop.row(k)[source] = system.drop()[at] / scale;
        unit.bit.row(k)[source] = system.x()[at] / scale;
        unit.current.row(k)[source] = (v[i] - system.drop()[at] - system.x()[at]) / scale;
      }
  }
  for (std::size_t i = 0; i < grid.rows; ++i)
    for (std::size_t k = 0; k < i; ++k) {
      double& lower = forms.supply_s[i * grid.rows + k];
      double& upper = forms.supply_s[k * grid.rows + i];
      lower = upper = 0.5 * (lower + upper);
    }
  FormSum cells(grid.rows), lines(grid.rows);
  const std::vector<double> conductances = system.conductances();
  for (std::size_t k = 0; k < grid.rows * grid.columns; ++k) {
    const double root = std::sqrt(conductances[k]);
    double* const out = cells.next();
    for (std::size_t i = 0; i < grid.rows; ++i) out[i] = root * unit.current.row(k)[i];
  }
  if (wires.word_segment_ohm + wires.driver_ohm > 0)
    add_lines(lines, unit.drop, grid.rows, grid.rows, grid.columns, grid.columns, 1,
              wires.word_segment_ohm > 0 ? 1 / grid.word_ohm : 0, system.driver_s(), grid.word_last_end / grid.word_ohm);
  if (wires.bit_segment_ohm + wires.sense_ohm > 0)
    add_lines(lines, unit.bit, grid.rows, grid.columns, grid.rows, 1, grid.columns,
              wires.bit_segment_ohm > 0 ? 1 / grid.bit_ohm : 0, grid.bit_first_end / grid.bit_ohm, system.sense_s());
  forms.cells_s = cells.finish();
  forms.wires_s = lines.finish();
  return forms;
}

void apply(const EffectiveMatrix& matrix, const double* voltages_v, std::size_t samples, double* currents_a) {
  // Inputs side by side, so that one pass over the matrix serves all.
  Rows in(matrix.rows, samples), out(matrix.columns, samples);
  for (std::size_t sample = 0; sample < samples; ++sample)
    for (std::size_t i = 0; i < matrix.rows; ++i) in.row(i)[sample] = voltages_v[sample * matrix.rows + i];
  linear::product(matrix.conductance_s.data(), matrix.rows, nullptr, in.rows(), matrix.columns, matrix.rows, in.stride(),
                  out.rows());
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
