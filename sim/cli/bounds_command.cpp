// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/bounds/bounds.hpp"
#include "sim/cli/commands.hpp"
#include "sim/network/network.hpp"

namespace szilard::cli {
namespace {

using support::DiagnosticCode;
using support::InputError;

struct Arguments {
  std::vector<std::string> workloads;
  std::string network, temperature;
  bool json = false, csv = false;
};

std::optional<double> temperature_of(const std::string& text) {
  if (text.empty()) return {};
  const support::ParsedQuantity parsed = support::parse_quantity(text, support::Dimension::temperature);
  if (!parsed.error.empty())
    throw InputError(parsed.unit_error ? DiagnosticCode::wrong_unit : DiagnosticCode::bad_number,
                     {"command line", 1, 1}, "--temperature: " + parsed.error);
  if (!(parsed.value > 0 && parsed.value <= 1e6))
    throw InputError(DiagnosticCode::out_of_range, {"command line", 1, 1},
                     "--temperature " + text + " lies outside (0 K, 1e6 K]");
  return parsed.value;
}

bounds::NetworkSize size_of(const std::string& path) {
  const network::Network network = network::load_onnx(path);
  bounds::NetworkSize size;
  size.name = path;
  size.parameters = double(network.parameters);
  for (const network::LayerSummary& layer : network::layer_summaries(network)) {
    size.macs += double(layer.macs);
    size.neurons += double(layer.neurons);
  }
  return size;
}

int run(const Arguments& arguments) {
  const std::optional<double> temperature = temperature_of(arguments.temperature);
  const bool everything = arguments.workloads.empty() && arguments.network.empty();
  std::vector<bounds::BoundRow> rows = bounds::general_rows(temperature.value_or(300));
  const auto append = [&](const std::vector<bounds::BoundRow>& more) {
    rows.insert(rows.end(), more.begin(), more.end());
  };
  for (const std::string& name : everything ? bounds::workload_names() : arguments.workloads)
    append(bounds::workload_rows(bounds::load_workload(name), temperature));
  if (!arguments.network.empty()) append(bounds::network_rows(size_of(arguments.network), temperature.value_or(300)));
  bounds::check_ids(rows);
  if (arguments.json) std::cout << bounds::to_json(rows) << '\n';
  else if (arguments.csv) std::cout << bounds::to_csv(rows);
  else bounds::print_table(std::cout, rows);
  return kOk;
}

}  // namespace

std::function<int()> add_bounds(CLI::App& app) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("bounds", "every figure of the papers: printed, from their formula, corrected");
  command->footer("Example: szilard bounds --workload llama-65b --temperature \"300 K\" --csv");
  command
      ->add_option("--workload", arguments->workloads,
                   "name under scenarios/workloads or FILE.yaml (default: all that there are)")
      ->allow_extra_args(false);
  command->add_option("--network", arguments->network, "bounds of an ONNX network");
  command->add_option("--temperature", arguments->temperature, "goes before the workloads' own, e.g. \"300 K\"");
  CLI::Option* json = command->add_flag("--json", arguments->json, "one JSON object");
  command->add_flag("--csv", arguments->csv, "comma-separated values")->excludes(json);
  return [arguments] { return run(*arguments); };
}

}  // namespace szilard::cli
