// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/own_parts.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "sim/scenario/own_sections.hpp"

namespace szilard::scenario {

namespace {

struct Registered {
  OwnParts parts;
  bool is_closed = false;  ///< the table of fields is made: too late for more
};

Registered& registered() {
  static Registered registered;
  return registered;
}

[[noreturn]] void refuse(const std::string& part, const std::string& name, const std::string& why) {
  throw std::invalid_argument("own " + part + " '" + name + "': " + why);
}

bool is_key(const std::string& text) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !text.empty() && text.size() <= 100 && text[0] >= 'a' && text[0] <= 'z' &&
         std::all_of(text.begin(), text.end(), fits);
}

void check_name(const std::string& part, const std::string& name, std::set<std::string>& taken) {
  if (!is_key(name)) refuse(part, name, "names are of lower-case letters, digits and _, a letter first");
  if (!taken.insert(name).second) refuse(part, name, "there is one of that name");
}

template <typename Part>
void check_part(const std::string& what, const Part& part, const std::vector<Field>& others,
                std::set<std::string>& taken) {
  check_name(what, part.name, taken);
  if (!part.make) refuse(what, part.name, "nothing makes it: 'make' is empty");
  std::set<std::string> keys = {"model", "preset", "from_preset", "technology"};
  for (const Field& field : others) keys.insert(field.key);
  for (const Field& field : part.keys) {
    if (!is_key(field.key)) refuse(what, part.name, "'" + field.key + "' is no name of a key");
    if (!keys.insert(field.key).second) refuse(what, part.name, "it has a key '" + field.key + "' already");
    const bool is_plain = field.kind == Kind::integer || field.kind == Kind::number || field.kind == Kind::quantity ||
                          field.kind == Kind::quantities || field.kind == Kind::text || field.kind == Kind::name ||
                          field.kind == Kind::choice || field.kind == Kind::path;
    if (!is_plain)
      refuse(what, part.name, "key '" + field.key + "': own parts take numbers, quantities, words and files");
  }
}

std::set<std::string> names_of(const std::string& part, const std::vector<Section>& sections) {
  std::set<std::string> names;
  for (const Section& section : sections)
    if (section.part == part) names.insert(section.model);
  return names;
}

bool is_of_resets(const Field& field) {
  return field.key == "reset" || field.needed_key == "reset" || field.key == "schedule" || field.key == "live" ||
         field.key == "calibration_paths";
}

std::vector<Field> common_neuron_fields() {
  const std::vector<Section> sections = neuron_sections();
  std::vector<Field> fields;
  for (const Field& field : sections.front().fields)
    if (!is_of_resets(field)) fields.push_back(field);
  return fields;
}

}  // namespace

const OwnValues::One& OwnValues::at(const std::string& key) const {
  const auto found = values_.find(key);
  if (found == values_.end()) throw std::logic_error("an own part asks for '" + key + "', which nothing gives");
  return found->second;
}

double OwnValues::number(const std::string& key) const {
  const One& one = at(key);
  if (one.numbers.size() != 1) throw std::logic_error("an own part takes '" + key + "' for a number");
  return one.numbers.front();
}

support::Parameter OwnValues::parameter(const std::string& key) const {
  const One& one = at(key);
  return {number(key), one.source, one.status};
}

const std::vector<double>& OwnValues::numbers(const std::string& key) const { return at(key).numbers; }

const std::string& OwnValues::text(const std::string& key) const { return at(key).text; }

void use_own_parts(OwnParts parts) {
  if (registered().is_closed) throw std::logic_error("own parts come before the first scenario is read");
  std::vector<Section> shipped = linear_sections();
  for (Section& section : optical_sections()) shipped.push_back(std::move(section));
  for (Section& section : neuron_sections()) shipped.push_back(std::move(section));
  for (Section& section : digital_sections()) shipped.push_back(std::move(section));
  std::set<std::string> taken = names_of("linear", shipped);
  for (const OwnMedium& medium : parts.media) check_part("medium", medium, {}, taken);
  taken = names_of("neuron", shipped);
  const std::vector<Field> common = common_neuron_fields();
  for (const OwnNeuron& neuron : parts.neurons) check_part("neuron", neuron, common, taken);
  taken = names_of("digital", shipped);
  std::set<std::string> own_names;
  for (const rtl::OwnBaseline& baseline : parts.baselines) {
    if (taken.count(baseline.name)) refuse("baseline", baseline.name, "there is one of that name");
    if (!is_key(baseline.name)) check_name("baseline", baseline.name, own_names);
    if (!baseline.make) refuse("baseline", baseline.name, "nothing makes it: 'make' is empty");
    if (baseline.rows < 1 || baseline.columns < 1) refuse("baseline", baseline.name, "rows and columns are at least 1");
  }
  registered().parts = std::move(parts);
}

const OwnParts& own_parts() { return registered().parts; }

std::vector<Section> own_sections() {
  registered().is_closed = true;
  std::vector<Section> all;
  for (const OwnMedium& medium : own_parts().media) {
    Section section{"linear." + medium.name, "linear", medium.name, medium.summary, medium.keys, true, {}};
    all.push_back(std::move(section));
  }
  const Section bit = neuron_sections().front();
  for (const OwnNeuron& neuron : own_parts().neurons) {
    Section section{"neuron." + neuron.name, "neuron", neuron.name,       neuron.summary,
                    common_neuron_fields(),  true,     bit.default_preset};
    section.fields.insert(section.fields.end(), neuron.keys.begin(), neuron.keys.end());
    all.push_back(std::move(section));
  }
  return all;
}

const OwnMedium* own_medium(const std::string& name) {
  for (const OwnMedium& medium : own_parts().media)
    if (medium.name == name) return &medium;
  return nullptr;
}

const OwnNeuron* own_neuron(const std::string& name) {
  for (const OwnNeuron& neuron : own_parts().neurons)
    if (neuron.name == name) return &neuron;
  return nullptr;
}

OwnValues own_values(const Reading& reading, const std::vector<Field>& keys) {
  std::map<std::string, OwnValues::One> values;
  for (const Field& field : keys) {
    const Value* value = reading.find(field.key);
    if (!value) continue;
    OwnValues::One& one = values[field.key];
    one.text = value->text;
    one.source = value->source;
    one.status = value->status.empty() ? "user" : value->status;
    if (value->is_word) continue;
    if (field.kind == Kind::quantities) one.numbers = value->numbers;
    if (field.kind == Kind::integer) one.numbers = {static_cast<double>(value->integer)};
    if (field.kind == Kind::number || field.kind == Kind::quantity) one.numbers = {value->number};
  }
  return OwnValues(std::move(values));
}

}  // namespace szilard::scenario
