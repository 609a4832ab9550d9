// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/coding.hpp"

#include <cmath>
#include <string>

#include "sim/scenario/build.hpp"

namespace szilard::scenario {

using support::DiagnosticCode;

namespace {

/// A crossbar's keys with what stands around it.
class CodingCheck {
 public:
  CodingCheck(const Reading& platform, const Reading& linear, Reader& reader)
      : platform_(platform), linear_(linear), reader_(reader) {
    has_input_ = has_converter("input");
    has_output_ = has_converter("output");
  }

  void check() {
    check_inputs();
    check_weights();
    check_placement();
    check_sums();
    check_analog_sums();
    check_charging();
    check_select();
    check_drivers();
    check_settling();
  }

 private:
  bool has_converter(const char* key) const {
    if (platform_.failed.count(key) > 0) return true;  // said already
    const Value* value = platform_.find(key);
    return value && !value->below.empty() && value->below.front().section->model != "none";
  }
  std::uint64_t dac_bits() const {
    const Value* value = platform_.find("input");
    if (!value || value->below.empty()) return 0;
    const Value* bits = value->below.front().find("bits");
    return bits ? bits->integer : 0;
  }
  std::string text_of(const char* key) const {
    const Value* value = linear_.find(key);
    return value ? value->text : std::string();
  }
  void refuse(const char* key, const std::string& message, const std::string& hint = {}) {
    reader_.error(DiagnosticCode::conflict, linear_.at(key).where, message, hint);
  }
  /// `key` has no meaning unless `needed` holds.
  void refuse_without(const char* key, bool needed, const std::string& what) {
    const Value* value = linear_.find(key);
    if (value && !needed) refuse(key, std::string("'") + key + "' has no meaning " + what);
  }
  void need(const char* key, const char* because) {
    if (linear_.find(key) || linear_.failed.count(key) > 0) return;
    reader_.error(DiagnosticCode::missing_key, linear_.at(because).where,
                  "'" + std::string(because) + "' " + text_of(because) + (text_of(because).empty() ? "" : " ") +
                      "needs '" + key + "'",
                  std::string("give ") + key);
  }
  void need_converters(const char* key, const std::string& input_reason, const std::string& output_reason) {
    if (!has_input_ && !input_reason.empty()) refuse(key, input_reason, "add input: {model: dac}");
    if (!has_output_ && !output_reason.empty()) refuse(key, output_reason, "add output: {model: adc}");
  }

  void check_inputs();
  void check_weights();
  void check_sums();
  void check_analog_sums();
  void check_placement();
  void check_drivers();
  void check_converters(bool is_coded);
  void check_charging();
  void check_select();
  void check_settling();

  const Reading& platform_;
  const Reading& linear_;
  Reader& reader_;
  bool has_input_ = false, has_output_ = false;
};

void CodingCheck::check_inputs() {
  const std::string encoding = text_of("encoding");
  const bool is_serial = encoding == "bit_serial";
  if (is_serial) {
    need_converters("encoding",
                    "bit_serial sends the codes of a DAC, and rows without one are driven by the signal itself",
                    "the results of bits are shifted and added as numbers, which needs ADCs");
    need("input_bits", "encoding");
    const Value* bits = linear_.find("input_bits");
    if (bits && has_input_ && dac_bits() > bits->integer) {
      refuse("input_bits", "the DAC has more bits than the code that it sends", "bits of the DAC go out in one pass");
    }
  } else if (encoding == "pulse_width") {
    need_converters("encoding",
                    "a pulse is as long as the code of a DAC, and rows without one are driven by the signal itself",
                    "the charge of a pulse_width read is no signal for the next word lines, only for an ADC");
  }
  refuse_without("input_bits", is_serial || encoding.empty(), "but with encoding bit_serial");
  const std::string sign = text_of("signed_inputs");
  if (sign == "two_phase")
    need_converters("signed_inputs", "", "the two phases are subtracted as numbers, which needs ADCs");
  if (sign == "twos_complement" && !encoding.empty()) {
    if (!is_serial) {
      refuse("signed_inputs", encoding + " has no bits of which the last could count negative");
    } else if (has_input_ && dac_bits() > 1) {
      refuse("signed_inputs", "a digit of several bits cannot hold the sign bit alone", "take a DAC of one bit");
    }
  }
}

void CodingCheck::check_weights() {
  const bool is_sliced = linear_.find("weight_bits") != nullptr;
  if (is_sliced) {
    need("bits_per_cell", "weight_bits");
    need_converters("weight_bits", "", "slices are shifted and added as numbers, which needs ADCs");
  }
  refuse_without("bits_per_cell", is_sliced || linear_.failed.count("weight_bits") > 0, "without weight_bits");
  const Value* levels = linear_.find("levels");
  const Value* bits = linear_.find("bits_per_cell");
  if (is_sliced && bits && levels && levels->integer > 1 && levels->integer < std::uint64_t{1} << bits->integer) {
    refuse("bits_per_cell", "a cell of " + std::to_string(levels->integer) + " levels holds no " +
                                std::to_string(bits->integer) + " bits");
  }
  if (text_of("signed_weights") == "dummy_column") {
    need_converters("signed_weights",
                    "a dummy column leaves the sum of the inputs' codes to be subtracted, which needs DACs",
                    "behind a dummy column numbers are subtracted, which needs ADCs");
  }
}

void CodingCheck::check_placement() {
  if (text_of("slice_placement") != "side_by_side") return;
  const Value* bits = linear_.find("weight_bits");
  if (!bits) {
    if (linear_.failed.count("weight_bits") == 0)
      refuse("slice_placement", "there are no slices to stand side by side", "add weight_bits and bits_per_cell");
    return;
  }
  const std::string sign = text_of("signed_weights");
  if (sign == "offset_column") {
    refuse("slice_placement",
           "slices side by side share the column that is subtracted, and an offset column has another level for each "
           "slice",
           "take a dummy_column or a differential_pair");
    return;
  }
  const Value *each = linear_.find("bits_per_cell"), *columns = linear_.find("columns");
  if (!each || !columns || sign.empty()) return;
  const bool has_pairs = sign == "differential_pair";
  const std::uint64_t slices = (bits->integer - (has_pairs ? 1 : 0) + each->integer - 1) / each->integer;
  const std::uint64_t needed = has_pairs ? 2 * slices : slices + 1;
  if (columns->integer < needed) {
    refuse("slice_placement", "the " + std::to_string(slices) + " slices of an output take " + std::to_string(needed) +
                                  " columns, and a tile has " + std::to_string(columns->integer));
  }
}

void CodingCheck::check_analog_sums() {
  const bool sums_bits = text_of("bit_sums") == "analog", sums_slices = text_of("slice_sums") == "analog";
  const std::string encoding = text_of("encoding");
  if (sums_bits && !encoding.empty() && encoding != "bit_serial") {
    refuse("bit_sums", encoding + " takes one pass: there are no bits to be added");
  }
  if (sums_slices && !linear_.find("weight_bits") && linear_.failed.count("weight_bits") == 0) {
    refuse("slice_sums", "a weight that is not cut has no slices to be added", "add weight_bits and bits_per_cell");
  }
  const bool repeats = text_of("bit_weighting") == "repetition";
  if (repeats && !sums_bits && !text_of("bit_sums").empty()) {
    refuse("bit_weighting", "bits that are not added ahead of the ADC are weighed as numbers", "add bit_sums: analog");
  }
  const Value* mismatch = linear_.find("sum_mismatch");
  if (repeats && !sums_slices && mismatch && mismatch->number > 0) {
    refuse("sum_mismatch", "passes that are counted have no ratio that could be off");
  }
  const bool is_known = !text_of("bit_sums").empty() && !text_of("slice_sums").empty();
  refuse_without("sum_mismatch", sums_bits || sums_slices || !is_known, "without analog sums of bits or slices");
}

void CodingCheck::check_sums() {
  const bool is_digital = text_of("partial_sums") == "digital", is_dummy = text_of("signed_weights") == "dummy_column";
  const bool is_serial = text_of("encoding") == "bit_serial", is_two_phase = text_of("signed_inputs") == "two_phase";
  const bool is_sliced = linear_.find("weight_bits") != nullptr;
  if (is_digital) need_converters("partial_sums", "", "partial sums are numbers only behind ADCs");
  const char* adds = is_digital                                       ? "partial_sums"
                     : is_sliced && text_of("slice_sums") != "analog" ? "weight_bits"
                     : is_serial && text_of("bit_sums") != "analog"   ? "encoding"
                     : is_dummy                                       ? "signed_weights"
                     : is_two_phase                                   ? "signed_inputs"
                                                                      : nullptr;
  if (adds) need("addition_energy", adds);
  const bool is_coded = adds || is_sliced || is_serial || text_of("encoding") == "pulse_width" ||
                        text_of("signed_inputs") == "twos_complement";
  const Value* range = linear_.find("conversion_range");
  if (!is_coded && range && !range->is_word) {
    refuse("conversion_range", "'conversion_range' has no meaning where an output takes one conversion",
           "its range is that of the layer's outputs in calibration");
  }
  check_converters(is_coded);
  if (is_coded && platform_.is("precision", "sixteen_bit")) {
    reader_.error(
        DiagnosticCode::conflict, platform_.at("precision").where,
        "precision sixteen_bit knows one product a layer, of amplitudes; this platform takes several or shares of it",
        "take precision: single");
  }
}

void CodingCheck::check_converters(bool is_coded) {
  const Value* output = platform_.find("output");
  const Value* range = output && !output->below.empty() ? output->below.front().find("range") : nullptr;
  if (is_coded && range && range->text != "maximum") {
    reader_.error(DiagnosticCode::conflict, range->where,
                  "'range' of the ADCs has no meaning where an output takes several conversions",
                  "each has a range of its own: conversion_range");
  }
  const Value* input = platform_.find("input");
  const bool has_dac_errors = input && !input->below.empty() && has_errors(input->below.front());
  const bool keeps_codes = text_of("encoding") != "amplitude" || text_of("signed_inputs") != "bipolar" ||
                           text_of("signed_weights") == "dummy_column";
  if (has_dac_errors && keeps_codes && is_coded) {
    reader_.error(DiagnosticCode::conflict, input->where, "errors of DACs are known for bipolar amplitudes alone",
                  "take encoding: amplitude without a dummy column, or DACs without errors");
  }
}

void CodingCheck::check_charging() {
  const std::string charging = text_of("charging");
  const bool is_staircase = charging == "staircase", is_ramp = charging == "ramp", is_known = !charging.empty();
  if (is_staircase) need("charging_steps", "charging");
  if (is_ramp) need("ramp_time", "charging");
  refuse_without("charging_steps", is_staircase || !is_known, "but with charging staircase");
  refuse_without("ramp_time", is_ramp || !is_known, "but with charging ramp");
  refuse_without("charge_recovery", is_staircase || is_ramp || !is_known,
                 "with charging step, which gives nothing back");
  if ((is_staircase || is_ramp) && text_of("encoding") == "pulse_width") {
    refuse("charging", "the width of a pulse is its value: it cannot rise by " + charging);
  }
  if (is_ramp && linear_.is("wires", "none")) {
    refuse("charging", "what a ramp loses is set by the line's resistance, and there are no wires", "add wires: exact");
  }
}

void CodingCheck::check_select() {
  const bool has_lines = linear_.find("select_capacitance_per_cell") || linear_.find("select_capacitance");
  for (const char* key : {"select_capacitance_per_cell", "select_capacitance"})
    if (linear_.find(key)) need("select_swing", key);
  for (const char* key : {"select_swing", "select_supply"})
    refuse_without(key, has_lines, "without 'select_capacitance_per_cell' or 'select_capacitance'");
}

void CodingCheck::check_drivers() {
  const Value *supply = linear_.find("read_supply"), *voltage = linear_.find("read_voltage"),
              *gates = linear_.find("row_switch");
  if (gates && !gates->below.empty()) {
    const Reading& section = gates->below.front();
    const Value* share = section.find("drain_share");
    if (share && !section.find("fan_out") && section.failed.count("fan_out") == 0)
      reader_.error(DiagnosticCode::conflict, share->where, "'drain_share' has no meaning without 'fan_out'");
  }
  if (!supply) return;
  if (voltage && supply->number < voltage->number)
    refuse("read_supply", "'read_supply' is below 'read_voltage': a linear regulator cannot raise it",
           "leave it out, or give the supply of the chip");
  const std::string encoding = text_of("encoding"), charging = text_of("charging");
  const bool is_serial = encoding == "bit_serial" && dac_bits() <= 1;
  const bool is_full = (encoding.empty() || encoding == "pulse_width" || is_serial) &&
                       (text_of("wires").empty() || text_of("wires") == "none") &&
                       (charging.empty() || charging == "step");
  if (!is_full)
    refuse("read_supply", "regulators have a law for pulses of the full read voltage alone",
           "take encoding: pulse_width, or bit_serial with a DAC of one bit, wires: none and charging: step");
}

void CodingCheck::check_settling() {
  const bool is_derived = text_of("settling") == "derived", is_known = !text_of("settling").empty();
  refuse_without("settling_accuracy", is_derived || !is_known, "but with settling derived");
  refuse_without("bit_line_capacitance_per_cell", is_derived || !is_known, "but with settling derived");
  if (!is_derived) return;
  if (linear_.is("wires", "none")) {
    refuse("settling", "lines settle by their resistance, and there are no wires", "add wires: exact");
  }
  if (!has_output_) need("settling_accuracy", "settling");
}

}  // namespace

void check_coding(const Reading& platform, const Reading& linear, Reader& reader) {
  CodingCheck(platform, linear, reader).check();
}

void build_coding(const Reading& linear, electronic::CrossbarParameters& crossbar) {
  using electronic::InputEncoding;
  electronic::InputCoding& inputs = crossbar.inputs;
  if (linear.is("signed_inputs", "two_phase")) inputs.signed_inputs = electronic::SignedInputs::two_phase;
  if (linear.is("signed_inputs", "twos_complement")) inputs.signed_inputs = electronic::SignedInputs::twos_complement;
  if (linear.is("encoding", "pulse_width")) inputs.encoding = InputEncoding::pulse_width;
  if (linear.is("encoding", "bit_serial")) {
    inputs.encoding = InputEncoding::bit_serial;
    // What the converter is in one pass; the code is the stage's affair.
    inputs.digit_bits = crossbar.input->quantiser.bits;
    crossbar.input->quantiser.bits = static_cast<int>(linear.at("input_bits").integer);
  }
  if (const Value* bits = linear.find("weight_bits")) {
    crossbar.weights = {static_cast<int>(bits->integer), static_cast<int>(linear.at("bits_per_cell").integer)};
    if (linear.is("slice_placement", "side_by_side"))
      crossbar.weights.placement = electronic::SlicePlacement::side_by_side;
  }
  electronic::Accumulation& sums = crossbar.accumulation;
  if (linear.is("partial_sums", "digital")) sums.partial_sums = electronic::PartialSums::digital;
  if (linear.is("bit_sums", "analog")) sums.bit_sums = electronic::PartialSums::analog;
  if (linear.is("bit_weighting", "repetition")) sums.bit_weighting = electronic::BitWeighting::repetition;
  if (linear.is("slice_sums", "analog")) sums.slice_sums = electronic::PartialSums::analog;
  if (const Value* mismatch = linear.find("sum_mismatch")) sums.sum_mismatch = mismatch->number;
  const Value* range = linear.find("conversion_range");
  sums.range = !range || range->is_word ? 0 : range->number;
  sums.addition_j = parameter_of(linear, "addition_energy");
  sums.addition_time_s = parameter_of(linear, "addition_time");
  electronic::LineDrive& drive = crossbar.drive;
  if (linear.is("charging", "staircase")) {
    drive.charging = electronic::Charging::staircase;
    drive.steps = static_cast<int>(linear.at("charging_steps").integer);
  } else if (linear.is("charging", "ramp")) {
    drive.charging = electronic::Charging::ramp;
    drive.ramp_time_s = linear.at("ramp_time").parameter();
  }
  drive.recovery = parameter_of(linear, "charge_recovery", {1.0, "ideal supply", "choice"});
  crossbar.integration_capacitance_f = parameter_of(linear, "integration_capacitance");
  crossbar.bit_capacitance_per_cell_f = parameter_of(linear, "bit_line_capacitance_per_cell");
  if (!linear.is("settling", "derived")) return;
  const Value* accuracy = linear.find("settling_accuracy");
  crossbar.settling_accuracy = accuracy ? accuracy->number : std::ldexp(1.0, -crossbar.output->quantiser.bits - 1);
}

}  // namespace szilard::scenario
