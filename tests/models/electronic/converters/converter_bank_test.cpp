// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <limits>

#include "models/support/philox.hpp"
#include "tests/models/electronic/converters/converter_fixture.hpp"

namespace szilard::electronic {
namespace {

using namespace testing;

Converter noisy(double noise_lsb, int bits = 8) {
  Converter converter = in_lsb(bits, true);
  converter.imperfections.noise_lsb = noise_lsb;
  return converter;
}

std::vector<double> random_values(std::uint64_t seed, std::size_t count, double low, double high) {
  std::vector<double> values(count);
  const support::RandomStream stream(seed, 1);
  for (std::size_t i = 0; i < count; ++i) values[i] = low + (high - low) * stream.uniform(i, 0);
  return values;
}

TEST_CASE("a converter without errors gives the quantiser's bits, also where its codes are looked at", "[converters]") {
  for (const bool is_signed : {false, true}) {
    Converter plain;
    plain.quantiser = {7, 2.3, is_signed};
    Converter counted = plain;
    counted.energy_model = EnergyModel::charge_decrement;
    counted.architecture.energy_per_step_j = 1e-15;
    const std::vector<double> in = random_values(31, 1000, -3, 3);
    std::vector<double> expected(in.size());
    plain.quantiser.quantise(in.data(), in.size(), expected.data());
    ConverterBank bank = adcs(plain), counting = adcs(counted), dac = dacs(plain);
    CHECK(bank.is_plain());
    CHECK_FALSE(counting.is_plain());
    CHECK(convert(bank, in) == expected);
    CHECK(convert(counting, in) == expected);
    CHECK(convert(dac, in) == expected);
  }
}

TEST_CASE("a converter without bits hands its input on", "[converters]") {
  ConverterBank bank = adcs(Converter{});
  const std::vector<double> in = {-3.7, 0, 1e300};
  CHECK(convert(bank, in) == in);
}

TEST_CASE("codes count the thresholds passed", "[converters]") {
  for (const Mismatch law : {Mismatch::unit_steps, Mismatch::binary_weights, Mismatch::independent}) {
    for (const double sigma : {0.01, 0.5, 4.0}) {
      ConverterBank bank = adcs(with_mismatch(8, true, law, sigma), 3, 37);
      const std::vector<double> in = random_values(37, 3000, -160, 160);
      for (std::size_t i = 0; i < 3; ++i) {
        const std::vector<double> t = bank.curve_lsb(i), codes = convert(bank, in, i);
        for (std::size_t s = 0; s < in.size(); ++s) {
          CHECK(codes[s] == -127 + double(std::upper_bound(t.begin(), t.end(), in[s]) - t.begin()));
        }
        for (const double at : t) {
          const auto passed = double(std::upper_bound(t.begin(), t.end(), at) - t.begin());
          CHECK(convert(bank, {at}, i)[0] == -127 + passed);
        }
      }
    }
  }
}

TEST_CASE("a code density test recovers the DNL", "[converters]") {
  const std::size_t density = 400;
  ConverterBank bank = adcs(with_mismatch(6, false, Mismatch::unit_steps, 0.2), 4, 41);
  for (std::size_t i = 0; i < 4; ++i) {
    const std::vector<double> t = bank.curve_lsb(i);
    std::vector<double> in;
    for (std::size_t k = 0; k < 64 * density; ++k) in.push_back((double(k) + 0.5) / double(density));
    std::vector<std::size_t> hits(64, 0);
    for (const double code : convert(bank, in, i)) ++hits[std::size_t(code)];
    for (std::size_t code = 1; code + 1 < 64; ++code) {
      const double dnl = double(hits[code]) / double(density) - 1;
      CHECK(dnl == Approx(t[code] - t[code - 1] - 1).margin(1.01 / double(density)));
    }
  }
}

TEST_CASE("offset and gain error shift and stretch the input", "[converters]") {
  Converter converter = in_lsb(10, true);
  converter.imperfections.offset_lsb = 3;
  converter.imperfections.gain_error = -0.25;
  ConverterBank adc = adcs(converter), dac = dacs(converter);
  CHECK(convert(adc, {0, 100, -100, 511}) == std::vector<double>{3, 78, -72, 386});
  CHECK(convert(dac, {0, 100, -100}) == std::vector<double>{3, 78, -72});
  CHECK(adc.offset_lsb(0) == 3);
  CHECK(adc.gain(0) == 0.75);
}

TEST_CASE("offset and gain spread from converter to converter as stated", "[converters]") {
  Converter converter = in_lsb(8, true);
  converter.imperfections.offset_lsb = 1;
  converter.imperfections.offset_spread_lsb = 0.5;
  converter.imperfections.gain_spread = 0.02;
  const std::size_t count = 4000;
  ConverterBank bank = adcs(converter, count, 43);
  INFO("seed 43");
  std::vector<double> offset, gain;
  double product = 0;
  for (std::size_t i = 0; i < count; ++i) {
    offset.push_back((bank.offset_lsb(i) - 1) / 0.5);
    gain.push_back((bank.gain(i) - 1) / 0.02);
    product += offset[i] * gain[i];
  }
  for (const auto* values : {&offset, &gain}) {
    CHECK(std::abs(mean_of(*values)) < 5 / std::sqrt(double(count)));
    CHECK(deviation_of(*values) == Approx(1).epsilon(5 * std::sqrt(0.5 / double(count))));
    CHECK(kolmogorov(*values) < 1.95);
  }
  CHECK(std::abs(product / double(count)) < 5 / std::sqrt(double(count)));
}

TEST_CASE("noise is Gaussian with the stated rms, drawn anew for each conversion and sample", "[converters]") {
  const double rms = 0.7;
  ConverterBank bank = dacs(noisy(rms), 2, 47);
  INFO("seed 47");
  const std::vector<double> in(5000, 12.0);
  std::vector<double> first = convert(bank, in, 0, 0), second = convert(bank, in, 0, 1);
  double product = 0;
  for (std::size_t s = 0; s < in.size(); ++s) {
    first[s] = (first[s] - 12) / rms;
    second[s] = (second[s] - 12) / rms;
    product += first[s] * second[s];
  }
  for (const auto* values : {&first, &second}) {
    CHECK(std::abs(mean_of(*values)) < 5 / std::sqrt(5000.0));
    CHECK(deviation_of(*values) == Approx(1).epsilon(5 * std::sqrt(0.5 / 5000)));
    CHECK(kolmogorov(*values) < 1.95);
  }
  CHECK(std::abs(product / 5000) < 5 / std::sqrt(5000.0));
}

TEST_CASE("an ADC's noise moves codes as often as the normal law says", "[converters]") {
  const double rms = 0.8;
  ConverterBank bank = adcs(noisy(rms), 1, 53);
  INFO("seed 53");
  const std::size_t count = 20000;
  const std::vector<double> codes = convert(bank, std::vector<double>(count, 5.2));
  for (int code = 3; code <= 7; ++code) {
    const auto below = [&](double edge) { return 0.5 * std::erfc(-(edge - 5.2) / rms / std::sqrt(2.0)); };
    const double p = below(code + 0.5) - below(code - 0.5);
    const double share = double(std::count(codes.begin(), codes.end(), double(code))) / double(count);
    CHECK(share == Approx(p).margin(5 * std::sqrt(p * (1 - p) / double(count))));
  }
}

TEST_CASE("results do not depend on how samples are cut into blocks", "[converters]") {
  Converter converter = with_mismatch(8, true, Mismatch::unit_steps, 0.3);
  converter.imperfections.noise_lsb = 0.5;
  converter.imperfections.gain_spread = 0.1;
  converter.energy_model = EnergyModel::charge_decrement;
  converter.architecture.energy_per_step_j = 1e-15;
  const std::size_t samples = 150;
  const std::vector<double> in = random_values(59, samples, -130, 130);
  ConverterBank whole = adcs(converter, 4, 59), parts = adcs(converter, 4, 59);
  for (const std::size_t length : {1u, 7u, 64u}) {
    whole.start(1000, samples);
    std::vector<std::vector<double>> expected(40, std::vector<double>(samples));
    for (std::uint32_t c = 0; c < 40; ++c) whole.convert(c % 4, c, in.data(), expected[c].data());
    for (std::size_t first = 0; first < samples; first += length) {
      const std::size_t n = std::min(length, samples - first);
      parts.start(1000 + first, n);
      std::vector<double> out(n);
      for (std::uint32_t c = 0; c < 40; ++c) {
        parts.convert(c % 4, c, &in[first], out.data());
        CHECK(std::equal(out.begin(), out.end(), expected[c].begin() + std::ptrdiff_t(first)));
      }
      CHECK(std::equal(parts.energies_j(), parts.energies_j() + n, whole.energies_j() + first));
    }
  }
}

TEST_CASE("the first of a row of conversions may be any", "[converters]") {
  ConverterBank forwards = adcs(noisy(0.5), 1, 61), backwards = adcs(noisy(0.5), 1, 61);
  const std::vector<double> in(9, 3.3);
  std::vector<std::vector<double>> one(50, std::vector<double>(9)), other = one;
  forwards.start(5, 9);
  backwards.start(5, 9);
  for (std::uint32_t c = 0; c < 50; ++c) forwards.convert(0, c, in.data(), one[c].data());
  for (std::uint32_t c = 50; c-- > 0;) backwards.convert(0, c, in.data(), other[c].data());
  CHECK(one == other);
}

TEST_CASE("infinite and undefined inputs end at a code", "[converters][bad]") {
  const double inf = std::numeric_limits<double>::infinity(), nan = std::nan("");
  for (const Mismatch law : {Mismatch::none, Mismatch::unit_steps, Mismatch::independent}) {
    Converter converter = law == Mismatch::none ? noisy(0.1, 6) : with_mismatch(6, true, law, 0.1);
    ConverterBank bank = adcs(converter);
    const std::vector<double> codes = convert(bank, {-inf, inf, nan});
    CHECK(codes[0] == -31);
    CHECK(codes[1] == 31);
    CHECK(codes[2] == -31);
  }
}

}  // namespace
}  // namespace szilard::electronic
