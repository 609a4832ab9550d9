// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/coherent_stage.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/linear/product.hpp"
#include "models/optical/coherent_stage_impl.hpp"
#include "models/support/checks.hpp"

namespace szilard::optical {

void HandOver::check() const {
  support::require(std::isfinite(loss) && loss >= 1, "hand_over.loss", loss, "finite and at least 1");
  support::require(extinction > 1, "hand_over.extinction", extinction, "above 1");
  support::require(std::isfinite(saturable_loss) && saturable_loss >= 1, "hand_over.saturable_loss", saturable_loss,
                   "finite and at least 1");
  if (saturable_loss > 1) support::require_positive(saturation_w, "hand_over.saturation_w");
}

void CoherentParameters::check() const {
  check_light();
  imperfections.check();
  support::require(phase_jitter_rad >= 0 && phase_jitter_rad <= 0.1, "phase_jitter_rad", phase_jitter_rad, "0 to 0.1");
  support::require(medium != Medium::random_scatterer || (scatterer_modes >= modes && scatterer_modes <= 4096),
                   "scatterer_modes", static_cast<double>(scatterer_modes), "between modes and 4096");
  if (gain_row) gain_row->check("gain_row", wavelength_m);
  support::require(!gain_row || medium == Medium::mzi_mesh, "gain_row", 1, "left out where there are no meshes");
  if (hand_over) hand_over->check();
  support::require(!hand_over || modulation == Modulation::amplitude, "hand_over", 1, "left out with modulation iq");
  support::require(!hand_over || reprogramming.tiles_built == 0, "hand_over", 1, "left out where tiles work in rounds");
  support::require_positive(local_oscillator_w, "local_oscillator_w");
  support::require_not_negative(heater_power_w, "heater_power_w");
}

CoherentStage::Impl::Impl(linear::LinearMap map, CoherentParameters parameters, double input_full_scale,
                          std::uint64_t seed, const std::string& stream_name, LightWays ways)
    : map_(std::move(map)),
      parameters_(std::move(parameters)),
      input_full_scale_(input_full_scale),
      ways_(parameters_.hand_over ? std::move(ways) : LightWays{}),
      tiles_((check_ways(), make_coherent_tiles(map_with_bias_arm(), parameters_, seed, stream_name))),
      tiles_per_group_(tiles_.size() / map_.groups),
      // Braces: the light is to be known before it is booked.
      books_{with_light(), booked()},
      noise_(seed, support::stream_of((stream_name + "/receiver_noise").c_str())),
      is_noisy_(!ways_.to && (parameters_.noise.has_shot || parameters_.noise.has_thermal)),
      sums_(map_.outputs * kCoherentLanes),
      variances_(map_.outputs * kCoherentLanes),
      gaussians_(map_.outputs * kCoherentLanes),
      zero_(kCoherentLanes, 0.0),
      bias_arm_(kCoherentLanes, input_full_scale_),
      light_(kCoherentLanes * tiles_.size()),
      lit_(kCoherentLanes),
      factors_(kCoherentLanes, 1.0),
      laser_factors_(kCoherentLanes, 1.0) {
  build_amplifiers(seed, stream_name);
  std::size_t rows = 0, columns = 0;
  for (const CoherentTile& tile : tiles_) {
    rows = std::max({rows, tile.rows(), tile.shaken || tile.amplified ? 2 * parameters_.modes : 0});
    columns = std::max(columns, tile.columns);
    const std::string name = stream_name + "/" + tile.report.name + "/laser_noise";
    laser_noise_.emplace_back(seed, support::stream_of(name.c_str()));
  }
  driven_.resize(columns * kCoherentLanes);
  products_.resize(rows * kCoherentLanes);
  for (std::size_t r = 0; r < rows; ++r) rows_.push_back(&products_[r * kCoherentLanes]);
}

const LightParameters& CoherentStage::Impl::with_light() {
  // Where an IQ modulator's arms are joined, half of their light is lost.
  if (parameters_.modulation == Modulation::iq) parameters_.modulator_loss.value *= 2;
  if (ways_.from) {
    const double watts = ways_.from->watts_per_square() * input_full_scale_ * input_full_scale_;
    parameters_.light_power_w = {watts, "what the layer before hands over at full scale", "choice"};
  } else if (ways_.to && parameters_.light_power_w <= 0) {
    throw std::invalid_argument("the light of a chain is to be solved before its layers are built");
  }
  solve_light();
  watts_per_square_ = parameters_.light_power_w / (input_full_scale_ * input_full_scale_);
  return parameters_;
}

BookedLayer CoherentStage::Impl::booked() const {
  BookedLayer layer;
  layer.joules_per_unit =
      parameters_.light_power_w / (input_full_scale_ * input_full_scale_) / parameters_.symbol_rate_hz;
  layer.oscillator_w = parameters_.local_oscillator_w;
  layer.symbols = static_cast<std::int64_t>(map_.positions);
  layer.lit_s = static_cast<double>(map_.positions) / parameters_.symbol_rate_hz;
  layer.input_gain = input_gain();
  layer.gain_row = parameters_.gain_row;
  layer.is_handed_in = ways_.from != nullptr;
  layer.is_handed_on = ways_.to != nullptr;
  layer.hand_over_loss = parameters_.hand_over ? parameters_.hand_over->loss : support::Parameter(1.0);
  for (const CoherentTile& tile : tiles_) {
    BookedTile booked{tile.report.name, tile.terms, tile.outputs, tile.report.elements, {}, {}};
    if (ways_.from) booked.modulators = tile.terms - map_.terms;
    if (ways_.to) booked.receivers = 0;
    booked.input_amplifiers = parameters_.input_amplifier && !ways_.from ? tile.lit : 0;
    booked.row_amplifiers = tile.row_amplifiers;
    if (parameters_.output_amplifier && output_gain(tile) > 1) booked.output_amplifiers = tile.outputs;
    booked.coefficients = {
        {"scale", support::Parameter(tile.report.scale, "largest singular value of the tile", "choice"), ""},
        {"gain", support::Parameter(tile.report.gain, "fit of the receivers to the loss of the medium", "choice"), ""}};
    if (parameters_.medium == Medium::mzi_mesh)
      booked.coefficients.push_back({"loss of an interferometer", parameters_.imperfections.insertion_loss, ""});
    booked.holdings = {{"phase_holding",
                        "E = power at pi x sum of phases / pi x time",
                        {{"power at pi", parameters_.heater_power_w, "W"}},
                        tile.report.heaters_w}};
    layer.tiles.push_back(std::move(booked));
  }
  return layer;
}

/// What modulators put on the light of a tile, into driven_, and what lasers must have ready for it.
void CoherentStage::Impl::drive(const CoherentTile& tile, std::size_t index, const std::int32_t* gather,
                                const support::SignalBlock& x, std::size_t first, std::size_t lanes,
                                std::uint32_t symbol) {
  picked_.resize(tile.columns);
  if (ways_.from) return take_handed(tile, gather, x, first, lanes);
  const auto input = [&](std::size_t k) -> const double* {
    if (k >= map_.terms && has_bias_arm()) return bias_arm_.data();
    const std::int32_t f = k < tile.terms ? gather[tile.first_term + k] : -1;
    return f < 0 ? zero_.data() : x.row(std::size_t(f)) + first;
  };
  const double full = input_full_scale_ * input_full_scale_;
  for (std::size_t k = 0; k < tile.terms; ++k) {
    const double* value = input(k);
    for (std::size_t s = 0; s < lanes; ++s) lit_[s] += laser_factors_[s] * std::max(1.0, value[s] * value[s] / full);
  }
  if (tile.columns == tile.lit) {
    for (std::size_t k = 0; k < tile.lit; ++k) picked_[k] = input(k);
    return;
  }
  const double leak = 1 / parameters_.extinction_ratio;
  const bool iq = parameters_.modulation == Modulation::iq;
  const auto dark = [&](double value) { return std::sqrt(leak * std::max(0.0, full - value * value)); };
  for (std::size_t k = 0; k < tile.lit; ++k) {
    double *in_phase = &driven_[k * kCoherentLanes], *quadrature = &driven_[(tile.lit + k) * kCoherentLanes];
    const double *one = input(k), *other = iq ? input(tile.lit + k) : zero_.data();
    const bool has_other = iq && tile.lit + k < tile.terms;
    for (std::size_t s = 0; s < lanes; ++s) {
      const double root = std::sqrt(laser_factors_[s]);
      in_phase[s] = root * (one[s] - (has_other ? dark(other[s]) : 0.0));
      quadrature[s] = root * (other[s] + dark(one[s]));
    }
    picked_[k] = in_phase;
    picked_[tile.lit + k] = quadrature;
  }
  if (!tile.inputs.empty()) amplify_inputs(tile, index, x, first, lanes, symbol);
}

void CoherentStage::Impl::account(const CoherentTile& tile, std::size_t index, std::size_t lanes) {
  const std::size_t forms = (tile.has_quadrature ? 2 : 1) * tile.outputs;
  for (std::size_t s = 0; s < lanes; ++s) {
    TileLight& light = light_[s * tiles_.size() + index];
    for (std::size_t k = 0; k < tile.columns; ++k) {
      const double value = picked_[k][s];
      light.in += value * value;
      light.auxiliary += value * rows_[forms + k][s];
      if (tile.has_absorption) light.absorbed += value * rows_[forms + tile.columns + k][s];
    }
  }
}

void CoherentStage::Impl::pass(std::size_t index, const std::int32_t* gather, const support::SignalBlock& x,
                               std::size_t first, std::size_t lanes, std::uint32_t symbol) {
  const CoherentTile& tile = tiles_[index];
  const std::size_t samples = std::min(lanes, x.samples() - first);
  drive(tile, index, gather, x, first, lanes, symbol);
  if (!tile.shaken && !tile.amplified) {
    linear::product(tile.stacked.data(), tile.columns, nullptr, picked_.data(), tile.rows(), tile.columns, lanes,
                    rows_.data());
    account(tile, index, lanes);
    return receive(tile, index, x.first_sample() + first, samples, lanes, symbol);
  }
  const std::size_t modes = parameters_.modes;
  std::fill(products_.begin(), products_.begin() + std::ptrdiff_t(2 * modes * kCoherentLanes), 0.0);
  for (std::size_t k = 0; k < tile.columns; ++k) {
    const std::size_t row = k < tile.lit ? k : modes + k - tile.lit;
    std::copy(picked_[k], picked_[k] + samples, rows_[row]);
    for (std::size_t s = 0; s < samples; ++s) light_[s * tiles_.size() + index].in += picked_[k][s] * picked_[k][s];
  }
  std::vector<double> absorbed(samples, 0.0), auxiliary(samples, 0.0), added(samples, 0.0);
  const auto propagate = [&](const auto& mesh) {
    mesh.propagate(x.first_sample() + first, samples, kCoherentLanes, symbol, rows_[0], rows_[modes], absorbed.data(),
                   auxiliary.data(), watts_per_square_, added.data());
  };
  if (tile.shaken) propagate(*tile.shaken);
  else propagate(*tile.amplified);
  for (std::size_t m = tile.outputs; m < modes; ++m)
    for (std::size_t s = 0; s < samples; ++s)
      auxiliary[s] += rows_[m][s] * rows_[m][s] + rows_[modes + m][s] * rows_[modes + m][s];
  for (std::size_t s = 0; s < samples; ++s) {
    light_[s * tiles_.size() + index].absorbed += absorbed[s];
    light_[s * tiles_.size() + index].auxiliary += auxiliary[s];
    light_[s * tiles_.size() + index].added_within += added[s];
  }
  receive(tile, index, x.first_sample() + first, samples, lanes, symbol);
}

void CoherentStage::Impl::receive(const CoherentTile& tile, std::size_t index, std::uint64_t first_sample,
                                  std::size_t samples, std::size_t lanes, std::uint32_t symbol) {
  if (ways_.from) {
    // The fields have their lasers' fluctuation already, what the oscillator adds is the same again.
    for (std::size_t s = 0; s < samples; ++s) factors_[s] = ways_.to ? 1.0 : std::sqrt(laser_factors_[s]);
  } else if (parameters_.intensity_noise_per_hz > 0 && !ways_.to) {
    const double sigma = std::sqrt(parameters_.intensity_noise_per_hz * parameters_.receiver_bandwidth_hz);
    for (std::size_t s = 0; s < samples; ++s)
      factors_[s] = 1 + sigma * laser_noise_[index].gaussian(first_sample + s, symbol);
  }
  const double amperes = 2 * parameters_.responsivity() * std::sqrt(parameters_.local_oscillator_w * watts_per_square_);
  const bool is_stepwise = tile.shaken || tile.amplified, has_imaginary = tile.has_quadrature || is_stepwise;
  const std::size_t quadrature = is_stepwise ? parameters_.modes : tile.outputs;
  std::vector<double> added(samples, 0.0);
  for (std::size_t o = 0; o < tile.outputs; ++o) {
    double* const sum = &sums_[(tile.first_output + o) * kCoherentLanes];
    double* const variance = &variances_[(tile.first_output + o) * kCoherentLanes];
    double *const re = rows_[o], *const im = has_imaginary ? rows_[quadrature + o] : zero_.data();
    double weight = tile.weight;
    for (std::size_t s = 0; s < samples; ++s) light_[s * tiles_.size() + index].out += re[s] * re[s] + im[s] * im[s];
    if (!tile.outputs_row.empty()) {
      tile.outputs_row.front().amplify(o, first_sample, samples, symbol, watts_per_square_, re, im, added.data());
      weight /= std::sqrt(ways_.to ? output_gain(tile) : tile.outputs_row.front().reference(o));
    }
    const double noise_weight = weight / amperes;
    for (std::size_t s = 0; s < lanes; ++s) {
      const double square = re[s] * re[s] + im[s] * im[s];
      if (s < samples) light_[s * tiles_.size() + index].behind += square;
      sum[s] += weight * re[s] * factors_[s];
      if (is_noisy_)
        variance[s] += noise_weight * noise_weight *
                       receiver_variance_a2(parameters_, square * watts_per_square_ + parameters_.local_oscillator_w);
    }
    if (!ways_.to) continue;
    given_.resize(samples);
    for (std::size_t s = 0; s < samples; ++s) {
      given_[s].re.resize(tile.outputs);
      given_[s].im.resize(tile.outputs);
      given_[s].re[o] = weight * re[s];
      given_[s].im[o] = weight * im[s];
    }
  }
  for (std::size_t s = 0; s < samples; ++s) light_[s * tiles_.size() + index].added_behind += added[s];
}

void CoherentStage::Impl::finish(std::size_t group, std::size_t position, support::SignalBlock& y, std::size_t first,
                                 std::size_t lanes) {
  if (is_noisy_) {
    const std::size_t samples = std::min(lanes, y.samples() - first);
    noise_.gaussians_block(y.first_sample() + first, samples, kCoherentLanes,
                           std::uint32_t((position * map_.groups + group) * map_.outputs), map_.outputs,
                           gaussians_.data());
  }
  for (std::size_t o = 0; o < map_.outputs; ++o) {
    const std::size_t q = group * map_.outputs + o;
    const double bias = map_.bias.empty() || has_bias_arm() ? 0.0 : map_.bias[q];
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
    if (ways_.to && !ways_.from) draw_laser_factors(x.first_sample() + first, std::min(lanes, x.samples() - first));
    for (std::size_t g = 0; g < map_.groups; ++g) {
      for (std::size_t p = 0; p < map_.positions; ++p) {
        std::fill(sums_.begin(), sums_.end(), 0.0);
        std::fill(variances_.begin(), variances_.end(), 0.0);
        const std::int32_t* gather = &map_.gather[(g * map_.positions + p) * map_.terms];
        for (std::size_t t = g * tiles_per_group_; t < (g + 1) * tiles_per_group_; ++t)
          pass(t, gather, x, first, lanes, std::uint32_t(p));
        finish(g, p, y, first, lanes);
      }
    }
    for (std::size_t s = 0; s < std::min(lanes, x.samples() - first); ++s) {
      const TileLight* const light = &light_[s * tiles_.size()];
      const energy::Quanta left = books_.post(x.first_sample() + first + s, lit_[s], light, sink);
      if (ways_.to) {
        given_[s].light = left;
        given_[s].laser_factor = laser_factors_[s];
        ways_.to->put(x.first_sample() + first + s, std::move(given_[s]));
        continue;
      }
      for (std::size_t t = 0; t < tiles_.size(); ++t)
        detected_ += light[t].behind * watts_per_square_ / parameters_.symbol_rate_hz;
    }
  }
  return y;
}

CoherentStage::CoherentStage(linear::LinearMap map, CoherentParameters parameters, double input_full_scale,
                             std::uint64_t seed, const std::string& stream_name, LightWays ways) {
  parameters.check();
  support::require_positive(input_full_scale, "input_full_scale");
  map.check();
  impl_ = std::make_unique<Impl>(std::move(map), std::move(parameters), input_full_scale, seed, stream_name,
                                 std::move(ways));
}

CoherentStage::~CoherentStage() = default;

const linear::LinearMap& CoherentStage::map() const { return impl_->map(); }

std::int64_t CoherentStage::duration_ps() const {
  return std::max<std::int64_t>(static_cast<std::int64_t>(map().positions),
                                std::llround(impl_->books().busy_s() * 1e12));
}

void CoherentStage::open_accounts(const std::string& component, energy::EnergySink& sink) {
  impl_->books().open_accounts(component, sink);
}

support::SignalBlock CoherentStage::forward(const support::SignalBlock& x, energy::EnergySink& sink) {
  return impl_->forward(x, sink);
}

const LightParameters& CoherentStage::light() const { return impl_->parameters(); }

std::vector<OpticalTileReport> CoherentStage::tiles() const {
  std::vector<OpticalTileReport> reports;
  for (const CoherentTile& tile : impl_->tiles()) reports.push_back(tile.report);
  return reports;
}

std::vector<TileProgram> CoherentStage::programs() const {
  std::vector<TileProgram> programs;
  for (const CoherentTile& tile : impl_->tiles()) programs.push_back(tile.program);
  return programs;
}

LinkBudget CoherentStage::link() const { return impl_->link(); }

std::vector<support::AreaPart> CoherentStage::areas(const std::string& component) const {
  return impl_->books().areas(component);
}

double CoherentStage::wanted_light_w() const { return impl_->wanted_light_w(); }

double CoherentStage::detected_photons() const {
  const LightParameters& parameters = impl_->parameters();
  return impl_->detected_light() * parameters.quantum_efficiency / parameters.photon_energy_j();
}

}  // namespace szilard::optical
