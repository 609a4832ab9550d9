// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/amplifier_row.hpp"

#include <algorithm>
#include <cmath>

#include "models/support/aligned_vector.hpp"

namespace szilard::optical {

AmplifierRow::AmplifierRow(const AmplifierParameters& amplifier, std::vector<double> dialled,
                           const std::vector<double>& steady_in_w, Noise noise, std::uint64_t seed,
                           const std::string& stream_name)
    : amplifier_(amplifier),
      dialled_(std::move(dialled)),
      noise_(noise),
      stream_(seed, support::stream_of(stream_name.c_str())) {
  const bool is_steady = amplifier_.kind == AmplifierKind::erbium_fibre;
  for (std::size_t m = 0; m < dialled_.size(); ++m)
    reference_.push_back(is_steady ? amplifier_.saturated(dialled_[m], steady_in_w.at(m)) : dialled_[m]);
}

std::size_t AmplifierRow::in_use() const {
  return static_cast<std::size_t>(
      std::count_if(dialled_.begin(), dialled_.end(), [](double gain) { return gain > 1; }));
}

double AmplifierRow::spontaneous_w_per_hz(std::size_t mode) const {
  return amplifier_.spontaneous_w_per_hz(reference_[mode], noise_.photon_energy_j);
}

void AmplifierRow::amplify(std::size_t mode, std::uint64_t first_sample, std::size_t samples, std::uint32_t symbol,
                           double watts_per_square, double* re, double* im, double* added) const {
  if (dialled_[mode] <= 1) return;
  const bool is_steady = amplifier_.kind == AmplifierKind::erbium_fibre;
  const std::size_t stride = (samples + 7) / 8 * 8;
  support::AlignedVector<double> z(2 * stride);
  const auto index = 2 * (symbol * static_cast<std::uint32_t>(modes()) + static_cast<std::uint32_t>(mode));
  stream_.gaussians_block(first_sample, samples, stride, index, 2, z.data());
  for (std::size_t s = 0; s < samples; ++s) {
    const double square = re[s] * re[s] + im[s] * im[s];
    const double gain = is_steady ? reference_[mode] : amplifier_.saturated(dialled_[mode], square * watts_per_square);
    const double root = std::sqrt(gain);
    const double sigma = std::sqrt(amplifier_.spontaneous_w_per_hz(gain, noise_.photon_energy_j) * noise_.bandwidth_hz /
                                   watts_per_square);
    const double nr = sigma * z[s], ni = sigma * z[stride + s];
    added[s] += (gain - 1) * square + 2 * root * (re[s] * nr + im[s] * ni) + nr * nr + ni * ni;
    re[s] = root * re[s] + nr;
    im[s] = root * im[s] + ni;
  }
}

void MiddleRow::pass(std::size_t mode, std::uint64_t first_sample, std::size_t samples, std::uint32_t symbol,
                     double watts_per_square, double* re, double* im, double* auxiliary, double* added) const {
  const double t = transmissions[mode];
  if (t > 1) return amplifiers.front().amplify(mode, first_sample, samples, symbol, watts_per_square, re, im, added);
  for (std::size_t s = 0; s < samples; ++s) {
    auxiliary[s] += (1 - t) * (1 + t) * (re[s] * re[s] + im[s] * im[s]);
    re[s] *= t;
    im[s] *= t;
  }
}

}  // namespace szilard::optical
