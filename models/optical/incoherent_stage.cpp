// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/incoherent_stage.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/linear/product.hpp"
#include "models/optical/incoherent_stage_impl.hpp"
#include "models/optical/photon_counts.hpp"
#include "models/support/checks.hpp"
#include "models/support/constants.hpp"

namespace szilard::optical {

void IncoherentParameters::check() const {
  check_light();
  if (medium == IncoherentMedium::ring_bank) rings.check(modes);
  else absorbers.check();
}

IncoherentStage::Impl::Impl(linear::LinearMap map, IncoherentParameters parameters, double input_full_scale,
                            bool input_negative, std::uint64_t seed, const std::string& stream_name)
    : map_(std::move(map)),
      parameters_(std::move(parameters)),
      input_full_scale_(input_full_scale),
      is_signed_(input_negative),
      tiles_(make_incoherent_tiles(map_, parameters_, seed, stream_name)),
      tiles_per_group_(tiles_.size() / map_.groups),
      // Braces: the light is to be known before it is booked.
      books_{with_light(), booked()},
      noise_(seed, support::stream_of((stream_name + "/receiver_noise").c_str())),
      is_noisy_(parameters_.detection == Detection::current &&
                (parameters_.noise.has_shot || parameters_.noise.has_thermal)),
      sums_(map_.outputs * kIncoherentLanes),
      variances_(map_.outputs * kIncoherentLanes),
      gaussians_(map_.outputs * kIncoherentLanes),
      light_(kIncoherentLanes * tiles_.size()),
      lit_(kIncoherentLanes) {
  build_amplifiers(seed, stream_name);
  std::size_t rows = 0, columns = 0;
  for (const IncoherentTile& tile : tiles_) {
    rows = std::max(rows, tile.rows());
    columns = std::max(columns, tile.terms);
    const std::string name = stream_name + "/" + tile.report.name;
    streams_.push_back({{seed, support::stream_of((name + "/photons").c_str())},
                        {seed, support::stream_of((name + "/laser_noise").c_str())}});
  }
  driven_.resize(columns * kIncoherentLanes);
  products_.resize(rows * kIncoherentLanes);
  for (std::size_t r = 0; r < rows; ++r) rows_.push_back(&products_[r * kIncoherentLanes]);
}

const IncoherentTile& IncoherentStage::Impl::worst_tile() const {
  return *std::min_element(tiles_.begin(), tiles_.end(), [](const IncoherentTile& a, const IncoherentTile& b) {
    return a.worst_share < b.worst_share;
  });
}

PathResponse IncoherentStage::Impl::response() const {
  PathResponse path;
  const double photon_j = parameters_.photon_energy_j();
  path.detected_share = worst_tile().worst_share * output_gain();
  if (parameters_.input_amplifier)
    path.spontaneous_w_per_hz += path.detected_share * parameters_.input_amplifier->spontaneous_w_per_hz(
                                                           parameters_.input_amplifier->gain, photon_j);
  if (parameters_.output_amplifier)
    path.spontaneous_w_per_hz +=
        parameters_.output_amplifier->spontaneous_w_per_hz(parameters_.output_amplifier->gain, photon_j);
  path.current_per_w = parameters_.responsivity() * path.detected_share * (1 - 1 / parameters_.extinction_ratio);
  return path;
}

/// The parameters, their light power solved where an error is wanted.
const LightParameters& IncoherentStage::Impl::with_light() {
  if (parameters_.detection == Detection::counting) {
    // What counting a symbol's photons amounts to.
    parameters_.noise = {true, false};
    parameters_.receiver_bandwidth_hz = {parameters_.symbol_rate_hz / 2,
                                         "half the symbol rate: photons of a symbol are counted", "choice"};
  }
  if (parameters_.wanted_error > 0)
    parameters_.light_power_w = {solve_light_power_w(response(), parameters_),
                                 "solved for the wanted error on the worst path", "choice"};
  return parameters_;
}

BookedLayer IncoherentStage::Impl::booked() const {
  const bool is_bank = parameters_.medium == IncoherentMedium::ring_bank;
  const std::size_t at_once = is_bank ? 1 : parameters_.absorbers.wavelengths;
  BookedLayer layer;
  layer.joules_per_unit = parameters_.light_power_w / parameters_.symbol_rate_hz;
  layer.symbols = static_cast<std::int64_t>(symbols_of_sample());
  layer.lit_s =
      static_cast<double>((map_.positions + at_once - 1) / at_once * (is_signed_ ? 2 : 1)) / parameters_.symbol_rate_hz;
  layer.input_gain = input_gain();
  layer.absorbed = is_bank ? "ring_loss" : "cell_absorption";
  for (const IncoherentTile& tile : tiles_) {
    BookedTile booked{tile.report.name, tile.terms, tile.outputs, tile.report.elements, {}, {}};
    booked.coefficients = {
        {"scale", support::Parameter(tile.report.scale, "largest weight of the layer", "choice"), ""},
        {"share of a weight of 1",
         support::Parameter(tile.worst_share, "of an input's light, from the medium", "choice"), ""}};
    if (is_bank)
      booked.holdings = {{"ring_tuning",
                          "E = (power a free spectral range x sum of shifts / range + locking power x rings) x time",
                          {{"power of a shift by one free spectral range", parameters_.rings.tuning_power_w, "W"},
                           {"locking power of a ring", parameters_.rings.locking_power_w, "W"}},
                          tile.report.heaters_w}};
    booked.input_amplifiers = parameters_.input_amplifier ? tile.terms : 0;
    booked.output_amplifiers = parameters_.output_amplifier ? 2 * tile.outputs : 0;
    layer.tiles.push_back(std::move(booked));
  }
  return layer;
}

/// Light on the inputs of a tile, in units of light_power.
void IncoherentStage::Impl::drive(const IncoherentTile& tile, std::size_t index, const std::int32_t* gather,
                                  const support::SignalBlock& x, std::size_t first, std::size_t lanes, double sign,
                                  std::uint32_t symbol) {
  const double dark = 1 / parameters_.extinction_ratio, slope = (1 - dark) * sign / input_full_scale_;
  const double sigma = std::sqrt(parameters_.intensity_noise_per_hz * parameters_.receiver_bandwidth_hz);
  const std::size_t samples = std::min(lanes, x.samples() - first);
  const auto lasers =
      static_cast<std::uint32_t>((tile.terms + parameters_.laser_sharing - 1) / parameters_.laser_sharing);
  picked_.resize(tile.terms);
  for (std::size_t k = 0; k < tile.terms; ++k) {
    const std::int32_t f = gather[tile.first_term + k];
    double* const p = &driven_[k * kIncoherentLanes];
    if (f < 0) std::fill(p, p + lanes, dark);
    else
      for (std::size_t s = 0; s < lanes; ++s) p[s] = dark + std::max(0.0, slope * x.row(std::size_t(f))[first + s]);
    if (sigma > 0) {
      const auto laser = static_cast<std::uint32_t>(k / parameters_.laser_sharing);
      for (std::size_t s = 0; s < samples; ++s)
        p[s] *= std::max(0.0, 1 + sigma * streams_[index].laser_noise.gaussian(x.first_sample() + first + s,
                                                                               symbol * lasers + laser));
    }
    for (std::size_t s = 0; s < lanes; ++s) lit_[s] += std::max(1.0, p[s]);
    if (!tile.inputs.empty()) amplify_input(k, index, x.first_sample() + first, samples, symbol, p);
    picked_[k] = p;
  }
}

void IncoherentStage::Impl::pass(std::size_t index, const support::SignalBlock& x, std::size_t first, std::size_t lanes,
                                 double sign, std::uint32_t symbol) {
  const IncoherentTile& tile = tiles_[index];
  linear::product(tile.stacked.data(), tile.terms, nullptr, picked_.data(), tile.rows(), tile.terms, lanes,
                  rows_.data());
  const double *absorbed = rows_[2 * tile.outputs], *auxiliary = rows_[2 * tile.outputs + 1];
  for (std::size_t s = 0; s < lanes; ++s) {
    TileLight& light = light_[s * tiles_.size() + index];
    for (std::size_t k = 0; k < tile.terms; ++k) light.in += picked_[k][s];
    light.absorbed += absorbed[s];
    light.auxiliary += auxiliary[s];
    for (std::size_t o = 0; o < 2 * tile.outputs; ++o) light.out += rows_[o][s];
  }
  const std::size_t samples = std::min(lanes, x.samples() - first);
  if (!tile.photodiodes.empty()) amplify_photodiodes(index, x.first_sample() + first, samples, symbol);
  for (std::size_t s = 0; s < samples; ++s)
    for (std::size_t o = 0; o < 2 * tile.outputs; ++o) light_[s * tiles_.size() + index].behind += rows_[o][s];
  if (parameters_.detection == Detection::counting)
    return count(tile, index, x.first_sample() + first, samples, sign, symbol);
  const double weight = tile.weight * input_full_scale_ / (bright_ - dark_);
  const double amperes = parameters_.responsivity() * parameters_.light_power_w;
  for (std::size_t o = 0; o < tile.outputs; ++o) {
    double* const sum = &sums_[(tile.first_output + o) * kIncoherentLanes];
    double* const variance = &variances_[(tile.first_output + o) * kIncoherentLanes];
    const double *plus = rows_[o], *minus = rows_[tile.outputs + o];
    const double of_plus = output_reference(tile, o), of_minus = output_reference(tile, tile.outputs + o);
    const double known = dark_ * tile.dark[o] + spontaneous_offset(tile, o);
    const double noise_weight = weight / (amperes * std::min(of_plus, of_minus));
    for (std::size_t s = 0; s < lanes; ++s) {
      sum[s] += sign * weight * (plus[s] / of_plus - minus[s] / of_minus - known);
      if (is_noisy_)
        variance[s] += noise_weight * noise_weight *
                       receiver_variance_a2(parameters_, (plus[s] + minus[s]) * parameters_.light_power_w);
    }
  }
}

void IncoherentStage::Impl::count(const IncoherentTile& tile, std::size_t index, std::uint64_t first_sample,
                                  std::size_t samples, double sign, std::uint32_t symbol) {
  const double symbol_s = 1 / parameters_.symbol_rate_hz;
  const double photons =
      parameters_.quantum_efficiency * parameters_.light_power_w * symbol_s / parameters_.photon_energy_j();
  const double of_nothing = parameters_.dark_current_a * symbol_s / support::kElementaryCharge_C;
  const double weight = tile.weight * input_full_scale_ / (bright_ - dark_);
  const auto outputs = static_cast<std::uint32_t>(tile.outputs);
  for (std::uint32_t o = 0; o < outputs; ++o) {
    double* const sum = &sums_[(tile.first_output + o) * kIncoherentLanes];
    const double *plus = rows_[o], *minus = rows_[outputs + o];
    const std::uint32_t place = 2 * (symbol * outputs + o);
    const double of_plus = output_reference(tile, o), of_minus = output_reference(tile, outputs + o);
    const double known =
        dark_ * tile.dark[o] + spontaneous_offset(tile, o) + of_nothing / photons * (1 / of_plus - 1 / of_minus);
    for (std::size_t s = 0; s < samples; ++s) {
      const support::RandomStream& stream = streams_[index].photons;
      const double n = photon_count(photons * plus[s] + of_nothing, stream, first_sample + s, place) / of_plus -
                       photon_count(photons * minus[s] + of_nothing, stream, first_sample + s, place + 1) / of_minus;
      sum[s] += sign * weight * (n / photons - known);
    }
  }
}

void IncoherentStage::Impl::finish(std::size_t group, std::size_t position, support::SignalBlock& y, std::size_t first,
                                   std::size_t lanes) {
  if (is_noisy_) {
    const std::size_t samples = std::min(lanes, y.samples() - first);
    noise_.gaussians_block(y.first_sample() + first, samples, kIncoherentLanes,
                           std::uint32_t((position * map_.groups + group) * map_.outputs), map_.outputs,
                           gaussians_.data());
  }
  for (std::size_t o = 0; o < map_.outputs; ++o) {
    const std::size_t q = group * map_.outputs + o;
    const double bias = map_.bias.empty() ? 0.0 : map_.bias[q];
    double* const out = y.row(q * map_.positions + position) + first;
    for (std::size_t s = 0; s < lanes; ++s) {
      const std::size_t at = o * kIncoherentLanes + s;
      out[s] = sums_[at] + bias;
      if (is_noisy_) out[s] += std::sqrt(variances_[at]) * gaussians_[at];
    }
  }
}

support::SignalBlock IncoherentStage::Impl::forward(const support::SignalBlock& x, energy::EnergySink& sink) {
  if (x.features() != map_.inputs)
    throw std::logic_error(map_.name + " takes " + std::to_string(map_.inputs) + " inputs, got " +
                           std::to_string(x.features()));
  support::SignalBlock y = x.sibling(map_.total_outputs());
  for (std::size_t first = 0; first < x.samples(); first += kIncoherentLanes) {
    const std::size_t lanes = std::min(kIncoherentLanes, x.stride() - first);
    std::fill(light_.begin(), light_.end(), TileLight{});
    std::fill(lit_.begin(), lit_.end(), 0.0);
    for (std::size_t g = 0; g < map_.groups; ++g) {
      for (std::size_t p = 0; p < map_.positions; ++p) {
        std::fill(sums_.begin(), sums_.end(), 0.0);
        std::fill(variances_.begin(), variances_.end(), 0.0);
        const std::int32_t* gather = &map_.gather[(g * map_.positions + p) * map_.terms];
        for (std::size_t t = g * tiles_per_group_; t < (g + 1) * tiles_per_group_; ++t) {
          for (std::uint32_t rail = 0; rail < (is_signed_ ? 2u : 1u); ++rail) {
            const auto symbol = static_cast<std::uint32_t>(p) * (is_signed_ ? 2u : 1u) + rail;
            const double sign = rail == 0 ? 1 : -1;
            drive(tiles_[t], t, gather, x, first, lanes, sign, symbol);
            pass(t, x, first, lanes, sign, symbol);
          }
        }
        finish(g, p, y, first, lanes);
      }
    }
    for (std::size_t s = 0; s < std::min(lanes, x.samples() - first); ++s) {
      const TileLight* const light = &light_[s * tiles_.size()];
      books_.post(x.first_sample() + first + s, lit_[s], light, sink);
      for (std::size_t t = 0; t < tiles_.size(); ++t)
        detected_ += light[t].behind * parameters_.light_power_w / parameters_.symbol_rate_hz;
    }
  }
  return y;
}

LinkBudget IncoherentStage::Impl::link() const {
  std::size_t arms = 0, receivers = 0;
  double absorbed = 0, auxiliary = 0, out = 0, heaters_w = 0;
  for (const IncoherentTile& tile : tiles_) {
    arms += tile.terms;
    receivers += tile.outputs;
    absorbed += tile.full_absorbed;
    auxiliary += tile.full_auxiliary;
    out += tile.full_out;
    heaters_w += tile.report.heaters_w;
  }
  const double power_w = parameters_.light_power_w, in_w = static_cast<double>(arms) * power_w;
  LinkBudget budget = link_to_medium(parameters_, arms, receivers, 0, input_gain());
  budget.light.push_back({"medium", in_w, absorbed * power_w});
  budget.light.push_back({"auxiliary ports", in_w - absorbed * power_w, auxiliary * power_w});
  if (parameters_.output_amplifier) {
    budget.light.push_back({"output amplifiers, add", out * power_w, -(output_gain() - 1) * out * power_w});
    budget.electrical_w += 2 * static_cast<double>(receivers) * parameters_.output_amplifier->electrical_w();
  }
  if (parameters_.input_amplifier)
    budget.electrical_w += static_cast<double>(arms) * parameters_.input_amplifier->electrical_w();
  budget.detected_w += output_gain() * out * power_w;
  budget.electrical_w += heaters_w;
  const IncoherentTile& worst = worst_tile();
  budget.worst_path.insert(budget.worst_path.end(), worst.path.begin(), worst.path.end());
  if (parameters_.output_amplifier) budget.worst_path.push_back({"output amplifier", 1, 1 / output_gain()});
  close_path(budget, response(), parameters_);
  return budget;
}

IncoherentStage::IncoherentStage(linear::LinearMap map, IncoherentParameters parameters, double input_full_scale,
                                 bool input_negative, std::uint64_t seed, const std::string& stream_name) {
  parameters.check();
  support::require_positive(input_full_scale, "input_full_scale");
  map.check();
  impl_ = std::make_unique<Impl>(std::move(map), std::move(parameters), input_full_scale, input_negative, seed,
                                 stream_name);
}

IncoherentStage::~IncoherentStage() = default;

const linear::LinearMap& IncoherentStage::map() const { return impl_->map(); }

std::int64_t IncoherentStage::duration_ps() const {
  return std::max<std::int64_t>(1, std::llround(impl_->books().busy_s() * 1e12));
}

void IncoherentStage::open_accounts(const std::string& component, energy::EnergySink& sink) {
  impl_->books().open_accounts(component, sink);
}

support::SignalBlock IncoherentStage::forward(const support::SignalBlock& x, energy::EnergySink& sink) {
  return impl_->forward(x, sink);
}

const char* IncoherentStage::medium() const {
  return impl_->parameters().medium == IncoherentMedium::ring_bank ? "ring_bank" : "absorptive_crossbar";
}

const LightParameters& IncoherentStage::light() const { return impl_->parameters(); }

std::vector<OpticalTileReport> IncoherentStage::tiles() const {
  std::vector<OpticalTileReport> reports;
  for (const IncoherentTile& tile : impl_->tiles()) reports.push_back(tile.report);
  return reports;
}

std::vector<TileProgram> IncoherentStage::programs() const {
  std::vector<TileProgram> programs;
  for (const IncoherentTile& tile : impl_->tiles()) programs.push_back(tile.program);
  return programs;
}

LinkBudget IncoherentStage::link() const { return impl_->link(); }

std::vector<support::AreaPart> IncoherentStage::areas(const std::string& component) const {
  return impl_->books().areas(component);
}

double IncoherentStage::detected_photons() const {
  const LightParameters& parameters = impl_->parameters();
  return impl_->detected_light() * parameters.quantum_efficiency / parameters.photon_energy_j();
}

}  // namespace szilard::optical
