// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/optical/mesh.hpp"

/// Elastic scattering media: many modes in, as many out, and no light lost on the way (v2, Fig. 1b).
namespace szilard::optical {

/// Any matrix as a block of a lossless medium.
///
/// Law (P. R. Halmos, Summa Brasiliensis Math. 2, 125 (1950)). For C = W / scale of m x n with ||C||_2 <= 1,
///   U = [[C, (1 - C C')^(1/2)], [(1 - C' C)^(1/2), -C']],  ' the adjoint,
/// is unitary. Its first n inputs carry the signal, the other m are dark; its first m outputs are detected, the other n
/// are auxiliary: all light that is not detected leaves there, and could be recovered.
struct Dilation {
  std::size_t outputs = 0, inputs = 0;  ///< m and n
  double norm = 0, scale = 1;           ///< ||W||_2; max(1, norm) unless given
  ComplexMatrix unitary;                ///< (m + n) x (m + n)

  /// Fields (samples x n, sqrt(W)) to detected fields (samples x m); adds to `powers` where the light went.
  ComplexMatrix propagate(const ComplexMatrix& fields, LightPowers& powers) const;
};

/// `scale` as in program_matrix(). Throws std::invalid_argument likewise.
Dilation dilate(const ComplexMatrix& w, std::optional<double> scale = {});

/// A fixed random scatterer between two masks of phases.
///
/// Law. S is a unitary of N modes drawn from the Haar measure (complex Gaussian rows, each made orthogonal to those
/// before). Each of n inputs lights a = N / n modes evenly, each of m outputs collects b = N / m modes (rounded down,
/// the rest
/// idle): T_ok = (a b)^(-1/2) sum over modes i of o and j of k of e^{i alpha_i} S_ij e^{i beta_j}. All other light is
/// auxiliary.
/// Programming: the phases are set one after another to the value that leaves the least of || T - g W ||, g the
/// least-squares factor between both, which is renewed after each pass over a mask. 2 N phases against m n complex
/// entries: the error falls with N and can vanish only about N >= m n.
///
/// Left out: the masks' own loss, pixels of finite steps, memory effects (the scatterer is fixed).
/// Source of the scheme: M. W. Matthes et al., Optica 6, 465 (2019), DOI 10.1364/OPTICA.6.000465 (recall); the
/// coordinate-wise programming is ours.
struct ScattererProgram {
  std::size_t outputs = 0, inputs = 0, modes = 0;
  std::vector<double> input_phases_rad, output_phases_rad;  ///< of the N modes; 0 where idle
  ComplexMatrix transfer;                                   ///< T, m x n
  ComplexMatrix auxiliary;            ///< the form of the power that leaves by all other modes, n x n
  Complex gain;                       ///< g: T is about g W
  double error = 0;                   ///< || T / g - W ||_F / || W ||_F
  std::vector<double> error_by_pass;  ///< after each pass over both masks
};

/// S: modes x modes, numbers of STREAM_NAME/scatterer.
ComplexMatrix random_scatterer(std::size_t modes, std::uint64_t seed, const std::string& stream_name);

/// Throws std::invalid_argument if W is empty, zero or not finite, if the scatterer is not square or has fewer modes
/// than W has rows or columns, or passes is 0.
ScattererProgram program_scatterer(const ComplexMatrix& w, const ComplexMatrix& scatterer, std::size_t passes = 30);

}  // namespace szilard::optical
