// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/wires/coarse_grid.hpp"

#include <algorithm>
#include <cmath>

namespace szilard::wires {
namespace {

// Measured at 128 to 512 lines and 1 to 100 ohm: fewer knots cost iterations, more cost time of their own.
constexpr double kKnotsPerLength = 4, kKnotsPerShortLine = 2, kKnotsForMany = 4;
constexpr std::size_t kMostKnots = 18;
constexpr double kLeastCoupling = 0.05;  // below it the plain lines converge as fast

// Cells per length scale of a line: the number of lengths over which its current leaks into the cells.
std::size_t knots_for(std::size_t cells, double resistance_times_conductance, bool for_many) {
  const double lengths = static_cast<double>(cells) * std::sqrt(resistance_times_conductance);
  if (lengths < 0.05) return 1;
  const double density = for_many ? kKnotsForMany : lengths > 1 ? kKnotsPerLength : kKnotsPerShortLine;
  const double wanted = 1 + std::ceil(density * lengths);
  return std::min({static_cast<std::size_t>(std::min(wanted, 1e6)), kMostKnots, std::max<std::size_t>(2, cells / 4)});
}

std::vector<double> even_edges(std::size_t knots, double size) {
  std::vector<double> edges(knots);
  for (std::size_t k = 0; k < knots; ++k)
    edges[k] = knots == 1 ? 0 : size * static_cast<double>(k) / static_cast<double>(knots - 1);
  return edges;
}

// Knots of the word-line index stand between panels, so that a panel lies in one interval.
std::vector<double> panel_edges(std::size_t knots, std::size_t panels, std::size_t rows) {
  knots = std::min(knots, panels + 1);
  std::vector<double> edges(knots);
  for (std::size_t k = 0; k < knots; ++k) {
    const std::size_t panel = knots == 1 ? 0 : k * panels / (knots - 1);
    edges[k] = std::min(static_cast<double>(panel * kLanes), static_cast<double>(rows));
  }
  return edges;
}

}  // namespace

Hats Hats::make(std::size_t size, const std::vector<double>& edges, double first_end, double last_end) {
  Hats hats;
  hats.knots = edges.size();
  hats.interval.resize(size);
  hats.weight.resize(size);
  hats.mass.assign(2 * hats.knots, 0.0);
  hats.stiffness.assign(2 * hats.knots, 0.0);
  std::size_t interval = 0;
  for (std::size_t i = 0; i < size && hats.knots > 1; ++i) {
    const double at = static_cast<double>(i) + 0.5;
    while (interval + 2 < hats.knots && at > edges[interval + 1]) ++interval;
    hats.interval[i] = interval;
    hats.weight[i] = (at - edges[interval]) / (edges[interval + 1] - edges[interval]);
  }
  const auto value = [&](std::size_t knot, std::size_t i) {
    if (hats.interval[i] == knot) return 1 - hats.weight[i];
    return hats.interval[i] + 1 == knot ? hats.weight[i] : 0.0;
  };
  const auto add = [&](std::vector<double>& form, std::size_t knot, std::size_t other, double a, double b) {
    form[2 * knot + (other - knot)] += a * b;
  };
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t a = hats.interval[i]; a < std::min(hats.knots, hats.interval[i] + 2); ++a)
      for (std::size_t b = a; b < std::min(hats.knots, hats.interval[i] + 2); ++b) {
        add(hats.mass, a, b, value(a, i), value(b, i));
        if (i == 0) add(hats.stiffness, a, b, first_end * value(a, i), value(b, i));
        if (i + 1 == size) add(hats.stiffness, a, b, last_end * value(a, i), value(b, i));
      }
  // A segment across a knot counts for both sides by its shares (its square of a mean is taken as the mean of squares,
  // which is not smaller): the form stays tridiagonal and knows constants.
  for (std::size_t k = 0; k + 1 < hats.knots; ++k) {
    const double length = edges[k + 1] - edges[k];
    const double covered = std::min(edges[k + 1], static_cast<double>(size) - 0.5) - std::max(edges[k], 0.5);
    const double conductance = std::max(covered, 0.0) / (length * length);
    hats.stiffness[2 * k] += conductance;
    hats.stiffness[2 * k + 2] += conductance;
    hats.stiffness[2 * k + 1] -= conductance;
  }
  return hats;
}

CoarseGrid::CoarseGrid(const WireGrid& grid, const WireKernels& kernels, double mean_conductance_s, bool for_many)
    : columns_(grid.columns), padded_columns_(grid.padded_columns) {
  choose(grid, mean_conductance_s, for_many);
  if (!empty()) assemble(grid, kernels);
}

void CoarseGrid::choose(const WireGrid& grid, double mean_conductance, bool for_many) {
  const double rows = static_cast<double>(grid.rows), columns = static_cast<double>(grid.columns);
  const double word = grid.word_ohm * mean_conductance, bit = grid.bit_ohm * mean_conductance;
  // How strongly a line's drop, over its own length or at its terminal, answers its cells.
  const double of_words = columns * word * std::max(columns, 1 / std::max(grid.word_first_end, 1e-300));
  const double of_bits = rows * bit * std::max(rows, 1 / std::max(grid.bit_last_end, 1e-300));
  if (!(of_words > kLeastCoupling && of_bits > kLeastCoupling)) return;
  along_rows_ = Hats::make(grid.rows, panel_edges(knots_for(grid.rows, bit, for_many), grid.panels, grid.rows),
                           grid.bit_first_end, grid.bit_last_end);
  along_columns_ = Hats::make(grid.columns, even_edges(knots_for(grid.columns, word, for_many), columns),
                              grid.word_first_end, grid.word_last_end);
  column_weight_.resize(columns_);
  for (std::size_t j = 0; j < columns_; ++j) column_weight_[j] = static_cast<float>(along_columns_.weight[j]);
  for (std::size_t j = 0; j < columns_; ++j)
    if (along_columns_.interval[j] == first_column_.size()) first_column_.push_back(j);
  first_column_.push_back(columns_);
  row_weight_.assign(grid.panels * kLanes, 0.0f);
  panel_interval_.resize(grid.panels);
  for (std::size_t i = 0; i < grid.rows; ++i) {
    row_weight_[i] = static_cast<float>(along_rows_.weight[i]);
    panel_interval_[i / kLanes] = along_rows_.interval[i];
  }
  rows_ = {along_rows_.knots, panel_interval_.data(), row_weight_.data()};
}

void CoarseGrid::assemble(const WireGrid& grid, const WireKernels& kernels) {
  const std::size_t na = along_rows_.knots, nb = along_columns_.knots;
  const std::size_t intervals = std::max<std::size_t>(nb, 2) - 1;
  std::vector<double> sums(grid.panels * intervals * 3 * kLanes);
  kernels.coarse_sums(&grid, along_columns_.interval.data(), along_columns_.weight.data(), intervals, sums.data());
  network_ = BandedCholesky(2 * na * nb, 2 * nb + 3);
  bit_lines_ = BandedCholesky(na * nb, nb + 1);
  // A word-line unknown and a bit-line unknown at each knot, numbered side by side.
  const auto add_cell = [&](std::size_t a, std::size_t b, std::size_t a2, std::size_t b2, double value) {
    if (value == 0) return;  // beyond the last knot
    const std::size_t from = a * nb + b, to = a2 * nb + b2;
    const std::size_t low = std::min(from, to), high = std::max(from, to);
    network_.at(2 * high, 2 * low) += value;
    network_.at(2 * high + 1, 2 * low + 1) += value;
    network_.at(2 * high + 1, 2 * low) -= value;
    if (low != high) network_.at(2 * high, 2 * low + 1) -= value;
    bit_lines_.at(high, low) += value;
  };
  for (std::size_t panel = 0; panel < grid.panels; ++panel) {
    const std::size_t a = panel_interval_[panel];
    for (std::size_t b = 0; b < intervals; ++b) {
      double block[3][3] = {};  // [columns: near-near, near-far, far-far][rows: the same]
      for (std::size_t k = 0; k < 3; ++k)
        for (std::size_t lane = 0; lane < kLanes && panel * kLanes + lane < grid.rows; ++lane) {
          const double value = grid.bit_ohm * sums[((panel * intervals + b) * 3 + k) * kLanes + lane];
          const double w = along_rows_.weight[panel * kLanes + lane];
          block[k][0] += (1 - w) * (1 - w) * value;
          block[k][1] += (1 - w) * w * value;
          block[k][2] += w * w * value;
        }
      for (std::size_t i = 0; i < 3; ++i) {
        const std::size_t a1 = a + (i == 2), a2 = a + (i > 0);
        if (a2 >= na) continue;
        for (std::size_t k = 0; k < 3; ++k) {
          const std::size_t b1 = b + (k == 2), b2 = b + (k > 0);
          if (b2 >= nb) continue;
          add_cell(a1, b1, a2, b2, block[k][i]);
          if (i == 1 && k == 1) add_cell(a1, b2, a2, b1, block[k][i]);
        }
      }
    }
  }
  const double ratio = grid.bit_ohm / grid.word_ohm;
  for (std::size_t a = 0; a < na; ++a)
    for (std::size_t b = 0; b < nb; ++b)
      for (std::size_t step_a = 0; step_a < 2 && a + step_a < na; ++step_a)
        for (int step_b = step_a == 0 ? 0 : -1; step_b < 2; ++step_b) {
          if ((step_b < 0 && b == 0) || (step_b > 0 && b + 1 == nb)) continue;
          const std::size_t low = a * nb + b;
          const std::size_t b2 = step_b < 0 ? b - 1 : b + static_cast<std::size_t>(step_b);
          const std::size_t high = (a + step_a) * nb + b2;
          const std::size_t first_b = std::min(b, b2), apart = step_b == 0 ? 0 : 1;
          const double bits = along_rows_.stiffness[2 * a + step_a] * along_columns_.mass[2 * first_b + apart];
          const double words = ratio * along_rows_.mass[2 * a + step_a] * along_columns_.stiffness[2 * first_b + apart];
          network_.at(2 * high, 2 * low) += words;
          network_.at(2 * high + 1, 2 * low + 1) += bits;
          bit_lines_.at(high, low) += bits;
        }
  if (!network_.factorise() || !bit_lines_.factorise()) rows_ = {0, nullptr, nullptr};
  restricted_.resize(na * nb);
  both_.resize(2 * na * nb);
  bits_.resize(na * nb);
}

double CoarseGrid::apply(float* values) {
  const std::size_t na = along_rows_.knots, nb = along_columns_.knots;
  std::fill(restricted_.begin(), restricted_.end(), 0.0);
  for (std::size_t a = 0; a < na; ++a) {
    const float* const in = values + a * padded_columns_;
    double* const row = restricted_.data() + a * nb;
    for (std::size_t b = 0; b + 1 < first_column_.size(); ++b) {
      // Two chains each, for a sum waits for its last term.
      double near[2] = {}, far[2] = {};
      const std::size_t end = first_column_[b + 1];
      std::size_t j = first_column_[b];
      for (; j + 2 <= end; j += 2)
        for (std::size_t k = 0; k < 2; ++k) {
          const double weighted = along_columns_.weight[j + k] * in[j + k];
          near[k] += in[j + k] - weighted;
          far[k] += weighted;
        }
      for (; j < end; ++j) {
        const double weighted = along_columns_.weight[j] * in[j];
        near[0] += in[j] - weighted;
        far[0] += weighted;
      }
      row[b] += near[0] + near[1];
      if (nb > 1) row[b + 1] += far[0] + far[1];
    }
  }
  for (std::size_t k = 0; k < na * nb; ++k) {
    both_[2 * k] = 0;
    both_[2 * k + 1] = bits_[k] = restricted_[k];
  }
  network_.solve(both_.data());
  bit_lines_.solve(bits_.data());
  double product = 0;
  for (std::size_t k = 0; k < na * nb; ++k) {
    bits_[k] = both_[2 * k + 1] - bits_[k];
    product += bits_[k] * restricted_[k];
  }
  for (std::size_t a = 0; a < na; ++a) {
    const double* const row = bits_.data() + a * nb;
    float* const out = values + a * padded_columns_;
    for (std::size_t b = 0; b + 1 < first_column_.size(); ++b) {
      const float near = static_cast<float>(row[b]),
                  slope = static_cast<float>((nb > 1 ? row[b + 1] : row[b]) - row[b]);
      for (std::size_t j = first_column_[b]; j < first_column_[b + 1]; ++j) out[j] = near + column_weight_[j] * slope;
    }
  }
  return product;
}

}  // namespace szilard::wires
