// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <optional>
#include <utility>

#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/import/import_preset.hpp"

namespace szilard::import {
namespace {

using support::Diagnostic;
using support::DiagnosticCode;
using support::Dimension;

struct Line {
  std::string key, unit, value;
  int line = 0, value_column = 1;
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

class CellReader {
 public:
  CellReader(const std::string& text, const std::string& file) {
    import_.file = file;
    import_.format = "NVSim cell";
    int number = 0;
    for (std::size_t start = 0; start < text.size();) {
      const std::size_t end = std::min(text.find('\n', start), text.size());
      read_line(std::string_view(text).substr(start, end - start), ++number);
      start = end + 1;
    }
    if (lines_.empty() && problems_.empty())
      error(DiagnosticCode::file_format, 1, 1, "no line '-Key: value' in this file");
  }

  Import take() {
    if (problems_.empty()) take_keys();
    if (!problems_.empty()) throw support::InputError(std::move(problems_));
    for (const Line& line : lines_)
      if (!used_.count(line.key)) import_.left.push_back({line.key, reason(line.key)});
    return std::move(import_);
  }

 private:
  void error(DiagnosticCode code, int line, int column, std::string message, std::string hint = {}) {
    if (problems_.size() >= 20) return;
    Diagnostic diagnostic;
    diagnostic.code = code;
    diagnostic.where = {import_.file, line, column};
    diagnostic.message = std::move(message);
    diagnostic.hint = std::move(hint);
    problems_.push_back(std::move(diagnostic));
  }

  void read_line(std::string_view raw, int number) {
    for (const char* comment : {"//", "#"}) raw = raw.substr(0, raw.find(comment));
    const std::string_view text = trimmed(raw);
    if (text.empty()) return;
    const std::size_t colon = text.find(':');
    const int column = static_cast<int>(text.data() - raw.data()) + 1;
    if (text.front() != '-' || colon == std::string_view::npos)
      return error(DiagnosticCode::file_format, number, column,
                   "'" + std::string(text) + "' is not '-Key: value' or '-Key (unit): value'");
    Line line;
    line.line = number;
    const std::string_view value = trimmed(text.substr(colon + 1));
    line.value = value;
    line.value_column = static_cast<int>((value.empty() ? text.data() + colon : value.data()) - raw.data()) + 1;
    std::string_view name = trimmed(text.substr(1, colon - 1));
    if (const std::size_t open = name.find('('); open != std::string_view::npos && name.back() == ')') {
      line.unit = trimmed(name.substr(open + 1, name.size() - open - 2));
      name = trimmed(name.substr(0, open));
    }
    line.key = name;
    if (name.empty() || value.empty())
      return error(DiagnosticCode::file_format, number, line.value_column,
                   name.empty() ? "a key without a name" : "'" + line.key + "' has no value");
    if (find(line.key)) return error(DiagnosticCode::duplicate_key, number, column, "'" + line.key + "' stands twice");
    lines_.push_back(std::move(line));
  }

  const Line* find(const std::string& key) const {
    for (const Line& line : lines_)
      if (line.key == key) return &line;
    return nullptr;
  }

  // A number in SI, above 0.
  std::optional<double> number(const std::string& key, Dimension dimension) {
    const Line* line = find(key);
    if (!line) return std::nullopt;
    used_[key] = true;
    const auto parsed = support::parse_quantity(line->value + " " + line->unit, dimension);
    if (!parsed.error.empty()) {
      error(parsed.unit_error ? DiagnosticCode::wrong_unit : DiagnosticCode::bad_number, line->line, line->value_column,
            "'" + key + "': " + parsed.error);
      return std::nullopt;
    }
    if (!(parsed.value > 0)) {
      error(DiagnosticCode::out_of_range, line->line, line->value_column,
            "'" + key + "' is " + line->value + "; allowed: above 0");
      return std::nullopt;
    }
    return parsed.value;
  }

  std::string origin(const std::string& key) const {
    const Line& line = *find(key);
    return line.key + (line.unit.empty() ? "" : " (" + line.unit + ")") + ": " + line.value;
  }

  void take_quantity(const std::string& key, const char* into, Dimension dimension) {
    if (const auto value = number(key, dimension))
      import_.taken.push_back({into, support::quantity_text(*value, dimension), origin(key)});
  }

  void take_resistance(const char* at_read, const char* plain, const char* into) {
    const std::string key = find(at_read) ? at_read : plain;
    if (!find(key))
      return error(DiagnosticCode::missing_key, 1, 1,
                   std::string("no '-") + plain + " (ohm)': cells without a resistance cannot stand in a crossbar");
    if (const auto ohm = number(key, Dimension::resistance)) {
      resistances_[into] = *ohm;
      import_.taken.push_back({into, support::quantity_text(1 / *ohm, Dimension::conductance), origin(key)});
    }
  }

  void take_keys() {
    take_resistance("ResistanceOffAtReadVoltage", "ResistanceOff", "minimum_conductance");
    take_resistance("ResistanceOnAtReadVoltage", "ResistanceOn", "maximum_conductance");
    if (resistances_.size() == 2 && !(resistances_["minimum_conductance"] > resistances_["maximum_conductance"])) {
      const Line& line = *find(find("ResistanceOff") ? "ResistanceOff" : "ResistanceOffAtReadVoltage");
      error(DiagnosticCode::conflict, line.line, line.value_column,
            "the resistance of the off state is not above that of the on state");
    }
    take_quantity("ReadVoltage", "read_voltage", Dimension::voltage);
    take_quantity("ReadPulse", "read_time", Dimension::time);
    take_quantity("SetVoltage", "write_voltage", Dimension::voltage);
    take_quantity("SetPulse", "write_time", Dimension::time);
    const Line* node = find("ProcessNode");
    std::optional<double> node_nm;
    if (node) {
      const auto parsed = support::parse_quantity(node->value, Dimension::none);
      if (!parsed.error.empty() || !(parsed.value > 0))
        error(DiagnosticCode::bad_number, node->line, node->value_column,
              "'ProcessNode' takes a number of nanometres, not '" + node->value + "'");
      else node_nm = parsed.value, import_.technology = support::shortest(parsed.value) + " nm";
      used_["ProcessNode"] = true;
    }
    if (const Line* area = find("CellArea"); area && node_nm) {
      const auto parsed = support::parse_quantity(area->value, Dimension::none);
      used_["CellArea"] = true;
      if (!parsed.error.empty() || !(parsed.value > 0))
        return error(DiagnosticCode::bad_number, area->line, area->value_column,
                     "'CellArea' takes a number above 0, not '" + area->value + "'");
      const double feature_m = *node_nm * 1e-9;
      import_.taken.push_back({"cell_area",
                               support::quantity_text(parsed.value * feature_m * feature_m, Dimension::area),
                               origin("CellArea") + " at ProcessNode " + node->value + " nm"});
    }
  }

  static std::string reason(const std::string& key) {
    if (key == "CellArea") return "in squares of the feature size, which 'ProcessNode' would give";
    if (key.rfind("Reset", 0) == 0) return "one kind of programming pulse here: that of SET";
    if (key.rfind("ResistanceO", 0) == 0) return "cells are ohmic here: the resistance at the read voltage counts";
    return {};
  }

  Import import_;
  std::vector<Line> lines_;
  std::map<std::string, bool> used_;
  std::map<std::string, double> resistances_;
  std::vector<Diagnostic> problems_;
};

}  // namespace

Import parse_cell(const std::string& text, const std::string& file) { return CellReader(text, file).take(); }

}  // namespace szilard::import
