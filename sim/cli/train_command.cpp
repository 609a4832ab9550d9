// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>

#include "models/support/diagnostics.hpp"
#include "sim/cli/commands.hpp"
#include "sim/cli/progress.hpp"
#include "sim/cli/validators.hpp"
#include "sim/train/train.hpp"

namespace szilard::cli {

std::function<int()> add_train(CLI::App& app) {
  struct Arguments {
    std::string scenario, directory;
    std::vector<std::string> set;
    std::optional<std::uint64_t> seed;
    bool resume = false, restart = false, json = false, quiet = false;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("train", "physical training of a quasi-static network");
  command->footer(
      "A training that was stopped, however, goes on from its checkpoint when the command is given again, and ends in "
      "the same bytes.\n"
      "Example: szilard train scenarios/physical-training-digits/scenario.yaml -o out/digits\n"
      "         szilard run scenarios/physical-training-digits/scenario.yaml --set "
      "network=$PWD/out/digits/trained.onnx");
  command->add_option("scenario", arguments->scenario, "scenario file with a section 'training'")->required();
  command->add_option("-o,--output", arguments->directory, "output directory (default out/NAME)");
  command->add_option("--set", arguments->set, "KEY.PATH=VALUE overrides a key; may be given again")
      ->allow_extra_args(false);
  command->add_option("--seed", arguments->seed, "seed of every random stream")->check(not_negative());
  CLI::Option* resume =
      command->add_flag("--resume", arguments->resume, "go on from a checkpoint (as it does by itself)");
  command->add_flag("--restart", arguments->restart, "drop a checkpoint that is there")->excludes(resume);
  command->add_flag("--json", arguments->json, "training.json on stdout instead of the table");
  command->add_flag("-q,--quiet", arguments->quiet, "no progress");
  return [arguments] {
    const scenario::Scenario scenario = scenario::load(arguments->scenario, {arguments->set, arguments->seed, {}});
    train::Options options;
    options.directory = arguments->directory.empty() ? "out/" + scenario.name : arguments->directory;
    options.restart = arguments->restart;
    std::error_code error;
    if (scenario.training) std::filesystem::create_directories(options.directory, error);
    if (error) throw support::EnvironmentError("cannot create " + options.directory + ": " + error.message());
    train::Result result;
    {
      Progress progress(arguments->quiet || arguments->json);
      options.on_progress = [&](const std::string& phase, const std::string& what, double share) {
        progress.show(phase, what, share);
      };
      result = train::train(scenario, options);
    }
    train::write(options.directory, scenario, result);
    if (arguments->json) {
      std::cout << train::result_json(scenario, result);
    } else {
      train::print(std::cout, scenario, result);
      std::cout << "\nwritten to " << options.directory << "\n";
    }
    for (const std::string& failure : result.failures) std::cerr << "check failed: " << failure << '\n';
    return result.failures.empty() ? kOk : kCheckFailed;
  };
}

}  // namespace szilard::cli
