// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/study/iso_search.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include "models/support/units.hpp"

namespace szilard::study {
namespace {

using scenario::IsoSpec;

const char* metric_of(IsoSpec::Hold hold) {
  switch (hold) {
    case IsoSpec::Hold::accuracy:
      return "accuracy";
    case IsoSpec::Hold::energy:
      return "energy.per_inference_J";
    case IsoSpec::Hold::area:
      return "area_m2";
    case IsoSpec::Hold::latency:
      return "latency_s";
  }
  return "";
}

Metrics run_apart(StudyBase& base, const std::vector<scenario::Setting>& settings, std::uint64_t seed) {
  process::ChildProcess child([&]() -> std::string {
    try {
      return "+" + to_bytes(simulate(base, base.variants.load(settings, seed)));
    } catch (const support::InputError& error) {
      return "-" + support::to_string(error.diagnostics().front());
    } catch (const std::exception& error) {
      return std::string("-") + error.what();
    }
  });
  const process::ChildProcess::End end = child.finish();
  if (!end.trouble().empty()) throw std::runtime_error("a run of the search " + end.trouble());
  if (end.text.empty() || end.text[0] != '+')
    throw std::runtime_error(end.text.substr(std::min<std::size_t>(1, end.text.size())));
  return from_bytes(std::string_view(end.text).substr(1));
}

double figure(const Metrics& metrics, const std::string& name) {
  const auto found = std::find(metrics.names.begin(), metrics.names.end(), name);
  if (found == metrics.names.end()) throw std::runtime_error("iso: the run has no figure " + name);
  const double value = metrics.values[std::size_t(found - metrics.names.begin())];
  if (std::isnan(value)) throw std::runtime_error("iso: the run cannot tell " + name);
  return value;
}

}  // namespace

std::string iso_metric(const IsoSpec& iso) { return iso.platform + "." + metric_of(iso.hold); }

Metrics search_iso(StudyBase& base, std::vector<scenario::Setting> settings, std::uint64_t seed) {
  const IsoSpec& iso = *base.variants.sweep()->iso;
  const std::string name = iso_metric(iso);
  const std::vector<scenario::TextAt> values = base.design.axis_values(iso.vary);
  const bool is_floor = iso.hold == IsoSpec::Hold::accuracy;
  std::map<std::size_t, Metrics> tried;
  settings.push_back({iso.vary.key, iso.vary.where, {}});
  const auto metric_at = [&](std::size_t index) {
    settings.back().value = values[index];
    if (!tried.count(index)) tried.emplace(index, run_apart(base, settings, seed));
    return figure(tried.at(index), name);
  };
  const auto holds = [&](std::size_t index) {
    return is_floor ? metric_at(index) >= iso.at : metric_at(index) <= iso.at;
  };
  const std::size_t last = values.size() - 1;
  std::size_t best = 0;
  bool held = true;
  if (holds(last)) {
    best = last;
  } else if (holds(0)) {
    std::size_t fails = last;
    while (best + 1 < fails) {
      const std::size_t middle = best + (fails - best) / 2;
      (holds(middle) ? best : fails) = middle;
    }
  } else {
    held = false;
    const double at_first = metric_at(0), at_last = metric_at(last);
    if (is_floor ? at_last > at_first : at_last < at_first) best = last;
  }
  Metrics metrics = tried.at(best);
  const scenario::KeyInfo key = base.variants.key(iso.vary.key, iso.vary.where);
  const support::ParsedQuantity parsed =
      support::parse_quantity(values[best].text, key.dimension, base.variants.base().temperature_k);
  const bool is_value = key.is_number && parsed.error.empty();
  metrics.names.insert(metrics.names.end(), {"iso." + iso.vary.key, "iso.held"});
  metrics.values.insert(metrics.values.end(), {is_value ? parsed.value : double(best + 1), held ? 1.0 : 0.0});
  return metrics;
}

std::string iso_text(const StudyBase& base) {
  if (!base.variants.sweep()->iso) return {};
  const IsoSpec& iso = *base.variants.sweep()->iso;
  std::string text = "\niso " + iso_metric(iso) + " " + support::shortest(iso.at) + " " + iso.vary.key;
  for (const scenario::TextAt& value : base.design.axis_values(iso.vary)) text += " | " + value.text;
  return text;
}

std::string iso_shortfall(Rows& rows) {
  const StudyHeader& header = rows.header();
  const auto column = [&](const std::string& name) {
    return std::size_t(std::find(rows.metrics().begin(), rows.metrics().end(), name) - rows.metrics().begin());
  };
  const std::size_t held = column("iso.held"), free = column("iso." + header.iso_key),
                    metric = column(header.iso_metric);
  if (header.iso_metric.empty() || std::max({held, free, metric}) >= rows.metrics().size()) return {};
  const std::string accuracy = std::string(".") + metric_of(IsoSpec::Hold::accuracy);
  const bool is_floor =
      header.iso_metric.size() > accuracy.size() &&
      header.iso_metric.compare(header.iso_metric.size() - accuracy.size(), accuracy.size(), accuracy) == 0;
  std::size_t searched = 0, missed = 0;
  double nearest = 0, at = 0;
  std::string where;
  rows.for_each([&](const Store::Row& row, const std::vector<double>& metrics) {
    if (std::isnan(metrics[held])) return;
    ++searched;
    if (metrics[held] != 0) return;
    if (missed++ > 0 && (is_floor ? metrics[metric] <= nearest : metrics[metric] >= nearest)) return;
    nearest = metrics[metric], at = metrics[free];
    where.clear();
    for (std::size_t a = 0; a < header.axes.size(); ++a) where += header.axes[a] + " " + row.values[a] + ", ";
    where += "seed " + std::to_string(row.seed);
  });
  if (missed == 0) return {};
  const auto number = [](double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.5g", value);
    return std::string(text);
  };
  return "iso: " + header.iso_metric + (is_floor ? " does not reach " : " does not come down to ") +
         number(header.iso_at) + " in " + std::to_string(missed) + " of " + std::to_string(searched) +
         " searches; the nearest is " + number(nearest) + ", with " + header.iso_key + " " + number(at) + " at " +
         where + "\n  hint: let sweep.iso.vary begin with a value that gives " + (is_floor ? "more" : "less") +
         ", or ask for " + (is_floor ? "less" : "more") + " in sweep.iso.at";
}

}  // namespace szilard::study
