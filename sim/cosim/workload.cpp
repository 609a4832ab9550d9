// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "rtl/sampling.hpp"
#include "sim/cosim/run.hpp"

namespace szilard::cosim {
namespace {

using support::DiagnosticCode;
using support::InputError;

void check_free_reset(const scenario::PlatformSpec& platform, const mapping::LayerChain& chain) {
  const bool has_bits =
      !platform.is_digital && !platform.is_quasistatic && platform.neuron.model == scenario::NeuronModel::relu_bit;
  const auto layer = std::find_if(chain.layers.begin(), chain.layers.end(), [&](const mapping::Layer& candidate) {
    return candidate.map.name == platform.fault->layer && candidate.neurons() > 0;
  });
  if (!has_bits || layer == chain.layers.end())
    throw InputError(DiagnosticCode::out_of_range, platform.where,
                     "platform '" + platform.name + "': the fault names no layer with neuron bits");
}

void check_faults(const scenario::Scenario& scenario, const mapping::LayerChain& chain, std::size_t samples) {
  for (const scenario::PlatformSpec& platform : scenario.platforms) {
    if (!platform.fault) continue;
    if (platform.fault->model == scenario::FaultSpec::Model::free_reset) {
      check_free_reset(platform, chain);
      continue;
    }
    if (platform.fault->sample >= samples)
      throw InputError(DiagnosticCode::out_of_range, platform.where,
                       "platform '" + platform.name + "': fault.sample lies beyond the run's samples");
    if (platform.fault->model != scenario::FaultSpec::Model::one_lsb) continue;
    if (!platform.is_digital)
      throw InputError(DiagnosticCode::conflict, platform.where,
                       "platform '" + platform.name + "': only a digital platform has an LSB to be wrong");
    const auto layer = std::find_if(chain.layers.begin(), chain.layers.end(), [&](const mapping::Layer& candidate) {
      return candidate.map.name == platform.fault->layer;
    });
    if (layer == chain.layers.end() || platform.fault->index >= layer->map.total_outputs())
      throw InputError(DiagnosticCode::out_of_range, platform.where,
                       "platform '" + platform.name + "': the fault names no output of a layer of this network");
  }
}

void check_layers(const scenario::Scenario& scenario, const mapping::LayerChain& chain) {
  std::vector<std::string> names;
  for (const mapping::Layer& layer : chain.layers) names.push_back(layer.map.name);
  for (const scenario::PlatformSpec& platform : scenario.platforms) {
    for (const scenario::PlatformSpec& own : platform.layers) {
      if (std::find(names.begin(), names.end(), own.layer) != names.end()) continue;
      const std::string near = support::nearest(own.layer, names);
      throw InputError(DiagnosticCode::unknown_choice, own.where,
                       "platform '" + platform.name + "': the network has no layer '" + own.layer + "'",
                       near.empty() ? "szilard list layers prints their names" : "did you mean '" + near + "'?");
    }
  }
}

void check_sampled_batches(const scenario::Scenario& scenario, std::size_t samples) {
  for (const scenario::PlatformSpec& platform : scenario.platforms) {
    const scenario::DigitalEnergy& energy = platform.digital.energy;
    if (!platform.is_digital || energy.library_path.empty() || !energy.sampled_share) continue;
    const std::size_t batch = std::size_t(platform.digital.batch), all = (samples + batch - 1) / batch;
    const std::size_t chosen = rtl::chosen_count(all, *energy.sampled_share);
    if (chosen < all && chosen < rtl::kLeastSampledBatches)
      throw InputError(DiagnosticCode::conflict, platform.where,
                       "platform '" + platform.name + "': 'sampled_share' leaves " + std::to_string(chosen) + " of " +
                           std::to_string(all) + " batches, and an interval needs " +
                           std::to_string(rtl::kLeastSampledBatches),
                       "a larger share, smaller batches or more samples");
  }
}

}  // namespace

std::size_t sample_count(const scenario::Scenario& scenario, const dataset::Dataset& data) {
  if (!scenario.samples) return data.items();
  if (*scenario.samples > data.items())
    throw InputError(DiagnosticCode::out_of_range, scenario.inputs_where,
                     "samples: " + std::to_string(*scenario.samples) + " asked for, the data set has " +
                         std::to_string(data.items()));
  return *scenario.samples;
}

Workload load_workload(const scenario::Scenario& scenario) {
  if (scenario.network_path.empty())
    throw InputError(DiagnosticCode::conflict, {scenario.path, 1, 1},
                     "the scenario describes layers, and names no network", "estimate it: szilard run --statistical");
  network::Network network = network::load_onnx(scenario.network_path);
  // Springs may be tanh and sigmoid too, which no bit neuron is.
  const bool springs = std::all_of(scenario.platforms.begin(), scenario.platforms.end(),
                                   [](const scenario::PlatformSpec& platform) { return platform.is_quasistatic; });
  mapping::LayerChain chain = mapping::make_chain(network, springs ? mapping::Neurons::smooth : mapping::Neurons::bit);
  dataset::Dataset data = dataset::Dataset::load(scenario.inputs_path, scenario.labels_path, scenario.scale);
  const std::size_t wanted = network.values[network.inputs.front()].size;
  if (data.features() != wanted)
    throw InputError(DiagnosticCode::shape_mismatch, scenario.inputs_where,
                     "an item of the data set has " + std::to_string(data.features()) + " numbers, the network takes " +
                         std::to_string(wanted));
  const std::size_t classes = network.values[network.output].size;
  for (std::int64_t label : data.labels())
    if (label >= std::int64_t(classes))
      throw InputError(
          DiagnosticCode::label_count, scenario.labels_where,
          "label " + std::to_string(label) + " is impossible: the network has " + std::to_string(classes) + " outputs");
  const std::size_t samples = sample_count(scenario, data);
  check_layers(scenario, chain);
  check_faults(scenario, chain, samples);
  check_sampled_batches(scenario, samples);
  if (scenario.waves && scenario.waves->first_sample >= samples)
    throw InputError(DiagnosticCode::out_of_range, scenario.waves->where,
                     "waves begin at sample " + std::to_string(scenario.waves->first_sample) + ", the run has " +
                         std::to_string(samples) + " samples");
  return {std::move(network), std::move(chain), std::move(data), samples, nullptr};
}

}  // namespace szilard::cosim
