// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <sstream>

#include "models/support/diagnostics.hpp"
#include "sim/page/folder.hpp"
#include "sim/study/rows.hpp"
#include "sim/study/study.hpp"

namespace szilard::page {
namespace {

constexpr std::size_t kMostRows = 20'000;

/// Figures that the page lets one choose from, of every platform.
const char* const kFigures[] = {"accuracy",      "agreement",        "output_rms_error", "energy.per_inference_J",
                                "latency_s",     "throughput_per_s", "peak_power_W",     "area_m2",
                                "ratio_to_bound"};

bool is_shown(const std::string& metric) {
  if (metric == "reference.accuracy") return false;
  for (const std::string figure : kFigures)
    if (metric.size() > figure.size() &&
        metric.compare(metric.size() - figure.size() - 1, std::string::npos, "." + figure) == 0)
      return true;
  return metric.compare(0, 4, "iso.") == 0;
}

/// The front of energy and accuracy, or null where the study has no such pair.
Json front_json(const std::string& directory) {
  study::ParetoOptions options;
  options.format = study::ResultsFormat::json;
  std::ostringstream text;
  try {
    study::print_pareto(text, directory, options);
  } catch (const support::InputError&) {  // no labels, or no point has both figures
    return nullptr;
  }
  return Json::parse(text.str());
}

/// What `szilard tornado --study` left in the folder, by file name.
Json tornados_json(const std::string& directory, const std::vector<std::string>& metrics) {
  std::vector<std::string> files;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(directory, ignored))
    if (entry.path().extension() == ".json" && entry.path().filename().string().rfind("tornado-", 0) == 0)
      files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  Json list = Json::array();
  for (const std::string& file : files) {
    const Json json = read_json(file, "tornado");
    try {
      const std::string metric = json.at("metric").get<std::string>();
      if (std::find(metrics.begin(), metrics.end(), metric) == metrics.end())
        throw support::InputError(support::DiagnosticCode::conflict, {file, 1, 1},
                                  "the study has no figure " + metric + ": the two are not of one scenario",
                                  "remove the file");
      const auto number = [](const Json& value) { return value.is_null() ? Json(nullptr) : Json(value.get<double>()); };
      Json rows = Json::array();
      for (const Json& row : json.at("rows"))
        rows.push_back({{"key", row.at("key").get<std::string>()},
                        {"value", row.at("value").get<std::string>()},
                        {"low_value", row.at("low_value").get<std::string>()},
                        {"high_value", row.at("high_value").get<std::string>()},
                        {"low", number(row.at("low"))},
                        {"high", number(row.at("high"))}});
      list.push_back({{"platform", json.at("platform").get<std::string>()},
                      {"metric", metric},
                      {"base", json.at("base").get<double>()},
                      {"change", json.at("change").get<double>()},
                      {"rows", rows}});
    } catch (const Json::exception& error) {
      throw support::InputError(support::DiagnosticCode::file_format, {file, 1, 1},
                                "not what szilard tornado writes: " + reason_of(error),
                                "run szilard tornado --study again, or remove the file");
    }
  }
  return list;
}

}  // namespace

Json study_data(const std::string& directory) {
  study::Rows rows(directory);
  const study::StudyHeader& header = rows.header();
  std::vector<std::size_t> columns;
  Json names = Json::array();
  for (std::size_t m = 0; m < rows.metrics().size(); ++m)
    if (is_shown(rows.metrics()[m])) columns.push_back(m), names.push_back(rows.metrics()[m]);

  std::size_t all = 0, done = 0, failed = 0;
  rows.for_each([&](const study::Store::Row& row, const std::vector<double>&) {
    ++all;
    done += row.state == study::Store::Row::State::done;
    failed += row.state == study::Store::Row::State::failed;
  });
  const std::size_t every = std::max<std::size_t>(1, (done + kMostRows - 1) / kMostRows);
  Json points = Json::array(), failures = Json::array();
  std::size_t at = 0;
  rows.for_each([&](const study::Store::Row& row, const std::vector<double>& metrics) {
    if (row.state == study::Store::Row::State::failed && failures.size() < 3 &&
        std::find(failures.begin(), failures.end(), row.message) == failures.end())
      failures.push_back(row.message);
    if (row.state != study::Store::Row::State::done || at++ % every != 0) return;
    Json values = Json::array(), figures = Json::array();
    for (const std::string& value : row.values) values.push_back(study::value_json(value));
    for (const std::size_t m : columns) figures.push_back(std::isfinite(metrics[m]) ? Json(metrics[m]) : Json(nullptr));
    points.push_back({values, row.seed, figures});
  });
  return {
      {"kind", "study"},      {"name", header.name},
      {"axes", header.axes},  {"seeds", header.seeds},
      {"metrics", names},     {"counts", {{"all", all}, {"done", done}, {"failed", failed}, {"shown_every", every}}},
      {"failures", failures}, {"tornados", tornados_json(directory, rows.metrics())},
      {"rows", points},       {"front", front_json(directory)}};
}

}  // namespace szilard::page
