// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "sim/papers/papers.hpp"
#include "sim/scenario/yaml.hpp"

namespace szilard::papers {
namespace {

namespace fs = std::filesystem;
using scenario::Entry;
using scenario::Node;
using support::DiagnosticCode;
using support::Dimension;

/// "0.14 W": 0.005 W.
double half_last_digit(const std::string& text, double value) {
  const std::string number = text.substr(0, text.find_first_not_of("0123456789."));
  const std::size_t dot = number.find('.');
  const double decimals = dot == std::string::npos ? 0 : static_cast<double>(number.size() - dot - 1);
  const double written = std::strtod(number.c_str(), nullptr);
  return written > 0 ? 0.5 * std::pow(10, -decimals) * value / written : 0.0;
}

class ChipReader {
 public:
  explicit ChipReader(const std::string& file) : file_(file) {}

  Chip read() {
    const Node root = scenario::parse_yaml(scenario::read_yaml_file(file_), file_);
    Chip chip;
    chip.file = file_;
    chip.scenario = (fs::path(file_).parent_path() / "scenario.yaml").string();
    check_keys(root, {"chip", "reference", "workload", "classes"});
    chip.name = text(root, "chip"), chip.reference = text(root, "reference"), chip.workload = text(root, "workload");
    if (const Node* classes = get(root, "classes", Node::Kind::list)) {
      for (const Node& one : classes->items) chip.classes.push_back(read_class(one));
      if (classes->items.empty())
        error(DiagnosticCode::missing_key, classes->where(),
              "'classes' is empty: a chip has at least one published figure");
    }
    if (!problems_.empty()) throw support::InputError(std::move(problems_));
    return chip;
  }

 private:
  void error(DiagnosticCode code, support::SourceLocation where, std::string message, std::string hint = {}) {
    problems_.push_back({support::Severity::error, code, std::move(where), std::move(message), std::move(hint)});
  }

  void check_keys(const Node& map, const std::vector<std::string>& known) {
    if (map.kind != Node::Kind::map)
      return error(DiagnosticCode::wrong_type, map.where(),
                   "a map of keys stands here, not " + scenario::describe(map));
    std::string list;
    for (const std::string& key : known) list += (list.empty() ? "" : ", ") + key;
    for (const Entry& entry : map.entries) {
      if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
      const std::string near = support::nearest(entry.key, known);
      error(DiagnosticCode::unknown_key, entry.where(), "unknown key '" + entry.key + "'",
            near.empty() ? "keys here: " + list : "did you mean '" + near + "'?");
    }
  }

  const Node* get(const Node& map, const std::string& key, Node::Kind kind, bool is_needed = true) {
    const Entry* entry = map.kind == Node::Kind::map ? map.find(key) : nullptr;
    if (!entry) {
      if (is_needed) error(DiagnosticCode::missing_key, map.where(), "key '" + key + "' is missing");
      return nullptr;
    }
    if (entry->value.kind != kind) {
      const char* wanted = kind == Node::Kind::list ? "a list" : kind == Node::Kind::map ? "a map" : "text";
      error(DiagnosticCode::wrong_type, entry->value.where(),
            "'" + key + "' takes " + wanted + ", not " + scenario::describe(entry->value));
      return nullptr;
    }
    return &entry->value;
  }
  std::string text(const Node& map, const std::string& key, bool is_needed = true) {
    const Node* node = get(map, key, Node::Kind::scalar, is_needed);
    return node ? node->text : std::string();
  }
  std::vector<std::string> texts(const Node& map, const std::string& key) {
    std::vector<std::string> found;
    if (const Node* list = get(map, key, Node::Kind::list)) {
      for (const Node& item : list->items) {
        if (item.kind == Node::Kind::scalar) found.push_back(item.text);
        else
          error(DiagnosticCode::wrong_type, item.where(),
                "'" + key + "' takes a list of texts, not " + scenario::describe(item));
      }
    }
    return found;
  }
  /// The place of one of a few words; the first where it is none of them.
  std::size_t word(const Node& map, const std::string& key, const std::vector<std::string>& words,
                   bool is_needed = true) {
    const Node* node = get(map, key, Node::Kind::scalar, is_needed);
    if (!node) return 0;
    const auto found = std::find(words.begin(), words.end(), node->text);
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
    std::string list;
    for (const std::string& one : words) list += (list.empty() ? "" : ", ") + one;
    error(DiagnosticCode::unknown_choice, node->where(),
          "'" + key + "' takes one of: " + list + "; not '" + node->text + "'");
    return 0;
  }

  Per per_of(const Node& map) {
    Per per;
    const Node* node = get(map, "per", Node::Kind::scalar, false);
    per.text = node ? node->text : "inference";
    if (per.text == "inference") return per;
    if (per.text == "mac") return per.unit = Per::Unit::mac, per;
    if (per.text == "operation") return per.unit = Per::Unit::operation, per;
    if (const auto time = support::parse_quantity(per.text, Dimension::time); time.error.empty() && time.value > 0) {
      per.unit = Per::Unit::time, per.value = time.value;
      return per;
    }
    char* end = nullptr;
    per.value = std::strtod(per.text.c_str(), &end);
    per.unit = Per::Unit::count;
    if (end == per.text.c_str() || *end != '\0' || !std::isfinite(per.value) || per.value <= 0)
      error(DiagnosticCode::wrong_type, node->where(),
            "'per' takes inference, mac, operation, a number above 0 or a time, not '" + per.text + "'");
    return per;
  }

  void read_published(const Node& map, ComponentClass& one) {
    const Node* published = get(map, "published", Node::Kind::map);
    if (!published) return;
    check_keys(*published, {"value", "source", "status"});
    one.source = text(*published, "source");
    const std::vector<std::string> statuses = {"read", "recall", "choice", "user"};
    one.status = statuses[word(*published, "status", statuses)];
    const Node* value = get(*published, "value", Node::Kind::scalar);
    if (!value) return;
    const auto quantity = support::parse_quantity(value->text, one.dimension());
    if (!quantity.error.empty())
      return error(DiagnosticCode::wrong_unit, value->where(), "'value': " + quantity.error,
                   "it is a quantity of " + std::string(support::dimension_name(one.dimension())) + " in " +
                       std::string(support::si_unit(one.dimension())));
    one.published = quantity.value;
    one.rounding = half_last_digit(value->text, quantity.value);
    if (!(one.published > 0)) error(DiagnosticCode::out_of_range, value->where(), "a published figure is above 0");
  }

  ComponentClass read_class(const Node& map) {
    ComponentClass one;
    one.where = map.where();
    check_keys(
        map, {"name", "grade", "published", "measure", "per", "platform", "components", "scope", "why", "experiments"});
    if (map.kind != Node::Kind::map) return one;
    one.name = text(map, "name"), one.scope = text(map, "scope"), one.why = text(map, "why");
    one.platform = text(map, "platform");
    one.grade = static_cast<Grade>(word(map, "grade", {"T", "P", "P*", "X"}));
    one.measure = static_cast<ComponentClass::Measure>(word(map, "measure", {"energy", "area", "time"}, false));
    one.per = per_of(map);
    read_published(map, one);
    if (one.measure != ComponentClass::Measure::time) one.components = texts(map, "components");
    if (one.measure != ComponentClass::Measure::energy && map.find("per"))
      error(DiagnosticCode::conflict, map.find("per")->where(), "'per' has no meaning but with energies");
    if (const Node* experiments = get(map, "experiments", Node::Kind::list, false)) {
      for (const Node& item : experiments->items) {
        check_keys(item, {"set", "shows"});
        if (item.kind == Node::Kind::map) one.experiments.push_back({texts(item, "set"), text(item, "shows")});
      }
    }
    return one;
  }

  std::string file_;
  std::vector<support::Diagnostic> problems_;
};

}  // namespace

Chip load_chip(const std::string& file) { return ChipReader(file).read(); }

std::vector<std::string> find_chips(const std::vector<std::string>& paths) {
  std::vector<std::string> found;
  for (const std::string& path : paths) {
    if (fs::is_regular_file(path)) {
      found.push_back(path);
      continue;
    }
    if (!fs::is_directory(path))
      throw support::InputError(DiagnosticCode::file_not_found, {path, 1, 1}, "no such file or folder");
    for (const auto& entry : fs::recursive_directory_iterator(path))
      if (entry.path().filename() == "published.yaml") found.push_back(entry.path().string());
  }
  std::sort(found.begin(), found.end());
  if (found.empty())
    throw support::InputError(DiagnosticCode::file_not_found, {paths.empty() ? "" : paths.front(), 1, 1},
                              "no published.yaml here");
  return found;
}

}  // namespace szilard::papers
