// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>

#include "models/support/units.hpp"
#include "sim/report/text_table.hpp"
#include "sim/study/iso_search.hpp"
#include "sim/study/rows.hpp"
#include "sim/study/study.hpp"

namespace szilard::study {
namespace {

using Json = nlohmann::ordered_json;

const char* const kStates[] = {"open", "running", "done", "failed"};

void print_csv(std::ostream& out, Rows& rows, bool all) {
  for (const std::string& axis : rows.header().axes) out << csv_text(axis) << ',';
  out << "seed";
  for (const std::string& name : rows.metrics()) out << ',' << csv_text(name);
  if (all) out << ",id,state,started_s,seconds,host,attempts,address,message";
  out << '\n';
  std::string line;
  rows.for_each([&](const Store::Row& row, const std::vector<double>& metrics) {
    line.clear();
    for (const std::string& value : row.values) line += csv_text(value) + ',';
    line += std::to_string(row.seed);
    for (const double value : metrics) {
      line += ',';
      if (!std::isnan(value)) line += support::shortest(value);
    }
    if (all)
      line += ',' + std::to_string(row.id) + ',' + kStates[int(row.state)] + ',' + support::shortest(row.started_s) +
              ',' + support::shortest(row.seconds) + ',' + csv_text(row.host) + ',' + std::to_string(row.attempts) +
              ',' + row.address + ',' + csv_text(row.message);
    out << line << '\n';
  });
}

void print_json(std::ostream& out, Rows& rows, bool all) {
  const StudyHeader& header = rows.header();
  out << "{\"schema\": \"szilard.results/1\", \"study\": " << Json(header.name) << ", \"axes\": " << Json(header.axes)
      << ", \"seeds\": " << Json(header.seeds) << ", \"metrics\": " << Json(rows.metrics()) << ", \"rows\": [";
  const char* separator = "\n";
  rows.for_each([&](const Store::Row& row, const std::vector<double>& metrics) {
    Json json = Json::object();
    for (std::size_t a = 0; a < header.axes.size(); ++a) json[header.axes[a]] = value_json(row.values.at(a));
    json["seed"] = row.seed;
    for (std::size_t m = 0; m < metrics.size(); ++m)
      json[rows.metrics()[m]] = std::isnan(metrics[m]) ? Json(nullptr) : Json(metrics[m]);
    if (all) {
      json["id"] = row.id, json["state"] = kStates[int(row.state)], json["started_s"] = row.started_s;
      json["seconds"] = row.seconds, json["host"] = row.host, json["attempts"] = row.attempts,
      json["address"] = row.address;
      json["message"] = row.message;
    }
    out << separator << json.dump(-1, ' ', false, Json::error_handler_t::replace);
    separator = ",\n";
  });
  out << "\n]}\n";
}

bool is_leading(const std::string& metric) {
  for (const char* const end : {".accuracy", ".energy.per_inference_J", ".latency_s"}) {
    const std::string text = end;
    if (metric.size() > text.size() && metric.compare(metric.size() - text.size(), text.size(), text) == 0) return true;
  }
  return metric.compare(0, 4, "iso.") == 0;
}

void print_text(std::ostream& out, Rows& rows, bool all) {
  constexpr std::size_t kShown = 60;
  std::vector<std::size_t> columns;
  for (std::size_t m = 0; m < rows.metrics().size(); ++m)
    if (is_leading(rows.metrics()[m]) && rows.metrics()[m] != "reference.accuracy") columns.push_back(m);
  using Align = report::TextTable::Align;
  std::vector<report::TextTable::Column> head;
  for (const std::string& axis : rows.header().axes) head.push_back({axis, Align::right});
  head.push_back({"seed", Align::right});
  for (const std::size_t m : columns) head.push_back({rows.metrics()[m], Align::right});
  if (all)
    head.insert(head.end(),
                {{"state", Align::left}, {"seconds", Align::right}, {"host", Align::left}, {"attempts", Align::right}});
  report::TextTable table(head);
  std::size_t count = 0, open = 0, failed = 0;
  std::string first_failure;
  rows.for_each([&](const Store::Row& row, const std::vector<double>& metrics) {
    open += row.state == Store::Row::State::open || row.state == Store::Row::State::claimed;
    if (row.state == Store::Row::State::failed && failed++ == 0) first_failure = row.message;
    if (count++ >= kShown) return;
    std::vector<std::string> cells = row.values;
    cells.push_back(std::to_string(row.seed));
    for (const std::size_t m : columns) {
      char text[32];
      std::snprintf(text, sizeof text, "%.5g", metrics[m]);
      cells.push_back(std::isnan(metrics[m]) ? "-" : text);
    }
    if (all)
      cells.insert(cells.end(), {kStates[int(row.state)], support::engineering(row.seconds, "s", 3), row.host,
                                 std::to_string(row.attempts)});
    table.add(cells);
  });
  table.print(out);
  if (count > kShown)
    out << "... and " << count - kShown << " rows more: --csv and --json show all, with every metric\n";
  if (open > 0) out << open << " of " << count << " points are open\n";
  if (failed > 0) out << failed << " of " << count << " points failed; the first: " << first_failure << '\n';
  if (const std::string shortfall = iso_shortfall(rows); !shortfall.empty()) out << shortfall << '\n';
}

}  // namespace

void print_results(std::ostream& out, const std::string& directory, ResultsFormat format, bool all) {
  Rows rows(directory);
  if (format == ResultsFormat::csv) print_csv(out, rows, all);
  else if (format == ResultsFormat::json) print_json(out, rows, all);
  else print_text(out, rows, all);
}

}  // namespace szilard::study
