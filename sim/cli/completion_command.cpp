// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <memory>

#include "models/support/diagnostics.hpp"
#include "sim/cli/command_tree.hpp"
#include "sim/cli/commands.hpp"
#include "sim/report/report.hpp"

namespace szilard::cli {
namespace {

/// Of SOURCE_DATE_EPOCH where builds are to repeat, else today's.
std::string date() {
  std::time_t seconds = std::time(nullptr);
  if (const char* epoch = std::getenv("SOURCE_DATE_EPOCH")) {
    char* end = nullptr;
    seconds = static_cast<std::time_t>(std::strtoll(epoch, &end, 10));
    if (end == epoch || *end != '\0' || seconds < 0)
      throw support::InputError(support::DiagnosticCode::bad_number, {"SOURCE_DATE_EPOCH", 1, 1},
                                "'" + std::string(epoch) + "' is no number of seconds");
  }
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", std::gmtime(&seconds));
  return text;
}

}  // namespace

std::function<int()> add_completion(CLI::App& app) {
  const auto shell = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("completion", "completions for a shell, to stdout");
  command->footer("Example: szilard completion bash > ~/.local/share/bash-completion/completions/szilard");
  command->add_option("shell", *shell, "bash, zsh or fish")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  return [shell, &app] {
    std::cout << completion(command_tree(app), *shell);
    return int(kOk);
  };
}

std::function<int()> add_manual(CLI::App& app) {
  app.add_subcommand("manual", "the manual page, to stdout: `szilard manual | man -l -`");
  return [&app] {
    std::cout << manual(command_tree(app), report::versions().szilard, date());
    return int(kOk);
  };
}

}  // namespace szilard::cli
