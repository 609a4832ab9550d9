// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/reader.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

namespace szilard::scenario {

using support::DiagnosticCode;
using support::InputError;
using support::Severity;

namespace {

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

bool is_below(const Field& field) { return field.kind == Kind::section || field.kind == Kind::sections; }

// Whether another key's value leaves this one without a use.
bool is_needless(const Reading& reading, const Field& field) {
  if (!field.replaced_by.empty() && (reading.find(field.replaced_by) || reading.failed.count(field.replaced_by)))
    return true;
  if (field.needed_key.empty()) return false;
  return reading.failed.count(field.needed_key) > 0 ||
         std::any_of(field.needed_values.begin(), field.needed_values.end(),
                     [&](const std::string& word) { return reading.is(field.needed_key, word); });
}

// What the table's own text would be if it stood in the scenario.
Node node_of(const std::string& text, const support::SourceLocation& where) {
  Node node = parse_yaml(text, where.file);
  node.line = where.line, node.column = where.column;
  return node;
}

}  // namespace

const Value* Reading::find(const std::string& key) const {
  const auto found = values.find(key);
  return found == values.end() ? nullptr : &found->second;
}

bool Reading::is(const std::string& key, const std::string& text) const {
  const Value* value = find(key);
  return value && value->text == text && (value->is_word || value->field->kind == Kind::choice);
}

const Value& Reading::at(const std::string& key) const {
  if (const Value* value = find(key)) return *value;
  throw std::logic_error("section " + section->id + " has no value for " + key);
}

support::Parameter parameter_of(const Reading& reading, const char* key, support::Parameter otherwise) {
  const Value* value = reading.find(key);
  return value ? value->parameter() : otherwise;
}

std::optional<support::Parameter> given_parameter(const Reading& reading, const char* key) {
  const Value* value = reading.find(key);
  return value ? std::optional<support::Parameter>(value->parameter()) : std::nullopt;
}

const Reading* part_of(const Reading& reading, const char* key) {
  const Value* value = reading.find(key);
  return value && !value->below.empty() ? &value->below.front() : nullptr;
}

bool is_model(const Reading* part, const char* model) { return part && part->section->model == model; }

void Reader::error(DiagnosticCode code, support::SourceLocation where, std::string message, std::string hint) {
  problems_.push_back({Severity::error, code, std::move(where), std::move(message), std::move(hint)});
}

void Reader::check_keys(const Node& node, const Section& section) {
  std::vector<std::string> known;
  if (!section.model.empty() && section.part != "energy") known.push_back(selector_of(section.part));
  if (section.takes_preset) known.insert(known.end(), {"preset", "from_preset", "technology"});
  for (const Field& field : section.fields) known.push_back(field.key);
  for (const Entry& entry : node.entries) {
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
    std::string hint;
    for (const std::string& model : section.part.empty() ? std::vector<std::string>() : model_names(section.part)) {
      if (find_model(section.part, model)->find(entry.key)) hint = "a key of " + section.part + " model " + model;
    }
    const std::string near = support::nearest(entry.key, known);
    if (!near.empty()) hint = "did you mean '" + near + "'?";
    if (hint.empty()) hint = known.empty() ? "no keys here" : "keys here: " + listed(known);
    const std::string place = section.id == "top" ? "at the top level" : "in " + section.id;
    error(DiagnosticCode::unknown_key, entry.where(), "unknown key '" + entry.key + "' " + place, hint);
  }
}

const Preset* Reader::preset_of(const Node& name, const Section& section) {
  if (name.kind != Node::Kind::scalar) {
    error(DiagnosticCode::wrong_type, name.where(), "'preset' takes the name of a preset, not " + describe(name));
    return nullptr;
  }
  try {
    const bool is_file = is_preset_file(name.text);
    const Preset* preset = store_.find(is_file ? (std::filesystem::path(folder_) / name.text).string() : name.text);
    if (is_file && !preset) {
      error(DiagnosticCode::file_not_found, name.where(), "'preset': no file '" + name.text + "'",
            "paths are relative to the scenario's folder; presets of the technology folder go without .yaml");
      return nullptr;
    }
    const auto fitting = store_.names_for(section.id);
    if (!preset) {
      const std::string near = support::nearest(name.text, fitting);
      const std::string all =
          fitting.empty() ? "there are none in " + store_.folder() : "presets for it: " + listed(fitting);
      error(DiagnosticCode::unknown_preset, name.where(), "no preset '" + name.text + "' for " + section.id,
            near.empty() ? all : "did you mean '" + near + "'?");
    } else if (preset->section != section.id) {
      error(DiagnosticCode::unknown_preset, name.where(),
            "preset '" + name.text + "' is for " + preset->section + ", not for " + section.id,
            "presets for it: " + listed(fitting));
      return nullptr;
    }
    return preset;
  } catch (const InputError& broken) {
    problems_.insert(problems_.end(), broken.diagnostics().begin(), broken.diagnostics().end());
    return nullptr;
  }
}

std::optional<Value> Reader::read_sourced(const Node& node, const Field& field) {
  const Entry* inner = node.kind == Node::Kind::map && field.sourced ? node.find("value") : nullptr;
  if (node.kind == Node::Kind::map && field.sourced && !inner) {
    error(DiagnosticCode::missing_key, node.where(), "key 'value' is missing in '" + field.key + "'",
          "write {value: ..., source: ..., status: ...}");
    return std::nullopt;
  }
  if (!inner) return read_field(node, field);
  auto value = read_field(inner->value, field);
  for (const Entry& entry : node.entries) {
    if (entry.key == "value") continue;
    if (entry.key != "source" && entry.key != "status") {
      error(DiagnosticCode::unknown_key, entry.where(), "unknown key '" + entry.key + "' beside 'value'",
            "keys here: value, source, status");
      continue;
    }
    Field text;
    text.key = entry.key;
    text.kind = entry.key == "status" ? Kind::choice : Kind::text;
    text.choices = {"read", "recall", "choice", "user"};
    const auto read = read_field(entry.value, text);
    if (read && value) (entry.key == "status" ? value->status : value->source) = read->text;
  }
  return value;
}

std::optional<Value> Reader::read_from_preset(const Preset& preset, const Node& node, const Field& field,
                                              const Reading& reading) {
  in_preset_ = true;
  const Entry* by_bits = node.kind == Node::Kind::map ? node.find("by_bits") : nullptr;
  std::optional<Value> value;
  if (!by_bits) {
    value = read_sourced(node, field);
  } else if (const Value* bits = reading.find("bits")) {
    const Entry* entry = by_bits->value.find(std::to_string(bits->integer));
    if (!entry) {
      error(DiagnosticCode::conflict, bits->where,
            "preset '" + preset.name + "' has no " + field.key + " for " + std::to_string(bits->integer) + " bits",
            "give " + field.key + ", or take another preset");
    } else if ((value = read_field(entry->value, field))) {
      value->source = node.find("source")->value.text;
      value->status = node.find("status")->value.text;
    }
  }
  in_preset_ = false;
  return value;
}

// Fills a key that the scenario does not give.
void Reader::complete(Reading& reading, const Field& field, const Preset* preset, const Defaults& absent) {
  const auto store = [&](std::optional<Value> value) {
    if (value) {
      reading.values[field.key] = std::move(*value);
    } else {
      reading.failed.insert(field.key);
    }
  };
  if (preset) {
    if (const Node* node = preset->find(field.key)) return store(read_from_preset(*preset, *node, field, reading));
  }
  if (const auto found = absent.find(field.key); found != absent.end()) {
    auto value = read_field(node_of(found->second, reading.where), field);
    if (value) value->source = "absent in the ideal medium's neuron", value->status = "choice";
    return store(std::move(value));
  }
  if (field.need == Need::optional) return;
  if (field.need == Need::fallback) {
    auto value = read_field(node_of(field.fallback, reading.where), field);
    if (value && field.sourced) value->source = "default of the file format", value->status = "choice";
    return store(std::move(value));
  }
  const Section& section = *reading.section;
  if (is_needless(reading, field)) return;
  reading.failed.insert(field.key);
  std::string hint;
  if (field.need == Need::preset) {
    auto names = store_.names_for(section.id);
    const auto lacks_it = [&](const std::string& name) { return !store_.find(name)->find(field.key); };
    names.erase(std::remove_if(names.begin(), names.end(), lacks_it), names.end());
    hint = names.empty() ? "give it" : "give it, or name a preset that does: " + listed(names);
  }
  const std::string place = section.id == "top" ? "at the top level" : "in " + section.id;
  error(DiagnosticCode::missing_key, reading.where, "key '" + field.key + "' is missing " + place, hint);
}

const Preset* Reader::spare_preset(const std::string& name) {
  try {
    return store_.find(name);
  } catch (const InputError& broken) {
    problems_.insert(problems_.end(), broken.diagnostics().begin(), broken.diagnostics().end());
    return nullptr;
  }
}

// The preset that the value of another key asks for, where the one named does not give the field.
const Preset* Reader::chosen_preset(const Reading& reading, const Field& field, const Preset* named) {
  if (field.need != Need::preset || is_needless(reading, field) || (named && named->find(field.key))) return nullptr;
  for (const Section::ChosenPreset& choice : reading.section->chosen_presets) {
    if (!reading.is(choice.key, choice.value)) continue;
    const Preset* chosen = spare_preset(choice.preset);
    if (chosen && chosen->find(field.key)) return chosen;
  }
  return nullptr;
}

Reading Reader::read_map(const Node& node, const Section& section, const Preset* preset, const Defaults& absent) {
  Reading reading;
  reading.section = &section;
  reading.where = node.where();
  check_keys(node, section);
  const Preset* spare = nullptr;
  if (section.takes_preset) {
    const Entry* given = node.find("preset");
    const Entry* from = node.find("from_preset");
    if (given && from) {
      error(DiagnosticCode::conflict, from->where(), "'preset' and 'from_preset' exclude one another",
            "from_preset only tells where the values of a resolved scenario came from");
    }
    if (given) preset = preset_of(given->value, section);
    Field text;
    for (const char* key : {"from_preset", "technology"}) {
      const Entry* entry = node.find(key);
      text.key = key;
      const auto value = entry ? read_field(entry->value, text) : std::nullopt;
      if (value) (text.key == "technology" ? reading.technology : reading.from_preset) = value->text;
    }
    if (!given && !preset && !section.default_preset.empty()) spare = spare_preset(section.default_preset);
    if (given && !preset) {  // what it would have given is unknown: do not report it as missing
      for (const Field& field : section.fields) {
        if (field.need == Need::preset && !node.find(field.key)) reading.failed.insert(field.key);
      }
    }
  }
  if (preset) reading.from_preset = preset->name, reading.technology = preset->technology;
  for (const Field& field : section.fields) {
    if (reading.failed.count(field.key)) continue;
    if (const Entry* entry = node.find(field.key)) {
      auto value = read_sourced(entry->value, field);
      if (value) {
        if (is_below(field)) value->where = entry->where();
        reading.values[field.key] = std::move(*value);
      } else {
        reading.failed.insert(field.key);
      }
      continue;
    }
    const bool by_nature = absent.count(field.key) > 0;
    if (const Preset* chosen = chosen_preset(reading, field, preset); chosen && !by_nature) {
      complete(reading, field, chosen, absent);
      continue;
    }
    const bool spared = spare && !preset && !by_nature && field.need == Need::preset && spare->find(field.key) &&
                        !is_needless(reading, field);
    complete(reading, field, spared ? spare : preset, absent);
    if (spared && reading.values.count(field.key)) {
      reading.from_preset = spare->name;
      reading.technology = spare->technology;
    }
  }
  return reading;
}

Reading Reader::read_section(const Node& node, const Section& section, const Defaults& absent) {
  const bool by_name = section.takes_preset && section.part == "energy" && node.kind == Node::Kind::scalar;
  if (by_name) {
    Node empty = node;
    empty.kind = Node::Kind::map;
    empty.entries.push_back({"preset", node.line, node.column, node});
    return read_map(empty, section, nullptr, absent);
  }
  return read_map(node, section, nullptr, absent);
}

// A section by id, or the model of a part that the selecting key names.
std::optional<Reading> Reader::read_part(const Node& node, const std::string& id, const Defaults& absent) {
  const bool takes_name = id == "energy.digital" && node.kind == Node::Kind::scalar;
  if (node.kind != Node::Kind::map && !takes_name) {
    const std::string part = id.substr(0, id.find('.'));
    const std::string takes = part == id ? "a map of keys" : "a preset's name or a map of keys";
    error(DiagnosticCode::wrong_type, node.where(), "'" + part + "' takes " + takes + ", not " + describe(node));
    return std::nullopt;
  }
  const auto models = model_names(id);
  if (models.empty()) return read_section(node, section(id), absent);
  const std::string selector = selector_of(id);
  const Entry* chosen = node.find(selector);
  if (!chosen) {
    error(DiagnosticCode::missing_key, node.where(), "key '" + selector + "' is missing in " + id,
          "one of: " + listed(models));
    return std::nullopt;
  }
  Field field;
  field.key = selector;
  field.kind = Kind::choice;
  field.choices = models;
  if (!read_field(chosen->value, field)) return std::nullopt;
  return read_section(node, *find_model(id, chosen->value.text), absent);
}

Reading Reader::read_platform(const Node& node, const Section& section) {
  const Entry* linear = node.find("linear");
  const Entry* model = linear ? linear->value.find("model") : nullptr;
  const bool ideal = model && model->value.text == "ideal";
  const bool crossbar = model && model->value.text == "electronic_crossbar";
  Reading reading;
  reading.section = &section;
  reading.where = node.where();
  check_keys(node, section);
  const bool analog = node.find("digital") == nullptr && node.find("quasistatic") == nullptr;
  for (const Field& field : section.fields) {
    const Entry* entry = node.find(field.key);
    if (!entry) {
      Field stated = field;
      const bool converter = field.key == "input" || field.key == "output";
      if (analog && converter) stated.need = Need::fallback, stated.fallback = "{model: none}";
      if (crossbar && field.key == "precision") stated.need = Need::fallback, stated.fallback = "double";
      complete(reading, stated, nullptr, {});
      if (const auto found = reading.values.find(field.key); found != reading.values.end())
        found->second.field = &field;
      continue;
    }
    std::optional<Value> value;
    if (field.key == "neuron" && ideal) {
      static const Defaults kAbsent = {
          {"threshold_offset", "0"}, {"threshold_noise", "0"}, {"decision_energy", "0 J"}, {"decision_time", "0 s"}};
      const Entry* neuron = entry->value.find("model");
      const bool bit = neuron && neuron->value.text != "relu_rtl";
      if (auto part = read_part(entry->value, field.section, bit ? kAbsent : Defaults())) {
        value.emplace();
        value->field = &field;
        value->below.push_back(std::move(*part));
      }
    } else {
      value = read_field(entry->value, field);
    }
    if (value) {
      if (is_below(field)) value->where = entry->where();
      reading.values[field.key] = std::move(*value);
    } else {
      reading.failed.insert(field.key);
    }
  }
  return reading;
}

std::optional<Value> Reader::read_below(const Node& node, const Field& field) {
  Value value;
  value.field = &field;
  value.where = node.where();
  if (field.kind == Kind::section) {
    auto part = read_part(node, field.section);
    if (!part) return std::nullopt;
    value.below.push_back(std::move(*part));
    return value;
  }
  if (node.kind != Node::Kind::list || node.items.empty()) {
    error(DiagnosticCode::wrong_type, node.where(),
          "'" + field.key + "' takes a list of maps, not " +
              (node.kind == Node::Kind::list ? "an empty list" : describe(node)));
    return std::nullopt;
  }
  for (const Node& item : node.items) {
    if (item.kind != Node::Kind::map) {
      error(DiagnosticCode::wrong_type, item.where(), "'" + field.key + "' takes maps, not " + describe(item));
      continue;
    }
    const Section& kind = section(field.section);
    value.below.push_back(kind.id == "platform" ? read_platform(item, kind) : read_section(item, kind));
  }
  return value;
}

Reading Reader::read_scenario(const Node& root) {
  const Section& top = section("top");
  if (root.kind != Node::Kind::map) {
    error(DiagnosticCode::wrong_type, root.where(), "a scenario is a map of keys, not " + describe(root));
    Reading reading;
    reading.section = &top;
    return reading;
  }
  // kT is a unit of energy that needs the temperature before everything else is read.
  if (const Entry* temperature = root.find("temperature")) {
    const std::size_t before = problems_.size();
    const auto value = read_field(temperature->value, *top.find("temperature"));
    problems_.resize(before);
    if (value) temperature_k_ = value->number;
  }
  return read_map(root, top, nullptr, {});
}

}  // namespace szilard::scenario
