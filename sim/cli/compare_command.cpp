// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "sim/cli/commands.hpp"
#include "sim/compare/compare.hpp"

namespace szilard::cli {

std::function<int()> add_compare(CLI::App& app) {
  struct Options {
    std::string a, b;
    bool all = false, json = false;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("compare", "two runs: what differs, by how much, and which inputs differ");
  command->footer("Significant: beyond 1.96 standard errors over the samples, paired where there are equally many.");
  command->add_option("a", options->a, "what `szilard run` wrote")->required();
  command->add_option("b", options->b, "what `szilard run` wrote, later or with other inputs")->required();
  command->add_flag("--all", options->all, "every component, not the ten that differ most");
  command->add_flag("--json", options->json, "one JSON object");
  return [options] {
    const compare::Comparison comparison = compare::compare(options->a, options->b);
    if (options->json) std::cout << compare::to_json(comparison);
    else compare::print(std::cout, comparison, options->all ? 0 : 10);
    return int(kOk);
  };
}

}  // namespace szilard::cli
