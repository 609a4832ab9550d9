// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "sim/scenario/fields.hpp"
#include "sim/scenario/scenario.hpp"

namespace szilard::scenario {

using Json = nlohmann::ordered_json;
using support::Dimension;

namespace {

const char* const kDecimal = "-?(0|[1-9][0-9]*|(0|[1-9][0-9]*)?\\.[0-9]+|(0|[1-9][0-9]*)\\.)([eE][-+]?[0-9]+)?";

std::string quantity_pattern(Dimension dimension) {
  std::string units;
  for (const std::string& unit : support::accepted_units(dimension)) {
    units += (units.empty() ? "" : "|");
    for (const char c : unit) units += std::string(c == '/' || c == '.' || c == '^' ? "\\" : "") + c;
  }
  return std::string("^") + kDecimal + " *[fpnuµmcdkMGT]?(" + units + ")$";
}

Json plain_quantity(const Field& field) {
  const Json text = {{"type", "string"}, {"pattern", quantity_pattern(field.dimension)}};
  if (field.dimension != Dimension::ratio) return text;
  return {{"anyOf", {{{"type", "number"}, {"minimum", field.minimum}, {"maximum", field.maximum}}, text}}};
}

Json reference(const std::string& id) { return {{"$ref", "#/$defs/" + id}}; }

Json below(const Field& field) {
  Json one;
  const auto models = model_names(field.section);
  if (models.empty()) {
    one = reference(field.section);
  } else {
    for (const auto& model : models) one["oneOf"].push_back(reference(find_model(field.section, model)->id));
  }
  if (field.section == "energy.digital") one = {{"anyOf", {{{"type", "string"}, {"minLength", 1}}, one}}};
  if (field.kind == Kind::section) return one;
  return {{"type", "array"}, {"minItems", 1}, {"items", one}};
}

Json plain(const Field& field) {
  const Json text = {{"type", "string"}, {"minLength", 1}, {"maxLength", 4096}};
  switch (field.kind) {
    case Kind::integer:
      if (!field.values.empty()) return {{"enum", field.values}};
      return {{"type", "integer"}, {"minimum", field.least}, {"maximum", field.most}};
    case Kind::number:
      return {{"type", "number"}, {"minimum", field.minimum}, {"maximum", field.maximum}};
    case Kind::quantity:
      return plain_quantity(field);
    case Kind::quantities:
      return {{"type", "array"}, {"minItems", 1}, {"maxItems", field.most_items}, {"items", plain_quantity(field)}};
    case Kind::name:
      return {{"type", "string"}, {"pattern", "^[A-Za-z0-9_.-]*[A-Za-z0-9_-][A-Za-z0-9_.-]*$"}, {"maxLength", 100}};
    case Kind::choice:
      if (field.choices == std::vector<std::string>{"false", "true"}) return {{"type", "boolean"}};
      return {{"enum", field.choices}};
    case Kind::text:
    case Kind::path:
      return text;
    case Kind::words:
      return {{"type", "array"}, {"uniqueItems", true}, {"items", {{"enum", field.choices}}}};
    case Kind::pairs:
      return {{"type", "array"},
              {"items", {{"type", "array"}, {"minItems", 2}, {"maxItems", 2}, {"items", {{"type", "string"}}}}}};
    case Kind::scalar:
      return {{"type", {"string", "number", "boolean"}}};
    case Kind::scalars:
      return {{"type", "array"},
              {"minItems", 1},
              {"maxItems", field.most_items},
              {"items", {{"type", {"string", "number", "boolean"}}}}};
    case Kind::section:
    case Kind::sections:
      return below(field);
  }
  return {};
}

Json property(const Field& field) {
  Json value = plain(field);
  if (!field.word.empty()) value = {{"anyOf", {{{"const", field.word}}, value}}};
  if (field.sourced) {
    const Json properties = {{"value", value},
                             {"source", {{"type", "string"}, {"minLength", 1}}},
                             {"status", {{"enum", {"read", "recall", "choice", "user"}}}}};
    const Json object = {
        {"type", "object"}, {"properties", properties}, {"required", {"value"}}, {"additionalProperties", false}};
    value = {{"anyOf", {value, object}}};
  }
  Json described = {{"description", field.meaning}};
  described.update(value);
  return described;
}

Json definition(const Section& section) {
  Json properties = Json::object();
  Json required = Json::array();
  if (!section.model.empty() && section.part != "energy") {
    const std::string selector = selector_of(section.part);
    properties[selector] = {{"const", section.model}};
    required.push_back(selector);
  }
  if (section.takes_preset) {
    const Json text = {{"type", "string"}, {"minLength", 1}};
    properties["preset"] = text;
    properties["from_preset"] = text;
    properties["technology"] = text;
  }
  for (const Field& field : section.fields) {
    properties[field.key] = property(field);
    if (field.need == Need::required && field.replaced_by.empty()) required.push_back(field.key);
  }
  Json out = {{"description", section.summary}, {"type", "object"}, {"properties", properties}};
  if (!required.empty()) out["required"] = required;
  for (const Field& field : section.fields)
    if (field.need == Need::required && !field.replaced_by.empty())
      out["allOf"].push_back(
          {{"anyOf", {{{"required", Json::array({field.key})}}, {{"required", Json::array({field.replaced_by})}}}}});
  out["additionalProperties"] = false;
  return out;
}

Json forbid(std::initializer_list<const char*> keys) {
  Json any = Json::array();
  for (const char* key : keys) any.push_back({{"required", Json::array({key})}});
  return {{"not", {{"anyOf", any}}}};
}

}  // namespace

std::string json_schema() {
  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "szilard scenario, version 1"}};
  schema.update(definition(section("top")));
  schema["properties"]["szilard"]["maximum"] = 1;
  Json definitions = Json::object();
  for (const Section& one : sections()) {
    if (one.id != "top") definitions[one.id] = definition(one);
  }
  Json analog = {{"required", {"linear", "neuron"}}};
  analog.update(forbid({"digital", "quasistatic"}));
  Json digital = {{"required", Json::array({"digital"})}};
  digital.update(forbid({"linear", "input", "output", "neuron", "precision", "disable", "parts", "quasistatic"}));
  Json quasistatic = {{"required", Json::array({"quasistatic"})}};
  quasistatic.update(forbid({"linear", "input", "output", "neuron", "precision", "disable", "parts", "digital"}));
  definitions["platform"]["oneOf"] = Json::array({analog, digital, quasistatic});
  schema["$defs"] = definitions;
  return schema.dump(2) + "\n";
}

}  // namespace szilard::scenario
