// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/lab/mesh_lab.hpp"

#include <chrono>
#include <cmath>
#include <stdexcept>

#include "models/optical/recalibration.hpp"
#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/dataset/dataset.hpp"

namespace szilard::lab {
namespace {

using optical::ComplexMatrix;
using support::DiagnosticCode;
using support::Dimension;
using support::InputError;

constexpr std::int64_t kMostModes = 4096;
const std::string kStream = "mesh";

[[noreturn]] void refuse(DiagnosticCode code, const std::string& message, const std::string& hint = {}) {
  throw InputError(code, {"command line", 1, 1}, message, hint);
}

double quantity(const std::string& text, Dimension dimension, const std::string& option) {
  const support::ParsedQuantity parsed = support::parse_quantity(text, dimension);
  if (parsed.error.empty()) return parsed.value;
  refuse(parsed.unit_error ? DiagnosticCode::wrong_unit : DiagnosticCode::bad_number,
         option + " '" + text + "': " + parsed.error);
}

double in_range(const std::string& text, Dimension dimension, const std::string& option, double least, double most,
                const std::string& wanted) {
  const double value = quantity(text, dimension, option);
  if (!(value >= least && value <= most))
    refuse(DiagnosticCode::out_of_range, option + " '" + text + "' must be " + wanted);
  return value;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t extent : shape) text += (text.empty() ? "" : " x ") + std::to_string(extent);
  return shape.empty() ? "a single number" : text;
}

ComplexMatrix matrix_of(const dataset::ComplexArray& array, std::int64_t rows, std::int64_t columns,
                        const std::string& path) {
  for (std::size_t k = 0; k < array.values.size(); ++k) {
    if (std::isfinite(array.values[k].real()) && std::isfinite(array.values[k].imag())) continue;
    throw InputError(DiagnosticCode::non_finite, {path, 1, 1},
                     "the number of row " + std::to_string(k / std::size_t(columns)) + ", column " +
                         std::to_string(k % std::size_t(columns)) + " is not finite");
  }
  return Eigen::Map<const ComplexMatrix>(array.values.data(), rows, columns);
}

}  // namespace

MeshBench load_mesh(const MeshRequest& request) {
  MeshBench bench;
  if (request.topology != "clements" && request.topology != "reck")
    refuse(DiagnosticCode::unknown_choice, "--topology '" + request.topology + "' is no topology", "clements or reck");
  if (request.topology == "reck") bench.topology = optical::Topology::reck;
  optical::MeshImperfections& imperfections = bench.imperfections;
  imperfections.insertion_loss = in_range(request.insertion_loss, Dimension::ratio, "--insertion-loss", 1, 1e10,
                                          "a loss from 0 dB to 100 dB: a passive interferometer does not amplify");
  imperfections.splitting_error_rad =
      in_range(request.splitting_error, Dimension::angle, "--splitting-error", 0, 100, "between 0 and 100 rad");
  imperfections.phase_error_rad =
      in_range(request.phase_error, Dimension::angle, "--phase-error", 0, 100, "between 0 and 100 rad");
  imperfections.thermal_crosstalk =
      in_range(request.thermal_crosstalk, Dimension::ratio, "--thermal-crosstalk", 0, 0.5, "between 0 and 0.5");
  if (request.phase_bits < 0 || request.phase_bits > 24)
    refuse(DiagnosticCode::out_of_range,
           "--phase-bits " + std::to_string(request.phase_bits) + " must be between 0 and 24");
  imperfections.phase_bits = request.phase_bits;
  if (!request.scale.empty())
    bench.scale = in_range(request.scale, Dimension::none, "--scale", 1e-300, 1e300, "above 0");
  bench.gain = in_range(request.gain, Dimension::ratio, "--gain", 1, 1e6, "a gain from 0 dB to 60 dB");

  const dataset::ComplexArray m = dataset::read_complex_array(request.matrix, {"matrix", "M"});
  if (m.shape.size() != 2 || m.values.empty() || m.shape[0] > kMostModes || m.shape[1] > kMostModes)
    throw InputError(DiagnosticCode::shape_mismatch, {request.matrix, 1, 1},
                     "the matrix is " + shape_text(m.shape) + ", must be rows x columns, from 1 x 1 to 4096 x 4096");
  bench.matrix = matrix_of(m, m.shape[0], m.shape[1], request.matrix);
  if (request.inputs.empty()) {
    bench.inputs = ComplexMatrix::Identity(m.shape[1], m.shape[1]);
    return bench;
  }
  const dataset::ComplexArray x = dataset::read_complex_array(request.inputs, {"inputs", "X"});
  if (x.values.empty() || x.shape.empty() || x.shape.size() > 2 || x.shape.back() != m.shape[1])
    throw InputError(DiagnosticCode::shape_mismatch, {request.inputs, 1, 1},
                     "fields are " + shape_text(x.shape) + ", must be " + std::to_string(m.shape[1]) +
                         ", or samples x " + std::to_string(m.shape[1]),
                     "one field a column of " + request.matrix);
  bench.inputs = matrix_of(x, std::int64_t(x.values.size()) / m.shape[1], m.shape[1], request.inputs);
  if (!std::isfinite(bench.inputs.squaredNorm()))
    throw InputError(DiagnosticCode::out_of_range, {request.inputs, 1, 1},
                     "the power of the fields exceeds the largest number of double precision",
                     "fields are in the square root of a watt");
  return bench;
}

MeshResult run_mesh(const MeshRequest& request, const MeshBench& bench) {
  const auto start = std::chrono::steady_clock::now();
  optical::MatrixPhases phases;
  try {
    phases = optical::program_matrix(bench.matrix, bench.topology, bench.scale, bench.gain);
  } catch (const std::invalid_argument& error) {
    throw InputError(DiagnosticCode::out_of_range, {request.matrix, 1, 1}, error.what(),
                     "without --scale the matrix is divided by its largest singular value where that exceeds 1");
  }
  if (request.recalibrate) {
    // The streams are those that MatrixMesh gives its two meshes.
    phases.output_mesh =
        optical::recalibrate(phases.output_mesh, bench.imperfections, request.seed, kStream + "/output_mesh");
    if (phases.input_mesh)
      phases.input_mesh =
          optical::recalibrate(*phases.input_mesh, bench.imperfections, request.seed, kStream + "/input_mesh");
  }
  MeshResult result(optical::MatrixMesh(std::move(phases), bench.imperfections, request.seed, kStream));
  result.outputs = result.mesh.propagate(bench.inputs, result.powers, &result.arms);
  result.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const optical::LightPowers& p = result.powers;
  const double income_w = p.in_w + p.gained_w, missing = std::abs(income_w - p.out_w - p.absorbed_w - p.auxiliary_w);
  result.balance = income_w > 0 ? missing / income_w : missing;
  const ComplexMatrix wanted = bench.matrix / result.mesh.phases().scale;
  const double size = wanted.stableNorm(), off = (result.mesh.matrix() - wanted).stableNorm();
  result.realised_error = size > 0 ? off / size : off;
  return result;
}

}  // namespace szilard::lab
