// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/fallible_bit.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>

#include "models/neuron/drawn_reset.hpp"
#include "tests/models/neuron/bench_bank.hpp"
#include "tests/models/neuron/devices.hpp"

using namespace szilard;                // NOLINT: a test of these namespaces
using namespace szilard::neuron;        // NOLINT
using namespace szilard::neuron::test;  // NOLINT
using energy::Fate;
using energy::Quanta;

namespace {

constexpr std::uint64_t kSeed = 83;
constexpr std::size_t kSamples = 20000;
constexpr double kFourErrors = 4;

std::unique_ptr<ResetPhysics> blind(std::size_t neurons) {
  return make_landauer_ideal(std::vector<double>(neurons, 0.5), kTemperature_K);
}

/// One neuron that sees the same input in every sample.
std::vector<std::vector<double>> constant(double y, std::size_t samples = kSamples) {
  return {std::vector<double>(samples, y)};
}

double share(const Run& run, std::size_t neuron = 0) {
  return double(run.bank->activity().active(neuron)) / double(run.bank->activity().samples());
}

bool within_errors(double observed, double expected, std::size_t draws) {
  return std::abs(observed - expected) <=
         kFourErrors * std::sqrt(std::max(expected * (1 - expected), 1e-12) / double(draws)) + 1 / double(draws);
}

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

/// As run_bank(), with a hold time.
Run run_held(const std::vector<std::vector<double>>& inputs, const NeuronParameters& parameters,
             std::unique_ptr<ResetPhysics> physics, std::int64_t hold_ps, std::size_t block) {
  Run run = make_run(inputs.size(), inputs.front().size(), parameters, std::move(physics));
  run.bank->hold(hold_ps);
  const std::size_t samples = inputs.front().size();
  for (std::size_t first = 0; first < samples; first += block) {
    const std::size_t count = std::min(block, samples - first);
    const support::SignalBlock x = run.bank->forward(block_of(inputs, kFirstSample, first, count), *run.ledger);
    for (std::size_t i = 0; i < inputs.size(); ++i)
      for (std::size_t s = 0; s < count; ++s) run.outputs[i][first + s] = x.at(i, s);
  }
  return run;
}

}  // namespace

TEST_CASE("a decision against the tilt dE is thermal, 1 / (1 + e^(dE / kT)), whatever sign and temperature",
          "[neuron][errors]") {
  std::mt19937_64 random(kSeed);
  INFO("seed " << kSeed);
  std::uniform_real_distribution<double> tilt_kT(0.2, 6), scale(0.1, 50), kelvin(4, 400);
  for (int n = 0; n < 8; ++n) {
    NeuronParameters parameters;
    parameters.full_scale = scale(random);
    parameters.errors.temperature_k = kelvin(random);
    const double kt_j = support::kBoltzmann_J_per_K * parameters.errors.temperature_k, tilt = tilt_kT(random);
    parameters.errors.state_energy_j = 10 * kt_j;
    const double sign = n % 2 == 0 ? 1 : -1;
    const Run run = run_bank(constant(sign * tilt / 10 * parameters.full_scale), parameters, blind(1), 64);
    const double wrong = 1 / (1 + std::exp(tilt));
    INFO("dE = " << tilt << " kT, sign " << sign);
    CHECK(within_errors(share(run), sign > 0 ? 1 - wrong : wrong, kSamples));
    CHECK(within_errors(double(run.bank->errors().wrong) / double(kSamples), wrong, kSamples));
  }
}

TEST_CASE("rare thermal errors fall as e^(-dE / kT), and cold ones are gone", "[neuron][errors]") {
  NeuronParameters parameters;
  parameters.errors.state_energy_j = 8 * kThermal_J;
  parameters.errors.temperature_k = kTemperature_K;
  const Run warm = run_bank(constant(0.75, 400000), parameters, blind(1), 4096);
  CHECK(within_errors(double(warm.bank->errors().wrong) / 400000, std::exp(-6) / (1 + std::exp(-6)), 400000));
  parameters.errors.temperature_k = 30;
  CHECK(run_bank(constant(0.75), parameters, blind(1), 64).bank->errors().wrong == 0);
}

TEST_CASE("a decision that starts within Y e^(-t / tau) of the threshold is left to chance, others are not",
          "[neuron][errors]") {
  NeuronParameters parameters;
  parameters.full_scale = 2;
  parameters.decision_time_s = 1e-9;
  parameters.errors.regeneration_time_s = 250e-12;
  const double edge = 2 * std::exp(-4);
  for (double sign : {1.0, -1.0}) {
    const Run inside = run_bank(constant(sign * edge * 0.999), parameters, blind(1), 64);
    CHECK(inside.bank->errors().unresolved == kSamples);
    CHECK(within_errors(share(inside), 0.5, kSamples));
    const Run outside = run_bank(constant(sign * edge * 1.001), parameters, blind(1), 64);
    CHECK(outside.bank->errors().unresolved == 0);
    CHECK(share(outside) == (sign > 0 ? 1 : 0));
    CHECK(outside.bank->errors().resolution_s / double(kSamples) ==
          Approx(250e-12 * std::log(2 / (edge * 1.001))).epsilon(1e-9));
  }
}

TEST_CASE(
    "inputs spread evenly over the full scale take tau (1 - e^(-t / tau)) to decide, and e^(-t / tau) of them longer",
    "[neuron][errors]") {
  INFO("seed " << kSeed);
  std::mt19937_64 random(kSeed);
  std::uniform_real_distribution<double> uniform(-1, 1);
  std::vector<std::vector<double>> inputs = constant(0, 100000);
  for (double& y : inputs[0]) y = uniform(random);
  for (double ratio : {0.5, 2.0, 5.0}) {
    NeuronParameters parameters;
    parameters.errors.regeneration_time_s = 100e-12;
    parameters.decision_time_s = ratio * 100e-12;
    const Run run = run_bank(inputs, parameters, blind(1), 4096);
    const double late = std::exp(-ratio), n = 100000;
    CHECK(within_errors(double(run.bank->errors().unresolved) / n, late, 100000));
    CHECK(within_errors(double(run.bank->errors().wrong) / n, late / 2, 100000));
    // The variance of min(-ln u, ratio) is below 1.
    CHECK(run.bank->errors().resolution_s / n == Approx(100e-12 * (1 - late)).margin(4 * 100e-12 / std::sqrt(n)));
  }
}

TEST_CASE("a self-timed decision never errs, and a layer takes tau ln(Y / |v|) of its slowest neuron",
          "[neuron][errors]") {
  std::mt19937_64 random(kSeed);
  INFO("seed " << kSeed);
  std::uniform_real_distribution<double> uniform(-1, 1), scale(0.1, 50), tau_ps(1, 1000);
  for (int n = 0; n < 6; ++n) {
    NeuronParameters parameters;
    parameters.full_scale = scale(random);
    parameters.errors.regeneration_time_s = tau_ps(random) * 1e-12;
    parameters.errors.is_self_timed = true;
    parameters.decision_time_s = n % 2 == 0 ? 0 : 0.7 * parameters.errors.regeneration_time_s;
    std::vector<std::vector<double>> inputs(7, std::vector<double>(100));
    for (auto& row : inputs)
      for (double& y : row) y = parameters.full_scale * uniform(random);
    Run run = make_run(inputs.size(), 100, parameters, blind(inputs.size()));
    const auto ps = [](double time_s) { return time_s * 1e12; };
    double longest_s = 0;
    for (std::size_t first = 0; first < 100; first += 9) {
      const std::size_t count = std::min<std::size_t>(9, 100 - first);
      const support::SignalBlock x = run.bank->forward(block_of(inputs, kFirstSample, first, count), *run.ledger);
      for (std::size_t s = 0; s < count; ++s) {
        double slowest_s = 0;
        for (std::size_t i = 0; i < inputs.size(); ++i) {
          const double y = inputs[i][first + s];
          CHECK(x.at(i, s) == std::max(y, 0.0));
          slowest_s = std::max(slowest_s,
                               parameters.errors.regeneration_time_s * std::log(parameters.full_scale / std::abs(y)));
        }
        longest_s = std::max(longest_s, slowest_s);
        const double expected = std::max(ps(parameters.decision_time_s), ps(slowest_s));
        CHECK(double(run.bank->decision_ps(s)) == Approx(expected).margin(1.001));
        CHECK(run.bank->decision_ps(s) <= run.bank->decision_ps());
      }
    }
    CHECK(run.bank->errors().wrong == 0);
    CHECK(run.bank->errors().unresolved == 0);
    CHECK(run.bank->errors().longest_resolution_s == Approx(longest_s));
  }
}

TEST_CASE("a layer of n self-timed neurons waits tau (1 + 1/2 + ... + 1/n) where inputs spread evenly",
          "[neuron][errors]") {
  std::mt19937_64 random(kSeed + 1);
  INFO("seed " << kSeed + 1);
  std::uniform_real_distribution<double> uniform(-1, 1);
  for (std::size_t neurons : {1, 3, 10, 40, 100}) {
    constexpr std::size_t kCycles = 2000;
    NeuronParameters parameters;
    parameters.errors.regeneration_time_s = 1e-9;
    parameters.errors.is_self_timed = true;
    std::vector<std::vector<double>> inputs(neurons, std::vector<double>(kCycles));
    for (auto& row : inputs)
      for (double& y : row) y = uniform(random);
    Run run = make_run(neurons, kCycles, parameters, blind(neurons));
    run.bank->forward(block_of(inputs, kFirstSample, 0, kCycles), *run.ledger);
    double sum_ps = 0, harmonic = 0, variance = 0;
    for (std::size_t s = 0; s < kCycles; ++s) sum_ps += double(run.bank->decision_ps(s));
    for (std::size_t k = 1; k <= neurons; ++k) harmonic += 1.0 / double(k), variance += 1.0 / double(k * k);
    INFO(neurons << " neurons");
    CHECK(sum_ps / kCycles == Approx(1000 * harmonic).margin(kFourErrors * 1000 * std::sqrt(variance / kCycles) + 1));
  }
}

TEST_CASE("a self-timed decision exactly on its threshold ends by chance after 36.8 tau", "[neuron][errors]") {
  NeuronParameters parameters;
  parameters.errors.regeneration_time_s = 1e-9;
  parameters.errors.is_self_timed = true;
  const Run run = run_bank(constant(0), parameters, blind(1), 4096);
  CHECK(run.bank->errors().unresolved == kSamples);
  CHECK(within_errors(share(run), 0.5, kSamples));
  CHECK(double(run.bank->decision_ps(0)) == Approx(1000 * 16 * std::log(10.0)).margin(2));
  CHECK(run.bank->decision_ps(0) <= run.bank->decision_ps());
}

TEST_CASE("noise of the threshold and metastability add up to Phi and half a window", "[neuron][errors]") {
  NeuronParameters parameters;
  parameters.threshold_noise = 0.3;
  parameters.decision_time_s = 1e-9;
  parameters.errors.regeneration_time_s = 1e-9;
  const double window = std::exp(-1);
  for (double y : {-0.5, -0.1, 0.0, 0.25, 0.6}) {
    const Run run = run_bank(constant(y), parameters, blind(1), 64);
    const double high = normal_cdf((y - window) / 0.3), inside = normal_cdf((y + window) / 0.3) - high;
    INFO("y " << y);
    CHECK(within_errors(share(run), high + inside / 2, kSamples));
    CHECK(within_errors(double(run.bank->errors().unresolved) / double(kSamples), inside, kSamples));
  }
}

TEST_CASE("hysteresis holds a state until the input has crossed to the other side of the loop", "[neuron][errors]") {
  INFO("seed " << kSeed);
  std::mt19937_64 random(kSeed);
  std::normal_distribution<double> step(0, 0.2);
  std::vector<std::vector<double>> inputs = constant(0, 5000);
  double y = 0;
  for (double& value : inputs[0]) value = y = 0.95 * y + step(random);
  NeuronParameters parameters;
  parameters.policy = Policy::on_change;
  parameters.full_scale = 2;
  std::uint64_t fewer = std::numeric_limits<std::uint64_t>::max();
  for (double width : {0.01, 0.1, 0.4, 0.8}) {
    parameters.errors.hysteresis = width;
    const Run run = run_bank(inputs, parameters, blind(1), 64);
    bool held = false;
    std::uint64_t changes = 0;
    for (std::size_t s = 0; s < 5000; ++s) {
      const double half = width * 2 / 2;
      const bool now = held ? inputs[0][s] > -half : inputs[0][s] > half;
      changes += now != held;
      held = now;
      REQUIRE(run.bank->activity().at(0, s) == held);
      REQUIRE(run.outputs[0][s] == (held ? inputs[0][s] : 0));
    }
    CHECK(run.bank->sets() + run.bank->resets() == changes);
    CHECK(run.total("neuron_reset", Fate::dissipated).joules() ==
          Approx(double(changes) * kThermal_J * support::kLn2).epsilon(1e-9));
    CHECK(changes < fewer);
    fewer = changes;
  }
}

TEST_CASE("a bit that is reset every cycle has forgotten its loop, hysteresis is a threshold", "[neuron][errors]") {
  INFO("seed " << kSeed);
  const auto inputs = random_inputs({0.5, 0.5}, 1000, kSeed);
  NeuronParameters parameters;
  parameters.errors.hysteresis = 0.2;
  const Run run = run_bank(inputs, parameters, blind(2), 64);
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t s = 0; s < 1000; ++s) CHECK(run.outputs[i][s] == (inputs[i][s] > 0.1 ? inputs[i][s] : 0));
}

TEST_CASE("a state is lost with (1 - e^(-2 t / tau)) / 2, and lost latches dissipate what they stored",
          "[neuron][errors]") {
  NeuronParameters parameters;
  parameters.errors.retention_time_s = 10e-9;
  for (double ratio : {0.01, 0.3, 3.0}) {
    const auto hold_ps = static_cast<std::int64_t>(ratio * 10000);
    const double flip = 0.5 * (1 - std::exp(-2 * ratio));
    for (double y : {1.0, -1.0}) {
      INFO("t / tau " << ratio << ", y " << y);
      const Run run = run_held(constant(y), parameters, make_cmos_latch(latch()), hold_ps, 64);
      CHECK(within_errors(share(run), y > 0 ? 1 - flip : flip, kSamples));
      const BitErrorCounts& counts = run.bank->errors();
      CHECK((y > 0 ? counts.gained : counts.lost) == 0);
      CHECK(run.bank->sets() == (y > 0 ? kSamples : 0));
      CHECK(run.bank->resets() == run.bank->activity().active(0));
      const auto physics = make_cmos_latch(latch());
      CHECK(run.total("neuron_retention", Fate::dissipated) ==
            physics->reset(0, true).dissipated * std::int64_t(counts.lost) +
                physics->set(0).dissipated * std::int64_t(counts.gained));
      CHECK(run.ledger->closure("p").worst < 1e-9);
      CHECK(run.ledger->total("p", Fate::stored) == Quanta{});
      for (std::size_t s = 0; s < 50; ++s) CHECK(run.outputs[0][s] == (run.bank->activity().at(0, s) ? y : 0));
    }
  }
}

TEST_CASE("a retention time follows Arrhenius: a factor e for each kT of barrier", "[neuron][errors]") {
  CHECK(arrhenius_time_s(1e-12, 0, 300) == 1e-12);
  CHECK(arrhenius_time_s(1e-12, 5 * kThermal_J, 300) == Approx(1e-12 * std::exp(5)).epsilon(1e-12));
  CHECK(arrhenius_time_s(1e-12, 5 * kThermal_J, 150) == Approx(1e-12 * std::exp(10)).epsilon(1e-12));
}

TEST_CASE("reading by a probe costs its C dV^2 a neuron and sample, and errs by kT / C", "[neuron][errors]") {
  INFO("seed " << kSeed);
  const auto inputs = random_inputs({0.3, 0.8}, kSamples, kSeed);
  for (double energy_kT : {1.0, 4.0, 20.0, 400.0}) {
    NeuronParameters parameters;
    parameters.errors.temperature_k = kTemperature_K;
    parameters.errors.read_energy_j = energy_kT * kThermal_J;
    const Run run = run_bank(inputs, parameters, blind(2), 64), plain = run_bank(inputs, {}, blind(2), 64);
    const BitErrorCounts& counts = run.bank->errors();
    INFO("read energy " << energy_kT << " kT");
    CHECK(counts.reads == 2 * kSamples);
    CHECK(within_errors(double(counts.wrong_reads) / double(counts.reads), 0.5 * std::erfc(std::sqrt(energy_kT / 8)),
                        2 * kSamples));
    const Quanta each = Quanta::from_joules(energy_kT * kThermal_J);
    CHECK(run.total("neuron_read", Fate::supplied) == each * std::int64_t(2 * kSamples));
    CHECK(run.total("neuron_read", Fate::dissipated) == each * std::int64_t(2 * kSamples));
    CHECK(run.outputs == plain.outputs);
    CHECK(run.total("neuron_reset", Fate::dissipated) == plain.total("neuron_reset", Fate::dissipated));
  }
}

TEST_CASE("fallible bits have the same books for any quantum and for single events", "[neuron][errors]") {
  INFO("seed " << kSeed);
  const auto inputs = random_inputs({0.05, 0.3, 0.5, 0.8, 0.95}, 200, kSeed);
  for (int which = 0; which < 4; ++which) {
    const auto make = [&]() -> std::unique_ptr<ResetPhysics> {
      if (which == 0) return make_cmos_latch(latch());
      if (which == 3) return blind(5);
      if (which == 2) return make_device_reset(reset_physics::test::volatile_device(), 5, {kSeed, "fc1"});
      SimulatedReset levels;
      levels.temperature_k = kTemperature_K;
      levels.q.assign(5, 0.4);
      levels.relaxation_s = 1e-9;
      levels.duration_s = 3e-9;
      levels.tilt_j = 3 * kThermal_J;
      levels.calibration_paths = 256;
      return make_simulated_reset(levels, {kSeed, "fc1"});
    };
    NeuronParameters parameters;
    if (which == 3) parameters.policy = Policy::on_change;
    parameters.threshold_offset = 0.02;
    parameters.threshold_noise = 0.05;
    parameters.decision_energy_j = 1e-18;
    parameters.decision_time_s = 1e-9;
    parameters.errors.hysteresis = 0.1;
    parameters.errors.regeneration_time_s = 0.4e-9;
    parameters.errors.state_energy_j = 10 * kThermal_J;
    parameters.errors.retention_time_s = 20e-9;
    parameters.errors.read_energy_j = 10 * kThermal_J;
    parameters.errors.temperature_k = kTemperature_K;
    const Run whole = run_held(inputs, parameters, make(), 4000, 200);
    const BitErrorCounts& all = whole.bank->errors();
    INFO("physics " << which);
    CHECK(all.unresolved > 10);
    CHECK(all.wrong > 10);
    CHECK(all.lost > 10);
    CHECK(all.gained > 10);
    CHECK(all.wrong_reads > 10);
    CHECK(whole.ledger->closure("p").worst < 1e-9);
    for (std::size_t quantum : {1, 7, 64}) {
      const Run run = run_held(inputs, parameters, make(), 4000, quantum);
      CHECK(same_books(whole, run));
      CHECK(run.bank->errors().resolution_s == all.resolution_s);
      CHECK(run.bank->errors().wrong_reads == all.wrong_reads);
    }
  }
}

TEST_CASE("bits without errors keep no counts", "[neuron][errors]") {
  const Run run = run_bank(constant(1, 10), {}, blind(1), 4);
  CHECK(run.bank->errors().decisions == 0);
  CHECK(run.total("neuron_read", Fate::dissipated) == Quanta{});
}

TEST_CASE("impossible errors of a bit are refused by name", "[neuron][errors][bad]") {
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  const auto make = [](const BitErrors& errors, double decision_s) {
    return FallibleBit(errors, 1, decision_s, 1, "x");
  };
  for (support::Parameter BitErrors::*member :
       {&BitErrors::hysteresis, &BitErrors::regeneration_time_s, &BitErrors::state_energy_j, &BitErrors::read_energy_j})
    for (double bad : {-1.0, nan, inf}) {
      BitErrors errors;
      errors.temperature_k = 300;
      errors.*member = bad;
      CHECK_THROWS_AS(make(errors, 1e-9), std::invalid_argument);
    }
  for (double bad : {-1.0, nan}) {
    BitErrors errors;
    errors.retention_time_s = bad;
    CHECK_THROWS_AS(make(errors, 1e-9), std::invalid_argument);
    CHECK_THROWS_AS(arrhenius_time_s(bad, 0, 300), std::invalid_argument);
    CHECK_THROWS_AS(arrhenius_time_s(1e-12, bad, 300), std::invalid_argument);
    CHECK_THROWS_AS(arrhenius_time_s(1e-12, 0, bad), std::invalid_argument);
  }
  BitErrors metastable;
  metastable.regeneration_time_s = 1e-10;
  CHECK_THROWS_WITH(make(metastable, 0), Catch::Contains("decision time"));
  BitErrors self_timed;
  self_timed.is_self_timed = true;
  CHECK_THROWS_WITH(make(self_timed, 1e-9), Catch::Contains("regeneration time"));
  BitErrors thermal;
  thermal.state_energy_j = 1e-20;
  CHECK_THROWS_WITH(make(thermal, 1e-9), Catch::Contains("temperature"));
}

TEST_CASE("a computation that errs by chance is not run backwards, and a hold has no negative length",
          "[neuron][errors][bad]") {
  for (support::Parameter BitErrors::*member :
       {&BitErrors::regeneration_time_s, &BitErrors::state_energy_j, &BitErrors::retention_time_s}) {
    NeuronParameters parameters;
    parameters.policy = Policy::uncompute;
    parameters.decision_time_s = 1e-9;
    parameters.errors.temperature_k = 300;
    parameters.errors.*member = 1e-10;
    CHECK_THROWS_WITH(NeuronBank(1, parameters, blind(1), 1, "x", 0, 1), Catch::Contains("backwards"));
  }
  NeuronBank bank(1, {}, blind(1), 1, "x", 0, 1);
  CHECK_THROWS_AS(bank.hold(-1), std::invalid_argument);
}
