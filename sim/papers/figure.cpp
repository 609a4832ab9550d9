// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <nlohmann/json.hpp>

#include "sim/papers/papers.hpp"

namespace szilard::papers {
namespace {

using Json = nlohmann::json;
using Measure = ComponentClass::Measure;

/// `*` stands for any run of characters.
bool matches(const char* pattern, const char* text) {
  for (; *pattern != '*'; ++pattern, ++text) {
    if (*pattern != *text) return false;
    if (*pattern == '\0') return true;
  }
  for (;; ++text) {
    if (matches(pattern + 1, text)) return true;
    if (*text == '\0') return false;
  }
}

[[noreturn]] void refuse(const ComponentClass& one, const std::string& message) {
  throw support::InputError(support::DiagnosticCode::unknown_choice, one.where, "class '" + one.name + "': " + message);
}

double sum_of(const ComponentClass& one, const Json& platform) {
  const Json& parts =
      one.measure == Measure::area ? platform.at("area_by_component") : platform.at("energy").at("by_component");
  double sum = 0;
  for (const std::string& wanted : one.components) {
    const std::size_t hash = wanted.find('#');
    const std::string pattern = one.platform + "/" + wanted.substr(0, hash);
    const std::string mechanism = hash == std::string::npos ? "*" : wanted.substr(hash + 1);
    bool found = false;
    for (const auto& [path, content] : parts.items()) {
      if (!matches(pattern.c_str(), path.c_str())) continue;
      if (one.measure == Measure::area) {
        const Json& area = content;
        if (area.is_null()) refuse(one, "the area of " + path + " is not known");
        sum += area.get<double>();
        found = true;
        continue;
      }
      for (const auto& [name, joules] : content.items())
        if (matches(mechanism.c_str(), name.c_str())) sum += joules.get<double>(), found = true;
    }
    if (!found) refuse(one, "the run has nothing like '" + wanted + "' on platform '" + one.platform + "'");
  }
  return sum;
}

}  // namespace

std::string grade_name(Grade grade) {
  constexpr const char* kNames[] = {"T", "P", "P*", "X"};
  return kNames[static_cast<int>(grade)];
}

support::Dimension ComponentClass::dimension() const {
  if (measure == Measure::area) return support::Dimension::area;
  if (measure == Measure::time) return support::Dimension::time;
  return per.unit == Per::Unit::time ? support::Dimension::power : support::Dimension::energy;
}

double log2_ratio(double simulated, double published) { return std::log2(simulated / published); }

double figure(const ComponentClass& one, const std::string& summary_text) {
  const Json summary = Json::parse(summary_text);
  const Json* platform = nullptr;
  for (const Json& candidate : summary.at("platforms"))
    if (candidate.at("name") == one.platform) platform = &candidate;
  if (!platform) refuse(one, "the run has no platform '" + one.platform + "'");
  if (one.measure == Measure::time) return platform->at("latency_s").get<double>();
  const double sum = sum_of(one, *platform);
  if (one.measure == Measure::area) return sum;
  const double samples = summary.at("dataset").at("samples").get<double>(),
               macs = summary.at("network").at("macs").get<double>();
  const double events = one.per.unit == Per::Unit::mac         ? macs
                        : one.per.unit == Per::Unit::operation ? 2 * macs
                                                               : one.per.value;
  return sum / samples / events;
}

}  // namespace szilard::papers
