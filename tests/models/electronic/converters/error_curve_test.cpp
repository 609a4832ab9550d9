// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/models/electronic/converters/converter_fixture.hpp"

namespace szilard::electronic {
namespace {

using namespace testing;

constexpr Mismatch kLaws[] = {Mismatch::unit_steps, Mismatch::binary_weights, Mismatch::independent};

std::vector<double> steps_of(const std::vector<double>& curve) {
  std::vector<double> steps;
  for (std::size_t i = 1; i < curve.size(); ++i) steps.push_back(curve[i] - curve[i - 1]);
  return steps;
}

/// Result of a SAR converter's trials with these levels.
std::size_t bisect(const std::vector<double>& level_of_word, int bits, double value) {
  std::size_t word = 0;
  for (int b = bits - 1; b >= 0; --b) {
    const std::size_t trial = word | (std::size_t(1) << b);
    if (value >= level_of_word[trial]) word = trial;
  }
  return word;
}

TEST_CASE("without mismatch there is no curve", "[converters]") {
  CHECK(adcs(in_lsb(8, true)).curve_lsb(0).empty());
  CHECK(dacs(in_lsb(8, true)).curve_lsb(0).empty());
}

TEST_CASE("steps of unit elements have the stated DNL, mean, deviation and distribution", "[converters]") {
  const double sigma = 0.1;
  ConverterBank bank = adcs(with_mismatch(8, true, Mismatch::unit_steps, sigma), 200, 7);
  INFO("seed 7");
  std::vector<double> dnl;
  for (std::size_t i = 0; i < bank.converters(); ++i) {
    for (const double step : steps_of(bank.curve_lsb(i))) dnl.push_back(step - 1);
  }
  REQUIRE(dnl.size() == 200 * 253);
  CHECK(std::abs(mean_of(dnl)) < 1e-12);
  CHECK(deviation_of(dnl) == Approx(sigma).epsilon(5 * std::sqrt(0.5 / double(dnl.size())) + 0.5 / 253));
  for (double& value : dnl) value /= sigma * std::sqrt(1 - 1 / 253.0);
  CHECK(kolmogorov(dnl) < 1.95);
}

TEST_CASE("INL of unit elements is the sum of DNL, ends at 0 and spreads as a bridge", "[converters]") {
  const double sigma = 0.05;
  const std::size_t count = 2000;
  ConverterBank bank = adcs(with_mismatch(8, false, Mismatch::unit_steps, sigma), count, 11);
  INFO("seed 11");
  const double steps = 254;
  for (const std::size_t k : {32u, 127u, 200u}) {
    std::vector<double> inl;
    for (std::size_t i = 0; i < count; ++i) {
      const std::vector<double> t = bank.curve_lsb(i);
      REQUIRE(t.size() == 255);
      CHECK(t.front() == 0.5);
      CHECK(t.back() == 254.5);
      inl.push_back(t[k] - (double(k) + 0.5));
    }
    const double expected = sigma * std::sqrt(double(k) * (steps - double(k)) / steps);
    CHECK(std::abs(mean_of(inl)) < 5 * expected / std::sqrt(double(count)));
    CHECK(deviation_of(inl) == Approx(expected).epsilon(5 * std::sqrt(0.5 / double(count))));
    for (double& value : inl) value /= expected;
    CHECK(kolmogorov(inl) < 1.95);
  }
}

TEST_CASE("independent thresholds have the stated INL", "[converters]") {
  const double sigma = 0.06;
  ConverterBank bank = adcs(with_mismatch(8, true, Mismatch::independent, sigma), 100, 3);
  INFO("seed 3");
  std::vector<double> inl;
  for (std::size_t i = 0; i < bank.converters(); ++i) {
    const std::vector<double> t = bank.curve_lsb(i);
    REQUIRE(t.size() == 254);
    for (std::size_t k = 0; k < t.size(); ++k) inl.push_back((t[k] - (-126.5 + double(k))) / sigma);
  }
  CHECK(std::abs(mean_of(inl)) < 5 / std::sqrt(double(inl.size())));
  CHECK(deviation_of(inl) == Approx(1).epsilon(5 * std::sqrt(0.5 / double(inl.size()))));
  CHECK(kolmogorov(inl) < 1.95);
}

TEST_CASE("the largest step error of binary weights is the middle one, sqrt(2^n - 1) units", "[converters]") {
  const double sigma = 0.02;
  const std::size_t count = 2000;
  ConverterBank bank = dacs(with_mismatch(8, false, Mismatch::binary_weights, sigma), count, 5);
  INFO("seed 5");
  std::vector<double> middle;
  for (std::size_t i = 0; i < count; ++i) middle.push_back(steps_of(bank.curve_lsb(i))[127] - 1);
  const double expected = sigma * std::sqrt(255.0);
  CHECK(deviation_of(middle) == Approx(expected).epsilon(5 * std::sqrt(0.5 / double(count)) + 0.01));
}

TEST_CASE("a SAR converter's thresholds are those of bisection by the levels of its array", "[converters]") {
  const int bits = 6;
  for (const double sigma : {0.05, 0.4, 1.5}) {
    const Converter converter = with_mismatch(bits, false, Mismatch::binary_weights, sigma);
    ConverterBank adc = adcs(converter, 20, 13), dac = dacs(converter, 20, 13);
    INFO("seed 13, sigma " << sigma);
    for (std::size_t i = 0; i < adc.converters(); ++i) {
      const std::vector<double> levels = dac.curve_lsb(i), fitted = adc.curve_lsb(i);
      std::vector<double> sorted = levels;
      std::sort(sorted.begin(), sorted.end());
      std::vector<double> threshold;  // the least level at which the result is `word` or more
      for (std::size_t word = 1; word < levels.size(); ++word) {
        const auto found =
            std::find_if(sorted.begin(), sorted.end(), [&](double v) { return bisect(levels, bits, v) >= word; });
        REQUIRE(found != sorted.end());
        threshold.push_back(*found);
      }
      const double span = threshold.back() - threshold.front();
      REQUIRE(span > 0);
      for (std::size_t k = 0; k < threshold.size(); ++k) {
        const double stretched = (threshold[k] - threshold.front()) / span * 62 + 0.5;
        CHECK(fitted[k] == Approx(stretched).margin(1e-9));
      }
    }
  }
}

TEST_CASE("an ADC's codes rise with its input whatever its errors", "[converters]") {
  for (const Mismatch law : kLaws) {
    for (const double sigma : {0.3, 3.0}) {
      for (const bool is_signed : {false, true}) {
        ConverterBank bank = adcs(with_mismatch(7, is_signed, law, sigma), 5, 17);
        const double low = bank.converter().quantiser.lowest_code() - 20,
                     high = bank.converter().quantiser.highest_code() + 20;
        for (std::size_t i = 0; i < 5; ++i) {
          const std::vector<double> codes = convert(bank, ramp(low, high, 5000), i);
          CHECK(std::is_sorted(codes.begin(), codes.end()));
          CHECK(codes.front() == bank.converter().quantiser.lowest_code());
          if (law != Mismatch::independent) CHECK(codes.back() == bank.converter().quantiser.highest_code());
        }
      }
    }
  }
}

TEST_CASE("a DAC rises with its code where that is stated, and else need not", "[converters]") {
  for (const Mismatch law : kLaws) {
    Converter converter = with_mismatch(8, true, law, 1.0);
    bool falls = false;
    ConverterBank free = dacs(converter, 20, 19);
    converter.imperfections.monotonic = true;
    ConverterBank bound = dacs(converter, 20, 19);
    for (std::size_t i = 0; i < 20; ++i) {
      const auto one = free.curve_lsb(i), other = bound.curve_lsb(i);
      falls = falls || !std::is_sorted(one.begin(), one.end());
      CHECK(std::is_sorted(other.begin(), other.end()));
      CHECK(other.size() == 255);
    }
    CHECK(falls);
  }
}

TEST_CASE("converters differ from one another, and are the same whenever they are built", "[converters]") {
  for (const Mismatch law : kLaws) {
    const Converter converter = with_mismatch(8, true, law, 0.2);
    ConverterBank one = adcs(converter, 3, 23), again = adcs(converter, 7, 23), other = adcs(converter, 3, 24);
    CHECK(one.curve_lsb(2) == again.curve_lsb(2));
    CHECK(one.curve_lsb(0) != one.curve_lsb(1));
    CHECK(one.curve_lsb(0) != other.curve_lsb(0));
  }
}

}  // namespace
}  // namespace szilard::electronic
