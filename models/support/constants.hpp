// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace szilard::support {

// CODATA 2018 (exact since the SI revision of 2019): Tiesinga et al., Rev. Mod. Phys. 93, 025010 (2021),
// DOI 10.1103/RevModPhys.93.025010.
inline constexpr double kBoltzmann_J_per_K = 1.380649e-23;
inline constexpr double kElementaryCharge_C = 1.602176634e-19;
inline constexpr double kPlanck_J_s = 6.62607015e-34;
inline constexpr double kSpeedOfLight_m_per_s = 299792458.0;
inline constexpr double kLn2 = 0.693147180559945309417;

}  // namespace szilard::support
