// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <tuple>

#include "models/support/constants.hpp"
#include "models/support/units.hpp"
#include "sim/scenario/build.hpp"

namespace szilard::scenario {

using support::DiagnosticCode;

namespace {

struct Use {
  const char* key;
  std::vector<std::string> models;
};

const std::vector<Use>& uses() {
  static const std::vector<std::string> kSteps = {"sar", "flash", "single_slope_ramp", "current_controlled_oscillator",
                                                  "charge_decrement"};
  static const std::vector<Use> all = {{"energy_per_conversion", {"cited"}},
                                       {"conversion_time", {"cited", "walden", "schreier", "survey"}},
                                       {"walden_figure", {"walden"}},
                                       {"schreier_figure", {"schreier"}},
                                       {"effective_bits", {"walden", "schreier", "survey"}},
                                       {"survey_ceiling", {"survey"}},
                                       {"survey_intercept", {"survey"}},
                                       {"survey_slope", {"survey"}},
                                       {"energy_per_step", kSteps},
                                       {"step_time", kSteps},
                                       {"fixed_energy", kSteps},
                                       {"fixed_time", kSteps},
                                       {"unit_capacitance", {"sar"}},
                                       {"reference_voltage", {"sar"}},
                                       {"ramp_power", {"single_slope_ramp"}}};
  return all;
}

void check_energy_model(const Reading& adc, Reader& reader) {
  const Value* model = adc.find("energy_model");
  if (!model) return;
  for (const Use& use : uses()) {
    const Value* value = adc.find(use.key);
    if (!value || std::find(use.models.begin(), use.models.end(), model->text) != use.models.end()) continue;
    std::string users;
    for (const std::string& user : use.models) users += (users.empty() ? "" : ", ") + user;
    reader.error(DiagnosticCode::conflict, value->where,
                 std::string("'") + use.key + "' has no meaning with energy_model " + model->text,
                 "it belongs to " + users + "; leave it out, or take another preset or energy_model");
  }
  if (adc.is("stops_early", "true") && model->text != "single_slope_ramp") {
    reader.error(DiagnosticCode::conflict, adc.at("stops_early").where,
                 "'stops_early' has no meaning with energy_model " + model->text, "it belongs to single_slope_ramp");
  }
  if (adc.is("search", "binary") && model->text != "charge_decrement") {
    reader.error(DiagnosticCode::conflict, adc.at("search").where,
                 "'search' has no meaning with energy_model " + model->text, "it belongs to charge_decrement");
  }
  if (const Value* time = adc.find("conversion_time"); time && model->text == "survey" && time->number == 0) {
    reader.error(DiagnosticCode::out_of_range, time->where,
                 "'conversion_time' is 0: energy_model survey takes the rate from it");
  }
}

void check_amplifier(const Reading& adc, double temperature_k, Reader& reader) {
  const Value* section = adc.find("amplifier");
  if (!section || section->below.empty() || !(temperature_k > 0)) return;
  const Value* efficiency = section->below.front().find("efficiency");
  const double most = support::kElementaryCharge_C / (support::kBoltzmann_J_per_K * temperature_k);
  if (efficiency && efficiency->number > most)
    reader.error(DiagnosticCode::out_of_range, efficiency->where,
                 "'efficiency' is above q / kT = " + support::engineering(most, "", 4) +
                     " 1/V, which no transistor reaches at this temperature",
                 "25 1/V is weak inversion at 300 K");
}

/// One bit is a sign: a comparator with one threshold.
void check_comparator(const Reading& adc, Reader& reader) {
  const Value *bits = adc.find("bits"), *model = adc.find("energy_model"), *mismatch = adc.find("mismatch");
  if (!bits || bits->integer != 1) return;
  if (model && (model->text == "sar" || model->text == "single_slope_ramp" ||
                model->text == "current_controlled_oscillator" || model->text == "charge_decrement")) {
    reader.error(DiagnosticCode::conflict, bits->where,
                 "one bit is one comparison, not the steps of energy_model " + model->text,
                 "take energy_model: cited or flash, or more bits");
  }
  if (mismatch && mismatch->text != "none") {
    reader.error(DiagnosticCode::conflict, mismatch->where,
                 "the one threshold of a 1-bit ADC has an offset and no mismatch", "say offset_spread");
  }
}

void check_sampling(const Reading& adc, Reader& reader) {
  const Value* capacitance = adc.find("sampling_capacitance");
  const Value* voltage = adc.find("sampling_voltage");
  if (capacitance && !voltage && adc.failed.count("sampling_voltage") == 0) {
    reader.error(DiagnosticCode::missing_key, capacitance->where, "'sampling_capacitance' needs 'sampling_voltage'",
                 "add sampling_voltage: 1 V");
  }
  if (voltage && !capacitance && adc.failed.count("sampling_capacitance") == 0) {
    reader.error(DiagnosticCode::missing_key, voltage->where, "'sampling_voltage' needs 'sampling_capacitance'",
                 "add sampling_capacitance: quantisation_limited");
  }
}

void check_mismatch(const Reading& converter, Reader& reader) {
  const Value* mismatch = converter.find("mismatch");
  if (!mismatch) return;
  const Value* sigma = converter.find("mismatch_sigma");
  const Value* bits = converter.find("bits");
  constexpr std::uint64_t kMostBits = 14;
  if (mismatch->text == "none" && sigma) {
    reader.error(DiagnosticCode::conflict, sigma->where, "'mismatch_sigma' has no meaning with mismatch none",
                 "say what differs: mismatch: unit_steps, binary_weights or independent");
  }
  if (mismatch->text != "none" && bits && bits->integer > kMostBits) {
    reader.error(DiagnosticCode::conflict, mismatch->where,
                 "mismatch is drawn for converters of at most 14 bits, not " + std::to_string(bits->integer));
  }
  if (converter.is("monotonic", "true") && mismatch->text == "none") {
    reader.error(DiagnosticCode::conflict, converter.at("monotonic").where,
                 "'monotonic' has no meaning with mismatch none");
  }
}

void check_range(const Reading& converter, Reader& reader) {
  const Value* range = converter.find("range");
  if (!range) return;
  for (const auto& [key, model, example] :
       {std::tuple{"range_percentile", "percentile", "99.9 %"}, std::tuple{"range_limit", "given", "4.5"}}) {
    const Value* value = converter.find(key);
    if (range->text == model && !value && converter.failed.count(key) == 0) {
      reader.error(DiagnosticCode::missing_key, range->where, std::string("range ") + model + " needs '" + key + "'",
                   std::string("add ") + key + ": " + example);
    }
    if (range->text != model && value) {
      reader.error(DiagnosticCode::conflict, value->where,
                   std::string("'") + key + "' has no meaning with range " + range->text,
                   std::string("write range: ") + model);
    }
  }
}

}  // namespace

void check_converter(const Reading& converter, double temperature_k, Reader& reader) {
  check_energy_model(converter, reader);
  check_amplifier(converter, temperature_k, reader);
  if (converter.section->part == "output") check_comparator(converter, reader);
  check_sampling(converter, reader);
  check_mismatch(converter, reader);
  check_range(converter, reader);
}

bool has_errors(const Reading& converter) {
  for (const char* key : {"offset", "offset_spread", "gain_error", "gain_spread", "noise"}) {
    const Value* value = converter.find(key);
    if (value && value->number != 0) return true;
  }
  return converter.find("mismatch") && !converter.is("mismatch", "none");
}

}  // namespace szilard::scenario
