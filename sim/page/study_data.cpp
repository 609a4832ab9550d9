// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <sstream>

#include "models/support/diagnostics.hpp"
#include "sim/page/folder.hpp"
#include "sim/study/rows.hpp"
#include "sim/study/study.hpp"

namespace szilard::page {
namespace {

constexpr std::size_t kMostRows = 20'000;

/// Figures that the page lets one choose from, of every platform.
const char* const kFigures[] = {"accuracy", "agreement", "output_rms_error", "energy.per_inference_J", "latency_s", "throughput_per_s",
                                "peak_power_W", "area_m2", "ratio_to_bound"};

bool is_shown(const std::string& metric) {
  if (metric == "reference.accuracy") return false;
  for (const std::string figure : kFigures)
    if (metric.size() > figure.size() && metric.compare(metric.size() - figure.size() - 1, std::string::npos, "." + figure) == 0) return true;
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
    if (row.state == study::Store::Row::State::failed && failures.size() < 5) failures.push_back(row.message);
    if (row.state != study::Store::Row::State::done || at++ % every != 0) return;
    Json values = Json::array(), figures = Json::array();
    for (const std::string& value : row.values) values.push_back(study::value_json(value));
    for (const std::size_t m : columns) figures.push_back(std::isfinite(metrics[m]) ? Json(metrics[m]) : Json(nullptr));
    points.push_back({values, row.seed, figures});
  });
  return {{"kind", "study"},
          {"name", header.name},
          {"axes", header.axes},
          {"seeds", header.seeds},
          {"metrics", names},
          {"counts", {{"all", all}, {"done", done}, {"failed", failed}, {"shown_every", every}}},
          {"failures", failures},
          {"rows", points},
          {"front", front_json(directory)}};
}

}  // namespace szilard::page
