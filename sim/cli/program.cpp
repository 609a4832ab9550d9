// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/program.hpp"

#include <CLI/CLI.hpp>
#include <clocale>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <unistd.h>

#include "models/support/data_folder.hpp"
#include "models/support/diagnostics.hpp"
#include "rtl/baseline.hpp"
#include "sim/cli/commands.hpp"
#include "sim/cli/lab.hpp"

namespace szilard::cli {
namespace {

extern "C" void on_signal(int number) {
  // Files appear under their names only when complete, so leaving at once loses nothing that was finished.
  _exit(128 + number);
}

using AddCommand = std::function<int()> (*)(CLI::App&);

/// Every command there is, in the order of `szilard --help`.
constexpr AddCommand kCommands[] = {
    add_run,     add_check,  add_infer,   add_train,   add_list,       add_explain, add_sweep,  add_merge,
    add_results, add_pareto, add_tornado, add_compare, add_papers,     add_regress, add_bounds, add_fit,
    add_import,  add_schema, add_doctor,  add_report,  add_completion, add_manual,
};
constexpr AddCommand kLabCommands[] = {
    add_lab_bit, add_lab_crossbar, add_lab_gate, add_lab_link, add_lab_mesh, add_lab_relax, add_lab_stress,
};

class Program {
 public:
  explicit Program(const std::string& name) {
    app_.name(name);
    app_.require_subcommand(0, 1);
    app_.footer(
        "Exit codes: 0 all well; 1 it ran, and a check failed; 2 wrong usage or input; 3 a study ended with failed "
        "points;\n"
        "4 the environment failed; "
        "70 internal error; 128 + signal. Results go to stdout, diagnostics to stderr.");
    app_.add_flag("--version", version_, "versions of szilard and of the tools under it");
    for (const AddCommand command : kCommands) add(app_, command);
    CLI::App* lab = app_.add_subcommand("lab", "experiments on one part");
    lab->require_subcommand(1);
    for (const AddCommand command : kLabCommands) add(*lab, command);
  }

  /// Exit code of the command that was asked for.
  int run(int argc, char** argv) {
    app_.parse(argc, argv);
    if (version_) return print_version();
    for (const auto& [command, action] : actions_)
      if (command->parsed()) return action();
    std::cout << app_.help();
    return kUsage;
  }

  const CLI::App& app() const { return app_; }

 private:
  void add(CLI::App& parent, AddCommand command) {
    std::function<int()> action = command(parent);
    actions_.emplace_back(parent.get_subcommands([](const CLI::App*) { return true; }).back(), std::move(action));
  }

  CLI::App app_{"szilard: what an analog neural network really costs, beside the digital hardware it would replace"};
  std::vector<std::pair<const CLI::App*, std::function<int()>>> actions_;
  bool version_ = false;
};

int usage_error(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) {  // --help
    app.exit(error, std::cout, std::cerr);
    return kOk;
  }
  support::Diagnostic diagnostic;
  diagnostic.code = support::DiagnosticCode::usage;
  diagnostic.where.file = "command line";
  diagnostic.message = error.what();
  diagnostic.hint = "see 'szilard --help'";
  std::cerr << support::to_string(diagnostic) << '\n';
  return kUsage;
}

/// A fault of the program that names the parts, told like one of the user's input.
void take_parts(scenario::OwnParts parts) {
  if (parts.media.empty() && parts.neurons.empty() && parts.baselines.empty()) return;
  try {
    rtl::use_own_baselines(parts.baselines);
    scenario::use_own_parts(std::move(parts));
  } catch (const std::invalid_argument& wrong) {
    throw support::InputError(support::DiagnosticCode::conflict, {"own parts", 1, 1}, wrong.what());
  }
}

}  // namespace

int program(int argc, char** argv, scenario::OwnParts parts, const char* data_folder) {
  std::setlocale(LC_ALL, "C");
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is a failed write
  Program program(std::filesystem::path(argc > 0 ? argv[0] : "szilard").filename().string());
  try {
    support::use_data_folder(data_folder);
    take_parts(std::move(parts));
    const int code = program.run(argc, argv);
    std::cout.flush();
    if (!std::cout) throw support::EnvironmentError("cannot write to standard output");
    return code;
  } catch (const CLI::ParseError& error) {
    return usage_error(program.app(), error);
  } catch (const support::InputError& error) {
    for (const support::Diagnostic& diagnostic : error.diagnostics())
      std::cerr << support::to_string(diagnostic) << '\n';
    return kUsage;
  } catch (const support::EnvironmentError& error) {
    std::cerr << "szilard: error: " << error.what() << " [environment]\n";
    return kEnvironment;
  } catch (const std::bad_alloc&) {
    std::cerr << "szilard: error: out of memory [environment]\n";
    return kEnvironment;
  } catch (const std::exception& error) {
    std::cerr << "szilard: internal error: " << error.what() << '\n';
    return kInternal;
  }
}

}  // namespace szilard::cli
