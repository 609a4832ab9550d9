// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <cmath>
#include <deque>
#include <limits>
#include <nlohmann/json.hpp>
#include <ostream>
#include <thread>

#include "models/support/atomic_file.hpp"
#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/cosim/run.hpp"
#include "sim/plot/plot.hpp"
#include "sim/process/child_process.hpp"
#include "sim/report/text_table.hpp"
#include "sim/study/point_run.hpp"
#include "sim/study/rows.hpp"
#include "sim/study/study.hpp"

namespace szilard::study {
namespace {

using Json = nlohmann::ordered_json;
using scenario::NumberAt;
using support::DiagnosticCode;
using support::InputError;

const double kNone = std::numeric_limits<double>::quiet_NaN();

struct Row {
  std::string key, value, low_value, high_value;
  double low = kNone, high = kNone;  ///< the metric there
  double swing(double base) const {
    const double down = std::isnan(low) ? 0 : std::abs(low - base), up = std::isnan(high) ? 0 : std::abs(high - base);
    return std::max(down, up);
  }
};

std::string changed(const NumberAt& number, double factor) {
  if (number.info.is_integer) {
    const double value = std::strtod(number.text.c_str(), nullptr);
    const double step = std::max(1.0, std::round(std::abs(value * (factor - 1))));
    return std::to_string(static_cast<long long>(factor < 1 ? value - step : value + step));
  }
  const std::size_t end = std::min(number.text.find_first_not_of("+-.0123456789eE"), number.text.size());
  char text[40];
  std::snprintf(text, sizeof text, "%.12g", std::strtod(number.text.substr(0, end).c_str(), nullptr) * factor);
  return text + number.text.substr(end);
}

/// Numbers that may bear on the platform: its own, and those of no platform; not those of the data.
bool may_matter(const NumberAt& number, const std::string& platform) {
  if (number.key == "szilard" || number.key == "seed") return false;
  for (const char* const section : {"dataset.", "calibration.", "compare."})
    if (number.key.rfind(section, 0) == 0) return false;
  return number.key.rfind("platforms.", 0) != 0 || number.key.rfind("platforms." + platform + ".", 0) == 0;
}

/// The metric of a variant, in a process of its own; an error as text.
class Trial {
 public:
  Trial(Loaded& base, const std::vector<scenario::Setting>& settings, const std::string& metric, double* result)
      : result_(result), process_([&base, settings, metric]() -> std::string {
          try {
            const Metrics metrics = simulate(base, base.variants.load(settings, base.variants.base().seed));
            const auto found = std::find(metrics.names.begin(), metrics.names.end(), metric);
            if (found == metrics.names.end()) return "?";
            return "+" + support::shortest(metrics.values[std::size_t(found - metrics.names.begin())]);
          } catch (const std::exception& error) {
            return std::string("-") + error.what();
          }
        }) {}

  /// Whether the run has the metric at all.
  bool finish(std::string& error) {
    const process::ChildProcess::End end = process_.finish();
    if (end.text.empty()) error = "its process " + end.trouble();
    else if (end.text[0] == '-') error = end.text.substr(1);
    else if (end.text[0] == '+') *result_ = std::strtod(end.text.c_str() + 1, nullptr);
    return end.text != "?";
  }

 private:
  double* result_;
  process::ChildProcess process_;
};

std::string percent(double value, double base) {
  if (std::isnan(value)) return "refused";
  char text[32];
  std::snprintf(text, sizeof text, "%+.3g %%", base == 0 ? 0 : 100 * (value - base) / std::abs(base));
  return text;
}

std::vector<NumberAt> chosen(const scenario::Variants& variants, const TornadoOptions& options,
                             const std::string& platform) {
  std::vector<NumberAt> all = variants.numbers();
  if (options.keys.empty()) {
    all.erase(std::remove_if(all.begin(), all.end(), [&](const NumberAt& n) { return !may_matter(n, platform); }),
              all.end());
    return all;
  }
  std::vector<NumberAt> some;
  std::vector<std::string> names;
  for (const NumberAt& number : all) names.push_back(number.key);
  for (const std::string& key : options.keys) {
    const auto found = std::find(names.begin(), names.end(), key);
    if (found == names.end()) {
      const std::string near = support::nearest(key, names);
      throw InputError(DiagnosticCode::unknown_key, {"command line", 1, 1}, "the scenario has no number '" + key + "'",
                       near.empty() ? std::string() : "did you mean '" + near + "'?");
    }
    some.push_back(all[std::size_t(found - names.begin())]);
  }
  return some;
}

void draw_tornado(const std::vector<Row>& rows, const std::string& metric, double base, const TornadoOptions& options) {
  constexpr std::size_t kMost = 40;
  plot::Bars bars;
  bars.title = metric + " against each number alone";
  bars.x.label = metric;
  bars.base = base;
  const std::string share = support::shortest(100 * options.change) + " %";
  bars.low_name = "number lowered by " + share, bars.high_name = "raised by " + share;
  const std::size_t most = options.most == 0 ? kMost : std::min(kMost, options.most);
  for (const Row& row : rows) {
    if (row.swing(base) == 0 || bars.names.size() == most) continue;
    bars.names.push_back(row.key + " = " + row.value);
    bars.low.push_back(row.low);
    bars.high.push_back(row.high);
  }
  plot::draw({bars}, options.plot, {860, 110 + 24 * double(std::max<std::size_t>(3, bars.names.size()))});
}

Json json_of(const std::vector<Row>& rows, const std::string& platform, const std::string& metric, double base,
             const TornadoOptions& options) {
  const auto optional = [](double value) { return std::isnan(value) ? Json(nullptr) : Json(value); };
  Json json = {{"schema", "szilard.tornado/1"},
               {"platform", platform},
               {"metric", metric},
               {"base", optional(base)},
               {"change", options.change}};
  json["rows"] = Json::array();
  for (const Row& row : rows)
    json["rows"].push_back({{"key", row.key},
                            {"value", row.value},
                            {"low_value", row.low_value},
                            {"high_value", row.high_value},
                            {"low", optional(row.low)},
                            {"high", optional(row.high)}});
  return json;
}

/// The study's metrics have to know the metric: its page shows the file in the platform's section.
void check_study(const std::string& directory, const std::string& metric) {
  const Rows rows(directory);
  if (std::find(rows.metrics().begin(), rows.metrics().end(), metric) == rows.metrics().end())
    throw InputError(DiagnosticCode::conflict, {directory, 1, 1}, "the study has no figure " + metric,
                     "give the folder of a study of this scenario, with a run that is done");
}

std::string file_of(const std::string& directory, std::string metric) {
  for (char& c : metric)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '-' && c != '_') c = '_';
  return directory + "/tornado-" + metric + ".json";
}

}  // namespace

void print_tornado(std::ostream& out, const std::string& path, const scenario::LoadOptions& load,
                   const TornadoOptions& options, const std::function<void(std::size_t, std::size_t)>& on_progress) {
  if (!options.plot.empty()) plot::check_path(options.plot);
  const scenario::Variants variants(path, load);
  std::string platform, metric;
  for (const scenario::PlatformSpec& spec : variants.base().platforms)
    if (options.metric.rfind(spec.name + ".", 0) == 0 && spec.name.size() > platform.size()) platform = spec.name;
  if (platform.empty())
    throw InputError(DiagnosticCode::usage, {"command line", 1, 1},
                     "'" + options.metric + "' names no platform of this scenario",
                     "--metric PLATFORM.METRIC, e.g. " + variants.base().platforms.front().name + ".energy");
  metric = platform + "." + full_name(options.metric.substr(platform.size() + 1));

  if (!options.study.empty()) check_study(options.study, metric);
  Loaded base{variants, load_input(variants.base())};
  process::settle_memory();
  std::vector<Row> rows;
  double base_value = kNone;
  for (const NumberAt& number : chosen(variants, options, platform))
    rows.push_back({number.key, number.text, changed(number, 1 - options.change), changed(number, 1 + options.change)});
  std::deque<Trial> running;
  const std::size_t jobs = options.jobs > 0 ? options.jobs : std::max(1u, std::thread::hardware_concurrency());
  std::size_t done = 0;
  const std::size_t all = 2 * rows.size() + 1;
  const auto finish_one = [&] {
    std::string error;
    const bool has_metric = running.front().finish(error);
    running.pop_front();
    if (done == 0 && !error.empty()) throw std::runtime_error("the scenario as it is: " + error);
    if (!has_metric)
      throw InputError(
          DiagnosticCode::usage, {"command line", 1, 1}, "the run has no figure " + metric,
          "a path in the platform's summary, or energy, accuracy, latency, area, throughput, power, error");
    on_progress(++done, all);
  };
  running.emplace_back(base, std::vector<scenario::Setting>{}, metric, &base_value);
  finish_one();
  for (Row& row : rows)
    for (double* place : {&row.low, &row.high}) {
      if (running.size() >= jobs) finish_one();
      const scenario::TextAt value{place == &row.low ? row.low_value : row.high_value, false, {path, 1, 1}};
      running.emplace_back(base, std::vector<scenario::Setting>{{row.key, {path, 1, 1}, value}}, metric, place);
    }
  while (!running.empty()) finish_one();
  std::stable_sort(rows.begin(), rows.end(),
                   [&](const Row& a, const Row& b) { return a.swing(base_value) > b.swing(base_value); });

  if (!options.plot.empty()) draw_tornado(rows, metric, base_value, options);
  const Json json = json_of(rows, platform, metric, base_value, options);
  if (!options.study.empty()) support::write_file(file_of(options.study, metric), json.dump(2) + '\n');
  if (options.format == ResultsFormat::json) {
    out << json.dump(2) << '\n';
    return;
  }
  if (options.format == ResultsFormat::csv) {
    const auto number = [](double value) { return std::isnan(value) ? std::string() : support::shortest(value); };
    out << "key,value,low_value,high_value," << metric << ".low," << metric << ".base," << metric << ".high\n";
    for (const Row& row : rows)
      out << csv_text(row.key) << ',' << csv_text(row.value) << ',' << csv_text(row.low_value) << ','
          << csv_text(row.high_value) << ',' << number(row.low) << ',' << number(base_value) << ',' << number(row.high)
          << '\n';
    return;
  }
  using Align = report::TextTable::Align;
  report::TextTable table({{"key", Align::left},
                           {"value", Align::right},
                           {"lower", Align::right},
                           {"metric", Align::right},
                           {"higher", Align::right},
                           {"metric", Align::right}});
  std::size_t shown = 0, still = 0;
  std::vector<std::string> refused;
  for (const Row& row : rows) {
    if (std::isnan(row.low) && std::isnan(row.high)) refused.push_back(row.key);
    else if (row.swing(base_value) == 0) ++still;
    else if (options.most == 0 || shown++ < options.most)
      table.add({row.key, row.value, row.low_value, percent(row.low, base_value), row.high_value,
                 percent(row.high, base_value)});
  }
  out << metric << " = " << support::shortest(base_value) << ", each number changed by "
      << support::shortest(100 * options.change) << " % alone\n";
  table.print(out);
  const std::size_t moving = rows.size() - still - refused.size();
  if (options.most > 0 && moving > options.most) out << "... and " << moving - options.most << " more: --all\n";
  out << still << " of " << rows.size() << " numbers make no difference\n";
  if (refused.empty()) return;
  constexpr std::size_t kNamed = 10;
  out << refused.size() << " could be changed neither way, the scenario or its run refuses both values:";
  for (std::size_t r = 0; r < std::min(kNamed, refused.size()); ++r) out << (r > 0 ? ", " : " ") << refused[r];
  out << (refused.size() > kNamed ? ", ...\n" : "\n");
}

}  // namespace szilard::study
