// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Bits and slices added ahead of the ADC, slices side by side, and coded layers on wires against a dense solution.
#include <catch2/catch.hpp>
#include <random>

#include "models/support/constants.hpp"
#include "tests/models/electronic/crossbar_coding_fixture.hpp"
#include "tests/models/electronic/wires/nodal_reference.hpp"

namespace szilard::electronic {
namespace {

using namespace testing;
using Catch::Matchers::Contains;
using energy::Fate;

Coding serial(bool sums_bits, bool sums_slices, bool side_by_side) {
  Coding coding;
  coding.encoding = InputEncoding::bit_serial;
  coding.weight_bits = 8;
  coding.bits_per_cell = 2;
  coding.digital = true;
  coding.sums_bits = sums_bits, coding.sums_slices = sums_slices, coding.side_by_side = side_by_side;
  return coding;
}

struct Count {
  std::int64_t conversions = -1, additions = 0;
  double adc_j = 0;
};

Count counts_of(CrossbarStage& stage, const support::SignalBlock& x) {
  energy::Ledger ledger(x.first_sample(), x.samples());
  stage.open_accounts("a", ledger);
  stage.calibrate(x);
  stage.forward(x, ledger);
  Count count;
  for (energy::AccountId id = 0; id < ledger.accounts().size(); ++id) {
    const energy::AccountInfo& info = ledger.accounts()[id];
    if (info.fate != Fate::dissipated) continue;
    if (info.component == "a/adc") count.conversions = ledger.count(id), count.adc_j = ledger.total(id).joules();
    if (info.component == "a/shift_add") count.additions = ledger.count(id);
  }
  return count;
}

TEST_CASE("what is added ahead of the ADC saves its conversions, additions, ADCs and time",
          "[crossbar][sums][energy]") {
  const linear::LinearMap map = random_dense(6, 27, 5);  // two row tiles
  const support::SignalBlock x = random_block(map, 0, 2, 6);
  struct Case {
    Coding coding;
    std::int64_t conversions_of_output, rounds;
    std::size_t adcs, tiles;
  };
  // Seven bits and four slices of magnitudes; a tile of 16 columns has eight pairs, or two outputs of four slices side
  // by side.
  std::vector<Case> cases = {
      {serial(false, false, false), 7 * 4 * 2, 7, 6 * 4 * 2, 8}, {serial(true, false, false), 4 * 2, 1, 6 * 4 * 2, 8},
      {serial(false, true, false), 7 * 2, 7, 6 * 2, 8},          {serial(true, true, false), 2, 1, 6 * 2, 8},
      {serial(false, false, true), 7 * 4 * 2, 7, 6 * 4 * 2, 6},  {serial(true, true, true), 2, 1, 6 * 2, 6}};
  Case two_phase{serial(true, true, true), 4, 2, 12, 6};
  two_phase.coding.signed_inputs = SignedInputs::two_phase;
  cases.push_back(two_phase);
  Case one_tile{serial(true, true, false), 1, 1, 6, 8};
  one_tile.coding.digital = false;
  cases.push_back(one_tile);
  for (const Case& one : cases) {
    INFO(one.coding.name());
    CrossbarStage stage(map, coded_parameters(one.coding, Quantiser{8, 1.0, true}), 1.0, 1, "a");
    const Count count = counts_of(stage, x);
    CHECK(count.conversions == 2 * 6 * one.conversions_of_output);
    CHECK(count.adc_j == Approx(static_cast<double>(count.conversions) * 1.7e-12));
    CHECK(count.additions == 2 * 6 * (one.conversions_of_output - 1));
    const std::int64_t passes = one.coding.signed_inputs == SignedInputs::two_phase ? 14 : 7;
    CHECK(stage.duration_ps() == passes * (2000 + 10000 + 1000) + one.rounds * 5000);
    std::size_t adcs = 0;
    for (const TileReport& tile : stage.tiles()) adcs += tile.adcs;
    CHECK(adcs == one.adcs);
    CHECK(stage.tiles().size() == one.tiles);
  }
}

TEST_CASE("slices side by side hold the same cells as on tiles of their own", "[crossbar][sums]") {
  const linear::LinearMap map = random_dense(5, 20, 5);
  for (const SignedWeights sign : {SignedWeights::differential_pair, SignedWeights::dummy_column}) {
    Coding coding = serial(false, false, false);
    coding.sign = sign;
    const CrossbarStage apart(map, coded_parameters(coding, {}), 1, 1, "a");
    coding.side_by_side = true;
    const CrossbarStage beside(map, coded_parameters(coding, {}), 1, 1, "a");
    for (std::size_t o = 0; o < 5; ++o) {
      for (std::size_t k = 0; k < 20; ++k) {
        for (std::size_t s = 0; s < 4; ++s) CHECK(apart.conductances(o, k, s) == beside.conductances(o, k, s));
      }
    }
    // 16 columns: two outputs of four pairs, or three of four slices and the column that they share.
    const ProgrammedTile tile = beside.programmed_tiles().front();
    CHECK(tile.columns == (sign == SignedWeights::differential_pair ? 16 : 13));
    CHECK(tile.now_s[1 * tile.columns + 0] == beside.conductances(0, 1, 0).first);
    CHECK(tile.now_s[1 * tile.columns + (sign == SignedWeights::differential_pair ? 2 : 1)] ==
          beside.conductances(0, 1, 1).first);
  }
}

/// Standard deviation of what `trials` runs of two capacitors end with, V, every sampling, sharing and reset with its
/// noise.
double shared_noise_v(int digits, double capacitance_f, double keeping_f, int trials, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<double> normal;
  const double kt = support::kBoltzmann_J_per_K * 300;
  double squares = 0;
  for (int trial = 0; trial < trials; ++trial) {
    double kept_c = std::sqrt(kt * keeping_f) * normal(engine);
    for (int p = 0; p < digits; ++p) {
      const double sampled_c = std::sqrt(kt * capacitance_f) * normal(engine);
      // The switch leaves kT times the capacitance of both in series on either side.
      const double both_f = capacitance_f + keeping_f, series_f = capacitance_f * keeping_f / both_f;
      kept_c = (kept_c + sampled_c) * keeping_f / both_f + std::sqrt(kt * series_f) * normal(engine);
    }
    squares += kept_c * kept_c / keeping_f / keeping_f / trials;
  }
  return std::sqrt(squares);
}

TEST_CASE("bits added by shared charge have the noise of every sampling and sharing", "[crossbar][sums][noise]") {
  constexpr std::size_t kSamples = 4000;
  constexpr std::uint64_t kSeed = 11;
  INFO("seed " << kSeed);
  const linear::LinearMap map = random_dense(1, 12, 5);
  for (const int digit_bits : {1, 2}) {
    Coding coding;
    coding.encoding = InputEncoding::bit_serial;
    coding.sums_bits = true;
    coding.low = 0;
    coding.digit_bits = digit_bits;
    CrossbarParameters p = coded_parameters(coding, Quantiser{0, 1.0, true});
    p.integration_capacitance_f = 50e-15;
    const support::SignalBlock x(0, kSamples, 12);
    const support::SignalBlock y = run_coded(map, p, x, kSeed);
    double square = 0;
    for (std::size_t s = 0; s < kSamples; ++s) square += std::pow(y.at(0, s) - map.bias[0], 2) / kSamples;
    const int digits = 8 / digit_bits;
    const double ratio = std::ldexp(1.0, digit_bits) - 1;
    const double volt = shared_noise_v(digits, 50e-15, 50e-15 / ratio, 20000, kSeed);
    // A full code leaves V (1 - 2^-8), V what the current of every pass charges C to.
    const double amperes = volt * 50e-15 / 10e-9 / (1 - std::ldexp(1.0, -8));
    const double wanted = amperes * map.weights.cwiseAbs().maxCoeff() / (39e-6 * 0.5);
    INFO(digit_bits << "-bit digits");
    CHECK(std::sqrt(square) == Approx(wanted).epsilon(4 * std::sqrt(0.5 / kSamples + 0.5 / 20000)));
  }
}

TEST_CASE("bits weighed by repeated integration give what shared charge gives, in the time of all repetitions",
          "[crossbar][sums]") {
  const linear::LinearMap map = random_dense(6, 24, 5);
  for (const int digit_bits : {1, 2}) {
    Coding coding;
    coding.encoding = InputEncoding::bit_serial;
    coding.sums_bits = true;
    coding.low = 0;
    coding.digit_bits = digit_bits;
    CrossbarParameters p = coded_parameters(coding, Quantiser{0, 1.0, true});
    p.settling_time_s = 4e-9;
    const support::SignalBlock x = random_block(map, 0, 20, 6, 0, 1);
    const CrossbarStage sharing(map, p, 1.0, 1, "a");
    const support::SignalBlock shared = run_coded(map, p, x);
    p.accumulation.bit_weighting = BitWeighting::repetition;
    const CrossbarStage repeating(map, p, 1.0, 1, "a");
    const support::SignalBlock repeated = run_coded(map, p, x);
    for (std::size_t o = 0; o < 6; ++o)
      for (std::size_t s = 0; s < 20; ++s) CHECK(repeated.at(o, s) == Approx(shared.at(o, s)).epsilon(1e-12));
    // Eight one-bit digits: 255 integrations in place of 8; four of two bits: 1 + 4 + 16 + 64 in place of 4.
    const std::int64_t more = digit_bits == 1 ? 255 - 8 : 85 - 4;
    CHECK(repeating.duration_ps() - sharing.duration_ps() == more * 4000);
  }
}

TEST_CASE("repeated integration has kTC of every time", "[crossbar][sums][noise]") {
  constexpr std::size_t kSamples = 4000;
  constexpr std::uint64_t kSeed = 12;
  INFO("seed " << kSeed);
  const linear::LinearMap map = random_dense(1, 12, 5);
  Coding coding;
  coding.encoding = InputEncoding::bit_serial;
  coding.sums_bits = true;
  coding.low = 0;
  CrossbarParameters p = coded_parameters(coding, Quantiser{0, 1.0, true});
  p.accumulation.bit_weighting = BitWeighting::repetition;
  p.integration_capacitance_f = 50e-15;
  const support::SignalBlock y = run_coded(map, p, support::SignalBlock(0, kSamples, 12), kSeed);
  double square = 0;
  for (std::size_t s = 0; s < kSamples; ++s) square += std::pow(y.at(0, s) - map.bias[0], 2) / kSamples;
  // 255 charges of variance kTC, of which a full code is 255 full ones.
  const double amperes = std::sqrt(255 * support::kBoltzmann_J_per_K * 300 * 50e-15) / 10e-9 / 255;
  CHECK(std::sqrt(square) ==
        Approx(amperes * map.weights.cwiseAbs().maxCoeff() / (39e-6 * 0.5)).epsilon(4 * std::sqrt(0.5 / kSamples)));
}

TEST_CASE("a capacitor ratio that is off weighs the bits as charge conservation says", "[crossbar][sums]") {
  const linear::LinearMap map = random_dense(3, 12, 5);
  Coding coding;
  coding.encoding = InputEncoding::bit_serial;
  coding.sums_bits = true;
  coding.low = 0;
  CrossbarParameters p = coded_parameters(coding, Quantiser{0, 1.0, true});
  p.accumulation.sum_mismatch = 0.1;
  const support::SignalBlock x = random_block(map, 0, 20, 6, 0, 1);
  const support::SignalBlock y = run_coded(map, p, x);
  for (std::size_t o = 0; o < 3; ++o) {
    // The ratio that explains the first sample explains all of them.
    const auto shared = [&](double ratio, std::size_t s) {
      double kept = 0;
      for (int bit = 0; bit < 8; ++bit) {
        double sampled = 0;
        for (std::size_t k = 0; k < 12; ++k) {
          const long code = std::lround(x.at(k, s) * 255);
          sampled += map.weights(static_cast<Eigen::Index>(o), static_cast<Eigen::Index>(k)) *
                     static_cast<double>((code >> bit) & 1);
        }
        kept = (kept + ratio * sampled) / (1 + ratio);
      }
      return map.bias[o] + kept * 256 / 255;
    };
    double best = 0, least = 1e300;
    for (int i = 0; i <= 20000; ++i) {
      const double ratio = 0.5 + i * 5e-5, error = std::abs(shared(ratio, 0) - y.at(o, 0));
      double all = error;
      for (std::size_t s = 1; s < 20; ++s) all += std::abs(shared(ratio, s) - y.at(o, s));
      if (all < least) least = all, best = ratio;
    }
    CHECK(least < 20 * 1e-3);
    CHECK(best != Approx(1).margin(1e-4));
    CHECK(std::abs(best - 1) < 0.5);
  }
}

TEST_CASE("mirrors that are off scale a slice of an output, the same in every sample", "[crossbar][sums]") {
  const linear::LinearMap map = random_dense(4, 12, 5);
  Coding coding;
  coding.weight_bits = 8;
  coding.bits_per_cell = 4;
  coding.sums_slices = true;
  CrossbarParameters p = coded_parameters(coding, Quantiser{0, 1.0, true});
  const support::SignalBlock x = random_block(map, 0, 40, 6);
  const support::SignalBlock exact = run_coded(map, p, x);
  p.accumulation.sum_mismatch = 0.05;
  const support::SignalBlock off = run_coded(map, p, x);
  const double step = map.weights.cwiseAbs().maxCoeff() / 127;
  for (std::size_t o = 0; o < 4; ++o) {
    Eigen::MatrixXd slices(40, 2);
    Eigen::VectorXd change(40);
    for (std::size_t s = 0; s < 40; ++s) {
      const auto row = static_cast<Eigen::Index>(s);
      slices.row(row).setZero();
      for (std::size_t k = 0; k < 12; ++k) {
        const long code = std::lround(map.weights(static_cast<Eigen::Index>(o), static_cast<Eigen::Index>(k)) / step),
                   size = std::labs(code);
        const double value = std::round(x.at(k, s) * 127) / 127 * step * (code < 0 ? -1 : 1);
        slices(row, 0) += static_cast<double>(size & 15) * value;
        slices(row, 1) += static_cast<double>(size & ~15L) * value;
      }
      change[row] = off.at(o, s) - exact.at(o, s);
    }
    const Eigen::VectorXd errors = slices.colPivHouseholderQr().solve(change);
    CHECK((slices * errors - change).norm() < 1e-11 * change.norm());
    CHECK(errors.cwiseAbs().maxCoeff() < 0.25);
    CHECK(errors.cwiseAbs().minCoeff() > 1e-5);
  }
}

/// Outputs from a dense solution of every tile's network, by the definitions of slices and of the column that is
/// subtracted.
double dense_output(const linear::LinearMap& map, const CrossbarStage& stage, const Coding& coding,
                    const support::SignalBlock& x, std::size_t output, std::size_t sample) {
  const CrossbarParameters& p = stage.parameters();
  const bool pairs = coding.sign == SignedWeights::differential_pair;
  const std::size_t slices = stage.slices();
  const double step =
      coding.weight_bits == 0 ? 1.0 : map.weights.cwiseAbs().maxCoeff() / (std::ldexp(1.0, coding.weight_bits - 1) - 1);
  const double w_max = map.weights.cwiseAbs().maxCoeff();
  double y = map.bias[output], input_sum = 0;
  for (std::size_t k = 0; k < map.terms; ++k) input_sum += x.at(k, sample);
  if (coding.sign == SignedWeights::dummy_column) {
    y -= input_sum * (coding.weight_bits == 0 ? w_max : step * std::ldexp(1.0, coding.weight_bits - 1));
  }
  for (const ProgrammedTile& tile : stage.programmed_tiles()) {
    wires::Case c;
    c.rows = tile.rows, c.columns = tile.columns, c.g = tile.now_s;
    for (std::size_t i = 0; i < tile.rows; ++i) c.v.push_back(x.at(tile.first_term + i, sample) * p.read_voltage_v);
    c.wires = {p.wires.word_segment_ohm, p.wires.bit_segment_ohm, p.wires.driver_ohm, p.wires.sense_ohm, false, false};
    const std::vector<double> currents = wires::NodalReference(c).column_currents;
    const std::size_t held = (tile.columns - (pairs ? 0 : 1)) / (pairs ? 2 : 1);
    for (std::size_t i = 0; i < held; ++i) {
      const std::size_t column = tile.first_output + i;
      const std::size_t slice = coding.side_by_side ? column % slices : tile.group % slices;
      if ((coding.side_by_side ? column / slices : column) != output) continue;
      const double current = pairs ? currents[2 * i] - currents[2 * i + 1] : currents[i] - currents.back();
      const double scale =
          coding.weight_bits == 0 ? 1.0 : step * std::ldexp(1.0, coding.bits_per_cell * static_cast<int>(slice));
      y += scale * current * stage.weight_per_siemens() / p.read_voltage_v;
    }
  }
  return y;
}

TEST_CASE("slices and dummy columns on wires are what a dense solution of every tile gives",
          "[crossbar][sums][wires]") {
  const linear::LinearMap map = random_dense(3, 10, 5);
  int tried = 0;
  for (Coding coding : all_codings()) {
    if (coding.low >= 0 || coding.digit_bits != 1 || coding.sign == SignedWeights::offset_column) continue;
    if (coding.encoding == InputEncoding::pulse_width || coding.signed_inputs == SignedInputs::two_phase) continue;
    if (coding.weight_bits == 5) coding.bits_per_cell = 2;
    if (coding.weight_bits == 8) continue;
    CrossbarParameters p = coded_parameters(coding, Quantiser{0, 1.0, true});
    p.rows = 6, p.columns = 8;
    p.wires.model = WireModel::exact;
    p.wires.word_segment_ohm = 30;
    p.wires.bit_segment_ohm = 20;
    p.wires.driver_ohm = 200;
    p.wires.sense_ohm = 100;
    p.device.programming_error_s = {0.5e-6};
    CrossbarStage stage(map, p, 1.0, 1, "test/layer");
    const support::SignalBlock x = random_block(map, 0, 1, 6), codes = quantised(x, Quantiser{8, 1.0, true});
    const support::SignalBlock y = run_coded(map, p, x);
    INFO(coding.name());
    double worst = 0;
    for (std::size_t o = 0; o < 3; ++o) {
      worst = std::max(worst, std::abs(y.at(o, 0) - dense_output(map, stage, coding, codes, o, 0)));
    }
    CHECK(worst < 1e-10);
    CHECK(worst_error(map, codes, y) > 1e-3);  // the wires are felt
    ++tried;
  }
  CHECK(tried > 30);
}

TEST_CASE("analog sums that make no sense are refused by the stage", "[crossbar][sums][bad]") {
  const linear::LinearMap map = random_dense(3, 4, 5);
  const auto build = [&](auto change) {
    Coding coding = serial(true, true, true);
    CrossbarParameters p = coded_parameters(coding, Quantiser{8, 1.0, true});
    change(p);
    return CrossbarStage(map, p, 1, 1, "a");
  };
  CHECK_NOTHROW(build([](auto&) {}));
  CHECK_THROWS_WITH(build([](auto& p) { p.inputs.encoding = InputEncoding::amplitude; }), Contains("bit_sums"));
  CHECK_THROWS_WITH(build([](auto& p) { p.signed_weights = SignedWeights::offset_column; }), Contains("placement"));
  CHECK_THROWS_WITH(build([](auto& p) { p.columns = 7; }), Contains("columns"));
  CHECK_THROWS_WITH(build([](auto& p) { p.accumulation.sum_mismatch = 0.6; }), Contains("sum_mismatch"));
  CHECK_THROWS_WITH(build([](auto& p) { p.accumulation.sum_mismatch = std::nan(""); }), Contains("sum_mismatch"));
}

}  // namespace
}  // namespace szilard::electronic
