// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
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
#include "sim/report/crossbar_export.hpp"
#include "sim/report/report.hpp"

namespace szilard::cli {
namespace {

void make_directory(const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) throw support::EnvironmentError("cannot create " + directory + ": " + error.message());
}

void print_warnings(const scenario::Scenario& scenario) {
  for (const support::Diagnostic& warning : scenario.warnings) std::cerr << support::to_string(warning) << '\n';
}

}  // namespace

int run(const RunArguments& arguments) {
  const scenario::Scenario scenario =
      scenario::load(arguments.scenario, {arguments.set, arguments.seed, arguments.samples});
  const std::string directory = arguments.directory.empty() ? "out/" + scenario.name : arguments.directory;
  const cosim::Workload workload = cosim::load_workload(scenario);
  print_warnings(scenario);
  make_directory(directory);

  cosim::RunOptions options;
  options.quantum = arguments.quantum;
  options.clock_trace_path = arguments.clock_trace;
  std::unique_ptr<report::CrossbarExport> exported;
  if (!arguments.export_directory.empty()) {
    exported = std::make_unique<report::CrossbarExport>(arguments.export_directory);
    options.on_crossbar = [&](const std::string& platform, const electronic::CrossbarStage& crossbar) {
      exported->add(platform, crossbar);
    };
    options.on_optical = [&](const std::string& platform, const optical::OpticalStage& stage) { exported->add(platform, stage); };
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
      costs = attribution::attribute(scenario, workload, arguments.quantum, jobs, [&](const std::string& what, double share) {
        progress.show("attribute", what, share);
      });
    }
    result = cosim::run(scenario, workload, options);
    result.failures.insert(result.failures.end(), costs.failures.begin(), costs.failures.end());
    progress.show("write", directory, 1);
    if (exported) exported->finish(scenario);
    if (arguments.attribute) attribution::write(directory, costs);
    report::write_run(directory, scenario, workload, result,
                      arguments.ledger == "npy" ? report::LedgerFormat::npy : report::LedgerFormat::csv);
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
      const cosim::Workload workload = cosim::load_workload(scenario);
      print_warnings(scenario);
      ++good;
      if (!arguments.json)
        std::cout << path << ": well: " << scenario.platforms.size() << " platforms, " << workload.samples << " samples, "
                  << workload.chain.layers.size() << " layers, " << workload.chain.macs() << " MACs, "
                  << workload.chain.neurons() << " neurons\n";
    } catch (const support::InputError& error) {
      errors.insert(errors.end(), error.diagnostics().begin(), error.diagnostics().end());
    }
  }
  if (arguments.json) std::cout << "{\"scenarios\": " << arguments.scenarios.size() << ", \"well\": " << good << "}\n";
  if (!errors.empty()) throw support::InputError(std::move(errors));
  return kOk;
}

int explain(const std::string& directory, const std::string& component) {
  report::explain(std::cout, directory, component);
  return kOk;
}

int schema(bool markdown) {
  std::cout << (markdown ? scenario::reference_markdown() : scenario::json_schema());
  return kOk;
}

int print_version() {
  const report::Versions v = report::versions();
  std::cout << "szilard " << v.szilard << " (" << v.commit << ")\nbuilt with " << v.compiler << "\nSystemC " << v.systemc
            << " (Accellera; copyright by all contributors)\nVerilator " << v.verilator << "\nEigen " << v.eigen
            << "\nBoost " << v.boost << '\n';
  return kOk;
}

}  // namespace szilard::cli
