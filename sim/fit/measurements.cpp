// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/fit/measurements.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"

namespace szilard::fit {
namespace {

using support::Diagnostic;
using support::DiagnosticCode;
using support::Dimension;
using support::InputError;
using support::SourceLocation;

constexpr std::size_t kMostProblems = 20;
constexpr std::uintmax_t kMostBytes = std::uintmax_t(1) << 30;

enum class Column { target, measured, time, cell };

struct Field {
  std::string_view text;
  int column = 1;
};

struct Row {
  double target_s = 0, measured_s = 0, time_s = 0;
  std::uint64_t cell = 0;
  int line = 0;
};

std::vector<Field> fields_of(std::string_view line) {
  std::vector<Field> fields;
  for (std::size_t start = 0;;) {
    const std::size_t comma = std::min(line.find(',', start), line.size());
    std::size_t first = start, last = comma;
    while (first < last && (line[first] == ' ' || line[first] == '\t')) ++first;
    while (last > first && (line[last - 1] == ' ' || line[last - 1] == '\t')) --last;
    fields.push_back({line.substr(first, last - first), static_cast<int>(first) + 1});
    if (comma == line.size()) return fields;
    start = comma + 1;
  }
}

std::optional<double> time_unit_s(std::string_view unit) {
  if (unit == "min") return 60.0;
  if (unit == "h") return 3600.0;
  if (unit == "d") return 86400.0;
  const auto parsed = support::parse_quantity("1 " + std::string(unit), Dimension::time);
  return parsed.error.empty() ? std::optional<double>(parsed.value) : std::nullopt;
}

class Parser {
 public:
  Parser(std::string_view text, const std::string& file, CellRule rule) : text_(text), file_(file), rule_(rule) {
    if (text_.substr(0, 3) == "\xEF\xBB\xBF") text_.remove_prefix(3);
  }

  Measurements parse() {
    read_lines();
    if (columns_.empty() && problems_.empty()) error(DiagnosticCode::file_format, 1, 1, "the file has no header line");
    throw_if_wrong();
    if (rows_.empty()) error(DiagnosticCode::file_format, line_, 1, "the file has a header and no measurements");
    throw_if_wrong();
    if (!has(Column::cell)) number_cells();
    throw_if_wrong();
    Measurements out = gather();
    throw_if_wrong();
    return out;
  }

 private:
  struct Header {
    Column column;
    double unit = 1;
    std::string name;
  };

  bool has(Column column) const {
    return std::any_of(columns_.begin(), columns_.end(), [&](const Header& h) { return h.column == column; });
  }

  void error(DiagnosticCode code, int line, int column, std::string message, std::string hint = {}) {
    if (problems_.size() >= kMostProblems) return;
    Diagnostic diagnostic;
    diagnostic.code = code;
    diagnostic.where = {file_, line, column};
    diagnostic.message = std::move(message);
    diagnostic.hint = std::move(hint);
    problems_.push_back(std::move(diagnostic));
  }

  void throw_if_wrong() {
    if (!problems_.empty()) throw InputError(std::move(problems_));
  }

  void read_lines() {
    for (std::size_t start = 0; start < text_.size();) {
      const std::size_t end = std::min(text_.find('\n', start), text_.size());
      std::string_view line = text_.substr(start, end - start);
      start = end + 1;
      ++line_;
      if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
      if (line.find_first_not_of(" \t") == std::string_view::npos || line.front() == '#') continue;
      const std::size_t bad = std::find_if(line.begin(), line.end(),
                                           [](char c) {
                                             const auto byte = static_cast<unsigned char>(c);
                                             return (byte < 0x20 && c != '\t') || c == '"' || byte == 0x7F;
                                           }) -
                              line.begin();
      if (bad < line.size()) {
        error(DiagnosticCode::file_format, line_, static_cast<int>(bad) + 1,
              line[bad] == '"' ? "a quotation mark; fields are plain numbers" : "a control character");
        if (columns_.empty()) return;
        continue;
      }
      if (columns_.empty()) {
        read_header(line);
        if (!problems_.empty()) return;
      } else {
        read_row(line);
      }
      if (problems_.size() >= kMostProblems) return;
    }
  }

  void read_header(std::string_view line) {
    for (const Field& field : fields_of(line)) {
      const std::string name(field.text);
      const std::size_t bar = name.rfind('_');
      const std::string stem = name.substr(0, bar), unit = bar == std::string::npos ? "" : name.substr(bar + 1);
      std::optional<double> scale;
      Column column = Column::cell;
      if (name == "cell") {
        scale = 1.0;
      } else if (stem == "target" || stem == "measured") {
        column = stem == "target" ? Column::target : Column::measured;
        const auto parsed = support::parse_quantity("1 " + unit, Dimension::conductance);
        if (!unit.empty() && parsed.error.empty()) scale = parsed.value;
      } else if (stem == "time") {
        column = Column::time;
        if (!unit.empty()) scale = time_unit_s(unit);
      } else {
        error(DiagnosticCode::unknown_key, line_, field.column, "unknown column '" + name + "'",
              "columns here: target_S, measured_S, time_s, cell; units may have prefixes, e.g. measured_uS");
        continue;
      }
      if (!scale) {
        error(DiagnosticCode::wrong_unit, line_, field.column, "column '" + name + "' does not end in its unit",
              column == Column::time ? "write e.g. time_s, time_us, time_h" : "write e.g. " + stem + "_uS");
      } else if (has(column)) {
        error(DiagnosticCode::duplicate_key, line_, field.column, "column '" + name + "' stands twice");
      }
      columns_.push_back({column, scale.value_or(1), name});
    }
    for (const auto& [column, name] : {std::pair<Column, const char*>{Column::target, "target_S"},
                                       std::pair<Column, const char*>{Column::measured, "measured_S"}}) {
      if (!has(column))
        error(DiagnosticCode::missing_key, line_, 1, std::string("no column '") + name + "'",
              "the first line names the columns, with their units");
    }
  }

  void read_row(std::string_view line) {
    const std::vector<Field> fields = fields_of(line);
    if (fields.size() != columns_.size()) {
      const std::size_t at = std::min(fields.size(), columns_.size() + 1) - 1;
      error(DiagnosticCode::file_format, line_, fields[at].column,
            std::to_string(fields.size()) + " fields, the header has " + std::to_string(columns_.size()));
      return;
    }
    Row row;
    row.line = line_;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const Field& field = fields[i];
      const Header& header = columns_[i];
      const char* const end = field.text.data() + field.text.size();
      if (header.column == Column::cell) {
        const auto [stop, wrong] = std::from_chars(field.text.data(), end, row.cell);
        if (wrong != std::errc() || stop != end)
          return error(DiagnosticCode::bad_number, line_, field.column,
                       "'cell' takes a whole number, not '" + std::string(field.text) + "'");
        continue;
      }
      double number = 0;
      const auto [stop, wrong] = std::from_chars(field.text.data(), end, number);
      if (wrong != std::errc() || stop != end || !std::isfinite(number * header.unit))
        return error(DiagnosticCode::bad_number, line_, field.column,
                     "'" + header.name + "': '" + std::string(field.text) + "' is not a finite decimal number");
      if (number < 0)
        return error(DiagnosticCode::out_of_range, line_, field.column,
                     "'" + header.name + "' is " + std::string(field.text) + "; allowed: at least 0",
                     header.column == Column::measured ? "take the instrument's offset off first" : "");
      (header.column == Column::target     ? row.target_s
       : header.column == Column::measured ? row.measured_s
                                           : row.time_s) = number * header.unit;
    }
    rows_.push_back(row);
  }

  void number_cells() {
    std::map<double, std::uint64_t> targets;
    for (const Row& row : rows_) targets.emplace(row.target_s, targets.size());
    if (rule_ == CellRule::by_target) {
      for (Row& row : rows_) row.cell = targets.at(row.target_s);
      return;
    }
    std::map<std::pair<double, double>, std::uint64_t> seen;
    for (Row& row : rows_) row.cell = seen[{row.target_s, row.time_s}]++ * targets.size() + targets.at(row.target_s);
    std::map<double, std::uint64_t> first;
    for (const auto& [key, count] : seen) {
      const auto [entry, is_new] = first.emplace(key.first, count);
      if (is_new || entry->second == count) continue;
      const double target = key.first, time = key.second;
      const auto row = std::find_if(rows_.begin(), rows_.end(),
                                    [&](const Row& r) { return r.target_s == target && r.time_s == time; });
      error(DiagnosticCode::shape_mismatch, row->line, 1,
            "target " + support::engineering(key.first, "S") + " has " + std::to_string(count) + " rows at " +
                support::engineering(key.second, "s") + " and " + std::to_string(entry->second) + " at another time",
            "add a column 'cell' that tells cells apart");
    }
  }

  Measurements gather() {
    Measurements out;
    out.file = file_;
    out.rows = rows_.size();
    out.has_times = has(Column::time);
    out.has_cells = has(Column::cell);
    std::map<std::uint64_t, std::map<double, std::vector<double>>> readings;
    std::map<std::uint64_t, double> targets;
    for (const Row& row : rows_) {
      const auto [entry, is_new] = targets.emplace(row.cell, row.target_s);
      if (!is_new && entry->second != row.target_s)
        error(DiagnosticCode::conflict, row.line, 1,
              "cell " + std::to_string(row.cell) + " has the target " + support::engineering(row.target_s, "S") +
                  " here and " + support::engineering(entry->second, "S") + " before");
      readings[row.cell][row.time_s].push_back(row.measured_s);
    }
    for (auto& [cell, times] : readings) {
      Cell made;
      made.target_s = targets.at(cell);
      for (auto& [time, values] : times) made.readings.push_back({time, std::move(values)});
      out.cells.push_back(std::move(made));
    }
    return out;
  }

  std::string_view text_;
  const std::string& file_;
  CellRule rule_;
  int line_ = 0;
  std::vector<Header> columns_;
  std::vector<Row> rows_;
  std::vector<Diagnostic> problems_;
};

}  // namespace

Measurements parse_measurements(std::string_view text, const std::string& file, CellRule rule) {
  return Parser(text, file, rule).parse();
}

Measurements load_measurements(const std::string& path, CellRule rule) {
  std::error_code failed;
  const auto bytes = std::filesystem::is_regular_file(path, failed) ? std::filesystem::file_size(path, failed) : 0;
  std::ifstream stream(path, std::ios::binary);
  if (failed || !std::filesystem::is_regular_file(path, failed) || !stream)
    throw InputError(DiagnosticCode::file_not_found, {path, 1, 1}, "cannot read this file");
  if (bytes > kMostBytes)
    throw InputError(DiagnosticCode::file_too_large, {path, 1, 1}, "the file is larger than 1 GiB");
  std::ostringstream text;
  text << stream.rdbuf();
  return parse_measurements(text.str(), path, rule);
}

}  // namespace szilard::fit
