// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/preset.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "models/support/data_folder.hpp"
#include "sim/scenario/fields.hpp"
#include "sim/scenario/scenario.hpp"

namespace szilard::scenario {

using support::Diagnostic;
using support::DiagnosticCode;
using support::InputError;
using support::Severity;

namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kStatuses = {"read", "recall", "choice", "user"};

Preset parse_preset(const std::string& name, const std::string& file) {
  Preset preset;
  preset.name = name;
  preset.file = file;
  Node root = parse_yaml(read_yaml_file(file), file);
  std::vector<Diagnostic> problems;
  const auto problem = [&](DiagnosticCode code, support::SourceLocation where, std::string message,
                           std::string hint = {}) {
    problems.push_back({Severity::error, code, std::move(where), std::move(message), std::move(hint)});
  };
  const auto header = [&](const char* key) -> std::string {
    const Entry* entry = root.find(key);
    if (!entry) {
      problem(DiagnosticCode::missing_key, root.where(), std::string("a preset needs the key '") + key + "'");
      return {};
    }
    if (entry->value.kind != Node::Kind::scalar) {
      problem(DiagnosticCode::wrong_type, entry->value.where(), std::string("'") + key + "' takes text");
    }
    return entry->value.text;
  };
  preset.title = header("title");
  preset.section = header("for");
  preset.technology = header("technology");
  const auto& all = sections();
  const auto target =
      std::find_if(all.begin(), all.end(), [&](const Section& s) { return s.takes_preset && s.id == preset.section; });
  if (target == all.end()) {
    problem(DiagnosticCode::unknown_choice, root.where(), "no part '" + preset.section + "' takes presets");
    throw InputError(std::move(problems));
  }
  preset.keys = std::move(root);
  auto& entries = preset.keys.entries;
  const auto is_header = [](const Entry& e) { return e.key == "title" || e.key == "for" || e.key == "technology"; };
  entries.erase(std::remove_if(entries.begin(), entries.end(), is_header), entries.end());
  for (const Entry& entry : entries) {
    const Field* field = target->find(entry.key);
    if (!field || !field->sourced) {
      problem(DiagnosticCode::unknown_key, entry.where(),
              "a preset for " + target->id + " has no key '" + entry.key + "'");
      continue;
    }
    const Entry* source = entry.value.find("source");
    const Entry* status = entry.value.find("status");
    if (!source || source->value.text.empty() || !status ||
        std::count(kStatuses.begin(), kStatuses.end(), status->value.text) == 0) {
      problem(DiagnosticCode::missing_key, entry.where(),
              "'" + entry.key + "' needs {value, source, status}, status one of read, recall, choice, user",
              "a preset says where each number comes from");
    }
  }
  if (!problems.empty()) throw InputError(std::move(problems));
  return preset;
}

bool is_preset_name(const std::string& name) {
  return !name.empty() && name.size() <= 100 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

std::string text_of(const Node& node) {
  if (node.kind == Node::Kind::scalar) return node.text;
  std::string text;
  for (const Node& item : node.items) text += (text.empty() ? "" : ", ") + text_of(item);
  if (node.kind == Node::Kind::list) return "[" + text + "]";
  for (const Entry& entry : node.entries) text += (text.empty() ? "" : ", ") + entry.key + ": " + text_of(entry.value);
  return text;
}

}  // namespace

bool is_preset_file(const std::string& name) { return fs::path(name).extension() == ".yaml"; }

const Node* Preset::find(const std::string& key) const {
  const Entry* entry = keys.find(key);
  return entry ? &entry->value : nullptr;
}

const Preset* PresetStore::find(const std::string& name) {
  const auto known = loaded_.find(name);
  if (known != loaded_.end()) return known->second.get();
  std::unique_ptr<Preset> preset;
  const bool is_file = is_preset_file(name);
  const fs::path file = is_file ? fs::path(name) : fs::path(folder_) / (name + ".yaml");
  std::error_code ignored;
  if ((is_file || is_preset_name(name)) && fs::is_regular_file(file, ignored)) {
    preset = std::make_unique<Preset>(parse_preset(file.stem().string(), file.string()));
  }
  return (loaded_[name] = std::move(preset)).get();
}

std::vector<std::string> PresetStore::names() const {
  std::vector<std::string> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() == ".yaml" && is_preset_name(name)) found.push_back(name);
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::string> PresetStore::names_for(const std::string& id) {
  std::vector<std::string> found;
  for (const std::string& name : names()) {
    try {
      const Preset* preset = find(name);
      if (preset && preset->section == id) found.push_back(name);
    } catch (const InputError&) {
      continue;  // reported when it is asked for by name
    }
  }
  return found;
}

std::string technology_folder() {
  if (const char* folder = std::getenv("SZILARD_TECHNOLOGY"); folder && *folder) return folder;
  return support::data_folder("technology", SZILARD_TECHNOLOGY_SOURCE);
}

std::vector<PresetInfo> presets() {
  PresetStore store(technology_folder());
  std::vector<PresetInfo> infos;
  for (const std::string& name : store.names()) {
    const Preset* preset = store.find(name);
    if (!preset) continue;
    PresetInfo info{name, preset->file, preset->section, preset->technology, preset->title, {}};
    for (const Entry& entry : preset->keys.entries) {
      const Entry* value = entry.value.find("value");
      if (!value) value = entry.value.find("by_bits");
      info.keys.push_back({entry.key, value ? text_of(value->value) : "", entry.value.find("source")->value.text,
                           entry.value.find("status")->value.text});
    }
    infos.push_back(std::move(info));
  }
  return infos;
}

}  // namespace szilard::scenario
