// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/capacitive/capacitive_stage.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "models/capacitive/bit_codes.hpp"
#include "models/capacitive/column_energy.hpp"
#include "models/electronic/converters/converter_accounts.hpp"
#include "models/linear/product.hpp"
#include "models/support/aligned_vector.hpp"
#include "models/support/checks.hpp"
#include "models/support/constants.hpp"
#include "models/support/philox.hpp"

namespace szilard::capacitive {

namespace {

constexpr std::size_t kMostLanes = 96;

double largest_weight(const linear::LinearMap& map) {
  double largest = map.largest_elsewhere;
  for (Eigen::Index i = 0; i < map.weights.size(); ++i) {
    const double w = map.weights.data()[i];
    if (!std::isfinite(w)) throw std::invalid_argument("weights of " + map.name + " must be finite");
    largest = std::max(largest, std::abs(w));
  }
  return largest > 0 ? largest : 1.0;
}

std::size_t divided_up(std::size_t a, std::size_t b) { return (a + b - 1) / b; }

/// Charge noise of a reset, in cells' charges.
double reset_noise_cells(const CapacitiveParameters& p) {
  const double column_f = static_cast<double>(p.rows) * (p.cell_capacitance_f + p.column_capacitance_per_cell_f);
  return std::sqrt(support::kBoltzmann_J_per_K * p.temperature_k * column_f) / (p.cell_capacitance_f * p.supply_v);
}

/// The ADC as it looks at a column: codes from 0 on, its full scale in cells' charges, the reset's noise with its own.
electronic::Converter adc_of(const CapacitiveParameters& p) {
  electronic::Converter adc = p.output;
  adc.quantiser.is_signed = false;
  adc.quantiser.full_scale = p.range * static_cast<double>(p.rows);
  const double own_lsb = adc.imperfections.noise_lsb, reset_lsb = reset_noise_cells(p) / adc.quantiser.step();
  adc.imperfections.noise_lsb.value = std::sqrt(own_lsb * own_lsb + reset_lsb * reset_lsb);
  return adc;
}

}  // namespace

void CapacitiveParameters::check() const {
  using support::require;
  require(rows >= 1 && rows <= 4096, "rows", static_cast<double>(rows), "1 to 4096");
  require(columns >= 1 && columns <= 4096, "columns", static_cast<double>(columns), "1 to 4096");
  const int least = product == CellProduct::equality ? 1 : 2;
  for (const auto& [bits, name] : {std::pair(input_bits, "input_bits"), std::pair(weight_bits, "weight_bits")})
    require(bits >= least && bits <= 8, name, bits, product == CellProduct::equality ? "1 to 8" : "2 to 8");
  require(static_cast<std::size_t>(weight_bits) <= columns, "weight_bits", weight_bits,
          "at most the columns of a tile");
  support::require_positive(supply_v, "supply_v");
  support::require_positive(cell_capacitance_f, "cell_capacitance_f");
  support::require_not_negative(node_capacitance_per_cell_f, "node_capacitance_per_cell_f");
  support::require_not_negative(column_capacitance_per_cell_f, "column_capacitance_per_cell_f");
  support::require_not_negative(clock_capacitance_per_cell_f, "clock_capacitance_per_cell_f");
  support::require_not_negative(row_capacitance_per_cell_f, "row_capacitance_per_cell_f");
  support::require_not_negative(row_capacitance_f, "row_capacitance_f");
  require(driver_fan_out == 0 || driver_fan_out > 1, "driver_fan_out", driver_fan_out, "0 (no drivers) or above 1");
  support::require_not_negative(capacitor_mismatch, "capacitor_mismatch");
  support::require_positive(cycle_time_s, "cycle_time_s");
  require(range > 0 && range <= 1, "range", range, "above 0, up to 1");
  support::require_positive(temperature_k, "temperature_k");
  support::require_not_negative(addition_j, "addition_j");
  require(output.quantiser.bits >= 1, "output.quantiser.bits", output.quantiser.bits, "1 or more");
}

struct CapacitiveStage::Impl {
  Impl(linear::LinearMap layer, CapacitiveParameters p, double input_full_scale, bool has_signed_inputs,
       std::uint64_t seed, const std::string& stream_name);

  void program(std::uint64_t seed, const std::string& stream_name);
  void convert_inputs(const support::SignalBlock& x, std::size_t first, std::size_t lanes);
  void run(support::SignalBlock& y, std::size_t first, std::size_t lanes, energy::EnergySink& sink);
  void evaluate(std::size_t g, std::size_t position, std::size_t part, int bit, std::size_t lanes);
  void add(support::SignalBlock& y, std::size_t g, std::size_t position, std::size_t part, int bit, std::size_t first,
           std::size_t lanes);
  std::size_t rows_of(std::size_t part) const { return std::min(parameters.rows, map.terms - part * parameters.rows); }
  std::int64_t cycles() const { return static_cast<std::int64_t>(map.positions) * parameters.input_bits; }
  std::size_t adcs() const { return map.groups * parts * adcs_of_part; }
  std::size_t adc_at(std::size_t g, std::size_t part, std::size_t column) const;

  linear::LinearMap map;
  CapacitiveParameters parameters;
  BitCodes inputs, weights;
  std::size_t parts, columns_of_output, outputs_of_tile, column_tiles, adcs_of_part = 0, turns = 1;
  std::vector<std::size_t> adcs_before;   // of a column tile
  support::AlignedVector<double> planes;  // (groups x outputs x bits) x terms: what a cell adds for an input bit
  support::AlignedVector<double> starts;  // groups x parts x outputs x bits: equality
  support::AlignedVector<double> drives, charges;  // input bits: (inputs + 1) x lanes; columns x lanes
  std::vector<std::uint32_t> patterns;             // inputs x lanes
  std::vector<const double*> picked;
  std::vector<double*> out;
  std::vector<ColumnEnergy::Cycle> sums;
  ColumnEnergy energy;
  electronic::ConverterBank bank;
  electronic::ConverterAccounts accounts;
  std::int64_t additions;
  energy::AccountId add_supplied = 0, add_dissipated = 0;
};

CapacitiveStage::Impl::Impl(linear::LinearMap layer, CapacitiveParameters p, double input_full_scale,
                            bool has_signed_inputs, std::uint64_t seed, const std::string& stream_name)
    : map((p.check(), layer.check(), std::move(layer))),
      parameters(std::move(p)),
      inputs(parameters.product, parameters.input_bits, has_signed_inputs, input_full_scale),
      weights(parameters.product, parameters.weight_bits, true, largest_weight(map)),
      parts(divided_up(map.terms, parameters.rows)),
      columns_of_output(static_cast<std::size_t>(parameters.weight_bits)),
      outputs_of_tile(parameters.columns / columns_of_output),
      column_tiles(divided_up(map.outputs, outputs_of_tile)),
      energy(parameters),
      bank([&] {
        const std::size_t shared = parameters.output.columns_per_converter;
        for (std::size_t c = 0; c < column_tiles; ++c) {
          const std::size_t columns = std::min(outputs_of_tile, map.outputs - c * outputs_of_tile) * columns_of_output;
          adcs_before.push_back(adcs_of_part);
          adcs_of_part += divided_up(columns, shared);
          turns = std::max(turns, std::min(shared, columns));
        }
        return electronic::ConverterBank(adc_of(parameters), electronic::ConverterBank::Direction::to_digital, adcs(),
                                         seed, stream_name + "/adc");
      }()),
      accounts(bank.converter(), "adc",
               {adcs(), map.groups * parts * column_tiles,
                cycles() * static_cast<std::int64_t>(map.groups * parts * map.outputs * columns_of_output),
                cycles() * static_cast<std::int64_t>(turns),
                static_cast<double>(cycles()) *
                    (parameters.cycle_time_s + static_cast<double>(turns) * bank.converter().time_s())}),
      additions(static_cast<std::int64_t>(
          map.total_outputs() * (parts * columns_of_output * static_cast<std::size_t>(parameters.input_bits) - 1))) {
  support::require_positive(input_full_scale, "input_full_scale");
  const bool has_padding = std::any_of(map.gather.begin(), map.gather.end(), [](std::int32_t f) { return f < 0; });
  if (has_padding && parameters.product == CellProduct::equality)
    throw std::invalid_argument("layer " + map.name + " has padding, and equality of bits has no 0");
  program(seed, stream_name);
  const std::size_t columns = map.outputs * columns_of_output;
  drives.resize((map.inputs + 1) * kMostLanes);
  charges.resize(columns * kMostLanes);
  patterns.resize(map.inputs * kMostLanes);
  picked.resize(map.terms);
  for (std::size_t q = 0; q < columns; ++q) out.push_back(&charges[q * kMostLanes]);
}

void CapacitiveStage::Impl::program(std::uint64_t seed, const std::string& stream_name) {
  const std::size_t columns = map.groups * map.outputs * columns_of_output;
  const bool is_equality = parameters.product == CellProduct::equality;
  const support::RandomStream stream(seed, support::stream_of((stream_name + "/capacitors").c_str()));
  planes.assign(columns * map.terms, 0.0);
  starts.assign(map.groups * parts * map.outputs * columns_of_output, 0.0);
  for (std::size_t q = 0; q < columns; ++q) {
    const std::size_t output = q / columns_of_output, g = output / map.outputs;
    for (std::size_t k = 0; k < map.terms; ++k) {
      const std::uint32_t pattern =
          weights.pattern(map.weights(static_cast<Eigen::Index>(output), static_cast<Eigen::Index>(k)));
      const bool is_set = (pattern >> (q % columns_of_output) & 1) != 0;
      double cell = 1;
      if (parameters.capacitor_mismatch > 0)
        cell = std::max(0.0, 1 + parameters.capacitor_mismatch * stream.gaussian(q, static_cast<std::uint32_t>(k)));
      // Input bits stand for 0 and 1, or for -1 and 1: k = sum (1 + s_x s_w) / 2.
      planes[q * map.terms + k] = is_equality ? (is_set ? 0.5 : -0.5) * cell : (is_set ? cell : 0.0);
      if (!is_equality) continue;
      const std::size_t column = q - g * map.outputs * columns_of_output;
      starts[(g * parts + k / parameters.rows) * map.outputs * columns_of_output + column] += 0.5 * cell;
    }
  }
}

std::size_t CapacitiveStage::Impl::adc_at(std::size_t g, std::size_t part, std::size_t column) const {
  const std::size_t in_tile = outputs_of_tile * columns_of_output;
  return (g * parts + part) * adcs_of_part + adcs_before[column / in_tile] +
         column % in_tile / parameters.output.columns_per_converter;
}

void CapacitiveStage::Impl::convert_inputs(const support::SignalBlock& x, std::size_t first, std::size_t lanes) {
  for (std::size_t f = 0; f < map.inputs; ++f)
    for (std::size_t s = 0; s < lanes; ++s) patterns[f * kMostLanes + s] = inputs.pattern(x.row(f)[first + s]);
}

void CapacitiveStage::Impl::evaluate(std::size_t g, std::size_t position, std::size_t part, int bit,
                                     std::size_t lanes) {
  const bool is_equality = parameters.product == CellProduct::equality;
  const std::size_t columns = map.outputs * columns_of_output, rows = rows_of(part), first = part * parameters.rows;
  const std::int32_t* gather = &map.gather[(g * map.positions + position) * map.terms + first];
  for (std::size_t k = 0; k < rows; ++k) {
    const std::size_t row = gather[k] < 0 ? map.inputs : static_cast<std::size_t>(gather[k]);
    double* drive = &drives[row * kMostLanes];
    picked[k] = drive;
    for (std::size_t s = 0; s < lanes; ++s) {
      const bool is_set = row < map.inputs && (patterns[row * kMostLanes + s] >> bit & 1) != 0;
      drive[s] = is_set ? 1.0 : (is_equality ? -1.0 : 0.0);
      sums[s].rows += static_cast<double>(column_tiles) * (is_equality || is_set ? 1.0 : 0.0);
    }
  }
  linear::product(&planes[g * columns * map.terms + first], map.terms, &starts[(g * parts + part) * columns],
                  picked.data(), columns, rows, lanes, out.data());
  for (std::size_t q = 0; q < columns; ++q)
    for (std::size_t s = 0; s < lanes; ++s) sums[s].sum += out[q][s], sums[s].sum_of_squares += out[q][s] * out[q][s];
}

void CapacitiveStage::Impl::add(support::SignalBlock& y, std::size_t g, std::size_t position, std::size_t part, int bit,
                                std::size_t first, std::size_t lanes) {
  const bool is_equality = parameters.product == CellProduct::equality;
  const double rows = is_equality ? static_cast<double>(rows_of(part)) : 0.0, gain = is_equality ? 2.0 : 1.0;
  const auto read = static_cast<std::uint32_t>(position * static_cast<std::size_t>(parameters.input_bits) +
                                               static_cast<std::size_t>(bit));
  const std::size_t shared = parameters.output.columns_per_converter, in_tile = outputs_of_tile * columns_of_output;
  for (std::size_t q = 0; q < map.outputs * columns_of_output; ++q) {
    const auto turn = static_cast<std::uint32_t>(q % in_tile % shared);
    bank.convert(adc_at(g, part, q), read * static_cast<std::uint32_t>(shared) + turn, out[q], out[q]);
    const double scale =
        inputs.step() * weights.step() * inputs.weight(bit) * weights.weight(static_cast<int>(q % columns_of_output));
    double* row = y.row((g * map.outputs + q / columns_of_output) * map.positions + position) + first;
    for (std::size_t s = 0; s < lanes; ++s) row[s] += scale * (gain * out[q][s] - rows);
  }
}

void CapacitiveStage::Impl::run(support::SignalBlock& y, std::size_t first, std::size_t lanes,
                                energy::EnergySink& sink) {
  sums.assign(lanes, {});
  bank.start(y.first_sample() + first, lanes);
  for (std::size_t g = 0; g < map.groups; ++g) {
    for (std::size_t p = 0; p < map.positions; ++p) {
      for (std::size_t part = 0; part < parts; ++part) {
        for (int bit = 0; bit < parameters.input_bits; ++bit) {
          evaluate(g, p, part, bit, lanes);
          add(y, g, p, part, bit, first, lanes);
        }
      }
    }
  }
  const std::size_t samples = std::min(lanes, y.samples() - first);
  const std::uint64_t sample = y.first_sample() + first;
  energy.post(sums,
              static_cast<double>(cycles()) * static_cast<double>(map.groups * parts * map.outputs * columns_of_output),
              sample, samples, sink);
  accounts.post(sample, samples, bank.energies_j(), sink);
  if (additions == 0) return;
  const energy::Quanta amount = energy::Quanta::from_joules(parameters.addition_j) * additions;
  for (std::size_t s = 0; s < samples; ++s) {
    sink.post(add_supplied, sample + s, amount, additions);
    sink.post(add_dissipated, sample + s, amount, additions);
  }
}

CapacitiveStage::CapacitiveStage(linear::LinearMap map, CapacitiveParameters parameters, double input_full_scale,
                                 bool has_signed_inputs, std::uint64_t seed, const std::string& stream_name)
    : impl_(std::make_unique<Impl>(std::move(map), std::move(parameters), input_full_scale, has_signed_inputs, seed,
                                   stream_name)) {}

CapacitiveStage::~CapacitiveStage() = default;

const linear::LinearMap& CapacitiveStage::map() const { return impl_->map; }
const CapacitiveParameters& CapacitiveStage::parameters() const { return impl_->parameters; }

std::int64_t CapacitiveStage::duration_ps() const {
  const double cycle_s =
      impl_->parameters.cycle_time_s + static_cast<double>(impl_->turns) * impl_->bank.converter().time_s();
  return std::llround(cycle_s * 1e12) * impl_->cycles();
}

void CapacitiveStage::open_accounts(const std::string& component, energy::EnergySink& sink) {
  impl_->energy.open_accounts(component, sink);
  impl_->accounts.open(component, sink);
  if (impl_->additions == 0) return;
  energy::AccountInfo info{component + "/shift_add",
                           "shift_add",
                           energy::Fate::supplied,
                           energy::Origin::table,
                           "E = additions x energy per addition",
                           "additions",
                           {{"energy per addition", impl_->parameters.addition_j, "J"}}};
  impl_->add_supplied = sink.open(info);
  info.fate = energy::Fate::dissipated;
  impl_->add_dissipated = sink.open(info);
}

support::SignalBlock CapacitiveStage::forward(const support::SignalBlock& x, energy::EnergySink& sink) {
  const linear::LinearMap& map = impl_->map;
  if (x.features() != map.inputs)
    throw std::logic_error("layer " + map.name + " takes " + std::to_string(map.inputs) + " inputs");
  support::SignalBlock y = x.sibling(map.total_outputs());
  for (std::size_t q = 0; q < map.groups * map.outputs; ++q)
    for (std::size_t p = 0; p < map.positions; ++p)
      std::fill_n(y.row(q * map.positions + p), y.stride(), map.bias.empty() ? 0.0 : map.bias[q]);
  for (std::size_t first = 0; first < x.stride(); first += kMostLanes) {
    const std::size_t lanes = std::min(kMostLanes, x.stride() - first);
    impl_->convert_inputs(x, first, lanes);
    impl_->run(y, first, lanes, sink);
  }
  return y;
}

std::vector<CapacitiveTile> CapacitiveStage::tiles() const {
  std::vector<CapacitiveTile> tiles;
  for (std::size_t g = 0; g < impl_->map.groups; ++g) {
    for (std::size_t part = 0; part < impl_->parts; ++part) {
      for (std::size_t c = 0; c < impl_->column_tiles; ++c) {
        const std::size_t outputs = std::min(impl_->outputs_of_tile, impl_->map.outputs - c * impl_->outputs_of_tile);
        const std::size_t columns = outputs * impl_->columns_of_output;
        tiles.push_back(
            {impl_->rows_of(part), columns, divided_up(columns, impl_->parameters.output.columns_per_converter)});
      }
    }
  }
  return tiles;
}

std::vector<support::AreaPart> CapacitiveStage::areas(const std::string& component) const {
  const CapacitiveParameters& p = impl_->parameters;
  const std::size_t cells = tiles().size() * p.rows * p.columns;
  return {{component + "/array", static_cast<std::int64_t>(cells), "cells", p.cell_m2},
          {component + "/adc", static_cast<std::int64_t>(impl_->adcs()), "converters", p.adc_m2}};
}

}  // namespace szilard::capacitive
