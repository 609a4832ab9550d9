// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/command_tree.hpp"

#include <CLI/CLI.hpp>

namespace szilard::cli {
namespace {

/// CLI11 keeps the words of IsMember in the type's name: "TEXT:{csv,npy}".
std::vector<std::string> choices_in(const std::string& type) {
  std::vector<std::string> words;
  const std::size_t open = type.find('{'), close = type.find('}');
  if (open == std::string::npos || close == std::string::npos) return words;
  std::string word;
  for (const char c : type.substr(open + 1, close - open - 1)) {
    if (c == ',') words.push_back(std::move(word)), word.clear();
    else word += c;
  }
  words.push_back(std::move(word));
  return words;
}

OptionInfo option_of(const CLI::Option& option) {
  OptionInfo info;
  for (const std::string& name : option.get_snames()) info.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) info.names.push_back("--" + name);
  info.is_positional = info.names.empty();
  if (info.is_positional) info.names.push_back(option.get_name(true));
  info.description = option.get_description();
  info.is_flag = option.get_expected_max() == 0;
  if (!info.is_flag) info.choices = choices_in(option.get_type_name());
  info.is_required = option.get_required();
  info.repeats = option.get_items_expected_max() > 1;
  return info;
}

}  // namespace

CommandInfo command_tree(const CLI::App& app) {
  CommandInfo info{app.get_name(), app.get_description(), app.get_footer(), {}, {}};
  for (const CLI::Option* option : app.get_options()) info.options.push_back(option_of(*option));
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    info.commands.push_back(command_tree(*command));
  return info;
}

}  // namespace szilard::cli
