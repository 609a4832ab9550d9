// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>

#include "models/linear/product.hpp"
#include "models/support/diagnostics.hpp"
#include "rtl/baseline.hpp"
#include "sim/cli/commands.hpp"
#include "sim/report/report.hpp"
#include "sim/scenario/scenario.hpp"

namespace szilard::cli {
namespace {

struct Finding {
  std::string what, state;
  bool well = true;
};

/// A tool that is needed only for more than running scenarios: its absence is told, not an error.
Finding optional_tool(const std::string& tool, const std::string& use) {
  const char* path = std::getenv("PATH");
  std::string rest = path ? path : "";
  while (!rest.empty()) {
    const std::size_t colon = rest.find(':');
    const std::filesystem::path candidate = std::filesystem::path(rest.substr(0, colon)) / tool;
    if (std::filesystem::exists(candidate)) return {tool, candidate.string(), true};
    rest = colon == std::string::npos ? "" : rest.substr(colon + 1);
  }
  return {tool, "not found; needed only for " + use, true};
}

Finding presets() {
  try {
    const std::size_t count = scenario::presets().size();
    return {"technology presets", std::to_string(count) + " in " + scenario::technology_folder(), count > 0};
  } catch (const support::InputError& error) {
    return {"technology presets", error.what(), false};
  }
}

Finding baselines() {
  std::string sizes;
  for (int size : rtl::systolic_sizes())
    sizes += (sizes.empty() ? "" : ", ") + std::to_string(size) + " x " + std::to_string(size);
  return {"systolic_int8 built", sizes, !sizes.empty()};
}

int doctor(bool json) {
  const report::Versions versions = report::versions();
  const std::vector<Finding> findings = {
      {"szilard", versions.szilard + " (" + versions.commit + ")"},
      {"SystemC", versions.systemc},
      {"Verilator at build time", versions.verilator},
      {"instruction set of the kernels", std::string(linear::instruction_set())},
      presets(),
      baselines(),
      optional_tool("verilator", "building further RTL sizes"),
      optional_tool("yosys", "mapping baselines to gates"),
  };
  bool well = true;
  nlohmann::ordered_json out = nlohmann::ordered_json::array();
  for (const Finding& finding : findings) {
    well = well && finding.well;
    if (json) out.push_back({{"what", finding.what}, {"state", finding.state}, {"well", finding.well}});
    else std::cout << (finding.well ? "well   " : "WRONG  ") << finding.what << ": " << finding.state << '\n';
  }
  if (json) std::cout << nlohmann::ordered_json{{"well", well}, {"findings", out}}.dump(2) << '\n';
  return well ? kOk : kEnvironment;
}

}  // namespace

std::function<int()> add_doctor(CLI::App& app) {
  const auto json = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("doctor", "checks the installation");
  command->add_flag("--json", *json, "one JSON object");
  return [json] { return doctor(*json); };
}

}  // namespace szilard::cli
