// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/build.hpp"

namespace szilard::scenario {

namespace {

electronic::Imperfections imperfections_of(const Reading& reading) {
  electronic::Imperfections errors;
  errors.offset_lsb = parameter_of(reading, "offset");
  errors.offset_spread_lsb = parameter_of(reading, "offset_spread");
  errors.gain_error = parameter_of(reading, "gain_error");
  errors.gain_spread = parameter_of(reading, "gain_spread");
  errors.mismatch = reading.is("mismatch", "unit_steps")       ? electronic::Mismatch::unit_steps
                    : reading.is("mismatch", "binary_weights") ? electronic::Mismatch::binary_weights
                    : reading.is("mismatch", "independent")    ? electronic::Mismatch::independent
                                                               : electronic::Mismatch::none;
  errors.mismatch_lsb = parameter_of(reading, "mismatch_sigma");
  errors.monotonic = reading.is("monotonic", "true");
  errors.noise_lsb = parameter_of(reading, "noise");
  return errors;
}

electronic::EnergyModel energy_model_of(const Reading& adc) {
  using electronic::EnergyModel;
  const std::string& model = adc.at("energy_model").text;
  if (model == "walden") return EnergyModel::walden;
  if (model == "schreier") return EnergyModel::schreier;
  if (model == "survey") return EnergyModel::survey;
  if (model == "sar") return EnergyModel::sar;
  if (model == "flash") return EnergyModel::flash;
  if (model == "single_slope_ramp") return EnergyModel::single_slope_ramp;
  if (model == "current_controlled_oscillator") return EnergyModel::current_controlled_oscillator;
  if (model == "charge_decrement") return EnergyModel::charge_decrement;
  return EnergyModel::cited;
}

void add_amplifier(const Reading& reading, electronic::Converter& converter) {
  electronic::SettlingAmplifier amplifier;
  amplifier.load_f = reading.at("load").parameter();
  amplifier.time_s = reading.at("time").parameter();
  const Value* bits = reading.find("bits");
  amplifier.bits = bits ? bits->number : converter.quantiser.bits;
  amplifier.efficiency_per_v = reading.at("efficiency").parameter();
  amplifier.supply_v = reading.at("supply").parameter();
  amplifier.branches = reading.at("branches").number;
  const std::string own = converter.static_power_w > 0 ? converter.static_power_w.source + "; and " : std::string();
  converter.static_power_w.value += amplifier.power_w();
  converter.static_power_w.source = own + "settling amplifier: branches x C (bits + 1) ln 2 / (t g) x V_dd" +
                                    (amplifier.load_f.source.empty() ? "" : "; load: " + amplifier.load_f.source);
  converter.static_power_w.status = "choice";
}

void build_adc(const Reading& adc, double temperature_k, electronic::Converter& converter) {
  converter.energy_model = energy_model_of(adc);
  const bool is_walden = converter.energy_model == electronic::EnergyModel::walden;
  converter.figure_of_merit = parameter_of(adc, is_walden ? "walden_figure" : "schreier_figure");
  converter.effective_bits = parameter_of(adc, "effective_bits");
  electronic::Architecture& architecture = converter.architecture;
  architecture.energy_per_step_j = parameter_of(adc, "energy_per_step");
  architecture.step_time_s = parameter_of(adc, "step_time");
  architecture.fixed_energy_j = parameter_of(adc, "fixed_energy");
  architecture.fixed_time_s = parameter_of(adc, "fixed_time");
  architecture.switching = adc.is("switching", "conventional") ? electronic::CapacitorSwitching::conventional
                                                               : electronic::CapacitorSwitching::monotonic;
  architecture.unit_capacitance_f = parameter_of(adc, "unit_capacitance");
  architecture.reference_voltage_v = parameter_of(adc, "reference_voltage");
  architecture.stops_early = adc.is("stops_early", "true");
  architecture.binary_search = adc.is("search", "binary");
  architecture.shared_power_w = parameter_of(adc, "ramp_power");
  converter.survey = {parameter_of(adc, "survey_ceiling"), parameter_of(adc, "survey_intercept"),
                      parameter_of(adc, "survey_slope")};
  if (const Value* amplifier = adc.find("amplifier")) add_amplifier(amplifier->below.front(), converter);
  converter.columns_per_converter = adc.at("columns_per_adc").integer;
  const Value* capacitance = adc.find("sampling_capacitance");
  if (!capacitance) return;
  converter.sampling = {capacitance->parameter(), adc.at("sampling_voltage").parameter(), temperature_k};
  if (!capacitance->is_word) return;
  converter.sampling.capacitance_f.value = electronic::quantisation_limited_capacitance_f(
      converter.quantiser.bits, converter.sampling.voltage_v, temperature_k);
}

}  // namespace

std::optional<electronic::Converter> converter_of(const Reading& platform, const char* key, double temperature_k) {
  const Value* value = platform.find(key);
  if (!value || value->below.front().section->model == "none") return std::nullopt;
  const Reading& reading = value->below.front();
  electronic::Converter converter;
  converter.quantiser.bits = static_cast<int>(reading.at("bits").integer);
  converter.energy_per_conversion_j = parameter_of(reading, "energy_per_conversion");
  converter.conversion_time_s = parameter_of(reading, "conversion_time");
  converter.static_power_w = parameter_of(reading, "static_power");
  converter.imperfections = imperfections_of(reading);
  if (reading.section->model == "adc") build_adc(reading, temperature_k, converter);
  return converter;
}

ConverterRange range_of(const Reading& platform, const char* key) {
  const Value* value = platform.find(key);
  if (!value || value->below.front().section->model == "none") return {};
  const Reading& reading = value->below.front();
  ConverterRange range;
  range.model = reading.is("range", "percentile") ? ConverterRange::Model::percentile
                : reading.is("range", "given")    ? ConverterRange::Model::given
                : reading.is("range", "full")     ? ConverterRange::Model::full
                                                  : ConverterRange::Model::maximum;
  range.percentile = parameter_of(reading, "range_percentile", {1.0});
  range.limit = parameter_of(reading, "range_limit");
  return range;
}

}  // namespace szilard::scenario
