// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/converters/converter_accounts.hpp"

#include <utility>

namespace szilard::electronic {
namespace {

using support::Parameter;

Parameter counted(double value) { return {value, "counted", "choice"}; }

std::string law_of(const Converter& converter) {
  const bool has_array = converter.energy_follows_code();
  switch (converter.energy_model) {
    case EnergyModel::cited:
      return "E = conversions x energy per conversion";
    case EnergyModel::walden:
      return "E = conversions x F 2^ENOB (Walden)";
    case EnergyModel::schreier:
      return "E = conversions x 10^((SNDR - F) / 10) / 2 J (Schreier)";
    case EnergyModel::survey:
      return "E = conversions x 10^((SNDR - F(rate)) / 10) / 2 J, F = min(F_max, F_1 - s ln(rate / Hz))";
    case EnergyModel::sar:
      return std::string("E = sum over conversions of fixed + bits x step") +
             (has_array ? " + C V^2 x switching(code)" : "");
    case EnergyModel::flash:
      return "E = conversions x (fixed + (2^bits - 1) x step)";
    case EnergyModel::single_slope_ramp:
      return converter.architecture.stops_early
                 ? "E = sum over conversions of fixed + (code above the lowest + 1) x step"
                 : "E = conversions x (fixed + 2^bits x step)";
    case EnergyModel::current_controlled_oscillator:
      return "E = sum over conversions of fixed + |code| x step";
    case EnergyModel::charge_decrement:
      return converter.architecture.binary_search ? "E = conversions x (fixed + bits x step)"
                                                  : "E = sum over conversions of fixed + (|code| + 1) x step";
  }
  return {};
}

}  // namespace

ConverterAccounts::ConverterAccounts(const Converter& converter, std::string mechanism, ConverterPlace place)
    : converter_(converter), mechanism_(std::move(mechanism)), place_(place) {
  if (!converter.energy_follows_code())
    constant_ = energy::Quanta::from_joules(converter.energy_j(0)) * place.conversions;
  static_j_ = converter.static_power_w * double(place.converters) * place.busy_s;
  if (converter.energy_model == EnergyModel::single_slope_ramp) {
    static_j_ +=
        converter.architecture.shared_power_w * double(place.shared_parts) * double(place.slots) * converter.time_s();
  }
}

energy::AccountInfo ConverterAccounts::dynamic_info() const {
  energy::AccountInfo info;
  info.mechanism = mechanism_;
  info.origin = converter_.energy_follows_code() ? energy::Origin::computed : energy::Origin::table;
  info.law = law_of(converter_);
  info.counted = "conversions";
  const Architecture& a = converter_.architecture;
  if (converter_.energy_model == EnergyModel::cited) {
    info.coefficients = {{"energy per conversion", converter_.energy_per_conversion_j, "J"}};
  } else if (!converter_.has_steps()) {
    const bool is_given = converter_.effective_bits > 0;
    const Parameter enob =
        is_given ? converter_.effective_bits
                 : Parameter(converter_.enob(), "bits less noise and mismatch of this converter", "choice");
    const bool is_survey = converter_.energy_model == EnergyModel::survey;
    const Parameter figure =
        is_survey ? Parameter(converter_.survey.figure_db(1 / converter_.conversion_time_s),
                              converter_.survey.intercept_db.source, converter_.survey.intercept_db.status)
                  : converter_.figure_of_merit;
    info.coefficients = {{"figure of merit", figure, converter_.energy_model == EnergyModel::walden ? "J" : "dB"},
                         {"effective number of bits", enob, ""}};
    if (is_survey) info.coefficients.push_back({"conversion time", converter_.conversion_time_s, "s"});
  } else {
    info.coefficients = {{"energy per step", a.energy_per_step_j, "J"},
                         {"most steps", counted(converter_.most_steps()), ""}};
    if (a.fixed_energy_j > 0) info.coefficients.push_back({"fixed energy", a.fixed_energy_j, "J"});
    if (a.unit_capacitance_f > 0) {
      info.coefficients.push_back({"unit capacitance", a.unit_capacitance_f, "F"});
      info.coefficients.push_back({"reference voltage", a.reference_voltage_v, "V"});
    }
  }
  if (converter_.sampling.capacitance_f > 0) {
    info.law += "; sampling C V^2 on top";
    info.coefficients.push_back({"sampling capacitance", converter_.sampling.capacitance_f, "F"});
    info.coefficients.push_back({"sampling voltage", converter_.sampling.voltage_v, "V"});
  }
  const bool is_cited = converter_.energy_model == EnergyModel::cited && !(converter_.sampling.capacitance_f > 0);
  if (!converter_.energy_follows_code() && !is_cited) {
    info.coefficients.insert(
        info.coefficients.begin(),
        {"energy of a conversion", Parameter(converter_.energy_j(0), "by the law, from what follows", "choice"), "J"});
  }
  return info;
}

energy::AccountInfo ConverterAccounts::static_info() const {
  energy::AccountInfo info;
  info.mechanism = mechanism_ + "_static";
  info.origin = energy::Origin::computed;
  info.law = "E = static power x converters x time busy";
  info.counted = "samples";
  info.coefficients = {{"static power", converter_.static_power_w, "W"},
                       {"converters", counted(double(place_.converters)), ""},
                       {"time busy", Parameter(place_.busy_s, "of the stage", "choice"), "s"}};
  if (converter_.architecture.shared_power_w > 0) {
    info.law += " + ramp power x ramps x time they run";
    info.coefficients.push_back({"ramp power", converter_.architecture.shared_power_w, "W"});
    info.coefficients.push_back({"ramps", counted(double(place_.shared_parts)), ""});
    info.coefficients.push_back(
        {"time of the ramps",
         Parameter(double(place_.slots) * converter_.time_s(), "conversions in turn x their time", "choice"), "s"});
  }
  return info;
}

void ConverterAccounts::open(const std::string& component, energy::EnergySink& sink) {
  const auto open_both = [&](energy::AccountInfo info, energy::AccountId& supplied, energy::AccountId& dissipated) {
    info.component = component + "/" + mechanism_;
    info.fate = energy::Fate::supplied;
    supplied = sink.open(info);
    info.fate = energy::Fate::dissipated;
    dissipated = sink.open(info);
  };
  open_both(dynamic_info(), supplied_, dissipated_);
  if (has_static()) open_both(static_info(), static_supplied_, static_dissipated_);
}

void ConverterAccounts::post(std::uint64_t first_sample, std::size_t samples, const double* energies_j,
                             energy::EnergySink& sink) const {
  const auto still = energy::Quanta::from_joules(static_j_);
  for (std::size_t s = 0; s < samples; ++s) {
    const energy::Quanta amount = energies_j ? energy::Quanta::from_joules(energies_j[s]) : constant_;
    sink.post(supplied_, first_sample + s, amount, place_.conversions);
    sink.post(dissipated_, first_sample + s, amount, place_.conversions);
    if (!has_static()) continue;
    sink.post(static_supplied_, first_sample + s, still, 1);
    sink.post(static_dissipated_, first_sample + s, still, 1);
  }
}

}  // namespace szilard::electronic
