// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace szilard::fit {

/// Reads of one cell at one time.
struct Reading {
  double time_s = 0;
  std::vector<double> conductances_s;
};

struct Cell {
  double target_s = 0;
  std::vector<Reading> readings;  ///< times ascending, each once
};

/// What tells cells apart in a file without a column `cell`.
enum class CellRule {
  by_order,   ///< the n-th row of a target at each time is the n-th cell of that target
  by_target,  ///< all rows of a target are one cell
};

struct Measurements {
  std::string file;
  std::vector<Cell> cells;
  std::size_t rows = 0;
  bool has_times = false;  ///< the file has a column of times
  bool has_cells = false;  ///< the file has a column `cell`
};

/// Measured conductances as comma-separated text: one header line, then one row a read. Columns in any order:
/// target_UNIT and measured_UNIT (UNIT: S with an SI prefix, e.g. uS), time_UNIT after programming (s with a prefix,
/// min, h or d; left out: all 0), cell (whole number that tells cells apart; left out: `rule`). Blanks around fields,
/// blank lines, CR LF, a byte order mark and lines that begin with '#' are taken. Refused with file, line and column:
/// other columns, missing or surplus fields, quotes, numbers that are not finite decimals, negative ones, a cell with
/// two targets, a target with fewer cells at one time than at another where `rule` tells them apart by order. Throws
/// support::InputError with the first twenty of them.
Measurements parse_measurements(std::string_view text, const std::string& file, CellRule rule = CellRule::by_order);
Measurements load_measurements(const std::string& path, CellRule rule = CellRule::by_order);

}  // namespace szilard::fit
