// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/support/units.hpp"

namespace szilard::scenario {

/// What a key holds.
enum class Kind {
  integer,
  number,      ///< plain finite decimal number
  quantity,    ///< number with a unit
  quantities,  ///< list of quantities of one dimension (coefficients)
  text,
  name,      ///< text that may stand in component paths: letters, digits, _ . -
  choice,    ///< one of a few words
  path,      ///< file, relative to the scenario's folder
  pairs,     ///< list of two-element lists of names
  words,     ///< list of some of a few words, each once
  scalar,    ///< a value of some other key, as text
  scalars,   ///< list of them
  section,   ///< map with its own keys
  sections,  ///< list of maps, each with a name
};

/// Whether a key may be left out, and what then holds.
enum class Need {
  required,
  optional,  ///< nothing
  fallback,  ///< the table's default
  preset,    ///< a preset must give it if the scenario does not: physics has no other defaults
};

/// One key of a section: the single source of the reader, the JSON Schema and the reference page.
struct Field {
  std::string key;
  Kind kind = Kind::text;
  std::string meaning;
  Need need = Need::required;
  std::string fallback;  ///< as one would write it
  support::Dimension dimension = support::Dimension::none;
  double minimum = 0, maximum = 0;         ///< number, quantity and each of quantities, inclusive, SI
  std::uint64_t least = 0, most = 0;       ///< integer, inclusive
  std::vector<std::uint64_t> values;       ///< integer: only these
  std::size_t most_items = 16;             ///< quantities
  std::vector<std::string> choices;        ///< choice, words
  std::string word;                        ///< a word that may stand instead of a value: "none", "all"
  std::string hint;                        ///< beside an error
  std::string section;                     ///< section(s): id, or the part whose models are "part.model"
  bool sourced = false;                    ///< may be written {value, source, status}; presets must
  std::string needed_key;                  ///< preset: needed only if this key ...
  std::vector<std::string> needed_values;  ///< ... has none of these values
  std::string replaced_by;                 ///< preset: not needed where this key stands
};

/// A map of keys: "top", "dataset", "platform", or "PART.MODEL" where a key (`model`, `rtl`) selects it.
struct Section {
  std::string id;
  std::string part, model;  ///< empty where there is nothing to choose
  std::string summary;
  std::vector<Field> fields;   ///< without the selecting key and the keys about presets
  bool takes_preset = false;   ///< keys preset, from_preset and technology
  std::string default_preset;  ///< asked for what neither the scenario nor its preset gives
  struct ChosenPreset {
    std::string key, value, preset;
  };
  std::vector<ChosenPreset> chosen_presets =
      {};  ///< asked first where a key has this value, whatever other preset is named

  const Field* find(std::string_view key) const;
};

/// Every section, in the order of the reference page.
const std::vector<Section>& sections();
const Section& section(std::string_view id);
/// The section of a part's model, or null.
const Section* find_model(std::string_view part, std::string_view model);
/// Names of a part's models.
std::vector<std::string> model_names(std::string_view part);
/// The key that selects a part's model: "model", or "rtl" for digital.
std::string selector_of(std::string_view part);

/// "1 to 16", "at least 1 ps": the allowed range in words; empty for kinds without one.
std::string range_text(const Field& field);
/// "integer", "quantity in S", "one of: a, b".
std::string type_text(const Field& field);

}  // namespace szilard::scenario
