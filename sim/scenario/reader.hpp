// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "models/support/diagnostics.hpp"
#include "models/support/parameter.hpp"
#include "sim/scenario/fields.hpp"
#include "sim/scenario/preset.hpp"
#include "sim/scenario/yaml.hpp"

namespace szilard::scenario {

struct Reading;

struct NameAt {
  std::string name;
  support::SourceLocation where;
};

/// The value of one key, in SI, with its provenance.
struct Value {
  const Field* field = nullptr;
  bool is_word = false;  ///< the field's word ("none", "all") stands instead of a value
  std::uint64_t integer = 0;
  double number = 0;            ///< number, quantity
  std::vector<double> numbers;  ///< quantities
  std::string text;             ///< text, name, choice; path: absolute
  std::vector<std::pair<NameAt, NameAt>> pairs;
  std::vector<NameAt> words;
  std::vector<Node> nodes;     ///< scalar (one), scalars
  std::vector<Reading> below;  ///< section (one), sections
  std::string source, status;  ///< of sourced fields; status "user" where the scenario says no more
  support::SourceLocation where;

  support::Parameter parameter() const { return {number, source, status}; }
};

/// A map that was read against its section: scenario over preset over table.
struct Reading {
  const Section* section = nullptr;
  support::SourceLocation where;
  std::map<std::string, Value> values;
  std::set<std::string> failed;  ///< keys that were there and were refused
  std::string from_preset, technology;

  const Value* find(const std::string& key) const;
  bool is(const std::string& key, const std::string& text) const;  ///< a choice or word with this text
  /// Of keys that the table promises; throws std::logic_error otherwise.
  const Value& at(const std::string& key) const;
};

/// What a key gives, else `otherwise`.
support::Parameter parameter_of(const Reading& reading, const char* key, support::Parameter otherwise = {});
/// What a key gives, if it stands there.
std::optional<support::Parameter> given_parameter(const Reading& reading, const char* key);
/// The map behind a key, or null.
const Reading* part_of(const Reading& reading, const char* key);
bool is_model(const Reading* part, const char* model);

/// Reads nodes against sections, collecting what is wrong.
class Reader {
 public:
  Reader(std::string folder, PresetStore& store) : folder_(std::move(folder)), store_(store) {}

  std::vector<support::Diagnostic>& problems() { return problems_; }
  void error(support::DiagnosticCode code, support::SourceLocation where, std::string message, std::string hint = {});
  void set_temperature(double temperature_k) { temperature_k_ = temperature_k; }

  /// The whole scenario. Meaning across sections is not checked here.
  Reading read_scenario(const Node& root);
  /// A part of a platform alone; nothing where it cannot be read.
  std::optional<Reading> read_alone(const Node& node, const std::string& part) { return read_part(node, part); }

 private:
  using Defaults = std::map<std::string, std::string>;  ///< key -> text, for what is absent by nature

  Reading read_section(const Node& node, const Section& section, const Defaults& absent = {});
  Reading read_map(const Node& node, const Section& section, const Preset* preset, const Defaults& absent);
  std::optional<Reading> read_part(const Node& node, const std::string& id, const Defaults& absent = {});
  Reading read_platform(const Node& node, const Section& section);
  std::optional<Value> read_below(const Node& node, const Field& field);
  void check_keys(const Node& node, const Section& section);
  const Preset* preset_of(const Node& name, const Section& section);
  const Preset* spare_preset(const std::string& name);
  const Preset* chosen_preset(const Reading& reading, const Field& field, const Preset* named);

  std::optional<Value> read_field(const Node& node, const Field& field);
  std::optional<Value> read_sourced(const Node& node, const Field& field);
  std::optional<Value> read_from_preset(const Preset& preset, const Node& node, const Field& field,
                                        const Reading& reading);
  void complete(Reading& reading, const Field& field, const Preset* preset, const Defaults& absent);

  bool refuse_type(const Node& node, const Field& field);
  bool in_range(double value, const Node& node, const Field& field);
  bool read_integer(const Node& node, const Field& field, Value& value);
  bool read_quantity(const Node& node, const Field& field, double& value);
  bool read_quantities(const Node& node, const Field& field, Value& value);
  bool read_text(const Node& node, const Field& field, Value& value);
  bool read_choice(const Node& node, const Field& field, Value& value);
  bool read_path(const Node& node, const Field& field, Value& value);
  bool read_words(const Node& node, const Field& field, Value& value);
  bool read_scalars(const Node& node, const Field& field, Value& value);
  bool read_pairs(const Node& node, const Field& field, Value& value);

  std::string folder_;
  PresetStore& store_;
  std::optional<double> temperature_k_;
  bool in_preset_ = false;
  std::vector<support::Diagnostic> problems_;
};

/// "FILE.npz:NAME" is split into file and ":NAME"; other paths are all file.
std::pair<std::string, std::string> split_array_name(const std::string& path);

}  // namespace szilard::scenario
