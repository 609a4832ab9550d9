// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "models/optical/matrix_mesh.hpp"

/// `szilard lab mesh`: one matrix on an interferometer mesh on the test bench, from arrays in files to phases, fields,
/// powers and a drawing.
namespace szilard::lab {

struct MeshRequest {
  std::string matrix;  ///< .npy, rows x columns, real or complex
  std::string inputs;  ///< .npy, samples x columns, or columns, sqrt(W), real or complex; empty: the identity
  std::string topology = "clements";
  std::string scale;          ///< empty: max(1, ||M||_2 / sqrt(gain))
  std::string gain = "0 dB";  ///< largest, of amplifiers beside the attenuators: linear and without noise here
  std::string insertion_loss = "0 dB", splitting_error = "0 rad", phase_error = "0 rad", thermal_crosstalk = "0";
  int phase_bits = 0;
  bool recalibrate = false;  ///< models/optical/recalibration.hpp, on this very mesh
  std::uint64_t seed = 1;
};

/// The request with its files read and checked. Throws support::InputError naming the file or option.
struct MeshBench {
  optical::ComplexMatrix matrix, inputs;
  optical::Topology topology = optical::Topology::clements;
  std::optional<double> scale;
  double gain = 1;
  optical::MeshImperfections imperfections;
};
MeshBench load_mesh(const MeshRequest& request);

struct MeshResult {
  explicit MeshResult(optical::MatrixMesh device) : mesh(std::move(device)) {}
  optical::MatrixMesh mesh;
  optical::ComplexMatrix outputs;  ///< physical fields, samples x rows, sqrt(W)
  optical::LightPowers powers;     ///< summed over samples
  optical::MatrixMesh::Arms arms;  ///< likewise
  double balance = 0;              ///< |in + gained - out - absorbed - auxiliary| / (in + gained)
  double realised_error = 0;       ///< || realised - M / scale ||_F / || M / scale ||_F, imperfections included
  double wall_s = 0;               ///< of decomposing and applying
};
/// Throws support::InputError where the matrix cannot be realised with the scale that was asked for.
MeshResult run_mesh(const MeshRequest& request, const MeshBench& bench);

/// {power_in_W, power_out_W, absorbed_W, auxiliary_W, gained_W with amplifiers (sums over samples), scale, residual,
/// wall_s, ...} as text.
std::string mesh_json(const MeshBench& bench, const MeshResult& result);
/// What is dialled in, as phases.json has it.
std::string phases_json(const optical::MatrixPhases& phases);
/// phases.json, outputs.npy (complex) and summary.json.
void write_mesh(const std::string& directory, const MeshBench& bench, const MeshResult& result);

/// Most modes that a drawing takes.
inline constexpr std::size_t kMostDrawnModes = 128;
/// The meshes from left to right, each arm in the colour of its power. .svg or .png.
void draw_mesh(const std::string& path, const MeshResult& result);

}  // namespace szilard::lab
