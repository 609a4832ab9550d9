// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/optical/mesh.hpp"

namespace szilard::optical {

/// The fixed errors of a built mesh, with the streams and indices that mesh.hpp states. Internal to this folder.
struct MeshErrors {
  std::vector<double> splitting_rad;  ///< two couplers an interferometer
  std::vector<double> phase_rad;      ///< theta and phi of each interferometer, then the screen
};
MeshErrors draw_errors(const MeshPhases& phases, const MeshImperfections& imperfections, std::uint64_t seed,
                       const std::string& stream_name);

/// What heaters add to one another, as if it were dialled: same shape as the phases.
MeshPhases crosstalk(const MeshPhases& dialled, double share);

/// x in [0, 2 pi).
double in_turn(double phase_rad);

/// 2x2 matrices of a coupler of angle pi / 4 + error, and of an interferometer between two couplers.
struct Two {
  Complex a11, a12, a21, a22;
};
Two operator*(const Two& a, const Two& b);
Two coupler(double error_rad);
Two interferometer(const Two& first, const Two& second, double theta_rad, double phi_rad);

}  // namespace szilard::optical
