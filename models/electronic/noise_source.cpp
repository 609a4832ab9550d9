// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/noise_source.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "models/electronic/elementwise.hpp"
#include "models/linear/product.hpp"

namespace szilard::electronic {
namespace {

double square(double value) { return value * value; }

// Whether outputs have variances of their own: only independent noise alone has not.
bool has_own_variances(const Device& device) {
  return device.read_noise != ReadNoise::independent || device.current_noise.has_thermal ||
         device.current_noise.has_shot || device.access_ohm > 0;
}

bool samples_charge(const CrossbarParameters& parameters) { return parameters.integration_capacitance_f > 0; }

std::string stream_text(const std::string& stream_name, std::size_t tile, std::size_t pass) {
  const std::string all = stream_name + "/read_noise";
  return tile + pass == 0 ? all : all + "/" + std::to_string(tile) + "/" + std::to_string(pass);
}

}  // namespace

NoiseSource::NoiseSource(const linear::LinearMap& map, const CrossbarParameters& parameters,
                         const ProgrammedArray& array, const WiredArray* wired, double input_full_scale,
                         const RowPart& part, std::size_t passes, std::uint64_t seed, const std::string& stream_name)
    : is_on_(parameters.device.has_noise() || samples_charge(parameters)),
      is_proportional_(is_on_ && (wired || has_own_variances(parameters.device) || samples_charge(parameters))),
      is_single_(parameters.precision != Precision::double_precision),
      has_pairs_(array.has_pairs()),
      has_shot_(parameters.device.current_noise.has_shot),
      first_(part.first),
      terms_(part.rows),
      variance_terms_(has_shot_ ? 2 * part.rows : part.rows),
      outputs_(map.outputs),
      total_outputs_(map.total_outputs()),
      positions_(map.positions),
      outputs_per_tile_(array.outputs_per_tile()),
      column_tiles_(array.column_tiles()) {
  for (std::size_t p = 0; p < passes; ++p) {
    streams_.emplace_back(seed, support::stream_of(stream_text(stream_name, part.first_tile, p).c_str()));
  }
  if (!is_on_) return;
  relative_variance_ = square(parameters.device.read_noise_sigma * array.weight_per_siemens());
  cell_variance_ = relative_variance_ * square(parameters.device.maximum_conductance_s);
  gaussians_ = WorkingRows<double>(std::max(outputs_, column_tiles_));
  sigma_ = WorkingRows<double>(is_proportional_ ? std::max(outputs_, column_tiles_) : 1);
  if (!has_pairs_) common_ = WorkingRows<double>(column_tiles_);
  if (!is_proportional_) {
    ones_.assign(terms_, 1.0);
    picked_.resize(terms_);
    sum_ = WorkingRows<double>(1);
  } else if (is_single_) {
    prepare(single_, map, parameters, array, wired, input_full_scale, part);
  } else {
    prepare(double_, map, parameters, array, wired, input_full_scale, part);
  }
}

template <typename Real>
void NoiseSource::prepare(Proportional<Real>& part, const linear::LinearMap& map, const CrossbarParameters& parameters,
                          const ProgrammedArray& array, const WiredArray* wired, double input_full_scale,
                          const RowPart& rows) {
  const CellNoise noise(map, parameters, array, wired, input_full_scale, rows);
  part.own_weights = noise.weights<Real>(noise.own, noise.own_shot, has_shot_);
  part.offset_weights = noise.weights<Real>(noise.offset, noise.offset_shot, has_shot_);
  part.own_start = support::AlignedVector<Real>(noise.own_thermal.begin(), noise.own_thermal.end());
  part.offset_start = support::AlignedVector<Real>(noise.offset_thermal.begin(), noise.offset_thermal.end());
  if (has_shot_) part.magnitudes = WorkingRows<Real>(map.inputs);
  if (std::is_same_v<Real, float>) part.squares = WorkingRows<Real>(map.inputs);
  part.variances = WorkingRows<Real>(std::max(outputs_, column_tiles_));
  part.picked.resize(variance_terms_);
}

void NoiseSource::load(const WorkingRows<double>& squares, std::size_t lanes) {
  if (!is_proportional_) return;
  if (has_shot_ && is_single_) load_magnitudes(single_, squares, lanes);
  if (has_shot_ && !is_single_) load_magnitudes(double_, squares, lanes);
  if (!is_single_) return;
  const ElementwiseKernels& kernels = elementwise();
  for (std::size_t f = 0; f < squares.size(); ++f) kernels.narrow(squares.row(f), lanes, single_.squares.row(f));
}

template <typename Real>
void NoiseSource::load_magnitudes(Proportional<Real>& part, const WorkingRows<double>& squares, std::size_t lanes) {
  for (std::size_t f = 0; f < squares.size(); ++f) {
    const double* in = squares.row(f);
    Real* out = part.magnitudes.row(f);
    for (std::size_t s = 0; s < lanes; ++s) out[s] = static_cast<Real>(std::sqrt(in[s]));
  }
}

void NoiseSource::sum_squares(const std::int32_t* gather, const WorkingRows<double>& squares, std::size_t lanes) {
  squares.gather(gather, terms_, 0, picked_);
  linear::product(ones_.data(), terms_, nullptr, picked_.data(), 1, terms_, lanes, sum_.addresses());
}

template <typename Real>
void NoiseSource::proportional_sigma(Proportional<Real>& part, const Real* weights, const Real* start, std::size_t rows,
                                     std::size_t lanes) {
  linear::product(weights, variance_terms_, start, part.picked.data(), rows, variance_terms_, lanes,
                  part.variances.addresses());
  const ElementwiseKernels& kernels = elementwise();
  for (std::size_t i = 0; i < rows; ++i) {
    if constexpr (std::is_same_v<Real, float>) {
      kernels.root_single(part.variances.row(i), lanes, 1.0, sigma_.row(i));
    } else {
      kernels.root(part.variances.row(i), lanes, 1.0, sigma_.row(i));
    }
  }
}

void NoiseSource::draw_gaussians(std::size_t pass, std::uint32_t index, std::size_t count, std::uint64_t first_sample,
                                 std::size_t lanes) {
  if (is_single_) {
    streams_[pass].gaussians_single_block(first_sample, lanes, kWorkingStride, index, count, gaussians_.row(0));
  } else {
    streams_[pass].gaussians_block(first_sample, lanes, kWorkingStride, index, count, gaussians_.row(0));
  }
}

void NoiseSource::draw_common(std::size_t pass, std::size_t read, std::uint64_t first_sample, std::size_t lanes) {
  const auto index = static_cast<std::uint32_t>(total_outputs_ + read * column_tiles_);
  draw_gaussians(pass, index, column_tiles_, first_sample, lanes);
  for (std::size_t c = 0; c < column_tiles_; ++c) {
    std::fill_n(common_.row(c), lanes, 0.0);
    elementwise().add_scaled(sigma_.row(is_proportional_ ? c : 0), gaussians_.row(c), lanes, common_.row(c));
  }
}

void NoiseSource::draw(std::size_t pass, std::size_t group, std::size_t position, const std::int32_t* gather,
                       const WorkingRows<double>& squares, std::uint64_t first_sample, std::size_t lanes) {
  gather += first_;
  const std::size_t read = group * positions_ + position;
  const auto proportional = [&](auto& part, const auto& rows_of_squares) {
    rows_of_squares.gather(gather, terms_, 0, part.picked);
    for (std::size_t k = terms_; k < variance_terms_; ++k) {
      const std::int32_t f = gather[k - terms_];
      part.picked[k] = f < 0 ? part.magnitudes.zero() : part.magnitudes.row(static_cast<std::size_t>(f));
    }
    const auto from = [](const auto& values, std::size_t row) { return values.empty() ? nullptr : &values[row]; };
    if (!has_pairs_) {  // first, because the sigmas of outputs take its place
      const std::size_t row = group * column_tiles_;
      proportional_sigma(part, &part.offset_weights[row * variance_terms_], from(part.offset_start, row), column_tiles_,
                         lanes);
      draw_common(pass, read, first_sample, lanes);
    }
    const std::size_t row = group * outputs_;
    proportional_sigma(part, &part.own_weights[row * variance_terms_], from(part.own_start, row), outputs_, lanes);
  };
  if (is_proportional_ && is_single_) {
    proportional(single_, single_.squares);
  } else if (is_proportional_) {
    proportional(double_, squares);
  } else {
    sum_squares(gather, squares, lanes);
    elementwise().root(sum_.row(0), lanes, cell_variance_ * (has_pairs_ ? 2.0 : 1.0), sigma_.row(0));
    if (!has_pairs_) draw_common(pass, read, first_sample, lanes);
  }
  draw_gaussians(pass, static_cast<std::uint32_t>(read * outputs_), outputs_, first_sample, lanes);
}

}  // namespace szilard::electronic
