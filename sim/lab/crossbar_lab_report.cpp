// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <nlohmann/json.hpp>

#include "models/linear/product.hpp"
#include "models/support/atomic_file.hpp"
#include "models/support/diagnostics.hpp"
#include "sim/dataset/dataset.hpp"
#include "sim/lab/crossbar_lab.hpp"
#include "sim/plot/plot.hpp"

namespace szilard::lab {

std::string crossbar_json(const Crossbar& crossbar, const CrossbarResult& result) {
  nlohmann::ordered_json json;
  json["rows"] = crossbar.rows;
  json["columns"] = crossbar.columns;
  json["samples"] = crossbar.samples;
  json["supply_power_W"] = result.mean_power.supply_w;
  json["cell_power_W"] = result.mean_power.cells_w;
  json["wire_power_W"] = result.mean_power.wires_w;
  json["iterations"] = result.solution.iterations;
  json["newton_steps"] = result.solution.newton_steps;
  json["residual"] = result.solution.residual;
  json["wall_s"] = result.wall_s;
  json["instruction_set"] = std::string(linear::instruction_set());
  return json.dump(2);
}

void write_crossbar(const std::string& directory, const Crossbar& crossbar, const CrossbarResult& result) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) throw support::EnvironmentError("cannot make the directory " + directory + ": " + error.message());
  const auto samples = static_cast<std::int64_t>(crossbar.samples), rows = static_cast<std::int64_t>(crossbar.rows),
             columns = static_cast<std::int64_t>(crossbar.columns);
  const wires::Solution& solution = result.solution;
  dataset::write_npy(directory + "/currents.npy", {samples, columns}, solution.column_currents_a.data());
  if (!solution.word_voltages_v.empty()) {
    dataset::write_npy(directory + "/word_voltages.npy", {samples, rows, columns}, solution.word_voltages_v.data());
    dataset::write_npy(directory + "/bit_voltages.npy", {samples, rows, columns}, solution.bit_voltages_v.data());
  }
  support::write_file(directory + "/summary.json", crossbar_json(crossbar, result) + "\n");
}

void plot_crossbar(const std::string& path, const Crossbar& crossbar, const CrossbarResult& result) {
  const wires::Solution& solution = result.solution;
  const std::size_t cells = crossbar.rows * crossbar.columns;
  plot::HeatMap currents{"Cell current", "bit line", "word line", crossbar.rows, crossbar.columns, {}, {}};
  currents.value.label = "current (A)";
  currents.values.assign(solution.cell_currents_a.begin(),
                         solution.cell_currents_a.begin() + static_cast<std::ptrdiff_t>(cells));
  plot::HeatMap drops = currents;
  drops.title = "Voltage that the wires take";
  drops.value.label = "drop (V)";
  for (std::size_t k = 0; k < cells; ++k)
    drops.values[k] =
        crossbar.voltages_v[k / crossbar.columns] - (solution.word_voltages_v[k] - solution.bit_voltages_v[k]);
  plot::draw({currents, drops}, path);
}

}  // namespace szilard::lab
