// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "models/optical/coherent_stage_impl.hpp"
#include "models/optical/mesh_errors.hpp"
#include "models/optical/recalibration.hpp"
#include "models/optical/scattering_medium.hpp"

namespace szilard::optical {
namespace {

constexpr double kPi = 3.14159265358979323846;
// Below this the imaginary part of a transfer is rounding: its share of the power is below 1e-26.
constexpr double kQuadratureOfRounding = 1e-13;

double heaters_w(const Mesh& mesh, double pi_power_w) {
  double phases = 0;
  for (const Interferometer& one : mesh.phases().interferometers)
    phases += in_turn(one.theta_rad) + in_turn(one.phi_rad);
  for (const double phase : mesh.phases().output_phases_rad) phases += in_turn(phase);
  return phases * pi_power_w / kPi;
}

/// Most interferometers on a way through the mesh to each mode, from as many to each mode before it.
void count_path(const Mesh& mesh, std::vector<double>& met) {
  for (const Mesh::Element& e : mesh.elements())
    met[e.mode] = met[e.mode + 1] = std::max(met[e.mode], met[e.mode + 1]) + 1;
}

/// What a medium does to the light of a tile: transfer (outputs x lit modes) and forms of power (lit x lit).
struct Transfer {
  ComplexMatrix fields, absorption, auxiliary;
  double residual = 0, heaters_w = 0;
  ComplexMatrix gained = {};  // empty: nothing
};

/// Makes one tile; `seed` and `name` are of its streams.
class TileMaker {
 public:
  TileMaker(const CoherentParameters& parameters, std::uint64_t seed, std::string stream_name)
      : parameters_(parameters), seed_(seed), stream_name_(std::move(stream_name)) {}

  CoherentTile make(const linear::RowMatrix& weights) {
    const bool iq = parameters_.modulation == Modulation::iq;
    const Eigen::Index terms = weights.cols(), lit = iq ? (terms + 1) / 2 : terms;
    ComplexMatrix target = weights.leftCols(lit).cast<Complex>();
    if (iq) target.leftCols(terms - lit) -= Complex(0, 1) * weights.rightCols(terms - lit).cast<Complex>();
    const double norm = spectral_norm(target), scale = scale_of(norm);
    tile_.outputs = std::size_t(weights.rows());
    tile_.terms = std::size_t(terms);
    tile_.lit = std::size_t(lit);
    const Transfer transfer = transfer_of(target, norm, scale);
    tile_.report.scale = scale;
    tile_.report.residual = transfer.residual;
    tile_.report.heaters_w = transfer.heaters_w;
    tile_.report.rows_used = tile_.outputs;
    tile_.report.columns_used = tile_.terms;
    tile_.report.programming_j = double(tile_.report.elements) * parameters_.reprogramming.energy_j;
    tile_.report.programming_time_s = parameters_.reprogramming.settling_s();
    fit(weights, transfer.fields, norm, scale);
    stack(transfer);
    at_full_scale(transfer);
    return std::move(tile_);
  }

 private:
  /// The largest singular value; amplifiers spare what is above 1 of it.
  double scale_of(double norm) const {
    if (norm <= 0) return 1;
    return parameters_.gain_row && norm > 1 ? std::max(1.0, norm / std::sqrt(parameters_.gain_row->gain)) : norm;
  }

  Transfer transfer_of(const ComplexMatrix& target, double norm, double scale) {
    if (parameters_.medium == Medium::dilation || (parameters_.medium == Medium::random_scatterer && norm == 0))
      return of_dilation(target, scale);
    return parameters_.medium == Medium::random_scatterer ? of_scatterer(target) : of_meshes(target, scale);
  }

  Transfer of_meshes(const ComplexMatrix& target, double scale) {
    const Eigen::Index rows = target.rows(), lit = target.cols(), modes = Eigen::Index(parameters_.modes);
    ComplexMatrix w = ComplexMatrix::Zero(modes, modes);
    w.topLeftCorner(rows, lit) = target;
    MatrixPhases phases =
        program_matrix(w, parameters_.topology, scale, parameters_.gain_row ? parameters_.gain_row->gain.value : 1.0);
    if (parameters_.recalibrated) {
      const MeshImperfections& imperfections = parameters_.imperfections;
      phases.output_mesh = recalibrate(phases.output_mesh, imperfections, seed_, stream_name_ + "/output_mesh");
      if (phases.input_mesh)
        phases.input_mesh = recalibrate(*phases.input_mesh, imperfections, seed_, stream_name_ + "/input_mesh");
    }
    const MatrixMesh mesh(std::move(phases), parameters_.imperfections, seed_, stream_name_);
    const ComplexMatrix all = mesh.matrix(), idle = all.bottomRows(modes - rows).leftCols(lit);
    Transfer out;
    out.fields = all.topLeftCorner(rows, lit);
    out.absorption = mesh.absorption().topLeftCorner(lit, lit);
    out.auxiliary = mesh.auxiliary().topLeftCorner(lit, lit);
    out.auxiliary += idle.adjoint() * idle;
    out.residual = mesh.phases().residual;
    out.heaters_w = heaters_w(mesh.output_mesh(), parameters_.heater_power_w);
    std::vector<double> met(parameters_.modes, 0.0);
    tile_.report.elements = mesh.output_mesh().elements().size();
    if (mesh.input_mesh()) {
      out.heaters_w += heaters_w(*mesh.input_mesh(), parameters_.heater_power_w);
      count_path(*mesh.input_mesh(), met);
      tile_.report.elements += mesh.input_mesh()->elements().size();
    }
    count_path(mesh.output_mesh(), met);
    tile_.interferometers_in_path = *std::max_element(met.begin(), met.end());
    tile_.path_loss = std::pow(parameters_.imperfections.insertion_loss, tile_.interferometers_in_path);
    tile_.program.phases = mesh.phases();
    for (const double transmission : mesh.phases().transmissions) {
      tile_.row_amplifiers += transmission > 1;
      tile_.row_gain = std::max(tile_.row_gain, transmission * transmission);
    }
    if (tile_.row_amplifiers > 0) {
      out.gained = mesh.gained().topLeftCorner(lit, lit);
      tile_.amplified_mesh = mesh;
    } else if (parameters_.phase_jitter_rad > 0) {
      tile_.shaken.emplace(mesh, MiddleRow{mesh.phases().transmissions}, parameters_.phase_jitter_rad, seed_,
                           stream_name_);
    }
    return out;
  }

  Transfer of_dilation(const ComplexMatrix& target, double scale) {
    const Dilation dilation = dilate(target, scale);
    const Eigen::Index lit = target.cols();
    const ComplexMatrix aside = dilation.unitary.bottomLeftCorner(lit, lit);
    tile_.report.elements = std::size_t(dilation.unitary.rows());
    const linear::RowMatrix re = dilation.unitary.real(), im = dilation.unitary.imag();
    for (const auto* part : {&re, &im})
      add_array(part == &re ? "scattering_matrix_real" : "scattering_matrix_imaginary", std::size_t(part->rows()),
                {part->data(), part->data() + part->size()});
    return {dilation.unitary.topLeftCorner(target.rows(), lit), ComplexMatrix::Zero(lit, lit), aside.adjoint() * aside,
            unitarity_error(dilation.unitary), 0};
  }

  Transfer of_scatterer(const ComplexMatrix& target) {
    const ComplexMatrix scatterer = random_scatterer(parameters_.scatterer_modes, seed_, stream_name_);
    const ScattererProgram program = program_scatterer(target, scatterer);
    Transfer out;
    out.fields = std::polar(1.0, -std::arg(program.gain)) * program.transfer;
    out.absorption = ComplexMatrix::Zero(target.cols(), target.cols());
    out.auxiliary = program.auxiliary;
    for (const auto* mask : {&program.input_phases_rad, &program.output_phases_rad})
      for (const double phase : *mask) out.heaters_w += in_turn(phase) * parameters_.heater_power_w / kPi;
    tile_.report.elements = program.input_phases_rad.size() + program.output_phases_rad.size();
    tile_.path_loss = 1 / std::norm(program.gain * spectral_norm(target));
    add_array("input_phases_rad", 1, program.input_phases_rad);
    add_array("output_phases_rad", 1, program.output_phases_rad);
    return out;
  }

  void add_array(const char* quantity, std::size_t rows, std::vector<double> values) {
    const std::size_t columns = values.size() / rows;
    tile_.program.arrays.push_back({quantity, rows, columns, std::move(values)});
  }

  /// The one factor that makes up for the medium's loss, and what then remains.
  void fit(const linear::RowMatrix& weights, const ComplexMatrix& fields, double norm, double scale) {
    linear::RowMatrix seen(weights.rows(), weights.cols());
    const Eigen::Index lit = fields.cols();
    seen.leftCols(lit) = fields.real();
    seen.rightCols(weights.cols() - lit) = -fields.imag().leftCols(weights.cols() - lit);
    const double square = seen.squaredNorm();
    if (norm > 0 && square > 0) {
      tile_.report.gain = (weights.array() * seen.array()).sum() / (scale * square);
      tile_.report.error = (tile_.report.gain * scale * seen - weights).norm() / weights.norm();
    }
    tile_.weight = tile_.report.gain * scale;
  }

  void stack(const Transfer& transfer) {
    const bool doubled = parameters_.modulation == Modulation::iq || std::isfinite(parameters_.extinction_ratio) ||
                         parameters_.input_amplifier || parameters_.hand_over;
    tile_.columns = doubled ? 2 * tile_.lit : tile_.lit;
    const linear::RowMatrix re = transfer.fields.real(), im = transfer.fields.imag();
    tile_.has_quadrature = doubled || parameters_.output_amplifier || im.cwiseAbs().maxCoeff() > kQuadratureOfRounding;
    tile_.has_absorption = transfer.absorption.real().cwiseAbs().maxCoeff() > 0;
    const auto rows = [&](const linear::RowMatrix& first, const linear::RowMatrix& second) {
      for (Eigen::Index r = 0; r < first.rows(); ++r) {
        tile_.stacked.insert(tile_.stacked.end(), first.row(r).data(), first.row(r).data() + first.cols());
        if (doubled)
          tile_.stacked.insert(tile_.stacked.end(), second.row(r).data(), second.row(r).data() + second.cols());
      }
    };
    // A form of the field x + i q is one of (x, q) with the blocks Re, -Im over Im, Re.
    const auto form = [&](const ComplexMatrix& all) {
      const linear::RowMatrix real = all.real(), imaginary = all.imag();
      rows(real, -imaginary);
      if (doubled) rows(imaginary, real);
    };
    rows(re, -im);
    if (tile_.has_quadrature) rows(im, re);
    form(transfer.auxiliary);
    if (tile_.has_absorption) form(transfer.absorption);
  }

  void at_full_scale(const Transfer& transfer) {
    tile_.full_power.assign(tile_.outputs, 0.0);
    for (Eigen::Index k = 0; k < Eigen::Index(tile_.lit); ++k) {
      const double arms = tile_.terms > tile_.lit && k < Eigen::Index(tile_.terms - tile_.lit) ? 2 : 1;
      tile_.full_absorbed += arms * transfer.absorption(k, k).real();
      tile_.full_auxiliary += arms * transfer.auxiliary(k, k).real();
      tile_.full_out += arms * transfer.fields.col(k).squaredNorm();
      if (transfer.gained.size() > 0) tile_.full_gained += arms * transfer.gained(k, k).real();
      for (std::size_t o = 0; o < tile_.outputs; ++o)
        tile_.full_power[o] += arms * std::norm(transfer.fields(Eigen::Index(o), k));
    }
  }

  const CoherentParameters& parameters_;
  std::uint64_t seed_;
  std::string stream_name_;
  CoherentTile tile_;
};

}  // namespace

std::vector<CoherentTile> make_coherent_tiles(const linear::LinearMap& map, const CoherentParameters& parameters,
                                              std::uint64_t seed, const std::string& stream_name) {
  std::vector<CoherentTile> tiles;
  const std::size_t inputs = parameters.modulation == Modulation::iq ? 2 * parameters.modes : parameters.modes;
  std::size_t row_tile = 0;
  for (std::size_t g = 0; g < map.groups; ++g) {
    for (std::size_t first = 0; first < map.terms; first += inputs, ++row_tile) {
      const std::size_t terms = std::min(inputs, map.terms - first);
      std::size_t column_tile = 0;
      for (std::size_t output = 0; output < map.outputs; output += parameters.modes, ++column_tile) {
        const std::size_t outputs = std::min(parameters.modes, map.outputs - output);
        const std::string name = "tile_" + std::to_string(row_tile) + "_" + std::to_string(column_tile);
        const linear::RowMatrix weights = map.weights.block(Eigen::Index(g * map.outputs + output), Eigen::Index(first),
                                                            Eigen::Index(outputs), Eigen::Index(terms));
        tiles.push_back(TileMaker(parameters, seed, stream_name + "/" + name).make(weights));
        CoherentTile& tile = tiles.back();
        tile.group = tile.program.group = g;
        tile.first_output = tile.program.first_output = output;
        tile.first_term = tile.program.first_term = first;
        tile.report.name = tile.program.name = name;
      }
    }
  }
  return tiles;
}

}  // namespace szilard::optical
