// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "models/optical/mesh.hpp"

namespace szilard::optical {

/// Phases to dial so that a mesh with errors comes as near as it can to what it was programmed for, as if the couplers,
/// the fixed phase errors and the crosstalk of this very mesh had been measured without noise.
///
/// Law. One interferometer after another, in the order of the light, gets the theta and phi that make Re tr(U^dagger M)
/// largest with all others as they are, M the mesh without its loss; at the end of each sweep the output phases do.
/// Then || M - U ||_F never grows. A sweep costs N^3 complex multiply-adds. From the phases that must act, errors are
/// taken off and what neighbours' heaters add is iterated. Phase errors and crosstalk are undone in full; of splitting
/// errors remains what an interferometer cannot reach: with couplers off by e1 and e2 it passes and crosses at least
/// sin^2(e1 + e2) and sin^2(e1 - e2) of the light. Rounding of phases stays.
///
/// U is the perfect mesh of `dialled`. Sweeps end when one gains less than 1e-14 of N, or after `sweeps`.
MeshPhases recalibrate(const MeshPhases& dialled, const MeshImperfections& imperfections, std::uint64_t seed,
                       const std::string& stream_name, std::size_t sweeps = 100);

}  // namespace szilard::optical
