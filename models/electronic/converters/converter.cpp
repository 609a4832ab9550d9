// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/converters/converter.hpp"

#include <algorithm>
#include <cmath>

#include "models/electronic/converters/capacitor_array.hpp"
#include "models/electronic/converters/error_curve.hpp"
#include "models/electronic/converters/kernels.hpp"
#include "models/support/checks.hpp"
#include "models/support/constants.hpp"

namespace szilard::electronic {

double Quantiser::highest_code() const {
  if (is_comparator()) return 1.0;
  return bits == 0 ? 0.0 : std::ldexp(1.0, is_signed ? bits - 1 : bits) - 1.0;
}

double Quantiser::step() const { return bits == 0 ? 1.0 : full_scale / highest_code(); }

double Quantiser::code(double value) const {
  if (bits == 0) return value;
  if (is_comparator()) return std::copysign(1.0, value);
  const double code = std::round(value * (highest_code() / full_scale));
  return std::clamp(code, lowest_code(), highest_code());
}

void Quantiser::quantise(const double* in, std::size_t n, double* out) const {
  if (bits == 0) {
    std::copy_n(in, n, out);
    return;
  }
  converter_kernels().quantise(in, n, rounding_of(*this), out);
}

void Quantiser::check() const {
  support::require(bits >= 0 && bits <= 24, "quantiser.bits", bits, "0 to 24");
  support::require(std::isfinite(full_scale) && full_scale > 0, "quantiser.full_scale", full_scale,
                   "finite and above 0");
}

Rounding rounding_of(const Quantiser& quantiser) {
  if (quantiser.bits == 0) return {};
  const double highest = quantiser.highest_code();
  if (quantiser.is_comparator()) return {1 / quantiser.full_scale, quantiser.step(), -0.5, 0.5, false, 1.0};
  return {highest / quantiser.full_scale, quantiser.step(), quantiser.lowest_code(), highest, false};
}

bool Imperfections::any() const {
  return offset_lsb != 0 || offset_spread_lsb != 0 || gain_error != 0 || gain_spread != 0 ||
         mismatch != Mismatch::none || noise_lsb != 0;
}

void Imperfections::check(const Quantiser& quantiser) const {
  support::require(std::isfinite(offset_lsb), "imperfections.offset_lsb", offset_lsb, "finite");
  support::require_not_negative(offset_spread_lsb, "imperfections.offset_spread_lsb");
  support::require(std::isfinite(gain_error) && gain_error > -1, "imperfections.gain_error", gain_error,
                   "finite and above -1");
  support::require_not_negative(gain_spread, "imperfections.gain_spread");
  support::require_not_negative(mismatch_lsb, "imperfections.mismatch_lsb");
  support::require_not_negative(noise_lsb, "imperfections.noise_lsb");
  support::require(!any() || quantiser.bits >= 1, "quantiser.bits", quantiser.bits,
                   "1 or more where errors are stated in LSB");
  support::require(mismatch == Mismatch::none || !quantiser.is_comparator(), "imperfections.mismatch", 1,
                   "none in a comparator: its one threshold has an offset");
  // Every converter has a table with an entry for each code.
  support::require(mismatch == Mismatch::none || quantiser.bits <= 14, "quantiser.bits", quantiser.bits,
                   "14 or less with mismatch");
}

void Converter::check() const {
  quantiser.check();
  support::require_not_negative(energy_per_conversion_j, "energy_per_conversion_j");
  support::require_not_negative(conversion_time_s, "conversion_time_s");
  imperfections.check(quantiser);
  support::require_not_negative(static_power_w, "static_power_w");
  support::require(columns_per_converter >= 1 && columns_per_converter <= 4096, "columns_per_converter",
                   double(columns_per_converter), "1 to 4096");
  support::require_not_negative(sampling.capacitance_f, "sampling.capacitance_f");
  if (sampling.capacitance_f > 0) {
    support::require_positive(sampling.voltage_v, "sampling.voltage_v");
    support::require_positive(sampling.temperature_k, "sampling.temperature_k");
    support::require(quantiser.bits >= 1, "quantiser.bits", quantiser.bits, "1 or more with a sampling capacitor");
  }
  if (energy_model == EnergyModel::cited) return;
  support::require(!quantiser.is_comparator() || !has_steps() || energy_model == EnergyModel::flash, "energy_model",
                   double(energy_model), "cited, walden, schreier or flash for a comparator");
  support::require(quantiser.bits >= 1 && quantiser.bits <= 16, "quantiser.bits", quantiser.bits,
                   "1 to 16 for a model of the energy");
  if (energy_model == EnergyModel::walden) support::require_positive(figure_of_merit, "figure_of_merit");
  if (energy_model == EnergyModel::survey) {
    support::require_positive(conversion_time_s, "conversion_time_s");
    support::require_not_negative(survey.slope_db, "survey.slope_db");
    const double figure = survey.figure_db(1 / conversion_time_s);
    support::require(figure >= 0 && figure <= 400, "survey.figure_db", figure, "0 to 400 dB");
  }
  if (energy_model == EnergyModel::schreier)
    support::require(figure_of_merit >= 0 && figure_of_merit <= 400, "figure_of_merit", figure_of_merit, "0 to 400 dB");
  support::require(effective_bits >= 0 && effective_bits <= 24, "effective_bits", effective_bits,
                   "0 (from the errors) to 24");
  support::require_not_negative(architecture.energy_per_step_j, "architecture.energy_per_step_j");
  support::require_not_negative(architecture.step_time_s, "architecture.step_time_s");
  support::require_not_negative(architecture.fixed_energy_j, "architecture.fixed_energy_j");
  support::require_not_negative(architecture.fixed_time_s, "architecture.fixed_time_s");
  support::require_not_negative(architecture.unit_capacitance_f, "architecture.unit_capacitance_f");
  support::require_not_negative(architecture.reference_voltage_v, "architecture.reference_voltage_v");
  support::require_not_negative(architecture.shared_power_w, "architecture.shared_power_w");
}

void SettlingAmplifier::check(double temperature_k) const {
  support::require_positive(load_f, "amplifier.load_f");
  support::require_positive(time_s, "amplifier.time_s");
  support::require(std::isfinite(bits) && bits > 0, "amplifier.bits", bits, "above 0");
  support::require_positive(supply_v, "amplifier.supply_v");
  support::require(std::isfinite(branches) && branches > 0, "amplifier.branches", branches, "above 0");
  const double most = support::kElementaryCharge_C / (support::kBoltzmann_J_per_K * temperature_k);
  support::require(efficiency_per_v > 0 && efficiency_per_v <= most, "amplifier.efficiency_per_v", efficiency_per_v,
                   "above 0, at most q / kT");
}

double Converter::noise_lsb() const {
  const double own = imperfections.noise_lsb;
  if (!(sampling.capacitance_f > 0)) return own;
  const double lsb_per_volt = std::ldexp(1.0, quantiser.bits) / sampling.voltage_v;
  const double sampled =
      support::kBoltzmann_J_per_K * sampling.temperature_k / sampling.capacitance_f * lsb_per_volt * lsb_per_volt;
  return std::sqrt(own * own + sampled);
}

double Converter::most_steps() const {
  switch (energy_model) {
    case EnergyModel::sar:
      return quantiser.bits;
    case EnergyModel::flash:
      return std::ldexp(1.0, quantiser.bits) - 1;
    case EnergyModel::single_slope_ramp:
      return std::ldexp(1.0, quantiser.bits);
    case EnergyModel::current_controlled_oscillator:
      return quantiser.highest_code();
    case EnergyModel::charge_decrement:
      return architecture.binary_search ? quantiser.bits : quantiser.highest_code() + 1;
    default:
      return 0;
  }
}

double Converter::time_s() const {
  if (!has_steps()) return conversion_time_s;
  const double steps_in_turn = energy_model == EnergyModel::flash ? 1 : most_steps();
  return architecture.fixed_time_s + steps_in_turn * architecture.step_time_s;
}

double Converter::steps(double code) const {
  switch (energy_model) {
    case EnergyModel::single_slope_ramp:
      return architecture.stops_early ? code - quantiser.lowest_code() + 1 : most_steps();
    case EnergyModel::current_controlled_oscillator:
      return std::abs(code);
    case EnergyModel::charge_decrement:
      return architecture.binary_search ? most_steps() : std::abs(code) + 1;
    default:
      return most_steps();
  }
}

double Converter::energy_j(double code) const {
  const Architecture& a = architecture;
  const double sampled_j = sampling.capacitance_f * sampling.voltage_v * sampling.voltage_v;
  switch (energy_model) {
    case EnergyModel::cited:
      return energy_per_conversion_j + sampled_j;
    case EnergyModel::walden:
      return figure_of_merit * std::exp2(enob()) + sampled_j;
    case EnergyModel::schreier:
    case EnergyModel::survey: {
      const double figure_db =
          energy_model == EnergyModel::survey ? survey.figure_db(1 / conversion_time_s) : figure_of_merit.value;
      return 0.5 * std::pow(10.0, (20 * std::log10(2.0) * enob() + 10 * std::log10(1.5) - figure_db) / 10) + sampled_j;
    }
    default:
      break;
  }
  double energy_j = sampled_j + a.fixed_energy_j + steps(code) * a.energy_per_step_j;
  if (energy_model == EnergyModel::sar && a.unit_capacitance_f > 0) {
    const double first = quantiser.is_signed ? std::ldexp(1.0, quantiser.bits - 1) : 0.0;
    energy_j += a.unit_capacitance_f * a.reference_voltage_v * a.reference_voltage_v *
                switching_energy(quantiser.bits, a.switching, static_cast<std::uint32_t>(code + first));
  }
  return energy_j;
}

bool Converter::energy_follows_code() const {
  const Architecture& a = architecture;
  switch (energy_model) {
    case EnergyModel::sar:
      return a.unit_capacitance_f > 0 && a.reference_voltage_v > 0;
    case EnergyModel::single_slope_ramp:
      return a.stops_early && a.energy_per_step_j > 0;
    case EnergyModel::current_controlled_oscillator:
      return a.energy_per_step_j > 0;
    case EnergyModel::charge_decrement:
      return !a.binary_search && a.energy_per_step_j > 0;
    default:
      return false;
  }
}

double Converter::expected_effective_bits() const {
  const double noise = noise_lsb();
  return quantiser.bits - 0.5 * std::log2(1 + 12 * (noise * noise + expected_square_inl(*this)));
}

}  // namespace szilard::electronic
