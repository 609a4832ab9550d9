// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "models/support/atomic_file.hpp"
#include "sim/cli/commands.hpp"
#include "sim/fit/device_fit.hpp"
#include "sim/plot/plot.hpp"

namespace szilard::cli {
namespace {

struct Arguments {
  std::string file, output, plot, base = "crosssim_default";
  bool cell_by_target = false, json = false;
};

int run(const Arguments& arguments) {
  if (!arguments.plot.empty()) plot::check_path(arguments.plot);
  const fit::Measurements measurements = fit::load_measurements(
      arguments.file, arguments.cell_by_target ? fit::CellRule::by_target : fit::CellRule::by_order);
  const fit::DeviceFit fitted = fit::fit_device(measurements);
  const std::string preset = fit::preset_yaml(fitted, arguments.base);
  if (!arguments.plot.empty()) fit::plot_fit(arguments.plot, fitted);
  support::write_file(arguments.output, preset);
  if (arguments.json) {
    std::cout << fit::fit_json(fitted) << '\n';
    return kOk;
  }
  fit::print(std::cout, fitted);
  if (!measurements.has_cells && !arguments.cell_by_target && measurements.has_times)
    std::cout << "cells                 the n-th row of a target at each time was taken for its n-th cell\n";
  std::cout << "\nwritten to " << arguments.output << "; what was not measured is that of " << arguments.base
            << "\nuse it: linear: {model: electronic_crossbar, preset: " << arguments.output << "}\n";
  return kOk;
}

}  // namespace

std::function<int()> add_fit(CLI::App& app) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("fit", "laws fitted to measurements");
  command->require_subcommand(1);
  CLI::App* device = command->add_subcommand("device", "a preset of memory cells from measured conductances");
  device->footer(
      "The file: columns target_S, measured_S, time_s (after programming), cell, in any order; units may have "
      "prefixes.\n"
      "Example: szilard fit device cells.csv -o cells.yaml --plot cells.svg");
  device->add_option("file", arguments->file, "measurements, .csv")->required();
  device->add_option("-o,--output", arguments->output, "preset, .yaml")->required();
  device->add_option("--base", arguments->base, "preset that gives what is not measured (default crosssim_default)");
  device->add_option("--plot", arguments->plot, "FILE.png or FILE.svg of measurements and laws");
  device->add_flag("--cell-by-target", arguments->cell_by_target,
                   "without a column 'cell': all rows of a target are one cell");
  device->add_flag("--json", arguments->json, "one JSON object");
  return [arguments] { return run(*arguments); };
}

}  // namespace szilard::cli
