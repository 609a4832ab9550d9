// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <boost/process.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <sstream>
#include <unistd.h>

#include "models/support/atomic_file.hpp"
#include "sim/cli/commands.hpp"
#include "sim/papers/papers.hpp"

namespace szilard::cli {
namespace {

namespace fs = std::filesystem;

/// Runs of one scenario, each with its settings, in processes of their own: SystemC's kernel is process-wide.
class Runs {
 public:
  explicit Runs(std::string scenario) : scenario_(std::move(scenario)) {}

  /// summary.json. Throws EnvironmentError with what the run printed where it failed.
  const std::string& summary(const std::vector<std::string>& settings) {
    const auto known = summaries_.find(settings);
    if (known != summaries_.end()) return known->second;
    const fs::path folder = fs::temp_directory_path() / ("szilard-papers-" + std::to_string(::getpid()));
    fs::create_directories(folder);
    std::vector<std::string> arguments = {"run", scenario_, "-o", (folder / "run").string(), "--quiet"};
    for (const std::string& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
    namespace process = boost::process;
    process::ipstream errors;
    process::child child(fs::read_symlink("/proc/self/exe").string(), process::args(arguments), process::std_out > process::null,
                         process::std_err > errors);
    const std::string text{std::istreambuf_iterator<char>(errors), {}};
    child.wait();
    std::ifstream file(folder / "run" / "summary.json");
    std::string summary{std::istreambuf_iterator<char>(file), {}};
    fs::remove_all(folder);
    if (child.exit_code() != 0 || summary.empty())
      throw support::InputError(support::DiagnosticCode::conflict, {scenario_, 1, 1}, "this scenario does not run:\n" + text);
    return summaries_[settings] = std::move(summary);
  }

 private:
  std::string scenario_;
  std::map<std::vector<std::string>, std::string> summaries_;
};

papers::ChipScores score(const std::string& file) {
  papers::ChipScores scored{papers::load_chip(file), {}};
  Runs runs(scored.chip.scenario);
  for (const papers::ComponentClass& one : scored.chip.classes) {
    papers::Score result{papers::figure(one, runs.summary({})), {}};
    for (const papers::Experiment& experiment : one.experiments) result.experiments.push_back(papers::figure(one, runs.summary(experiment.set)));
    scored.scores.push_back(std::move(result));
  }
  return scored;
}

}  // namespace

std::function<int()> add_papers(CLI::App& app) {
  struct Arguments {
    std::vector<std::string> paths;
    bool markdown = false, update = false;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("papers", "rebuilds published chips and holds them against what was published");
  command->add_option("paths", arguments->paths, "published.yaml files or folders (default scenarios/papers)");
  command->add_flag("--markdown", arguments->markdown, "the page docs/chips.md instead");
  command->add_flag("--update", arguments->update, "writes the README.md beside each published.yaml");
  return [arguments] {
    const auto paths = arguments->paths.empty() ? std::vector<std::string>{"scenarios/papers"} : arguments->paths;
    std::vector<papers::ChipScores> chips;
    for (const std::string& file : papers::find_chips(paths)) {
      chips.push_back(score(file));
      if (!arguments->update) continue;
      std::ostringstream readme;
      readme << "# " << chips.back().chip.name << "\n\n";
      papers::print_chip(chips.back(), readme);
      support::write_file((fs::path(file).parent_path() / "README.md").string(), readme.str());
    }
    if (arguments->markdown)
      papers::print_page(chips, std::cout);
    else
      papers::print_table(chips, std::cout);
    const std::vector<std::string> failures = papers::failures(chips);
    for (const std::string& failure : failures) std::cerr << failure << "\n";
    return failures.empty() ? kOk : kCheckFailed;
  };
}

}  // namespace szilard::cli
