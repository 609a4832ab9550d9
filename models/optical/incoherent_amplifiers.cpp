// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "models/optical/incoherent_stage_impl.hpp"

namespace szilard::optical {

double IncoherentStage::Impl::input_gain() const {
  const auto& amplifier = parameters_.input_amplifier;
  return amplifier ? amplifier->saturated_by_output(amplifier->gain, parameters_.light_power_w) : 1.0;
}

void IncoherentStage::Impl::build_amplifiers(std::uint64_t seed, const std::string& stream_name) {
  const double power_w = parameters_.light_power_w;
  const AmplifierRow::Noise noise{parameters_.photon_energy_j(), parameters_.receiver_bandwidth_hz};
  dark_ = 1 / parameters_.extinction_ratio;
  if (const auto& amplifier = parameters_.input_amplifier) {
    const double full_gain = input_gain(), dark_w = dark_ * power_w / full_gain;
    const double dark_gain =
        amplifier->kind == AmplifierKind::erbium_fibre ? full_gain : amplifier->saturated(amplifier->gain, dark_w);
    const auto spontaneous = [&](double gain) {
      return 2 * amplifier->spontaneous_w_per_hz(gain, noise.photon_energy_j) * noise.bandwidth_hz / power_w;
    };
    dark_ = dark_ * dark_gain / full_gain + spontaneous(dark_gain);
    bright_ = 1 + spontaneous(full_gain);
    for (IncoherentTile& tile : tiles_)
      tile.inputs.emplace_back(*amplifier, std::vector<double>(tile.terms, amplifier->gain),
                               std::vector<double>(tile.terms, power_w / full_gain), noise, seed,
                               stream_name + "/" + tile.report.name + "/input_amplifier");
  }
  if (const auto& amplifier = parameters_.output_amplifier) {
    for (IncoherentTile& tile : tiles_) {
      std::vector<double> steady_w = tile.full_power;
      for (double& watt : steady_w) watt *= power_w;
      tile.photodiodes.emplace_back(*amplifier, std::vector<double>(2 * tile.outputs, amplifier->gain), steady_w, noise,
                                    seed, stream_name + "/" + tile.report.name + "/output_amplifier");
    }
  }
}

double IncoherentStage::Impl::spontaneous_offset(const IncoherentTile& tile, std::size_t output) const {
  if (tile.photodiodes.empty()) return 0;
  const AmplifierRow& row = tile.photodiodes.front();
  const auto share = [&](std::size_t photodiode) {
    return row.spontaneous_w_per_hz(photodiode) / row.reference(photodiode);
  };
  return 2 * parameters_.receiver_bandwidth_hz / parameters_.light_power_w *
         (share(output) - share(tile.outputs + output));
}

/// Light of one input, as a field whose phase nothing depends on.
void IncoherentStage::Impl::amplify_input(std::size_t k, std::size_t index, std::uint64_t first_sample,
                                          std::size_t samples, std::uint32_t symbol, double* power) {
  std::vector<double> re(samples), im(samples, 0.0), added(samples, 0.0);
  const double down = 1 / input_gain();
  for (std::size_t s = 0; s < samples; ++s) {
    re[s] = std::sqrt(power[s] * down);
    light_[s * tiles_.size() + index].before += power[s] * down;
  }
  tiles_[index].inputs.front().amplify(k, first_sample, samples, symbol, parameters_.light_power_w, re.data(),
                                       im.data(), added.data());
  for (std::size_t s = 0; s < samples; ++s) {
    power[s] = re[s] * re[s] + im[s] * im[s];
    light_[s * tiles_.size() + index].added_before += added[s];
  }
}

void IncoherentStage::Impl::amplify_photodiodes(std::size_t index, std::uint64_t first_sample, std::size_t samples,
                                                std::uint32_t symbol) {
  const IncoherentTile& tile = tiles_[index];
  std::vector<double> re(samples), im(samples), added(samples, 0.0);
  for (std::size_t row = 0; row < 2 * tile.outputs; ++row) {
    for (std::size_t s = 0; s < samples; ++s) {
      re[s] = std::sqrt(std::max(0.0, rows_[row][s]));
      im[s] = 0;
    }
    tile.photodiodes.front().amplify(row, first_sample, samples, symbol, parameters_.light_power_w, re.data(),
                                     im.data(), added.data());
    for (std::size_t s = 0; s < samples; ++s) rows_[row][s] = re[s] * re[s] + im[s] * im[s];
  }
  for (std::size_t s = 0; s < samples; ++s) light_[s * tiles_.size() + index].added_behind += added[s];
}

}  // namespace szilard::optical
