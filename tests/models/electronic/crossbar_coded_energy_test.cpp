// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Encodings of inputs, slices of weights and digital partial sums: time, energy and noise.
#include <catch2/catch.hpp>

#include "tests/models/electronic/crossbar_coding_fixture.hpp"

namespace szilard::electronic {
namespace {

using namespace testing;
using energy::Fate;

struct Books {
  energy::Ledger ledger;
  std::unique_ptr<CrossbarStage> stage;

  Books(const linear::LinearMap& map, const CrossbarParameters& p, const support::SignalBlock& x)
      : ledger(x.first_sample(), x.samples()), stage(std::make_unique<CrossbarStage>(map, p, 1.0, 3, "a")) {
    stage->open_accounts("a", ledger);
    stage->calibrate(x);
    stage->forward(x, ledger);
  }
  double joules(const std::string& component, const std::string& mechanism, Fate fate) const {
    for (energy::AccountId id = 0; id < ledger.accounts().size(); ++id) {
      const energy::AccountInfo& info = ledger.accounts()[id];
      if (info.component == component && info.mechanism == mechanism && info.fate == fate)
        return ledger.total(id).joules();
    }
    return -1;
  }
  std::int64_t count(const std::string& component) const {
    for (energy::AccountId id = 0; id < ledger.accounts().size(); ++id) {
      const energy::AccountInfo& info = ledger.accounts()[id];
      if (info.component == component && info.fate == Fate::dissipated) return ledger.count(id);
    }
    return -1;
  }
};

TEST_CASE("the ledger closes in every encoding and transfers cancel", "[crossbar][coding][energy]") {
  const linear::LinearMap dense = random_dense(11, 37, 5), convolution = random_convolution(2, 2, 3, 3, 8);
  for (const Coding& coding : all_codings()) {
    for (const linear::LinearMap& map : {dense, convolution}) {
      CrossbarParameters p = coded_parameters(coding, Quantiser{8, 1.0, true});
      p.device.programming_error_s = {0.5e-6};
      const Books books(map, p, random_block(map, 0, 3, 6, coding.low, 1));
      INFO(coding.name() << " " << map.name);
      CHECK(books.ledger.closure().worst < 1e-9);
      CHECK(books.ledger.worst_transfer_mismatch("a") == energy::Quanta{});
    }
  }
}

double row_siemens(const CrossbarStage& stage, std::size_t outputs, std::size_t k) {
  double sum = 0;
  for (std::size_t o = 0; o < outputs; ++o) {
    for (std::size_t s = 0; s < stage.slices(); ++s)
      sum += stage.conductances(o, k, s).first + stage.conductances(o, k, s).second;
  }
  return sum;
}

TEST_CASE("bit-serial rows are driven at the read voltage where their bit is 1, and nowhere else",
          "[crossbar][coding][energy]") {
  const linear::LinearMap map = random_dense(7, 12, 5);
  for (const SignedInputs method : {SignedInputs::bipolar, SignedInputs::two_phase, SignedInputs::twos_complement}) {
    Coding coding;
    coding.encoding = InputEncoding::bit_serial;
    coding.signed_inputs = method;
    coding.weight_bits = 4;
    coding.bits_per_cell = 2;
    const CrossbarParameters p = coded_parameters(coding, Quantiser{8, 1.0, true});
    const support::SignalBlock x = random_block(map, 0, 1, 6);
    const Books books(map, p, x);
    double heat_j = 0, pulses = 0;
    for (std::size_t k = 0; k < 12; ++k) {
      const long code = static_cast<long>(p.input->quantiser.code(x.at(k, 0)));
      const long bits = method == SignedInputs::twos_complement ? code & 255 : std::labs(code);
      const int ones = __builtin_popcountl(static_cast<unsigned long>(bits));
      heat_j += ones * 0.25 * row_siemens(*books.stage, 7, k) * 10e-9;
      pulses += ones;
    }
    CHECK(books.joules("a/driver", "row_drive", Fate::supplied) == Approx(heat_j).epsilon(1e-12));
    // Two slices stand on two tiles of 16 columns each, both of whose lines are charged.
    CHECK(books.joules("a/driver", "line_charging", Fate::dissipated) ==
          Approx(pulses * 2 * 16 * 0.1e-15 * 0.25).epsilon(1e-12));
  }
}

TEST_CASE("pulses take V^2 G t with t the code's share of the read time, and one charging each",
          "[crossbar][coding][energy]") {
  const linear::LinearMap map = random_dense(7, 12, 5);
  Coding coding;
  coding.encoding = InputEncoding::pulse_width;
  const CrossbarParameters p = coded_parameters(coding, Quantiser{8, 1.0, true});
  support::SignalBlock x = random_block(map, 0, 1, 6);
  x.row(3)[0] = 0;
  const Books books(map, p, x);
  double heat_j = 0;
  for (std::size_t k = 0; k < 12; ++k) {
    const double share = std::abs(p.input->quantiser.code(x.at(k, 0))) / 127;
    heat_j += share * 0.25 * row_siemens(*books.stage, 7, k) * 10e-9;
  }
  CHECK(books.joules("a/driver", "row_drive", Fate::supplied) == Approx(heat_j).epsilon(1e-12));
  CHECK(books.joules("a/driver", "line_charging", Fate::dissipated) == Approx(11 * 16 * 0.1e-15 * 0.25).epsilon(1e-12));
}

CrossbarParameters with_wires(CrossbarParameters p) {
  p.wires.model = WireModel::exact;
  p.wires.word_segment_ohm = p.wires.bit_segment_ohm = 20;
  p.wires.driver_ohm = 100;
  p.wires.sense_ohm = 50;
  return p;
}

TEST_CASE("pulses on wires take what the network takes slot by slot", "[crossbar][coding][energy]") {
  const linear::LinearMap map = random_dense(9, 20, 5);  // 2 x 2 tiles
  Coding coding;
  coding.encoding = InputEncoding::pulse_width;
  coding.input_bits = 5;
  const CrossbarParameters p = with_wires(coded_parameters(coding, Quantiser{8, 1.0, true}));
  const support::SignalBlock x = random_block(map, 0, 3, 6);
  const Books pulses(map, p, x);
  CHECK(pulses.ledger.closure().worst < 1e-9);
  CrossbarParameters standing = p;
  standing.inputs.encoding = InputEncoding::amplitude;
  standing.read_time_s = p.read_time_s / 15;
  for (const char* mechanism : {"joule_heating", "wire_heating"}) {
    double wanted_j = 0;
    for (int slot = 1; slot <= 15; ++slot) {
      support::SignalBlock rows = x.sibling(20);
      for (std::size_t k = 0; k < 20; ++k) {
        for (std::size_t s = 0; s < 3; ++s) {
          const double code = p.input->quantiser.code(x.at(k, s));
          rows.row(k)[s] = std::abs(code) >= slot ? std::copysign(1.0, code) : 0.0;
        }
      }
      wanted_j += Books(map, standing, rows).joules("a/tile_1_1", mechanism, Fate::dissipated);
    }
    CHECK(pulses.joules("a/tile_1_1", mechanism, Fate::dissipated) == Approx(wanted_j).epsilon(1e-11));
  }
}

TEST_CASE("the ledger closes with wires, slices and every encoding", "[crossbar][coding][energy]") {
  const linear::LinearMap map = random_dense(5, 21, 5);
  for (const Coding& coding : all_codings()) {
    if (coding.low >= 0 || !coding.digital) continue;
    const Books books(map, with_wires(coded_parameters(coding, Quantiser{8, 1.0, true})), random_block(map, 0, 2, 6));
    INFO(coding.name());
    CHECK(books.ledger.closure().worst < 1e-9);
  }
}

TEST_CASE("on wires every encoding computes with the effective matrix of its slices", "[crossbar][coding]") {
  const linear::LinearMap map = random_dense(5, 21, 5);
  const support::SignalBlock x = random_block(map, 0, 4, 6);
  for (const SignedWeights sign : {SignedWeights::differential_pair, SignedWeights::offset_column}) {
    Coding coding;
    coding.sign = sign;
    CrossbarParameters p = with_wires(coded_parameters(coding, Quantiser{0, 1.0, true}));
    const support::SignalBlock amplitude = run_coded(map, p, x);
    for (const InputEncoding encoding : {InputEncoding::bit_serial, InputEncoding::pulse_width}) {
      p.inputs.encoding = encoding;
      const support::SignalBlock coded = run_coded(map, p, x);
      double worst = 0;
      for (std::size_t o = 0; o < 5; ++o) {
        for (std::size_t s = 0; s < 4; ++s) worst = std::max(worst, std::abs(coded.at(o, s) - amplitude.at(o, s)));
      }
      CHECK(worst < 1e-12);
      CHECK(worst_error(map, x, coded) > 1e-4);  // the wires are felt
    }
  }
}

TEST_CASE("conversions and additions are counted by pass, part and slice", "[crossbar][coding][energy]") {
  const linear::LinearMap map = random_convolution(2, 3, 5, 3, 5);  // 27 rows on tiles of 16, 9 positions, 2 groups
  Coding coding;
  coding.encoding = InputEncoding::bit_serial;
  coding.weight_bits = 8;
  coding.bits_per_cell = 2;
  coding.digital = true;
  const std::int64_t rows = 2 * 3 * 49;  // of 81 taps of a 3 x 3 kernel on 3 x 3 pixels 49 fall inside
  const auto check = [&](std::int64_t passes, std::int64_t slices, std::int64_t extra) {
    const Books books(map, coded_parameters(coding, Quantiser{8, 1.0, true}),
                      random_block(map, 0, 2, 6, coding.low, 1));
    INFO(coding.name());
    CHECK(books.count("a/dac") == 2 * rows * passes);
    CHECK(books.count("a/adc") == 2 * 90 * passes * slices * 2);
    CHECK(books.count("a/shift_add") == 2 * (90 * (passes * slices * 2 - 1) + extra));
    CHECK(books.joules("a/shift_add", "shift_add", Fate::dissipated) ==
          Approx(static_cast<double>(books.count("a/shift_add")) * 0.1e-12));
    CHECK(books.stage->duration_ps() == 9 * passes * (2000 + 10000 + 1000 + 5000));
  };
  check(7, 4, 0);
  coding.signed_inputs = SignedInputs::two_phase;
  check(14, 4, 0);
  coding.signed_inputs = SignedInputs::twos_complement;
  check(8, 4, 0);
  coding.low = 0;
  coding.signed_inputs = SignedInputs::bipolar;
  check(8, 4, 0);
  coding.digit_bits = 3;
  check(3, 4, 0);
  coding.encoding = InputEncoding::amplitude;
  check(1, 4, 0);
  // The sum of inputs takes an addition less than it has terms at each of 18 reads, and one an output.
  coding.sign = SignedWeights::dummy_column;
  check(1, 4, 90 + rows - 18);
}

TEST_CASE("one row tile, one slice, one pass: nothing is added and the adder has no account",
          "[crossbar][coding][energy]") {
  const linear::LinearMap map = random_dense(7, 12, 5);
  Coding coding;
  coding.digital = true;
  const Books books(map, coded_parameters(coding, Quantiser{8, 1.0, true}), random_block(map, 0, 1, 6));
  CHECK(books.count("a/shift_add") == -1);
  CHECK(books.count("a/adc") == 7);
}

// Standard deviation of output 0 over many samples of one input.
double spread(const linear::LinearMap& map, const CrossbarParameters& p, double value) {
  constexpr std::size_t kSamples = 4000;
  support::SignalBlock x(0, kSamples, map.inputs);
  for (std::size_t f = 0; f < map.inputs; ++f) std::fill_n(x.row(f), kSamples, value);
  const support::SignalBlock y = run_coded(map, p, x);
  double mean = 0, square = 0;
  for (std::size_t s = 0; s < kSamples; ++s) mean += y.at(0, s) / kSamples;
  for (std::size_t s = 0; s < kSamples; ++s) square += (y.at(0, s) - mean) * (y.at(0, s) - mean) / kSamples;
  return std::sqrt(square);
}

TEST_CASE("read noise is drawn anew in every pass, slice and row tile", "[crossbar][coding][noise]") {
  const linear::LinearMap map = random_dense(1, 40, 5);
  const double w_max = map.weights.cwiseAbs().maxCoeff();
  Coding coding;
  coding.low = 0;
  // 4 sigma of the standard deviation of 4000 numbers: 4.5 %.
  const double epsilon = 0.045, sigma = 0.01, cell = sigma * 40.0 / 39;  // in spans
  const auto parameters = [&] {
    CrossbarParameters p = coded_parameters(coding, Quantiser{0, 1.0, false});
    p.device.read_noise = ReadNoise::independent;
    p.device.read_noise_sigma = sigma;
    return p;
  };
  const double direct = cell * w_max * std::sqrt(2.0 * 40);
  SECTION("amplitude and pulse width: sigma of V or t") {
    coding.digital = true;
    CHECK(spread(map, parameters(), 1.0) == Approx(direct).epsilon(epsilon));
    coding.encoding = InputEncoding::pulse_width;
    CHECK(spread(map, parameters(), 128.0 / 255) == Approx(direct * 128 / 255).epsilon(epsilon));
  }
  SECTION("bit-serial: sum over bits of 4^b") {
    coding.encoding = InputEncoding::bit_serial;
    const double bits = std::sqrt((std::pow(4.0, 8) - 1) / 3) / 255;
    CHECK(spread(map, parameters(), 1.0) == Approx(direct * bits).epsilon(epsilon));
    CHECK(spread(map, parameters(), 128.0 / 255) == Approx(direct * 128 / 255).epsilon(epsilon));
  }
  SECTION("slices: sum over slices of 16^s") {
    coding.weight_bits = 7;
    coding.bits_per_cell = 2;
    const double slices = 3.0 * std::sqrt((std::pow(16.0, 3) - 1) / 15) / 63;
    CHECK(spread(map, parameters(), 1.0) == Approx(direct * slices).epsilon(epsilon));
  }
}

TEST_CASE("a switch sized for its row takes its gate and the inverters before it in every pulse",
          "[crossbar][coding][energy]") {
  const linear::LinearMap map = random_dense(5, 20, 5);  // two row tiles of 16 x 16
  for (const bool is_serial : {false, true}) {
    Coding coding;
    coding.low = 0;
    coding.encoding = is_serial ? InputEncoding::bit_serial : InputEncoding::pulse_width;
    CrossbarParameters p = coded_parameters(coding, Quantiser{8, 1.0, true});
    p.row_switch.voltage_share = 0.25, p.row_switch.time_constant_s = 0.6e-12, p.row_switch.supply_v = 0.9;
    support::SignalBlock x(0, 2, 20);
    for (std::size_t i = 0; i < 20; ++i) x.row(i)[0] = i < 3 ? 1.0 : 0.0;  // code 255: eight bits, or one pulse
    const Books books(map, p, x);
    const double row_ohm = 1 / (16 * p.device.maximum_conductance_s), gate_f = 0.6e-12 / (0.25 * row_ohm);
    CHECK(books.joules("a/driver", "switch_gates", Fate::dissipated) ==
          Approx(3 * (is_serial ? 8 : 1) * gate_f * 0.81).epsilon(1e-9));
    CHECK(books.joules("a/driver", "switch_gates", Fate::supplied) ==
          books.joules("a/driver", "switch_gates", Fate::dissipated));
    // A chain of fan-out 4: gates of a third, and drains as large.
    p.row_switch.fan_out = 4;
    CHECK(Books(map, p, x).joules("a/driver", "switch_gates", Fate::dissipated) ==
          Approx(books.joules("a/driver", "switch_gates", Fate::dissipated) * 5 / 3).epsilon(1e-9));
    CHECK(books.ledger.closure().worst < 1e-9);
  }
}

TEST_CASE("a linear regulator burns the rest of its supply with the rows' current", "[crossbar][coding][energy]") {
  const linear::LinearMap map = random_dense(5, 20, 5);
  Coding coding;
  coding.encoding = InputEncoding::pulse_width;
  CrossbarParameters p = coded_parameters(coding, Quantiser{8, 1.0, true});
  p.read_supply_v = 4 * p.read_voltage_v;
  const support::SignalBlock x = random_block(map, 0, 3, 6, -1, 1);
  const Books books(map, p, x);
  CHECK(books.joules("a/driver", "regulation", Fate::dissipated) ==
        Approx(3 * books.joules("a/driver", "row_drive", Fate::supplied)).epsilon(1e-9));
  CHECK(books.ledger.closure().worst < 1e-9);
  p.read_supply_v = p.read_voltage_v;
  CHECK(Books(map, p, x).joules("a/driver", "regulation", Fate::dissipated) == 0);
}

TEST_CASE("drivers and weightings that have no law are refused by name", "[crossbar][coding][bad]") {
  using Catch::Matchers::Contains;
  const linear::LinearMap map = random_dense(5, 20, 5);
  const auto build = [&](InputEncoding encoding, auto spoil) {
    Coding coding;
    coding.encoding = encoding;
    CrossbarParameters p = coded_parameters(coding, Quantiser{8, 1.0, true});
    spoil(p);
    CrossbarStage(map, p, 1.0, 1, "a");
  };
  CHECK_THROWS_WITH(build(InputEncoding::amplitude, [](auto& p) { p.read_supply_v = 1; }), Contains("read_supply_v"));
  CHECK_THROWS_WITH(build(InputEncoding::pulse_width, [](auto& p) { p.read_supply_v = 0.1; }),
                    Contains("read_supply_v"));
  CHECK_THROWS_WITH(build(InputEncoding::pulse_width, [](auto& p) { p.row_switch.voltage_share = 0.1; }),
                    Contains("row_switch.time_constant_s"));
  CHECK_THROWS_WITH(build(InputEncoding::pulse_width,
                          [](auto& p) {
                            p.row_switch = {0.1, 1e-12, 1, 0.5};
                          }),
                    Contains("row_switch.fan_out"));
  CHECK_THROWS_WITH(
      build(InputEncoding::pulse_width, [](auto& p) { p.accumulation.bit_weighting = BitWeighting::repetition; }),
      Contains("bit_weighting"));
}

TEST_CASE("a column sampled on a capacitor has the charge noise kTC in every conversion", "[crossbar][coding][noise]") {
  const linear::LinearMap map = random_dense(1, 40, 5);
  const double w_max = map.weights.cwiseAbs().maxCoeff();
  Coding coding;
  CrossbarParameters p = coded_parameters(coding, Quantiser{0, 1.0, false});
  p.integration_capacitance_f = 50e-15;
  // Amperes to outputs: w_max / (span x read voltage).
  const double amperes = std::sqrt(1.380649e-23 * 300 * 50e-15) / 10e-9;
  const double one = amperes * w_max / (39e-6 * 0.5);
  CHECK(spread(map, p, 0.3) == Approx(one).epsilon(0.045));
  CHECK(spread(map, p, 0.0) == Approx(one).epsilon(0.045));
  p.accumulation.partial_sums = PartialSums::digital;  // three row tiles
  CHECK(spread(map, p, 0.3) == Approx(one * std::sqrt(3.0)).epsilon(0.045));
}

}  // namespace
}  // namespace szilard::electronic
