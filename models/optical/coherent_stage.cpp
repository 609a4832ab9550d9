// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/coherent_stage.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/linear/product.hpp"
#include "models/optical/coherent_stage_impl.hpp"
#include "models/optical/scattering_medium.hpp"
#include "models/support/checks.hpp"
#include "models/support/constants.hpp"

namespace szilard::optical {
namespace {

constexpr double kPi = 3.14159265358979323846;
// Below this the imaginary part of a transfer is rounding: its share of the power is below 1e-26.
constexpr double kQuadratureOfRounding = 1e-13;

void require_share(double value, const std::string& field) {
  support::require(value > 0 && value <= 1, field, value, "above 0 and at most 1");
}
void require_loss(double value, const std::string& field) {
  support::require(std::isfinite(value) && value >= 1, field, value, "finite and at least 1");
}

double in_turn(double phase_rad) {
  const double turned = std::fmod(phase_rad, 2 * kPi);
  return turned < 0 ? turned + 2 * kPi : turned;
}

double heaters_w(const Mesh& mesh, double pi_power_w) {
  double phases = 0;
  for (const Interferometer& one : mesh.phases().interferometers) phases += in_turn(one.theta_rad) + in_turn(one.phi_rad);
  for (const double phase : mesh.phases().output_phases_rad) phases += in_turn(phase);
  return phases * pi_power_w / kPi;
}

/// What a medium does to the light of a tile: transfer (outputs x terms) and forms of power (terms x terms).
struct Transfer {
  ComplexMatrix fields, absorption, auxiliary;
  double residual = 0, heaters_w = 0;
};

Transfer of_meshes(const linear::RowMatrix& weights, double scale, const CoherentParameters& parameters, std::uint64_t seed,
                   const std::string& stream_name) {
  const Eigen::Index rows = weights.rows(), terms = weights.cols(), modes = Eigen::Index(parameters.modes);
  ComplexMatrix w = ComplexMatrix::Zero(modes, modes);
  w.topLeftCorner(rows, terms) = weights.cast<Complex>();
  const MatrixMesh mesh(program_matrix(w, parameters.topology, scale), parameters.imperfections, seed, stream_name);
  const ComplexMatrix all = mesh.matrix(), idle = all.bottomRows(modes - rows).leftCols(terms);
  Transfer out;
  out.fields = all.topLeftCorner(rows, terms);
  out.absorption = mesh.absorption().topLeftCorner(terms, terms);
  out.auxiliary = mesh.auxiliary().topLeftCorner(terms, terms);
  out.auxiliary += idle.adjoint() * idle;
  out.residual = mesh.phases().residual;
  out.heaters_w = heaters_w(mesh.output_mesh(), parameters.heater_power_w);
  if (mesh.input_mesh()) out.heaters_w += heaters_w(*mesh.input_mesh(), parameters.heater_power_w);
  return out;
}

Transfer of_dilation(const linear::RowMatrix& weights, double scale) {
  const Dilation dilation = dilate(weights.cast<Complex>(), scale);
  const ComplexMatrix aside = dilation.unitary.bottomLeftCorner(weights.cols(), weights.cols());
  return {dilation.unitary.topLeftCorner(weights.rows(), weights.cols()),
          ComplexMatrix::Zero(weights.cols(), weights.cols()), aside.adjoint() * aside, unitarity_error(dilation.unitary), 0};
}

Transfer of_scatterer(const linear::RowMatrix& weights, const CoherentParameters& parameters, std::uint64_t seed,
                      const std::string& stream_name) {
  const ComplexMatrix scatterer = random_scatterer(parameters.scatterer_modes, seed, stream_name);
  const ScattererProgram program = program_scatterer(weights.cast<Complex>(), scatterer);
  Transfer out;
  out.fields = std::polar(1.0, -std::arg(program.gain)) * program.transfer;
  out.absorption = ComplexMatrix::Zero(weights.cols(), weights.cols());
  out.auxiliary = program.auxiliary;
  for (const auto* mask : {&program.input_phases_rad, &program.output_phases_rad})
    for (const double phase : *mask) out.heaters_w += in_turn(phase) * parameters.heater_power_w / kPi;
  return out;
}

CoherentTile make_tile(const linear::RowMatrix& weights, const CoherentParameters& parameters, std::uint64_t seed,
                       const std::string& stream_name) {
  const double norm = spectral_norm(weights.cast<Complex>());
  const double scale = norm > 0 ? norm : 1;
  const bool scattered = parameters.medium == Medium::dilation || (parameters.medium == Medium::random_scatterer && norm == 0);
  const Transfer transfer = scattered ? of_dilation(weights, scale)
                            : parameters.medium == Medium::random_scatterer
                                ? of_scatterer(weights, parameters, seed, stream_name)
                                : of_meshes(weights, scale, parameters, seed, stream_name);
  const linear::RowMatrix re = transfer.fields.real(), im = transfer.fields.imag();
  const linear::RowMatrix absorption = transfer.absorption.real(), auxiliary = transfer.auxiliary.real();
  const double fit = re.squaredNorm();
  CoherentTile tile;
  tile.outputs = std::size_t(weights.rows());
  tile.terms = std::size_t(weights.cols());
  tile.report.scale = scale;
  tile.report.residual = transfer.residual;
  tile.report.heaters_w = transfer.heaters_w;
  tile.report.rows_used = tile.outputs;
  tile.report.columns_used = tile.terms;
  if (norm > 0 && fit > 0) {
    tile.report.gain = (weights.array() * re.array()).sum() / (scale * fit);
    tile.report.error = (tile.report.gain * scale * re - weights).norm() / weights.norm();
  }
  tile.weight = tile.report.gain * scale;
  tile.has_quadrature = im.cwiseAbs().maxCoeff() > kQuadratureOfRounding;
  tile.has_absorption = absorption.cwiseAbs().maxCoeff() > 0;
  const auto stack = [&](const linear::RowMatrix& part) {
    tile.stacked.insert(tile.stacked.end(), part.data(), part.data() + part.size());
  };
  stack(re);
  if (tile.has_quadrature) stack(im);
  stack(auxiliary);
  if (tile.has_absorption) stack(absorption);
  return tile;
}

std::vector<CoherentTile> make_tiles(const linear::LinearMap& map, const CoherentParameters& parameters, std::uint64_t seed,
                                 const std::string& stream_name) {
  std::vector<CoherentTile> tiles;
  std::size_t row_tile = 0;
  for (std::size_t g = 0; g < map.groups; ++g) {
    for (std::size_t first = 0; first < map.terms; first += parameters.modes, ++row_tile) {
      const std::size_t terms = std::min(parameters.modes, map.terms - first);
      std::size_t column_tile = 0;
      for (std::size_t output = 0; output < map.outputs; output += parameters.modes, ++column_tile) {
        const std::size_t outputs = std::min(parameters.modes, map.outputs - output);
        const std::string name = "tile_" + std::to_string(row_tile) + "_" + std::to_string(column_tile);
        const linear::RowMatrix weights = map.weights.block(Eigen::Index(g * map.outputs + output), Eigen::Index(first),
                                                            Eigen::Index(outputs), Eigen::Index(terms));
        tiles.push_back(make_tile(weights, parameters, seed, stream_name + "/" + name));
        tiles.back().first_output = output;
        tiles.back().first_term = first;
        tiles.back().report.name = name;
      }
    }
  }
  return tiles;
}

}  // namespace

void CoherentParameters::check() const {
  support::require(modes >= 1 && modes <= 1024, "modes", static_cast<double>(modes), "1 to 1024");
  imperfections.check();
  support::require(medium != Medium::random_scatterer || (scatterer_modes >= modes && scatterer_modes <= 4096),
                   "scatterer_modes", static_cast<double>(scatterer_modes), "between modes and 4096");
  support::require_positive(temperature_k, "temperature_k");
  support::require_positive(symbol_rate_hz, "symbol_rate_hz");
  support::require_positive(light_power_w, "light_power_w");
  support::require_positive(local_oscillator_w, "local_oscillator_w");
  require_share(laser_efficiency, "laser_efficiency");
  require_loss(coupling_loss, "coupling_loss");
  require_loss(modulator_loss, "modulator_loss");
  support::require_not_negative(modulator_energy_j, "modulator_energy_j");
  support::require_not_negative(heater_power_w, "heater_power_w");
  require_share(quantum_efficiency, "quantum_efficiency");
  support::require_positive(wavelength_m, "wavelength_m");
  support::require_not_negative(dark_current_a, "dark_current_a");
  support::require_positive(receiver_resistance_ohm, "receiver_resistance_ohm");
  support::require_positive(receiver_bandwidth_hz, "receiver_bandwidth_hz");
  support::require_not_negative(receiver_power_w, "receiver_power_w");
  support::require(auxiliary_recovery >= 0 && auxiliary_recovery <= 1, "auxiliary_recovery", auxiliary_recovery,
                   "0 to 1");
}

double CoherentParameters::responsivity() const {
  return quantum_efficiency * support::kElementaryCharge_C * wavelength_m / (support::kPlanck_J_s * support::kSpeedOfLight_m_per_s);
}

double receiver_variance_a2(const CoherentParameters& parameters, double detected_w) {
  double variance = 0;
  if (parameters.noise.has_shot)
    variance += 2 * support::kElementaryCharge_C * parameters.receiver_bandwidth_hz *
                (parameters.responsivity() * detected_w + 2 * parameters.dark_current_a);
  if (parameters.noise.has_thermal)
    variance += 4 * support::kBoltzmann_J_per_K * parameters.temperature_k * parameters.receiver_bandwidth_hz /
                parameters.receiver_resistance_ohm;
  return variance;
}

CoherentStage::Impl::Impl(linear::LinearMap map, CoherentParameters parameters, double input_full_scale, std::uint64_t seed,
                      const std::string& stream_name)
    : map_(std::move(map)),
      parameters_(std::move(parameters)),
      input_full_scale_(input_full_scale),
      watts_per_square_(parameters_.light_power_w / (input_full_scale * input_full_scale)),
      tiles_(make_tiles(map_, parameters_, seed, stream_name)),
      tiles_per_group_(tiles_.size() / map_.groups),
      energy_(parameters_, map_, tiles_, watts_per_square_),
      noise_(seed, support::stream_of((stream_name + "/receiver_noise").c_str())),
      is_noisy_(parameters_.noise.has_shot || parameters_.noise.has_thermal),
      sums_(map_.outputs * kCoherentLanes),
      variances_(map_.outputs * kCoherentLanes),
      gaussians_(map_.outputs * kCoherentLanes),
      zero_(kCoherentLanes, 0.0),
      light_(kCoherentLanes * tiles_.size()),
      lit_(kCoherentLanes) {
  std::size_t rows = 0;
  for (const CoherentTile& tile : tiles_) rows = std::max(rows, tile.rows());
  products_.resize(rows * kCoherentLanes);
  for (std::size_t r = 0; r < rows; ++r) rows_.push_back(&products_[r * kCoherentLanes]);
}

void CoherentStage::Impl::pass(const CoherentTile& tile, std::size_t index, const std::int32_t* gather, const support::SignalBlock& x,
                           std::size_t first, std::size_t lanes) {
  picked_.resize(tile.terms);
  for (std::size_t k = 0; k < tile.terms; ++k) {
    const std::int32_t f = gather[tile.first_term + k];
    picked_[k] = f < 0 ? zero_.data() : x.row(std::size_t(f)) + first;
  }
  linear::product(tile.stacked.data(), tile.terms, nullptr, picked_.data(), tile.rows(), tile.terms, lanes, rows_.data());
  const std::size_t quadrature = tile.outputs, forms = (tile.has_quadrature ? 2 : 1) * tile.outputs;
  const double full = input_full_scale_ * input_full_scale_;
  for (std::size_t s = 0; s < lanes; ++s) {
    TileLight& light = light_[s * tiles_.size() + index];
    for (std::size_t k = 0; k < tile.terms; ++k) {
      const double value = picked_[k][s], square = value * value;
      light.in += square;
      light.auxiliary += value * rows_[forms + k][s];
      if (tile.has_absorption) light.absorbed += value * rows_[forms + tile.terms + k][s];
      lit_[s] += std::max(1.0, square / full);
    }
  }
  const double amperes = 2 * parameters_.responsivity() * std::sqrt(parameters_.local_oscillator_w * watts_per_square_);
  const double noise_weight = tile.weight / amperes;
  for (std::size_t o = 0; o < tile.outputs; ++o) {
    double* const sum = &sums_[(tile.first_output + o) * kCoherentLanes];
    double* const variance = &variances_[(tile.first_output + o) * kCoherentLanes];
    for (std::size_t s = 0; s < lanes; ++s) {
      const double re = rows_[o][s], im = tile.has_quadrature ? rows_[quadrature + o][s] : 0;
      const double square = re * re + im * im;
      light_[s * tiles_.size() + index].out += square;
      sum[s] += tile.weight * re;
      if (is_noisy_)
        variance[s] += noise_weight * noise_weight *
                       receiver_variance_a2(parameters_, square * watts_per_square_ + parameters_.local_oscillator_w);
    }
  }
}

void CoherentStage::Impl::finish(std::size_t group, std::size_t position, support::SignalBlock& y, std::size_t first,
                             std::size_t lanes) {
  if (is_noisy_) {
    const std::size_t samples = std::min(lanes, y.samples() - first);
    noise_.gaussians_block(y.first_sample() + first, samples, kCoherentLanes,
                           std::uint32_t((position * map_.groups + group) * map_.outputs), map_.outputs, gaussians_.data());
  }
  for (std::size_t o = 0; o < map_.outputs; ++o) {
    const std::size_t q = group * map_.outputs + o;
    const double bias = map_.bias.empty() ? 0.0 : map_.bias[q];
    double* const out = y.row(q * map_.positions + position) + first;
    for (std::size_t s = 0; s < lanes; ++s) {
      const std::size_t at = o * kCoherentLanes + s;
      out[s] = sums_[at] + bias;
      if (is_noisy_) out[s] += std::sqrt(variances_[at]) * gaussians_[at];
    }
  }
}

support::SignalBlock CoherentStage::Impl::forward(const support::SignalBlock& x, energy::EnergySink& sink) {
  if (x.features() != map_.inputs)
    throw std::logic_error(map_.name + " takes " + std::to_string(map_.inputs) + " inputs, got " +
                           std::to_string(x.features()));
  support::SignalBlock y = x.sibling(map_.total_outputs());
  for (std::size_t first = 0; first < x.samples(); first += kCoherentLanes) {
    const std::size_t lanes = std::min(kCoherentLanes, x.stride() - first);
    std::fill(light_.begin(), light_.end(), TileLight{});
    std::fill(lit_.begin(), lit_.end(), 0.0);
    for (std::size_t g = 0; g < map_.groups; ++g) {
      for (std::size_t p = 0; p < map_.positions; ++p) {
        std::fill(sums_.begin(), sums_.end(), 0.0);
        std::fill(variances_.begin(), variances_.end(), 0.0);
        const std::int32_t* gather = &map_.gather[(g * map_.positions + p) * map_.terms];
        for (std::size_t t = g * tiles_per_group_; t < (g + 1) * tiles_per_group_; ++t)
          pass(tiles_[t], t, gather, x, first, lanes);
        finish(g, p, y, first, lanes);
      }
    }
    for (std::size_t s = 0; s < std::min(lanes, x.samples() - first); ++s)
      energy_.post(x.first_sample() + first + s, lit_[s], &light_[s * tiles_.size()], sink);
  }
  return y;
}

CoherentStage::CoherentStage(linear::LinearMap map, CoherentParameters parameters, double input_full_scale, std::uint64_t seed,
                     const std::string& stream_name) {
  parameters.check();
  support::require_positive(input_full_scale, "input_full_scale");
  map.check();
  impl_ = std::make_unique<Impl>(std::move(map), std::move(parameters), input_full_scale, seed, stream_name);
}

CoherentStage::~CoherentStage() = default;

const linear::LinearMap& CoherentStage::map() const { return impl_->map(); }

std::int64_t CoherentStage::duration_ps() const {
  const double symbol_s = 1 / impl_->parameters().symbol_rate_hz;
  return std::max<std::int64_t>(1, std::llround(symbol_s * 1e12)) * static_cast<std::int64_t>(map().positions);
}

void CoherentStage::open_accounts(const std::string& component, energy::EnergySink& sink) {
  impl_->energy().open_accounts(component, sink);
}

support::SignalBlock CoherentStage::forward(const support::SignalBlock& x, energy::EnergySink& sink) {
  return impl_->forward(x, sink);
}

std::vector<CoherentTileReport> CoherentStage::tiles() const {
  std::vector<CoherentTileReport> reports;
  for (const CoherentTile& tile : impl_->tiles()) reports.push_back(tile.report);
  return reports;
}

}  // namespace szilard::optical
