// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>

#include "sim/cli/command_tree.hpp"

namespace szilard::cli {
namespace {

/// Text that roff sets as it stands.
std::string roff(const std::string& text) {
  std::string out;
  bool at_start = true;
  for (const char c : text) {
    if (at_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') out += "\\e";
    else if (c == '-') out += "\\-";
    else if (c == '`') out += '\'';
    else out += c;
    at_start = c == '\n';
  }
  return out;
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

std::string synopsis(const CommandInfo& command, const std::string& path) {
  std::string line = ".B " + roff(path) + "\n";
  bool has_options = false;
  for (const OptionInfo& option : command.options) has_options = has_options || !option.is_positional;
  if (has_options) line += ".RI [ options ]\n";
  for (const OptionInfo& option : command.options) {
    if (!option.is_positional) continue;
    const std::string name = roff(option.names.front()) + (option.repeats ? "..." : "");
    line += option.is_required ? ".I " + name + "\n" : ".RI [ " + name + " ]\n";
  }
  return line;
}

std::string options(const CommandInfo& command) {
  std::string text;
  for (const OptionInfo& option : command.options) {
    const bool is_help = std::find(option.names.begin(), option.names.end(), "--help") != option.names.end();
    if (is_help && command.commands.empty()) continue;  // told once, for all
    std::string names;
    for (const std::string& name : option.names) names += (names.empty() ? "" : ", ") + name;
    text += ".TP\n";
    text += option.is_positional ? ".I " + roff(names) + "\n" : ".B " + roff(names) + "\n";
    text += roff(option.description);
    if (!option.choices.empty()) {
      std::string words;
      for (const std::string& word : option.choices) words += (words.empty() ? "" : ", ") + word;
      text += roff(" (" + words + ")");
    }
    text += "\n";
  }
  return text;
}

void describe(const CommandInfo& command, const std::string& path, std::string& text) {
  if (command.commands.empty()) {
    text += ".SS " + roff(path) + "\n" + roff(command.description) + ".\n.PP\n" + synopsis(command, path) +
            options(command);
    if (!command.footer.empty()) text += ".PP\n" + roff(command.footer) + "\n";
  }
  for (const CommandInfo& below : command.commands) describe(below, path + " " + below.name, text);
}

}  // namespace

std::string manual(const CommandInfo& program, const std::string& version, const std::string& date) {
  const std::size_t colon = program.description.find(": ");
  const std::string what = colon == std::string::npos ? program.description : program.description.substr(colon + 2);
  std::string text = ".\\\" Written by `" + program.name + " manual`\n.TH " + upper(program.name) + " 1 " + date +
                     " \"" + program.name + " " + roff(version) + "\" \"User Commands\"\n.SH NAME\n" + program.name +
                     " \\- " + roff(what) + "\n.SH SYNOPSIS\n.B " + program.name +
                     "\n.I command\n.RI [ options ]\n.RI [ arguments ]\n.SH DESCRIPTION\n";
  text += roff(
      "Emulates analog neural-network hardware beside the digital hardware that it would replace, on trained networks "
      "and data, and books "
      "every joule. A scenario, a YAML file, names the network, the data, the platforms and their parts.\n");
  text += ".SH OPTIONS\n" + options(program) + ".SH COMMANDS\n";
  describe(program, program.name, text);
  text += ".SH EXIT STATUS\n" + roff(program.footer) + "\n";
  text += ".SH ENVIRONMENT\n.TP\n.B SZILARD_TECHNOLOGY\n" +
          roff("Folder of presets, instead of share/szilard/technology beside the program's folder.\n") +
          ".TP\n.B SZILARD_NETLISTS\nFolder of mapped netlists, likewise.\n.TP\n.B SZILARD_INSTRUCTION_SET\n" +
          roff("x86-64-v2, x86-64-v3 or x86-64-v4: kernels for less than this processor has.\n");
  text += ".SH FILES\n.TP\n.I " + roff("out/NAME") + "\n" +
          roff("What a run of scenario NAME writes: summary.json, ledger.csv and more.\n") + ".SH EXAMPLES\n.nf\n" +
          roff("szilard run scenario.yaml --samples 100\nszilard explain out/NAME rram/fc1\nszilard list presets\n") +
          ".fi\n";
  return text;
}

}  // namespace szilard::cli
