// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "models/optical/amplifier_row.hpp"
#include "models/optical/matrix_mesh.hpp"
#include "models/support/philox.hpp"

namespace szilard::optical {

/// A built mesh whose phases shake anew in each symbol, in double precision and with its power kept to rounding: for stages, whose
/// books close. The fast one in single precision is JitteredMesh.
///
/// Law. As of JitteredMesh (jittered_mesh.hpp), but each turn by an angle a is Cayley's, (1 + i a / 2) / (1 - i a / 2), a turn by 2 atan(a / 2) =
/// a - a^3 / 12 + ..., and z is Gaussian. Numbers of the stream STREAM_NAME/phase_jitter: sample, and index
/// (symbol x elements + element) x 2, + 1 for theta.
class ShakenMesh {
 public:
  ShakenMesh(const Mesh& mesh, double sigma_rad, std::uint64_t seed, const std::string& stream_name);

  /// Fields of `samples` samples in place: re and im hold modes rows of `stride` numbers each. Adds to absorbed[sample].
  void propagate(std::uint64_t first_sample, std::size_t samples, std::size_t stride, std::uint32_t symbol, double* re, double* im,
                 double* absorbed) const;
  std::size_t modes() const { return factors_.size(); }

 private:
  std::vector<Mesh::Element> elements_;
  std::vector<Complex> factors_;
  double transmission_, sigma_rad_;
  support::RandomStream jitter_;
};

/// Both meshes of a matrix with the attenuators between them. Streams STREAM_NAME/input_mesh/phase_jitter and
/// STREAM_NAME/output_mesh/phase_jitter.
class ShakenMatrix {
 public:
  ShakenMatrix(const MatrixMesh& matrix, MiddleRow middle, double sigma_rad, std::uint64_t seed, const std::string& stream_name);

  /// As of ShakenMesh; adds what attenuators drop to auxiliary[sample], what amplifiers add to added[sample].
  void propagate(std::uint64_t first_sample, std::size_t samples, std::size_t stride, std::uint32_t symbol, double* re, double* im,
                 double* absorbed, double* auxiliary, double watts_per_square = 1, double* added = nullptr) const;
  std::size_t modes() const { return output_.modes(); }

 private:
  std::vector<ShakenMesh> input_;  // none where the matrix is unitary
  MiddleRow middle_;
  ShakenMesh output_;
};

}  // namespace szilard::optical
