// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/optical/coherent_stage_impl.hpp"

namespace szilard::optical {
namespace {

/// The largest number of watts a mode is met by steadily, from the forms of a mesh: all inputs at full scale.
std::vector<double> row_powers_w(const MatrixMesh& mesh, std::size_t lit, double light_power_w) {
  const ComplexMatrix front = mesh.input_mesh()->matrix();
  std::vector<double> powers;
  for (Eigen::Index m = 0; m < front.rows(); ++m)
    powers.push_back(light_power_w * front.row(m).head(Eigen::Index(lit)).squaredNorm());
  return powers;
}

}  // namespace

double CoherentStage::Impl::input_gain() const {
  const auto& amplifier = parameters_.input_amplifier;
  return amplifier && !ways_.from ? amplifier->saturated_by_output(amplifier->gain, parameters_.light_power_w) : 1.0;
}

double CoherentStage::Impl::output_gain(const CoherentTile& tile) const {
  const auto& amplifier = parameters_.output_amplifier;
  if (!amplifier) return 1;
  if (!ways_.to) return amplifier->gain;
  const double wanted =
      ways_.to->wanted_watts_per_square() * tile.weight * tile.weight * parameters_.hand_over->loss / watts_per_square_;
  return std::clamp<double>(wanted, 1, amplifier->gain);
}

void CoherentStage::Impl::build_amplifiers(std::uint64_t seed, const std::string& stream_name) {
  const double power_w = parameters_.light_power_w;
  for (CoherentTile& tile : tiles_) {
    const std::string name = stream_name + "/" + tile.report.name;
    tile.report.columns_used = std::min(tile.report.columns_used, map_.terms);
    if (parameters_.input_amplifier && !ways_.from) {
      const AmplifierParameters& amplifier = *parameters_.input_amplifier;
      tile.inputs.emplace_back(amplifier, std::vector<double>(tile.lit, amplifier.gain),
                               std::vector<double>(tile.lit, power_w / input_gain()), amplifier_noise(), seed,
                               name + "/input_amplifier");
    }
    std::vector<double> out_w = tile.full_power;
    for (double& watt : out_w) watt *= power_w;
    if (parameters_.output_amplifier) {
      const AmplifierParameters& amplifier = *parameters_.output_amplifier;
      const double gain = output_gain(tile);
      std::vector<double> dialled;
      for (const double watt : out_w) dialled.push_back(ways_.to ? amplifier.dialled_for(gain, watt) : gain);
      tile.outputs_row.emplace_back(amplifier, dialled, out_w, amplifier_noise(), seed, name + "/output_amplifier");
    }
    if (!tile.amplified_mesh) continue;
    const MatrixMesh& mesh = *tile.amplified_mesh;
    const std::vector<double>& transmissions = mesh.phases().transmissions;
    const std::vector<double> powers_w = row_powers_w(mesh, tile.lit, power_w);
    std::vector<double> dialled;
    for (std::size_t m = 0; m < transmissions.size(); ++m)
      dialled.push_back(
          parameters_.gain_row->dialled_for(std::max(1.0, transmissions[m] * transmissions[m]), powers_w[m]));
    MiddleRow middle{transmissions, {}};
    middle.amplifiers.emplace_back(*parameters_.gain_row, dialled, powers_w, amplifier_noise(), seed,
                                   name + "/gain_row");
    if (parameters_.phase_jitter_rad > 0)
      tile.shaken.emplace(mesh, std::move(middle), parameters_.phase_jitter_rad, seed, name);
    else tile.amplified.emplace(mesh, std::move(middle));
  }
  if (!ways_.to) return;
  const CoherentTile& tile = tiles_.front();
  ways_.to->set_watts_per_square(watts_per_square_ * output_gain(tile) /
                                 (tile.weight * tile.weight * parameters_.hand_over->loss));
}

linear::LinearMap CoherentStage::Impl::map_with_bias_arm() const {
  if (!has_bias_arm()) return map_;
  linear::LinearMap map = map_;
  map.weights.resize(map_.weights.rows(), map_.weights.cols() + 1);
  map.weights.leftCols(map_.weights.cols()) = map_.weights;
  for (std::size_t o = 0; o < map_.outputs; ++o)
    map.weights(Eigen::Index(o), map_.weights.cols()) = map_.bias[o] / input_full_scale_;
  map.terms = map_.terms + 1;
  return map;
}

void CoherentStage::Impl::check_ways() const {
  if (!ways_.from && !ways_.to) return;
  if (map_.positions > 1)
    throw std::invalid_argument("its " + std::to_string(map_.positions) +
                                " positions would all need their light at once");
  const std::size_t wanted = std::max(map_.outputs, map_.terms + (has_bias_arm() ? 1 : 0));
  if (map_.groups > 1 || wanted > parameters_.modes)
    throw std::invalid_argument("the light of several tiles cannot be added without detection: it needs modes: " +
                                std::to_string(wanted) + (has_bias_arm() ? ", one of them for the biases" : ""));
  if (!ways_.from) return;
  std::vector<int> uses(map_.inputs, 0);
  for (const std::int32_t f : map_.gather)
    if (f >= 0) ++uses[std::size_t(f)];
  if (map_.terms != map_.inputs || std::count(uses.begin(), uses.end(), 1) != std::ptrdiff_t(map_.inputs))
    throw std::invalid_argument(
        "light that is handed over cannot be copied or left out: each input is to be used once");
}

/// All light of a chain, and the oscillators at its end, comes from lasers that fluctuate together: one number a
/// sample.
void CoherentStage::Impl::draw_laser_factors(std::uint64_t first_sample, std::size_t samples) {
  if (parameters_.intensity_noise_per_hz <= 0) return;
  const double sigma = std::sqrt(parameters_.intensity_noise_per_hz * parameters_.receiver_bandwidth_hz);
  for (std::size_t s = 0; s < samples; ++s)
    laser_factors_[s] = std::max(0.0, 1 + sigma * laser_noise_.front().gaussian(first_sample + s, 0));
}

/// Fields that elements let pass, into driven_, with what becomes of the light.
void CoherentStage::Impl::take_handed(const CoherentTile& tile, const std::int32_t* gather,
                                      const support::SignalBlock& x, std::size_t first, std::size_t lanes) {
  const std::size_t samples = std::min(lanes, x.samples() - first);
  const HandOver& element = *parameters_.hand_over;
  std::fill(driven_.begin(), driven_.begin() + std::ptrdiff_t(tile.columns * kCoherentLanes), 0.0);
  taken_.resize(samples);
  for (std::size_t s = 0; s < samples; ++s) {
    LightWay::Fields& fields = taken_[s] = ways_.from->take(x.first_sample() + first + s);
    TileLight& light = light_[s * tiles_.size()];
    light.handed = fields.light;
    laser_factors_[s] = fields.laser_factor;
    for (std::size_t k = 0; k < map_.terms; ++k) {
      const auto f = std::size_t(gather[k]);
      const double square = fields.re[f] * fields.re[f] + fields.im[f] * fields.im[f];
      double share = 1;
      if (element.saturable_loss > 1)
        share = std::pow(element.saturable_loss,
                         -1 / (1 + square * element.loss * watts_per_square_ / element.saturation_w));
      if (x.row(f)[first + s] == 0.0) share /= element.extinction;
      const double root = std::sqrt(share);
      driven_[k * kCoherentLanes + s] = root * fields.re[f];
      driven_[(tile.lit + k) * kCoherentLanes + s] = root * fields.im[f];
      light.passed += share * square;
      light.stopped += (element.loss - share) * square;
    }
  }
  for (std::size_t k = map_.terms; k < tile.terms; ++k) {
    for (std::size_t s = 0; s < samples; ++s) {
      lit_[s] += laser_factors_[s];
      driven_[k * kCoherentLanes + s] = std::sqrt(laser_factors_[s]) * input_full_scale_;
    }
  }
  for (std::size_t k = 0; k < tile.columns; ++k) picked_[k] = &driven_[k * kCoherentLanes];
}

void CoherentStage::Impl::amplify_inputs(const CoherentTile& tile, std::size_t index, const support::SignalBlock& x,
                                         std::size_t first, std::size_t lanes, std::uint32_t symbol) {
  const std::size_t samples = std::min(lanes, x.samples() - first);
  const double down = 1 / std::sqrt(input_gain());
  std::vector<double> added(samples, 0.0);
  for (std::size_t k = 0; k < tile.lit; ++k) {
    double *re = &driven_[k * kCoherentLanes], *im = &driven_[(tile.lit + k) * kCoherentLanes];
    for (std::size_t s = 0; s < samples; ++s) {
      re[s] *= down;
      im[s] *= down;
      light_[s * tiles_.size() + index].before += re[s] * re[s] + im[s] * im[s];
    }
    tile.inputs.front().amplify(k, x.first_sample() + first, samples, symbol, watts_per_square_, re, im, added.data());
  }
  for (std::size_t s = 0; s < samples; ++s) light_[s * tiles_.size() + index].added_before += added[s];
}

}  // namespace szilard::optical
