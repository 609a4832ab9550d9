// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>

#include "models/support/atomic_file.hpp"
#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/cli/commands.hpp"
#include "sim/cli/lab.hpp"
#include "sim/lab/crossbar_lab.hpp"
#include "sim/plot/plot.hpp"
#include "sim/report/text_table.hpp"

namespace szilard::cli {
namespace {

struct Arguments {
  lab::CrossbarRequest request;
  std::string output, spice, heatmap;
  bool json = false;
};

constexpr std::size_t kMostColumns = 16;

void print(const lab::Crossbar& crossbar, const lab::CrossbarResult& result) {
  using report::TextTable;
  const wires::Solution& solution = result.solution;
  std::cout << crossbar.rows << " word lines x " << crossbar.columns << " bit lines, " << crossbar.samples
            << (crossbar.samples == 1 ? " sample" : " samples") << "; currents of the first\n\n";
  TextTable currents({{"bit line", TextTable::Align::right},
                      {"current", TextTable::Align::right},
                      {"without wires", TextTable::Align::right},
                      {"wires take", TextTable::Align::right}});
  const std::size_t shown = std::min(crossbar.columns, kMostColumns);
  for (std::size_t j = 0; j < shown; ++j) {
    double ideal = 0;
    for (std::size_t i = 0; i < crossbar.rows; ++i) {
      double value, slope;
      crossbar.law->evaluate(1, &crossbar.voltages_v[i], &value, &slope);
      ideal += crossbar.conductances_s[i * crossbar.columns + j] * value;
    }
    const double current = solution.column_currents_a[j];
    currents.add({std::to_string(j), support::engineering(current, "A", 7), support::engineering(ideal, "A", 7),
                  ideal == 0 ? "-" : support::engineering(100 * (1 - current / ideal), "", 4) + "%"});
  }
  currents.print(std::cout);
  if (shown < crossbar.columns) std::cout << "and " << crossbar.columns - shown << " more\n";
  std::cout << '\n';
  TextTable power({{"mean power"}, {"", TextTable::Align::right}, {"share", TextTable::Align::right}});
  const auto row = [&](const std::string& name, double watt) {
    const double supply = result.mean_power.supply_w;
    power.add({name, support::engineering(watt, "W", 7),
               supply == 0 ? "-" : support::engineering(100 * watt / supply, "", 4) + "%"});
  };
  row("cells", result.mean_power.cells_w);
  row("wires, drivers, sense", result.mean_power.wires_w);
  row("supply", result.mean_power.supply_w);
  power.print(std::cout);
  std::cout << '\n' << solution.iterations << " iterations";
  if (solution.newton_steps > 0) std::cout << " in " << solution.newton_steps << " Newton steps";
  std::cout << ", Kirchhoff residual " << support::engineering(solution.residual, "", 3) << ", "
            << support::engineering(result.wall_s, "s", 3) << '\n';
}

int run(const Arguments& arguments) {
  const lab::CrossbarRequest& request = arguments.request;
  if (!arguments.heatmap.empty()) {
    plot::check_path(arguments.heatmap);
    if (request.currents_only)
      throw support::InputError(support::DiagnosticCode::conflict, {"command line", 1, 1},
                                "--heatmap needs the voltages that --currents-only leaves out");
  }
  const lab::Crossbar crossbar = lab::load_crossbar(request);
  if (request.fast && !crossbar.law->is_linear())
    throw support::InputError(support::DiagnosticCode::conflict, {"command line", 1, 1},
                              "--fast is for linear cells only");
  const lab::CrossbarResult result = lab::run_crossbar(request, crossbar);
  if (!arguments.output.empty()) lab::write_crossbar(arguments.output, crossbar, result);
  if (!arguments.spice.empty())
    support::write_file(arguments.spice,
                        wires::spice_deck(crossbar.rows, crossbar.columns, crossbar.conductances_s.data(),
                                          crossbar.wires, crossbar.voltages_v.data(), *crossbar.law));
  if (!arguments.heatmap.empty()) lab::plot_crossbar(arguments.heatmap, crossbar, result);
  if (arguments.json) std::cout << lab::crossbar_json(crossbar, result) << '\n';
  else print(crossbar, result);
  return kOk;
}

}  // namespace

std::function<int()> add_lab_crossbar(CLI::App& lab) {
  const auto arguments = std::make_shared<Arguments>();
  lab::CrossbarRequest& request = arguments->request;
  CLI::App* command = lab.add_subcommand("crossbar", "solves one resistive crossbar with its wires");
  command->footer(
      "Word lines are driven from the left through one segment, bit lines held at 0 V at the bottom through one "
      "segment.\n"
      "Example: szilard lab crossbar --conductance G.npy --voltage V.npy --wire-resistance \"1 ohm\" -o out/crossbar");
  command->add_option("--conductance", request.conductance, ".npy of rows x columns, siemens")->required();
  command->add_option("--voltage", request.voltage, ".npy of rows, or samples x rows, volt")->required();
  command->add_option("--wire-resistance", request.wire_resistance,
                      "of every segment of both line families (default 0 ohm)");
  command->add_option("--driver-resistance", request.driver_resistance,
                      "in series with a word line's first segment (default 0 ohm)");
  command->add_option("--sense-resistance", request.sense_resistance,
                      "in series with a bit line's last segment (default 0 ohm)");
  command->add_flag("--both-ends", request.both_ends, "drive word lines from both ends");
  command->add_flag("--sense-both-ends", request.sense_both_ends, "hold bit lines at 0 V at both ends");
  command->add_option("--cell", request.cell,
                      "linear, sinh:\"0.1 V\", cubic:A (1/V^2) or table:FILE.csv of voltage,current/conductance (V,V)");
  command->add_flag("--fast", request.fast, "one step of the solver: an approximation");
  command->add_flag("--currents-only", request.currents_only, "no node voltages: for many samples");
  command->add_option("-o,--output", arguments->output, "directory for currents.npy, node voltages and summary.json");
  command->add_option("--spice", arguments->spice, "FILE.cir: the first sample as an ngspice deck");
  command->add_option("--heatmap", arguments->heatmap, "FILE.png or FILE.svg of cell currents and voltage drops");
  command->add_flag("--json", arguments->json, "one JSON object");
  return [arguments] { return run(*arguments); };
}

}  // namespace szilard::cli
