// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/study/iso_search.hpp"

#include <algorithm>
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
  return metrics.values[std::size_t(found - metrics.names.begin())];
}

}  // namespace

Metrics search_iso(StudyBase& base, std::vector<scenario::Setting> settings, std::uint64_t seed) {
  const IsoSpec& iso = *base.variants.sweep()->iso;
  const std::string name = iso.platform + "." + metric_of(iso.hold);
  const std::vector<scenario::TextAt> values = base.design.axis_values(iso.vary);
  std::map<std::size_t, Metrics> tried;
  settings.push_back({iso.vary.key, iso.vary.where, {}});
  const auto holds = [&](std::size_t index) {
    settings.back().value = values[index];
    const Metrics& metrics = tried.emplace(index, run_apart(base, settings, seed)).first->second;
    const double value = figure(metrics, name);
    return iso.hold == IsoSpec::Hold::accuracy ? value >= iso.at : value <= iso.at;
  };
  std::size_t best = 0;
  const bool held = holds(0);
  if (held && values.size() > 1) {
    std::size_t fails = values.size();
    if (holds(values.size() - 1)) best = values.size() - 1;
    else --fails;
    while (best + 1 < fails) {
      const std::size_t middle = best + (fails - best) / 2;
      (holds(middle) ? best : fails) = middle;
    }
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
  std::string text = std::string("\niso ") + iso.platform + "." + metric_of(iso.hold) + " " +
                     support::shortest(iso.at) + " " + iso.vary.key;
  for (const scenario::TextAt& value : base.design.axis_values(iso.vary)) text += " | " + value.text;
  return text;
}

}  // namespace szilard::study
