// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Stages whose outputs take several conversions: passes of the inputs, parts of the rows, slices of the weights.
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/electronic/crossbar_impl.hpp"
#include "models/linear/product.hpp"

namespace szilard::electronic {

std::int64_t CrossbarStage::Impl::additions_of_output() const {
  const auto conversions = static_cast<std::int64_t>(rounds() * parts_.size() * converted_slices());
  return conversions - 1 + (slices_.input_sum != 0 ? 1 : 0);
}

ReadCounts CrossbarStage::Impl::counts() const {
  const bool is_side_by_side = slices_.is_side_by_side, sums_slices = parameters_.sums_slices();
  ReadCounts counts{is_side_by_side ? 1 : slices_.slices, drive_.passes(), parts_.size(), 0, 0, rounds()};
  if (sums_slices) (is_side_by_side ? counts.summed_outputs : counts.summed_groups) = slices_.slices;
  if (!parameters_.is_coded()) return counts;
  if (parameters_.sums_bits() && parameters_.accumulation.bit_weighting == BitWeighting::repetition) {
    for (std::size_t p = 0; p < drive_.digits(); ++p)
      counts.repetition_s += (std::ldexp(1.0, static_cast<int>(p) * drive_.digit_bits()) - 1) * settling_s_ *
                             static_cast<double>(drive_.phases());
  }
  counts.additions_of_output = additions_of_output();
  counts.additions = counts.additions_of_output * static_cast<std::int64_t>(map_.total_outputs());
  if (slices_.input_sum == 0) return counts;
  for (std::size_t read = 0; read < map_.groups * map_.positions; ++read) {
    const std::int32_t* gather = &map_.gather[read * map_.terms];
    const auto inputs = std::count_if(gather, gather + map_.terms, [](std::int32_t f) { return f >= 0; });
    counts.additions += std::max<std::int64_t>(inputs - 1, 0);
  }
  return counts;
}

void CrossbarStage::Impl::prepare_coded() {
  const linear::RowMatrix weights = effective_weights();
  if (parameters_.precision == Precision::single_precision) {
    single_.weights.assign(weights.data(), weights.data() + weights.size());
    single_.values = WorkingRows<float>(map_.inputs);
    single_.products = WorkingRows<float>(sliced_map().outputs);
    single_.picked.resize(map_.terms);
  } else {
    double_.weights.assign(weights.data(), weights.data() + weights.size());
    double_.products = WorkingRows<double>(sliced_map().outputs);
  }
  coded_.picked.resize(map_.terms);
  coded_.values = WorkingRows<double>(map_.inputs);
  coded_.drives = WorkingRows<double>(map_.inputs);
  coded_.converted.resize(kWorkingLanes);
  if (drive_.is_pulse()) {
    coded_.heats = WorkingRows<double>(map_.inputs);
    coded_.pulses = WorkingRows<double>(map_.inputs);
  }
  if (slices_.input_sum != 0) {
    coded_.ones.assign(map_.terms, 1.0);
    coded_.input_sum = WorkingRows<double>(1);
  }
  if (has_analog_sums()) prepare_sums();
  coded_.ranges.assign(parts_.size() * converted_slices(), 0.0);
  coded_.roundings.resize(coded_.ranges.size());
  if (parameters_.accumulation.range == 0 && parameters_.output->quantiser.bits > 0) return;
  for (std::size_t part = 0; part < parts_.size(); ++part) {
    for (std::size_t s = 0; s < converted_slices(); ++s) {
      const double most = largest_sum(part, s);
      set_range(part, s, parameters_.accumulation.range > 0 ? parameters_.accumulation.range * most : most);
    }
  }
}

void CrossbarStage::Impl::set_range(std::size_t part, std::size_t slice, double range) {
  const std::size_t at = part * converted_slices() + slice;
  coded_.ranges[at] = range;
  Quantiser quantiser = parameters_.output->quantiser;
  quantiser.full_scale = range;
  coded_.roundings[at] = rounding_of(quantiser);
}

void CrossbarStage::Impl::take_in(const support::SignalBlock& x, std::size_t first, std::size_t lanes) {
  const ElementwiseKernels& kernels = elementwise();
  if (converters_.dacs()) converters_.dacs()->start(x.first_sample() + first, lanes);
  for (std::size_t f = 0; f < map_.inputs; ++f) {
    if (converters_.dacs()) {
      drive(x, f, first, coded_.values.row(f));
      continue;
    }
    const double* in = x.row(f) + first;
    if (drive_.takes_codes()) {
      kernels.load_codes(in, lanes, input_rounding_, coded_.values.row(f));
    } else {
      std::copy(in, in + lanes, coded_.values.row(f));
    }
  }
}

void CrossbarStage::Impl::drive_rows(std::size_t pass, std::size_t lanes) {
  const ElementwiseKernels& kernels = elementwise();
  const double full = drive_.full_scale();
  for (std::size_t f = 0; f < map_.inputs; ++f) {
    double* out = coded_.drives.row(f);
    drive_.drive(pass, coded_.values.row(f), lanes, out);
    kernels.square(out, lanes, 1.0, squares_.row(f));
    if (parameters_.precision == Precision::single_precision) kernels.narrow(out, lanes, single_.values.row(f));
    if (!drive_.is_pulse()) continue;
    double *heats = coded_.heats.row(f), *pulses = coded_.pulses.row(f);
    for (std::size_t s = 0; s < lanes; ++s) {
      heats[s] = std::abs(out[s]) * full;
      pulses[s] = out[s] == 0 ? 0.0 : full * full;
    }
  }
}

void CrossbarStage::Impl::multiply_part(const RowPart& part, std::size_t group, std::size_t position,
                                        std::size_t lanes) {
  const linear::LinearMap& map = sliced_map();
  const std::int32_t* gather = &map.gather[(group * map.positions + position) * map.terms + part.first];
  const std::size_t weights = group * map.outputs * map.terms + part.first;
  if (parameters_.precision == Precision::single_precision) {
    single_.values.gather(gather, part.rows, 0, single_.picked);
    linear::product(&single_.weights[weights], map.terms, nullptr, single_.picked.data(), map.outputs, part.rows, lanes,
                    single_.products.addresses());
  } else {
    coded_.drives.gather(gather, part.rows, 0, coded_.picked);
    linear::product(&double_.weights[weights], map.terms, nullptr, coded_.picked.data(), map.outputs, part.rows, lanes,
                    double_.products.addresses());
  }
}

void CrossbarStage::Impl::convert(std::size_t pass, support::SignalBlock& y, std::size_t first, std::size_t lanes) {
  const ElementwiseKernels& kernels = elementwise();
  const linear::LinearMap& map = sliced_map();
  ConverterBank* adcs = converters_.adcs();
  for (std::size_t group = 0; group < map.groups; ++group) {
    for (std::size_t position = 0; position < map.positions; ++position) {
      const std::int32_t* gather = &map.gather[(group * map.positions + position) * map.terms];
      for (std::size_t part = 0; part < parts_.size(); ++part) {
        NoiseSource& noise = noises_[part];
        if (noise.is_on()) noise.draw(pass, group, position, gather, squares_, y.first_sample() + first, lanes);
        multiply_part(parts_[part], group, position, lanes);
        const std::size_t read = (pass * parts_.size() + part) * map.groups + group;
        for (std::size_t o = 0; o < map.outputs; ++o) {
          const std::size_t slice = slices_.slice_of(group, o), at = part * slices_.slices + slice;
          const double scale = drive_.scale(pass) * slices_.scales[slice];
          const Rounding rounding = adcs ? Rounding{} : coded_.roundings[at];
          const double *sigma = noise.sigma(o), *gaussian = noise.gaussian(o), *common = noise.common(o);
          double* converted = coded_.converted.data();
          if (parameters_.precision == Precision::single_precision) {
            kernels.finish_single(single_.products.row(o), 1.0, 0.0, sigma, gaussian, common, lanes, rounding,
                                  converted);
          } else {
            kernels.finish(double_.products.row(o), 1.0, 0.0, sigma, gaussian, common, lanes, rounding, converted);
          }
          if (adcs) {
            const double unit = coded_.ranges[at];
            for (std::size_t s = 0; s < lanes; ++s) converted[s] /= unit;
            const auto conversion = static_cast<std::uint32_t>((read * map.positions + position) * map.outputs + o);
            adcs->convert(converters_.adc_of(group * map.outputs + o, part), conversion, converted, converted);
            for (std::size_t s = 0; s < lanes; ++s) converted[s] *= unit;
          }
          const std::size_t q = slices_.output_of(group, o, map.outputs);
          double* out = y.row(q * map.positions + position) + first;
          for (std::size_t s = 0; s < lanes; ++s) out[s] += scale * converted[s];
        }
      }
    }
  }
}

void CrossbarStage::Impl::subtract_input_sum(support::SignalBlock& y, std::size_t first, std::size_t lanes) {
  const double factor = slices_.input_sum * drive_.step();
  for (std::size_t g = 0; g < map_.groups; ++g) {
    for (std::size_t p = 0; p < map_.positions; ++p) {
      coded_.values.gather(&map_.gather[(g * map_.positions + p) * map_.terms], map_.terms, 0, coded_.picked);
      linear::product(coded_.ones.data(), map_.terms, nullptr, coded_.picked.data(), 1, map_.terms, lanes,
                      coded_.input_sum.addresses());
      const double* sum = coded_.input_sum.row(0);
      for (std::size_t o = 0; o < map_.outputs; ++o) {
        double* out = y.row((g * map_.outputs + o) * map_.positions + p) + first;
        for (std::size_t s = 0; s < lanes; ++s) out[s] -= factor * sum[s];
      }
    }
  }
}

support::SignalBlock CrossbarStage::Impl::forward_coded(const support::SignalBlock& x, energy::EnergySink& sink) {
  if (std::count(coded_.ranges.begin(), coded_.ranges.end(), 0.0) > 0) {
    throw std::logic_error("calibrate() must come before forward()");
  }
  support::SignalBlock y = x.sibling(map_.total_outputs());
  for (std::size_t i = 0; i < y.features(); ++i) {
    std::fill_n(y.row(i), y.stride(), map_.bias.empty() ? 0.0 : map_.bias[i / map_.positions]);
  }
  for (std::size_t first = 0; first < x.samples(); first += kWorkingLanes) {
    const std::size_t lanes = std::min(kWorkingLanes, x.stride() - first);
    const std::size_t samples = std::min(lanes, x.samples() - first);
    const std::uint64_t first_sample = x.first_sample() + first;
    take_in(x, first, lanes);
    if (converters_.adcs()) converters_.adcs()->start(first_sample, lanes);
    for (std::size_t pass = 0; pass < drive_.passes(); ++pass) {
      drive_rows(pass, lanes);
      const bool is_pulse = drive_.is_pulse();
      if (wired_) energy_.solve(coded_.drives, lanes);
      energy_.post_pass(is_pulse ? coded_.heats : squares_, is_pulse ? coded_.pulses : squares_, lanes, first_sample,
                        samples, sink);
      for (NoiseSource& noise : noises_) {
        if (noise.is_on()) noise.load(squares_, lanes);
      }
      if (!has_analog_sums()) {
        convert(pass, y, first, lanes);
        continue;
      }
      add_to_sums(pass, first_sample, lanes, true);
      if (ends_round(pass)) convert_sums(pass, y, first, lanes);
    }
    if (slices_.input_sum != 0) subtract_input_sum(y, first, lanes);
    energy_.post_programming(first_sample, samples, sink);
    converters_.post(first_sample, samples, sink);
  }
  return y;
}

void CrossbarStage::Impl::calibrate(const support::SignalBlock& x) {
  check_width(x);
  if (!parameters_.is_coded() || parameters_.accumulation.range > 0 || parameters_.output->quantiser.bits == 0) return;
  const linear::LinearMap& map = sliced_map();
  std::vector<double> most = coded_.ranges;
  for (std::size_t first = 0; first < x.samples(); first += kWorkingLanes) {
    const std::size_t lanes = std::min(kWorkingLanes, x.stride() - first);
    const std::size_t samples = std::min(lanes, x.samples() - first);
    take_in(x, first, lanes);
    for (std::size_t pass = 0; pass < drive_.passes(); ++pass) {
      drive_rows(pass, lanes);
      if (has_analog_sums()) {
        add_to_sums(pass, x.first_sample() + first, lanes, false);
        if (!ends_round(pass)) continue;
        for (std::size_t row = 0; row < sums_.values.size(); ++row) {
          const double* sum = sums_.values.row(row);
          double& range = most[row / map_.total_outputs()];
          for (std::size_t s = 0; s < samples; ++s) range = std::max(range, std::abs(sum[s]));
        }
        clear_sums();
        continue;
      }
      for (std::size_t read = 0; read < map.groups * map.positions; ++read) {
        const std::size_t group = read / map.positions;
        for (std::size_t part = 0; part < parts_.size(); ++part) {
          multiply_part(parts_[part], group, read % map.positions, lanes);
          for (std::size_t o = 0; o < map.outputs; ++o) {
            double& range = most[part * slices_.slices + slices_.slice_of(group, o)];
            const bool is_single = parameters_.precision == Precision::single_precision;
            for (std::size_t s = 0; s < samples; ++s) {
              range = std::max<double>(range,
                                       std::abs(is_single ? single_.products.row(o)[s] : double_.products.row(o)[s]));
            }
          }
        }
      }
    }
  }
  for (std::size_t at = 0; at < most.size(); ++at) {
    // A part that no input ever reaches still has a converter with some range.
    set_range(at / converted_slices(), at % converted_slices(), most[at] > 0 ? most[at] : drive_.full_scale());
  }
}

}  // namespace szilard::electronic
