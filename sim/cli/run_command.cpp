// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <thread>

#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/attribution/attribution.hpp"
#include "sim/cli/commands.hpp"
#include "sim/cli/progress.hpp"
#include "sim/cli/validators.hpp"
#include "sim/page/page.hpp"
#include "sim/report/crossbar_export.hpp"
#include "sim/report/pictures.hpp"
#include "sim/report/report.hpp"
#include "sim/statistical/statistical.hpp"
#include "sim/waves/recording.hpp"

namespace szilard::cli {
namespace {

struct RunArguments {
  std::string scenario;
  std::string directory;  ///< empty: out/NAME
  std::vector<std::string> set;
  std::optional<std::uint64_t> seed;
  std::optional<std::size_t> samples;
  std::size_t quantum = 128;
  std::string clock_trace;
  std::string export_directory;
  bool attribute = false, statistical = false;
  std::size_t jobs = 0;  ///< of attribute and statistical; 0: one a processor
  std::string ledger = "csv";
  bool report_page = false;  ///< report.html among the results
  bool json = false, quiet = false;
};

struct CheckArguments {
  std::vector<std::string> scenarios;
  std::vector<std::string> set;
  bool json = false;
};

void make_directory(const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) throw support::EnvironmentError("cannot create " + directory + ": " + error.message());
}

void print_warnings(const scenario::Scenario& scenario) {
  for (const support::Diagnostic& warning : scenario.warnings) std::cerr << support::to_string(warning) << '\n';
}

void write_waves(const waves::Recording& recording, scenario::WavesSpec::Format format, const std::string& directory) {
  using Format = scenario::WavesSpec::Format;
  if (format != Format::fst) waves::write_vcd(recording, directory + "/waves.vcd");
  if (format != Format::vcd) waves::write_fst(recording, directory + "/waves.fst");
  waves::write_gtkw(recording, format == Format::vcd ? "waves.vcd" : "waves.fst", directory + "/waves.gtkw");
}

int run_statistical(const RunArguments& arguments, const scenario::Scenario& scenario, const std::string& directory) {
  for (const auto& [given, option] : {std::pair<bool, const char*>{arguments.attribute, "--attribute"},
                                      {!arguments.clock_trace.empty(), "--clock-trace"},
                                      {!arguments.export_directory.empty(), "--export"}})
    if (given)
      throw support::InputError(support::DiagnosticCode::usage, {"command line", 0, 0},
                                std::string(option) + " is of a whole run, not of an estimate");
  const bool has_page = arguments.report_page || scenario.report_page;
  if (has_page) page::require_bundle();
  std::optional<cosim::Workload> workload;
  if (!scenario.network_path.empty()) workload = cosim::load_workload(scenario);
  const cosim::Workload* whole = workload ? &*workload : nullptr;
  print_warnings(scenario);
  make_directory(directory);
  statistical::Estimate estimate;
  {
    Progress progress(arguments.quiet || arguments.json);
    estimate = statistical::estimate(scenario, whole, {arguments.jobs, [&](const std::string& what, double share) {
                                                         progress.show("estimate", what, share);
                                                       }});
  }
  statistical::write(directory, scenario, whole, estimate);
  if (has_page) page::write_page(directory, directory + "/report.html");
  if (arguments.json) {
    std::cout << statistical::summary_json(scenario, whole, estimate);
  } else {
    statistical::print(std::cout, scenario, estimate);
    std::cout << "\nwritten to " << directory << "\n";
  }
  for (const std::string& failure : estimate.failures) std::cerr << "check failed: " << failure << '\n';
  return estimate.failures.empty() ? kOk : kCheckFailed;
}

int run(const RunArguments& arguments) {
  const scenario::Scenario scenario =
      scenario::load(arguments.scenario, {arguments.set, arguments.seed, arguments.samples});
  const std::string directory = arguments.directory.empty() ? "out/" + scenario.name : arguments.directory;
  const bool is_estimate = arguments.statistical || statistical::is_implied(scenario);
  if (arguments.jobs > 0 && !arguments.attribute && !is_estimate)
    throw support::InputError(support::DiagnosticCode::usage, {"command line", 0, 0},
                              "--jobs is for --attribute and --statistical");
  if (is_estimate) return run_statistical(arguments, scenario, directory);
  const cosim::Workload workload = cosim::load_workload(scenario);
  print_warnings(scenario);
  const bool has_page = arguments.report_page || scenario.report_page;
  if (has_page) page::require_bundle();  // now, not after a long run
  make_directory(directory);

  cosim::RunOptions options;
  options.quantum = arguments.quantum;
  options.clock_trace_path = arguments.clock_trace;
  options.waves = true;
  std::unique_ptr<report::CrossbarExport> exported;
  report::Pictures pictures;
  if (!arguments.export_directory.empty())
    exported = std::make_unique<report::CrossbarExport>(arguments.export_directory);
  options.on_crossbar = [&](const std::string& platform, const electronic::CrossbarStage& crossbar) {
    pictures.add(platform, crossbar);
    if (exported) exported->add(platform, crossbar);
  };
  if (exported) {
    options.on_optical = [&](const std::string& platform, const optical::OpticalStage& stage) {
      exported->add(platform, stage);
    };
  }
  cosim::RunResult result;
  attribution::Result costs;
  {
    Progress progress(arguments.quiet || arguments.json);
    options.on_progress = [&](const std::string& phase, const std::string& what, double share) {
      progress.show(phase, what, share);
    };
    if (arguments.attribute) {
      const std::size_t jobs = arguments.jobs > 0 ? arguments.jobs : std::max(1u, std::thread::hardware_concurrency());
      costs = attribution::attribute(
          scenario, workload, arguments.quantum, jobs,
          [&](const std::string& what, double share) { progress.show("attribute", what, share); });
    }
    result = cosim::run(scenario, workload, options);
    result.failures.insert(result.failures.end(), costs.failures.begin(), costs.failures.end());
    progress.show("write", directory, 1);
    if (exported) exported->finish(scenario);
    if (arguments.attribute) attribution::write(directory, costs);
    if (result.waves) write_waves(*result.waves, scenario.waves->format, directory);
    pictures.write(directory, result);
    report::write_run(directory, scenario, workload, result,
                      arguments.ledger == "npy" ? report::LedgerFormat::npy : report::LedgerFormat::csv);
    if (has_page) page::write_page(directory, directory + "/report.html");
  }
  if (arguments.json) {
    std::cout << report::summary_json(scenario, workload, result);
  } else {
    std::cout << scenario.name << ": " << result.samples << " samples at " << support::shortest(scenario.temperature_k)
              << " K, simulated in " << support::engineering(result.phases_s.at("simulate"), "s") << "\n\n";
    report::print_placement(std::cout, workload, result);
    std::cout << '\n';
    report::print_table(std::cout, result);
    report::print_reset_bounds(std::cout, result);
    report::print_cooling(std::cout, scenario, result);
    if (arguments.attribute) {
      std::cout << '\n';
      attribution::print(std::cout, costs);
    }
    std::cout << "\nwritten to " << directory << "\n";
    if (exported) std::cout << exported->tiles() << " tiles exported to " << arguments.export_directory << "\n";
  }
  for (const std::string& failure : result.failures) std::cerr << "check failed: " << failure << '\n';
  return result.failures.empty() ? kOk : kCheckFailed;
}

int check(const CheckArguments& arguments) {
  std::vector<support::Diagnostic> errors;
  std::size_t good = 0;
  for (const std::string& path : arguments.scenarios) {
    try {
      const scenario::Scenario scenario = scenario::load(path, {arguments.set, {}, {}});
      print_warnings(scenario);
      if (scenario.network_path.empty()) {
        ++good;
        if (!arguments.json)
          std::cout << path << ": well: " << scenario.platforms.size() << " platforms, "
                    << scenario.statistical->layers.size() << " kinds of layers\n";
        continue;
      }
      const cosim::Workload workload = cosim::load_workload(scenario);
      ++good;
      if (!arguments.json)
        std::cout << path << ": well: " << scenario.platforms.size() << " platforms, " << workload.samples
                  << " samples, " << workload.chain.layers.size() << " layers, " << workload.chain.macs() << " MACs, "
                  << workload.chain.neurons() << " neurons\n";
    } catch (const support::InputError& error) {
      errors.insert(errors.end(), error.diagnostics().begin(), error.diagnostics().end());
    }
  }
  if (arguments.json) std::cout << "{\"scenarios\": " << arguments.scenarios.size() << ", \"well\": " << good << "}\n";
  if (!errors.empty()) throw support::InputError(std::move(errors));
  return kOk;
}

}  // namespace

std::function<int()> add_run(CLI::App& app) {
  const auto run_arguments = std::make_shared<RunArguments>();
  RunArguments& arguments = *run_arguments;
  CLI::App* command = app.add_subcommand("run", "runs one scenario");
  command->footer("Example: szilard run scenarios/mnist-mlp/scenario.yaml --samples 100 --set temperature=\"250 K\"");
  command->add_option("scenario", arguments.scenario, "scenario file")->required();
  command->add_option("-o,--output", arguments.directory, "output directory (default out/NAME)");
  command->add_option("--set", arguments.set, "KEY.PATH=VALUE overrides a key; may be given again")
      ->allow_extra_args(false);
  command->add_option("--seed", arguments.seed, "seed of every random stream")->check(not_negative());
  command->add_option("--samples", arguments.samples, "how many samples of the data set")->check(at_least_one());
  command->add_option("--quantum", arguments.quantum, "samples handled at a time; changes no result")
      ->check(CLI::Range(1, 1000000));
  command->add_option("--clock-trace", arguments.clock_trace,
                      "FILE.npy for joules per clock cycle of the digital platforms");
  command->add_option("--export", arguments.export_directory,
                      "directory for what was programmed: targets, conductances, errors by tile");
  CLI::Option* attribute = command->add_flag("--attribute", arguments.attribute,
                                             "reruns with one effect off, and one on, at a time: what each costs");
  command
      ->add_flag("--statistical", arguments.statistical, "estimates from simulated parts and samples, with intervals")
      ->excludes(attribute);
  command
      ->add_option("--jobs", arguments.jobs,
                   "runs of --attribute or --statistical at a time (default: one a processor)")
      ->check(CLI::Range(1, 1024));
  command->add_flag("--report", arguments.report_page, "report.html among the results");
  command->add_option("--ledger", arguments.ledger, "csv or npy")->check(CLI::IsMember({"csv", "npy"}));
  command->add_flag("--json", arguments.json, "summary.json on stdout instead of the table");
  command->add_flag("-q,--quiet", arguments.quiet, "no progress");
  return [run_arguments] { return run(*run_arguments); };
}

std::function<int()> add_check(CLI::App& app) {
  const auto arguments = std::make_shared<CheckArguments>();
  CLI::App* command = app.add_subcommand("check", "validates scenarios without running them");
  command->add_option("scenarios", arguments->scenarios, "scenario files")->required();
  command->add_option("--set", arguments->set, "KEY.PATH=VALUE overrides a key; may be given again")
      ->allow_extra_args(false);
  command->add_flag("--json", arguments->json, "one JSON object");
  return [arguments] { return check(*arguments); };
}

std::function<int()> add_explain(CLI::App& app) {
  struct Arguments {
    std::string directory, component;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("explain", "every coefficient behind a figure: count, value, unit, source");
  command->add_option("directory", arguments->directory, "what `szilard run` wrote")->required();
  command->add_option("component", arguments->component, "a component or a path above it, e.g. rram/fc1");
  return [arguments] {
    report::explain(std::cout, arguments->directory, arguments->component);
    return int(kOk);
  };
}

std::function<int()> add_schema(CLI::App& app) {
  const auto markdown = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("schema", "JSON Schema of scenario files");
  command->add_flag("--markdown", *markdown, "the reference page instead");
  return [markdown] {
    std::cout << (*markdown ? scenario::reference_markdown() : scenario::json_schema());
    return int(kOk);
  };
}

int print_version() {
  const report::Versions v = report::versions();
  std::cout << "szilard " << v.szilard << " (" << v.commit << ")\nbuilt with " << v.compiler << "\nSystemC "
            << v.systemc << " (Accellera; copyright by all contributors)\nVerilator " << v.verilator << "\nEigen "
            << v.eigen << "\nBoost " << v.boost << '\n';
  return kOk;
}

}  // namespace szilard::cli
