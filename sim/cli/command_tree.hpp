// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace szilard::cli {

/// One option or positional of a command, as --help has it.
struct OptionInfo {
  std::vector<std::string> names;  ///< "-o", "--output"; of a positional its name alone
  std::string description;
  std::vector<std::string> choices;  ///< of a value that is one of a few words
  bool is_positional = false, is_flag = false, is_required = false, repeats = false;
};

/// A command with what stands below it.
struct CommandInfo {
  std::string name, description, footer;
  std::vector<OptionInfo> options;
  std::vector<CommandInfo> commands;
};

/// The whole command line as values: what completions and the manual page are written from.
CommandInfo command_tree(const CLI::App& app);

/// Completions of a shell: "bash", "zsh" or "fish" (else std::invalid_argument). `program` is the name to complete.
std::string completion(const CommandInfo& program, const std::string& shell);
/// The manual page of section 1 in roff; `version` and `date` (YYYY-MM-DD) stand at its foot.
std::string manual(const CommandInfo& program, const std::string& version, const std::string& date);

}  // namespace szilard::cli
