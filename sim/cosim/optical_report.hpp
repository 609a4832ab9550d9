// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/optical/optical_stage.hpp"
#include "sim/cosim/result.hpp"
#include "sim/scenario/scenario.hpp"

namespace szilard::cosim {

/// What a run tells of a layer on an optical medium, after `samples` samples.
OpticalLayerResult report_optical(const optical::OpticalStage& stage, const scenario::LinearSpec& spec,
                                  std::size_t samples);

}  // namespace szilard::cosim
