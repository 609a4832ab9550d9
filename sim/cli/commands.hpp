// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace szilard::cli {

/// Exit codes of every command.
enum ExitCode {
  kOk = 0,
  kCheckFailed = 1,   ///< it ran, and a check failed
  kUsage = 2,         ///< wrong usage or input
  kFailedPoints = 3,  ///< a study ended with failed points
  kEnvironment = 4,   ///< disk full, missing tool, no permission
  kInternal = 70,     ///< a fault of szilard's own
};

/// Each adds one subcommand with its options and returns what runs it and gives its exit code. program.cpp lists them,
/// once.
std::function<int()> add_bounds(CLI::App& app);
std::function<int()> add_check(CLI::App& app);
std::function<int()> add_compare(CLI::App& app);
std::function<int()> add_completion(CLI::App& app);
std::function<int()> add_doctor(CLI::App& app);
std::function<int()> add_explain(CLI::App& app);
std::function<int()> add_fit(CLI::App& app);
std::function<int()> add_import(CLI::App& app);
std::function<int()> add_infer(CLI::App& app);
std::function<int()> add_list(CLI::App& app);
std::function<int()> add_manual(CLI::App& app);
std::function<int()> add_merge(CLI::App& app);
std::function<int()> add_papers(CLI::App& app);
std::function<int()> add_pareto(CLI::App& app);
std::function<int()> add_regress(CLI::App& app);
std::function<int()> add_report(CLI::App& app);
std::function<int()> add_results(CLI::App& app);
std::function<int()> add_run(CLI::App& app);
std::function<int()> add_schema(CLI::App& app);
std::function<int()> add_sweep(CLI::App& app);
std::function<int()> add_tornado(CLI::App& app);
std::function<int()> add_train(CLI::App& app);

int print_version();

}  // namespace szilard::cli
