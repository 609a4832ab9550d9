// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/incoherent_stage.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "models/optical/photon_counts.hpp"
#include "tests/models/optical/stage_bench.hpp"

using namespace szilard;
using namespace szilard::test;
using Catch::Matchers::Contains;
using energy::Fate;
using optical::IncoherentParameters;
using optical::IncoherentStage;

namespace {

constexpr double kCharge = 1.602176634e-19, kBoltzmann = 1.380649e-23;

}  // namespace

TEST_CASE("perfect rings and absorbers compute W x + b, tiled or not, for positive and signed inputs",
          "[optical][incoherent]") {
  for (const auto& [outputs, inputs] : {std::pair<std::size_t, std::size_t>{10, 30}, {30, 10}, {16, 16}}) {
    for (const std::size_t modes : {4u, 16u, 64u}) {
      for (const bool is_signed : {false, true}) {
        for (const auto& p : {ring_parameters(modes), absorber_parameters(modes)}) {
          const auto map = dense_layer(outputs, inputs, 3);
          const auto x = signals(inputs, 100, 7, is_signed ? -1 : 0);
          IncoherentStage stage(map, p, 1.0, is_signed, 1, "layer");
          const StageRun run(stage, x);
          INFO("seeds 3 and 7, " << outputs << " x " << inputs << ", " << modes << " modes, signed " << is_signed
                                 << ", " << stage.medium());
          CHECK(deviation(run.y, exactly(map, x)) < 1e-11);
          CHECK(run.closes());
          CHECK(stage.duration_ps() == (is_signed ? 2000 : 1000));
          for (const auto& tile : stage.tiles()) CHECK(tile.error < 1e-11);
        }
      }
    }
  }
}

TEST_CASE("a ring near resonance is a Lorentzian of width FSR / finesse, and takes no more than there is",
          "[optical][incoherent]") {
  optical::RingBankParameters p = ring_parameters(4).rings;
  p.drop_loss = 1.25;
  p.through_extinction = 20;
  linear::RowMatrix w(1, 4);
  w << 1.0, 0.4, 0.0, -0.6;
  const optical::RingBank bank = optical::program_ring_bank(w, p, 4, 1, "bank");
  const double width = p.free_spectral_range_hz / p.finesse;
  for (Eigen::Index k = 0; k < 4; ++k) {
    const double d = bank.detuning_hz(0, k), lorentzian = 1 / (1 + 4 * d * d / (width * width));
    CHECK(bank.shares.plus(0, k) == Approx(0.8 * lorentzian).epsilon(1e-4));
    CHECK(bank.shares.minus(0, k) == Approx(1 - 0.95 * lorentzian).epsilon(1e-4));
    CHECK(bank.shares.plus(0, k) + bank.shares.minus(0, k) + bank.shares.absorbed[std::size_t(k)] ==
          Approx(1).epsilon(1e-14));
    CHECK(bank.shares.plus(0, k) - bank.shares.minus(0, k) == Approx(bank.span * w(0, k)).margin(1e-13));
  }
  CHECK(bank.detuning_hz(0, 0) < bank.detuning_hz(0, 1));
  CHECK(bank.span == Approx(0.8 - 0.05).epsilon(1e-9));
}

TEST_CASE("neighbouring channels spoil a bank's weights by what Lorentzian tails say, and common tuning mends it",
          "[optical][incoherent]") {
  const auto map = dense_layer(6, 16, 5);
  double before = 1;
  for (const double finesse : {100.0, 400.0, 1600.0}) {
    IncoherentParameters p = ring_parameters(16);
    p.rings.finesse = finesse;
    p.rings.crosstalk = optical::RingCrosstalk::uncompensated;
    IncoherentStage plain(map, p, 1.0, false, 1, "layer");
    const double error = plain.tiles()[0].error;
    INFO("seed 5, finesse " << finesse << ", error " << error);
    CHECK(error > 0);
    CHECK(error < before / 3);
    before = error;
    p.rings.crosstalk = optical::RingCrosstalk::compensated;
    IncoherentStage mended(map, p, 1.0, false, 1, "layer");
    CHECK(mended.tiles()[0].residual < 1e-12);
    const auto x = signals(16, 20, 3);
    const StageRun run(mended, x);
    CHECK(deviation(run.y, exactly(map, x)) < 1e-11);
    CHECK(run.closes());
  }
}

TEST_CASE("rings hold their tuning and lock, absorbers hold nothing", "[optical][incoherent]") {
  const auto map = dense_layer(3, 4, 2);
  const auto x = signals(4, 5, 1);
  IncoherentParameters p = ring_parameters(8);
  IncoherentStage rings(map, p, 1.0, false, 1, "layer");
  const StageRun run(rings, x);
  double shift_hz = 0;
  const auto programs = rings.programs();
  for (const double d : programs[0].arrays[0].values) shift_hz += d;
  CHECK(run.dissipated_j("ring_tuning") == Approx(5e-9 * (50e-3 * shift_hz / 3e12 + 12 * 1e-4)).epsilon(1e-12));
  p.rings.resonance_spread_hz = 1e11;
  IncoherentStage spread(map, p, 1.0, false, 1, "layer");
  CHECK(spread.tiles()[0].heaters_w > 2 * rings.tiles()[0].heaters_w);
  CHECK(deviation(StageRun(spread, x).y, exactly(map, x)) < 1e-11);
  p.rings.locking_error_hz = 1e8;
  IncoherentStage unlocked(map, p, 1.0, false, 1, "layer");
  CHECK(unlocked.tiles()[0].error > 1e-4);
  CHECK(unlocked.tiles()[0].error < 0.2);
  IncoherentStage absorbers(map, absorber_parameters(8), 1.0, false, 1, "layer");
  CHECK(StageRun(absorbers, x).dissipated_j("ring_tuning") == 0);
}

TEST_CASE("rings made higher than their light spare rounds of the heater, and the stated bias costs least",
          "[optical][incoherent]") {
  const auto map = dense_layer(24, 24, 2);
  IncoherentParameters p = ring_parameters(24);
  p.rings.resonance_spread_hz = 1e11;
  const auto heaters_w = [&](double bias_hz) {
    p.rings.resonance_bias_hz = bias_hz;
    return IncoherentStage(map, p, 1.0, false, 1, "layer").tiles()[0].heaters_w;
  };
  const double best_hz = p.rings.least_power_bias_hz(), best_w = heaters_w(best_hz);
  CHECK(best_hz == Approx(1e11 * std::sqrt(2 * std::log(p.rings.free_spectral_range_hz /
                                                        (1e11 * std::sqrt(2 * 3.14159265358979323846))))));
  CHECK(best_w < heaters_w(0) / 3);
  INFO("576 rings, their deviations of seed 1");
  for (const double other : {0.3, 0.6, 1.6, 2.5}) CHECK(best_w < heaters_w(other * best_hz));
  // As wide as the range: nothing is gained.
  p.rings.resonance_spread_hz = p.rings.free_spectral_range_hz;
  CHECK(p.rings.least_power_bias_hz() == 0);
}

TEST_CASE("absorbing cells: the light of an input goes to photodiodes, into cells or out of couplers, as the law says",
          "[optical][incoherent]") {
  linear::RowMatrix w(2, 3);
  w << 1.0, -0.5, 0.0, 0.25, 0.0, -1.0;
  optical::AbsorptiveCrossbarParameters p;
  p.minimum_transmission = 0.1;
  p.maximum_transmission = 0.9;
  p.cell_loss = 1.05;
  const auto crossbar = optical::program_absorptive_crossbar(w, p, 1, "tile");
  const double g_min = std::pow(1.05, -3);
  CHECK(crossbar.worst_path == Approx(g_min).epsilon(1e-14));
  CHECK(crossbar.worst_share == Approx(0.8 * g_min / (4 * 3)).epsilon(1e-14));
  for (Eigen::Index j = 0; j < 2; ++j)
    for (Eigen::Index k = 0; k < 3; ++k) {
      const double g = std::pow(1.05, -double(j + 2 - k)), t = 0.1 + 0.8 * std::max(w(j, k), 0.0) * g_min / g;
      CHECK(crossbar.plus(j, k) == Approx(t).epsilon(1e-13));
      CHECK(crossbar.shares.plus(j, k) == Approx(t * g / 12).epsilon(1e-13));
      CHECK(crossbar.shares.plus(j, k) - crossbar.shares.minus(j, k) ==
            Approx(crossbar.worst_share * w(j, k)).margin(1e-15));
    }
  for (std::size_t k = 0; k < 3; ++k) {
    const double out =
        crossbar.shares.plus.col(Eigen::Index(k)).sum() + crossbar.shares.minus.col(Eigen::Index(k)).sum();
    CHECK(out + crossbar.shares.absorbed[k] + crossbar.shares.auxiliary[k] == Approx(1).epsilon(1e-14));
  }
  p.combining = optical::Combining::multiplexers;
  CHECK(optical::program_absorptive_crossbar(w, p, 1, "tile").worst_share ==
        Approx(3 * crossbar.worst_share).epsilon(1e-13));
}

TEST_CASE("levels and programming errors of cells show as an error that falls with the levels",
          "[optical][incoherent]") {
  const auto map = dense_layer(8, 16, 4);
  double before = 1;
  for (const int levels : {4, 16, 64}) {
    IncoherentParameters p = absorber_parameters(16);
    p.absorbers.levels = levels;
    IncoherentStage stage(map, p, 1.0, false, 1, "layer");
    CHECK(stage.tiles()[0].error < before / 2);
    before = stage.tiles()[0].error;
  }
  IncoherentParameters p = absorber_parameters(16);
  p.absorbers.programming_error = 0.01;
  IncoherentStage stage(map, p, 1.0, false, 1, "layer");
  const auto x = signals(16, 10, 2);
  CHECK(stage.tiles()[0].error > 0.005);
  CHECK(StageRun(stage, x).closes());
}

TEST_CASE("a finite extinction ratio costs light and shot noise, not exactness", "[optical][incoherent]") {
  const auto map = dense_layer(5, 9, 4);
  const auto x = signals(9, 30, 2);
  for (auto p : {ring_parameters(4), absorber_parameters(4)}) {
    IncoherentStage clean(map, p, 1.0, false, 1, "layer");
    const StageRun before(clean, x);
    p.extinction_ratio = 10;
    IncoherentStage leaky(map, p, 1.0, false, 1, "layer");
    const StageRun run(leaky, x);
    CHECK(deviation(run.y, exactly(map, x)) < 1e-11);
    CHECK(run.total_j("photonic/layer/receiver", Fate::received) >
          before.total_j("photonic/layer/receiver", Fate::received));
    CHECK(run.closes());
  }
}

TEST_CASE(
    "balanced receivers have the variance 2 q I B + 4 k T B / R, and lasers add theirs, within four standard errors",
    "[optical][incoherent]") {
  linear::LinearMap map = dense_layer(1, 1, 1);
  map.weights(0, 0) = 1;
  map.bias = {0};
  const std::size_t samples = 20000;
  support::SignalBlock x(0, samples, 1);
  for (std::size_t s = 0; s < samples; ++s) x.row(0)[s] = 0.5;
  for (int kind = 0; kind < 4; ++kind) {
    IncoherentParameters p = absorber_parameters(1);
    p.light_power_w = 1e-6;
    p.noise = {kind == 0 || kind == 2, kind == 1 || kind == 2};
    if (kind == 3) p.intensity_noise_per_hz = 1e-12;
    IncoherentStage stage(map, p, 1.0, false, 9, "layer");
    const StageRun run(stage, x);
    const double r = p.responsivity(), i = r * 0.5e-6 * 0.5;
    double variance_a2 = 0;
    if (p.noise.has_shot) variance_a2 += 2 * kCharge * (i + 50e-9) * 5e8;
    if (p.noise.has_thermal) variance_a2 += 4 * kBoltzmann * 300 * 5e8 / 1000;
    if (kind == 3) variance_a2 += 1e-12 * 5e8 * i * i;
    double sum = 0, squares = 0;
    for (std::size_t s = 0; s < samples; ++s) {
      const double amperes = (run.y.at(0, s) - 0.5) * r * 0.5e-6;
      sum += amperes;
      squares += amperes * amperes;
    }
    const double n = double(samples);
    INFO("seed 9, kind " << kind);
    CHECK(std::abs(sum / n) <= 4 * std::sqrt(variance_a2 / n));
    CHECK(std::abs(squares / n - variance_a2) <= 4 * variance_a2 * std::sqrt(2 / n));
    CHECK(run.closes());
  }
}

TEST_CASE("inputs of one laser fluctuate together, those of several apart", "[optical][incoherent]") {
  linear::LinearMap map = dense_layer(1, 4, 1);
  for (int k = 0; k < 4; ++k) map.weights(0, k) = 1;
  map.bias = {0};
  const std::size_t samples = 4000;
  support::SignalBlock x(0, samples, 4);
  for (std::size_t f = 0; f < 4; ++f)
    for (std::size_t s = 0; s < samples; ++s) x.row(f)[s] = 1;
  double variance[2] = {0, 0};
  for (int shared = 0; shared < 2; ++shared) {
    IncoherentParameters p = absorber_parameters(4);
    p.intensity_noise_per_hz = 1e-13;
    p.laser_sharing = shared ? 4 : 1;
    IncoherentStage stage(map, p, 1.0, false, 3, "layer");
    const StageRun run(stage, x);
    for (std::size_t s = 0; s < samples; ++s) variance[shared] += std::pow(run.y.at(0, s) - 4, 2) / double(samples);
  }
  INFO("seed 3");
  CHECK(variance[0] == Approx(4 * 5e-5).epsilon(4 * std::sqrt(2.0 / double(samples))));
  CHECK(variance[1] == Approx(16 * 5e-5).epsilon(4 * std::sqrt(2.0 / double(samples))));
}

TEST_CASE("counted photons have Poisson's mean, variance and skewness, from far below one to a million",
          "[optical][incoherent]") {
  const support::RandomStream stream(5, 77);
  for (const double mean : {0.02, 0.64, 3.2, 40.0, 2500.0, 1e6}) {
    const std::size_t n = mean > 1000 ? 4000 : 40000;
    double sum = 0, squares = 0, cubes = 0, none = 0;
    for (std::size_t s = 0; s < n; ++s) {
      const double count = optical::photon_count(mean, stream, s, 3), d = count - mean;
      CHECK((count >= 0 && count == std::floor(count)));
      sum += d, squares += d * d, cubes += d * d * d, none += count == 0;
    }
    const double size = double(n), kurtosis = 3 + 1 / mean;
    INFO("seed 5, mean " << mean);
    CHECK(std::abs(sum / size) <= 4 * std::sqrt(mean / size));
    CHECK(std::abs(squares / size - mean) <= 4 * mean * std::sqrt((kurtosis - 1) / size));
    CHECK(std::abs(cubes / size - mean) <=
          4 * std::sqrt((15 * mean * mean * mean + 25 * mean * mean + mean) / size) + 1e-9);
    if (mean < 10)
      CHECK(std::abs(none / size - std::exp(-mean)) <= 4 * std::sqrt(std::exp(-mean) * (1 - std::exp(-mean)) / size));
  }
  CHECK(optical::photon_count(0, stream, 0, 0) == 0);
}

TEST_CASE("a counting receiver falls off from exact to noise as photons a multiplication fall below one",
          "[optical][incoherent]") {
  const auto map = dense_layer(8, 100, 4);
  const auto x = signals(100, 200, 2);
  const auto wanted = exactly(map, x);
  double before = 0;
  for (const double power_w : {1e-6, 1e-8, 1e-10}) {
    IncoherentParameters p = absorber_parameters(100);
    p.absorbers.combining = optical::Combining::multiplexers;
    p.detection = optical::Detection::counting;
    p.dark_current_a = 0;
    p.light_power_w = power_w;
    IncoherentStage stage(map, p, 1.0, false, 6, "layer");
    const StageRun run(stage, x);
    const double photons = stage.detected_photons() / (200.0 * 800), error = deviation(run.y, wanted);
    INFO("seeds 4, 2 and 6: " << photons << " photons a multiplication, error " << error);
    if (before > 0) CHECK(error / before == Approx(10).epsilon(0.3));
    before = error;
    CHECK(run.closes());
  }
}

TEST_CASE("a sample's results do not depend on the block it comes in, counted or not", "[optical][incoherent]") {
  const auto map = dense_layer(7, 12, 6);
  for (const bool counting : {false, true}) {
    IncoherentParameters p = ring_parameters(5);
    p.noise = {true, true};
    p.intensity_noise_per_hz = 1e-14;
    p.detection = counting ? optical::Detection::counting : optical::Detection::current;
    p.light_power_w = 1e-6;
    IncoherentStage one(map, p, 1.0, true, 1, "layer"), other(map, p, 1.0, true, 1, "layer");
    const StageRun whole(one, signals(12, 203, 5, -1)), part(other, signals(12, 7, 5, -1, 150));
    for (std::size_t f = 0; f < 7; ++f)
      for (std::size_t s = 0; s < 7; ++s) CHECK(part.y.at(f, s) == whole.y.at(f, 150 + s));
    CHECK(part.ledger.total("photonic", Fate::dissipated, 152) ==
          whole.ledger.total("photonic", Fate::dissipated, 152));
  }
}

TEST_CASE("rings and absorbers that cannot be are refused by the field's name", "[optical][incoherent][bad]") {
  const auto refused = [](IncoherentParameters p, auto&& change, const char* name) {
    change(p);
    CHECK_THROWS_WITH(IncoherentStage(dense_layer(2, 2, 1), p, 1.0, false, 1, "l"), Contains(name));
  };
  const auto rings = ring_parameters(4), absorbers = absorber_parameters(4);
  refused(
      rings, [](auto& p) { p.rings.finesse = 1.0; }, "finesse");
  refused(
      rings, [](auto& p) { p.rings.finesse = 1.3; }, "no span");
  refused(
      rings, [](auto& p) { p.rings.channel_spacing_hz = 1e12; }, "channel_spacing_hz");
  refused(
      rings, [](auto& p) { p.rings.drop_loss = 0.9; }, "drop_loss");
  refused(
      rings, [](auto& p) { p.rings.through_extinction = 1.5; }, "through_extinction");
  refused(
      rings,
      [](auto& p) {
        p.rings.drop_loss = 3.0;
        p.rings.through_extinction = 2.0;
      },
      "no span");
  refused(
      rings, [](auto& p) { p.rings.tuning_power_w = -1.0; }, "tuning_power_w");
  refused(
      rings, [](auto& p) { p.extinction_ratio = 1.0; }, "extinction_ratio");
  refused(
      rings, [](auto& p) { p.laser_efficiency = 1.5; }, "laser_efficiency");
  refused(
      rings, [](auto& p) { p.crossing_loss = 0.5; }, "crossing_loss");
  refused(
      rings, [](auto& p) { p.laser_sharing = 0; }, "laser_sharing");
  refused(
      absorbers, [](auto& p) { p.absorbers.minimum_transmission = 1.0; }, "minimum_transmission");
  refused(
      absorbers, [](auto& p) { p.absorbers.maximum_transmission = 1.1; }, "maximum_transmission");
  refused(
      absorbers, [](auto& p) { p.absorbers.levels = 1; }, "levels");
  refused(
      absorbers, [](auto& p) { p.absorbers.cell_loss = 0.5; }, "cell_loss");
  refused(
      absorbers, [](auto& p) { p.absorbers.wavelengths = 0; }, "wavelengths");
  refused(
      absorbers, [](auto& p) { p.absorbers.programming_error = std::numeric_limits<double>::quiet_NaN(); },
      "programming_error");
  CHECK_THROWS_WITH(IncoherentStage(dense_layer(2, 2, 1), rings, 0.0, false, 1, "l"), Contains("input_full_scale"));
  energy::Ledger ledger(0, 1);
  IncoherentStage stage(dense_layer(2, 2, 1), rings, 1.0, false, 1, "l");
  CHECK_THROWS_AS(stage.forward(signals(3, 1, 1), ledger), std::logic_error);
}
