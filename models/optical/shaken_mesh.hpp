// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "models/optical/amplifier_row.hpp"
#include "models/optical/jitter_number.hpp"
#include "models/optical/matrix_mesh.hpp"
#include "models/support/aligned_vector.hpp"

namespace szilard::optical {

/// A built mesh whose phases shake anew in each symbol, in double precision and with its power kept to rounding: for
/// stages, whose books close. The one in single precision, whose power is kept in the mean only, is JitteredMesh.
///
/// Law. As of JitteredMesh (jittered_mesh.hpp), but each turn by an angle a is Cayley's, (1 + i a / 2) / (1 - i a / 2),
/// a turn by 2 atan(a / 2) = a - a^3 / 12 + ..., done in three shears that keep power whatever their tangents are. z
/// has the same 256 values; its bytes are those of Philox at (symbol x diagonals + diagonal, stream of
/// STREAM_NAME/phase_jitter, sample (64 bit)): jitter() gives each again. Results are a field's own, whatever others go
/// with it.
///
/// How. The diagonals of FusedMesh, an interferometer as two phases and a real matrix; bits differ between x86-64-v2,
/// v3 and v4.
class ShakenMesh {
 public:
  ShakenMesh(const Mesh& mesh, double sigma_rad, std::uint64_t seed, const std::string& stream_name);

  /// Fields of `samples` samples in place: re and im hold modes rows of `stride` numbers each. Adds to
  /// absorbed[sample].
  void propagate(std::uint64_t first_sample, std::size_t samples, std::size_t stride, std::uint32_t symbol, double* re,
                 double* im, double* absorbed) const;
  std::size_t modes() const { return factors_.size() / 2; }
  /// z of an element (its place in Mesh::elements()): of phi, or of theta.
  double jitter(std::size_t element, bool of_theta, std::uint64_t sample, std::uint32_t symbol) const;

 private:
  std::uint64_t seed_;
  std::uint32_t stream_, diagonals_ = 0;
  bool has_loss_, is_small_;
  support::AlignedVector<double> coefficients_, factors_;
  std::vector<JitterSweep> sweeps_;
  std::vector<JitterPlace> places_;
};

/// Both meshes of a matrix with the attenuators between them. Streams STREAM_NAME/input_mesh/phase_jitter and
/// STREAM_NAME/output_mesh/phase_jitter.
class ShakenMatrix {
 public:
  ShakenMatrix(const MatrixMesh& matrix, MiddleRow middle, double sigma_rad, std::uint64_t seed,
               const std::string& stream_name);

  /// As of ShakenMesh; adds what attenuators drop to auxiliary[sample], what amplifiers add to added[sample].
  void propagate(std::uint64_t first_sample, std::size_t samples, std::size_t stride, std::uint32_t symbol, double* re,
                 double* im, double* absorbed, double* auxiliary, double watts_per_square = 1,
                 double* added = nullptr) const;
  std::size_t modes() const { return output_.modes(); }

 private:
  std::vector<ShakenMesh> input_;  // none where the matrix is unitary
  MiddleRow middle_;
  ShakenMesh output_;
};

}  // namespace szilard::optical
