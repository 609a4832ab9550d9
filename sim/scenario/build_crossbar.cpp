// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/build.hpp"
#include "sim/scenario/cells.hpp"

namespace szilard::scenario {

namespace {

electronic::ReadNoise read_noise_of(const Reading& linear) {
  if (linear.is("read_noise", "independent")) return electronic::ReadNoise::independent;
  if (linear.is("read_noise", "proportional")) return electronic::ReadNoise::proportional;
  if (linear.is("read_noise", "flicker")) return electronic::ReadNoise::flicker;
  if (linear.is("read_noise", "table")) return electronic::ReadNoise::table;
  return electronic::ReadNoise::none;
}

electronic::WireOptions wires_of(const Reading& linear) {
  electronic::WireOptions wires;
  if (linear.is("wires", "none")) return wires;
  wires.model = linear.is("wires", "fast") ? electronic::WireModel::fast : electronic::WireModel::exact;
  wires.word_segment_ohm = linear.at("wire_resistance").parameter();
  wires.bit_segment_ohm = parameter_of(linear, "bit_line_resistance", wires.word_segment_ohm);
  wires.driver_ohm = linear.at("driver_resistance").parameter();
  wires.sense_ohm = linear.at("sense_resistance").parameter();
  wires.drive_both_ends = linear.is("drive", "both_ends");
  return wires;
}

electronic::LogLaw law_of(const Reading& linear, const char* key) {
  const std::vector<double>& numbers = linear.at(key).numbers;
  if (const Value* places = linear.find("drift_at")) return {0, 0, 0, 0, places->numbers, numbers};
  return {numbers.at(0), numbers.at(1), numbers.at(2), numbers.at(3)};
}

void build_history(const Reading& linear, electronic::Device& device) {
  if (device.read_noise == electronic::ReadNoise::flicker) {
    const Value& flicker = linear.at("flicker_noise");
    if (const Value* places = linear.find("flicker_at")) {
      device.flicker = {0, 0, 0, flicker.source, places->numbers, flicker.numbers};
    } else {
      device.flicker = {flicker.numbers.at(0), flicker.numbers.at(1), flicker.numbers.at(2), flicker.source};
    }
  }
  if (device.read_noise == electronic::ReadNoise::table) {
    device.read_noise_places = linear.at("read_noise_at").numbers;
    device.read_noise_table_s = linear.at("read_noise_table").numbers;
  }
  if (linear.is("relaxation", "measured")) {
    const Value* shift = linear.find("relaxation_shift");
    device.relaxation = {true, linear.at("relaxation_times").numbers, linear.at("relaxation_error").numbers,
                         shift ? shift->numbers : std::vector<double>(), linear.at("relaxation_error").source};
  }
  const bool both = linear.is("current_noise", "thermal_and_shot");
  device.current_noise.has_thermal = both || linear.is("current_noise", "thermal");
  device.current_noise.has_shot = both || linear.is("current_noise", "shot");
  device.current_noise.bandwidth_hz = parameter_of(linear, "noise_bandwidth");
  device.stuck_on = parameter_of(linear, "stuck_on");
  device.stuck_off = parameter_of(linear, "stuck_off");
  device.spread = parameter_of(linear, "device_spread");
  device.age_s = parameter_of(linear, "age");
  device.retention_time_s = parameter_of(linear, "retention_time");
  device.read_disturb = parameter_of(linear, "read_disturb");
  device.past_reads = static_cast<double>(linear.at("past_reads").integer);
  if (linear.is("drift", "none")) return;
  device.drift = {true,
                  law_of(linear, "drift_exponent"),
                  law_of(linear, "drift_exponent_spread"),
                  linear.at("drift_exponent").source,
                  linear.at("drift_reference_time").parameter(),
                  linear.is("drift_compensation", "global")};
}

}  // namespace

electronic::CrossbarParameters crossbar_of(const Reading& linear, double temperature_k) {
  electronic::CrossbarParameters crossbar;
  crossbar.rows = linear.at("rows").integer;
  crossbar.columns = linear.at("columns").integer;
  crossbar.signed_weights = linear.is("signed_weights", "offset_column") ? electronic::SignedWeights::offset_column
                            : linear.is("signed_weights", "dummy_column")
                                ? electronic::SignedWeights::dummy_column
                                : electronic::SignedWeights::differential_pair;
  crossbar.read_voltage_v = linear.at("read_voltage").parameter();
  crossbar.read_time_s = linear.at("read_time").parameter();
  crossbar.settling_time_s = parameter_of(linear, "settling_time");
  crossbar.row_capacitance_per_cell_f = linear.at("row_capacitance_per_cell").parameter();
  crossbar.wires = wires_of(linear);
  crossbar.select.capacitance_per_cell_f = parameter_of(linear, "select_capacitance_per_cell");
  crossbar.select.capacitance_f = parameter_of(linear, "select_capacitance");
  crossbar.select.swing_v = parameter_of(linear, "select_swing");
  crossbar.select.supply_v = parameter_of(linear, "select_supply", crossbar.select.swing_v);
  crossbar.read_supply_v = parameter_of(linear, "read_supply");
  if (const Value* value = linear.find("row_switch")) {
    const Reading& gates = value->below.front();
    electronic::RowSwitch& row_switch = crossbar.row_switch;
    row_switch.voltage_share = gates.at("voltage_share").parameter();
    row_switch.time_constant_s = gates.at("time_constant").parameter();
    row_switch.supply_v = gates.at("supply").parameter();
    row_switch.fan_out = parameter_of(gates, "fan_out");
    row_switch.drain_share = parameter_of(gates, "drain_share", row_switch.drain_share);
  }
  crossbar.area.cell_m2 = given_parameter(linear, "cell_area");
  crossbar.area.driver_m2 = given_parameter(linear, "driver_area");
  crossbar.area.decoder_m2 = given_parameter(linear, "decoder_area");
  crossbar.cell = cells_of(linear);
  crossbar.temperature_k = temperature_k;
  if (const Value* programming = linear.find("programming")) {
    crossbar.programming.inferences = static_cast<double>(programming->below.front().at("inferences").integer);
    crossbar.programming.write_voltage_v = linear.at("write_voltage").parameter();
    crossbar.programming.write_time_s = linear.at("write_time").parameter();
  }
  electronic::Device& device = crossbar.device;
  device.minimum_conductance_s = linear.at("minimum_conductance").parameter();
  device.maximum_conductance_s = linear.at("maximum_conductance").parameter();
  device.levels = static_cast<int>(linear.at("levels").integer);
  device.programming_error_s = linear.at("programming_error").numbers;
  if (const Value* places = linear.find("programming_error_at"); places && !device.programming_error_s.empty())
    device.programming_places = places->numbers;
  device.programming_error_source = linear.at("programming_error").source;
  device.verify_tolerance = parameter_of(linear, "verify_tolerance", {1.0, "no programming error", "choice"});
  if (const Value* tries = linear.find("verify_tries")) device.verify_tries = static_cast<int>(tries->integer);
  device.access_ohm = parameter_of(linear, "access_resistance");
  device.read_noise = read_noise_of(linear);
  device.read_noise_sigma = parameter_of(linear, "read_noise_sigma");
  build_history(linear, device);
  return crossbar;
}

}  // namespace szilard::scenario
