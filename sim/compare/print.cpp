// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <ostream>

#include "sim/compare/compare.hpp"
#include "sim/report/text_table.hpp"

namespace szilard::compare {
namespace {

using Json = nlohmann::ordered_json;

std::string number(const std::optional<double>& value) {
  if (!value) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.5g", *value);
  return text;
}

std::string change(const Figure& figure) {
  if (!figure.a || !figure.b) return figure.a ? "gone" : "new";
  if (*figure.a == 0) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%+.3g %%", 100 * figure.difference() / std::abs(*figure.a));
  return text;
}

std::string verdict(const Figure& figure) {
  if (!figure.significant) return "";
  return *figure.significant ? "yes" : "no";
}

void print_figures(std::ostream& out, const std::vector<Figure>& figures, const char* title, std::size_t most) {
  using Align = report::TextTable::Align;
  report::TextTable table({{title, Align::left},
                           {"A", Align::right},
                           {"B", Align::right},
                           {"B - A", Align::right},
                           {"change", Align::right},
                           {"standard error", Align::right},
                           {"significant", Align::left}});
  std::size_t shown = 0;
  for (const Figure& figure : figures) {
    if (most > 0 && shown++ >= most) break;
    table.add({figure.name, number(figure.a), number(figure.b), number(figure.difference()), change(figure),
               number(figure.standard_error), verdict(figure)});
  }
  table.print(out);
  if (most > 0 && figures.size() > most) out << "... and " << figures.size() - most << " more: --all\n";
}

void print_inputs(std::ostream& out, const std::vector<Input>& inputs) {
  for (const Input& input : inputs)
    out << "  " << input.key << ": " << (input.a.empty() ? "absent" : input.a) << " -> "
        << (input.b.empty() ? "absent" : input.b) << '\n';
}

Json figure_json(const Figure& figure) {
  const auto optional = [](const auto& value) { return value ? Json(*value) : Json(nullptr); };
  return {{"name", figure.name},
          {"a", optional(figure.a)},
          {"b", optional(figure.b)},
          {"difference", figure.difference()},
          {"standard_error", optional(figure.standard_error)},
          {"significant", optional(figure.significant)}};
}

Json inputs_json(const std::vector<Input>& inputs) {
  Json list = Json::array();
  for (const Input& input : inputs) list.push_back({{"key", input.key}, {"a", input.a}, {"b", input.b}});
  return list;
}

}  // namespace

void print(std::ostream& out, const Comparison& comparison, std::size_t most) {
  out << "A: " << comparison.a << "\nB: " << comparison.b << "\n";
  if (!comparison.inputs.empty()) out << "\ninputs of every platform that differ:\n";
  print_inputs(out, comparison.inputs);
  for (const Platform& platform : comparison.platforms) {
    out << "\n" << platform.name;
    if (!platform.in_a || !platform.in_b) {
      out << ": only in " << (platform.in_a ? "A" : "B") << "\n";
      continue;
    }
    out << (platform.inputs.empty() ? "\n" : ", whose own inputs differ:\n");
    print_inputs(out, platform.inputs);
    print_figures(out, platform.figures, "figure", 0);
    if (!platform.components.empty()) print_figures(out, platform.components, "dissipated joules per inference", most);
  }
  if (!comparison.differ()) out << "\nno figure differs\n";
}

std::string to_json(const Comparison& comparison) {
  Json json = {{"schema", "szilard.compare/1"}, {"a", comparison.a}, {"b", comparison.b}};
  json["inputs"] = inputs_json(comparison.inputs);
  json["platforms"] = Json::array();
  for (const Platform& platform : comparison.platforms) {
    Json entry = {{"name", platform.name}, {"in_a", platform.in_a}, {"in_b", platform.in_b}};
    entry["inputs"] = inputs_json(platform.inputs);
    entry["figures"] = Json::array();
    for (const Figure& figure : platform.figures) entry["figures"].push_back(figure_json(figure));
    entry["components"] = Json::array();
    for (const Figure& figure : platform.components) entry["components"].push_back(figure_json(figure));
    json["platforms"].push_back(entry);
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace szilard::compare
