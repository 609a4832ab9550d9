// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "models/support/diagnostics.hpp"
#include "sim/cli/commands.hpp"
#include "sim/cli/lab.hpp"
#include "sim/cosim/run.hpp"
#include "sim/mapping/optical_stage.hpp"
#include "sim/report/link_json.hpp"

namespace szilard::cli {
namespace {

struct Arguments {
  std::string scenario, platform;
  std::vector<std::string> set;
  bool json = false;
};

bool has_light(const scenario::PlatformSpec& platform) {
  const bool is_analog = !platform.is_digital && !platform.is_quasistatic;
  return is_analog && (platform.linear.model == scenario::LinearModel::coherent ||
                       platform.linear.model == scenario::LinearModel::incoherent);
}

bool is_on_light(const scenario::PlatformSpec& platform) {
  return has_light(platform) || std::any_of(platform.layers.begin(), platform.layers.end(), has_light);
}

/// Of each layer: only light that is handed on depends on them.
std::vector<double> full_scales_of(const scenario::Scenario& scenario, const scenario::PlatformSpec& platform,
                                   const cosim::Workload& workload) {
  std::vector<double> full_scales(workload.chain.layers.size(), 1.0);
  if (!platform.linear.coherent.hand_over) return full_scales;
  const mapping::Calibration calibration = cosim::calibrate(scenario, workload);
  for (std::size_t l = 0; l < full_scales.size(); ++l) full_scales[l] = calibration.layers[l].input_max;
  return full_scales;
}

int run(const Arguments& arguments) {
  const scenario::Scenario scenario = scenario::load(arguments.scenario, {arguments.set, {}, {}});
  const cosim::Workload workload = cosim::load_workload(scenario);
  nlohmann::ordered_json platforms = nlohmann::ordered_json::array();
  bool is_named = arguments.platform.empty();
  for (const scenario::PlatformSpec& given : scenario.platforms) {
    if (!arguments.platform.empty() && given.name != arguments.platform) continue;
    is_named = true;
    if (!is_on_light(given)) continue;
    nlohmann::ordered_json layers = nlohmann::ordered_json::array();
    const std::vector<double> full_scales = full_scales_of(scenario, given, workload);
    const scenario::PlatformSpec platform =
        mapping::with_light_of_chain(given, workload.chain, full_scales, scenario.seed);
    const std::vector<optical::LightWays> ways = mapping::light_ways(platform, workload.chain, full_scales);
    for (std::size_t l = 0; l < workload.chain.layers.size(); ++l) {
      const mapping::Layer& layer = workload.chain.layers[l];
      const scenario::PlatformSpec& spec = platform.of_layer(layer.map.name);
      if (!has_light(spec)) continue;
      mapping::OpticalEdges edges;
      edges.input_full_scale = full_scales[l];
      edges.ways = ways[l];
      const auto stage = mapping::make_optical_stage(spec, layer, edges, scenario.seed);
      const optical::LinkBudget link = stage->link();
      nlohmann::ordered_json json = {
          {"name", layer.map.name}, {"medium", stage->medium()}, {"tiles", stage->tiles().size()}};
      json.update(report::link_json(link));
      layers.push_back(std::move(json));
      if (arguments.json) continue;
      std::cout << platform.name << "/" << layer.map.name << ": " << stage->medium() << ", " << stage->tiles().size()
                << " tiles of " << stage->light().modes << " modes, all inputs at full scale\n\n";
      report::print_link(std::cout, link);
      std::cout << '\n';
    }
    platforms.push_back({{"name", platform.name}, {"layers", layers}});
  }
  if (!is_named)
    throw support::InputError(support::DiagnosticCode::unknown_choice, {arguments.scenario, 1, 1},
                              "no platform is named '" + arguments.platform + "'");
  if (platforms.empty())
    throw support::InputError(support::DiagnosticCode::unknown_choice, {arguments.scenario, 1, 1},
                              "no platform here computes with light",
                              "link budgets are of mzi_mesh, scattering_medium, ring_bank and absorptive_crossbar");
  if (arguments.json)
    std::cout << nlohmann::ordered_json{{"scenario", scenario.name}, {"platforms", platforms}}.dump(2) << '\n';
  return kOk;
}

}  // namespace

std::function<int()> add_lab_link(CLI::App& lab) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = lab.add_subcommand("link", "link budget of a scenario's layers on light");
  command->footer(
      "Where the lasers' light goes, in W and dB, and what the worst path leaves.\n"
      "Example: szilard lab link scenarios/mnist-photonic/scenario.yaml --platform mesh");
  command->add_option("scenario", arguments->scenario, "scenario file")->required();
  command->add_option("--platform", arguments->platform, "only this one (default: all that compute with light)");
  command->add_option("--set", arguments->set, "KEY.PATH=VALUE, as of `szilard run`");
  command->add_flag("--json", arguments->json, "one JSON object");
  return [arguments] { return run(*arguments); };
}

}  // namespace szilard::cli
