// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>

#include "models/linear/product.hpp"
#include "models/support/atomic_file.hpp"
#include "models/support/constants.hpp"
#include "models/support/sha256.hpp"
#include "models/support/units.hpp"
#include "sim/report/report.hpp"
#include "sim/report/text_table.hpp"
#include "sim/statistical/statistical.hpp"

namespace szilard::statistical {
namespace {

using Json = nlohmann::ordered_json;
using report::TextTable;

Json ends(const Interval& interval, double factor = 1) { return {interval.low * factor, interval.high * factor}; }

/// Inferences that sums over a run stand for.
double inferences(const Estimate& estimate) { return estimate.population > 0 ? double(estimate.population) : 1; }

Json energy_json(const PlatformEstimate& platform, double samples, Json& intervals) {
  Json energy;
  for (const char* name : {"supplied", "dissipated", "recovered", "stored", "total"}) {
    const std::string key = std::string(name) + "_J";
    energy[key] = platform.energy_j.at(name).value * samples;
    intervals["energy." + key] = ends(platform.energy_j.at(name), samples);
  }
  energy["per_inference_J"] = platform.energy_j.at("total").value;
  intervals["energy.per_inference_J"] = ends(platform.energy_j.at("total"));
  energy["closure"] = nullptr;
  Json components = Json::object(), mechanisms = Json::object();
  for (const auto& [path, entries] : platform.by_component_j)
    for (const auto& [mechanism, joules] : entries) {
      components[path][mechanism] = joules.value * samples;
      intervals["energy.by_component." + path + "." + mechanism] = ends(joules, samples);
    }
  for (const auto& [mechanism, joules] : platform.by_mechanism_j) {
    mechanisms[mechanism] = joules.value * samples;
    intervals["energy.by_mechanism." + mechanism] = ends(joules, samples);
  }
  energy["by_component"] = components;
  energy["by_mechanism"] = mechanisms;
  return energy;
}

Json neurons_json(const PlatformEstimate& platform, Json& intervals) {
  Json by_layer = Json::object();
  for (const auto& [layer, active] : platform.active_by_layer) by_layer[layer] = active.value;
  if (platform.neurons > 0) intervals["neurons.active_mean"] = ends(platform.active_mean);
  return {{"count", platform.neurons},
          {"active_mean", platform.neurons > 0 ? Json(platform.active_mean.value) : Json(nullptr)},
          {"active_by_layer", by_layer},
          {"sets", nullptr},
          {"resets", nullptr},
          {"transitions_1_0", nullptr},
          {"below_bound_fraction", nullptr}};
}

Json bounds_json(const PlatformEstimate& platform, Json& intervals) {
  Json bounds;
  for (const char* name : {"transition_J", "reset_mean_J", "reset_sparse_J", "reset_per_neuron_J", "reset_joint_J",
                           "landauer_half_J", "digital_flop_J", "digital_register_J"}) {
    const auto found = platform.bounds_j.find(name);
    bounds[name] = found == platform.bounds_j.end() ? Json(nullptr) : Json(found->second.value);
    if (found != platform.bounds_j.end()) intervals[std::string("bounds.") + name] = ends(found->second);
  }
  bounds["quasi_static_J"] = 0;
  return bounds;
}

Json layers_json(const PlatformEstimate& platform) {
  Json layers = Json::array();
  for (const LayerEstimate& layer : platform.layers)
    layers.push_back({{"name", layer.name},
                      {"count", layer.count},
                      {"parallel", layer.parallel},
                      {"blocks", layer.blocks},
                      {"simulated", layer.simulated},
                      {"energy_J", layer.energy_j.value},
                      {"interval_J", ends(layer.energy_j)}});
  return layers;
}

Json platform_json(const scenario::Scenario& scenario, const PlatformEstimate& platform, double samples) {
  Json intervals = Json::object();
  Json json = {{"name", platform.name},
               {"kind", report::kind_name(platform.kind)},
               {"accuracy", nullptr},
               {"agreement", nullptr},
               {"output_rms_error", nullptr},
               {"layers", layers_json(platform)},
               {"cycles", nullptr},
               {"latency_s", platform.latency_s.value},
               {"throughput_per_s", platform.throughput_per_s ? Json(platform.throughput_per_s->value) : Json(nullptr)},
               {"peak_power_W", nullptr},
               {"area_m2", platform.area_m2 ? Json(*platform.area_m2) : Json(nullptr)},
               {"area_by_component", Json::object()}};
  intervals["latency_s"] = ends(platform.latency_s);
  if (platform.throughput_per_s) intervals["throughput_per_s"] = ends(*platform.throughput_per_s);
  json["energy"] = energy_json(platform, samples, intervals);
  json["neurons"] = neurons_json(platform, intervals);
  json["bounds"] = bounds_json(platform, intervals);
  json["bound"] = platform.bound.empty() ? Json(nullptr) : Json(platform.bound);
  json["ratio_to_bound"] = platform.ratio_to_bound ? Json(platform.ratio_to_bound->value) : Json(nullptr);
  if (platform.ratio_to_bound) intervals["ratio_to_bound"] = ends(*platform.ratio_to_bound);
  json["negentropy_bits"] =
      platform.energy_j.at("dissipated").value / (support::kBoltzmann_J_per_K * scenario.temperature_k * support::kLn2);
  json["negentropy"] = nullptr;
  json["parts_simulated"] = platform.parts;
  json["intervals"] = intervals;
  return json;
}

std::string plus_minus(const Interval& interval) {
  if (!(interval.value > 0)) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.2g %%", 50 * (interval.high - interval.low) / interval.value);
  return text;
}

std::string where_it_goes(const PlatformEstimate& platform) {
  std::vector<std::pair<double, std::string>> shares;
  for (const auto& [mechanism, joules] : platform.by_mechanism_j) shares.emplace_back(joules.value, mechanism);
  std::sort(shares.rbegin(), shares.rend());
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, shares.size()); ++i) {
    char share[32];
    std::snprintf(share, sizeof share, " %.0f %%",
                  100 * shares[i].first / std::max(platform.energy_j.at("dissipated").value, 1e-300));
    text += (i ? ", " : "") + shares[i].second + share;
  }
  return text;
}

}  // namespace

std::string summary_json(const scenario::Scenario& scenario, const cosim::Workload* workload,
                         const Estimate& estimate) {
  const report::Versions tool = report::versions();
  Json summary;
  summary["schema"] = "szilard.summary/1";
  summary["szilard"] = {
      {"version", tool.szilard}, {"commit", tool.commit}, {"instruction_set", std::string(linear::instruction_set())}};
  summary["scenario"] = {{"name", scenario.name},
                         {"sha256", support::sha256(scenario.canonical.data(), scenario.canonical.size())},
                         {"seed", scenario.seed},
                         {"temperature_K", scenario.temperature_k}};
  Json layers = Json::array();
  if (!estimate.platforms.empty())
    for (const LayerEstimate& layer : estimate.platforms.front().layers)
      layers.push_back(
          {{"name", layer.name}, {"inputs", layer.inputs}, {"outputs", layer.outputs}, {"macs", layer.macs}});
  summary["network"] = {
      {"file", workload ? Json(std::filesystem::path(scenario.network_path).filename().string()) : Json(nullptr)},
      {"sha256", workload ? Json(workload->network.sha256) : Json(nullptr)},
      {"layers", layers},
      {"parameters", estimate.parameters},
      {"neurons", estimate.neurons},
      {"macs", estimate.macs}};
  summary["dataset"] = {
      {"file", workload ? Json(std::filesystem::path(scenario.inputs_path).filename().string()) : Json(nullptr)},
      {"samples", inferences(estimate)}};
  summary["reference"] = {{"accuracy", nullptr}};
  summary["statistical"] = {{"confidence", estimate.confidence},
                            {"draws", estimate.draws},
                            {"samples_a_draw", estimate.samples_a_draw},
                            {"population", estimate.population > 0 ? Json(estimate.population) : Json(nullptr)}};
  Json platforms = Json::array();
  for (const PlatformEstimate& platform : estimate.platforms)
    platforms.push_back(platform_json(scenario, platform, inferences(estimate)));
  summary["platforms"] = platforms;
  summary["compare"] = Json::array();
  summary["wall"] = {{"total_s", estimate.wall_s}, {"phases_s", {{"estimate", estimate.wall_s}}}};
  return summary.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void write(const std::string& directory, const scenario::Scenario& scenario, const cosim::Workload* workload,
           const Estimate& estimate) {
  support::write_file(directory + "/summary.json", summary_json(scenario, workload, estimate));
  support::write_file(directory + "/scenario.resolved.yaml", scenario.resolved_yaml);
}

void print(std::ostream& out, const scenario::Scenario& scenario, const Estimate& estimate) {
  using Align = TextTable::Align;
  char confidence[32];
  std::snprintf(confidence, sizeof confidence, "%g %%", 100 * estimate.confidence);
  std::size_t parts = 0;
  for (const PlatformEstimate& platform : estimate.platforms) parts += platform.parts;
  out << scenario.name << ": estimated at " << support::shortest(scenario.temperature_k) << " K from " << parts
      << " parts simulated in " << support::engineering(estimate.wall_s, "s") << "; intervals hold the true value with "
      << confidence << "\n"
      << support::engineering(estimate.parameters, "parameters") << ", " << support::engineering(estimate.macs, "MACs")
      << " an inference\n\n";
  TextTable table({{"platform"},
                   {"J/inference", Align::right},
                   {"+-", Align::right},
                   {"where it goes"},
                   {"latency", Align::right},
                   {"bound", Align::right},
                   {"ratio to bound", Align::right}});
  for (const PlatformEstimate& platform : estimate.platforms) {
    const Interval& total = platform.energy_j.at("total");
    const auto bound = platform.bounds_j.find(platform.bound);
    table.add({platform.name, support::engineering(total.value, "J"), plus_minus(total), where_it_goes(platform),
               support::engineering(platform.latency_s.value, "s"),
               bound == platform.bounds_j.end() ? "-" : support::engineering(bound->second.value, "J"),
               platform.ratio_to_bound ? support::engineering(platform.ratio_to_bound->value, "") : "-"});
  }
  table.print(out);
  out << '\n';
  TextTable layers({{"platform"},
                    {"layer"},
                    {"shape", Align::right},
                    {"how many", Align::right},
                    {"blocks", Align::right},
                    {"simulated", Align::right},
                    {"J/inference", Align::right},
                    {"+-", Align::right}});
  for (const PlatformEstimate& platform : estimate.platforms)
    for (const LayerEstimate& layer : platform.layers) {
      char share[32];
      std::snprintf(share, sizeof share, "%.3g %%", 100 * layer.simulated);
      layers.add({platform.name, layer.name, std::to_string(layer.inputs) + " x " + std::to_string(layer.outputs),
                  std::to_string(layer.count) + (layer.parallel > 1 ? " x " + std::to_string(layer.parallel) : ""),
                  std::to_string(layer.blocks), share, support::engineering(layer.energy_j.value, "J"),
                  plus_minus(layer.energy_j)});
    }
  layers.print(out);
}

}  // namespace szilard::statistical
