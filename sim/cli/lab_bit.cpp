// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/cli/commands.hpp"
#include "sim/cli/lab.hpp"
#include "sim/cli/progress.hpp"
#include "sim/cli/validators.hpp"
#include "sim/lab/bit_lab.hpp"
#include "sim/plot/plot.hpp"

namespace szilard::cli {
namespace {

struct Arguments {
  lab::BitRequest request;
  std::string sweep, plot, temperature;
  bool json = false;
};

void read_temperature(Arguments& arguments) {
  if (arguments.temperature.empty()) return;
  const auto parsed = support::parse_quantity(arguments.temperature, support::Dimension::temperature);
  if (!parsed.error.empty())
    throw support::InputError(support::DiagnosticCode::wrong_unit, {"command line", 1, 1},
                              "--temperature: " + parsed.error);
  arguments.request.temperature_k = parsed.value;
}

void warn_unused(const lab::BitRequest& request, bool barrier, bool tilt) {
  const auto warn = [&](const std::string& option) {
    support::Diagnostic diagnostic;
    diagnostic.severity = support::Severity::warning;
    diagnostic.where.file = "command line";
    diagnostic.message = option + " has no meaning for " + request.model;
    std::cerr << support::to_string(diagnostic) << '\n';
  };
  const bool two_level = request.model == "two_level", ideal = request.model == "landauer_ideal";
  const bool device = lab::is_device(request.model);
  if (barrier && (two_level || ideal || device)) warn("--barrier");
  if (tilt && (ideal || device || request.model == "optimal_transport")) warn("--tilt");
  if (request.duration && (ideal || device)) warn("--duration");
  if (request.assumed && device) warn("--assumed");
}

/// 1 where a mean lies below what no protocol can go below: the physics is wrong then.
int verdict(const std::vector<lab::BitResult>& results) {
  int code = kOk;
  for (const lab::BitResult& result : results) {
    if (lab::keeps_floor(result)) continue;
    std::cerr << "szilard: the mean work of " << result.mean_work_kT << " kT in a duration of " << result.duration
              << " lies more than four standard errors below its floor of " << *result.floor_any_end_kT << " kT\n";
    code = kCheckFailed;
  }
  return code;
}

int run_sweep(const Arguments& arguments) {
  const lab::BitSweep sweep = lab::parse_sweep(arguments.sweep);
  if (lab::is_device(arguments.request.model) && sweep.variable != "bias")
    throw support::InputError(support::DiagnosticCode::conflict, {"command line", 1, 1},
                              "--sweep: " + sweep.variable + " has no meaning for " + arguments.request.model,
                              "a device has its own figures; only the bias can be swept");
  for (double value : sweep.values) lab::check_bit(lab::at_point(arguments.request, sweep, value));
  std::vector<lab::BitResult> results;
  Progress progress(arguments.json);
  for (std::size_t i = 0; i < sweep.values.size(); ++i) {
    results.push_back(lab::run_bit(lab::at_point(arguments.request, sweep, sweep.values[i])));
    progress.show("sweep", sweep.variable, double(i + 1) / double(sweep.values.size()));
  }
  if (!arguments.plot.empty()) lab::plot_sweep(arguments.plot, arguments.request, sweep, results);
  if (arguments.json) std::cout << lab::sweep_json(arguments.request, sweep, results) << '\n';
  else lab::print_sweep(std::cout, sweep, results);
  return verdict(results);
}

int run(const Arguments& arguments) {
  if (!arguments.plot.empty()) {
    plot::check_path(arguments.plot);
    if (arguments.sweep.empty())
      throw support::InputError(support::DiagnosticCode::usage, {"command line", 1, 1}, "--plot needs --sweep",
                                "one bit is one number");
  }
  warn_unused(arguments.request, arguments.request.barrier.has_value(), arguments.request.tilt.has_value());
  if (!arguments.sweep.empty()) return run_sweep(arguments);
  const lab::BitResult result = lab::run_bit(arguments.request);
  if (arguments.json) std::cout << lab::bit_json(arguments.request, result) << '\n';
  else lab::print_bit(std::cout, arguments.request, result);
  return verdict({result});
}

}  // namespace

std::function<int()> add_lab_bit(CLI::App& lab) {
  const auto arguments = std::make_shared<Arguments>();
  lab::BitRequest& request = arguments->request;
  CLI::App* command = lab.add_subcommand("bit", "resets one physical bit and weighs its work, heat and errors");
  command->footer(
      "Reduced units: kT = 1, rate (two_level) or diffusion constant (double_well) 1. State 1 is the upper level or "
      "the\n"
      "left well; a reset succeeds when it ends in state 0.\n"
      "Example: szilard lab bit --model two_level --sweep duration=1:1000:log:10 --plot landauer.svg");
  command->add_option(
      "--model", request.model,
      "two_level, double_well, landauer_ideal, optimal_transport; or a device with cited figures: cmos_latch, "
      "memristive_threshold, optical_bistable");
  command->add_option("--duration", request.duration, "of the protocol (default 100 for two_level, else 10)");
  command->add_option("--bias", request.bias, "occupation of state 1 at the start (default 0.5)");
  command->add_option("--protocol", request.protocol, "known: it knows the bias; blind: it takes 1/2");
  command->add_option("--assumed", request.assumed, "what a known protocol takes the bias for (default: the bias)");
  command->add_option("--barrier", request.barrier, "kT between the wells of double_well (default 10)");
  command->add_option("--tilt", request.tilt,
                      "kT: last gap of two_level (default 10), tilt of double_well (default 16)");
  command->add_option("--schedule", request.schedule, "FILE.yaml with a protocol of your own for double_well");
  command->add_option("--preset", request.preset, "NAME of a neuron preset, for a device (szilard list presets)");
  command->add_option("--temperature", arguments->temperature,
                      "whose kT a device's joules are printed in (default \"300 K\")");
  command->add_option("--paths", request.paths, "simulated resets (default 20000)")->check(not_negative());
  command->add_option("--seed", request.seed, "seed of every random stream (default 1)")->check(not_negative());
  command->add_option("--sweep", arguments->sweep,
                      "VARIABLE=FROM:TO:lin|log:POINTS over duration, bias, barrier or tilt");
  command->add_option("--plot", arguments->plot, "FILE.svg or FILE.png of the sweep");
  command->add_flag("--json", arguments->json, "one JSON object");
  return [arguments] {
    read_temperature(*arguments);
    return run(*arguments);
  };
}

}  // namespace szilard::cli
