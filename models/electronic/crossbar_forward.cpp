// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "models/electronic/crossbar_impl.hpp"
#include "models/electronic/line_settling.hpp"
#include "models/linear/product.hpp"

namespace szilard::electronic {

namespace {

std::optional<WiredArray> wired_array(const linear::LinearMap& map, const CrossbarParameters& parameters,
                                      const ProgrammedArray& array) {
  if (parameters.wires.model == WireModel::none || parameters.cell.law != CellCurrent::Law::ohmic) return std::nullopt;
  return WiredArray(array, parameters, map.groups, map.outputs, map.terms);
}

/// Cells that are not ohmic are computed in double. Converters of several currents of an output have a range for each:
/// theirs in Coded, 1 in the bank.
CrossbarParameters as_computed(CrossbarParameters parameters) {
  if (parameters.cell.law != CellCurrent::Law::ohmic) parameters.precision = Precision::double_precision;
  if (!parameters.is_coded()) return parameters;
  const bool is_dummy = parameters.signed_weights == SignedWeights::dummy_column;
  parameters.output->quantiser.full_scale = 1;
  const RowDrive drive(parameters, 1.0);
  const bool has_negative_bit = parameters.sums_bits() && drive.scale(drive.digits() - 1) < 0;
  parameters.output->quantiser.is_signed = !(is_dummy && drive.has_one_polarity() && !has_negative_bit);
  return parameters;
}

double settling_time_s(const linear::LinearMap& map, const CrossbarParameters& parameters,
                       const ProgrammedArray& array) {
  if (parameters.settling_accuracy == 0) return parameters.settling_time_s;
  double slowest_s = 0;
  TileLines tile;
  tile.rows = parameters.rows;
  tile.columns = parameters.columns;
  tile.word_node_f = parameters.row_capacitance_per_cell_f;
  tile.bit_node_f = parameters.bit_capacitance_per_cell_f;
  for (std::size_t g = 0; g < map.groups; ++g) {
    for (std::size_t r = 0; r < array.row_tiles(); ++r) {
      for (std::size_t c = 0; c < array.column_tiles(); ++c) {
        tile.conductances_s = array.tile_conductances(g, r, c, tile.columns);
        slowest_s = std::max(slowest_s, slowest_time_constant_s(tile, parameters.wires));
      }
    }
  }
  return slowest_s * std::log(1 / parameters.settling_accuracy);
}

std::vector<RowPart> row_parts(const linear::LinearMap& map, const CrossbarParameters& parameters,
                               const ProgrammedArray& array) {
  if (parameters.accumulation.partial_sums == PartialSums::analog) return {{0, map.terms, 0, array.row_tiles()}};
  std::vector<RowPart> parts;
  for (std::size_t r = 0; r < array.row_tiles(); ++r) parts.push_back({r * parameters.rows, array.rows_used(r), r, 1});
  return parts;
}

}  // namespace

CrossbarStage::Impl::Impl(linear::LinearMap map, CrossbarParameters parameters, double input_full_scale,
                          std::uint64_t seed, const std::string& stream_name)
    : layer_(std::move(map)),
      parameters_(as_computed(std::move(parameters))),
      input_full_scale_(input_full_scale),
      seed_(seed),
      stream_name_(stream_name),
      driven_(layer_, parameters_),
      drive_(parameters_, input_full_scale),
      slices_(slice_weights(map_, parameters_)),
      array_(sliced_map(), slices_, parameters_, seed, stream_name),
      wired_(wired_array(sliced_map(), parameters_, array_)),
      parts_(row_parts(map_, parameters_, array_)),
      settling_s_(settling_time_s(sliced_map(), parameters_, array_)),
      charging_(line_charging(parameters_, settling_s_)),
      energy_(sliced_map(), parameters_, array_, wired_ ? &*wired_ : nullptr, drive_.full_scale(), charging_),
      converters_(sliced_map(), parameters_, array_, counts(), charging_.delay_s + settling_s_, seed, stream_name),
      squares_(map_.inputs) {
  CrossbarParameters of_noise = parameters_;
  if (parameters_.cell.law != CellCurrent::Law::ohmic) {
    prepare_nonlinear(seed, stream_name);
    if (nonlinear_->wired) of_noise.device.read_noise = ReadNoise::none;  // drawn and solved with there
  }
  if (has_analog_sums()) of_noise.integration_capacitance_f = {0, "sampled by the sums", "choice"};
  for (const RowPart& part : parts_) {
    noises_.emplace_back(sliced_map(), of_noise, array_, wired(), drive_.full_scale(), part, drive_.passes(), seed,
                         stream_name);
  }
  if (parameters_.input) input_rounding_ = rounding_of(parameters_.input->quantiser);
  if (parameters_.is_coded()) {
    prepare_coded();
    return;
  }
  if (wired_ || nonlinear_) inputs_ = WorkingRows<double>(map_.inputs);
  if (parameters_.output) output_rounding_ = rounding_of(parameters_.output->quantiser);
  switch (parameters_.precision) {
    case Precision::double_precision:
      prepare(double_);
      break;
    case Precision::single_precision:
      prepare(single_);
      break;
    case Precision::sixteen_bit:
      prepare_codes();
      break;
  }
}

std::vector<ProgrammedTile> CrossbarStage::Impl::programmed_tiles() const {
  std::vector<ProgrammedTile> tiles;
  ProgrammedArray(sliced_map(), slices_, parameters_, seed_, stream_name_, &tiles);
  return tiles;
}

template <typename Real>
void CrossbarStage::Impl::prepare(Medium<Real>& medium) {
  const linear::RowMatrix weights = effective_weights();
  medium.weights.assign(weights.data(), weights.data() + weights.size());
  medium.values = WorkingRows<Real>(map_.inputs, kLoadStride);
  medium.products = WorkingRows<Real>(map_.outputs);
  medium.picked.resize(map_.terms);
}

void CrossbarStage::Impl::prepare_codes() {
  codes_.weights = CodeWeights(effective_weights());
  codes_.has_bytes = has_code_product();
  double_.products = WorkingRows<double>(map_.outputs);
  if (!codes_.has_bytes) {
    double_.values = WorkingRows<double>(map_.inputs, kLoadStride);
    double_.picked.resize(map_.terms);
    return;
  }
  codes_.zero_code = parameters_.input->quantiser.is_signed ? 128 : 0;
  codes_.bytes = WorkingRows<std::uint8_t>(map_.inputs, kLoadStride);
  std::fill_n(codes_.bytes.row(map_.inputs), kLoadStride, static_cast<std::uint8_t>(codes_.zero_code));
  codes_.panel.resize(4 * codes_.weights.quads() * kCodeLanes);
  codes_.picked.resize(4 * codes_.weights.quads(), codes_.bytes.zero());
}

void CrossbarStage::Impl::load(const support::SignalBlock& x, std::size_t first, std::size_t lanes) {
  const ElementwiseKernels& kernels = elementwise();
  const bool has_errors = converters_.dacs() != nullptr;
  const Rounding rounding = has_errors ? Rounding{} : input_rounding_;
  support::AlignedVector<double> driven(has_errors ? lanes : 0);
  if (has_errors) converters_.dacs()->start(x.first_sample() + first, lanes);
  for (std::size_t f = 0; f < map_.inputs; ++f) {
    if (has_errors) drive(x, f, first, driven.data());
    const double* in = has_errors ? driven.data() : x.row(f) + first;
    if (parameters_.precision == Precision::single_precision) {
      kernels.load_single(in, lanes, rounding, single_.values.row(f));
    } else if (parameters_.precision == Precision::double_precision) {
      kernels.quantise(in, lanes, rounding, double_.values.row(f));
    } else if (codes_.has_bytes) {
      kernels.load_bytes(in, lanes, input_rounding_, codes_.zero_code, codes_.bytes.row(f));
    } else {
      kernels.load_codes(in, lanes, input_rounding_, double_.values.row(f));
    }
  }
}

void CrossbarStage::Impl::drive(const support::SignalBlock& x, std::size_t f, std::size_t first, double* out) {
  const std::size_t source = driven_.source.empty() ? f : driven_.source[f];
  converters_.dacs()->convert(driven_.dac[f], static_cast<std::uint32_t>(f), x.row(source) + first, out);
}

void CrossbarStage::Impl::square(std::size_t lane, std::size_t lanes) {
  const ElementwiseKernels& kernels = elementwise();
  for (std::size_t f = 0; f < map_.inputs; ++f) {
    double* out = squares_.row(f);
    if (parameters_.precision == Precision::single_precision) {
      kernels.square_single(single_.values.row(f) + lane, lanes, out);
    } else if (codes_.has_bytes) {
      kernels.square_bytes(codes_.bytes.row(f) + lane, lanes, codes_.zero_code, input_rounding_.step, out);
    } else {
      const bool has_codes = parameters_.precision == Precision::sixteen_bit;
      kernels.square(double_.values.row(f) + lane, lanes, has_codes ? input_rounding_.step : 1.0, out);
    }
  }
}

void CrossbarStage::Impl::multiply(std::size_t group, const std::int32_t* gather, std::size_t lane, std::size_t lanes) {
  if (parameters_.precision == Precision::sixteen_bit) return multiply_codes(group, gather, lane, lanes);
  const auto run = [&](auto& medium) {
    medium.values.gather(gather, map_.terms, lane, medium.picked);
    linear::product(&medium.weights[group * map_.outputs * map_.terms], map_.terms, nullptr, medium.picked.data(),
                    map_.outputs, map_.terms, lanes, medium.products.addresses());
  };
  if (parameters_.precision == Precision::single_precision) {
    run(single_);
  } else {
    run(double_);
  }
}

void CrossbarStage::Impl::multiply_codes(std::size_t group, const std::int32_t* gather, std::size_t lane,
                                         std::size_t lanes) {
  const std::size_t first = group * map_.outputs;
  if (codes_.has_bytes) {
    codes_.bytes.gather(gather, map_.terms, lane, codes_.picked);
    code_product(codes_.weights, first, map_.outputs, codes_.picked.data(), codes_.zero_code, lanes,
                 codes_.panel.data(), double_.products.addresses());
  } else {
    double_.values.gather(gather, map_.terms, lane, double_.picked);
    linear::product(codes_.weights.integers(first), map_.terms, nullptr, double_.picked.data(), map_.outputs,
                    map_.terms, lanes, double_.products.addresses());
  }
}

void CrossbarStage::Impl::read(std::size_t group, std::size_t position, support::SignalBlock& y, std::size_t first,
                               std::size_t lane, std::size_t lanes) {
  const ElementwiseKernels& kernels = elementwise();
  const std::int32_t* gather = &map_.gather[(group * map_.positions + position) * map_.terms];
  NoiseSource& noise = noises_.front();
  if (noise.is_on()) noise.draw(0, group, position, gather, squares_, y.first_sample() + first + lane, lanes);
  if (nonlinear_ && nonlinear_->wired) {
    for (std::size_t o = 0; o < map_.outputs; ++o) {
      std::copy_n(nonlinear_->wired->outputs(group, position, o), lanes, double_.products.row(o));
    }
  } else {
    multiply(group, gather, lane, lanes);
  }
  ConverterBank* adcs = converters_.adcs();
  const Rounding rounding = adcs ? Rounding{} : output_rounding_;
  for (std::size_t o = 0; o < map_.outputs; ++o) {
    const std::size_t q = group * map_.outputs + o;
    const double bias = map_.bias.empty() ? 0.0 : map_.bias[q];
    const double *sigma = noise.sigma(o), *gaussian = noise.gaussian(o), *common = noise.common(o);
    double* out = y.row(q * map_.positions + position) + first + lane;
    if (parameters_.precision == Precision::single_precision) {
      kernels.finish_single(single_.products.row(o), 1.0, bias, sigma, gaussian, common, lanes, rounding, out);
    } else {
      const bool has_codes = parameters_.precision == Precision::sixteen_bit;
      const double scale = has_codes ? codes_.weights.scale(q) * input_rounding_.step : 1.0;
      kernels.finish(double_.products.row(o), scale, bias, sigma, gaussian, common, lanes, rounding, out);
    }
    if (!adcs) continue;
    const std::size_t conversion = (group * map_.positions + position) * map_.outputs + o;
    adcs->convert(converters_.adc_of(q), static_cast<std::uint32_t>(conversion), out, out);
  }
}

void CrossbarStage::Impl::take_drives(const support::SignalBlock& x, std::size_t first, std::size_t lanes) {
  if (converters_.dacs()) converters_.dacs()->start(x.first_sample() + first, lanes);
  for (std::size_t f = 0; f < map_.inputs; ++f) {
    if (converters_.dacs()) {
      drive(x, f, first, inputs_.row(f));
    } else {
      elementwise().quantise(x.row(f) + first, lanes, input_rounding_, inputs_.row(f));
    }
  }
}

void CrossbarStage::Impl::check_width(const support::SignalBlock& x) const {
  if (x.features() == layer_.inputs) return;
  throw std::logic_error(map_.name + " takes " + std::to_string(layer_.inputs) + " inputs, got " +
                         std::to_string(x.features()));
}

support::SignalBlock CrossbarStage::Impl::forward(const support::SignalBlock& x, energy::EnergySink& sink) {
  check_width(x);
  if (parameters_.is_coded()) return forward_coded(x, sink);
  support::SignalBlock y = x.sibling(map_.total_outputs());
  const std::size_t lanes_at_once = codes_.has_bytes ? kCodeLanes : kWorkingLanes;
  for (std::size_t first = 0; first < x.samples(); first += kLoadLanes) {
    const std::size_t width = std::min(kLoadLanes, x.stride() - first);
    load(x, first, width);
    if (nonlinear_) bend(width);
    for (std::size_t lane = 0; lane < width; lane += lanes_at_once) {
      const std::size_t lanes = std::min(lanes_at_once, width - lane);
      square(lane, lanes);
      const std::size_t samples = std::min(lanes, x.samples() - first - lane);
      const std::uint64_t first_sample = x.first_sample() + first + lane;
      if (wired_ || nonlinear_) take_drives(x, first + lane, lanes);
      if (wired_) energy_.solve(inputs_, lanes);
      if (nonlinear_) {
        post_nonlinear(lanes, first_sample, samples, sink);
      } else {
        energy_.post_pass(squares_, squares_, lanes, first_sample, samples, sink);
      }
      energy_.post_programming(first_sample, samples, sink);
      if (noises_.front().is_on()) noises_.front().load(squares_, lanes);
      if (converters_.adcs()) converters_.adcs()->start(first_sample, lanes);
      for (std::size_t g = 0; g < map_.groups; ++g) {
        for (std::size_t p = 0; p < map_.positions; ++p) read(g, p, y, first, lane, lanes);
      }
      converters_.post(first_sample, samples, sink);
    }
  }
  return y;
}

}  // namespace szilard::electronic
