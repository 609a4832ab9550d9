// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "models/optical/optical_stage.hpp"
#include "sim/mapping/calibration.hpp"
#include "sim/scenario/scenario.hpp"

namespace szilard::mapping {

/// What stands at the edges of a layer's medium, in the network's numbers.
struct OpticalEdges {
  double input_full_scale = 1;
  bool input_negative = false;
  std::optional<electronic::Converter> input, output;  ///< as built; none: light is modulated and read as it is
  optical::LightWays ways = {};                        ///< of layers that hand light on; none: modulators and receivers
};

/// The ways of light from layer to layer of a platform with hand_over; of all others ways without light. Of each layer
/// its input_full_scale. Throws support::InputError where a pool stands between layers.
std::vector<optical::LightWays> light_ways(const scenario::PlatformSpec& platform, const LayerChain& chain,
                                           const std::vector<double>& input_full_scales);

/// The platform with the light that its first layer needs so that the last one's worst path keeps `wanted_error`, where
/// light is handed over and its power is solved; any other platform as it is. Law: light hands on a share of itself
/// whatever its power is, so that one chain built at a trial power tells that share; saturation and what amplifiers of
/// earlier layers add are not reckoned with. Throws support::InputError where no light reaches the error.
scenario::PlatformSpec with_light_of_chain(const scenario::PlatformSpec& platform, const LayerChain& chain,
                                           const std::vector<double>& input_full_scales, std::uint64_t seed);

/// A layer on the optical medium of a platform. Throws support::InputError where its parameters cannot be built.
std::unique_ptr<optical::OpticalStage> make_optical_stage(const scenario::PlatformSpec& platform, const Layer& layer,
                                                          const OpticalEdges& edges, std::uint64_t seed);

}  // namespace szilard::mapping
