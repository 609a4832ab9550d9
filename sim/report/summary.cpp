// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "models/linear/product.hpp"
#include "models/support/constants.hpp"
#include "models/support/sha256.hpp"
#include "sim/report/link_json.hpp"
#include "sim/report/report.hpp"

namespace szilard::report {
namespace {

using Json = nlohmann::ordered_json;

template <typename T>
Json optional(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

std::string file_name(const std::string& path) { return std::filesystem::path(path).filename().string(); }

Json energy_json(const cosim::PlatformResult& platform, const energy::Ledger& ledger, std::size_t samples) {
  const energy::Quanta supplied = ledger.total(platform.name, energy::Fate::supplied);
  const energy::Quanta recovered = ledger.total(platform.name, energy::Fate::recovered);
  const energy::Quanta total = supplied - recovered;
  Json energy = {{"supplied_J", supplied.joules()},
                 {"dissipated_J", ledger.total(platform.name, energy::Fate::dissipated).joules()},
                 {"recovered_J", recovered.joules()},
                 {"stored_J", ledger.total(platform.name, energy::Fate::stored).joules()},
                 {"total_J", total.joules()},
                 {"per_inference_J", total.joules() / double(samples)},
                 {"closure", ledger.closure(platform.name).worst}};
  Json components = Json::object(), mechanisms = Json::object();
  for (const auto& [path, entries] : ledger.by_component(platform.name, energy::Fate::dissipated))
    for (const auto& [mechanism, amount] : entries) components[path][mechanism] = amount.joules();
  for (const auto& [mechanism, amount] : ledger.by_mechanism(platform.name, energy::Fate::dissipated))
    mechanisms[mechanism] = amount.joules();
  energy["by_component"] = components;
  energy["by_mechanism"] = mechanisms;
  return energy;
}

Json neurons_json(const cosim::PlatformResult& platform) {
  const cosim::NeuronResult& neurons = platform.neurons;
  Json by_layer = Json::object();
  for (const auto& [layer, share] : neurons.active_by_layer) by_layer[layer] = share;
  const bool has_bits = platform.kind == cosim::PlatformKind::dynamic_analog;
  Json json = {{"count", neurons.count},
               {"active_mean", neurons.active_mean},
               {"active_by_layer", by_layer},
               {"sets", has_bits ? Json(neurons.sets) : Json(nullptr)},
               {"resets", has_bits ? Json(neurons.resets) : Json(nullptr)},
               {"transitions_1_0", neurons.transitions_1_0},
               {"below_bound_fraction", optional(neurons.below_bound_fraction)}};
  if (const neuron::BitErrorCounts& errors = neurons.errors; errors.decisions > 0) {
    json["bit_errors"] = {{"decisions", errors.decisions},
                          {"unresolved", errors.unresolved},
                          {"wrong", errors.wrong},
                          {"mean_resolution_s", errors.resolution_s / double(errors.decisions)},
                          {"longest_resolution_s", errors.longest_resolution_s},
                          {"lost", errors.lost},
                          {"gained", errors.gained},
                          {"reads", errors.reads},
                          {"wrong_reads", errors.wrong_reads}};
  }
  if (const auto& drawn = platform.drawn_resets) {
    json["drawn_resets"] = {{"failed", drawn->failed},
                            {"error_probability", drawn->error_probability},
                            {"duration_s", drawn->duration_s},
                            {"mean_work_J", drawn->mean_work_j},
                            {"calibrated_work_J", drawn->calibrated_work_j},
                            {"calibrated_standard_error_J", drawn->calibrated_standard_error_j},
                            {"difference_standard_error_J", drawn->difference_standard_error_j}};
  }
  return json;
}

/// What it takes to bring heat of one inference from the scenario's temperature to the ambience: by Carnot, by the
/// pump.
Json cooled_json(double heat_j, const scenario::CoolingSpec& cooling, double temperature_k) {
  const energy::CooledHeat cooled = energy::cooled_heat(heat_j, temperature_k, cooling.ambient_k, cooling.efficiency);
  return {{"heat_J", cooled.heat_j},
          {"carnot_work_J", cooled.carnot_work_j},
          {"carnot_total_J", cooled.carnot_total_j()},
          {"pump_work_J", cooled.pump_work_j},
          {"pump_total_J", cooled.pump_total_j()}};
}

Json cooling_json(const scenario::Scenario& scenario, const cosim::PlatformResult& platform, double dissipated_j) {
  if (!scenario.cooling) return nullptr;
  const scenario::CoolingSpec& cooling = *scenario.cooling;
  const double kelvin = scenario.temperature_k;
  Json json = {
      {"ambient_K", cooling.ambient_k}, {"temperature_K", kelvin}, {"pump_efficiency", cooling.efficiency.value}};
  json["dissipated"] = cooled_json(dissipated_j, cooling, kelvin);
  if (platform.has_reset_bounds)
    json["reset_per_neuron"] = cooled_json(platform.reset_bounds.reset_per_neuron_j, cooling, kelvin);
  if (platform.finite_time_j)
    json["finite_time"] = cooled_json(std::max(0.0, *platform.finite_time_j), cooling, kelvin);
  return json;
}

Json negentropy_json(const cosim::PlatformResult& platform) {
  if (platform.negentropy.empty()) return nullptr;
  const auto entry = [](const cosim::NegentropyResult& result) {
    return Json{{"consumed_bits", result.consumed_bit},
                {"standard_error_bits", result.standard_error_bit},
                {"shannon_reduction_bits", result.shannon_reduction_bit},
                {"holds", result.holds}};
  };
  Json json = entry(platform.negentropy.back()), layers = Json::object();
  for (std::size_t b = 0; b < platform.reset_bounds_by_layer.size(); ++b)
    layers[platform.reset_bounds_by_layer[b].first] = entry(platform.negentropy.at(b));
  json["by_layer"] = layers;
  return json;
}

Json layer_bounds_json(const scenario::Scenario& scenario, const cosim::PlatformResult& platform,
                       const energy::Ledger& ledger, std::size_t samples) {
  Json layers = Json::object();
  for (std::size_t b = 0; b < platform.reset_bounds_by_layer.size(); ++b) {
    const auto& [layer, bounds] = platform.reset_bounds_by_layer[b];
    energy::Quanta dissipated;
    const std::string path = platform.name + "/" + layer + "/";
    for (const auto& [component, mechanisms] : ledger.by_component(platform.name, energy::Fate::dissipated))
      for (const auto& [mechanism, amount] : mechanisms)
        if (component.compare(0, path.size(), path) == 0) dissipated += amount;
    layers[layer] = {{"transition_J", bounds.transition_j},
                     {"reset_mean_J", bounds.reset_mean_j},
                     {"reset_sparse_J", bounds.reset_sparse_j},
                     {"reset_per_neuron_J", bounds.reset_per_neuron_j},
                     {"reset_joint_J", optional(bounds.reset_joint_j)},
                     {"landauer_half_J", bounds.landauer_half_j},
                     {"finite_time_J", optional(platform.finite_time_by_layer_j.at(b))},
                     {"dissipated_J", dissipated.joules() / double(samples)}};
    if (scenario.cooling)
      layers[layer]["cooling"] =
          cooled_json(dissipated.joules() / double(samples), *scenario.cooling, scenario.temperature_k);
  }
  return layers;
}

Json bounds_json(const cosim::PlatformResult& platform, std::size_t samples) {
  Json bounds;
  const energy::ResetBounds& reset = platform.reset_bounds;
  const auto when = [&](double value) { return platform.has_reset_bounds ? Json(value) : Json(nullptr); };
  bounds["transition_J"] = when(reset.transition_j);
  bounds["reset_mean_J"] = when(reset.reset_mean_j);
  bounds["reset_sparse_J"] = when(reset.reset_sparse_j);
  bounds["reset_per_neuron_J"] = when(reset.reset_per_neuron_j);
  bounds["reset_joint_J"] = platform.has_reset_bounds ? optional(reset.reset_joint_j) : Json(nullptr);
  bounds["reset_joint_note"] = platform.has_reset_bounds ? Json(reset.reset_joint_note) : Json("no neurons");
  bounds["landauer_half_J"] = when(reset.landauer_half_j);
  bounds["finite_time_J"] = optional(platform.finite_time_j);
  bounds["digital_flop_J"] = optional(platform.digital_flop_j);
  bounds["digital_register_J"] = optional(platform.digital_register_j);
  const bool has_gates = platform.gate_level && platform.gate_level->landauer_gate_j;
  bounds["digital_gate_J"] = has_gates ? Json(*platform.gate_level->landauer_gate_j / double(samples)) : Json(nullptr);
  bounds["quasi_static_J"] = 0;
  return bounds;
}

/// Known only where that of every part is.
std::optional<double> total_area_m2(const cosim::PlatformResult& platform) {
  double total_m2 = 0;
  for (const support::AreaPart& part : platform.areas) {
    const std::optional<double> area_m2 = part.area_m2();
    if (!area_m2) return std::nullopt;
    total_m2 += *area_m2;
  }
  return platform.areas.empty() ? std::nullopt : std::optional<double>(total_m2);
}

Json areas_json(const cosim::PlatformResult& platform) {
  Json areas = Json::object();
  for (const support::AreaPart& part : platform.areas) areas[part.component] = optional(part.area_m2());
  return areas;
}

Json gate_level_json(const cosim::GateLevelResult& gates, std::size_t samples) {
  const auto per = [&](std::optional<double> total_j) {
    return total_j ? Json(*total_j / double(samples)) : Json(nullptr);
  };
  Json figures = Json::array();
  for (const auto& figure : gates.figures)
    figures.push_back({{"name", figure.name}, {"energy_J", figure.energy_j}, {"origin", figure.origin}});
  return {{"library", file_name(gates.library)},
          {"wires", gates.wire_estimate},
          {"cells", gates.cells},
          {"registers", gates.registers},
          {"cycles_simulated", gates.cycles_simulated},
          {"windows_joined", gates.windows_joined},
          {"logic_J", gates.logic_j / double(samples)},
          {"clock_tree_J", gates.clock_tree_j / double(samples)},
          {"clock_buffers", gates.clock_buffers},
          {"net_buffers", gates.net_buffers},
          {"sampling_error", gates.sampling_error},
          {"weights_difference", gates.weights_difference},
          {"glitch_estimate_J", gates.glitch_estimate_j / double(samples)},
          {"landauer_J", {{"register", per(gates.landauer_register_j)}, {"gate", per(gates.landauer_gate_j)}}},
          {"beside_it", figures}};
}

Json optical_json(const cosim::PlatformResult& platform) {
  Json layers = Json::array();
  for (const cosim::OpticalLayerResult& layer : platform.optical)
    layers.push_back({{"name", layer.layer},
                      {"medium", layer.medium},
                      {"tiles", layer.tiles},
                      {"modes", layer.modes},
                      {"scatterer_modes", layer.scatterer_modes > 0 ? Json(layer.scatterer_modes) : Json(nullptr)},
                      {"elements", layer.elements},
                      {"error", layer.error},
                      {"largest_error", layer.largest_error},
                      {"residual", layer.residual},
                      {"holding_W", layer.holding_w},
                      {"programming_J", layer.programming_j},
                      {"programming_time_s", layer.programming_time_s},
                      {"detected_photons_per_mac", layer.photons_per_mac},
                      {"link", link_json(layer.link)}});
  return layers;
}

/// Detected photons over multiplications, of all layers together.
double photons_per_mac(const cosim::PlatformResult& platform, const cosim::Workload& workload) {
  double photons = 0, macs = 0;
  for (std::size_t l = 0; l < platform.optical.size(); ++l) {
    const double of_layer = double(workload.chain.layers[l].map.macs());
    photons += platform.optical[l].photons_per_mac * of_layer;
    macs += of_layer;
  }
  return photons / macs;
}

Json platform_json(const scenario::Scenario& scenario, const cosim::Workload& workload,
                   const cosim::PlatformResult& platform, const energy::Ledger& ledger, std::size_t samples) {
  Json layers = Json::array();
  for (const cosim::LayerResult& layer : platform.layers)
    layers.push_back({{"name", layer.name}, {"rms_error", layer.rms_error}, {"max_error", layer.max_error}});
  Json json = {{"name", platform.name},
               {"kind", kind_name(platform.kind)},
               {"accuracy", optional(platform.accuracy)},
               {"agreement", platform.agreement},
               {"output_rms_error", platform.output_rms_error},
               {"layers", layers},
               {"cycles", platform.cycles},
               {"latency_s", platform.latency_s},
               {"throughput_per_s", optional(platform.throughput_per_s)},
               {"peak_power_W", optional(platform.peak_power_w)},
               {"area_m2", optional(total_area_m2(platform))},
               {"area_by_component", areas_json(platform)}};
  if (!platform.optical.empty()) {
    json["detected_photons_per_mac"] = photons_per_mac(platform, workload);
    json["optical"] = optical_json(platform);
  }
  json["energy"] = energy_json(platform, ledger, samples);
  if (platform.gate_level) json["gate_level"] = gate_level_json(*platform.gate_level, samples);
  json["neurons"] = neurons_json(platform);
  json["bounds"] = bounds_json(platform, samples);
  json["bounds"]["cooling"] = cooling_json(
      scenario, platform, ledger.total(platform.name, energy::Fate::dissipated).joules() / double(samples));
  if (!platform.reset_bounds_by_layer.empty())
    json["bounds"]["by_layer"] = layer_bounds_json(scenario, platform, ledger, samples);
  json["bound"] = platform.bound_name.empty() ? Json(nullptr) : Json(platform.bound_name);
  json["ratio_to_bound"] = optional(platform.ratio_to_bound);
  json["negentropy_bits"] = platform.negentropy_bits;
  json["negentropy"] = negentropy_json(platform);
  return json;
}

Json compare_json(const std::vector<cosim::PairResult>& pairs) {
  Json compare = Json::array();
  for (const cosim::PairResult& pair : pairs) {
    Json mismatch = nullptr;
    if (pair.first_mismatch)
      mismatch = {{"sample", pair.first_mismatch->sample},
                  {"index", pair.first_mismatch->index},
                  {"values", {pair.first_mismatch->first, pair.first_mismatch->second}}};
    compare.push_back({{"pair", {pair.first, pair.second}},
                       {"layer", pair.layer},
                       {"max_error", pair.max_error},
                       {"first_mismatch", mismatch}});
  }
  return compare;
}

}  // namespace

std::string kind_name(cosim::PlatformKind kind) {
  switch (kind) {
    case cosim::PlatformKind::dynamic_analog:
      return "dynamic-analog";
    case cosim::PlatformKind::hybrid:
      return "hybrid";
    case cosim::PlatformKind::digital:
      return "digital";
    case cosim::PlatformKind::quasi_static:
      return "quasi-static";
  }
  throw std::logic_error("platform kind");
}

std::string summary_json(const scenario::Scenario& scenario, const cosim::Workload& workload,
                         const cosim::RunResult& result) {
  const Versions tool = versions();
  Json layers = Json::array();
  for (const mapping::Layer& layer : workload.chain.layers)
    layers.push_back({{"name", layer.map.name},
                      {"inputs", layer.map.inputs},
                      {"outputs", layer.map.total_outputs()},
                      {"macs", layer.map.macs()}});
  Json platforms = Json::array();
  for (const cosim::PlatformResult& platform : result.platforms)
    platforms.push_back(platform_json(scenario, workload, platform, *result.ledger, result.samples));
  double wall = 0;
  Json phases = Json::object();
  for (const auto& [phase, seconds] : result.phases_s) phases[phase] = seconds, wall += seconds;

  Json summary;
  summary["schema"] = "szilard.summary/1";
  summary["szilard"] = {
      {"version", tool.szilard}, {"commit", tool.commit}, {"instruction_set", std::string(linear::instruction_set())}};
  summary["scenario"] = {{"name", scenario.name},
                         {"sha256", support::sha256(scenario.canonical.data(), scenario.canonical.size())},
                         {"seed", scenario.seed},
                         {"temperature_K", scenario.temperature_k}};
  summary["network"] = {{"file", file_name(scenario.network_path)},
                        {"sha256", workload.network.sha256},
                        {"layers", layers},
                        {"parameters", workload.network.parameters},
                        {"neurons", workload.chain.neurons()},
                        {"macs", workload.chain.macs()}};
  summary["dataset"] = {{"file", file_name(scenario.inputs_path)}, {"samples", result.samples}};
  summary["reference"] = {{"accuracy", optional(result.reference_accuracy)}};
  summary["platforms"] = platforms;
  summary["compare"] = compare_json(result.compare);
  summary["wall"] = {{"total_s", wall}, {"phases_s", phases}};
  return summary.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace szilard::report
