// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>
#include <sstream>

#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/bounds/bounds.hpp"

namespace szilard::bounds {
namespace {

using Json = nlohmann::ordered_json;

Json number(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

std::string exact(const std::optional<double>& value) { return value ? support::shortest(*value) : ""; }

std::string short_text(const std::optional<double>& value) {
  if (!value) return "-";
  std::ostringstream text;
  text << std::setprecision(4) << *value;
  return text.str();
}

/// Columns a terminal gives to UTF-8 text: bytes that begin a character.
std::size_t width_of(const std::string& text) {
  return std::size_t(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

}  // namespace

void check_ids(const std::vector<BoundRow>& rows) {
  std::set<std::string> seen;
  for (const BoundRow& row : rows)
    if (!seen.insert(row.id).second)
      throw support::InputError(support::DiagnosticCode::conflict, {"command line", 1, 1},
                                "two workloads give " + row.id,
                                "workloads of one kind are told apart by calling szilard bounds for each");
}

std::string to_json(const std::vector<BoundRow>& rows) {
  Json list = Json::array();
  for (const BoundRow& row : rows)
    list.push_back({{"id", row.id},
                    {"quantity", row.quantity},
                    {"unit", row.unit},
                    {"paper", number(row.paper)},
                    {"from_formula", number(row.from_formula)},
                    {"corrected", number(row.corrected)},
                    {"assumptions", row.assumptions}});
  return Json{{"rows", list}}.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::string to_csv(const std::vector<BoundRow>& rows) {
  std::string out = "id,quantity,unit,paper,from_formula,corrected,assumptions\n";
  for (const BoundRow& row : rows)
    out += row.id + "," + quoted(row.quantity) + "," + quoted(row.unit) + "," + exact(row.paper) + "," +
           exact(row.from_formula) + "," + exact(row.corrected) + "," + quoted(row.assumptions) + "\n";
  return out;
}

void print_table(std::ostream& out, const std::vector<BoundRow>& rows) {
  std::vector<std::vector<std::string>> cells = {{"id", "quantity", "unit", "paper", "its formula", "corrected"}};
  for (const BoundRow& row : rows)
    cells.push_back({row.id, row.quantity, row.unit, short_text(row.paper), short_text(row.from_formula),
                     short_text(row.corrected)});
  std::vector<std::size_t> widths(cells.front().size());
  for (const auto& line : cells)
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], width_of(line[i]));
  for (std::size_t n = 0; n < cells.size(); ++n) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const std::string pad(widths[i] - width_of(cells[n][i]), ' ');
      out << (i >= 3 ? pad + cells[n][i] : cells[n][i] + pad) << "  ";
    }
    out << (n == 0 ? "assumptions" : rows[n - 1].assumptions) << '\n';
  }
}

}  // namespace szilard::bounds
