// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/plot/plot.hpp"
#include "sim/report/text_table.hpp"
#include "sim/study/rows.hpp"
#include "sim/study/statistics.hpp"
#include "sim/study/study.hpp"

namespace szilard::study {
namespace {

using Json = nlohmann::ordered_json;
using support::DiagnosticCode;
using support::InputError;

/// One point and metric.
struct Entry {
  std::size_t point = 0, metric = 0;
  Sample sample;
  std::vector<std::uint64_t> seeds;      ///< of the values
  std::optional<Difference> difference;  ///< from the point compared with
  bool is_significant = false;
};

struct Table {
  std::vector<std::string> axes, metrics;
  std::vector<std::vector<std::string>> points;  ///< values of their axes
  std::vector<Entry> entries;                    ///< by point, then metric
};

InputError usage(const std::string& text, const std::string& hint) {
  return InputError(DiagnosticCode::usage, {"command line", 1, 1}, text, hint);
}

/// Columns that "energy" (of every platform), "rram.energy" or a whole name stands for.
std::vector<std::size_t> columns_of(const Rows& rows, const std::vector<std::string>& wanted) {
  const std::vector<std::string>& names = rows.metrics();
  std::vector<std::size_t> columns;
  for (const std::string& metric : wanted) {
    const std::size_t dot = metric.find('.');
    const std::string full = full_name(metric),
                      below = dot == std::string::npos ? full : full_name(metric.substr(dot + 1));
    const std::string of_platform = dot == std::string::npos ? full : metric.substr(0, dot) + "." + below;
    const std::size_t before = columns.size();
    for (std::size_t m = 0; m < names.size(); ++m) {
      const std::size_t first = names[m].find('.');
      const bool everywhere =
          first != std::string::npos && names[m].substr(first + 1) == full && names[m].rfind("reference.", 0) != 0;
      if (names[m] == metric || names[m] == of_platform || everywhere) columns.push_back(m);
    }
    if (columns.size() == before) {
      const std::string near = support::nearest(of_platform, names);
      throw usage("this study has no figure '" + metric + "'",
                  near.empty() ? "szilard results STUDY --csv names every metric" : "did you mean '" + near + "'?");
    }
  }
  return columns;
}

Table collect(Rows& rows, const std::vector<std::string>& wanted) {
  Table table;
  table.axes = rows.header().axes;
  const std::vector<std::size_t> columns = columns_of(rows, wanted);
  for (const std::size_t m : columns) table.metrics.push_back(rows.metrics()[m]);
  const auto seeds = std::int64_t(rows.header().seeds.size());
  std::int64_t current = -1;
  rows.for_each([&](const Store::Row& row, const std::vector<double>& metrics) {
    if (row.id / seeds != current) {
      current = row.id / seeds;
      for (std::size_t m = 0; m < columns.size(); ++m)
        table.entries.push_back({table.points.size(), m, {}, {}, {}, false});
      table.points.push_back(row.values);
    }
    Entry* const entries = &table.entries[table.entries.size() - columns.size()];
    for (std::size_t m = 0; m < columns.size(); ++m) {
      if (!std::isfinite(metrics[columns[m]])) continue;
      entries[m].sample.values.push_back(metrics[columns[m]]);
      entries[m].seeds.push_back(row.seed);
    }
  });
  return table;
}

/// Runs of the same seed beside one another.
std::optional<Difference> difference_of(const Entry& a, const Entry& b) {
  Sample in_a, in_b;
  for (std::size_t i = 0, j = 0; i < a.seeds.size() && j < b.seeds.size();) {
    if (a.seeds[i] == b.seeds[j])
      in_a.values.push_back(a.sample.values[i++]), in_b.values.push_back(b.sample.values[j++]);
    else a.seeds[i] < b.seeds[j] ? ++i : ++j;
  }
  return paired_difference(in_a, in_b);
}

void hold_against(Table& table, std::size_t against) {
  std::vector<double> p;
  std::vector<Entry*> compared;
  for (Entry& entry : table.entries) {
    if (entry.point == against) continue;
    entry.difference = difference_of(table.entries[against * table.metrics.size() + entry.metric], entry);
    if (!entry.difference) continue;
    p.push_back(entry.difference->p);
    compared.push_back(&entry);
  }
  const std::vector<bool> is_significant = significant(p);
  for (std::size_t i = 0; i < compared.size(); ++i) compared[i]->is_significant = is_significant[i];
}

std::string short_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.5g", value);
  return text;
}

std::string with_width(double value, double half_width) {
  char text[32];
  std::snprintf(text, sizeof text, " +- %.2g", half_width);
  return short_text(value) + (half_width > 0 ? text : "");
}

void print_text(std::ostream& out, const Table& table, const SpreadOptions& options) {
  using Align = report::TextTable::Align;
  std::vector<report::TextTable::Column> head = {{"point", Align::right}};
  for (const std::string& axis : table.axes) head.push_back({axis, Align::right});
  head.insert(head.end(), {{"metric", Align::left},
                           {"runs", Align::right},
                           {"mean", Align::right},
                           {"deviation", Align::right},
                           {"least", Align::right},
                           {"most", Align::right}});
  if (options.against)
    head.insert(head.end(), {{"difference", Align::right}, {"p", Align::right}, {"significant", Align::left}});
  report::TextTable text(head);
  constexpr std::size_t kShown = 200;
  for (std::size_t e = 0; e < std::min(kShown, table.entries.size()); ++e) {
    const Entry& entry = table.entries[e];
    std::vector<std::string> cells = {std::to_string(entry.point + 1)};
    cells.insert(cells.end(), table.points[entry.point].begin(), table.points[entry.point].end());
    cells.push_back(table.metrics[entry.metric]);
    cells.push_back(std::to_string(entry.sample.values.size()));
    if (entry.sample.values.empty()) {
      cells.insert(cells.end(), {"-", "-", "-", "-"});
    } else {
      const auto [least, most] = std::minmax_element(entry.sample.values.begin(), entry.sample.values.end());
      cells.insert(cells.end(), {with_width(entry.sample.mean(), entry.sample.half_width()),
                                 short_text(entry.sample.standard_deviation()), short_text(*least), short_text(*most)});
    }
    if (entry.difference)
      cells.insert(cells.end(), {with_width(entry.difference->mean, entry.difference->half_width),
                                 short_text(entry.difference->p), entry.is_significant ? "yes" : "no"});
    else if (options.against) cells.insert(cells.end(), {"-", "-", ""});
    text.add(cells);
  }
  text.print(out);
  if (table.entries.size() > kShown)
    out << "... and " << table.entries.size() - kShown << " rows more: --csv and --json show all\n";
  out << "+- is the 95 % confidence interval over seeds\n";
  if (options.against)
    out << "differences from point " << *options.against
        << ", seed by seed; significant: at 5 % over all rows together, by Student's t and Holm's steps\n";
}

void print_csv(std::ostream& out, const Table& table, bool compares) {
  out << "point";
  for (const std::string& axis : table.axes) out << ',' << csv_text(axis);
  out << ",metric,runs,mean,ci95,deviation,deviation_from,deviation_to,least,most";
  out << (compares ? ",difference,difference_ci95,p,significant\n" : "\n");
  for (const Entry& entry : table.entries) {
    out << entry.point + 1;
    for (const std::string& value : table.points[entry.point]) out << ',' << csv_text(value);
    const Sample& sample = entry.sample;
    out << ',' << csv_text(table.metrics[entry.metric]) << ',' << sample.values.size();
    if (sample.values.empty()) {
      out << ",,,,,,,";
    } else {
      const auto [least, most] = std::minmax_element(sample.values.begin(), sample.values.end());
      const auto interval = sample.deviation_interval();
      out << ',' << support::shortest(sample.mean()) << ',' << (interval ? support::shortest(sample.half_width()) : "")
          << ',' << (interval ? support::shortest(sample.standard_deviation()) : "") << ','
          << (interval ? support::shortest(interval->first) : "") << ','
          << (interval ? support::shortest(interval->second) : "") << ',' << support::shortest(*least) << ','
          << support::shortest(*most);
    }
    if (compares && entry.difference)
      out << ',' << support::shortest(entry.difference->mean) << ',' << support::shortest(entry.difference->half_width)
          << ',' << support::shortest(entry.difference->p) << ',' << (entry.is_significant ? 1 : 0);
    else if (compares) out << ",,,,";
    out << '\n';
  }
}

void print_json(std::ostream& out, const Table& table, const std::string& name, const SpreadOptions& options) {
  Json json = {{"schema", "szilard.spread/1"}, {"study", name}, {"axes", table.axes}};
  json["against"] = options.against ? Json(*options.against) : Json(nullptr);
  json["rows"] = Json::array();
  for (const Entry& entry : table.entries) {
    const Sample& sample = entry.sample;
    Json row = {{"point", entry.point + 1}};
    for (std::size_t a = 0; a < table.axes.size(); ++a)
      row["axes"][table.axes[a]] = value_json(table.points[entry.point][a]);
    row["metric"] = table.metrics[entry.metric], row["runs"] = sample.values.size();
    for (const char* key : {"mean", "ci95", "deviation", "deviation_ci95", "least", "most"}) row[key] = nullptr;
    if (!sample.values.empty()) {
      row["mean"] = sample.mean();
      row["least"] = *std::min_element(sample.values.begin(), sample.values.end());
      row["most"] = *std::max_element(sample.values.begin(), sample.values.end());
    }
    if (const auto interval = sample.deviation_interval()) {
      row["ci95"] = sample.half_width(), row["deviation"] = sample.standard_deviation();
      row["deviation_ci95"] = {interval->first, interval->second};
    }
    if (entry.difference) {
      row["difference"] = entry.difference->mean, row["difference_ci95"] = entry.difference->half_width;
      row["p"] = entry.difference->p, row["significant"] = entry.is_significant;
    }
    json["rows"].push_back(row);
  }
  out << json.dump(2) << '\n';
}

/// An axis as numbers of one unit, where it is that.
struct NumericAxis {
  std::vector<double> values;
  std::string unit;

  NumericAxis(const Table& table, std::size_t axis) {
    for (const std::vector<std::string>& point : table.points) {
      const std::string& text = point[axis];
      char* end = nullptr;
      const double value = std::strtod(text.c_str(), &end);
      const std::string rest = text.substr(std::size_t(end - text.c_str()) + (*end == ' '));
      if (end == text.c_str() || (!values.empty() && rest != unit)) {
        values.clear();
        return;
      }
      unit = rest;
      values.push_back(value);
    }
  }
};

/// Against the first axis, a line for each combination of the others; against the points' numbers where that cannot be.
void draw(const Table& table, const std::string& file) {
  constexpr std::size_t kLines = 8;
  std::vector<double> x;
  std::string label = "point";
  std::map<std::string, std::vector<std::size_t>> lines;
  if (!table.axes.empty()) {
    NumericAxis axis(table, 0);
    x = std::move(axis.values);
    label = table.axes[0] + (axis.unit.empty() ? "" : " (" + axis.unit + ")");
    for (std::size_t p = 0; p < table.points.size(); ++p) {
      std::string name;
      for (std::size_t a = 1; a < table.axes.size(); ++a) name += (a > 1 ? ", " : "") + table.points[p][a];
      lines[name].push_back(p);
    }
  }
  if (x.empty() || lines.size() > kLines) {
    x.clear(), lines.clear(), label = "point";
    for (std::size_t p = 0; p < table.points.size(); ++p) x.push_back(double(p + 1)), lines[""].push_back(p);
  }
  std::vector<plot::Panel> panels;
  for (std::size_t m = 0; m < table.metrics.size(); ++m) {
    plot::Chart chart;
    chart.title = table.metrics[m];
    chart.x.label = label, chart.y.label = "mean, 95 % interval";
    const auto entry = [&](std::size_t point) -> const Entry& {
      return table.entries[point * table.metrics.size() + m];
    };
    for (auto& [name, points] : lines) {
      std::sort(points.begin(), points.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
      plot::Series mean;
      mean.name = name, mean.markers = true;
      for (const std::size_t p : points) {
        if (entry(p).sample.values.empty()) continue;
        mean.x.push_back(x[p]);
        mean.y.push_back(entry(p).sample.mean());
        mean.y_error.push_back(entry(p).sample.half_width());
      }
      chart.series.push_back(std::move(mean));
    }
    if (lines.size() == 1) {
      plot::Series runs;
      runs.name = "single runs", runs.line = false, runs.markers = true;
      for (std::size_t p = 0; p < table.points.size(); ++p)
        for (const double value : entry(p).sample.values) runs.x.push_back(x[p]), runs.y.push_back(value);
      chart.series.front().name = "mean";
      chart.series.push_back(std::move(runs));
    }
    panels.push_back(std::move(chart));
  }
  plot::draw(panels, file);
}

}  // namespace

void print_spread(std::ostream& out, const std::string& directory, const SpreadOptions& options) {
  if (!options.plot.empty()) plot::check_path(options.plot);
  Rows rows(directory);
  const bool chosen = !options.metrics.empty();
  Table table = collect(rows, chosen ? options.metrics : std::vector<std::string>{"accuracy", "energy"});
  if (options.against && (*options.against < 1 || *options.against > table.points.size()))
    throw usage("--against " + std::to_string(*options.against) + ": the study has points 1 to " +
                    std::to_string(table.points.size()),
                "");
  if (options.against && rows.header().seeds.size() < 2)
    throw usage("--against: with a single seed a point has no spread",
                "'seeds:' of the sweep section sets how many there are");
  constexpr std::size_t kPanels = 6;
  if (!options.plot.empty() && table.metrics.size() > kPanels)
    throw usage("--plot: " + std::to_string(table.metrics.size()) + " metrics are too many for one picture",
                "--metric chooses");
  if (options.against) hold_against(table, *options.against - 1);
  if (!options.plot.empty()) draw(table, options.plot);
  if (options.format == ResultsFormat::csv) print_csv(out, table, options.against.has_value());
  else if (options.format == ResultsFormat::json) print_json(out, table, rows.header().name, options);
  else print_text(out, table, options);
}

}  // namespace szilard::study
