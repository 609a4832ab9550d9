// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "models/linear/linear_stage.hpp"
#include "sim/mapping/calibration.hpp"

namespace szilard::cosim {

/// The exact linear medium on int8 codes: inputs are rounded to codes of the layer's input scale, the product is exact
/// in integers, and the result is requantised as the int8 baselines do it. Outputs are codes x output scale, before the
/// ReLU; max(requantise(acc), 0) = requantise(max(acc, 0)), so neurons may follow. Costs nothing: it is the ideal
/// medium.
std::unique_ptr<linear::LinearStage> make_quantised_ideal_stage(linear::LinearMap map,
                                                                const mapping::QuantisedChain& chain,
                                                                std::size_t layer);

}  // namespace szilard::cosim
