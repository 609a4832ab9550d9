// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/lab/crossbar_lab.hpp"

#include <charconv>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string_view>

#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/dataset/dataset.hpp"

namespace szilard::lab {
namespace {

using support::DiagnosticCode;
using support::InputError;

constexpr std::size_t kMostVoltageBytes = std::size_t{4} << 30;
constexpr std::size_t kMostTableLines = 100000;

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t extent : shape) text += (text.empty() ? "" : " x ") + std::to_string(extent);
  return shape.empty() ? "a single number" : text;
}

double quantity(const std::string& text, support::Dimension dimension, const std::string& option) {
  const support::ParsedQuantity parsed = support::parse_quantity(text, dimension);
  if (parsed.error.empty()) return parsed.value;
  throw InputError(parsed.unit_error ? DiagnosticCode::wrong_unit : DiagnosticCode::bad_number, {"command line", 1, 1},
                   option + " '" + text + "': " + parsed.error);
}

double resistance(const std::string& text, const std::string& option) {
  const double ohm = quantity(text, support::Dimension::resistance, option);
  if (ohm < 0)
    throw InputError(DiagnosticCode::out_of_range, {"command line", 1, 1},
                     option + " '" + text + "' must not be negative");
  return ohm;
}

std::vector<double> values_of(const dataset::Array& array) {
  std::vector<double> values(array.size());
  array.read(0, values.size(), values.data());
  return values;
}

void check_conductances(const std::string& path, const std::vector<double>& g, std::size_t columns) {
  for (std::size_t k = 0; k < g.size(); ++k) {
    if (std::isfinite(g[k]) && g[k] >= 0) continue;
    throw InputError(std::isfinite(g[k]) ? DiagnosticCode::out_of_range : DiagnosticCode::non_finite, {path, 1, 1},
                     "conductance of row " + std::to_string(k / columns) + ", column " + std::to_string(k % columns) +
                         " is " + support::shortest(g[k]) + " S",
                     "conductances are finite and not below 0");
  }
}

std::unique_ptr<wires::CellLaw> read_table(const std::string& path) {
  std::ifstream in(path);
  if (!in) throw InputError(DiagnosticCode::file_not_found, {path, 1, 1}, "cannot read the table of the cell");
  std::vector<double> v, current;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (v.size() > kMostTableLines)
      throw InputError(DiagnosticCode::file_too_large, {path, number, 1}, "more than 100000 points");
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty() || line[0] == '#') continue;
    double pair[2];
    const char* at = line.data();
    const char* const end = at + line.size();
    bool well = true;
    for (int k = 0; k < 2 && well; ++k) {
      while (at != end && (*at == ' ' || *at == '\t')) ++at;
      const auto parsed = std::from_chars(at, end, pair[k]);
      well = parsed.ec == std::errc{} && std::isfinite(pair[k]);
      at = parsed.ptr;
      while (at != end && (*at == ' ' || *at == '\t')) ++at;
      if (k == 0 && well) well = at != end && *at++ == ',';
    }
    if (well && at == end) {
      v.push_back(pair[0]);
      current.push_back(pair[1]);
    } else if (!v.empty() || number > 1) {  // the first line may be a heading
      throw InputError(DiagnosticCode::bad_number, {path, number, 1}, "expected 'VOLTAGE,CURRENT', two numbers",
                       "current in volt: the cell's current is its conductance times it");
    }
  }
  try {
    return wires::table_cell(std::move(v), std::move(current));
  } catch (const std::invalid_argument& error) {
    throw InputError(DiagnosticCode::out_of_range, {path, 1, 1}, error.what());
  }
}

std::unique_ptr<wires::CellLaw> read_cell(const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::string kind = text.substr(0, colon), rest = colon == std::string::npos ? "" : text.substr(colon + 1);
  try {
    if (text == "linear") return wires::linear_cell();
    if (kind == "sinh" && !rest.empty())
      return wires::sinh_cell(quantity(rest, support::Dimension::voltage, "--cell sinh:"));
    if (kind == "cubic" && !rest.empty())
      return wires::cubic_cell(quantity(rest, support::Dimension::none, "--cell cubic:"));
    if (kind == "table" && !rest.empty()) return read_table(rest);
  } catch (const std::invalid_argument& error) {
    throw InputError(DiagnosticCode::out_of_range, {"command line", 1, 1}, "--cell '" + text + "': " + error.what());
  }
  throw InputError(DiagnosticCode::unknown_choice, {"command line", 1, 1}, "--cell '" + text + "' is no law of a cell",
                   "linear, sinh:\"0.1 V\", cubic:3 (in 1/V^2) or table:FILE.csv");
}

}  // namespace

Crossbar load_crossbar(const CrossbarRequest& request) {
  Crossbar crossbar;
  crossbar.wires.word_segment_ohm = crossbar.wires.bit_segment_ohm =
      resistance(request.wire_resistance, "--wire-resistance");
  crossbar.wires.driver_ohm = resistance(request.driver_resistance, "--driver-resistance");
  crossbar.wires.sense_ohm = resistance(request.sense_resistance, "--sense-resistance");
  crossbar.wires.drive_both_ends = request.both_ends;
  crossbar.wires.sense_both_ends = request.sense_both_ends;
  crossbar.law = read_cell(request.cell);
  const dataset::Array g = dataset::read_array(request.conductance, {"conductance", "G"});
  if (g.shape().size() != 2 || g.size() == 0)
    throw InputError(DiagnosticCode::shape_mismatch, {request.conductance, 1, 1},
                     "conductances are " + shape_text(g.shape()) + ", must be rows x columns, at least 1 x 1");
  crossbar.rows = static_cast<std::size_t>(g.shape()[0]);
  crossbar.columns = static_cast<std::size_t>(g.shape()[1]);
  crossbar.conductances_s = values_of(g);
  check_conductances(request.conductance, crossbar.conductances_s, crossbar.columns);
  const dataset::Array v = dataset::read_array(request.voltage, {"voltage", "V"});
  if (v.size() == 0 || v.shape().empty() || v.shape().size() > 2 ||
      static_cast<std::size_t>(v.shape().back()) != crossbar.rows)
    throw InputError(DiagnosticCode::shape_mismatch, {request.voltage, 1, 1},
                     "voltages are " + shape_text(v.shape()) + ", must be " + std::to_string(crossbar.rows) +
                         ", or samples x " + std::to_string(crossbar.rows),
                     "one voltage a row of " + request.conductance);
  crossbar.one_sample = v.shape().size() == 1;
  crossbar.samples = crossbar.one_sample ? 1 : static_cast<std::size_t>(v.shape()[0]);
  crossbar.voltages_v = values_of(v);
  for (std::size_t k = 0; k < crossbar.voltages_v.size(); ++k)
    if (!std::isfinite(crossbar.voltages_v[k]))
      throw InputError(DiagnosticCode::non_finite, {request.voltage, 1, 1},
                       "voltage of sample " + std::to_string(k / crossbar.rows) + ", row " +
                           std::to_string(k % crossbar.rows) + " is not finite");
  if (!request.currents_only && crossbar.samples > kMostVoltageBytes / 24 / g.size())
    throw InputError(DiagnosticCode::file_too_large, {request.voltage, 1, 1},
                     "the node voltages of " + std::to_string(crossbar.samples) + " samples would take more than 4 GiB",
                     "--currents-only leaves them out");
  return crossbar;
}

CrossbarResult run_crossbar(const CrossbarRequest& request, const Crossbar& crossbar) {
  wires::SolveOptions options;
  options.fidelity = request.fast ? wires::Fidelity::fast : wires::Fidelity::exact;
  options.voltages = options.cell_currents = !request.currents_only;
  CrossbarResult result;
  const auto start = std::chrono::steady_clock::now();
  try {
    wires::WireNetwork network(crossbar.rows, crossbar.columns, crossbar.conductances_s.data(), crossbar.wires);
    result.solution = network.solve(crossbar.voltages_v.data(), crossbar.samples, *crossbar.law, options);
  } catch (const std::invalid_argument& error) {
    throw InputError(DiagnosticCode::out_of_range, {request.conductance, 1, 1}, error.what());
  } catch (const std::runtime_error& error) {
    throw InputError(DiagnosticCode::out_of_range, {request.conductance, 1, 1}, error.what(),
                     "are the conductances, the wires and the cell's law what was meant?");
  }
  result.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  for (const wires::Power& power : result.solution.power) {
    const double share = 1 / static_cast<double>(crossbar.samples);
    result.mean_power.supply_w += share * power.supply_w;
    result.mean_power.cells_w += share * power.cells_w;
    result.mean_power.wires_w += share * power.wires_w;
  }
  return result;
}

}  // namespace szilard::lab
