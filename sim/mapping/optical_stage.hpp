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
};

/// A layer on the optical medium of a platform. Throws support::InputError where its parameters cannot be built.
std::unique_ptr<optical::OpticalStage> make_optical_stage(const scenario::PlatformSpec& platform, const Layer& layer,
                                                          const OpticalEdges& edges, std::uint64_t seed);

}  // namespace szilard::mapping
