// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <clocale>
#include <csignal>
#include <iostream>
#include <unistd.h>

#include "models/support/diagnostics.hpp"
#include "sim/cli/commands.hpp"
#include "sim/cli/lab.hpp"

namespace {

using namespace szilard;

extern "C" void on_signal(int number) {
  // Files appear under their names only when complete, so leaving at once loses nothing that was finished.
  _exit(128 + number);
}

using AddCommand = std::function<int()> (*)(CLI::App&);

/// Every command there is, in the order of `szilard --help`.
constexpr AddCommand kCommands[] = {
    cli::add_run,     cli::add_check,  cli::add_infer, cli::add_train,  cli::add_list,    cli::add_explain,
    cli::add_sweep,   cli::add_merge,  cli::add_results, cli::add_pareto, cli::add_tornado, cli::add_compare, cli::add_papers,
    cli::add_regress, cli::add_bounds, cli::add_fit,   cli::add_import, cli::add_schema,  cli::add_doctor,
    cli::add_report,
};
constexpr AddCommand kLabCommands[] = {
    cli::add_lab_bit,  cli::add_lab_crossbar, cli::add_lab_gate,   cli::add_lab_link,
    cli::add_lab_mesh, cli::add_lab_relax,    cli::add_lab_stress,
};

class Program {
 public:
  Program() {
    app_.name("szilard");
    app_.require_subcommand(0, 1);
    app_.footer("Exit codes: 0 all well; 1 it ran, and a check failed; 2 wrong usage or input; 3 a study ended with failed points;\n"
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
    if (version_) return cli::print_version();
    for (const auto& [command, action] : actions_)
      if (command->parsed()) return action();
    std::cout << app_.help();
    return cli::kUsage;
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
    return cli::kOk;
  }
  support::Diagnostic diagnostic;
  diagnostic.code = support::DiagnosticCode::usage;
  diagnostic.where.file = "command line";
  diagnostic.message = error.what();
  diagnostic.hint = "see 'szilard --help'";
  std::cerr << support::to_string(diagnostic) << '\n';
  return cli::kUsage;
}

}  // namespace

int main(int argc, char** argv) {
  std::setlocale(LC_ALL, "C");
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is a failed write
  Program program;
  try {
    const int code = program.run(argc, argv);
    std::cout.flush();
    if (!std::cout) throw support::EnvironmentError("cannot write to standard output");
    return code;
  } catch (const CLI::ParseError& error) {
    return usage_error(program.app(), error);
  } catch (const support::InputError& error) {
    for (const support::Diagnostic& diagnostic : error.diagnostics()) std::cerr << support::to_string(diagnostic) << '\n';
    return cli::kUsage;
  } catch (const support::EnvironmentError& error) {
    std::cerr << "szilard: error: " << error.what() << " [environment]\n";
    return cli::kEnvironment;
  } catch (const std::bad_alloc&) {
    std::cerr << "szilard: error: out of memory [environment]\n";
    return cli::kEnvironment;
  } catch (const std::exception& error) {
    std::cerr << "szilard: internal error: " << error.what() << '\n';
    return cli::kInternal;
  }
}
