// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/wires/line_books.hpp"

#include <algorithm>
#include <cmath>

namespace szilard::wires {
namespace {

/// One line, whose segments and terminals carry off what the cells put in: L potential = current.
struct Line {
  double segment_s;        // conductance of a segment; 0 where the segments have no resistance and all nodes are one
  double first_s, last_s;  // terminal conductances
  double power_w = 0, worst_a = 0;

  template <typename Potential, typename Current>
  void walk(std::size_t nodes, const Potential& potential, const Current& current) {
    const double first = potential(0), last = potential(nodes - 1);
    power_w = first_s * first * first + last_s * last * last;
    worst_a = 0;
    double all = first_s * first + last_s * last;
    for (std::size_t k = 0; k < nodes; ++k) {
      const double here = potential(k);
      const double back = k > 0 ? segment_s * (here - potential(k - 1)) : first_s * here;
      const double onward = k + 1 < nodes ? segment_s * (here - potential(k + 1)) : last_s * here;
      if (k + 1 < nodes) power_w += onward * (here - potential(k + 1));
      if (segment_s > 0) worst_a = std::max(worst_a, std::abs(back + onward - current(k)));
      all -= current(k);
    }
    if (segment_s == 0) worst_a = std::abs(all);
  }
};

}  // namespace

void row_currents(const WireSystem& system, double* out_a) {
  const WireGrid& grid = system.grid();
  const double last_s = grid.word_last_end / grid.word_ohm;
  for (std::size_t i = 0; i < grid.rows; ++i)
    out_a[i] =
        system.driver_s() * system.drop()[system.at(i, 0)] + last_s * system.drop()[system.at(i, grid.columns - 1)];
}

void column_currents(const WireSystem& system, double* out_a) {
  const WireGrid& grid = system.grid();
  const double first_s = grid.bit_first_end / grid.bit_ohm;
  for (std::size_t j = 0; j < grid.columns; ++j)
    out_a[j] = system.sense_s() * system.x()[system.at(grid.rows - 1, j)] + first_s * system.x()[system.at(0, j)];
}

SampleBooks make_books(const WireSystem& system, const double* v, const double* row_a, const double* column_a) {
  const WireGrid& grid = system.grid();
  const WireParameters& wires = system.wires();
  SampleBooks books;
  double largest = 0, worst = 0;
  Line word{wires.word_segment_ohm > 0 ? 1 / grid.word_ohm : 0, system.driver_s(), grid.word_last_end / grid.word_ohm};
  for (std::size_t i = 0; i < grid.rows; ++i) {
    word.walk(
        grid.columns, [&](std::size_t j) { return system.drop()[system.at(i, j)]; },
        [&](std::size_t j) { return system.current()[system.at(i, j)]; });
    if (wires.word_segment_ohm + wires.driver_ohm > 0) books.power.wires_w += word.power_w;
    worst = std::max(worst, word.worst_a);
    largest = std::max(largest, std::abs(row_a[i]));
    books.power.supply_w += v[i] * row_a[i];
    for (std::size_t j = 0; j < grid.columns; ++j) {
      const std::size_t at = system.at(i, j);
      books.power.cells_w += system.current()[at] * (v[i] - system.drop()[at] - system.x()[at]);
      largest = std::max(largest, std::abs(system.current()[at]));
    }
  }
  Line bit{wires.bit_segment_ohm > 0 && !system.is_lumped() ? 1 / grid.bit_ohm : 0, grid.bit_first_end / grid.bit_ohm,
           system.sense_s()};
  for (std::size_t j = 0; j < grid.columns; ++j) {
    bit.walk(
        grid.rows, [&](std::size_t i) { return system.x()[system.at(i, j)]; },
        [&](std::size_t i) { return system.current()[system.at(i, j)]; });
    if (wires.bit_segment_ohm + wires.sense_ohm > 0) books.power.wires_w += bit.power_w;
    worst = std::max(worst, bit.worst_a);
    largest = std::max(largest, std::abs(column_a[j]));
  }
  books.residual = largest > 0 ? worst / largest : 0;
  return books;
}

}  // namespace szilard::wires
