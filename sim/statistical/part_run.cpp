// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/statistical/part_run.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <stdexcept>

#include "models/support/constants.hpp"

namespace szilard::statistical {
namespace {

using Json = nlohmann::json;

/// "rram/fc1/tile_3_0" as "fc1/tiles": blocks differ in the numbers of their tiles, not in what stands there.
std::string part_of(const std::string& component, const std::string& platform) {
  static const std::regex tile("/tile_[0-9_]+");
  const std::string below = component.size() > platform.size() ? component.substr(platform.size() + 1) : std::string();
  return std::regex_replace(below, tile, "/tiles");
}

scenario::Scenario scenario_of(const scenario::Scenario& whole, const scenario::PlatformSpec& platform,
                               const Part& part) {
  scenario::Scenario scenario = whole;
  scenario.seed = part.seed;
  scenario.platforms = {platform};
  scenario.compare_pairs.clear();
  scenario.cooling.reset();
  scenario.waves.reset();
  scenario.training.reset();
  scenario::PlatformSpec& spec = scenario.platforms.front();
  spec.fault.reset();
  // Where signals stay analog between layers, only the network's own input passes a DAC.
  if (!part.has_input_converter && !spec.linear.crossbar.output) spec.linear.crossbar.input.reset();
  return scenario;
}

/// Share of outputs that were neither always on nor always off: each such neuron takes about 1/2m from an entropy that
/// m samples show (G. A. Miller, in: Information Theory in Psychology, 1955, 95).
double mixed_share(const std::vector<double>& outputs, std::size_t samples) {
  const std::size_t neurons = outputs.size() / samples;
  double mixed = 0;
  for (std::size_t i = 0; i < neurons; ++i) {
    std::size_t active = 0;
    for (std::size_t s = 0; s < samples; ++s) active += outputs[s * neurons + i] > 0;
    mixed += active > 0 && active < samples;
  }
  return mixed / double(neurons);
}

void take_bounds(const cosim::PlatformResult& platform, const cosim::RunResult& result, double temperature_k,
                 std::size_t population, std::map<std::string, double>& scalars) {
  if (platform.has_reset_bounds) {
    const double m = double(result.samples), unseen = 1 / (2 * m) - (population > 0 ? 1 / (2 * double(population)) : 0);
    const double correction_j = support::kBoltzmann_J_per_K * temperature_k * unseen * double(platform.neurons.count) *
                                mixed_share(result.outputs.front(), result.samples);
    scalars["bound|reset_per_neuron_J"] = platform.reset_bounds.reset_per_neuron_j + correction_j;
    scalars["bound|landauer_half_J"] = platform.reset_bounds.landauer_half_j;
  }
  if (platform.digital_flop_j) scalars["bound|digital_flop_J"] = *platform.digital_flop_j;
  if (platform.digital_register_j) scalars["bound|digital_register_J"] = *platform.digital_register_j;
}

Json figures_of(const scenario::Scenario& scenario, const Part& part, bool wants_outputs, std::size_t population) {
  const cosim::RunResult result = cosim::run(scenario, part.workload, {});
  const cosim::PlatformResult& platform = result.platforms.front();
  std::map<std::string, std::vector<double>> by_sample;
  const std::vector<energy::AccountInfo>& accounts = result.ledger->accounts();
  for (energy::AccountId a = 0; a < accounts.size(); ++a) {
    const energy::AccountInfo& info = accounts[a];
    std::vector<double>& values = by_sample[std::string(energy::fate_name(info.fate)) + "|" +
                                            part_of(info.component, platform.name) + "|" + info.mechanism];
    values.resize(result.samples, 0);
    for (std::size_t s = 0; s < result.samples; ++s) values[s] += result.ledger->at(a, s).joules();
  }
  std::map<std::string, double> scalars;
  scalars["latency_s"] = platform.latency_s;
  if (platform.throughput_per_s) scalars["interval_s"] = 1 / *platform.throughput_per_s;
  scalars["neurons"] = double(platform.neurons.count);
  scalars["active"] = platform.neurons.active_mean * double(platform.neurons.count);
  scalars["transitions"] = double(platform.neurons.transitions_1_0) / std::max(1.0, double(result.samples) - 1);
  double area_m2 = 0;
  bool area_known = !platform.areas.empty();
  for (const support::AreaPart& area : platform.areas) {
    area_known = area_known && area.area_m2();
    if (area_known) area_m2 += *area.area_m2();
  }
  if (area_known) scalars["area_m2"] = area_m2;
  take_bounds(platform, result, scenario.temperature_k, population, scalars);
  Json json = {{"by_sample", by_sample},
               {"scalars", scalars},
               {"kind", int(platform.kind)},
               {"bound", platform.bound_name},
               {"failures", result.failures}};
  if (wants_outputs) json["outputs"] = result.outputs.front();
  return json;
}

std::string told(const scenario::Scenario& scenario, const scenario::PlatformSpec& platform,
                 const std::function<Part()>& make_part, bool wants_outputs, std::size_t population) {
  Json json;
  try {
    const Part part = make_part();
    json = figures_of(scenario_of(scenario, platform, part), part, wants_outputs, population);
  } catch (const std::exception& error) {
    json = Json{{"error", error.what()}};
  }
  std::string bytes;
  Json::to_msgpack(json, bytes);
  return bytes;
}

}  // namespace

PartRun::PartRun(const scenario::Scenario& scenario, const scenario::PlatformSpec& platform,
                 const std::function<Part()>& make_part, bool wants_outputs, std::size_t population)
    : process_([&] { return told(scenario, platform, make_part, wants_outputs, population); }) {}

Figures PartRun::wait() {
  const process::ChildProcess::End end = process_.finish();
  if (const std::string trouble = end.trouble(); !trouble.empty())
    throw std::runtime_error("a part's process " + trouble);
  const Json json = Json::from_msgpack(end.text);
  if (json.contains("error")) throw std::runtime_error(json.at("error").get<std::string>());
  Figures figures;
  json.at("by_sample").get_to(figures.by_sample);
  json.at("scalars").get_to(figures.scalars);
  json.at("bound").get_to(figures.bound);
  json.at("failures").get_to(figures.failures);
  figures.kind = cosim::PlatformKind(json.at("kind").get<int>());
  if (json.contains("outputs")) json.at("outputs").get_to(figures.outputs);
  return figures;
}

Figures plus_difference(const Figures& a, double factor, const Figures& b, const Figures& c) {
  Figures sum = a;
  const auto add = [](std::vector<double>& to, const std::vector<double>& from, double times) {
    to.resize(std::max(to.size(), from.size()), 0);
    for (std::size_t s = 0; s < from.size(); ++s) to[s] += times * from[s];
  };
  for (const auto& [key, values] : b.by_sample) add(sum.by_sample[key], values, factor);
  for (const auto& [key, values] : c.by_sample) add(sum.by_sample[key], values, -factor);
  for (const auto& [key, value] : b.scalars) sum.scalars[key] += factor * value;
  for (const auto& [key, value] : c.scalars) sum.scalars[key] -= factor * value;
  sum.failures.insert(sum.failures.end(), b.failures.begin(), b.failures.end());
  return sum;
}

}  // namespace szilard::statistical
