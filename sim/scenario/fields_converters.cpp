// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/scenario/field_makers.hpp"

namespace szilard::scenario {

using support::Dimension;

namespace {

const std::vector<std::string> kEnergyModels = {"cited",
                                                "walden",
                                                "schreier",
                                                "survey",
                                                "sar",
                                                "flash",
                                                "single_slope_ramp",
                                                "current_controlled_oscillator",
                                                "charge_decrement"};

std::vector<std::string> all_models_but(const std::vector<std::string>& users) {
  std::vector<std::string> others;
  for (const std::string& model : kEnergyModels)
    if (std::find(users.begin(), users.end(), model) == users.end()) others.push_back(model);
  return others;
}

FieldMaker in_lsb(const char* key, double least, double most, const char* meaning) {
  return number(key, least, most, meaning).optional().sourced();
}

FieldMaker area_field() {
  return quantity("area", Dimension::area, 1e-20, 1, "chip area of one converter; left out: unknown")
      .optional()
      .sourced();
}

std::vector<Field> range_fields(bool has_full) {
  std::vector<std::string> ranges = {"maximum", "percentile", "given"};
  if (has_full) ranges.push_back("full");
  return {choice("range", ranges,
                 has_full ? "full scale, beyond which values are clipped: the largest in calibration, a percentile of "
                            "the calibrated "
                            "values, range_limit, or full: the largest that the weights allow"
                          : "full scale, beyond which values are clipped: the largest in calibration, a percentile of "
                            "the calibrated "
                            "values, or range_limit")
              .fallback("maximum"),
          quantity("range_percentile", Dimension::ratio, 0.5, 1,
                   "range percentile: share of the calibrated values within it")
              .optional(),
          number("range_limit", 1e-12, 1e12, "range given: full scale in the network's numbers").optional()};
}

std::vector<Field> error_fields() {
  return {in_lsb("offset", -65536, 65536, "offset of every converter, LSB; left out: 0"),
          in_lsb("offset_spread", 0, 65536,
                 "standard deviation of the offset from converter to converter, LSB; left out: 0"),
          quantity("gain_error", Dimension::ratio, -0.9, 10, "of every converter; left out: 0").optional().sourced(),
          quantity("gain_spread", Dimension::ratio, 0, 10,
                   "standard deviation of the gain from converter to converter; left out: 0")
              .optional()
              .sourced(),
          choice("mismatch", {"none", "unit_steps", "binary_weights", "independent"},
                 "a fixed error curve for each converter (DNL and INL): unit_steps: every step has an error of its "
                 "own; binary_weights: "
                 "elements of weight 2^b; independent: every threshold or level")
              .fallback("none")
              .sourced(),
          number("mismatch_sigma", 0, 100,
                 "standard deviation of a step (unit_steps), of a unit of which a weight has 2^b (binary_weights), of "
                 "a threshold or level "
                 "(independent), LSB")
              .preset()
              .unless("mismatch", {"none"}),
          in_lsb("noise", 0, 65536, "rms noise of each conversion, LSB, input-referred in an ADC; left out: 0")};
}

Field static_power_field() {
  return quantity("static_power", Dimension::power, 0, 10,
                  "of one converter, drawn as long as its stage is busy; left out: 0 W")
      .optional()
      .sourced();
}

void append(std::vector<Field>& fields, std::vector<Field> more) {
  for (Field& field : more) fields.push_back(std::move(field));
}

std::vector<Field> dac_fields() {
  std::vector<Field> fields = {
      integer("bits", 1, 16, "resolution").preset(),
      quantity("energy_per_conversion", Dimension::energy, 0, kMostEnergy_J, "energy of one conversion").preset(),
      quantity("conversion_time", Dimension::time, 0, kLongest_s, "time of one conversion").preset(),
      static_power_field(), area_field()};
  append(fields, error_fields());
  fields.push_back(choice("monotonic", {"false", "true"}, "mismatch: true: steps below 0 are 0").fallback("false"));
  append(fields, range_fields(false));
  return fields;
}

std::vector<Field> architecture_fields() {
  const std::vector<std::string> steps = {"sar", "flash", "single_slope_ramp", "current_controlled_oscillator",
                                          "charge_decrement"};
  const auto of_steps = all_models_but(steps), of_sar = all_models_but({"sar"});
  return {
      quantity("energy_per_step", Dimension::energy, 0, kMostEnergy_J,
               "of one step: a comparison with its logic (sar, flash), a count (ramp, oscillator), a packet of charge "
               "(charge_decrement)")
          .preset()
          .unless("energy_model", of_steps),
      quantity("step_time", Dimension::time, 0, kLongest_s, "of one step; flash: of all comparisons at once")
          .preset()
          .unless("energy_model", of_steps),
      quantity("fixed_energy", Dimension::energy, 0, kMostEnergy_J, "of a conversion beside its steps; left out: 0 J")
          .optional()
          .sourced(),
      quantity("fixed_time", Dimension::time, 0, kLongest_s, "of a conversion beside its steps; left out: 0 s")
          .optional()
          .sourced(),
      quantity("unit_capacitance", Dimension::capacitance, 0, 1e-9, "sar: unit of the capacitor array")
          .preset()
          .unless("energy_model", of_sar),
      quantity("reference_voltage", Dimension::voltage, 0, 100, "sar: of the capacitor array")
          .preset()
          .unless("energy_model", of_sar),
      choice(
          "switching", {"monotonic", "conventional"},
          "sar: order of switching the array; conventional: trial up and back; monotonic: the higher side steps down")
          .fallback("monotonic")
          .sourced(),
      choice("search", {"linear", "binary"},
             "charge_decrement: linear: equal packets until the sign changes; binary: each half the one before, a step "
             "a bit")
          .fallback("linear")
          .sourced(),
      choice("stops_early", {"false", "true"}, "single_slope_ramp: true: a column's counter stops at its code")
          .fallback("false")
          .sourced(),
      quantity("ramp_power", Dimension::power, 0, 10,
               "single_slope_ramp: of the ramp, one a column tile, while it runs; left out: 0 W")
          .optional()
          .sourced()};
}

std::vector<Field> adc_fields() {
  std::vector<Field> fields = {
      integer("bits", 1, 16, "resolution; 1: the sign alone, or 0 and 1 where outputs have one sign").preset(),
      choice("energy_model", kEnergyModels,
             "energy and time of a conversion: cited: energy_per_conversion; walden, schreier: a figure of merit; "
             "survey: the best figure of merit "
             "that is reached at this rate; or by architecture, from its steps")
          .fallback("cited")
          .sourced(),
      quantity("energy_per_conversion", Dimension::energy, 0, kMostEnergy_J, "energy of one conversion")
          .preset()
          .unless("energy_model", all_models_but({"cited"})),
      quantity("conversion_time", Dimension::time, 0, kLongest_s, "time of one conversion")
          .preset()
          .unless("energy_model", all_models_but({"cited", "walden", "schreier", "survey"})),
      quantity("walden_figure", Dimension::energy, 1e-21, 1e-6, "walden: energy per conversion step, E = F 2^ENOB")
          .preset()
          .unless("energy_model", all_models_but({"walden"})),
      number("schreier_figure", 0, 400, "schreier: SNDR + 10 log10(bandwidth / power), dB")
          .preset()
          .unless("energy_model", all_models_but({"schreier"})),
      number("survey_ceiling", 0, 400, "survey: best Schreier figure of slow converters, dB")
          .preset()
          .unless("energy_model", all_models_but({"survey"})),
      number("survey_intercept", 0, 1000, "survey: what the trend of fast ones gives at 1 Hz, dB")
          .preset()
          .unless("energy_model", all_models_but({"survey"})),
      number("survey_slope", 0, 100, "survey: what it loses in a rate e times as high, dB")
          .preset()
          .unless("energy_model", all_models_but({"survey"})),
      number(
          "effective_bits", 0.1, 24,
          "walden, schreier, survey: effective number of bits (ENOB); left out: bits less what noise and mismatch take")
          .optional()
          .sourced()};
  append(fields, architecture_fields());
  fields.push_back(static_power_field());
  fields.push_back(FieldMaker("amplifier", Kind::section,
                              "one a converter, that holds a column while it settles: its static power is added to "
                              "static_power; left out: none")
                       .section("column_amplifier")
                       .optional());
  fields.push_back(area_field());
  fields.push_back(quantity("sampling_capacitance", Dimension::capacitance, 1e-21, 1e-9,
                            "holds the input: noise kT / C at the scenario's temperature, and C V^2 a conversion; "
                            "quantisation_limited: as much "
                            "noise as quantisation makes; left out: none")
                       .word("quantisation_limited")
                       .optional()
                       .sourced());
  fields.push_back(
      quantity("sampling_voltage", Dimension::voltage, 1e-6, 100, "on that capacitance, for the range of all codes")
          .optional()
          .sourced());
  fields.push_back(
      integer("columns_per_adc", 1, 4096, "columns of a tile that one ADC converts in turn").fallback("1").sourced());
  append(fields, error_fields());
  append(fields, range_fields(true));
  return fields;
}

}  // namespace

std::vector<Section> converter_sections() {
  Section amplifier{"column_amplifier",
                    "",
                    "",
                    "amplifier in front of an ADC, whose static power follows from what it has to settle",
                    {},
                    false,
                    {}};
  amplifier.fields = {
      quantity("load", Dimension::capacitance, 1e-21, 1e-6, "that it settles").preset(),
      quantity("time", Dimension::time, 1e-15, 1, "within which it settles").preset(),
      number("bits", 0.1, 24, "to half a step of so many bits; left out: the converter's").optional().sourced(),
      quantity("supply", Dimension::voltage, 1e-3, 100, "of the amplifier").preset(),
      number("efficiency", 1e-3, 1000, "transconductance over current, 1/V; at most q / kT").preset(),
      number("branches", 0.1, 100, "that carry its current").preset()};
  return {
      amplifier,
      {"input.none", "input", "none", "rows are driven by the analog signal itself", {}, false, {}},
      {"input.dac", "input", "dac", "one digital-to-analog converter a row", dac_fields(), true, "dac_aimc28"},
      {"output.none", "output", "none", "columns hand their analog signal over", {}, false, {}},
      {"output.adc", "output", "adc", "one analog-to-digital conversion per output", adc_fields(), true, "adc_aimc28"}};
}

}  // namespace szilard::scenario
