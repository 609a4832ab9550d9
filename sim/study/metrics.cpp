// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/study/metrics.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

namespace szilard::study {
namespace {

using Json = nlohmann::ordered_json;

// Keys by component or layer would make hundreds of columns; a single run shows them.
const std::set<std::string> kLeftOut = {"layers", "area_by_component", "by_component", "by_layer", "active_by_layer"};

/// Short names of what is asked most.
const std::map<std::string, std::string> kShort = {
    {"energy", "energy.per_inference_J"}, {"latency", "latency_s"},  {"area", "area_m2"},
    {"throughput", "throughput_per_s"},   {"power", "peak_power_W"}, {"error", "output_rms_error"}};

void collect(const Json& node, const std::string& path, Metrics& metrics);

/// Ends of estimates' intervals, beside the figures that they belong to: "rram.energy.per_inference_J.low".
void collect_intervals(const Json& intervals, const std::string& path, Metrics& metrics) {
  for (const auto& [name, ends] : intervals.items()) {
    const bool is_of_part = std::any_of(
        kLeftOut.begin(), kLeftOut.end(),
        [dotted = "." + name](const std::string& key) { return dotted.find("." + key + ".") != std::string::npos; });
    if (is_of_part) continue;
    collect(ends.at(0), path + "." + name + ".low", metrics);
    collect(ends.at(1), path + "." + name + ".high", metrics);
  }
}

void collect(const Json& node, const std::string& path, Metrics& metrics) {
  if (node.is_object()) {
    for (const auto& [key, value] : node.items()) {
      if (key == "intervals") collect_intervals(value, path, metrics);
      else if (!kLeftOut.count(key)) collect(value, path + "." + key, metrics);
    }
    return;
  }
  if (!node.is_number() && !node.is_null()) return;
  metrics.names.push_back(path);
  metrics.values.push_back(node.is_null() ? std::numeric_limits<double>::quiet_NaN() : node.get<double>());
}

}  // namespace

std::string full_name(const std::string& name) {
  const auto found = kShort.find(name);
  return found == kShort.end() ? name : found->second;
}

std::string to_bytes(const Metrics& metrics) {
  const std::string names = Json(metrics.names).dump() + "\n";
  return names +
         std::string(reinterpret_cast<const char*>(metrics.values.data()), metrics.values.size() * sizeof(double));
}

Metrics from_bytes(std::string_view bytes) {
  const std::size_t end = bytes.find('\n');
  if (end == std::string_view::npos) throw std::runtime_error("its answer was cut off");
  Metrics metrics;
  metrics.names = Json::parse(bytes.substr(0, end)).get<std::vector<std::string>>();
  metrics.values.resize(metrics.names.size());
  if (bytes.size() != end + 1 + metrics.values.size() * sizeof(double))
    throw std::runtime_error("its answer was cut off");
  std::memcpy(metrics.values.data(), bytes.data() + end + 1, metrics.values.size() * sizeof(double));
  return metrics;
}

Metrics metrics_of(const std::string& summary_json) {
  const Json summary = Json::parse(summary_json);
  Metrics metrics;
  collect(summary.at("reference"), "reference", metrics);
  for (const Json& platform : summary.at("platforms"))
    collect(platform, platform.at("name").get<std::string>(), metrics);
  return metrics;
}

}  // namespace szilard::study
