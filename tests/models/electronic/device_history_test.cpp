// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <limits>

#include "models/support/constants.hpp"
#include "tests/models/electronic/crossbar_fixture.hpp"

namespace szilard::electronic {
namespace {

using namespace testing;

constexpr std::size_t kCells = 40000;

Device plain() { return exact_parameters().device; }

std::vector<AgedConductance> age_many(const Device& device, double programmed_s) {
  std::vector<AgedConductance> cells;
  const support::RandomStream fixed(17, 5);
  for (std::size_t cell = 0; cell < kCells; ++cell) {
    cells.push_back(aged_conductance(device, programmed_s, fixed, cell));
  }
  return cells;
}

struct Moments {
  double mean = 0, sigma = 0;
};
template <typename Values, typename Get>
Moments moments(const Values& values, const Get& get) {
  double sum = 0, squares = 0, n = 0;
  for (const auto& value : values) sum += get(value), n += 1;
  for (const auto& value : values) squares += (get(value) - sum / n) * (get(value) - sum / n);
  return {sum / n, std::sqrt(squares / (n - 1))};
}

Moments output_moments(const CrossbarParameters& p, const linear::LinearMap& map, const support::SignalBlock& x) {
  const support::SignalBlock y = outputs_of(map, p, x, 3);
  return moments(std::vector<double>(y.row(0), y.row(0) + y.samples()), [](double v) { return v; });
}

support::SignalBlock equal_samples(std::size_t inputs, double value) {
  support::SignalBlock x(0, kCells, inputs);
  for (std::size_t f = 0; f < inputs; ++f) std::fill_n(x.row(f), kCells, value);
  return x;
}

linear::LinearMap one_output(std::size_t inputs) { return random_dense(1, inputs, 5); }

/// y for one ampere in the output's columns.
double weights_per_ampere(const linear::LinearMap& map, const CrossbarParameters& p) {
  const double span = p.device.maximum_conductance_s - p.device.minimum_conductance_s;
  return map.weights.cwiseAbs().maxCoeff() / span / p.read_voltage_v;
}

const double kStatistical = 4 / std::sqrt(2.0 * kCells);

TEST_CASE("a device without a history keeps what was programmed", "[device][history]") {
  for (const AgedConductance& cell : age_many(plain(), 7e-6)) {
    REQUIRE(cell.now_s == 7e-6);
    REQUIRE(cell.initial_s == 7e-6);
  }
}

TEST_CASE("the stated shares of cells are stuck at the ends and do not age", "[device][history]") {
  Device device = plain();
  device.stuck_on = 0.02;
  device.stuck_off = 0.05;
  device.retention_time_s = 1;
  device.age_s = 1;
  double on = 0, off = 0;
  for (const AgedConductance& cell : age_many(device, 7e-6)) {
    on += cell.now_s == 40e-6;
    off += cell.now_s == 1e-6;
  }
  CHECK(on / kCells == Approx(0.02).margin(4 * std::sqrt(0.02 * 0.98 / kCells)));
  CHECK(off / kCells == Approx(0.05).margin(4 * std::sqrt(0.05 * 0.95 / kCells)));
  device.stuck_on = 1;
  device.stuck_off = 0;
  for (const AgedConductance& cell : age_many(device, 7e-6)) REQUIRE(cell.now_s == 40e-6);
}

TEST_CASE("device-to-device spread is relative, fixed and never below 0", "[device][history]") {
  Device device = plain();
  device.spread = 0.1;
  const Moments got = moments(age_many(device, 7e-6), [](const AgedConductance& cell) { return cell.now_s; });
  CHECK(got.mean == Approx(7e-6).epsilon(4 * 0.1 / std::sqrt(kCells)));
  CHECK(got.sigma == Approx(0.7e-6).epsilon(kStatistical));
  CHECK(age_many(device, 7e-6)[5].now_s == age_many(device, 7e-6)[5].now_s);
  device.spread = 5;
  for (const AgedConductance& cell : age_many(device, 7e-6)) REQUIRE(cell.now_s >= 0);
}

TEST_CASE("drift follows its power law from the reference time on", "[device][history]") {
  Device device = plain();
  device.minimum_conductance_s = 0;
  device.maximum_conductance_s = 25e-6;
  device.drift.is_on = true;
  device.drift.mean = {-0.0155, 0.0244, 0.049, 0.1};
  device.drift.reference_time_s = 20;
  const support::RandomStream fixed(1, 1);
  const auto left = [&](double g, double age_s) {
    device.age_s = age_s;
    return aged_conductance(device, g * 25e-6, fixed, 3).now_s / (g * 25e-6);
  };
  CHECK(left(0.5, 19) == 1);
  CHECK(left(0.5, 20) == 1);
  CHECK(left(0.5, 20e3) == Approx(std::pow(1e3, -0.049)).epsilon(1e-12));  // 0.0351 lies below the lower limit
  CHECK(left(0.1, 20e3) == Approx(std::pow(1e3, 0.0155 * std::log(0.1) - 0.0244)).epsilon(1e-12));
  CHECK(left(1e-4, 20e3) == Approx(std::pow(1e3, -0.1)).epsilon(1e-12));
  CHECK(aged_conductance(device, 0, fixed, 3).now_s == 0);
  device.drift.spread = {-0.0125, -0.0059, 0.008, 0.045};
  const Moments nu = moments(age_many(device, 2.5e-6), [](const AgedConductance& cell) {
    return -std::log(cell.now_s / cell.initial_s) / std::log(1e3);
  });
  const double spread = -0.0125 * std::log(0.1) - 0.0059;
  CHECK(nu.mean == Approx(-0.0155 * std::log(0.1) + 0.0244).epsilon(4 * spread / 0.06 / std::sqrt(kCells)));
  CHECK(nu.sigma == Approx(spread).epsilon(0.02));
}

TEST_CASE("retention and read disturb relax towards their ends", "[device][history]") {
  Device device = plain();
  const support::RandomStream fixed(1, 1);
  device.age_s = 3;
  device.retention_time_s = 2;
  CHECK(aged_conductance(device, 9e-6, fixed, 0).now_s == Approx(1e-6 + 8e-6 * std::exp(-1.5)).epsilon(1e-13));
  device.retention_time_s = 0;
  device.read_disturb = 1e-3;
  device.past_reads = 500;
  CHECK(aged_conductance(device, 9e-6, fixed, 0).now_s == Approx(40e-6 - 31e-6 * std::pow(0.999, 500)).epsilon(1e-13));
}

TEST_CASE("compensation undoes drift that is the same for all cells", "[crossbar][history]") {
  const linear::LinearMap map = random_dense(9, 20, 5);
  for (const SignedWeights kind : {SignedWeights::differential_pair, SignedWeights::offset_column}) {
    CrossbarParameters p = exact_parameters();
    p.signed_weights = kind;
    const support::SignalBlock x = random_block(map, 0, 3, 6);
    p.device.drift.is_on = true;
    p.device.drift.mean = {0, 0.05, 0, 1};
    p.device.drift.reference_time_s = 20;
    p.device.age_s = 20e3;
    const support::SignalBlock drifted = outputs_of(map, p, x);
    p.device.drift.is_compensated = true;
    const support::SignalBlock compensated = outputs_of(map, p, x);
    const double left = std::pow(1e3, -0.05);
    for (std::size_t o = 0; o < 9; ++o) {
      const double wanted = reference(map, x, 0, o, 0, 1);
      CHECK(compensated.at(o, 1) == Approx(wanted).epsilon(1e-10).margin(1e-10));
      CHECK(drifted.at(o, 1) - map.bias[o] == Approx((wanted - map.bias[o]) * left).epsilon(1e-10).margin(1e-10));
    }
  }
}

TEST_CASE("flicker noise has the printed law and the outputs its variance", "[crossbar][history][noise]") {
  const linear::LinearMap map = one_output(6);
  CrossbarParameters p = exact_parameters();
  p.device.read_noise = ReadNoise::flicker;
  p.device.flicker = {0.0088, 0.65, 0.2, ""};
  p.read_time_s = 250e-9;
  p.device.age_s = 20;
  const double roots = std::sqrt(std::log((20 + 250e-9) / 500e-9));
  CHECK(read_sigma_s(p.device, 20e-6, 250e-9) / 20e-6 == Approx(0.0138 * roots).epsilon(0.01));
  CHECK(read_sigma_s(p.device, 0.1e-6, 250e-9) / 0.1e-6 == Approx(0.2 * roots).epsilon(1e-9));
  CHECK(read_sigma_s(p.device, 0, 250e-9) == 0);
  p.device.age_s = 100e-9;
  CHECK(read_sigma_s(p.device, 20e-6, 250e-9) == 0);
  p.device.age_s = 20;
  CrossbarStage stage(map, p, 1.0, 3, "a");
  double variance = 0;
  for (std::size_t k = 0; k < 6; ++k) {
    const auto [plus, minus] = stage.conductances(0, k);
    variance += std::pow(0.25 * read_sigma_s(p.device, plus, 250e-9), 2);
    variance += std::pow(0.25 * read_sigma_s(p.device, minus, 250e-9), 2);
  }
  for (const Precision precision : {Precision::double_precision, Precision::single_precision}) {
    p.precision = precision;
    CHECK(output_moments(p, map, equal_samples(6, 0.5)).sigma ==
          Approx(std::sqrt(variance) * weights_per_ampere(map, p)).epsilon(kStatistical));
  }
}

TEST_CASE("thermal noise is 4kTGB whatever the input, shot noise 2qIB; both add to read noise",
          "[crossbar][history][noise]") {
  const linear::LinearMap map = one_output(6);
  CrossbarParameters p = exact_parameters();
  p.temperature_k = 350;
  const double bandwidth_hz = 1 / (2 * p.read_time_s), volts = 0.5 * p.read_voltage_v;
  CrossbarStage stage(map, p, 1.0, 3, "a");
  double sum_s = 0, squares = 0;
  for (std::size_t k = 0; k < 6; ++k) {
    const auto [plus, minus] = stage.conductances(0, k);
    sum_s += plus + minus;
    squares += plus * plus + minus * minus;
  }
  const double thermal = 4 * support::kBoltzmann_J_per_K * 350 * sum_s * bandwidth_hz;
  const double shot = 2 * support::kElementaryCharge_C * volts * sum_s * bandwidth_hz;
  const auto sigma = [&](double value) {
    return output_moments(p, map, equal_samples(6, value)).sigma / weights_per_ampere(map, p);
  };
  p.device.current_noise.has_thermal = true;
  CHECK(sigma(0) == Approx(std::sqrt(thermal)).epsilon(kStatistical));
  CHECK(sigma(-0.5) == Approx(std::sqrt(thermal)).epsilon(kStatistical));
  p.device.current_noise.bandwidth_hz = 4 * bandwidth_hz;
  CHECK(sigma(0) == Approx(2 * std::sqrt(thermal)).epsilon(kStatistical));
  p.device.current_noise.has_thermal = false;
  p.device.current_noise.has_shot = true;
  p.device.current_noise.bandwidth_hz = 0;
  CHECK(sigma(0) < 1e-9 * std::sqrt(shot));
  CHECK(sigma(-0.5) == Approx(std::sqrt(shot)).epsilon(kStatistical));
  p.device.current_noise.has_thermal = true;
  p.device.read_noise = ReadNoise::proportional;
  p.device.read_noise_sigma = 1e-3;
  CHECK(sigma(0.5) == Approx(std::sqrt(thermal + shot + squares * volts * volts * 1e-6)).epsilon(kStatistical));
  p.precision = Precision::single_precision;
  CHECK(sigma(0.5) == Approx(std::sqrt(thermal + shot + squares * volts * volts * 1e-6)).epsilon(kStatistical));
}

TEST_CASE("thermal noise with wires is Nyquist's, of the conductance between the columns and the rest",
          "[crossbar][history][wires]") {
  const linear::LinearMap map = one_output(1);
  CrossbarParameters p = exact_parameters();
  p.device.current_noise.has_thermal = true;
  p.wires.model = WireModel::exact;
  p.wires.word_segment_ohm = 9e3;
  p.wires.bit_segment_ohm = 5e3;
  p.wires.driver_ohm = 20e3;
  p.wires.sense_ohm = 7e3;
  CrossbarStage stage(map, p, 1.0, 3, "a");
  const auto [plus, minus] = stage.conductances(0, 0);
  // Ends at 1 V and -1 V, the source at 0 V, word-line nodes u and w: two equations by hand.
  const double a = 1 / (1 / plus + 12e3), b = 1 / (1 / minus + 12e3), first = 1 / 29e3, next = 1 / 9e3;
  const double determinant = (first + next + a) * (next + b) - next * next;
  const double u = (a * (next + b) - next * b) / determinant, w = (next * a - b * (first + next + a)) / determinant;
  const double conductance_s = a * (1 - u) + b * (1 + w);
  const double variance = 4 * support::kBoltzmann_J_per_K * 300 * conductance_s / (2 * p.read_time_s);
  CHECK(output_moments(p, map, equal_samples(1, 0.3)).sigma / weights_per_ampere(map, p) ==
        Approx(std::sqrt(variance)).epsilon(kStatistical));
  CHECK(conductance_s < 0.9 * (plus + minus));
}

TEST_CASE("histories that no cell can have are refused by name", "[device][history][bad]") {
  const auto problem = [](const auto& change) -> std::string {
    Device device = plain();
    change(device);
    try {
      device.check();
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(problem([](Device&) {}).empty());
  CHECK(problem([](Device& d) { d.stuck_on = 1.1; }).find("device.stuck_on") == 0);
  CHECK(problem([](Device& d) { d.stuck_on = 0.6, d.stuck_off = 0.5; }).find("device.stuck_off") == 0);
  CHECK(problem([&](Device& d) { d.spread = nan; }).find("device.spread") == 0);
  CHECK(problem([](Device& d) { d.age_s = -1; }).find("device.age_s") == 0);
  CHECK(problem([](Device& d) { d.retention_time_s = -1; }).find("device.retention_time_s") == 0);
  CHECK(problem([](Device& d) { d.read_disturb = 2; }).find("device.read_disturb") == 0);
  CHECK(problem([&](Device& d) { d.past_reads = nan; }).find("device.past_reads") == 0);
  CHECK(problem([](Device& d) { d.drift.is_on = true; }).find("device.drift.reference_time_s") == 0);
  const auto drifting = [](LogLaw law) {
    return [law](Device& d) { d.drift.is_on = true, d.drift.reference_time_s = 1, d.drift.mean = law; };
  };
  CHECK(problem(drifting({0, 0.1, 0, 1})).empty());
  CHECK(problem(drifting({0, 0.1, 1, 0})).find("device.drift.mean") == 0);
  CHECK(problem(drifting({nan, 0.1, 0, 1})).find("device.drift.mean") == 0);
  CHECK(problem([](Device& d) {
          d.read_noise = ReadNoise::flicker, d.flicker.highest = -1;
        }).find("device.flicker.highest") == 0);
  CHECK(problem([](Device& d) { d.current_noise.bandwidth_hz = -1; }).find("device.current_noise.bandwidth_hz") == 0);
  CrossbarParameters p = exact_parameters();
  p.temperature_k = 0;
  CHECK_THROWS_AS(CrossbarStage(random_dense(3, 4, 5), p, 1.0, 1, "a"), std::invalid_argument);
}

}  // namespace
}  // namespace szilard::electronic
