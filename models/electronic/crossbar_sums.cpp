// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Bits and slices that are added ahead of the ADCs: coding.hpp, Accumulation.
#include <algorithm>
#include <cmath>

#include "models/electronic/crossbar_impl.hpp"
#include "models/support/constants.hpp"

namespace szilard::electronic {
namespace {

/// The weight of pass p of n in a shared charge, over its nominal one, where the capacitors' ratio is (2^b - 1)(1 +
/// error).
double sharing_gain(int digit_bits, std::size_t digits, std::size_t pass, double error) {
  const double nominal = std::ldexp(1.0, digit_bits) - 1, ratio = nominal * (1 + error);
  const double kept = std::pow((1 + nominal) / (1 + ratio), static_cast<double>(digits - 1 - pass));
  return (1 + error) * (1 + nominal) / (1 + ratio) * kept;
}

}  // namespace

void CrossbarStage::Impl::prepare_sums() {
  const bool sums_bits = parameters_.sums_bits(), sums_slices = parameters_.sums_slices();
  const std::size_t outputs = map_.groups * map_.outputs, sets = parts_.size() * outputs, slices = slices_.slices;
  sums_.slices = converted_slices();
  sums_.values = WorkingRows<double>(parts_.size() * sums_.slices * map_.total_outputs());
  const support::RandomStream fixed(seed_, support::stream_of((stream_name_ + "/analog_sums").c_str()));
  const double sigma = parameters_.accumulation.sum_mismatch;
  const auto error = [&](std::size_t index) {
    return sigma == 0 ? 0.0 : sigma * fixed.gaussian(0, static_cast<std::uint32_t>(index));
  };
  // A ratio cannot be negative.
  const bool shares = sums_bits && parameters_.accumulation.bit_weighting == BitWeighting::sharing;
  for (std::size_t i = 0; shares && i < sets; ++i) sums_.bit_gains.push_back(std::max(error(i), -1.0));
  for (std::size_t i = 0; sums_slices && i < sets * slices; ++i)
    sums_.slice_gains.push_back(1 + std::max(error(sets + i), -1.0));
  if (!(parameters_.integration_capacitance_f > 0)) return;
  const double unit =
      array_.weight_per_siemens() * drive_.full_scale() / (parameters_.read_voltage_v * parameters_.read_time_s);
  const double charge_c2 =
      support::kBoltzmann_J_per_K * parameters_.temperature_k * parameters_.integration_capacitance_f;
  double counted = 1;
  if (sums_bits) {
    const double ratio = std::ldexp(1.0, drive_.digit_bits());
    counted = 0;
    for (std::size_t p = 0; p < drive_.digits(); ++p) {
      const double times =
          shares ? 1 + ratio + (p == 0 ? 1 / (ratio - 1) : 0.0) : 1 / std::pow(ratio, static_cast<double>(p));
      counted += std::pow(drive_.scale(p), 2) * times;
    }
  }
  const double top = sums_slices ? slices_.scales.back() : 1.0;
  sums_.sigmas.assign(sums_.slices, unit * top * std::sqrt(charge_c2 * counted));
  sums_.stream.emplace(seed_, support::stream_of((stream_name_ + "/charge_noise").c_str()));
  sums_.gaussians.resize(kWorkingStride);
}

double CrossbarStage::Impl::sum_weight(std::size_t pass, std::size_t slice, std::size_t part,
                                       std::size_t output) const {
  double weight = 1;
  const std::size_t set = part * map_.groups * map_.outputs + output;
  if (parameters_.sums_bits()) {
    const std::size_t digit = pass % drive_.digits();
    weight *= drive_.scale(digit);
    if (!sums_.bit_gains.empty())
      weight *= sharing_gain(drive_.digit_bits(), drive_.digits(), digit, sums_.bit_gains[set]);
  }
  if (parameters_.sums_slices()) weight *= slices_.scales[slice] * sums_.slice_gains[set * slices_.slices + slice];
  return weight;
}

double CrossbarStage::Impl::largest_sum(std::size_t part, std::size_t slice) const {
  const double product = static_cast<double>(parts_[part].rows) * drive_.full_scale();
  double bits = 1, slices = slices_.largest(slice);
  if (parameters_.sums_bits()) {
    bits = 0;
    for (std::size_t p = 0; p < drive_.digits(); ++p) bits += std::abs(drive_.scale(p));
  }
  if (parameters_.sums_slices()) {
    slices = 0;
    for (std::size_t s = 0; s < slices_.slices; ++s) slices += slices_.scales[s] * slices_.largest(s);
  }
  return product * slices * bits;
}

std::size_t CrossbarStage::Impl::sum_row(std::size_t part, std::size_t slice, std::size_t output,
                                         std::size_t position) const {
  return (part * sums_.slices + slice) * map_.total_outputs() + output * map_.positions + position;
}

void CrossbarStage::Impl::clear_sums() {
  for (std::size_t row = 0; row < sums_.values.size(); ++row) std::fill_n(sums_.values.row(row), kWorkingStride, 0.0);
}

void CrossbarStage::Impl::add_to_sums(std::size_t pass, std::uint64_t first_sample, std::size_t lanes, bool has_noise) {
  const ElementwiseKernels& kernels = elementwise();
  const linear::LinearMap& map = sliced_map();
  double* value = coded_.converted.data();
  for (std::size_t group = 0; group < map.groups; ++group) {
    for (std::size_t position = 0; position < map.positions; ++position) {
      const std::int32_t* gather = &map.gather[(group * map.positions + position) * map.terms];
      for (std::size_t part = 0; part < parts_.size(); ++part) {
        NoiseSource& noise = noises_[part];
        const bool is_noisy = has_noise && noise.is_on();
        if (is_noisy) noise.draw(pass, group, position, gather, squares_, first_sample, lanes);
        multiply_part(parts_[part], group, position, lanes);
        for (std::size_t o = 0; o < map.outputs; ++o) {
          const double* sigma = is_noisy ? noise.sigma(o) : nullptr;
          const double *gaussian = is_noisy ? noise.gaussian(o) : nullptr,
                       *common = is_noisy ? noise.common(o) : nullptr;
          if (parameters_.precision == Precision::single_precision) {
            kernels.finish_single(single_.products.row(o), 1.0, 0.0, sigma, gaussian, common, lanes, Rounding{}, value);
          } else {
            kernels.finish(double_.products.row(o), 1.0, 0.0, sigma, gaussian, common, lanes, Rounding{}, value);
          }
          const std::size_t slice = slices_.slice_of(group, o), output = slices_.output_of(group, o, map.outputs);
          const double weight = sum_weight(pass, slice, part, output);
          double* sum = sums_.values.row(sum_row(part, sums_.slices == 1 ? 0 : slice, output, position));
          for (std::size_t s = 0; s < lanes; ++s) sum[s] += weight * value[s];
        }
      }
    }
  }
}

void CrossbarStage::Impl::convert_sums(std::size_t pass, support::SignalBlock& y, std::size_t first,
                                       std::size_t lanes) {
  const ElementwiseKernels& kernels = elementwise();
  ConverterBank* adcs = converters_.adcs();
  double* converted = coded_.converted.data();
  const std::size_t outputs = map_.groups * map_.outputs, round = round_of(pass);
  const double side = parameters_.sums_bits() ? (round == 0 ? 1.0 : -1.0) : drive_.scale(pass);
  for (std::size_t part = 0; part < parts_.size(); ++part) {
    for (std::size_t slice = 0; slice < sums_.slices; ++slice) {
      const std::size_t at = part * sums_.slices + slice;
      const double scale = side * (parameters_.sums_slices() ? 1.0 : slices_.scales[slice]);
      for (std::size_t q = 0; q < outputs; ++q) {
        const std::size_t adc = parameters_.sums_slices() ? q : slices_.row_of(q, slice, map_.outputs);
        for (std::size_t position = 0; position < map_.positions; ++position) {
          const std::size_t row = sum_row(part, slice, q, position);
          const auto conversion = static_cast<std::uint32_t>(round * sums_.values.size() + row);
          double* sum = sums_.values.row(row);
          if (!sums_.sigmas.empty()) {
            sums_.stream->gaussians_block(y.first_sample() + first, lanes, kWorkingStride, conversion, 1,
                                          sums_.gaussians.data());
            for (std::size_t s = 0; s < lanes; ++s) sum[s] += sums_.sigmas[slice] * sums_.gaussians[s];
          }
          if (adcs) {
            const double unit = coded_.ranges[at];
            for (std::size_t s = 0; s < lanes; ++s) sum[s] /= unit;
            adcs->convert(converters_.adc_of(adc, part), conversion, sum, converted);
            for (std::size_t s = 0; s < lanes; ++s) converted[s] *= unit;
          } else {
            kernels.quantise(sum, lanes, coded_.roundings[at], converted);
          }
          double* out = y.row(q * map_.positions + position) + first;
          for (std::size_t s = 0; s < lanes; ++s) out[s] += scale * converted[s];
        }
      }
    }
  }
  clear_sums();
}

}  // namespace szilard::electronic
