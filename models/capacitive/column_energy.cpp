// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/capacitive/column_energy.hpp"

#include <cmath>

namespace szilard::capacitive {

ColumnEnergy::ColumnEnergy(const CapacitiveParameters& parameters) : parameters_(parameters) {
  const auto n = static_cast<double>(parameters.rows);
  const double square_v = parameters.supply_v * parameters.supply_v, cell_f = parameters.cell_capacitance_f;
  const double column_f = parameters.column_capacitance_per_cell_f;
  linear_j_ = square_v * cell_f;
  // k C (n C + n c - k C) / (n (C + c)) = k C - k^2 C^2 / (n (C + c))
  square_j_ =
      parameters.coupling == Coupling::driven_plates ? square_v * cell_f * cell_f / (n * (cell_f + column_f)) : 0.0;
  node_j_ = square_v * parameters.node_capacitance_per_cell_f;
  clock_j_ = square_v * parameters.clock_capacitance_per_cell_f * n;
  row_j_ = square_v * (parameters.row_capacitance_f +
                       parameters.row_capacitance_per_cell_f * static_cast<double>(parameters.columns));
  if (parameters.driver_fan_out > 0) buffer_share_ = 2 / (parameters.driver_fan_out - 1);
}

ColumnEnergy::Account ColumnEnergy::open(const std::string& component, const char* mechanism, const char* law,
                                         const char* counted, std::vector<energy::Coefficient> coefficients,
                                         bool is_used, energy::EnergySink& sink) const {
  if (!is_used) return {};
  coefficients.push_back({"supply", parameters_.supply_v, "V"});
  energy::AccountInfo info{component, mechanism, energy::Fate::supplied, energy::Origin::computed,
                           law,       counted,   std::move(coefficients)};
  Account account;
  account.supplied = sink.open(info);
  info.fate = energy::Fate::dissipated;
  account.dissipated = sink.open(info);
  account.is_open = true;
  return account;
}

void ColumnEnergy::open_accounts(const std::string& component, energy::EnergySink& sink) {
  const support::Parameter cells(static_cast<double>(parameters_.rows), "rows of a tile", "choice");
  const bool is_driven = parameters_.coupling == Coupling::driven_plates;
  capacitors_ = open(
      component + "/array", "capacitor_charging",
      is_driven ? "E = V^2 C k ((N - k) C + N c) / (N (C + c)) over columns" : "E = V^2 C k over columns", "columns",
      {{"cell capacitance", parameters_.cell_capacitance_f, "F"},
       {"column capacitance per cell", parameters_.column_capacitance_per_cell_f, "F"},
       {"cells of a column", cells, ""}},
      true, sink);
  nodes_ = open(component + "/array", "node_charging", "E = V^2 c k over columns", "columns",
                {{"node capacitance per cell", parameters_.node_capacitance_per_cell_f, "F"}}, node_j_ > 0, sink);
  clock_ = open(
      component + "/array", "clock", "E = V^2 c N over columns", "columns",
      {{"clock capacitance per cell", parameters_.clock_capacitance_per_cell_f, "F"}, {"cells of a column", cells, ""}},
      clock_j_ > 0, sink);
  rows_ = open(component + "/driver", "line_charging", "E = V^2 (C + columns c) over input lines that rise", "lines",
               {{"capacitance per cell", parameters_.row_capacitance_per_cell_f, "F"},
                {"capacitance beside cells", parameters_.row_capacitance_f, "F"}},
               row_j_ > 0, sink);
  buffers_ = open(component + "/driver", "line_buffers", "E = 2 / (f - 1) of the energy of input lines and switches",
                  "lines", {{"fan-out", parameters_.driver_fan_out, ""}}, buffer_share_ > 0, sink);
}

void ColumnEnergy::post(const std::vector<Cycle>& cycles, double columns, std::uint64_t first_sample,
                        std::size_t samples, energy::EnergySink& sink) const {
  const auto book = [&](const Account& account, std::uint64_t sample, double energy_j, double count) {
    if (!account.is_open) return;
    const auto amount = energy::Quanta::from_joules(energy_j);
    sink.post(account.supplied, sample, amount, std::llround(count));
    sink.post(account.dissipated, sample, amount, std::llround(count));
  };
  for (std::size_t s = 0; s < samples; ++s) {
    const Cycle& cycle = cycles[s];
    book(capacitors_, first_sample + s, capacitors_j(cycle.sum, cycle.sum_of_squares), columns);
    book(nodes_, first_sample + s, nodes_j(cycle.sum), columns);
    book(clock_, first_sample + s, clock_j_ * columns, columns);
    book(rows_, first_sample + s, row_j_ * cycle.rows, cycle.rows);
    book(buffers_, first_sample + s, buffer_share_ * (row_j_ * cycle.rows + clock_j_ * columns), cycle.rows);
  }
}

}  // namespace szilard::capacitive
