// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "models/support/data_folder.hpp"
#include "models/support/diagnostics.hpp"
#include "sim/bounds/bounds.hpp"
#include "sim/cli/commands.hpp"
#include "sim/network/network.hpp"
#include "sim/report/text_table.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/scenario/support_matrix.hpp"

namespace szilard::cli {
namespace {

using Json = nlohmann::ordered_json;
using report::TextTable;
using Align = TextTable::Align;

void print(const Json& json) { std::cout << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n'; }

void list_models(bool as_json) {
  Json json = Json::array();
  for (const scenario::ModelInfo& model : scenario::models()) {
    if (as_json) {
      json.push_back({{"part", model.part}, {"model", model.name}, {"summary", model.summary}, {"keys", model.keys}});
      continue;
    }
    std::cout << model.part << ": " << model.name << (model.summary.empty() ? "" : " - " + model.summary) << '\n';
    TextTable table({{"  key"}, {"type and unit"}, {"default"}, {"meaning"}});
    for (const auto& key : model.keys) table.add({"  " + key.at(0), key.at(1), key.at(2), key.at(3)});
    if (!model.keys.empty()) table.print(std::cout);
    std::cout << '\n';
  }
  if (as_json) print({{"models", json}});
}

void list_presets(bool as_json) {
  Json json = Json::array();
  for (const scenario::PresetInfo& preset : scenario::presets()) {
    Json keys = Json::array();
    if (!as_json)
      std::cout << preset.name << " (" << preset.model << ", " << preset.technology << "): " << preset.title << '\n';
    for (const scenario::PresetKey& key : preset.keys) {
      keys.push_back({{"key", key.key}, {"value", key.value}, {"source", key.source}, {"status", key.status}});
      if (!as_json)
        std::cout << "  " << key.key << " = " << key.value << "  [" << key.status << ": " << key.source << "]\n";
    }
    json.push_back({{"name", preset.name},
                    {"model", preset.model},
                    {"technology", preset.technology},
                    {"title", preset.title},
                    {"keys", keys}});
  }
  if (as_json) print({{"presets", json}});
}

void list_scenarios(const std::string& folder, bool as_json) {
  std::vector<std::string> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, error))
    if (entry.path().filename() == "scenario.yaml") found.push_back(entry.path().string());
  if (error)
    throw support::InputError(support::DiagnosticCode::file_not_found, {folder, 1, 1}, "cannot read this folder",
                              "name the folder of scenarios with --folder");
  std::sort(found.begin(), found.end());
  if (as_json) return print({{"scenarios", found}});
  for (const std::string& path : found) std::cout << path << '\n';
}

void list_workloads(bool as_json) {
  const std::vector<std::string> names = bounds::workload_names();
  if (as_json) return print({{"workloads", names}});
  for (const std::string& name : names) std::cout << name << '\n';
}

void list_effects(bool as_json) {
  Json json = Json::array();
  for (const char* part : {"media", "converters", "neurons"}) {
    const std::vector<std::string> models = scenario::support_models(part);
    for (const scenario::SupportedEffect& effect : scenario::support_matrix()) {
      if (effect.part != part) continue;
      Json have = Json::object();
      std::string names;
      for (std::size_t m = 0; m < models.size(); ++m) {
        if (effect.keys[m].empty()) continue;
        have[models[m]] = effect.keys[m];
        names += (names.empty() ? "" : ", ") + models[m].substr(models[m].find('.') + 1);
      }
      json.push_back({{"part", part}, {"effect", effect.name}, {"models", have}, {"disable", effect.disable}});
      if (!as_json) std::cout << part << ": " << effect.name << ": " << names << '\n';
    }
  }
  if (as_json) print({{"effects", json}});
}

void list_layers(const std::string& path, bool as_json) {
  if (path.empty())
    throw support::InputError(support::DiagnosticCode::usage, {"command line", 1, 1},
                              "list layers needs --network FILE.onnx");
  const network::Network network = network::load_onnx(path);
  Json json = Json::array();
  TextTable table({{"layer"},
                   {"operator"},
                   {"shape"},
                   {"MACs", Align::right},
                   {"parameters", Align::right},
                   {"neurons", Align::right}});
  std::size_t macs = 0, parameters = 0, neurons = 0;
  for (const network::LayerSummary& layer : network::layer_summaries(network)) {
    json.push_back({{"name", layer.name},
                    {"operator", layer.operator_name},
                    {"shape", layer.shape},
                    {"macs", layer.macs},
                    {"parameters", layer.parameters},
                    {"neurons", layer.neurons}});
    table.add({layer.name, layer.operator_name, layer.shape, std::to_string(layer.macs),
               std::to_string(layer.parameters), std::to_string(layer.neurons)});
    macs += layer.macs, parameters += layer.parameters, neurons += layer.neurons;
  }
  if (as_json)
    return print(
        {{"network", path}, {"layers", json}, {"macs", macs}, {"parameters", parameters}, {"neurons", neurons}});
  table.add({"total", "", "", std::to_string(macs), std::to_string(parameters), std::to_string(neurons)});
  table.print(std::cout);
}

}  // namespace

std::function<int()> add_list(CLI::App& app) {
  struct Arguments {
    std::string what, network, folder;
    bool json = false, markdown = false;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("list", "what there is: models, effects, presets, scenarios, workloads or layers");
  command->add_option("what", arguments->what, "models, effects, presets, scenarios, workloads or layers")
      ->required()
      ->check(CLI::IsMember({"models", "effects", "presets", "scenarios", "workloads", "layers"}));
  command->add_option("--network", arguments->network, "network for layers");
  command->add_option("--folder", arguments->folder,
                      "folder of scenarios (default scenarios, or those installed with szilard)");
  CLI::Option* json = command->add_flag("--json", arguments->json, "one JSON object");
  command->add_flag("--markdown", arguments->markdown, "effects: the table of the guide")->excludes(json);
  return [arguments] {
    if (arguments->markdown && arguments->what != "effects")
      throw support::InputError(support::DiagnosticCode::usage, {"command line", 1, 1},
                                "--markdown is of 'list effects' only");
    if (arguments->folder.empty())
      arguments->folder =
          std::filesystem::is_directory("scenarios") ? "scenarios" : support::data_folder("scenarios", "scenarios");
    if (arguments->markdown) std::cout << scenario::support_matrix_markdown();
    else if (arguments->what == "effects") list_effects(arguments->json);
    if (arguments->what == "models") list_models(arguments->json);
    if (arguments->what == "presets") list_presets(arguments->json);
    if (arguments->what == "scenarios") list_scenarios(arguments->folder, arguments->json);
    if (arguments->what == "workloads") list_workloads(arguments->json);
    if (arguments->what == "layers") list_layers(arguments->network, arguments->json);
    return int(kOk);
  };
}

}  // namespace szilard::cli
