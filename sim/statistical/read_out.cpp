// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <set>

#include "models/energy/bounds.hpp"
#include "models/support/constants.hpp"
#include "sim/statistical/strata.hpp"

namespace szilard::statistical {
namespace {

/// Reads intervals out of strata.
class Reading {
 public:
  Reading(const PlatformStrata& strata, double confidence) : strata_(strata), confidence_(confidence) {}

  /// Sum over figures, each times what `factor` says of it (0: left out).
  template <typename Factor>
  Interval energy(Factor factor, const Stratum* only = nullptr) const {
    IntervalSum sum;
    for (const Stratum& stratum : strata_.layers) {
      if (only && only != &stratum) continue;
      Column column;
      for (const auto& [key, values] : stratum.columns) {
        const double times = factor(key);
        if (times == 0) continue;
        if (column.residuals.empty()) column.residuals.assign(values.residuals.size(), 0);
        column = sum_of(column, values, times);
      }
      if (!column.residuals.empty()) sum.add(stratum.energy_weight, column);
    }
    return interval(sum);
  }

  Interval scalar(const std::string& name, bool is_time, const Stratum* only = nullptr) const {
    IntervalSum sum;
    for (const Stratum& stratum : strata_.layers) {
      if (only && only != &stratum) continue;
      const auto found = stratum.scalars.find(name);
      if (found != stratum.scalars.end()) sum.add(is_time ? stratum.time_weight : stratum.energy_weight, found->second);
    }
    return interval(sum);
  }

  bool everywhere(const std::string& name) const {
    return std::all_of(strata_.layers.begin(), strata_.layers.end(),
                       [&](const Stratum& s) { return s.scalars.count(name) > 0; });
  }
  bool somewhere(const std::string& name) const {
    return std::any_of(strata_.layers.begin(), strata_.layers.end(),
                       [&](const Stratum& s) { return s.scalars.count(name) > 0; });
  }

 private:
  Interval interval(const IntervalSum& sum) const {
    const double half = sum.half_width(confidence_);
    return {sum.value(), sum.value() - half, sum.value() + half};
  }

  const PlatformStrata& strata_;
  double confidence_;
};

Interval scaled(const Interval& interval, double factor) {
  return {interval.value * factor, interval.low * factor, interval.high * factor};
}

std::string field_of(const std::string& key, std::size_t index) {
  std::size_t at = 0;
  for (; index > 0; --index) at = key.find('|', at) + 1;
  return key.substr(at, key.find('|', at) - at);
}

void fill_energy(const PlatformStrata& strata, const Reading& read, PlatformEstimate& out) {
  for (const char* fate : {"supplied", "dissipated", "recovered", "stored"})
    out.energy_j[fate] = read.energy([&](const std::string& key) { return field_of(key, 0) == fate ? 1.0 : 0.0; });
  const auto consumed = [](const std::string& key) {
    const std::string fate = field_of(key, 0);
    return fate == "supplied" ? 1.0 : fate == "recovered" ? -1.0 : 0.0;
  };
  out.energy_j["total"] = read.energy(consumed);
  std::set<std::string> mechanisms, keys;
  for (const Stratum& stratum : strata.layers)
    for (const auto& [key, column] : stratum.columns)
      if (field_of(key, 0) == "dissipated") keys.insert(key), mechanisms.insert(field_of(key, 2));
  for (const std::string& wanted : keys)
    out.by_component_j[out.name + "/" + field_of(wanted, 1)][field_of(wanted, 2)] =
        read.energy([&](const std::string& key) { return key == wanted ? 1.0 : 0.0; });
  for (const std::string& mechanism : mechanisms)
    out.by_mechanism_j[mechanism] = read.energy([&](const std::string& key) {
      return field_of(key, 0) == "dissipated" && field_of(key, 2) == mechanism ? 1.0 : 0.0;
    });
  for (const Stratum& stratum : strata.layers) {
    LayerEstimate layer;
    layer.name = stratum.shape.name;
    layer.inputs = stratum.shape.inputs, layer.outputs = stratum.shape.outputs;
    layer.count = stratum.shape.count, layer.parallel = stratum.shape.parallel;
    layer.blocks = stratum.cut.full_blocks + (stratum.cut.rest > 0);
    layer.simulated = stratum.cut.is_whole() ? 1 : double(2 + (stratum.cut.rest > 0)) / double(layer.blocks);
    layer.macs = stratum.energy_weight * double(layer.inputs) * double(layer.outputs) * double(stratum.shape.positions);
    layer.energy_j = read.energy(consumed, &stratum);
    out.layers.push_back(std::move(layer));
  }
}

void fill_times(const PlatformStrata& strata, const Reading& read, const scenario::PlatformSpec& platform,
                PlatformEstimate& out) {
  out.latency_s = read.scalar("latency_s", true);
  if (read.everywhere("interval_s")) {
    Interval pace = read.scalar("interval_s", true);
    if (!platform.is_digital) {  // layers work on different samples at once: the slowest sets the pace
      pace = {};
      for (const Stratum& stratum : strata.layers) {
        Interval own = read.scalar("interval_s", true, &stratum);
        own = scaled(own, 1 / stratum.time_weight);
        if (own.value > pace.value) pace = own;
      }
    }
    if (pace.value > 0)
      out.throughput_per_s =
          Interval{1 / pace.value, 1 / std::max(pace.high, pace.value), 1 / std::min(pace.low, pace.value)};
  }
  if (!read.everywhere("area_m2")) return;
  out.area_m2 = read.scalar("area_m2", false).value;
  if (!platform.is_digital) return;
  out.area_m2 = 0;  // one array
  for (const Stratum& stratum : strata.layers) out.area_m2 = std::max(*out.area_m2, stratum.scalars.at("area_m2").mean);
}

void fill_neurons(const PlatformStrata& strata, const Reading& read, double temperature_k, PlatformEstimate& out) {
  out.neurons = read.scalar("neurons", false).value;
  for (const Stratum& stratum : strata.layers) {
    const double neurons = stratum.scalars.at("neurons").mean * stratum.energy_weight;
    if (neurons > 0)
      out.active_by_layer[stratum.shape.name] = scaled(read.scalar("active", false, &stratum), 1 / neurons);
  }
  if (out.neurons > 0) out.active_mean = scaled(read.scalar("active", false), 1 / out.neurons);
  for (const char* name : {"reset_per_neuron_J", "landauer_half_J", "digital_flop_J", "digital_register_J"})
    if (read.somewhere(std::string("bound|") + name))
      out.bounds_j[name] = read.scalar(std::string("bound|") + name, false);
  if (out.bounds_j.count("reset_per_neuron_J")) {
    const double unit_j = support::kBoltzmann_J_per_K * temperature_k * out.neurons;
    const auto bound = [&](double p) { return unit_j * energy::binary_entropy_nat(std::clamp(p, 0.0, 1.0)); };
    const double at = bound(out.active_mean.value), low = bound(out.active_mean.low),
                 high = bound(out.active_mean.high);
    out.bounds_j["reset_mean_J"] = {at, std::min({at, low, high}), std::max({at, low, high})};
  }
  out.bound = strata.bound;
  if (out.bound.empty() || !out.bounds_j.count(out.bound) || !(out.bounds_j.at(out.bound).value > 0)) return;
  const Interval& bound = out.bounds_j.at(out.bound);
  const Interval& dissipated = out.energy_j.at("dissipated");
  const double ratio = dissipated.value / bound.value;
  const double relative = std::hypot((dissipated.high - dissipated.value) / std::max(dissipated.value, 1e-300),
                                     (bound.high - bound.value) / bound.value);
  out.ratio_to_bound = Interval{ratio, ratio * (1 - relative), ratio * (1 + relative)};
}

}  // namespace

PlatformEstimate read_out(const PlatformStrata& strata, const scenario::PlatformSpec& platform, double temperature_k,
                          double confidence) {
  const Reading read(strata, confidence);
  PlatformEstimate out;
  out.name = platform.name;
  out.kind = strata.kind;
  out.parts = strata.parts;
  fill_energy(strata, read, out);
  fill_times(strata, read, platform, out);
  fill_neurons(strata, read, temperature_k, out);
  return out;
}

}  // namespace szilard::statistical
