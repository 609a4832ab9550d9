// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "models/electronic/converters/capacitor_array.hpp"
#include "tests/models/electronic/converters/converter_fixture.hpp"

namespace szilard::electronic {
namespace {

using namespace testing;

Converter stepped(EnergyModel model, int bits, bool is_signed) {
  Converter converter = in_lsb(bits, is_signed);
  converter.energy_model = model;
  converter.architecture.energy_per_step_j = 2e-15;
  converter.architecture.step_time_s = 1e-9;
  converter.architecture.fixed_energy_j = 5e-15;
  converter.architecture.fixed_time_s = 3e-9;
  return converter;
}

double mean_switching(int bits, CapacitorSwitching switching) {
  double sum = 0;
  for (std::uint32_t i = 0; i < (1U << bits); ++i) sum += switching_energy(bits, switching, i);
  return sum / double(1U << bits);
}

TEST_CASE("the mean switching energy of a SAR array is the published sum", "[converters]") {
  for (int n = 2; n <= 12; ++n) {
    double monotonic = 0, conventional = 0;
    for (int i = 1; i < n; ++i) monotonic += std::exp2(n - 2 - i);
    for (int i = 1; i <= n; ++i) conventional += std::exp2(n + 1 - 2 * i) * (std::exp2(i) - 1);
    CHECK(mean_switching(n, CapacitorSwitching::monotonic) == Approx(monotonic).epsilon(1e-12));
    CHECK(mean_switching(n, CapacitorSwitching::conventional) == Approx(conventional).epsilon(1e-12));
  }
  // As printed for ten bits: 255.5 and 1363.3 C V^2 (Liu et al. 2010).
  CHECK(mean_switching(10, CapacitorSwitching::monotonic) == Approx(255.5));
  CHECK(mean_switching(10, CapacitorSwitching::conventional) == Approx(1363.3).epsilon(1e-4));
}

TEST_CASE("no conversion draws energy below zero, and mirrored codes draw alike", "[converters]") {
  for (const auto switching : {CapacitorSwitching::monotonic, CapacitorSwitching::conventional}) {
    for (std::uint32_t i = 0; i < 256; ++i) CHECK(switching_energy(8, switching, i) >= 0);
  }
  for (std::uint32_t i = 0; i < 256; ++i) {
    CHECK(switching_energy(8, CapacitorSwitching::monotonic, i) ==
          Approx(switching_energy(8, CapacitorSwitching::monotonic, 255 - i)));
  }
}

TEST_CASE("energy and time of each architecture follow its steps", "[converters]") {
  const double fixed = 5e-15, step = 2e-15;
  const auto sar = stepped(EnergyModel::sar, 8, true);
  CHECK(sar.energy_j(100) == Approx(fixed + 8 * step));
  CHECK(sar.time_s() == Approx(11e-9));
  CHECK_FALSE(sar.energy_follows_code());
  const auto flash = stepped(EnergyModel::flash, 4, false);
  CHECK(flash.energy_j(3) == Approx(fixed + 15 * step));
  CHECK(flash.time_s() == Approx(4e-9));
  auto ramp_adc = stepped(EnergyModel::single_slope_ramp, 8, false);
  CHECK(ramp_adc.energy_j(7) == Approx(fixed + 256 * step));
  CHECK(ramp_adc.time_s() == Approx(259e-9));
  ramp_adc.architecture.stops_early = true;
  CHECK(ramp_adc.energy_j(0) == Approx(fixed + step));
  CHECK(ramp_adc.energy_j(255) == Approx(fixed + 256 * step));
  CHECK(ramp_adc.time_s() == Approx(259e-9));
  const auto cco = stepped(EnergyModel::current_controlled_oscillator, 8, true);
  CHECK(cco.energy_j(0) == Approx(fixed));
  CHECK(cco.energy_j(-100) == Approx(fixed + 100 * step));
  CHECK(cco.time_s() == Approx(130e-9));
  const auto decrement = stepped(EnergyModel::charge_decrement, 6, true);
  CHECK(decrement.energy_j(0) == Approx(fixed + step));
  CHECK(decrement.energy_j(31) == Approx(fixed + 32 * step));
  CHECK(decrement.time_s() == Approx(35e-9));
}

TEST_CASE("a binary search among packets takes a step a bit, whatever the code", "[converters]") {
  auto converter = stepped(EnergyModel::charge_decrement, 6, true);
  converter.architecture.binary_search = true;
  for (const double code : {-31.0, 0.0, 17.0}) CHECK(converter.energy_j(code) == Approx(5e-15 + 6 * 2e-15));
  CHECK(converter.time_s() == Approx(9e-9));
  CHECK_FALSE(converter.energy_follows_code());
}

TEST_CASE("the survey's trend is flat for slow converters, falls with the logarithm of the rate, and doubles E in 3 dB",
          "[converters]") {
  Converter converter = in_lsb(8, true);
  converter.energy_model = EnergyModel::survey;
  converter.survey = {180, 300, 6.5};
  const auto energy_at = [&](double rate_hz) {
    converter.conversion_time_s = 1 / rate_hz;
    converter.check();
    return converter.energy_j(0);
  };
  const double corner = std::exp((300 - 180) / 6.5);
  CHECK(energy_at(1e3) == Approx(energy_at(0.99 * corner)).epsilon(1e-12));
  // E f at the figure of merit: F = SNDR + 10 log10(f / 2 / (E f)).
  CHECK(10 * std::log10(0.5 / energy_at(1e3)) + 20 * std::log10(256.0) + 10 * std::log10(1.5) ==
        Approx(180).epsilon(1e-12));
  for (const double rate : {1.5 * corner, 10 * corner})
    CHECK(energy_at(rate * std::exp(10 * std::log10(2.0) / 6.5)) == Approx(2 * energy_at(rate)).epsilon(1e-12));
  const double whole = energy_at(1e9);
  converter.effective_bits = 7;
  CHECK(converter.energy_j(0) == Approx(whole / 4));
}

TEST_CASE("a settling amplifier draws branches C (bits + 1) ln 2 / (t g) V, and leaves half a step", "[converters]") {
  SettlingAmplifier amplifier{600e-15, 270e-9, 6, 25, 1.8, 2};
  CHECK(std::exp(-amplifier.time_s / amplifier.time_constant_s()) == Approx(0.5 / 64));
  CHECK(amplifier.power_w() == Approx(2 * 600e-15 * 7 * std::log(2.0) / (270e-9 * 25) * 1.8));
  const double before = amplifier.power_w();
  amplifier.time_s = 135e-9;
  CHECK(amplifier.power_w() == Approx(2 * before));
}

TEST_CASE("amplifiers and trends that cannot be are refused by name", "[converters][bad]") {
  using Catch::Matchers::Contains;
  const SettlingAmplifier good{1e-13, 1e-7, 8, 25, 1, 2};
  CHECK_NOTHROW(good.check(300));
  const auto message = [&](auto spoil) {
    SettlingAmplifier bad = good;
    spoil(bad);
    try {
      bad.check(300);
    } catch (const std::invalid_argument& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK_THAT(message([](auto& a) { a.load_f = 0; }), Contains("amplifier.load_f"));
  CHECK_THAT(message([](auto& a) { a.time_s = -1; }), Contains("amplifier.time_s"));
  CHECK_THAT(message([](auto& a) { a.bits = 0; }), Contains("amplifier.bits"));
  CHECK_THAT(message([](auto& a) { a.branches = 0; }), Contains("amplifier.branches"));
  // q / kT at 300 K is 38.68 / V.
  CHECK_THAT(message([](auto& a) { a.efficiency_per_v = 38.7; }), Contains("amplifier.efficiency_per_v"));
  CHECK(message([](auto& a) { a.efficiency_per_v = 38.6; }).empty());
  Converter converter = in_lsb(8, true);
  converter.energy_model = EnergyModel::survey;
  converter.survey = {180, 300, 6.5};
  CHECK_THROWS_WITH(converter.check(), Contains("conversion_time_s"));
  converter.conversion_time_s = 1e-9;
  converter.survey.slope_db = -1;
  CHECK_THROWS_WITH(converter.check(), Contains("survey.slope_db"));
}

TEST_CASE("a SAR converter's array adds C V^2 of its code", "[converters]") {
  auto sar = stepped(EnergyModel::sar, 8, true);
  sar.architecture.unit_capacitance_f = 1e-15;
  sar.architecture.reference_voltage_v = 0.9;
  CHECK(sar.energy_follows_code());
  for (const double code : {-127.0, -1.0, 0.0, 63.0, 127.0}) {
    const double array = switching_energy(8, CapacitorSwitching::monotonic, std::uint32_t(code + 128));
    CHECK(sar.energy_j(code) == Approx(5e-15 + 16e-15 + array * 0.81e-15));
  }
}

TEST_CASE("the bank adds up the energies of the codes it finds", "[converters]") {
  for (const EnergyModel model : {EnergyModel::sar, EnergyModel::single_slope_ramp,
                                  EnergyModel::current_controlled_oscillator, EnergyModel::charge_decrement}) {
    Converter converter = stepped(model, 6, true);
    converter.architecture.unit_capacitance_f = 1e-15;
    converter.architecture.reference_voltage_v = 1;
    converter.architecture.stops_early = true;
    converter.imperfections.noise_lsb = 0.4;
    ConverterBank bank = adcs(converter, 3, 67);
    const std::vector<double> in = ramp(-40, 40, 33);
    std::vector<double> codes(in.size()), expected(in.size(), 0.0);
    bank.start(0, in.size());
    for (std::uint32_t c = 0; c < 12; ++c) {
      bank.convert(c % 3, c, in.data(), codes.data());
      for (std::size_t s = 0; s < in.size(); ++s) expected[s] += converter.energy_j(codes[s]);
    }
    REQUIRE(bank.energies_j() != nullptr);
    for (std::size_t s = 0; s < in.size(); ++s) CHECK(bank.energies_j()[s] == Approx(expected[s]).epsilon(1e-12));
  }
  ConverterBank constant = adcs(stepped(EnergyModel::flash, 4, true));
  constant.start(0, 1);
  CHECK(constant.energies_j() == nullptr);
}

TEST_CASE("Walden: 10 fJ a step and 8 bits are 2.56 pJ", "[converters]") {
  Converter converter = in_lsb(8, true);
  converter.energy_model = EnergyModel::walden;
  converter.figure_of_merit = 10e-15;
  CHECK(converter.enob() == 8);
  CHECK(converter.energy_j(0) == Approx(2.56e-12));
  converter.effective_bits = 7;
  CHECK(converter.energy_j(0) == Approx(1.28e-12));
}

TEST_CASE("Schreier: energy is half SNDR over the figure, four times for one more bit", "[converters]") {
  Converter converter = in_lsb(10, true);
  converter.energy_model = EnergyModel::schreier;
  converter.figure_of_merit = 170;
  CHECK(converter.energy_j(0) == Approx(0.5 * 1.5 * std::pow(4.0, 10) / 1e17));
  const double ten = converter.energy_j(0);
  converter.effective_bits = 11;
  CHECK(converter.energy_j(0) == Approx(4 * ten));
  // P / (2 B) from the definition: F = SNDR + 10 log10(B / P).
  const double bandwidth_hz = 5e6, power_w = converter.energy_j(0) * 2 * bandwidth_hz;
  const double sndr_db = 10 * std::log10(1.5 * std::pow(4.0, 11));
  CHECK(sndr_db + 10 * std::log10(bandwidth_hz / power_w) == Approx(170));
}

TEST_CASE("a sampling capacitor adds kT / C and C V^2", "[converters]") {
  const double boltzmann = 1.380649e-23, c = quantisation_limited_capacitance_f(8, 1, 300);
  CHECK(c == Approx(3.3e-15).epsilon(0.02));
  CHECK(c == Approx(12 * boltzmann * 300 * 65536));
  Converter converter = in_lsb(8, true);
  converter.sampling = {c, 1.0, 300};
  CHECK(converter.noise_lsb() == Approx(1 / std::sqrt(12.0)));
  CHECK(converter.enob() == Approx(7.5));
  CHECK(converter.energy_j(0) == Approx(c));
  CHECK(quantisation_limited_capacitance_f(8, 0.5, 300) == Approx(4 * c));
  converter.sampling.temperature_k = 75;
  CHECK(converter.noise_lsb() == Approx(0.5 / std::sqrt(12.0)));
  converter.imperfections.noise_lsb = 0.3;
  CHECK(converter.noise_lsb() == Approx(std::sqrt(0.09 + 0.25 / 12)));
  ConverterBank bank = adcs(converter, 1, 73);
  INFO("seed 73");
  const std::vector<double> codes = convert(bank, ramp(-100, 100, 20001));
  double square = 0;
  for (std::size_t s = 0; s < codes.size(); ++s) {
    const double error = codes[s] - (-100 + 0.01 * double(s));
    square += error * error / double(codes.size());
  }
  CHECK(square == Approx(1 / 12.0 + 0.09 + 0.25 / 12).epsilon(0.05));
}

TEST_CASE("the effective number of bits is that of the measured error", "[converters]") {
  struct Case {
    Mismatch mismatch;
    double sigma, noise;
  };
  for (const Case& c : {Case{Mismatch::none, 0, 0}, Case{Mismatch::none, 0, 0.5}, Case{Mismatch::unit_steps, 0.1, 0},
                        Case{Mismatch::binary_weights, 0.05, 0.2}, Case{Mismatch::independent, 0.3, 0}}) {
    Converter converter = with_mismatch(8, true, c.mismatch, c.sigma);
    converter.imperfections.noise_lsb = c.noise;
    const std::size_t count = 400;
    ConverterBank bank = adcs(converter, count, 71);
    INFO("seed 71, law " << int(c.mismatch));
    const std::vector<double> in = ramp(-126.5, 126.5, 4001);
    double square = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::vector<double> codes = convert(bank, in, i);
      for (std::size_t s = 0; s < in.size(); ++s) square += (codes[s] - in[s]) * (codes[s] - in[s]);
    }
    square /= double(count * in.size());
    const double measured = 8 - 0.5 * std::log2(12 * square);
    CHECK(converter.expected_effective_bits() == Approx(measured).margin(0.06));
  }
  CHECK(in_lsb(8, true).expected_effective_bits() == 8);
}

}  // namespace
}  // namespace szilard::electronic
