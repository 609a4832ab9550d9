// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/optical/mesh.hpp"

namespace szilard::optical {

/// What is dialled in for a matrix that need not be unitary.
///
/// Law. W / scale = U S V^dagger (singular values, complex or real W): a mesh on the inputs for V^dagger, an attenuator
/// of amplitude transmission s_k on each of the first min(rows, columns) modes, a mesh on the outputs for U. Light on
/// the other modes between the meshes leaves, and the free inputs of the second mesh are dark. With scale = max(1,
/// ||W||_2) no attenuator need amplify; amplifiers of a power gain up to g beside them do with max(1, ||W||_2 /
/// sqrt(g)). A unitary W is one mesh. Where W is unitary to 1e-12 an entry the scale is 1.
///
/// residual: || W_program - W / scale ||_F / || W / scale ||_F of the perfect device with these phases (0 / 0 = 0), the
/// product of the interferometers in double precision.
struct MatrixPhases {
  std::size_t rows = 0, columns = 0;  ///< outputs and inputs
  double scale = 1;
  double norm = 0;                       ///< ||W||_2
  std::optional<MeshPhases> input_mesh;  ///< none where W is unitary
  std::vector<double> transmissions;     ///< of amplitudes, above 1: amplifiers; empty where W is unitary
  MeshPhases output_mesh;
  double residual = 0;
};

/// `scale` given: W / scale is realised with that scale, and std::invalid_argument is thrown if it leaves a singular
/// value above sqrt(largest_gain) by more than rounding (1e-12). Throws std::invalid_argument also if W is empty or not
/// finite, or scale <= 0.
MatrixPhases program_matrix(const ComplexMatrix& w, Topology topology, std::optional<double> scale = {},
                            double largest_gain = 1);

/// The largest singular value of a matrix of finite entries.
double spectral_norm(const ComplexMatrix& w);

/// A matrix on built meshes. Attenuators are perfect: what they drop is auxiliary light and heats nothing; amplifiers
/// here are linear and without noise. Streams:
/// STREAM_NAME/input_mesh and STREAM_NAME/output_mesh.
class MatrixMesh {
 public:
  MatrixMesh(MatrixPhases phases, const MeshImperfections& imperfections, std::uint64_t seed,
             const std::string& stream_name);

  const MatrixPhases& phases() const { return phases_; }
  const std::optional<Mesh>& input_mesh() const { return input_mesh_; }
  const Mesh& output_mesh() const { return output_mesh_; }
  std::size_t rows() const { return phases_.rows; }
  std::size_t columns() const { return phases_.columns; }

  /// The transfer of fields, rows x columns; W / scale where nothing is imperfect.
  ComplexMatrix matrix() const;
  /// Forms of power on the inputs, columns x columns: what the meshes absorb, and what leaves by attenuators and idle
  /// ports.
  ComplexMatrix absorption() const;
  ComplexMatrix auxiliary() const;
  /// What amplifiers add.
  ComplexMatrix gained() const;

  /// Power in each arm, summed over samples; see Mesh::propagate.
  struct Arms {
    std::vector<double> input_mesh_w, output_mesh_w;
  };
  /// Fields (samples x columns, sqrt(W)) to fields (samples x rows), step by step.
  ComplexMatrix propagate(const ComplexMatrix& fields, LightPowers& powers, Arms* arms = nullptr) const;

 private:
  MatrixPhases phases_;
  std::optional<Mesh> input_mesh_;
  Mesh output_mesh_;
};

}  // namespace szilard::optical
