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
#include <set>
#include <sstream>
#include <unistd.h>

#include "models/support/atomic_file.hpp"
#include "sim/cli/commands.hpp"
#include "sim/cli/progress.hpp"
#include "sim/papers/papers.hpp"

namespace szilard::cli {
namespace {

namespace fs = std::filesystem;

/// Runs of one scenario, each with its settings, in processes of their own: SystemC's kernel is process-wide.
class Runs {
 public:
  /// `next` is called ahead of each run.
  Runs(std::string scenario, std::function<void()> next) : scenario_(std::move(scenario)), next_(std::move(next)) {}

  /// summary.json. Throws EnvironmentError with what the run printed where it failed.
  const std::string& summary(const std::vector<std::string>& settings) {
    const auto known = summaries_.find(settings);
    if (known != summaries_.end()) return known->second;
    next_();
    const fs::path folder = fs::temp_directory_path() / ("szilard-papers-" + std::to_string(::getpid()));
    fs::create_directories(folder);
    std::vector<std::string> arguments = {"run", scenario_, "-o", (folder / "run").string(), "--quiet"};
    for (const std::string& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
    namespace process = boost::process;
    process::ipstream errors;
    process::child child(fs::read_symlink("/proc/self/exe").string(), process::args(arguments),
                         process::std_out > process::null, process::std_err > errors);
    const std::string text{std::istreambuf_iterator<char>(errors), {}};
    child.wait();
    std::ifstream file(folder / "run" / "summary.json");
    std::string summary{std::istreambuf_iterator<char>(file), {}};
    fs::remove_all(folder);
    if (child.exit_code() != 0 || summary.empty())
      throw support::InputError(support::DiagnosticCode::conflict, {scenario_, 1, 1},
                                "this scenario does not run:\n" + text);
    return summaries_[settings] = std::move(summary);
  }

 private:
  std::string scenario_;
  std::function<void()> next_;
  std::map<std::vector<std::string>, std::string> summaries_;
};

std::size_t runs_of(const papers::Chip& chip) {
  std::set<std::vector<std::string>> all = {{}};
  for (const papers::ComponentClass& one : chip.classes)
    for (const papers::Experiment& experiment : one.experiments) all.insert(experiment.set);
  return all.size();
}

papers::ChipScores score(papers::Chip chip, const std::function<void()>& next) {
  papers::ChipScores scored{std::move(chip), {}};
  Runs runs(scored.chip.scenario, next);
  for (const papers::ComponentClass& one : scored.chip.classes) {
    papers::Score result{papers::figure(one, runs.summary({})), {}};
    for (const papers::Experiment& experiment : one.experiments)
      result.experiments.push_back(papers::figure(one, runs.summary(experiment.set)));
    scored.scores.push_back(std::move(result));
  }
  return scored;
}

}  // namespace

std::function<int()> add_papers(CLI::App& app) {
  struct Arguments {
    std::vector<std::string> paths;
    bool markdown = false, update = false, quiet = false;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("papers", "rebuilds published chips and holds them against what was published");
  command->add_option("paths", arguments->paths, "published.yaml files or folders (default scenarios/papers)");
  command->add_flag("--markdown", arguments->markdown, "the page docs/chips.md instead");
  command->add_flag("--quiet,-q", arguments->quiet, "no progress on stderr");
  command->add_flag("--update", arguments->update, "writes the README.md beside each published.yaml");
  return [arguments] {
    const auto paths = arguments->paths.empty() ? std::vector<std::string>{"scenarios/papers"} : arguments->paths;
    // All of them are read before the first is run: what cannot be read is said at once.
    std::vector<papers::Chip> read;
    std::vector<support::Diagnostic> problems;
    for (const std::string& file : papers::find_chips(paths)) {
      try {
        read.push_back(papers::load_chip(file));
      } catch (const support::InputError& error) {
        problems.insert(problems.end(), error.diagnostics().begin(), error.diagnostics().end());
      }
    }
    if (!problems.empty()) throw support::InputError(std::move(problems));
    std::size_t all = 0, done = 0;
    for (const papers::Chip& chip : read) all += runs_of(chip);
    Progress progress(arguments->quiet);
    std::vector<papers::ChipScores> chips;
    for (papers::Chip& chip : read) {
      const std::string file = chip.file, name = chip.name;
      chips.push_back(score(std::move(chip), [&] {
        progress.show("run", name, static_cast<double>(done++) / static_cast<double>(all));
      }));
      if (!arguments->update) continue;
      std::ostringstream readme;
      readme << "# " << chips.back().chip.name << "\n\n";
      papers::print_chip(chips.back(), readme);
      support::write_file((fs::path(file).parent_path() / "README.md").string(), readme.str());
    }
    if (arguments->markdown) papers::print_page(chips, std::cout);
    else papers::print_table(chips, std::cout);
    const std::vector<std::string> failures = papers::failures(chips);
    for (const std::string& failure : failures) std::cerr << failure << "\n";
    return failures.empty() ? kOk : kCheckFailed;
  };
}

}  // namespace szilard::cli
