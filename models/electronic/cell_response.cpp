// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/cell_response.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "models/support/checks.hpp"

namespace szilard::electronic {
namespace {

// Of the current at the read voltage: what a table's text may miss 0 A at 0 V by.
constexpr double kNoCurrent = 1e-12;

std::unique_ptr<wires::CellLaw> law_of(const CellCurrent& current) {
  if (current.law == CellCurrent::Law::sinh || current.law == CellCurrent::Law::cubic) {
    support::require(current.scale_v >= 1e-6 && current.scale_v <= 1e6, "cell.scale_v", current.scale_v, "1e-6 to 1e6");
  }
  switch (current.law) {
    case CellCurrent::Law::ohmic:
      return wires::linear_cell();
    case CellCurrent::Law::sinh:
      return wires::sinh_cell(current.scale_v);
    case CellCurrent::Law::cubic:
      return wires::cubic_cell(1 / (current.scale_v * current.scale_v));
    case CellCurrent::Law::table:
      return wires::table_cell(current.table_v, current.table_a);
  }
  throw std::logic_error("law of the cells");
}

double value_at(const wires::CellLaw& law, double v) {
  double value, slope;
  law.evaluate(1, &v, &value, &slope);
  return value;
}

}  // namespace

CellResponse::CellResponse(const CellCurrent& current, double read_voltage_v, double input_full_scale)
    : law_(law_of(current)), read_voltage_v_(read_voltage_v), input_full_scale_(input_full_scale) {
  at_read_voltage_ = value_at(*law_, read_voltage_v);
  if (!(at_read_voltage_ > 0)) throw std::invalid_argument("cell: its current at the read voltage must be above 0");
  if (std::abs(value_at(*law_, 0)) > kNoCurrent * at_read_voltage_) {
    throw std::invalid_argument("cell: its current at 0 V must be 0");
  }
}

void CellResponse::apply(const double* x, std::size_t n, double* out) const {
  if (law_->is_linear()) {
    std::copy(x, x + n, out);
    return;
  }
  std::vector<double> volts(n), slopes(n);
  for (std::size_t s = 0; s < n; ++s) volts[s] = x[s] * (read_voltage_v_ / input_full_scale_);
  law_->evaluate(n, volts.data(), out, slopes.data());
  for (std::size_t s = 0; s < n; ++s) out[s] = volts[s] == 0 ? 0 : out[s] * (input_full_scale_ / at_read_voltage_);
}

}  // namespace szilard::electronic
