// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "models/support/atomic_file.hpp"
#include "sim/cli/commands.hpp"
#include "sim/import/import_preset.hpp"

namespace szilard::cli {
namespace {

struct Arguments {
  std::string file, output, base = "crosssim_default";
  bool json = false;
};

int run(const Arguments& arguments) {
  const import::Import imported = import::load(arguments.file);
  support::write_file(arguments.output, import::preset_yaml(imported, arguments.base));
  if (arguments.json) {
    std::cout << import::import_json(imported) << '\n';
    return kOk;
  }
  import::print(std::cout, imported);
  std::cout << "\nwritten to " << arguments.output << "; what the file does not give is that of " << arguments.base
            << '\n';
  return kOk;
}

}  // namespace

std::function<int()> add_import(CLI::App& app) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("import", "a device preset from a file of another simulator");
  command->footer(
      "CrossSim's parameters (.json) and NVSim's cells (.cell). Example: szilard import ISAAC.json -o isaac.yaml");
  command->add_option("file", arguments->file, "FILE.json or FILE.cell")->required();
  command->add_option("-o,--output", arguments->output, "preset, .yaml")->required();
  command->add_option("--base", arguments->base, "preset that gives what the file does not (default crosssim_default)");
  command->add_flag("--json", arguments->json, "one JSON object");
  return [arguments] { return run(*arguments); };
}

}  // namespace szilard::cli
