// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/import/import_preset.hpp"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>

#include "models/support/diagnostics.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/scenario/yaml.hpp"

namespace szilard::import {
namespace {

using support::DiagnosticCode;
using support::InputError;

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    // A file's own text may hold anything; a preset may not.
    out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  }
  return out + '"';
}

std::string name_of(const Import& import) { return std::filesystem::path(import.file).filename().string(); }

const scenario::PresetInfo& preset_named(const std::vector<scenario::PresetInfo>& all, const std::string& name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const scenario::PresetInfo& p) { return p.name == name; });
  if (found != all.end() && found->model == "linear.electronic_crossbar") return *found;
  std::string names;
  for (const scenario::PresetInfo& preset : all)
    if (preset.model == "linear.electronic_crossbar") names += (names.empty() ? "" : ", ") + preset.name;
  throw InputError(DiagnosticCode::unknown_preset, {"command line", 1, 1},
                   "--base: no preset '" + name + "' of crossbar cells", "there are: " + names);
}

}  // namespace

Import load(const std::string& path) {
  const std::string ending = std::filesystem::path(path).extension().string();
  if (ending == ".json") return parse_crosssim(scenario::read_yaml_file(path), path);
  if (ending == ".cell") return parse_cell(scenario::read_yaml_file(path), path);
  throw InputError(DiagnosticCode::file_format, {path, 1, 1},
                   "the name ends neither in .json (CrossSim) nor in .cell (NVSim)");
}

std::string preset_yaml(const Import& import, const std::string& base) {
  const std::vector<scenario::PresetInfo> all = scenario::presets();
  std::string text = "# Imported from " + quoted(name_of(import)) + " (" + import.format +
                     "). Keys with another source are those of the preset " + base +
                     ".\ntitle: " + quoted(import.format + " " + name_of(import)) +
                     "\nfor: linear.electronic_crossbar\ntechnology: " + quoted(import.technology) + "\n";
  std::set<std::string> keys;
  const auto put = [&](const std::string& key, const std::string& value, const std::string& source,
                       const std::string& status) {
    if (keys.insert(key).second)
      text += key + ":\n  value: " + value + "\n  source: " + quoted(source) + "\n  status: " + status + "\n";
  };
  for (const Taken& one : import.taken) put(one.key, one.value, name_of(import) + ", " + one.from, "read");
  if (!import.model_preset.empty()) {
    for (const scenario::PresetKey& key : preset_named(all, import.model_preset).keys) {
      const bool is_of_model = std::count(import.model_keys.begin(), import.model_keys.end(), key.key) > 0 ||
                               key.key.rfind("verify", 0) == 0;
      if (is_of_model) put(key.key, key.value, import.model_preset + ": " + key.source, key.status);
    }
  }
  const bool is_exact = std::any_of(import.taken.begin(), import.taken.end(), [](const Taken& one) {
    return one.key == "programming_error" && one.value == "none";
  });
  for (const scenario::PresetKey& key : preset_named(all, base).keys) {
    // Errors go with their cells: those of the base preset are of others.
    const bool is_of_cells = (key.key.rfind("programming_error", 0) == 0 || key.key.rfind("read_noise", 0) == 0) &&
                             keys.count("programming_error") > 0;
    const bool is_of_history = key.key.rfind("drift", 0) == 0 || key.key.rfind("flicker", 0) == 0 ||
                               key.key.rfind("relaxation", 0) == 0 || key.key.rfind("stuck", 0) == 0;
    const bool is_needless = is_exact && key.key.rfind("verify", 0) == 0;
    if ((is_of_cells && keys.count("read_noise") > 0) || is_of_history || is_needless) continue;
    put(key.key, key.value, base + ": " + key.source, key.status);
  }
  return text;
}

void print(std::ostream& out, const Import& import) {
  out << import.file << ": " << import.format << "\n\ntaken\n";
  for (const Taken& one : import.taken) out << "  " << one.key << ": " << one.value << "   from " << one.from << '\n';
  if (!import.model_preset.empty())
    out << "  the cells' errors from preset " << import.model_preset << ", which the file names\n";
  out << "\nwithout a meaning here\n";
  for (const Left& one : import.left) out << "  " << one.key << (one.reason.empty() ? "" : "   " + one.reason) << '\n';
}

std::string import_json(const Import& import) {
  nlohmann::ordered_json json = {{"schema", "szilard.import/1"}, {"format", import.format}};
  json["taken"] = nlohmann::ordered_json::array();
  for (const Taken& one : import.taken)
    json["taken"].push_back({{"key", one.key}, {"value", one.value}, {"from", one.from}});
  json["model_preset"] =
      import.model_preset.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(import.model_preset);
  json["left"] = nlohmann::ordered_json::array();
  for (const Left& one : import.left) json["left"].push_back({{"key", one.key}, {"reason", one.reason}});
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace szilard::import
