// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Encodings of inputs, slices of weights and digital partial sums: what they compute.
#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <stdexcept>

#include "tests/models/electronic/crossbar_coding_fixture.hpp"

namespace szilard::electronic {
namespace {

using namespace testing;
using Catch::Matchers::Contains;

TEST_CASE("every encoding with exact cells and ideal converters is the reference product to 1e-12",
          "[crossbar][coding]") {
  const linear::LinearMap dense = random_dense(11, 37, 5), convolution = random_convolution(2, 2, 3, 4, 8);
  int tried = 0;
  for (const Coding& coding : all_codings()) {
    for (const linear::LinearMap& map : {dense, convolution}) {
      const bool is_signed = coding.low < 0;
      const CrossbarParameters p = coded_parameters(coding, Quantiser{0, 1.0, true});
      const support::SignalBlock x = random_block(map, 0, 13, 6, coding.low, 1);
      const Quantiser input{coding.input_bits, 1.0, is_signed};
      linear::LinearMap weights = map;
      weights.weights = coded_weights(map, coding.weight_bits);
      INFO(coding.name() << " " << map.name);
      CHECK(worst_error(weights, quantised(x, input), run_coded(map, p, x)) < 1e-12);
      ++tried;
    }
  }
  CHECK(tried > 900);
}

// Codes, slices, tiles, conversions and shifts in integers, straight from the definitions in coding.hpp.
double integer_model(const linear::LinearMap& map, const Coding& coding, const CrossbarParameters& p,
                     const support::SignalBlock& x, std::size_t o, std::size_t sample, double& nearest_tie) {
  const Quantiser input{coding.input_bits, 1.0, coding.low < 0};
  const long highest = (1L << (coding.weight_bits - 1)) - 1;
  const double w_step = map.weights.cwiseAbs().maxCoeff() / static_cast<double>(highest);
  const bool pairs = coding.sign == SignedWeights::differential_pair;
  const bool dummy = coding.sign == SignedWeights::dummy_column;
  const long shift = pairs ? 0 : highest + 1, cell_full = (1L << coding.bits_per_cell) - 1;
  const int weight_digits = (coding.weight_bits - (pairs ? 1 : 0) + coding.bits_per_cell - 1) / coding.bits_per_cell;
  const bool serial = coding.encoding == InputEncoding::bit_serial;
  const bool complement = coding.signed_inputs == SignedInputs::twos_complement && coding.low < 0;
  const int code_bits = input.bits - (coding.low < 0 && !complement ? 1 : 0);
  const int passes = serial ? (code_bits + coding.digit_bits - 1) / coding.digit_bits : 1;
  const long digit_full = (1L << coding.digit_bits) - 1;
  const int phases = coding.low < 0 && coding.signed_inputs == SignedInputs::two_phase ? 2 : 1;
  const bool one_polarity = coding.low >= 0 || coding.signed_inputs != SignedInputs::bipolar;

  double total = 0;
  std::vector<long> codes(map.terms);
  for (std::size_t k = 0; k < map.terms; ++k) {
    codes[k] = static_cast<long>(input.code(x.at(map.gather[k], sample)));
    if (dummy) total -= static_cast<double>(shift * codes[k]);
  }
  const std::size_t part_rows = coding.digital ? p.rows : map.terms;
  // What one ADC takes in for one code: sums over passes and slices where they are added ahead of it.
  struct Sum {
    double value = 0, most = 0;
    bool is_signed = false;
  };
  std::map<std::array<long, 4>, Sum> sums;
  for (int phase = 0; phase < phases; ++phase) {
    for (int pass = 0; pass < passes; ++pass) {
      for (std::size_t first = 0; first < map.terms; first += part_rows) {
        const std::size_t last = std::min(map.terms, first + part_rows);
        for (int s = 0; s < weight_digits; ++s) {
          const auto cell_digit = [&](long code) { return (code >> (coding.bits_per_cell * s)) & cell_full; };
          const long zero_digit = pairs || dummy ? 0 : cell_digit(shift);
          long sum = 0;
          for (std::size_t k = first; k < last; ++k) {
            const long w =
                std::lround(map.weights(static_cast<Eigen::Index>(o), static_cast<Eigen::Index>(k)) / w_step);
            const long cell = pairs ? (w < 0 ? -cell_digit(-w) : cell_digit(w)) : cell_digit(w + shift) - zero_digit;
            long drive = codes[k];
            if (phases == 2) drive = phase == 0 ? std::max(drive, 0L) : std::max(-drive, 0L);
            if (serial) {
              const long magnitude = complement ? (drive & ((1L << code_bits) - 1)) : std::labs(drive);
              const long digit = (magnitude >> (coding.digit_bits * pass)) & digit_full;
              drive = !complement && drive < 0 ? -digit : digit;
            }
            sum += cell * drive;
          }
          const double largest = static_cast<double>(std::max(zero_digit, cell_full - zero_digit));
          const double drive_full = serial ? static_cast<double>(digit_full) : input.highest_code();
          const double pass_weight =
              std::ldexp(complement && pass + 1 == passes ? -1.0 : 1.0, serial ? coding.digit_bits * pass : 0);
          const double slice_weight = std::ldexp(1.0, coding.bits_per_cell * s);
          const double inside = (coding.sums_bits ? pass_weight : 1.0) * (coding.sums_slices ? slice_weight : 1.0);
          Sum& at = sums[{phase, coding.sums_bits ? 0 : pass, static_cast<long>(first), coding.sums_slices ? 0 : s}];
          at.value += inside * static_cast<double>(sum);
          at.most += std::abs(inside) * static_cast<double>(last - first) * largest * drive_full;
          at.is_signed = at.is_signed || !(dummy && one_polarity) || inside < 0;
        }
      }
    }
  }
  for (const auto& [key, sum] : sums) {
    const Quantiser output{p.output->quantiser.bits, p.accumulation.range * sum.most, sum.is_signed};
    const double place = std::abs(sum.value) / output.step();
    nearest_tie = std::min(nearest_tie, std::abs(place - std::floor(place) - 0.5));
    double shifted = output.value(output.code(sum.value));
    const bool is_sign_bit = complement && !coding.sums_bits && key[1] + 1 == passes;
    if (!coding.sums_slices) shifted = std::ldexp(shifted, coding.bits_per_cell * static_cast<int>(key[3]));
    if (serial && !coding.sums_bits) shifted = std::ldexp(shifted, coding.digit_bits * static_cast<int>(key[1]));
    total += key[0] == 1 || is_sign_bit ? -shifted : shifted;
  }
  return map.bias[o] + total * w_step * input.step();
}

TEST_CASE("with finite converters every encoding equals a model in integers", "[crossbar][coding]") {
  const linear::LinearMap map = random_dense(9, 37, 15);
  int tried = 0;
  for (const Coding& coding : all_codings()) {
    if (coding.weight_bits == 0) continue;  // those weights are no integers
    CrossbarParameters p = coded_parameters(coding, Quantiser{6, 1.0, true});
    p.accumulation.range = 0.37131;
    const support::SignalBlock x = random_block(map, 0, 5, 16, coding.low, 1);
    const support::SignalBlock y = run_coded(map, p, x);
    double worst = 0, largest = 0, tie = 1;
    for (std::size_t o = 0; o < map.outputs; ++o) {
      for (std::size_t s = 0; s < x.samples(); ++s) {
        const double wanted = integer_model(map, coding, p, x, o, s, tie);
        worst = std::max(worst, std::abs(y.at(o, s) - wanted));
        largest = std::max(largest, std::abs(wanted));
      }
    }
    INFO(coding.name());
    REQUIRE(tie > 1e-9);  // else the last bit decides
    CHECK(worst < 1e-12 * largest);
    ++tried;
  }
  CHECK(tried > 400);
}

TEST_CASE("a sample's results do not depend on its block in any encoding, with noise and wires", "[crossbar][coding]") {
  const linear::LinearMap map = random_dense(5, 21, 5);
  for (const Coding& coding : all_codings()) {
    if (coding.low >= 0) continue;
    CrossbarParameters p = coded_parameters(coding, Quantiser{8, 1.0, true});
    p.accumulation.range = 0.5;
    p.device.read_noise = ReadNoise::proportional;
    p.device.read_noise_sigma = 0.02;
    p.output->imperfections.noise_lsb = 0.5;
    p.output->imperfections.offset_spread_lsb = 1;
    const support::SignalBlock whole = run_coded(map, p, random_block(map, 0, 101, 6));
    for (const std::uint64_t first : {0u, 3u, 96u}) {
      const support::SignalBlock part = run_coded(map, p, random_block(map, first, 5, 6));
      bool same = true;
      for (std::size_t o = 0; o < 5; ++o) {
        for (std::size_t s = 0; s < 5; ++s) same = same && part.at(o, s) == whole.at(o, first + s);
      }
      INFO(coding.name() << " from " << first);
      CHECK(same);
    }
  }
}

TEST_CASE("single precision agrees with double precision in every encoding", "[crossbar][coding]") {
  const linear::LinearMap map = random_dense(5, 33, 5);
  const support::SignalBlock x = random_block(map, 0, 20, 6);
  for (const Coding& coding : all_codings()) {
    if (coding.low >= 0) continue;
    CrossbarParameters p = coded_parameters(coding, Quantiser{0, 1.0, true});
    const support::SignalBlock precise = run_coded(map, p, x);
    p.precision = Precision::single_precision;
    const support::SignalBlock single = run_coded(map, p, x);
    double worst = 0;
    for (std::size_t o = 0; o < 5; ++o) {
      for (std::size_t s = 0; s < 20; ++s) worst = std::max(worst, std::abs(single.at(o, s) - precise.at(o, s)));
    }
    INFO(coding.name());
    CHECK(worst < 3e-5);
  }
}

TEST_CASE("slices hold the digits of the weight's code as evenly spaced conductances", "[crossbar][coding]") {
  linear::RowMatrix w(1, 5);
  w << 1, -1, 0, 52.0 / 127, -73.0 / 127;
  const linear::LinearMap map = linear::dense_map("digits", w, {0.0});
  Coding coding;
  coding.weight_bits = 8;
  coding.bits_per_cell = 2;
  const double least = 1e-6, step = 13e-6;
  const long codes[5] = {127, -127, 0, 52, -73};
  const CrossbarStage pairs(map, coded_parameters(coding, {}), 1, 1, "a");
  REQUIRE(pairs.slices() == 4);
  CHECK(pairs.cells() == 4 * 2 * 5);
  coding.sign = SignedWeights::offset_column;
  const CrossbarStage offset(map, coded_parameters(coding, {}), 1, 1, "a");
  REQUIRE(offset.slices() == 4);
  CHECK(offset.cells() == 4 * (5 + 5));
  for (std::size_t k = 0; k < 5; ++k) {
    for (std::size_t s = 0; s < 4; ++s) {
      const auto digit = [&](long code) { return static_cast<double>((code >> (2 * s)) & 3); };
      CHECK(pairs.conductances(0, k, s).first == Approx(least + step * digit(std::max(codes[k], 0L))));
      CHECK(pairs.conductances(0, k, s).second == Approx(least + step * digit(std::max(-codes[k], 0L))));
      CHECK(offset.conductances(0, k, s).first == Approx(least + step * digit(codes[k] + 128)));
      CHECK(offset.conductances(0, k, s).second == Approx(least + step * digit(128)));
    }
  }
}

TEST_CASE("a dummy column stands at the least conductance, an offset column at that of weight 0",
          "[crossbar][coding]") {
  linear::RowMatrix w(1, 3);
  w << 2, -2, 0;
  const linear::LinearMap map = linear::dense_map("three", w, {0.0});
  Coding coding;
  coding.sign = SignedWeights::dummy_column;
  const CrossbarStage dummy(map, coded_parameters(coding, {}), 1, 1, "a");
  coding.sign = SignedWeights::offset_column;
  const CrossbarStage offset(map, coded_parameters(coding, {}), 1, 1, "a");
  const double wanted[3] = {40e-6, 1e-6, 20.5e-6};
  for (std::size_t k = 0; k < 3; ++k) {
    CHECK(dummy.conductances(0, k).first == Approx(wanted[k]));
    CHECK(offset.conductances(0, k).first == Approx(wanted[k]));
    CHECK(dummy.conductances(0, k).second == Approx(1e-6));
    CHECK(offset.conductances(0, k).second == Approx(20.5e-6));
  }
}

TEST_CASE("programming errors are those of each slice's own cells, shared by analog and digital sums",
          "[crossbar][coding]") {
  const linear::LinearMap map = random_dense(4, 40, 5);
  Coding coding;
  coding.weight_bits = 6;
  coding.bits_per_cell = 2;
  CrossbarParameters p = coded_parameters(coding, {});
  p.device.programming_error_s = {1e-6};
  const CrossbarStage analog(map, p, 1, 1, "a");
  p.accumulation.partial_sums = PartialSums::digital;
  const CrossbarStage digital(map, p, 1, 1, "a");
  double shared = 0, first = 0, second = 0;
  for (std::size_t k = 0; k < 40; ++k) {
    for (std::size_t s = 0; s < 3; ++s) CHECK(analog.conductances(1, k, s) == digital.conductances(1, k, s));
    const auto error = [&](std::size_t s) {
      const double g = analog.conductances(1, k, s).first, level = std::round((g - 1e-6) / 13e-6);
      return g - (1e-6 + 13e-6 * level);
    };
    shared += error(0) * error(1);
    first += error(0) * error(0);
    second += error(1) * error(1);
  }
  CHECK(std::abs(shared) / std::sqrt(first * second) < 0.5);  // 3 sigma of 40 independent pairs
  CHECK(std::sqrt(first / 40) == Approx(1e-6).epsilon(0.4));
}

TEST_CASE("a calibrated range clips no calibrated input and is no wider than the largest one", "[crossbar][coding]") {
  const linear::LinearMap map = random_dense(6, 40, 5);
  const support::SignalBlock x = random_block(map, 0, 30, 6);
  Coding coding;
  coding.digital = true;
  CrossbarParameters p = coded_parameters(coding, Quantiser{8, 1.0, true});
  p.accumulation.range = 0;
  CrossbarStage stage(map, p, 1.0, 1, "a");
  NullSink sink;
  stage.open_accounts("a", sink);
  CHECK_THROWS_WITH(stage.forward(x, sink), Contains("calibrate"));
  stage.calibrate(x);
  const support::SignalBlock y = stage.forward(x, sink);
  const support::SignalBlock codes = quantised(x, Quantiser{coding.input_bits, 1.0, true});
  // Three row tiles, each within half a step of its own range; the largest partial sum bounds the range.
  double most = 0;
  for (std::size_t first = 0; first < 40; first += p.rows) {
    for (std::size_t o = 0; o < 6; ++o) {
      for (std::size_t s = 0; s < 30; ++s) {
        double sum = 0;
        for (std::size_t k = first; k < std::min<std::size_t>(40, first + p.rows); ++k)
          sum += map.weights(o, k) * codes.at(k, s);
        most = std::max(most, std::abs(sum));
      }
    }
  }
  double worst = 0;
  for (std::size_t o = 0; o < 6; ++o) {
    for (std::size_t s = 0; s < 30; ++s)
      worst = std::max(worst, std::abs(y.at(o, s) - reference(map, codes, 0, o, 0, s)));
  }
  CHECK(worst <= 3 * 0.5 * most / 127 * (1 + 1e-9));
  CHECK(worst > 0.1 * most / 127);
}

TEST_CASE("each row tile and slice has ADCs with errors of their own", "[crossbar][coding]") {
  const linear::LinearMap map = random_dense(6, 40, 5);
  const support::SignalBlock x = random_block(map, 0, 3, 6);
  Coding coding;
  coding.digital = true;
  CrossbarParameters p = coded_parameters(coding, Quantiser{16, 1.0, true});
  const support::SignalBlock exact = run_coded(map, p, x);
  p.output->imperfections.gain_error = 0.1;
  p.accumulation.range = 0;  // seen, not too small for the gain: most outputs stay below the largest
  const support::SignalBlock scaled = run_coded(map, p, x);
  double worst = 0;
  for (std::size_t o = 0; o < 6; ++o) {
    for (std::size_t s = 0; s < 3; ++s) {
      const double wanted = map.bias[o] + 1.1 * (exact.at(o, s) - map.bias[o]);
      worst = std::max(worst, std::abs(scaled.at(o, s) - wanted));
    }
  }
  CHECK(worst > 1e-3);  // the largest partial sums are clipped
  p.accumulation.range = 1;
  const support::SignalBlock unclipped = run_coded(map, p, x);
  for (std::size_t o = 0; o < 6; ++o) {
    const double wanted = map.bias[o] + 1.1 * (exact.at(o, 0) - map.bias[o]);
    CHECK(unclipped.at(o, 0) == Approx(wanted).margin(5e-3));
  }
  p.output->imperfections.gain_error = 0;
  p.output->imperfections.offset_spread_lsb = 100;
  const support::SignalBlock offset = run_coded(map, p, x);
  // Three ADCs an output: sqrt(3) times the spread of one, the same in every sample.
  const double step = 16 * map.weights.cwiseAbs().maxCoeff() / 32767;
  double square = 0;
  for (std::size_t o = 0; o < 6; ++o) {
    const double shift = offset.at(o, 0) - exact.at(o, 0);
    CHECK(offset.at(o, 1) - exact.at(o, 1) == Approx(shift).margin(4 * step));
    square += shift * shift / 6;
  }
  CHECK(std::sqrt(square) > 60 * step);
  CHECK(std::sqrt(square) < 400 * step);
  const CrossbarStage stage(map, p, 1, 1, "a");
  REQUIRE(stage.tiles().size() == 3);
  for (const TileReport& tile : stage.tiles()) CHECK(tile.adcs == 6);
}

TEST_CASE("codings that make no sense are refused by the stage", "[crossbar][coding][bad]") {
  const linear::LinearMap map = random_dense(3, 4, 5);
  const auto build = [&](auto change) {
    CrossbarParameters p = coded_parameters(Coding{}, Quantiser{8, 1.0, true});
    change(p);
    return CrossbarStage(map, p, 1, 1, "a");
  };
  CHECK_NOTHROW(build([](auto&) {}));
  CHECK_THROWS_WITH(build([](auto& p) {
                      p.inputs.encoding = InputEncoding::bit_serial;
                      p.input.reset();
                    }),
                    Contains("input.quantiser.bits"));
  CHECK_THROWS_WITH(build([](auto& p) {
                      p.inputs.encoding = InputEncoding::pulse_width;
                      p.input->quantiser.bits = 0;
                    }),
                    Contains("input.quantiser.bits"));
  CHECK_THROWS_WITH(build([](auto& p) {
                      p.inputs.encoding = InputEncoding::bit_serial;
                      p.inputs.digit_bits = 9;
                    }),
                    Contains("digit_bits"));
  CHECK_THROWS_WITH(build([](auto& p) { p.inputs.signed_inputs = SignedInputs::twos_complement; }),
                    Contains("complement"));
  CHECK_THROWS_WITH(build([](auto& p) { p.weights.weight_bits = 17; }), Contains("weight_bits"));
  CHECK_THROWS_WITH(build([](auto& p) { p.weights.weight_bits = 1; }), Contains("weight_bits"));
  CHECK_THROWS_WITH(build([](auto& p) { p.weights.weight_bits = 8; }), Contains("bits_per_cell"));
  CHECK_THROWS_WITH(build([](auto& p) {
                      p.weights = {8, 3};
                      p.device.levels = 4;
                    }),
                    Contains("levels"));
  CHECK_THROWS_WITH(build([](auto& p) {
                      p.accumulation.partial_sums = PartialSums::digital;
                      p.output.reset();
                    }),
                    Contains("output"));
  CHECK_THROWS_WITH(build([](auto& p) {
                      p.weights = {8, 2};
                      p.precision = Precision::sixteen_bit;
                    }),
                    Contains("precision"));
  CHECK_THROWS_WITH(build([](auto& p) {
                      p.signed_weights = SignedWeights::dummy_column;
                      p.input.reset();
                    }),
                    Contains("dummy"));
  CHECK_THROWS_WITH(build([](auto& p) { p.accumulation.range = 1.5; }), Contains("range"));
  CHECK_THROWS_WITH(build([](auto& p) { p.accumulation.addition_j = -1; }), Contains("addition_j"));
  const CrossbarStage stage = build([](auto&) {});
  CHECK_THROWS_AS(stage.conductances(0, 0, 1), std::out_of_range);
}

}  // namespace
}  // namespace szilard::electronic
