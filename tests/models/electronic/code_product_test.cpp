// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/code_product.hpp"

#include <catch2/catch.hpp>

#include "tests/models/electronic/crossbar_fixture.hpp"

namespace szilard::electronic {
namespace {

using namespace testing;

TEST_CASE("weights become 16-bit integers within half a step of their output's scale", "[code_product]") {
  const linear::RowMatrix w = random_dense(5, 33, 3).weights * 7.5;
  const CodeWeights integers(w);
  for (int q = 0; q < 5; ++q) {
    double largest = 0, sum = 0;
    for (int k = 0; k < 33; ++k) {
      const double integer = integers.integers(q)[k];
      CHECK(integer == std::round(integer));
      CHECK(std::abs(integer) <= 32639);
      CHECK(integer == 256.0 * integers.high(q)[k] + integers.low(q)[k]);
      CHECK(std::abs(integer * integers.scale(q) - w(q, k)) <= 0.5000001 * integers.scale(q));
      largest = std::max(largest, std::abs(integer));
      sum += integer;
    }
    CHECK(largest == 32639);
    CHECK(integers.sum(q) == sum);
  }
}

TEST_CASE("an output of zero weights stays zero", "[code_product]") {
  const CodeWeights integers(linear::RowMatrix::Zero(1, 4));
  CHECK(integers.integers(0)[3] == 0);
  CHECK(std::isfinite(integers.scale(0)));
}

TEST_CASE("the product of bytes is the exact integer sum", "[code_product]") {
  if (!has_code_product()) {
    WARN("this processor has no AVX-512 VNNI: nothing to compare");
    return;
  }
  constexpr std::size_t kLanes = 2 * kCodeLanes;
  for (const std::size_t outputs : {1u, 2u, 3u, 7u}) {
    for (const std::size_t terms : {1u, 4u, 9u, 800u}) {
      for (const int zero_code : {0, 128}) {
        const CodeWeights w(random_dense(outputs, terms, 3).weights);
        support::AlignedVector<std::uint8_t> codes(4 * w.quads() * kLanes, 255), panel(4 * w.quads() * kCodeLanes);
        support::AlignedVector<double> y(outputs * kLanes);
        std::vector<const std::uint8_t*> rows;
        std::vector<double*> out;
        for (std::size_t k = 0; k < 4 * w.quads(); ++k) rows.push_back(&codes[k * kLanes]);
        for (std::size_t o = 0; o < outputs; ++o) out.push_back(&y[o * kLanes]);
        for (std::size_t k = 0; k < terms; ++k) {
          for (std::size_t s = 1; s < kLanes; ++s) {  // lane 0 keeps the largest code everywhere
            codes[k * kLanes + s] = static_cast<std::uint8_t>(uniform(7, s, static_cast<std::uint32_t>(k), 0, 256));
          }
        }
        code_product(w, 0, outputs, rows.data(), zero_code, kLanes, panel.data(), out.data());
        bool same = true;
        for (std::size_t o = 0; o < outputs; ++o) {
          for (std::size_t s = 0; s < kLanes; ++s) {
            std::int64_t sum = 0;
            for (std::size_t k = 0; k < terms; ++k) {
              sum += static_cast<std::int64_t>(w.integers(o)[k]) * (rows[k][s] - zero_code);
            }
            same = same && y[o * kLanes + s] == static_cast<double>(sum);
          }
        }
        CHECK(same);
      }
    }
  }
}

TEST_CASE("sixteen bits agree with double precision as far as their weights do", "[code_product][crossbar]") {
  for (const bool is_signed : {false, true}) {
    for (const linear::LinearMap& map : {random_dense(31, 301, 5), random_convolution(2, 3, 5, 4, 5)}) {
      const support::SignalBlock x = random_block(map, 0, 70, 6, is_signed ? -1 : 0, 1);
      CrossbarParameters p = exact_parameters();
      p.input = Converter{{8, 1.0, is_signed}, 0, 0};
      p.device.programming_error_s = {0.5e-6};
      const support::SignalBlock precise = outputs_of(map, p, x);
      p.precision = Precision::sixteen_bit;
      const support::SignalBlock quick = outputs_of(map, p, x);
      // Rounding errors of the weights are uniform within 2^-16 of the largest weight (about 1), inputs are at most 1.
      const double bound = 6 * std::sqrt(static_cast<double>(map.terms)) / 65536.0 / std::sqrt(3.0);
      double worst = 0;
      for (std::size_t o = 0; o < map.total_outputs(); ++o) {
        for (std::size_t s = 0; s < 70; ++s) worst = std::max(worst, std::abs(quick.at(o, s) - precise.at(o, s)));
      }
      CHECK(worst < bound);
      CHECK(worst > 0);
    }
  }
}

TEST_CASE("sixteen bits need a DAC of at most eight", "[code_product][bad]") {
  CrossbarParameters p = exact_parameters();
  p.precision = Precision::sixteen_bit;
  CHECK_THROWS_WITH(p.check(), Catch::Matchers::Contains("input.quantiser.bits"));
  p.input = Converter{{9, 1.0, false}, 0, 0};
  CHECK_THROWS_WITH(p.check(), Catch::Matchers::Contains("input.quantiser.bits"));
  p.input = Converter{{0, 1.0, false}, 0, 0};
  CHECK_THROWS_AS(p.check(), std::invalid_argument);
  p.input = Converter{{8, 1.0, false}, 0, 0};
  CHECK_NOTHROW(p.check());
}

}  // namespace
}  // namespace szilard::electronic
