// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <stdexcept>
#include <type_traits>

#include "models/electronic/crossbar_impl.hpp"
#include "models/linear/product.hpp"

namespace szilard::electronic {
namespace {

using support::AlignedVector;

// Samples worked on at once: rows of a layer should stay in the second-level cache, and the product likes multiples of 48.
constexpr std::size_t kLanes = 192;
constexpr std::size_t kStride = kLanes + 16;  // a power of two would map all rows to a few sets of the first-level cache

template <typename Real>
AlignedVector<Real> scaled(const linear::RowMatrix& matrix, double factor) {
  AlignedVector<Real> out(static_cast<std::size_t>(matrix.size()));
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<Real>(matrix.data()[i] * factor);
  return out;
}

template <typename Real>
std::vector<Real*> rows_of(AlignedVector<Real>& values, std::size_t rows) {
  values.assign(std::max<std::size_t>(rows, 1) * kStride, Real(0));
  std::vector<Real*> out(rows);
  for (std::size_t i = 0; i < rows; ++i) out[i] = &values[i * kStride];
  return out;
}

double square(double value) { return value * value; }

}  // namespace

CrossbarStage::Impl::Impl(linear::LinearMap map, CrossbarParameters parameters, double input_full_scale,
                          std::uint64_t seed, const std::string& stream_name)
    : map_(std::move(map)),
      parameters_(std::move(parameters)),
      array_(map_, parameters_, seed, stream_name),
      energy_(map_, parameters_, array_, input_full_scale),
      noise_stream_(seed, support::stream_of((stream_name + "/read_noise").c_str())) {
  const Device& device = parameters_.device;
  noisy_ = device.read_noise != ReadNoise::none && device.read_noise_sigma > 0;
  proportional_ = noisy_ && device.read_noise == ReadNoise::proportional;
  if (noisy_) {
    cell_variance_ = square(device.read_noise_sigma * device.maximum_conductance_s * array_.weight_per_siemens());
  }
  if (parameters_.input) input_rounding_ = rounding_of(parameters_.input->quantiser);
  if (parameters_.output) output_rounding_ = rounding_of(parameters_.output->quantiser);
  rows_of(squares_, map_.inputs);
  has_codes_ = parameters_.precision == Precision::sixteen_bit;
  if (has_codes_) prepare_codes();
  if (parameters_.precision == Precision::single_precision) {
    prepare(single_);
  } else {
    prepare(double_);
  }
}

template <typename Real>
void CrossbarStage::Impl::prepare(Working<Real>& working) {
  if (!has_codes_) working.weights = scaled<Real>(array_.effective_weights(), 1.0);
  rows_of(working.values, map_.inputs);
  rows_of(working.zeros, 1);
  working.value_rows.resize(map_.terms);
  working.product_rows = rows_of(working.products, map_.outputs);
  if (!noisy_) return;
  working.square_rows.resize(map_.terms);
  rows_of(gaussians_, std::max(map_.outputs, array_.column_tiles()));
  rows_of(sigma_, map_.outputs);
  rows_of(common_, array_.column_tiles());
  if (proportional_) {
    const double factor = square(parameters_.device.read_noise_sigma * array_.weight_per_siemens());
    working.noise_weights = scaled<Real>(array_.squared_conductances(), factor);
    working.offset_weights = scaled<Real>(array_.squared_offsets(), factor);
  } else {
    working.noise_weights.assign(map_.terms, static_cast<Real>(1));
  }
  if (std::is_same_v<Real, float>) rows_of(working.squares, map_.inputs);
  working.variance_rows = rows_of(working.variances, std::max(map_.outputs, array_.column_tiles()));
}

void CrossbarStage::Impl::prepare_codes() {
  code_weights_ = CodeWeights(array_.effective_weights());
  has_bytes_ = has_code_product();
  if (!has_bytes_) return;
  zero_code_ = parameters_.input->quantiser.is_signed ? 128 : 0;
  bytes_.assign(map_.inputs * kStride, static_cast<std::uint8_t>(zero_code_));
  zero_bytes_.assign(kStride, static_cast<std::uint8_t>(zero_code_));
  panel_.resize(4 * code_weights_.quads() * kCodeLanes);
  byte_rows_.assign(4 * code_weights_.quads(), zero_bytes_.data());
}

void CrossbarStage::Impl::load_codes(const support::SignalBlock& x, std::size_t first, std::size_t lanes) {
  const ElementwiseKernels& kernels = elementwise();
  for (std::size_t f = 0; f < map_.inputs; ++f) {
    const double* in = x.row(f) + first;
    if (has_bytes_) {
      kernels.load_bytes(in, lanes, input_rounding_, zero_code_, &bytes_[f * kStride], &squares_[f * kStride]);
    } else {
      kernels.load_codes(in, lanes, input_rounding_, &double_.values[f * kStride], &squares_[f * kStride]);
    }
  }
}

void CrossbarStage::Impl::multiply_codes(std::size_t group, const std::int32_t* gather, std::size_t lanes) {
  const std::size_t first = group * map_.outputs;
  if (has_bytes_) {
    for (std::size_t k = 0; k < map_.terms; ++k) {
      byte_rows_[k] = gather[k] < 0 ? zero_bytes_.data() : &bytes_[static_cast<std::size_t>(gather[k]) * kStride];
    }
    code_product(code_weights_, first, map_.outputs, byte_rows_.data(), zero_code_, lanes, panel_.data(),
                 double_.product_rows.data());
  } else {
    linear::product(code_weights_.integers(first), map_.terms, nullptr, double_.value_rows.data(), map_.outputs,
                    map_.terms, lanes, double_.product_rows.data());
  }
}

template <typename Real>
void CrossbarStage::Impl::load(Working<Real>& working, const support::SignalBlock& x, std::size_t first,
                               std::size_t lanes) {
  const ElementwiseKernels& kernels = elementwise();
  for (std::size_t f = 0; f < map_.inputs; ++f) {
    const double* in = x.row(f) + first;
    double* squares = &squares_[f * kStride];
    Real* values = &working.values[f * kStride];
    if constexpr (std::is_same_v<Real, float>) {
      kernels.load_single(in, lanes, input_rounding_, values, squares);
      if (noisy_) kernels.narrow(squares, lanes, &working.squares[f * kStride]);
    } else {
      kernels.load(in, lanes, input_rounding_, values, squares);
    }
  }
}

template <typename Real>
void CrossbarStage::Impl::draw_noise(Working<Real>& working, std::size_t group, std::size_t position,
                                     std::uint64_t first_sample, std::size_t lanes) {
  const ElementwiseKernels& kernels = elementwise();
  const std::size_t terms = map_.terms, outputs = map_.outputs, column_tiles = array_.column_tiles();
  const auto root = [&](const Real* in, double scale, double* out) {
    if constexpr (std::is_same_v<Real, float>) {
      kernels.root_single(in, lanes, scale, out);
    } else {
      kernels.root(in, lanes, scale, out);
    }
  };
  const auto variances = [&](const Real* weights, std::size_t rows) {
    linear::product(weights, terms, nullptr, working.square_rows.data(), rows, terms, lanes, working.variance_rows.data());
  };
  const std::size_t read = group * map_.positions + position;
  if (!array_.has_pairs()) {  // first, because the working rows serve the outputs next
    const auto index = static_cast<std::uint32_t>(map_.total_outputs() + read * column_tiles);
    noise_stream_.gaussians_block(first_sample, lanes, kStride, index, column_tiles, gaussians_.data());
    variances(proportional_ ? &working.offset_weights[group * column_tiles * terms] : working.noise_weights.data(),
              proportional_ ? column_tiles : 1);
    for (std::size_t c = 0; c < column_tiles; ++c) {
      double* sigma = sigma_.data();
      root(working.variance_rows[proportional_ ? c : 0], proportional_ ? 1.0 : cell_variance_, sigma);
      std::fill_n(&common_[c * kStride], lanes, 0.0);
      kernels.add_scaled(sigma, &gaussians_[c * kStride], lanes, &common_[c * kStride]);
    }
  }
  noise_stream_.gaussians_block(first_sample, lanes, kStride, static_cast<std::uint32_t>(read * outputs), outputs,
                                gaussians_.data());
  if (proportional_) {
    variances(&working.noise_weights[group * outputs * terms], outputs);
    for (std::size_t o = 0; o < outputs; ++o) root(working.variance_rows[o], 1.0, &sigma_[o * kStride]);
  } else {
    if (array_.has_pairs()) variances(working.noise_weights.data(), 1);
    root(working.variance_rows[0], cell_variance_ * (array_.has_pairs() ? 2.0 : 1.0), sigma_.data());
  }
}

template <typename Real>
void CrossbarStage::Impl::read(Working<Real>& working, std::size_t group, std::size_t position, support::SignalBlock& y,
                               std::size_t first, std::size_t lanes) {
  const ElementwiseKernels& kernels = elementwise();
  const std::size_t terms = map_.terms, outputs = map_.outputs;
  const Real* squares = nullptr;
  if constexpr (std::is_same_v<Real, float>) {
    squares = working.squares.data();
  } else {
    squares = squares_.data();
  }
  const std::int32_t* gather = &map_.gather[(group * map_.positions + position) * terms];
  for (std::size_t k = 0; k < terms; ++k) {
    const bool is_padding = gather[k] < 0;
    const std::size_t offset = is_padding ? 0 : static_cast<std::size_t>(gather[k]) * kStride;
    working.value_rows[k] = is_padding ? working.zeros.data() : &working.values[offset];
    if (noisy_) working.square_rows[k] = is_padding ? working.zeros.data() : squares + offset;
  }
  if (has_codes_) {
    multiply_codes(group, gather, lanes);
  } else {
    linear::product(&working.weights[group * outputs * terms], terms, nullptr, working.value_rows.data(), outputs, terms,
                    lanes, working.product_rows.data());
  }
  if (noisy_) draw_noise(working, group, position, y.first_sample() + first, lanes);
  for (std::size_t o = 0; o < outputs; ++o) {
    const std::size_t q = group * outputs + o;
    const double scale = has_codes_ ? code_weights_.scale(q) * input_rounding_.step : 1.0;
    const double bias = map_.bias.empty() ? 0.0 : map_.bias[q];
    const double* sigma = noisy_ ? &sigma_[proportional_ ? o * kStride : 0] : nullptr;
    const double* gaussian = noisy_ ? &gaussians_[o * kStride] : nullptr;
    const double* common = noisy_ && !array_.has_pairs() ? &common_[array_.tile_of_output(o) * kStride] : nullptr;
    double* out = y.row(q * map_.positions + position) + first;
    if constexpr (std::is_same_v<Real, float>) {
      kernels.finish_single(working.product_rows[o], scale, bias, sigma, gaussian, common, lanes, output_rounding_, out);
    } else {
      kernels.finish(working.product_rows[o], scale, bias, sigma, gaussian, common, lanes, output_rounding_, out);
    }
  }
}

template <typename Real>
void CrossbarStage::Impl::run(Working<Real>& working, const support::SignalBlock& x, support::SignalBlock& y,
                              energy::EnergySink& sink) {
  const std::size_t lanes_at_once = has_bytes_ ? kCodeLanes : kLanes;
  for (std::size_t first = 0; first < x.samples(); first += lanes_at_once) {
    const std::size_t lanes = std::min(lanes_at_once, x.stride() - first);
    if (has_codes_) {
      load_codes(x, first, lanes);
    } else {
      load(working, x, first, lanes);
    }
    for (std::size_t g = 0; g < map_.groups; ++g) {
      for (std::size_t p = 0; p < map_.positions; ++p) read(working, g, p, y, first, lanes);
    }
    const std::size_t samples = std::min(lanes, x.samples() - first);
    energy_.post(squares_.data(), kStride, lanes, x.first_sample() + first, samples, sink);
  }
}

support::SignalBlock CrossbarStage::Impl::forward(const support::SignalBlock& x, energy::EnergySink& sink) {
  if (x.features() != map_.inputs) {
    throw std::logic_error(map_.name + " takes " + std::to_string(map_.inputs) + " inputs, got " +
                           std::to_string(x.features()));
  }
  support::SignalBlock y = x.sibling(map_.total_outputs());
  if (parameters_.precision == Precision::single_precision) {
    run(single_, x, y, sink);
  } else {
    run(double_, x, y, sink);
  }
  return y;
}

}  // namespace szilard::electronic
