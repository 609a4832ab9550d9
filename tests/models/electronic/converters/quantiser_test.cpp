// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "models/electronic/converters/converter.hpp"

namespace szilard::electronic {
namespace {

using Catch::Matchers::Contains;

double quantised(const Quantiser& q, double value) {
  double out = 0;
  q.quantise(&value, 1, &out);
  return out;
}

TEST_CASE("halves round away from zero", "[converter]") {
  const Quantiser q{8, 127, true};
  for (const double code : {0.0, 1.0, 2.0, 41.0, 126.0}) {
    CHECK(q.code(code + 0.5) == code + 1);
    CHECK(q.code(-code - 0.5) == -code - 1);
    CHECK(quantised(q, code + 0.5) == code + 1);
    CHECK(quantised(q, -code - 0.5) == -code - 1);
  }
}

TEST_CASE("the doubles next to a half round to their own side", "[converter]") {
  const Quantiser q{8, 127, true};
  for (int code = 0; code < 126; ++code) {
    CHECK(quantised(q, std::nextafter(code + 0.5, 0)) == code);
    CHECK(quantised(q, std::nextafter(code + 0.5, 1e9)) == code + 1);
    CHECK(quantised(q, -std::nextafter(code + 0.5, 0)) == -code);
  }
}

TEST_CASE("an unsigned quantiser has 2^bits codes from 0 to full scale", "[converter]") {
  const Quantiser q{3, 7, false};
  CHECK(q.highest_code() == 7);
  CHECK(q.step() == 1);
  CHECK(quantised(q, -0.1) == 0);
  CHECK(quantised(q, -100) == 0);
  CHECK(quantised(q, 7.6) == 7);
  CHECK(quantised(q, std::numeric_limits<double>::infinity()) == 7);
}

TEST_CASE("a signed quantiser is symmetric: the code below the lowest is never used", "[converter]") {
  const Quantiser q{4, 7, true};
  CHECK(q.highest_code() == 7);
  CHECK(quantised(q, -8) == -7);
  CHECK(quantised(q, 8) == 7);
  for (double v = -9; v < 9; v += 0.125) CHECK(quantised(q, -v) == -quantised(q, v));
}

TEST_CASE("a quantiser without bits is transparent", "[converter]") {
  const Quantiser q{0, 1, false};
  for (const double v : {-3.7, 0.0, 1e300}) {
    CHECK(quantised(q, v) == v);
    CHECK(q.value(q.code(v)) == v);
  }
}

TEST_CASE("values stay within half a step inside the range, and quantising twice changes nothing", "[converter]") {
  for (const Quantiser q : {Quantiser{8, 1.7, false}, Quantiser{5, 0.3, true}, Quantiser{24, 12.5, true}}) {
    for (int i = -1000; i <= 1000; ++i) {
      const double v = q.full_scale * i / 1000.0;
      if (v < 0 && !q.is_signed) continue;
      const double once = quantised(q, v);
      CHECK(std::abs(once - v) <= 0.5 * q.step() * (1 + 1e-9));
      CHECK(quantised(q, once) == once);
    }
  }
}

TEST_CASE("the vector form agrees with the scalar form bit for bit at any length", "[converter]") {
  const Quantiser q{6, 2.3, true};
  for (const std::size_t n : {1u, 3u, 8u, 17u, 100u}) {
    std::vector<double> in(n), out(n);
    for (std::size_t i = 0; i < n; ++i) in[i] = -3 + 6.0 * static_cast<double>(i) / static_cast<double>(n);
    q.quantise(in.data(), n, out.data());
    for (std::size_t i = 0; i < n; ++i) CHECK(out[i] == q.value(q.code(in[i])));
  }
}

TEST_CASE("one signed bit is the sign, at the full scale", "[converter]") {
  const Quantiser q{1, 2.5, true};
  CHECK(q.highest_code() == 1);
  CHECK(q.lowest_code() == -1);
  for (const double v : {1e-300, 0.3, 1.25, 2.5, 1e300, std::numeric_limits<double>::infinity()}) {
    CHECK(quantised(q, v) == 2.5);
    CHECK(quantised(q, -v) == -2.5);
    CHECK(q.value(q.code(v)) == 2.5);
    CHECK(q.value(q.code(-v)) == -2.5);
  }
  CHECK(std::abs(quantised(q, 0.0)) == 2.5);
  const Quantiser unsigned_bit{1, 2.5, false};
  CHECK(quantised(unsigned_bit, 1.24) == 0);
  CHECK(quantised(unsigned_bit, 1.26) == 2.5);
}

TEST_CASE("a comparator decides by its own offset and noise", "[converter]") {
  Converter converter{{1, 2.0, true}, 1e-15, 1e-9};
  converter.imperfections.offset_lsb = 0.25;  // of a step that is the full scale: half a unit
  ConverterBank bank(converter, ConverterBank::Direction::to_digital, 1, 1, "adc");
  bank.start(0, 4);
  const double in[] = {-0.51, -0.49, 0.0, 3.0};
  double out[4];
  bank.convert(0, 0, in, out);
  CHECK(out[0] == -2);
  for (int i = 1; i < 4; ++i) CHECK(out[i] == 2);
  converter.imperfections = {};
  converter.imperfections.noise_lsb = 0.5;
  ConverterBank noisy(converter, ConverterBank::Direction::to_digital, 1, 5, "adc");
  constexpr std::size_t kSamples = 20000;
  noisy.start(0, kSamples);
  const std::vector<double> half(kSamples, 0.5);  // 1/4 LSB: half a sigma above the threshold
  std::vector<double> decided(kSamples);
  noisy.convert(0, 0, half.data(), decided.data());
  double above = 0;
  for (const double d : decided) above += d > 0 ? 1.0 / kSamples : 0.0;
  INFO("seed 5");
  CHECK(above == Approx(0.5 * std::erfc(-0.5 / std::sqrt(2.0))).margin(4 * std::sqrt(0.25 / kSamples)));
}

TEST_CASE("a comparator has neither steps nor mismatch, and no DAC is one", "[converter][bad]") {
  Converter converter{{1, 2.0, true}, 1e-15, 1e-9};
  CHECK_NOTHROW(converter.check());
  CHECK_THROWS_WITH(ConverterBank(converter, ConverterBank::Direction::to_analog, 1, 1, "dac"),
                    Contains("quantiser.bits"));
  Converter sar = converter;
  sar.energy_model = EnergyModel::sar;
  CHECK_THROWS_WITH(sar.check(), Contains("energy_model"));
  Converter uneven = converter;
  uneven.imperfections.mismatch = Mismatch::independent;
  uneven.imperfections.mismatch_lsb = 0.1;
  CHECK_THROWS_WITH(uneven.check(), Contains("mismatch"));
}

TEST_CASE("impossible quantisers are refused by the name of the field", "[converter][bad]") {
  CHECK_THROWS_WITH((Quantiser{-1, 1, false}.check()), Contains("quantiser.bits"));
  CHECK_THROWS_WITH((Quantiser{25, 1, false}.check()), Contains("quantiser.bits"));
  CHECK_THROWS_WITH((Quantiser{8, 0, false}.check()), Contains("quantiser.full_scale"));
  CHECK_THROWS_WITH((Quantiser{8, -1, false}.check()), Contains("quantiser.full_scale"));
  CHECK_THROWS_WITH((Quantiser{8, std::nan(""), false}.check()), Contains("quantiser.full_scale"));
  CHECK_NOTHROW((Quantiser{1, 1, false}.check()));
}

TEST_CASE("a converter refuses negative or infinite energy and time", "[converter][bad]") {
  CHECK_THROWS_WITH((Converter{{8, 1, false}, -1e-12, 1e-9}.check()), Contains("energy_per_conversion_j"));
  CHECK_THROWS_WITH((Converter{{8, 1, false}, 1e-12, -1e-9}.check()), Contains("conversion_time_s"));
  CHECK_THROWS_WITH((Converter{{8, 1, false}, std::numeric_limits<double>::infinity(), 0}.check()),
                    Contains("energy_per_conversion_j"));
  CHECK_THROWS_AS((Converter{{8, 1, false}, std::nan(""), 0}.check()), std::invalid_argument);
}

}  // namespace
}  // namespace szilard::electronic
