// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/crossbar_stage.hpp"

#include <cmath>
#include <utility>

#include "models/electronic/cell_response.hpp"
#include "models/electronic/crossbar_impl.hpp"
#include "models/support/checks.hpp"

namespace szilard::electronic {

namespace {

void check_coding(const CrossbarParameters& p) {
  const InputEncoding encoding = p.inputs.encoding;
  const int bits = p.input ? p.input->quantiser.bits : 0;
  if (encoding != InputEncoding::amplitude) {
    support::require(bits >= 1, "input.quantiser.bits", bits, "1 or more for this encoding of inputs");
  }
  if (encoding == InputEncoding::bit_serial) {
    support::require(p.inputs.digit_bits >= 1 && p.inputs.digit_bits <= bits, "inputs.digit_bits", p.inputs.digit_bits,
                     "1 to the bits of the code");
  }
  if (p.inputs.signed_inputs == SignedInputs::twos_complement) {
    support::require(encoding == InputEncoding::bit_serial && p.inputs.digit_bits == 1, "inputs.digit_bits",
                     p.inputs.digit_bits, "1, bit_serial, for the two's complement");
  }
  const WeightCoding& weights = p.weights;
  support::require(weights.weight_bits == 0 || (weights.weight_bits >= 2 && weights.weight_bits <= 16),
                   "weights.weight_bits", weights.weight_bits, "0 or 2 to 16");
  if (weights.weight_bits > 0) {
    support::require(weights.bits_per_cell >= 1 && weights.bits_per_cell <= 8, "weights.bits_per_cell",
                     weights.bits_per_cell, "1 to 8");
    support::require(p.device.levels == 0 || p.device.levels >= 1 << weights.bits_per_cell, "device.levels",
                     p.device.levels, "0 or at least 2^bits_per_cell");
  }
  if (weights.placement == SlicePlacement::side_by_side && p.slices() > 1) {
    const bool has_pairs = p.signed_weights == SignedWeights::differential_pair;
    support::require(p.signed_weights != SignedWeights::offset_column, "weights.placement", 1,
                     "own_tiles with an offset column, whose level differs from slice to slice");
    support::require(p.columns >= (has_pairs ? 2 * p.slices() : p.slices() + 1), "columns",
                     static_cast<double>(p.columns), "enough for all slices of an output side by side");
  }
  const Accumulation& sums = p.accumulation;
  support::require(sums.sum_mismatch >= 0 && sums.sum_mismatch <= 0.5, "accumulation.sum_mismatch", sums.sum_mismatch,
                   "0 to 0.5");
  support::require(sums.bit_sums == PartialSums::digital || encoding == InputEncoding::bit_serial,
                   "accumulation.bit_sums", 0, "digital where inputs are not bit_serial");
  support::require(sums.bit_weighting == BitWeighting::sharing || p.sums_bits(), "accumulation.bit_weighting", 1,
                   "sharing where bits are not added ahead of the ADC");
  support::require(sums.bit_weighting == BitWeighting::sharing || sums.sum_mismatch == 0 || p.sums_slices(),
                   "accumulation.sum_mismatch", sums.sum_mismatch, "0 where bits are weighed by repetition");
  support::require(sums.range >= 0 && sums.range <= 1, "accumulation.range", sums.range, "0 to 1");
  support::require_not_negative(sums.addition_j, "accumulation.addition_j");
  support::require_not_negative(sums.addition_time_s, "accumulation.addition_time_s");
  if (!p.is_coded()) return;
  support::require(p.output.has_value(), "output", 0, "there: results of this encoding are numbers");
  support::require(p.precision != Precision::sixteen_bit, "precision", 16, "double or single for this encoding");
  const bool keeps_codes = encoding != InputEncoding::amplitude || p.inputs.signed_inputs != SignedInputs::bipolar ||
                           p.signed_weights == SignedWeights::dummy_column;
  support::require(!keeps_codes || !p.input || !p.input->imperfections.any(), "input.imperfections", 1,
                   "none: errors of DACs are known for bipolar amplitudes alone");
  support::require(p.signed_weights != SignedWeights::dummy_column || bits >= 1, "input.quantiser.bits", bits,
                   "1 or more with a dummy column");
}

void check_dynamics(const CrossbarParameters& p) {
  const LineDrive& drive = p.drive;
  support::require_not_negative(p.bit_capacitance_per_cell_f, "bit_capacitance_per_cell_f");
  support::require(p.settling_accuracy >= 0 && p.settling_accuracy < 1, "settling_accuracy", p.settling_accuracy,
                   "0 to below 1");
  support::require(p.settling_accuracy == 0 || p.wires.model != WireModel::none, "settling_accuracy",
                   p.settling_accuracy, "0 without wires");
  support::require_not_negative(p.integration_capacitance_f, "integration_capacitance_f");
  support::require(drive.recovery >= 0 && drive.recovery <= 1, "drive.recovery", drive.recovery, "0 to 1");
  if (drive.charging == Charging::staircase) {
    support::require(drive.steps >= 1 && drive.steps <= 1000, "drive.steps", drive.steps, "1 to 1000");
  }
  if (drive.charging == Charging::ramp) support::require_positive(drive.ramp_time_s, "drive.ramp_time_s");
  const bool is_at_once = drive.charging == Charging::step || drive.charging == Charging::none;
  support::require(is_at_once || p.inputs.encoding != InputEncoding::pulse_width, "drive.steps", drive.steps,
                   "those of charging by step where the width of pulses counts");
}

void check_cell(const CrossbarParameters& p) {
  if (p.cell.law == CellCurrent::Law::ohmic) return;
  CellResponse(p.cell, p.read_voltage_v, 1.0);
  support::require(p.wires.model != WireModel::fast, "wires.model", 1,
                   "none or exact: one step of a linear solver says nothing of these cells");
  support::require(!p.is_coded(), "inputs.encoding", 1,
                   "amplitude, bipolar and in one conversion for cells that are not ohmic");
  support::require(p.precision != Precision::sixteen_bit, "precision", 16,
                   "double or single for cells that are not ohmic");
  support::require(p.settling_accuracy == 0, "settling_accuracy", p.settling_accuracy,
                   "0 for cells that are not ohmic");
  support::require(p.device.access_ohm == 0, "device.access_ohm", p.device.access_ohm,
                   "0 for cells that are not ohmic: their law holds it");
  support::require(p.drive.charging == Charging::step || p.drive.charging == Charging::none, "drive.charging", 1,
                   "by step for cells that are not ohmic");
  const CurrentNoise& noise = p.device.current_noise;
  support::require(p.wires.model == WireModel::none || (!noise.has_thermal && !noise.has_shot), "device.current_noise",
                   1, "none for cells that are not ohmic, on wires");
}

}  // namespace

bool CrossbarParameters::sums_bits() const {
  return inputs.encoding == InputEncoding::bit_serial && accumulation.bit_sums == PartialSums::analog;
}

bool CrossbarParameters::sums_slices() const {
  return weights.weight_bits > 0 && accumulation.slice_sums == PartialSums::analog;
}

bool CrossbarParameters::has_full_pulses() const {
  return (inputs.encoding == InputEncoding::pulse_width ||
          (inputs.encoding == InputEncoding::bit_serial && inputs.digit_bits == 1)) &&
         wires.model == WireModel::none && drive.charging != Charging::staircase && drive.charging != Charging::ramp;
}

void RowSwitch::check() const {
  support::require_not_negative(voltage_share, "row_switch.voltage_share");
  if (voltage_share == 0) return;
  support::require_positive(time_constant_s, "row_switch.time_constant_s");
  support::require_positive(supply_v, "row_switch.supply_v");
  support::require(fan_out == 0 || fan_out > 1, "row_switch.fan_out", fan_out, "0 (no chain) or above 1");
  support::require_not_negative(drain_share, "row_switch.drain_share");
}

std::size_t CrossbarParameters::slices() const {
  if (weights.weight_bits == 0) return 1;
  const int bits = signed_weights == SignedWeights::differential_pair ? weights.weight_bits - 1 : weights.weight_bits;
  return static_cast<std::size_t>((bits + weights.bits_per_cell - 1) / weights.bits_per_cell);
}

bool CrossbarParameters::is_coded() const {
  return inputs.encoding != InputEncoding::amplitude || inputs.signed_inputs != SignedInputs::bipolar ||
         weights.weight_bits > 0 || signed_weights == SignedWeights::dummy_column ||
         accumulation.partial_sums == PartialSums::digital;
}

void CrossbarParameters::check() const {
  support::require(rows >= 1 && rows <= 4096, "rows", static_cast<double>(rows), "1 to 4096");
  support::require(columns >= 2 && columns <= 4096, "columns", static_cast<double>(columns), "2 to 4096");
  device.check();
  support::require_positive(read_voltage_v, "read_voltage_v");
  support::require_positive(read_time_s, "read_time_s");
  support::require_not_negative(settling_time_s, "settling_time_s");
  support::require_not_negative(row_capacitance_per_cell_f, "row_capacitance_per_cell_f");
  support::require_not_negative(select.capacitance_per_cell_f, "select.capacitance_per_cell_f");
  support::require_not_negative(select.capacitance_f, "select.capacitance_f");
  support::require_not_negative(select.swing_v, "select.swing_v");
  support::require_not_negative(select.supply_v, "select.supply_v");
  support::require_positive(temperature_k, "temperature_k");
  row_switch.check();
  support::require(read_supply_v == 0 || read_supply_v >= read_voltage_v, "read_supply_v", read_supply_v,
                   "0 or at least the read voltage");
  support::require(read_supply_v == 0 || has_full_pulses(), "read_supply_v", read_supply_v,
                   "0 where rows are not driven by the read voltage alone");
  support::require(
      programming.inferences == 0 || (std::isfinite(programming.inferences) && programming.inferences >= 1),
      "programming.inferences", programming.inferences, "0 or at least 1");
  if (programming.inferences > 0) {
    support::require_positive(programming.write_voltage_v, "programming.write_voltage_v");
    support::require_positive(programming.write_time_s, "programming.write_time_s");
  }
  if (wires.model != WireModel::none) {
    support::require_not_negative(wires.word_segment_ohm, "wires.word_segment_ohm");
    support::require_not_negative(wires.bit_segment_ohm, "wires.bit_segment_ohm");
    support::require_not_negative(wires.driver_ohm, "wires.driver_ohm");
    support::require_not_negative(wires.sense_ohm, "wires.sense_ohm");
  }
  if (input) {
    input->check();
    support::require(!input->quantiser.is_comparator(), "input.quantiser.bits", 1, "2 or more for signed inputs");
  }
  if (precision == Precision::sixteen_bit) {
    const int bits = input ? input->quantiser.bits : 0;
    support::require(!input || !input->imperfections.any(), "input.imperfections.any", 1,
                     "0 for a precision of sixteen bits");
    support::require(bits >= 1 && bits <= 8, "input.quantiser.bits", bits, "1 to 8 for a precision of sixteen bits");
  }
  if (output) output->check();
  const auto check_area = [](const std::optional<support::Parameter>& value, const char* name) {
    if (value) support::require_positive(*value, name);
  };
  check_area(area.cell_m2, "area.cell_m2");
  check_area(area.dac_m2, "area.dac_m2");
  check_area(area.adc_m2, "area.adc_m2");
  check_area(area.driver_m2, "area.driver_m2");
  check_area(area.decoder_m2, "area.decoder_m2");
  check_coding(*this);
  check_dynamics(*this);
  check_cell(*this);
}

CrossbarStage::CrossbarStage(linear::LinearMap map, CrossbarParameters parameters, double input_full_scale,
                             std::uint64_t seed, const std::string& stream_name) {
  parameters.check();
  support::require_positive(input_full_scale, "input_full_scale");
  map.check();
  impl_ = std::make_unique<Impl>(std::move(map), std::move(parameters), input_full_scale, seed, stream_name);
}

CrossbarStage::~CrossbarStage() = default;

const linear::LinearMap& CrossbarStage::map() const { return impl_->map(); }

std::int64_t CrossbarStage::duration_ps() const { return impl_->duration_ps(); }

void CrossbarStage::open_accounts(const std::string& component, energy::EnergySink& sink) {
  impl_->energy().open_accounts(component, sink);
  impl_->converters().open_accounts(component, sink);
}

support::SignalBlock CrossbarStage::forward(const support::SignalBlock& x, energy::EnergySink& sink) {
  return impl_->forward(x, sink);
}

std::vector<TileReport> CrossbarStage::tiles() const {
  std::vector<TileReport> tiles = impl_->energy().tiles();
  if (!impl_->parameters().output) return tiles;
  const std::vector<std::size_t>& adcs = impl_->converters().adcs_of_column_tiles();
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    const bool is_first_row = i / adcs.size() % impl_->array().row_tiles() == 0;
    const bool is_digital = impl_->parameters().accumulation.partial_sums == PartialSums::digital;
    // Slices that are added have the ADCs of the first.
    const std::size_t group = i / adcs.size() / impl_->array().row_tiles();
    const bool is_first_slice =
        !impl_->parameters().sums_slices() || impl_->has_slices_side_by_side() || group % slices() == 0;
    if ((is_first_row || is_digital) && is_first_slice) tiles[i].adcs = adcs[i % adcs.size()];
  }
  return tiles;
}

std::vector<support::AreaPart> CrossbarStage::areas(const std::string& component) const {
  const CrossbarParameters& p = impl_->parameters();
  std::vector<support::AreaPart> parts;
  for (const TileReport& tile : tiles())
    parts.push_back(
        {component + "/" + tile.name, static_cast<std::int64_t>(tile.rows * tile.columns), "cells", p.area.cell_m2});
  std::size_t lines = 0;
  for (const TileReport& tile : tiles()) lines += tile.rows;
  if (p.area.driver_m2)
    parts.push_back({component + "/driver", static_cast<std::int64_t>(lines), "word line drivers", p.area.driver_m2});
  if (p.area.decoder_m2)
    parts.push_back({component + "/decoder", static_cast<std::int64_t>(tiles().size()), "tiles", p.area.decoder_m2});
  if (p.input)
    parts.push_back(
        {component + "/dac", static_cast<std::int64_t>(map().groups * map().terms), "converters", p.area.dac_m2});
  if (p.output) {
    std::size_t adcs = 0;
    for (const TileReport& tile : tiles()) adcs += tile.adcs;
    parts.push_back({component + "/adc", static_cast<std::int64_t>(adcs), "converters", p.area.adc_m2});
  }
  return parts;
}

std::vector<ProgrammedTile> CrossbarStage::programmed_tiles() const { return impl_->programmed_tiles(); }

double CrossbarStage::weight_per_siemens() const { return impl_->array().weight_per_siemens(); }

const CrossbarParameters& CrossbarStage::parameters() const { return impl_->parameters(); }

double CrossbarStage::input_full_scale() const { return impl_->input_full_scale(); }

std::size_t CrossbarStage::cells() const { return impl_->array().cells(); }

std::size_t CrossbarStage::slices() const { return impl_->slices(); }

double CrossbarStage::settling_s() const { return impl_->settling_s(); }

void CrossbarStage::calibrate(const support::SignalBlock& x) { impl_->calibrate(x); }

std::pair<double, double> CrossbarStage::conductances(std::size_t output, std::size_t term, std::size_t slice) const {
  const linear::LinearMap& map = impl_->map();
  if (output >= map.groups * map.outputs || term >= map.terms || slice >= slices()) {
    throw std::out_of_range("no such weight in " + map.name);
  }
  const std::size_t q = impl_->row_of_slice(output, slice);
  return {impl_->array().positive(q, term), impl_->array().negative(q, term)};
}

}  // namespace szilard::electronic
