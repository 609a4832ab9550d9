// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/mapping/optical_stage.hpp"

#include <stdexcept>

#include "models/optical/converted_stage.hpp"

namespace szilard::mapping {

std::unique_ptr<optical::OpticalStage> make_optical_stage(const scenario::PlatformSpec& platform, const Layer& layer,
                                                          const OpticalEdges& edges, std::uint64_t seed) {
  try {
    const optical::CoherentParameters& coherent = platform.linear.coherent;
    const optical::LightParameters& light =
        platform.linear.model == scenario::LinearModel::coherent ? coherent : static_cast<const optical::LightParameters&>(platform.linear.incoherent);
    if (light.input_amplifier || light.output_amplifier || coherent.gain_row || coherent.hand_over)
      throw std::invalid_argument("amplifiers and light handed over are read, but cannot be run yet");
    // Streams are named by layer alone: platforms with the same medium get the same errors and the same noise.
    const std::string& name = layer.map.name;
    std::unique_ptr<optical::OpticalStage> stage;
    if (platform.linear.model == scenario::LinearModel::coherent)
      stage = std::make_unique<optical::CoherentStage>(layer.map, platform.linear.coherent, edges.input_full_scale, seed, name);
    else
      stage = std::make_unique<optical::IncoherentStage>(layer.map, platform.linear.incoherent, edges.input_full_scale,
                                                         edges.input_negative, seed, name);
    if (!edges.input && !edges.output) return stage;
    return std::make_unique<optical::ConvertedStage>(std::move(stage), edges.input, edges.output, seed, name);
  } catch (const std::invalid_argument& wrong) {
    throw support::InputError(support::DiagnosticCode::conflict, platform.where,
                              "platform '" + platform.name + "' cannot be built: layer " + layer.map.name + ": " + wrong.what());
  }
}

}  // namespace szilard::mapping
