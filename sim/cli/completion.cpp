// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>
#include <stdexcept>

#include "sim/cli/command_tree.hpp"

namespace szilard::cli {
namespace {

std::string joined(const std::vector<std::string>& words, const std::string& by) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : by) + word;
  return text;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

std::string one_line(std::string text) { return replaced(std::move(text), "\n", " "); }

/// A name as part of a shell function's: szilard, szilard_lab_bit.
std::string identifier(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

using Visit = std::function<void(const CommandInfo& command, const std::vector<std::string>& path)>;

void each_command(const CommandInfo& command, std::vector<std::string> path, const Visit& visit) {
  visit(command, path);
  for (const CommandInfo& below : command.commands) {
    std::vector<std::string> longer = path;
    longer.push_back(below.name);
    each_command(below, std::move(longer), visit);
  }
}

const OptionInfo* choosing_positional(const CommandInfo& command) {
  const auto found = std::find_if(command.options.begin(), command.options.end(), [](const OptionInfo& option) {
    return option.is_positional && !option.choices.empty();
  });
  return found == command.options.end() ? nullptr : &*found;
}

std::string names_of(const CommandInfo& command) {
  std::vector<std::string> names;
  for (const OptionInfo& option : command.options)
    if (!option.is_positional) names.insert(names.end(), option.names.begin(), option.names.end());
  return joined(names, " ");
}

std::string commands_of(const CommandInfo& command) {
  std::vector<std::string> names;
  for (const CommandInfo& below : command.commands) names.push_back(below.name);
  return joined(names, " ");
}

std::string bash(const CommandInfo& program) {
  std::string paths, values, words;
  each_command(program, {}, [&](const CommandInfo& command, const std::vector<std::string>& path) {
    const std::string at = joined(path, " ");
    if (!command.commands.empty()) paths += "    '" + at + "') below='" + commands_of(command) + "' ;;\n";
    for (const OptionInfo& option : command.options) {
      if (option.is_positional || option.is_flag) continue;
      for (const std::string& name : option.names) {
        values += "    '" + at + (at.empty() ? "" : " ") + name + "')";
        values += option.choices.empty()
                      ? " COMPREPLY=($(compgen -f -- \"$word\"))"
                      : " COMPREPLY=($(compgen -W '" + joined(option.choices, " ") + "' -- \"$word\"))";
        values += "; return ;;\n";
      }
    }
    const OptionInfo* positional = choosing_positional(command);
    words += "    '" + at + "') options='" + names_of(command) + "' words='" + commands_of(command) +
             (positional ? joined(positional->choices, " ") : "") + "' ;;\n";
  });
  const std::string function = "_" + identifier(program.name);
  return "# bash completion of " + program.name + ", written by `" + program.name + " completion bash`\n" + function +
         "() {\n" +
         "  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} path='' below options words i\n"
         "  COMPREPLY=()\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    below=''\n"
         "    case \"$path\" in\n" +
         paths +
         "    esac\n"
         "    [[ \" $below \" == *\" ${COMP_WORDS[i]} \"* ]] && path=\"${path:+$path }${COMP_WORDS[i]}\"\n"
         "  done\n"
         "  case \"${path:+$path }$previous\" in\n" +
         values +
         "  esac\n"
         "  case \"$path\" in\n" +
         words +
         "  esac\n"
         "  if [[ $word == -* ]]; then\n"
         "    COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
         "  elif [[ -n $words ]]; then\n"
         "    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
         "  else\n"
         "    COMPREPLY=($(compgen -f -- \"$word\"))\n"
         "  fi\n"
         "}\n"
         "complete -o filenames -F " +
         function + " " + program.name + "\n";
}

std::string zsh_text(const std::string& text) {
  std::string out;
  for (const char c : one_line(text)) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    if (c == '\'') out += "'\\''";
    else out += c;
  }
  return out;
}

std::string zsh_option(const OptionInfo& option) {
  const std::string action = option.choices.empty() ? "_files" : "(" + joined(option.choices, " ") + ")";
  if (option.is_positional)
    return "    '" + std::string(option.repeats ? "*" : "") + ":" + zsh_text(option.names.front()) + ":" + action + "'";
  std::string text;
  for (const std::string& name : option.names) {
    text += std::string(text.empty() ? "" : " \\\n") + "    '" + (option.repeats ? "*" : "") + name +
            (option.is_flag    ? ""
             : name.size() > 2 ? "="
                               : "+") +
            "[" + zsh_text(option.description) + "]" + (option.is_flag ? "" : ":value:" + action) + "'";
  }
  return text;
}

std::string zsh(const CommandInfo& program) {
  std::string functions;
  const std::string root = "_" + identifier(program.name);
  each_command(program, {}, [&](const CommandInfo& command, const std::vector<std::string>& path) {
    const std::string name = path.empty() ? root : root + "_" + identifier(joined(path, "_"));
    std::string list;
    for (const OptionInfo& option : command.options) list += zsh_option(option) + " \\\n";
    functions += name + "() {\n";
    if (command.commands.empty()) {
      functions += "  _arguments -s \\\n" + list + "    && return\n}\n\n";
      return;
    }
    std::string names, cases;
    for (const CommandInfo& below : command.commands) {
      names += "        '" + below.name + ":" + zsh_text(below.description) + "'\n";
      cases += "        " + below.name + ") " + name + "_" + identifier(below.name) + " ;;\n";
    }
    functions += "  local curcontext=\"$curcontext\" state line\n  _arguments -C -s \\\n" + list +
                 "    '1:command:->command' '*::argument:->argument' && return\n"
                 "  case $state in\n    command)\n      local -a commands=(\n" +
                 names + "      )\n      _describe command commands ;;\n    argument)\n      case $line[1] in\n" +
                 cases + "      esac ;;\n  esac\n}\n\n";
  });
  return "#compdef " + program.name + "\n# zsh completion of " + program.name + ", written by `" + program.name +
         " completion zsh`\n\n" + functions + root + " \"$@\"\n";
}

std::string fish_text(const std::string& text) { return replaced(replaced(one_line(text), "\\", "\\\\"), "'", "\\'"); }

std::string fish(const CommandInfo& program) {
  std::string lines;
  each_command(program, {}, [&](const CommandInfo& command, const std::vector<std::string>& path) {
    std::vector<std::string> names;
    for (const CommandInfo& below : command.commands) names.push_back(below.name);
    std::string when;
    for (const std::string& step : path)
      when += (when.empty() ? "" : "; and ") + std::string("__fish_seen_subcommand_from ") + step;
    if (!names.empty())
      when += (when.empty() ? "" : "; and ") + std::string("not __fish_seen_subcommand_from ") + joined(names, " ");
    const std::string start = "complete -c " + program.name + (when.empty() ? "" : " -n '" + when + "'");
    for (const CommandInfo& below : command.commands)
      lines += start + " -f -a " + below.name + " -d '" + fish_text(below.description) + "'\n";
    for (const OptionInfo& option : command.options) {
      std::string line = start;
      if (option.is_positional && option.choices.empty()) continue;
      if (option.is_positional) {
        lines += line + " -f -a '" + joined(option.choices, " ") + "'\n";
        continue;
      }
      for (const std::string& name : option.names)
        line += name.size() == 2 ? " -s " + name.substr(1) : " -l " + name.substr(2);
      if (!option.is_flag) line += option.choices.empty() ? " -r" : " -x -a '" + joined(option.choices, " ") + "'";
      lines += line + " -d '" + fish_text(option.description) + "'\n";
    }
  });
  return "# fish completion of " + program.name + ", written by `" + program.name + " completion fish`\n" + lines;
}

}  // namespace

std::string completion(const CommandInfo& program, const std::string& shell) {
  if (shell == "bash") return bash(program);
  if (shell == "zsh") return zsh(program);
  if (shell == "fish") return fish(program);
  throw std::invalid_argument("no completions for shell " + shell);
}

}  // namespace szilard::cli
