// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/scenario/fields.hpp"
#include "sim/scenario/scenario.hpp"

namespace szilard::scenario {

namespace {

/// Whether every value of the key that asks for the field has a preset of its own.
bool is_of_chosen_presets(const Field& field, const Section& section) {
  const Field* key = section.chosen_presets.empty() ? nullptr : section.find(section.chosen_presets.front().key);
  if (!key || field.needed_key != key->key) return false;
  return std::all_of(key->choices.begin(), key->choices.end(), [&](const std::string& value) {
    const bool needless = std::count(field.needed_values.begin(), field.needed_values.end(), value) > 0;
    return needless || std::any_of(section.chosen_presets.begin(), section.chosen_presets.end(),
                                   [&](const Section::ChosenPreset& choice) { return choice.value == value; });
  });
}

std::string left_out(const Field& field, const Section& section) {
  switch (field.need) {
    case Need::required:
      return field.replaced_by.empty() ? "required" : "required without `" + field.replaced_by + "`";
    case Need::optional:
      return "nothing";
    case Need::fallback:
      return field.fallback;
    case Need::preset:
      if (is_of_chosen_presets(field, section)) return "from the preset, else that of `" + field.needed_key + "`";
      return section.default_preset.empty() ? "from the preset" : "from the preset, else " + section.default_preset;
  }
  return {};
}

std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

std::string type_cell(const Field& field) {
  if (field.kind == Kind::section && !model_names(field.section).empty()) {
    std::string names;
    for (const auto& model : model_names(field.section)) names += (names.empty() ? "" : ", ") + model;
    return "map; " + selector_of(field.section) + ": " + names;
  }
  if (field.kind == Kind::section) return field.section == "energy.digital" ? "preset's name, or map" : "map";
  if (field.kind == Kind::sections) return "list of maps";
  return type_text(field);
}

std::string heading(const Section& section) {
  if (section.id == "top") return "Top level";
  if (section.part.empty()) return "`" + section.id + "`";
  if (section.part == "energy") return "`energy`";
  return "`" + section.part + "`: `" + selector_of(section.part) + ": " + section.model + "`";
}

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

const char* const kIntroduction = R"(# Scenario reference

<!-- Written by the program from its table of fields: change sim/scenario/fields*.cpp, then run test_sim_scenario with
SZILARD_UPDATE_GOLDEN=1 in the environment. -->

A scenario is one YAML document, read strictly: unknown keys, keys that stand twice, tags, merge keys, tabs and numbers
without their unit are errors. Paths are relative to the scenario's folder.

- A *quantity* is a decimal number and a unit with at most one SI prefix: `40 uS`, `2.5 ns`, `300 K`. Energies may be in
  `kT` at the scenario's temperature. A ratio is a plain number, `%` or `dB`.
- Keys marked † may say where their value comes from: `{value: 40 uS, source: "author, year, DOI", status: read}`. Status is
  `read` (found in the source), `recall` (to be checked), `choice` (ours) or `user`.
- `preset: NAME` takes what the scenario does not say from a file of the technology folder (`szilard list presets`), or from one
  of your own: `preset: cells.yaml` (`szilard fit device` and `szilard import` write such files).
  A physics parameter has a default in presets only.
- `from_preset` and `technology` stand in resolved scenarios and only tell where values came from.
- `--set KEY.PATH=VALUE` addresses an entry of `platforms` by its name: `platforms.rram.linear.rows=64`.
)";

}  // namespace

std::string reference_markdown() {
  std::string text = kIntroduction;
  for (const Section& section : sections()) {
    text += "\n## " + heading(section) + "\n\n" + capitalised(section.summary) + ".\n";
    if (section.takes_preset) {
      text += "\nTakes `preset`";
      text += section.default_preset.empty()
                  ? ".\n"
                  : "; where it is left out, `" + section.default_preset + "` gives what is missing.\n";
    }
    for (const Section::ChosenPreset& choice : section.chosen_presets)
      text += "With `" + choice.key + ": " + choice.value + "`, `" + choice.preset +
              "` gives what the preset leaves out.\n";
    if (section.fields.empty()) continue;
    text += "\n| key | type | allowed | left out | meaning |\n|---|---|---|---|---|\n";
    for (const Field& field : section.fields) {
      std::string meaning = field.meaning;
      if (!field.needed_key.empty()) {
        std::string values;
        for (const auto& value : field.needed_values) values += (values.empty() ? "" : ", ") + value;
        meaning += "; not needed with `" + field.needed_key + ": " + values + "`";
      }
      if (!field.replaced_by.empty()) meaning += "; nor with `" + field.replaced_by + "`";
      const std::string allowed = field.section.empty() ? range_text(field) : "";
      text += "| `" + field.key + "`" + (field.sourced ? " †" : "") + " | " + cell(type_cell(field)) + " | " +
              cell(allowed) + " | " + cell(left_out(field, section)) + " | " + cell(meaning) + " |\n";
    }
  }
  return text;
}

std::vector<ModelInfo> models() {
  std::vector<ModelInfo> infos;
  for (const Section& section : sections()) {
    if (section.part.empty()) continue;
    ModelInfo info{section.part, section.model, section.summary, {}};
    for (const Field& field : section.fields) {
      const std::string range = range_text(field);
      info.keys.push_back(
          {field.key, type_cell(field) + (range.empty() ? "" : ", " + range), left_out(field, section), field.meaning});
    }
    infos.push_back(std::move(info));
  }
  return infos;
}

}  // namespace szilard::scenario
