// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/electronic/wires/implementation.hpp"

namespace szilard::wires {
namespace {

constexpr std::size_t kStagger = 72;  // keeps equal places of rows apart in the cache
constexpr std::size_t kChunk = 16 * kLanes;

using Values = support::AlignedVector<double>;

std::size_t gram_rows(std::size_t count) { return (count + kGramRows - 1) / kGramRows * kGramRows; }

/// Bit-line voltages for each of the rows [first, first + count) alone at `volt`.
struct Block {
  std::size_t first = 0, count = 0;
  Values x;
};

/// One panel's cells for every row of a block.
struct PanelValues {
  PanelValues(std::size_t rows, std::size_t width)
      : stride(width + kStagger),
        cells(rows * stride, 0.0),
        potential(rows * stride, 0.0),
        carried(rows * stride, 0.0) {}
  std::size_t stride;
  Values cells, potential, carried;
};

class RowResponses {
 public:
  RowResponses(WireSystem& system, const SolveOptions& options)
      : system_(system),
        grid_(system.grid()),
        options_(options),
        volt_(system.scale_for(1)),
        v_(grid_.panels * kLanes, 0.0),
        work_(grid_.padded_columns * kLanes),
        root_g_(system.size()) {
    options_.fidelity = Fidelity::exact;
    const WireParameters& wires = system.wires();
    has_word_ = wires.word_segment_ohm + wires.driver_ohm > 0;
    has_bit_ = wires.bit_segment_ohm + wires.sense_ohm > 0;
    for (std::size_t k = 0; k < root_g_.size(); ++k) root_g_[k] = std::sqrt(grid_.g[k]);
    const std::size_t squares = grid_.rows * grid_.rows;
    response_.effective = {grid_.rows, grid_.columns, std::vector<double>(grid_.rows * grid_.columns), 0};
    response_.powers = {grid_.rows, std::vector<double>(squares), std::vector<double>(squares),
                        std::vector<double>(squares), 0};
    response_.own_voltages_v.resize(grid_.rows * grid_.columns);
  }

  Response run() {
    const std::size_t bytes = system_.size() * sizeof(double), all = grid_.rows;
    // Blocks of rows where not all fit: each pair of blocks is held at a time.
    const std::size_t most =
        bytes * all <= options_.memory_bytes ? all : std::max<std::size_t>(1, options_.memory_bytes / 2 / bytes);
    Block here, other;
    for (std::size_t first = 0; first < all; first += most) {
      solve(here, first, std::min(most, all - first));
      record_columns(here);
      add_forms(here, here);
      for (std::size_t before = 0; before < first; before += most) {
        solve(other, before, most);
        add_forms(here, other);
      }
    }
    finish();
    return std::move(response_);
  }

 private:
  void solve(Block& block, std::size_t first, std::size_t count) {
    const std::size_t size = system_.size();
    block.first = first;
    block.count = count;
    block.x.resize(count * size);
    for (std::size_t k = 0; k < count; ++k) {
      v_[first + k] = volt_;
      int& most = response_.effective.iterations;
      most = std::max(most, system_.solve_row_source(first + k, v_.data(), options_));
      v_[first + k] = 0;
      std::copy(system_.x(), system_.x() + size, block.x.begin() + static_cast<std::ptrdiff_t>(k * size));
    }
  }

  double& conductance(std::size_t column, std::size_t row) {
    return response_.effective.conductance_s[column * grid_.rows + row];
  }

  void record_columns(const Block& block) {
    if (!has_bit_) return;  // the sums of the cells instead
    const double first_s = grid_.bit_first_end / grid_.bit_ohm;
    for (std::size_t k = 0; k < block.count; ++k) {
      const double* const x = block.x.data() + k * system_.size();
      for (std::size_t j = 0; j < grid_.columns; ++j)
        conductance(j, block.first + k) =
            (system_.sense_s() * x[system_.at(grid_.rows - 1, j)] + first_s * x[system_.at(0, j)]) / volt_;
    }
  }

  /// With `record`, what is linear in the solutions too.
  void evaluate(const Block& block, std::size_t panel, PanelValues& values, bool record) {
    double first_drop[kLanes], last_drop[kLanes], row_current[kLanes];
    for (std::size_t k = 0; k < block.count; ++k) {
      const std::size_t at = k * values.stride, source = block.first + k;
      const BranchValues out = {has_word_,
                                has_bit_,
                                system_.is_lumped(),
                                values.cells.data() + at,
                                values.potential.data() + at,
                                values.carried.data() + at,
                                first_drop,
                                last_drop,
                                row_current};
      v_[source] = volt_;
      system_.kernels().branch_values(&grid_, panel, v_.data(), block.x.data() + k * system_.size(), root_g_.data(),
                                      &out, work_.data());
      v_[source] = 0;
      if (!record) continue;
      const double last_s = grid_.word_last_end / grid_.word_ohm;
      for (std::size_t lane = 0; lane < kLanes && panel * kLanes + lane < grid_.rows; ++lane)
        response_.powers.supply_s[(panel * kLanes + lane) * grid_.rows + source] =
            (has_word_ ? system_.driver_s() * first_drop[lane] + last_s * last_drop[lane] : row_current[lane]) / volt_;
      if (source / kLanes == panel)
        for (std::size_t j = 0; j < grid_.columns; ++j)
          response_.own_voltages_v[source * grid_.columns + j] =
              1 - out.potential[j * kLanes + source % kLanes] / volt_;
      if (has_bit_) continue;
      for (std::size_t j = 0; j < grid_.columns; ++j)
        for (std::size_t lane = 0; lane < kLanes; ++lane)
          conductance(j, source) +=
              root_g_[system_.at(panel * kLanes, j) + lane] * out.cells[j * kLanes + lane] / volt_;
    }
  }

  void add_forms(const Block& a, const Block& b) {
    const bool same = &a == &b;
    const std::size_t rows_a = gram_rows(a.count), rows_b = gram_rows(b.count), width = grid_.padded_columns * kLanes;
    PanelValues of_a(rows_a, width), of_b(same ? 0 : rows_b, width);
    const PanelValues& right = same ? of_a : of_b;
    Values cells(rows_a * rows_b, 0.0), wires(rows_a * rows_b, 0.0);
    for (std::size_t panel = 0; panel < grid_.panels; ++panel) {
      evaluate(a, panel, of_a, same);
      if (!same) evaluate(b, panel, of_b, false);
      for (std::size_t at = 0; at < width; at += kChunk) {
        const std::size_t length = std::min(kChunk, width - at);
        const auto add = [&](const Values& left, const Values& other, Values& sums) {
          system_.kernels().gram(left.data() + at, other.data() + at, right.stride, rows_a, rows_b, length, same,
                                 sums.data(), rows_b);
        };
        add(of_a.cells, right.cells, cells);
        add(of_a.potential, right.carried, wires);
      }
    }
    PowerForms& forms = response_.powers;
    const double square = volt_ * volt_;
    for (std::size_t k = 0; k < a.count; ++k)
      for (std::size_t l = 0; l < (same ? k + 1 : b.count); ++l) {
        const std::size_t i = a.first + k, j = b.first + l;
        forms.cells_s[i * grid_.rows + j] = forms.cells_s[j * grid_.rows + i] = cells[k * rows_b + l] / square;
        forms.wires_s[i * grid_.rows + j] = forms.wires_s[j * grid_.rows + i] =
            wires[k * rows_b + l] / square / grid_.bit_ohm;
      }
  }

  void finish() {
    PowerForms& forms = response_.powers;
    for (std::size_t i = 0; i < grid_.rows; ++i)
      for (std::size_t k = 0; k < i; ++k) {
        double& lower = forms.supply_s[i * grid_.rows + k];
        double& upper = forms.supply_s[k * grid_.rows + i];
        lower = upper = 0.5 * (lower + upper);
      }
    forms.iterations = response_.effective.iterations;
  }

  WireSystem& system_;
  const WireGrid& grid_;
  SolveOptions options_;
  double volt_;
  bool has_word_, has_bit_;
  Values v_, work_, root_g_;
  Response response_;
};

}  // namespace

Response WireNetwork::response(const SolveOptions& options) {
  check_options(options);
  implementation_->system.prepare_for_many();
  return RowResponses(implementation_->system, options).run();
}

PowerForms WireNetwork::power_forms(const SolveOptions& options) { return response(options).powers; }

ColumnDrives WireNetwork::column_drives(const double* ends_v, std::size_t drives,
                                        const std::vector<const double*>& weights, const SolveOptions& options) {
  check_options(options);
  WireSystem& system = implementation_->system;
  const WireGrid& grid = system.grid();
  system.prepare_for_many();
  ColumnDrives result;
  result.conductance_s.resize(drives);
  result.square_sums.assign(weights.size(), std::vector<double>(drives * grid.rows, 0.0));
  std::vector<Values> packed(weights.size(), Values(system.size(), 0.0));
  for (std::size_t w = 0; w < weights.size(); ++w)
    if (!std::isfinite(system.kernels().pack(weights[w], &grid, packed[w].data()).total))
      throw std::invalid_argument("weights of cells must be finite");
  const Values grounded(grid.panels * kLanes, 0.0);
  for (std::size_t drive = 0; drive < drives; ++drive) {
    const double* const ends = ends_v + drive * grid.columns;
    largest_voltage(ends, grid.columns);
    int iterations = 0;
    const double scale = system.solve_bit_ends(ends, options, &iterations);
    result.iterations = std::max(result.iterations, iterations);
    system.finish(grounded.data(), nullptr);
    for (std::size_t panel = 0; panel < grid.panels; ++panel) {
      double sums[kLanes];
      for (std::size_t w = 0; w < weights.size(); ++w) {
        std::fill(sums, sums + kLanes, 0.0);
        for (std::size_t j = 0; j < grid.columns; ++j)
          for (std::size_t lane = 0, at = system.at(panel * kLanes, j); lane < kLanes; ++lane, ++at) {
            const double volts = system.drop()[at] + system.x()[at];
            sums[lane] += packed[w][at] * volts * volts;
          }
        for (std::size_t lane = 0; lane < kLanes && panel * kLanes + lane < grid.rows; ++lane)
          result.square_sums[w][drive * grid.rows + panel * kLanes + lane] = sums[lane] / scale / scale;
      }
      for (std::size_t j = 0; j < grid.columns; ++j)
        for (std::size_t lane = 0, at = system.at(panel * kLanes, j); lane < kLanes; ++lane, ++at)
          result.conductance_s[drive] -= ends[j] * system.current()[at] / scale;  // from the column into the word lines
    }
  }
  return result;
}

}  // namespace szilard::wires
