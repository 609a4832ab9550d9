// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/quasistatic/network.hpp"

namespace szilard::quasistatic {

/// Weights, biases, springs and inputs that all move at once, along the straight line between two networks of the same
/// layers: what the free energy does along it. By Z = prod sqrt(2 pi kT / kappa) it changes with the springs alone,
///   dF = kT / 2 sum ln(kappa' / kappa),
/// which neither estimate below uses.
struct ChangeRequest {
  double duration = 1;
  double kT = 1;
  std::size_t steps = 0;  ///< 0: a twentieth of the fastest relaxation time at either end, at least 200
  std::size_t paths = 1000;
  std::uint64_t seed = 1;
};

struct Change {
  std::vector<double> work, heat, energy_change;  ///< one a path
  double jarzynski = 0,
         jarzynski_error = 0;  ///< -kT ln<exp(-W / kT)> (C. Jarzynski, Phys. Rev. Lett. 78, 2690 (1997), DOI
                               ///< 10.1103/PhysRevLett.78.2690)
  /// Integral of <dH/ds> over eight points of Gauss and Legendre, each mean over all paths and a stretch of Langevin
  /// motion as long as the duration, from a start in equilibrium.
  double integral = 0, integral_error = 0;
  std::size_t steps = 0;
};

/// For one input each. Throws std::invalid_argument: layers that differ, kT or duration not positive, a step too long.
Change change_parameters(const Network& from, const Network& to, const support::SignalBlock& input_from,
                         const support::SignalBlock& input_to, const ChangeRequest& request);

/// Mean stresses of the clamped network at kT > 0: gradient of its free energy -kT ln p(out | in), which has an
/// entropic part beside that of the minimum, -kT / 2 d ln k_eff for one linear output. By Langevin motion of the free
/// units.
struct WarmStress {
  std::vector<double> weights,
      bias;  ///< of all layers, as LayerGradient one after another, row by row; means over samples
  std::vector<double> weights_error, bias_error;  ///< over paths
};
WarmStress warm_stress(const Network& network, const support::SignalBlock& inputs, const support::SignalBlock& targets,
                       double kT, std::size_t paths, double time, std::uint64_t seed);

}  // namespace szilard::quasistatic
