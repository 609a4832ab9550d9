// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "models/support/units.hpp"
#include "sim/scenario/build.hpp"

namespace szilard::scenario {

using support::DiagnosticCode;

namespace {

void check_scatterer(const Reading& linear, Reader& reader) {
  const Value *modes = linear.find("modes"), *scatterer = linear.find("scatterer_modes");
  if (!linear.is("embedding", "random") || !modes || !scatterer || scatterer->integer >= modes->integer) return;
  reader.error(DiagnosticCode::conflict, scatterer->where,
               "a scatterer of " + std::to_string(scatterer->integer) + " modes is too small for tiles of " +
                   std::to_string(modes->integer),
               "give scatterer_modes at least the modes of a tile");
}

void check_solved(const Reading& linear, Reader& reader) {
  const Value *power = linear.find("light_power"), *bits = linear.find("wanted_bits"),
              *error = linear.find("wanted_error");
  if (!power) return;
  if (bits && error)
    return reader.error(DiagnosticCode::conflict, error->where, "'wanted_bits' and 'wanted_error' exclude one another");
  if (!power->is_word) {
    if (const Value* wanted = bits ? bits : error)
      reader.error(DiagnosticCode::conflict, wanted->where,
                   "'" + wanted->field->key + "' has no meaning with a given light_power", "write light_power: solved");
    return;
  }
  if (!bits && !error) {
    if (linear.failed.count("wanted_bits") + linear.failed.count("wanted_error") == 0)
      reader.error(DiagnosticCode::missing_key, power->where,
                   "light_power solved needs 'wanted_bits' or 'wanted_error'", "add wanted_bits: 6");
    return;
  }
  const bool counts = linear.find("detection") && linear.is("detection", "counting");
  if (!counts && linear.is("receiver_noise", "none"))
    reader.error(DiagnosticCode::conflict, power->where, "light_power cannot be solved for receivers without noise",
                 "add receiver_noise: shot_and_thermal");
  const Value *laser = linear.find("relative_intensity_noise"), *bandwidth = linear.find("receiver_bandwidth");
  if (!laser || !bandwidth) return;
  const double of_laser = std::sqrt(laser->number * bandwidth->number);
  if (of_laser < wanted_error(linear)->value) return;
  reader.error(DiagnosticCode::conflict, (bits ? bits : error)->where,
               "no light reaches it: the lasers' intensity noise alone makes an error of " +
                   support::engineering(of_laser, "", 3));
}

void check_pair(const Reading& linear, const char* key, const char* needed, Reader& reader) {
  const Value* value = linear.find(key);
  if (!value || linear.find(needed) || linear.failed.count(needed) > 0) return;
  reader.error(DiagnosticCode::missing_key, value->where, std::string("'") + key + "' needs '" + needed + "'");
}

void check_amplifier(const Reading& linear, const char* key, Reader& reader) {
  const Value *value = linear.find(key), *wavelength = linear.find("wavelength");
  if (!value) return;
  const Reading& amplifier = value->below.front();
  const Value *gain = amplifier.find("gain"), *figure = amplifier.find("noise_figure"),
              *saturation = amplifier.find("saturation_power");
  if (gain && figure && figure->number < (2 - 1 / gain->number) * (1 - 1e-12))
    reader.error(DiagnosticCode::out_of_range, figure->where, "'noise_figure' is below the quantum limit 2 - 1 / gain",
                 "at a high gain that is 3.01 dB");
  const Value *pump = amplifier.find("pump_power"), *pumped = amplifier.find("pump_wavelength");
  if (pumped && wavelength && pumped->number >= wavelength->number)
    return reader.error(DiagnosticCode::conflict, pumped->where,
                        "'pump_wavelength' is not below the signal's wavelength");
  const Value *current = amplifier.find("drive_current"), *voltage = amplifier.find("drive_voltage");
  if (!gain || !saturation || !(current ? voltage != nullptr : pump && pumped && wavelength)) return;
  optical::AmplifierParameters whole;
  whole.gain = gain->parameter();
  whole.saturation_w = saturation->parameter();
  const double most_w =
      current ? current->number * voltage->number : pump->number * pumped->number / wavelength->number;
  if (whole.most_added_w() > most_w)
    reader.error(DiagnosticCode::conflict, saturation->where,
                 "saturated, the amplifier would add " + support::engineering(whole.most_added_w(), "W", 3) +
                     " of light; its pump supplies at most " + support::engineering(most_w, "W", 3),
                 "take a smaller saturation_power or gain, or a stronger pump");
}

void check_hand_over(const Reading& linear, Reader& reader) {
  const Value* hand_over = linear.find("hand_over");
  if (!hand_over) return;
  check_pair(hand_over->below.front(), "saturable_loss", "saturation_power", reader);
  check_pair(hand_over->below.front(), "saturation_power", "saturable_loss", reader);
  if (linear.is("modulation", "iq"))
    reader.error(DiagnosticCode::conflict, hand_over->where, "light cannot be handed over with modulation iq",
                 "an output is one number on a mode, and the next layer would want two");
  const Value* built = linear.find("tiles_built");
  if (built && !built->is_word)
    reader.error(DiagnosticCode::conflict, hand_over->where, "light cannot be handed over where tiles work in rounds",
                 "partial sums would have to wait: leave tiles_built out");
}

void check_modulator_line(const Reading& linear, Reader& reader) {
  const Value *line = linear.find("modulator_line"), *test = linear.find("modulator_test_rate"),
              *voltage = linear.find("drive_voltage");
  const Value* impedance = linear.find("drive_impedance");
  if (!line) return;
  if (line->text != "terminated") {
    for (const Value* value : {test, voltage, impedance})
      if (value)
        reader.error(DiagnosticCode::conflict, value->where,
                     "'" + value->field->key + "' has no meaning with modulator_line lumped",
                     "write modulator_line: terminated");
    return;
  }
  if (test && voltage)
    return reader.error(DiagnosticCode::conflict, voltage->where,
                        "'modulator_test_rate' and 'drive_voltage' exclude one another");
  check_pair(linear, "drive_voltage", "drive_impedance", reader);
  check_pair(linear, "drive_impedance", "drive_voltage", reader);
  if (!test && !voltage &&
      linear.failed.count("modulator_test_rate") + linear.failed.count("drive_voltage") +
              linear.failed.count("drive_impedance") ==
          0 &&
      !impedance)
    reader.error(DiagnosticCode::missing_key, line->where,
                 "modulator_line terminated needs 'modulator_test_rate' or 'drive_voltage'",
                 "add the rate at which modulator_energy was measured: modulator_test_rate: 25 GHz");
}

void check_rings(const Reading& linear, Reader& reader) {
  const Value *spacing = linear.find("channel_spacing"), *range = linear.find("free_spectral_range"),
              *modes = linear.find("modes");
  if (spacing && range && modes && spacing->number * static_cast<double>(modes->integer) > range->number * (1 + 1e-12))
    reader.error(DiagnosticCode::conflict, spacing->where,
                 std::to_string(modes->integer) + " channels this far apart do not fit into a free spectral range of " +
                     support::engineering(range->number, "Hz"),
                 "take fewer modes or a smaller channel_spacing");
  if (const Value* bias = linear.find("resonance_bias"); bias && bias->is_word)
    check_pair(linear, "resonance_bias", "resonance_spread", reader);
  const Value *drop = linear.find("drop_loss"), *through = linear.find("through_extinction");
  if (drop && through && 1 / drop->number + 1 / through->number > 1 + 1e-12)
    reader.error(DiagnosticCode::conflict, through->where, "more light leaves a ring at resonance than enters it",
                 "1 / drop_loss + 1 / through_extinction is at most 1");
}

void check_absorbers(const Reading& linear, Reader& reader) {
  const Value *low = linear.find("minimum_transmission"), *high = linear.find("maximum_transmission");
  if (low && high && low->number >= high->number)
    reader.error(DiagnosticCode::conflict, low->where, "'minimum_transmission' is not below 'maximum_transmission'");
  const Value* levels = linear.find("levels");
  if (levels && levels->integer == 1)
    reader.error(DiagnosticCode::out_of_range, levels->where, "'levels' is 1; allowed: 0 (continuous) or at least 2");
}

}  // namespace

void check_optical(const Reading& linear, Reader& reader) {
  const std::string& model = linear.section->model;
  if (model == "scattering_medium") check_scatterer(linear, reader);
  if (model == "ring_bank") check_rings(linear, reader);
  if (model == "absorptive_crossbar") check_absorbers(linear, reader);
  for (const char* key : {"input_amplifier", "output_amplifier", "gain_row"}) check_amplifier(linear, key, reader);
  check_hand_over(linear, reader);
  check_modulator_line(linear, reader);
  check_solved(linear, reader);
  check_pair(linear, "waveguide_loss", "waveguide_length", reader);
  check_pair(linear, "waveguide_length", "waveguide_loss", reader);
  check_pair(linear, "programming", "programming_energy", reader);
  const Value* crossings = linear.find("crossings");
  if (crossings && crossings->integer > 0) check_pair(linear, "crossings", "crossing_loss", reader);
  const Value* built = linear.find("tiles_built");
  if (built && !built->is_word)
    for (const char* needed : {"time_constant", "settling_error"}) check_pair(linear, "tiles_built", needed, reader);
  const Value* detection = linear.find("detection");
  if (detection && linear.is("detection", "counting") && linear.find("receiver_noise") &&
      !linear.is("receiver_noise", "none"))
    reader.error(DiagnosticCode::conflict, linear.at("receiver_noise").where,
                 "'receiver_noise' has no meaning where photons are counted",
                 "they are drawn, which is the shot noise");
}

}  // namespace szilard::scenario
