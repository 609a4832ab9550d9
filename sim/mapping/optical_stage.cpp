// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/mapping/optical_stage.hpp"

#include <stdexcept>

#include "models/optical/converted_stage.hpp"

namespace szilard::mapping {
namespace {

support::InputError cannot_be_built(const scenario::PlatformSpec& platform, const Layer& layer,
                                    const std::invalid_argument& wrong) {
  return support::InputError(
      support::DiagnosticCode::conflict, platform.where,
      "platform '" + platform.name + "' cannot be built: layer " + layer.map.name + ": " + wrong.what());
}

}  // namespace

std::vector<optical::LightWays> light_ways(const scenario::PlatformSpec& platform, const LayerChain& chain,
                                           const std::vector<double>& input_full_scales) {
  std::vector<optical::LightWays> ways(chain.layers.size());
  const optical::CoherentParameters& coherent = platform.linear.coherent;
  if (platform.linear.model != scenario::LinearModel::coherent || !coherent.hand_over) return ways;
  for (std::size_t l = 0; l + 1 < chain.layers.size(); ++l) {
    if (chain.layers[l].pool_before.window || chain.layers[l].pool_after.window)
      throw support::InputError(support::DiagnosticCode::conflict, platform.where,
                                "platform '" + platform.name + "' cannot be built: layer " + chain.layers[l].map.name +
                                    ": light cannot be pooled on its way to the next layer",
                                "leave hand_over out");
    const double full = input_full_scales.at(l + 1);
    ways[l].to = ways[l + 1].from = std::make_shared<optical::LightWay>(coherent.light_power_w / (full * full));
  }
  return ways;
}

scenario::PlatformSpec with_light_of_chain(const scenario::PlatformSpec& platform, const LayerChain& chain,
                                           const std::vector<double>& input_full_scales, std::uint64_t seed) {
  const optical::CoherentParameters& coherent = platform.linear.coherent;
  if (platform.linear.model != scenario::LinearModel::coherent || !coherent.hand_over || coherent.wanted_error <= 0 ||
      chain.layers.size() < 2)
    return platform;
  constexpr double kTrial_w = 1e-3;
  scenario::PlatformSpec spec = platform;
  spec.linear.coherent.light_power_w = {kTrial_w, "a trial", "choice"};
  const std::vector<optical::LightWays> ways = light_ways(spec, chain, input_full_scales);
  double wanted_w = 0, arriving_w = 0;
  for (std::size_t l = 0; l < chain.layers.size(); ++l) {
    const Layer& layer = chain.layers[l];
    try {
      const optical::CoherentStage stage(layer.map, spec.linear.coherent, input_full_scales.at(l), seed, layer.map.name,
                                         ways[l]);
      wanted_w = stage.wanted_light_w();
      arriving_w = stage.light().light_power_w;
    } catch (const std::invalid_argument& wrong) {
      throw cannot_be_built(platform, layer, wrong);
    }
  }
  spec.linear.coherent.light_power_w = {kTrial_w * wanted_w / arriving_w,
                                        "solved for the wanted error behind the last layer", "choice"};
  return spec;
}

std::unique_ptr<optical::OpticalStage> make_optical_stage(const scenario::PlatformSpec& platform, const Layer& layer,
                                                          const OpticalEdges& edges, std::uint64_t seed) {
  try {
    // Streams are named by layer alone: platforms with the same medium get the same errors and the same noise.
    const std::string& name = layer.map.name;
    std::unique_ptr<optical::OpticalStage> stage;
    if (platform.linear.model == scenario::LinearModel::coherent)
      stage = std::make_unique<optical::CoherentStage>(layer.map, platform.linear.coherent, edges.input_full_scale,
                                                       seed, name, edges.ways);
    else
      stage = std::make_unique<optical::IncoherentStage>(layer.map, platform.linear.incoherent, edges.input_full_scale,
                                                         edges.input_negative, seed, name);
    if (!edges.input && !edges.output) return stage;
    return std::make_unique<optical::ConvertedStage>(std::move(stage), edges.input, edges.output, seed, name);
  } catch (const std::invalid_argument& wrong) {
    throw cannot_be_built(platform, layer, wrong);
  }
}

}  // namespace szilard::mapping
