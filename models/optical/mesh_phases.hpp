// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>
#include <complex>
#include <cstddef>
#include <string_view>
#include <vector>

namespace szilard::optical {

using Complex = std::complex<double>;
using ComplexMatrix = Eigen::Matrix<Complex, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

enum class Topology {
  clements,  ///< rectangle: N columns, all paths equally long within two interferometers
  reck,      ///< triangle: 2N - 3 columns
};
std::string_view topology_name(Topology topology);

/// One 2x2 interferometer between the modes `mode` and `mode` + 1. Columns count from the light's entrance; in column k
/// stand interferometers whose mode has the parity of k.
struct Interferometer {
  std::size_t column = 0, mode = 0;
  double theta_rad = 0;  ///< internal phase, [0, pi]: 0 crosses the light over, pi lets it pass (bar)
  double phi_rad = 0;    ///< phase of the upper input, [0, 2 pi)
};

/// The phases that are dialled into a mesh of interferometers.
///
/// Law. A field in sqrt(W) on N modes passes the interferometers column by column, then a screen of output phases:
///   U = diag(e^{i alpha_m}) T_K ... T_2 T_1,   T = B P(theta) B P(phi),
///   B = (1 / sqrt 2) [[1, i], [i, 1]] (a 50:50 coupler), P(x) = diag(e^{ix}, 1),
/// so T = i e^{i theta / 2} [[e^{i phi} s, c], [e^{i phi} c, -s]] with s = sin(theta / 2), c = cos(theta / 2), the
/// upper mode first. Any unitary matrix has such phases: N (N - 1) / 2 interferometers and N output phases.
///
/// Decomposition: Givens rotations null the lower triangle, Reck by columns alone from the right, Clements along
/// diagonals from both sides in turn; rotations from the left are then drawn through the diagonal that remains. Cost:
/// N^3 complex multiply-adds and a half. Residual: rounding alone, below 1e-13 an entry up to N = 256.
///
/// Sources: M. Reck, A. Zeilinger, H. J. Bernstein, P. Bertani, Phys. Rev. Lett. 73, 58 (1994),
/// DOI 10.1103/PhysRevLett.73.58; W. R. Clements et al., Optica 3, 1460 (2016), DOI 10.1364/OPTICA.3.001460.
struct MeshPhases {
  Topology topology = Topology::clements;
  std::size_t modes = 0, columns = 0;
  std::vector<Interferometer> interferometers;  ///< by column, then mode: light meets them in this order
  std::vector<double> output_phases_rad;        ///< alpha_m, (-pi, pi]
};

/// Phases of a unitary matrix. Throws std::invalid_argument if it is empty, not square, not finite, or if an entry of
/// U U^dagger differs from the identity by more than 1e-9.
MeshPhases decompose(const ComplexMatrix& unitary, Topology topology);

/// Largest |entry of A A^dagger - 1| of a square matrix: 0 for a unitary one; infinity for one that is not square.
double unitarity_error(const ComplexMatrix& a);

}  // namespace szilard::optical
