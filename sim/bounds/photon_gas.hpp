// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace szilard::bounds {

/// Black-body radiation per photon, by numerical integrals of Planck's distribution n(x) = 1 / (e^x - 1) with the
/// density of modes x^2, x = h nu / kT: entropy = int x^2 [(1+n) ln(1+n) - n ln n] dx / int x^2 n dx, energy = int x^3
/// n dx / int x^2 n dx.
struct PhotonGas {
  double entropy_nat = 0;  ///< 3.6016 k
  double energy_kT = 0;    ///< 2.7012
};
PhotonGas photon_gas();

}  // namespace szilard::bounds
