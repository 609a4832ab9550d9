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

/// More is better of these; of everything else, less.
bool is_gain(const std::string& metric) {
  return metric == "accuracy" || metric == "agreement" || metric == "throughput_per_s";
}

struct Candidate {
  std::string platform;
  std::vector<std::string> values;
  Sample x, y;
  bool on_front = false;
};

std::vector<Candidate> candidates(Rows& rows, const std::string& x, const std::string& y) {
  struct Pair {
    std::string platform;
    std::size_t x, y;
  };
  std::vector<Pair> pairs;
  const std::vector<std::string>& names = rows.metrics();
  for (std::size_t m = 0; m < names.size(); ++m) {
    if (names[m].size() <= x.size() + 1 ||
        names[m].compare(names[m].size() - x.size() - 1, std::string::npos, "." + x) != 0)
      continue;
    const std::string platform = names[m].substr(0, names[m].size() - x.size() - 1);
    const auto other = std::find(names.begin(), names.end(), platform + "." + y);
    if (other != names.end() && platform.find('.') == std::string::npos)
      pairs.push_back({platform, m, std::size_t(other - names.begin())});
  }
  if (pairs.empty()) {
    std::vector<std::string> known = {"energy", "accuracy", "latency", "area", "throughput", "power", "error"};
    for (const std::string& name : names) known.push_back(name.substr(name.find('.') + 1));
    std::string near;
    for (const std::string& metric : {x, y})
      if (near.empty() && std::find(known.begin(), known.end(), metric) == known.end())
        near = support::nearest(metric, known);
    throw InputError(DiagnosticCode::usage, {"command line", 1, 1},
                     "no platform of this study has both " + x + " and " + y,
                     near.empty() ? "szilard results STUDY --csv names every metric" : "did you mean '" + near + "'?");
  }
  const std::size_t seeds = rows.header().seeds.size();
  std::vector<Candidate> all;
  std::map<std::pair<std::int64_t, std::size_t>, std::size_t> places;
  rows.for_each([&](const Store::Row& row, const std::vector<double>& metrics) {
    for (std::size_t p = 0; p < pairs.size(); ++p) {
      const double at_x = metrics[pairs[p].x], at_y = metrics[pairs[p].y];
      if (!std::isfinite(at_x) || !std::isfinite(at_y)) continue;
      const auto [place, is_new] = places.emplace(std::make_pair(row.id / std::int64_t(seeds), p), all.size());
      if (is_new) all.push_back({pairs[p].platform, row.values, {}, {}, false});
      all[place->second].x.values.push_back(at_x);
      all[place->second].y.values.push_back(at_y);
    }
  });
  if (all.empty())
    throw InputError(DiagnosticCode::usage, {"command line", 1, 1},
                     "no point of this study has figures for " + x + " and " + y);
  return all;
}

/// Marks what nothing else beats in both; equal ones all stay. Sorted by x, best first.
void find_front(std::vector<Candidate>& all, bool gain_x, bool gain_y) {
  const auto cost_x = [&](const Candidate& c) { return gain_x ? -c.x.mean() : c.x.mean(); };
  const auto cost_y = [&](const Candidate& c) { return gain_y ? -c.y.mean() : c.y.mean(); };
  std::stable_sort(all.begin(), all.end(), [&](const Candidate& a, const Candidate& b) {
    return cost_x(a) != cost_x(b) ? cost_x(a) < cost_x(b) : cost_y(a) < cost_y(b);
  });
  double best_x = 0, best_y = 0;
  bool any = false;
  for (Candidate& candidate : all) {
    const bool equal = any && cost_x(candidate) == best_x && cost_y(candidate) == best_y;
    candidate.on_front = !any || cost_y(candidate) < best_y || equal;
    if (candidate.on_front) best_x = cost_x(candidate), best_y = cost_y(candidate), any = true;
  }
}

std::string number(double value, double half_width) {
  char text[64];
  if (half_width > 0) std::snprintf(text, sizeof text, "%.5g +- %.2g", value, half_width);
  else std::snprintf(text, sizeof text, "%.5g", value);
  return text;
}

void draw_front(const std::vector<Candidate>& all, const std::string& x, const std::string& y, const std::string& title,
                const std::string& file) {
  plot::Chart chart;
  chart.title = title;
  chart.x.label = x;
  chart.y.label = y;
  const auto [least, most] = std::minmax_element(
      all.begin(), all.end(), [](const Candidate& a, const Candidate& b) { return a.x.mean() < b.x.mean(); });
  if (least->x.mean() > 0 && most->x.mean() > 10 * least->x.mean()) chart.x.scale = plot::Scale::logarithmic;
  std::map<std::string, plot::Series> platforms;
  plot::Series front;
  front.name = "front";
  front.dashed = true;
  for (const Candidate& candidate : all) {
    plot::Series& series = platforms[candidate.platform];
    series.name = candidate.platform;
    series.line = false, series.markers = true;
    series.x.push_back(candidate.x.mean());
    series.y.push_back(candidate.y.mean());
    series.y_error.push_back(candidate.y.half_width());
    if (candidate.on_front) front.x.push_back(candidate.x.mean()), front.y.push_back(candidate.y.mean());
  }
  for (auto& [name, series] : platforms) chart.series.push_back(std::move(series));
  chart.series.push_back(std::move(front));
  plot::draw({chart}, file);
}

}  // namespace

void print_pareto(std::ostream& out, const std::string& directory, const ParetoOptions& options) {
  if (!options.plot.empty()) plot::check_path(options.plot);
  Rows rows(directory);
  const std::string x = full_name(options.x), y = full_name(options.y);
  std::vector<Candidate> all = candidates(rows, x, y);
  find_front(all, is_gain(x), is_gain(y));
  const auto on_front =
      std::size_t(std::count_if(all.begin(), all.end(), [](const Candidate& c) { return c.on_front; }));
  if (!options.plot.empty()) draw_front(all, x, y, rows.header().name, options.plot);

  const std::vector<std::string>& axes = rows.header().axes;
  if (options.format == ResultsFormat::table) {
    using Align = report::TextTable::Align;
    std::vector<report::TextTable::Column> head = {{"platform", Align::left}};
    for (const std::string& axis : axes) head.push_back({axis, Align::right});
    head.push_back({x, Align::right});
    head.push_back({y, Align::right});
    report::TextTable table(head);
    for (const Candidate& candidate : all) {
      if (!candidate.on_front) continue;
      std::vector<std::string> cells = {candidate.platform};
      cells.insert(cells.end(), candidate.values.begin(), candidate.values.end());
      cells.push_back(number(candidate.x.mean(), candidate.x.half_width()));
      cells.push_back(number(candidate.y.mean(), candidate.y.half_width()));
      table.add(cells);
    }
    table.print(out);
    out << on_front << " of " << all.size() << " candidates are on the front";
    out << (rows.header().seeds.size() > 1 ? "; +- is the 95 % confidence interval over seeds\n" : "\n");
    return;
  }
  if (options.format == ResultsFormat::csv) {
    out << "platform";
    for (const std::string& axis : axes) out << ',' << axis;
    out << ',' << x << ',' << x << ".ci95," << y << ',' << y << ".ci95,runs,front\n";
    for (const Candidate& candidate : all) {
      out << candidate.platform;
      for (const std::string& value : candidate.values) out << ',' << csv_text(value);
      out << ',' << support::shortest(candidate.x.mean()) << ',' << support::shortest(candidate.x.half_width()) << ','
          << support::shortest(candidate.y.mean()) << ',' << support::shortest(candidate.y.half_width()) << ','
          << candidate.x.values.size() << ',' << (candidate.on_front ? 1 : 0) << '\n';
    }
    return;
  }
  Json json = {
      {"schema", "szilard.pareto/1"}, {"study", rows.header().name}, {"x", x}, {"y", y}, {"candidates", all.size()}};
  json["front"] = Json::array();
  for (const Candidate& candidate : all) {
    if (!candidate.on_front) continue;
    Json entry = {{"platform", candidate.platform}};
    for (std::size_t a = 0; a < axes.size(); ++a) entry["axes"][axes[a]] = value_json(candidate.values[a]);
    entry["x"] = candidate.x.mean(), entry["x_ci95"] = candidate.x.half_width();
    entry["y"] = candidate.y.mean(), entry["y_ci95"] = candidate.y.half_width();
    entry["runs"] = candidate.x.values.size();
    json["front"].push_back(entry);
  }
  out << json.dump(2) << '\n';
}

}  // namespace szilard::study
