// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/cells.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "models/support/units.hpp"

namespace szilard::scenario {

using support::DiagnosticCode;

namespace {

// Of the current at the read voltage.
constexpr double kNoCurrent = 1e-12;

double at_voltage(const std::vector<double>& volts, const std::vector<double>& amperes, double v) {
  const auto above = static_cast<std::size_t>(std::upper_bound(volts.begin(), volts.end(), v) - volts.begin());
  const std::size_t from = std::min(above > 0 ? above - 1 : 0, volts.size() - 2);
  const double slope = (amperes[from + 1] - amperes[from]) / (volts[from + 1] - volts[from]);
  return amperes[from] + slope * (v - volts[from]);
}

void check_table(const Reading& linear, Reader& reader) {
  const Value* v = linear.find("cell_table_voltages");
  const Value* i = linear.find("cell_table_currents");
  const Value* read = linear.find("read_voltage");
  if (!v || !i) return;
  if (v->numbers.size() < 2 || v->numbers.size() != i->numbers.size()) {
    reader.error(DiagnosticCode::conflict, i->where,
                 "a table takes as many currents as voltages, at least two, not " + std::to_string(i->numbers.size()) +
                     " and " + std::to_string(v->numbers.size()));
    return;
  }
  for (std::size_t k = 1; k < v->numbers.size(); ++k) {
    if (!(v->numbers[k] > v->numbers[k - 1])) {
      reader.error(DiagnosticCode::conflict, v->where, "'cell_table_voltages' must rise from point to point");
      return;
    }
    if (i->numbers[k] < i->numbers[k - 1]) {
      reader.error(DiagnosticCode::conflict, i->where, "'cell_table_currents' must not fall from point to point");
      return;
    }
  }
  if (!read) return;
  const double at_read = at_voltage(v->numbers, i->numbers, read->number);
  if (!(at_read > 0)) {
    reader.error(
        DiagnosticCode::conflict, i->where,
        "the table's current at the read voltage of " + support::engineering(read->number, "V") + " is not above 0 A");
  } else if (std::abs(at_voltage(v->numbers, i->numbers, 0)) > kNoCurrent * at_read) {
    reader.error(DiagnosticCode::conflict, i->where, "the table's current at 0 V is not 0 A",
                 "give it the point (0 V, 0 A)");
  }
}

}  // namespace

void check_cells(const Reading& platform, const Reading& linear, Reader& reader) {
  const Value* cell = linear.find("cell");
  if (!cell || linear.is("cell", "ohmic")) return;
  if (linear.is("cell", "table")) check_table(linear, reader);
  const auto refuse = [&](const char* key, const std::string& reason, const char* hint) {
    reader.error(DiagnosticCode::conflict, linear.at(key).where, "cell " + cell->text + ": " + reason, hint);
  };
  const auto says = [&](const char* key, const char* word) { return linear.find(key) && linear.is(key, word); };
  if (says("wires", "fast")) {
    refuse("wires", "one step of a linear solver says nothing of cells that are not ohmic",
           "take wires: exact or none");
  }
  if (says("wires", "exact") && linear.find("current_noise") && !says("current_noise", "none")) {
    refuse("current_noise", "networks of such cells have no model of current noise",
           "take wires: none, or current_noise: none");
  }
  for (const char* key : {"weight_bits", "settling_accuracy", "access_resistance"}) {
    if (linear.find(key)) refuse(key, std::string("'") + key + "' is known for ohmic cells only", "take cell: ohmic");
  }
  const std::pair<const char*, const char*> plain[] = {
      {"encoding", "amplitude"}, {"signed_inputs", "bipolar"}, {"partial_sums", "analog"}, {"charging", "step"}};
  for (const auto& [key, word] : plain) {
    if (linear.find(key) && !linear.is(key, word)) {
      refuse(key, std::string("'") + key + "' other than " + word + " is known for ohmic cells only",
             "take cell: ohmic");
    }
  }
  if (says("signed_weights", "dummy_column")) {
    refuse("signed_weights", "what a dummy column leaves to subtract is known for ohmic cells only",
           "take differential_pair");
  }
  const Value* precision = platform.find("precision");
  if (precision && platform.is("precision", "sixteen_bit")) {
    reader.error(
        DiagnosticCode::conflict, precision->where,
        "precision sixteen_bit multiplies codes, and currents of cell " + cell->text + " are no multiples of them",
        "take precision: double");
  }
}

electronic::CellCurrent cells_of(const Reading& linear) {
  using Law = electronic::CellCurrent::Law;
  electronic::CellCurrent cell;
  if (linear.is("cell", "ohmic")) return cell;
  if (linear.is("cell", "table")) {
    cell.law = Law::table;
    cell.table_v = linear.at("cell_table_voltages").numbers;
    cell.table_a = linear.at("cell_table_currents").numbers;
    return cell;
  }
  cell.law = linear.is("cell", "sinh") ? Law::sinh : Law::cubic;
  cell.scale_v = linear.at("cell_voltage").parameter();
  return cell;
}

}  // namespace szilard::scenario
