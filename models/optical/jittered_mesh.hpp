// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "models/optical/jitter_number.hpp"
#include "models/optical/jittered_mesh_kernel.hpp"
#include "models/optical/mesh.hpp"
#include "models/support/aligned_vector.hpp"

namespace szilard::optical {

/// A mesh whose phases jitter anew for each field.
///
/// Law. In every shot each external phase is phi + sigma z and each internal one theta + sigma z', with z of unit
/// variance, independent over shifters and shots; internal shifters are driven in push-pull, so that their jitter turns
/// the light without a common phase. Each is a rotation to first order with the mean of its second order: 1 - sigma^2 /
/// 2 + i sigma z on the upper input, and 1 - sigma^2 / 8 + (sigma z' / 2) [[0, 1], [-1, 0]] behind the interferometer.
/// Power is kept in the mean; of an exact rotation a shifter differs by (sigma^2 / 2) (z^2 - 1) and terms of sigma^3.
/// The screen at the outputs does not jitter.
///
/// z takes 256 values, u (c0 + c1 u^2 + c2 u^4) of a byte less 127.5, with variance 1, kurtosis 2.75 and largest value
/// 2.41: what reaches an output is a sum over very many shifters, and Gaussian. Bytes are those of Philox 4x32-10 with
/// the seed as key and the counter (diagonal, stream of STREAM_NAME/phase_jitter, shot (64 bit)): jitter() gives each
/// number again.
///
/// Left out: jitter that lasts over several shots, that of the output screen, first order in jitter times splitting
/// error.
class JitteredMesh {
 public:
  /// sigma: 0 .. 0.1 rad; beyond, first order does not do.
  JitteredMesh(const Mesh& mesh, double sigma_rad, std::uint64_t seed, const std::string& stream_name);

  std::size_t modes() const { return factors_.size() / 2; }
  /// Shots first_shot, first_shot + 1, ...; rows as in FusedMesh::propagate. A field's result depends on its shot and
  /// values only.
  void propagate(std::uint64_t first_shot, const float* const* in_re, const float* const* in_im, std::size_t lanes,
                 float* const* out_re, float* const* out_im) const;
  /// z of an element (its place in Mesh::elements()) in a shot: of phi, or of theta.
  double jitter(std::size_t element, bool of_theta, std::uint64_t shot) const;

 private:
  std::uint64_t seed_;
  std::uint32_t stream_;
  support::AlignedVector<float> coefficients_, factors_;
  std::vector<JitterSweep> sweeps_;
  std::vector<JitterPlace> places_;
};

}  // namespace szilard::optical
