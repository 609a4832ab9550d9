// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "models/electronic/crossbar_stage.hpp"

namespace szilard::electronic {

/// A tile as a network of resistances and capacitances: the wires of wires/wire_network.hpp, with the capacitance of a
/// word line's crossing between each word node and ground and that of a bit line's between each bit node and ground.
/// Internal to this folder.
struct TileLines {
  std::size_t rows = 0, columns = 0;
  std::vector<double> conductances_s;  ///< rows x columns
  double word_node_f = 0, bit_node_f = 0;
};

/// The slowest time constant of the tile: the largest eigenvalue tau of A^-1 C, A the nodes' conductance matrix with
/// drivers and sense ends at 0 V, C their capacitances. Once drivers stand still every voltage and current nears its
/// final value as e^(-t / tau) or faster.
///
/// Law: C dv/dt = -A v (Kirchhoff). Exact for the network, cells included: it is not Elmore's first moment. Lanczos's
/// method on C^1/2 A^-1 C^1/2 from a start of one sign, which the slowest mode has too (A is an M-matrix), each A^-1 by
/// conjugate gradients preconditioned by the lines' tridiagonals. A resistance of 0 counts as 1e-9 of a cell's least
/// resistance. Valid for ohmic cells; left out: inductance, coupling between lines, the settling of drivers and
/// amplifiers themselves. Relative error below 1e-6.
/// Throws std::invalid_argument on sizes that do not fit and numbers that are not finite or below 0; without any
/// capacitance 0.
double slowest_time_constant_s(const TileLines& tile, const WireOptions& wires);

}  // namespace szilard::electronic
