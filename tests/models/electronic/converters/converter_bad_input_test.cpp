// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <limits>
#include <stdexcept>

#include "tests/models/electronic/converters/converter_fixture.hpp"

namespace szilard::electronic {
namespace {

using namespace testing;
using Catch::Matchers::Contains;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

template <typename Change>
Converter changed(Change change, int bits = 8) {
  Converter converter = in_lsb(bits, true);
  change(converter);
  return converter;
}

TEST_CASE("errors that no converter has are refused by name", "[converters][bad]") {
  CHECK_THROWS_WITH(changed([](auto& c) { c.imperfections.offset_lsb = kNan; }).check(), Contains("offset_lsb"));
  CHECK_THROWS_WITH(changed([](auto& c) { c.imperfections.offset_spread_lsb = -1; }).check(),
                    Contains("offset_spread_lsb"));
  CHECK_THROWS_WITH(changed([](auto& c) { c.imperfections.gain_error = -1; }).check(), Contains("gain_error"));
  CHECK_THROWS_WITH(changed([](auto& c) { c.imperfections.gain_spread = kInfinity; }).check(), Contains("gain_spread"));
  CHECK_THROWS_WITH(changed([](auto& c) { c.imperfections.mismatch_lsb = -0.1; }).check(), Contains("mismatch_lsb"));
  CHECK_THROWS_WITH(changed([](auto& c) { c.imperfections.noise_lsb = kNan; }).check(), Contains("noise_lsb"));
}

TEST_CASE("errors in LSB need bits", "[converters][bad]") {
  Converter converter;
  converter.imperfections.noise_lsb = 0.5;
  CHECK_THROWS_WITH(converter.check(), Contains("quantiser.bits"));
}

TEST_CASE("curves for more codes than fit are refused", "[converters][bad]") {
  const auto with_curve = [](auto& c) { c.imperfections.mismatch = Mismatch::unit_steps; };
  CHECK_THROWS_WITH(changed(with_curve, 15).check(), Contains("14 or less"));
  CHECK_NOTHROW(changed(with_curve, 14).check());
}

TEST_CASE("figures of merit without a meaning are refused", "[converters][bad]") {
  CHECK_THROWS_WITH(changed([](auto& c) { c.energy_model = EnergyModel::walden; }).check(),
                    Contains("figure_of_merit"));
  CHECK_THROWS_WITH(changed([](auto& c) {
                      c.energy_model = EnergyModel::schreier;
                      c.figure_of_merit = 500;
                    }).check(),
                    Contains("figure_of_merit"));
  CHECK_THROWS_WITH(changed([](auto& c) {
                      c.energy_model = EnergyModel::walden;
                      c.figure_of_merit = 1e-15;
                      c.effective_bits = -2;
                    }).check(),
                    Contains("effective_bits"));
}

TEST_CASE("architectures with impossible steps are refused", "[converters][bad]") {
  const auto sar = [](auto change) {
    return changed([&](auto& c) {
      c.energy_model = EnergyModel::sar;
      change(c.architecture);
    });
  };
  CHECK_THROWS_WITH(sar([](auto& a) { a.energy_per_step_j = -1e-15; }).check(), Contains("energy_per_step_j"));
  CHECK_THROWS_WITH(sar([](auto& a) { a.step_time_s = kNan; }).check(), Contains("step_time_s"));
  CHECK_THROWS_WITH(sar([](auto& a) { a.fixed_energy_j = -1; }).check(), Contains("fixed_energy_j"));
  CHECK_THROWS_WITH(sar([](auto& a) { a.fixed_time_s = -1; }).check(), Contains("fixed_time_s"));
  CHECK_THROWS_WITH(sar([](auto& a) { a.unit_capacitance_f = -1; }).check(), Contains("unit_capacitance_f"));
  CHECK_THROWS_WITH(sar([](auto& a) { a.reference_voltage_v = kInfinity; }).check(), Contains("reference_voltage_v"));
  CHECK_THROWS_WITH(sar([](auto& a) { a.shared_power_w = -1; }).check(), Contains("shared_power_w"));
  CHECK_THROWS_WITH(changed([](auto& c) { c.energy_model = EnergyModel::flash; }, 17).check(),
                    Contains("quantiser.bits"));
}

TEST_CASE("static power and sharing without a meaning are refused", "[converters][bad]") {
  CHECK_THROWS_WITH(changed([](auto& c) { c.static_power_w = -1e-6; }).check(), Contains("static_power_w"));
  CHECK_THROWS_WITH(changed([](auto& c) { c.columns_per_converter = 0; }).check(), Contains("columns_per_converter"));
  CHECK_THROWS_WITH(changed([](auto& c) { c.columns_per_converter = 5000; }).check(),
                    Contains("columns_per_converter"));
}

TEST_CASE("sampling without a voltage, a temperature or bits, or in a DAC, is refused", "[converters][bad]") {
  CHECK_THROWS_WITH(changed([](auto& c) {
                      c.sampling = {-1e-15, 1.0, 300};
                    }).check(),
                    Contains("sampling.capacitance_f"));
  CHECK_THROWS_WITH(changed([](auto& c) { c.sampling = {1e-15, 0.0, 300}; }).check(), Contains("sampling.voltage_v"));
  CHECK_THROWS_WITH(changed([](auto& c) { c.sampling = {1e-15, 1.0, 0}; }).check(), Contains("sampling.temperature_k"));
  CHECK_THROWS_WITH(changed([](auto& c) {
                      c.sampling = {1e-15, 1.0, 300};
                      c.quantiser.bits = 0;
                    }).check(),
                    Contains("quantiser.bits"));
  CHECK_THROWS_WITH(dacs(changed([](auto& c) { c.sampling = {1e-15, 1.0, 300}; })), Contains("0 in a DAC"));
}

TEST_CASE("a DAC has no architecture of an ADC, and a bank checks its converter", "[converters][bad]") {
  CHECK_THROWS_WITH(dacs(changed([](auto& c) { c.energy_model = EnergyModel::flash; })), Contains("energy_model"));
  CHECK_THROWS_AS(adcs(changed([](auto& c) { c.imperfections.gain_error = -2; })), std::invalid_argument);
}

TEST_CASE("a converter that is not there is refused", "[converters][bad]") {
  ConverterBank bank = adcs(with_mismatch(6, true, Mismatch::unit_steps, 0.1), 2);
  CHECK_THROWS_AS(bank.curve_lsb(2), std::out_of_range);
  CHECK_THROWS_AS(bank.offset_lsb(2), std::out_of_range);
  CHECK_THROWS_AS(bank.gain(7), std::out_of_range);
}

}  // namespace
}  // namespace szilard::electronic
