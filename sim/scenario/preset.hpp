// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/scenario/yaml.hpp"

namespace szilard::scenario {

/// A preset file as read: header and values. Its keys are checked against the section that it is for; each value stands
/// as {value, source, status}, or as {by_bits: {BITS: value}, source, status} where it depends on the resolution.
struct Preset {
  std::string name, file, title, technology;
  std::string section;  ///< "linear.electronic_crossbar"
  Node keys;            ///< map without the header

  const Node* find(const std::string& key) const;
};

/// Whether `preset:` names a file of the user's own, and not one of the technology folder.
bool is_preset_file(const std::string& name);

/// Reads presets from the technology folder, each once.
class PresetStore {
 public:
  explicit PresetStore(std::string folder) : folder_(std::move(folder)) {}

  const std::string& folder() const { return folder_; }
  /// By name from the folder, or from a file whose path ends in .yaml. Null if there is no such file. Throws InputError
  /// if it is not a preset.
  const Preset* find(const std::string& name);
  /// Names of all files; of those for one section where it is named (unreadable ones left out).
  std::vector<std::string> names() const;
  std::vector<std::string> names_for(const std::string& section);

 private:
  std::string folder_;
  std::map<std::string, std::unique_ptr<Preset>> loaded_;
};

}  // namespace szilard::scenario
