// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "models/quasistatic/clamped.hpp"
#include "models/quasistatic/free_energy.hpp"
#include "sim/lab/relax_network.hpp"

namespace szilard::lab {

/// `szilard lab stress`: inputs and outputs of a quasi-static network clamped, the stresses of the relaxed network held
/// against the gradient that back-propagation finds for the weighted squared error of the free network.
struct StressRequest {
  std::string network, input, target;
  std::optional<double> stiffness, friction;  ///< of ONNX networks
  std::optional<double> ratio;                ///< hidden over output stiffness; default: as in the file
  double kT = 0;                              ///< above 0: mean stresses by Langevin motion too
  std::size_t paths = 200;
  double time = 50;  ///< over which they are averaged, in the network's unit
  std::uint64_t seed = 1;
};

struct StressResult {
  std::size_t samples = 0;
  double energy_min = 0;  ///< H at the clamped minimum, mean over samples
  double loss = 0;        ///< sum kappa_o / 2 (output - target)^2 of the free network, mean over samples
  std::vector<quasistatic::LayerGradient> relaxation, backprop;
  double deviation = 0;   ///< |relaxation - backprop| / |backprop| over all weights
  double residual = 0;    ///< of the relaxation
  std::size_t kinks = 0;  ///< units held at the kink of their ReLU, over all samples
  std::optional<quasistatic::WarmStress> warm;
  double operations_per_parameter = 0;  ///< of backprop, a sample
};

/// Throws support::InputError naming the option or the file's place.
StressResult run_stress(const StressRequest& request);

std::string stress_json(const StressRequest& request, const StressResult& result);
void print_stress(std::ostream& out, const StressResult& result);

}  // namespace szilard::lab
