// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/drawn_reset.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>

#include "models/energy/bounds.hpp"
#include "tests/models/neuron/bench_bank.hpp"
#include "tests/models/neuron/devices.hpp"

using namespace szilard;                // NOLINT: a test of these namespaces
using namespace szilard::neuron;        // NOLINT
using namespace szilard::neuron::test;  // NOLINT
using energy::Fate;
using energy::Quanta;

namespace {

constexpr std::uint64_t kSeed = 41;
const DrawSeed kDraws{kSeed, "fc1"};

SimulatedReset levels(std::vector<double> q, double duration = 30, double gap_kT = 8) {
  SimulatedReset reset;
  reset.temperature_k = kTemperature_K;
  reset.q = std::move(q);
  reset.relaxation_s = 1e-9;
  reset.duration_s = duration * 1e-9;
  reset.tilt_j = gap_kT * kThermal_J;
  return reset;
}

SimulatedReset well(std::vector<double> q, double duration = 2, double barrier_kT = 4, double tilt_kT = 6) {
  SimulatedReset reset = levels(std::move(q), duration, tilt_kT);
  reset.model = SimulatedReset::Model::double_well;
  reset.barrier_j = barrier_kT * kThermal_J;
  reset.calibration_paths = 1024;
  return reset;
}

TransportReset transport(std::vector<double> q, double error, double duration = 10) {
  TransportReset reset;
  reset.temperature_k = kTemperature_K;
  reset.q = std::move(q);
  reset.relaxation_s = 1e-9;
  reset.duration_s = duration * 1e-9;
  reset.barrier_j = 8 * kThermal_J;
  reset.error = error;
  return reset;
}

struct Error {
  double mean = 0, standard_error = 0;
};
Error mean_of(const std::vector<double>& values) {
  Error out;
  for (double v : values) out.mean += v / double(values.size());
  for (double v : values) out.standard_error += (v - out.mean) * (v - out.mean);
  out.standard_error = std::sqrt(out.standard_error / double(values.size() - 1) / double(values.size()));
  return out;
}

std::vector<double> difference(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> out(a.size());
  for (std::size_t s = 0; s < a.size(); ++s) out[s] = a[s] - b[s];
  return out;
}

/// Mean work in kT and final occupation of the two-level protocol by an explicit Runge-Kutta solution of the master
/// equation.
struct Master {
  double work_kT = 0, end = 0;
};
Master master(double start, double first_gap, double last_gap, double duration) {
  constexpr int kSteps = 200000;
  const double dt = duration / kSteps, slope = (last_gap - first_gap) / duration;
  const auto rate = [&](double t, double p) { return -(p - 1 / (1 + std::exp(first_gap + slope * t))); };
  Master out{start * first_gap, start};
  for (int n = 0; n < kSteps; ++n) {
    const double t = n * dt, p = out.end;
    const double a = rate(t, p), b = rate(t + dt / 2, p + dt / 2 * a), c = rate(t + dt / 2, p + dt / 2 * b);
    const double d = rate(t + dt, p + dt * c);
    out.end = p + dt / 6 * (a + 2 * b + 2 * c + d);
    out.work_kT += slope * dt * (p + out.end) / 2;
  }
  out.work_kT -= out.end * last_gap;
  return out;
}

}  // namespace

TEST_CASE("drawn resets are the same for any quantum and for single events, failures and all", "[neuron]") {
  INFO("seed " << kSeed);
  const auto inputs = random_inputs({0.05, 0.3, 0.5, 0.8, 0.95}, 200, kSeed);
  const std::vector<double> q(5, 0.3);
  const auto make = [&](int which) -> std::unique_ptr<ResetPhysics> {
    SimulatedReset live = which < 2 ? levels(q, 3, 3) : well(q, 0.5, 3, 4);
    live.live = which % 2 == 1;
    live.calibration_paths = 256;
    if (which < 4) return make_simulated_reset(live, kDraws);
    return make_optimal_transport_reset(transport(q, 0.2), kDraws);
  };
  for (int which = 0; which < 5; ++which) {
    INFO("physics " << which);
    const Run whole = run_bank(inputs, {}, make(which), 200);
    CHECK(whole.bank->failed_resets() > 10);
    CHECK(whole.ledger->closure("p").worst < 1e-9);
    for (std::size_t quantum : {0, 1, 7, 64}) {
      INFO("quantum " << quantum);
      const Run run = run_bank(inputs, {}, make(which), quantum);
      CHECK(same_books(whole, run));
      CHECK(whole.bank->failed_resets() == run.bank->failed_resets());
      CHECK(whole.bank->expected_work_j() == run.bank->expected_work_j());
      CHECK(whole.bank->below_bound_fraction(kTemperature_K) == run.bank->below_bound_fraction(kTemperature_K));
    }
  }
}

TEST_CASE("a reset that failed leaves its bit at 1, and the neuron passes its next input whatever the sign",
          "[neuron]") {
  INFO("seed " << kSeed);
  const auto inputs = random_inputs({0.4, 0.4}, 300, kSeed);
  const Run run = run_bank(inputs, {}, make_optimal_transport_reset(transport({0.4, 0.4}, 0.3), kDraws), 64);
  std::uint64_t passed = 0, sets = 0;
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t s = 0; s < 300; ++s) {
      const bool active = run.bank->activity().at(i, s), fresh = inputs[i][s] > 0;
      CHECK(run.outputs[i][s] == (active ? inputs[i][s] : 0));
      CHECK((active || !fresh));
      passed += active && !fresh;
    }
  CHECK(passed > 50);
  for (std::size_t i = 0; i < 2; ++i) sets += run.bank->activity().active(i);
  CHECK(run.bank->sets() + run.bank->failed_resets() >= sets);
  CHECK(run.bank->sets() < sets);
  CHECK(run.bank->resets() == sets);
  CHECK(double(run.bank->failed_resets()) / 600 == Approx(0.3).margin(4 * std::sqrt(0.21 / 600)));
}

TEST_CASE("the mean work and error of two-level resets are the master equation's", "[neuron]") {
  std::mt19937_64 rng(kSeed);
  std::uniform_real_distribution<double> uniform(0, 1);
  INFO("seed " << kSeed);
  for (int round = 0; round < 5; ++round) {
    const double p = 0.05 + 0.9 * uniform(rng), q = 0.05 + 0.6 * uniform(rng), duration = 2 + 30 * uniform(rng);
    const double gap = 3 + 6 * uniform(rng), first_gap = std::log((1 - q) / q);
    INFO("p " << p << ", q " << q << ", duration " << duration << ", gap " << gap);
    SimulatedReset reset = levels(std::vector<double>(4, q), duration, gap);
    reset.live = true;
    const Run run = run_bank(random_inputs(std::vector<double>(4, p), 2000, kSeed + round), {},
                             make_simulated_reset(reset, kDraws), 64);
    // Failures raise the share of bits that begin a reset in 1.
    double begun = 0;
    for (std::size_t i = 0; i < 4; ++i) begun += double(run.bank->activity().active(i)) / 8000;
    const Master expected = master(begun, first_gap, gap, duration);
    const Error work = mean_of(run.bank->reset_work_j());
    CHECK(std::abs(work.mean / 4 / kThermal_J - expected.work_kT) < 4 * work.standard_error / 4 / kThermal_J + 1e-4);
    const double error = double(run.bank->failed_resets()) / 8000;
    CHECK(std::abs(error - expected.end) < 4 * std::sqrt(expected.end / 8000) + 1e-4);
    // Work and heat are had apart and agree in every event: two levels store nothing.
    CHECK(run.total("neuron_reset", Fate::supplied) != Quanta{});
    CHECK(run.ledger->closure("p").worst < 1e-9);
  }
}

TEST_CASE("live resets of a bank agree with its calibrated table within four standard errors", "[neuron]") {
  INFO("seed " << kSeed);
  const std::vector<double> p{0.1, 0.3, 0.5, 0.7, 0.2, 0.6, 0.9, 0.4};
  const auto inputs = random_inputs(p, 400, kSeed);
  for (const bool is_well : {false, true}) {
    INFO((is_well ? "double_well" : "two_level"));
    for (const double q : {0.5, 0.2}) {
      SimulatedReset reset = is_well ? well(std::vector<double>(8, q)) : levels(std::vector<double>(8, q));
      reset.live = true;
      const Run live = run_bank(inputs, {}, make_simulated_reset(reset, kDraws), 64);
      const Error error = mean_of(difference(live.bank->reset_work_j(), live.bank->expected_work_j()));
      CHECK(std::abs(error.mean) < 4 * std::hypot(error.standard_error, live.bank->calibration_error_j()));
      reset.live = false;
      const Run drawn = run_bank(inputs, {}, make_simulated_reset(reset, kDraws), 64);
      const Error tabled = mean_of(difference(drawn.bank->reset_work_j(), drawn.bank->expected_work_j()));
      CHECK(std::abs(tabled.mean) < 4 * tabled.standard_error);
    }
  }
}

TEST_CASE("no bank beats kT [h(p) - h(e)] by more than four standard errors, while single resets lie below",
          "[neuron]") {
  INFO("seed " << kSeed);
  const std::vector<double> p{0.02, 0.1, 0.3, 0.5};
  const auto inputs = random_inputs(p, 1500, kSeed);
  for (double duration : {1.0, 10.0, 100.0, 3000.0}) {
    INFO("duration " << duration);
    const Run run = run_bank(inputs, {}, make_simulated_reset(levels(p, duration, 12), kDraws), 64);
    const Error work = mean_of(run.bank->reset_work_j());
    double bound = 0;
    for (std::size_t i = 0; i < 4; ++i)
      bound += energy::binary_entropy_nat(double(run.bank->activity().active(i)) / 1500);
    bound -= 4 * energy::binary_entropy_nat(double(run.bank->failed_resets()) / 6000);
    CHECK(work.mean / kThermal_J >
          bound - 4 * std::hypot(work.standard_error, run.bank->calibration_error_j()) / kThermal_J);
    CHECK(run.bank->below_bound_fraction(kTemperature_K) > 0.05);
    if (duration == 3000) CHECK(work.mean / kThermal_J == Approx(bound).epsilon(0.1));
  }
}

TEST_CASE("a protocol built for the wrong probability pays the divergence", "[neuron]") {
  INFO("seed " << kSeed);
  const double p = 0.1;
  const auto inputs = random_inputs(std::vector<double>(6, p), 3000, kSeed);
  const auto mean_kT = [&](double q) {
    SimulatedReset reset = levels(std::vector<double>(6, q), 1000, 14);
    reset.calibration_paths = 20000;
    return mean_of(run_bank(inputs, {}, make_simulated_reset(reset, kDraws), 64).bank->reset_work_j()).mean / 6 /
           kThermal_J;
  };
  const double right = mean_kT(p);
  for (double q : {0.5, 0.3}) CHECK(mean_kT(q) - right == Approx(energy::bernoulli_divergence_nat(p, q)).margin(0.03));
}

TEST_CASE("optimal transport costs the quasi-static work and the Wasserstein distance over the duration", "[neuron]") {
  const double q = 0.3, error = 0.01;
  const auto cost = [&](double duration, bool state) {
    return make_optimal_transport_reset(transport({q}, error, duration), kDraws)->reset(0, state).supplied.joules() /
           kThermal_J;
  };
  const double h = energy::binary_entropy_nat(error);
  CHECK(cost(1e6, true) == Approx(-std::log(q) - h).margin(1e-5));
  CHECK(cost(1e6, false) == Approx(-std::log(1 - q) - h).margin(1e-5));
  // In stiff wells the mass q - e moves by 2, the distance of the wells; in wider ones somewhat less.
  const double w2 = cost(1, true) - cost(1e6, true);
  TransportReset stiff = transport({q}, error, 1);
  stiff.barrier_j = 400 * kThermal_J;
  const double stiff_w2 =
      make_optimal_transport_reset(stiff, kDraws)->reset(0, true).supplied.joules() / kThermal_J + std::log(q) + h;
  CHECK(stiff_w2 == Approx(4 * (q - error)).epsilon(0.06));
  CHECK(w2 < stiff_w2);
  CHECK(w2 > 0.7 * stiff_w2);
  CHECK(cost(10, true) - cost(1e6, true) == Approx(w2 / 10).epsilon(1e-3));
}

TEST_CASE("devices cost and take what their sources say", "[neuron]") {
  const auto device = reset_physics::test::two_way_device();
  const auto inputs = random_inputs({0.5, 0.5}, 100, kSeed);
  const Run run = run_bank(inputs, {}, make_device_reset(device, 2, kDraws), 64);
  const auto resets = std::int64_t(run.bank->resets()), sets = std::int64_t(run.bank->sets());
  CHECK(run.total("neuron_reset", Fate::supplied) == Quanta::from_joules(device.reset_j) * resets);
  CHECK(run.total("neuron_set", Fate::dissipated) == Quanta::from_joules(device.set_j) * sets);
  CHECK(run.bank->reset_ps() == 500000);
  CHECK(run.bank->decision_ps() == 500000);
  const Run volatile_switch =
      run_bank(inputs, {}, make_device_reset(reset_physics::test::volatile_device(), 2, kDraws), 64);
  CHECK(volatile_switch.total("neuron_set", Fate::supplied) == Quanta{});
  CHECK(volatile_switch.total("neuron_reset", Fate::supplied).joules() ==
        Approx(double(volatile_switch.bank->resets()) * 2.75e-9));
}

TEST_CASE("a device whose drive barely exceeds its threshold fails half the time", "[neuron]") {
  auto device = reset_physics::test::two_way_device();
  device.margin = 0;
  const Run run = run_bank(random_inputs({0.5, 0.5}, 500, kSeed), {}, make_device_reset(device, 2, kDraws), 64);
  const double resets = double(run.bank->resets());
  CHECK(double(run.bank->failed_resets()) / resets == Approx(0.5).margin(4 * 0.5 / std::sqrt(resets)));
}

TEST_CASE("impossible resets are refused by name", "[neuron]") {
  using Catch::Matchers::Contains;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (double q : {0.0, 1.0, -0.1, 1.1, nan}) {
    CHECK_THROWS_WITH(make_simulated_reset(levels({0.5, q}), kDraws), Contains("activation probability"));
    CHECK_THROWS_WITH(make_optimal_transport_reset(transport({q}, 0.1), kDraws), Contains("activation probability"));
  }
  const auto refused = [](auto change, const char* what) {
    SimulatedReset reset = well({0.5});
    change(reset);
    CHECK_THROWS_WITH(make_simulated_reset(reset, kDraws), Contains(what));
  };
  for (double wrong : {0.0, -1.0, nan}) {
    refused([&](SimulatedReset& r) { r.temperature_k = wrong; }, "temperature");
    refused([&](SimulatedReset& r) { r.duration_s = wrong; }, "duration");
    refused([&](SimulatedReset& r) { r.relaxation_s = wrong; }, "relaxation");
    refused([&](SimulatedReset& r) { r.barrier_j = wrong; }, "barrier");
  }
  refused([](SimulatedReset& r) { r.tilt_j = -1e-21; }, "tilt");
  refused([](SimulatedReset& r) { r.calibration_paths = 1; }, "two paths");
  refused([](SimulatedReset& r) { r.q.clear(); }, "probabilities");
  refused(
      [](SimulatedReset& r) {
        r.live = true;
        r.q = {0.2, 0.3};
      },
      "one activation probability");
  CHECK_THROWS_WITH(make_simulated_reset(levels({0.5}, 10, 701), kDraws), Contains("700 kT"));
  for (double error : {-0.1, 1.0, nan})
    CHECK_THROWS_WITH(make_optimal_transport_reset(transport({0.5}, error), kDraws), Contains("error probability"));
  CHECK_THROWS_WITH(make_device_reset(reset_physics::test::two_way_device(), 0, kDraws), Contains("no neurons"));
  NeuronParameters keeps;
  keeps.policy = Policy::on_change;
  CHECK_THROWS_AS(make_run(1, 4, keeps, make_simulated_reset(levels({0.5}), kDraws)), std::invalid_argument);
  CHECK_THROWS_AS(make_landauer_ideal({0.5}, 300)->draw(0, 1, nullptr, nullptr), std::logic_error);
  CHECK_THROWS_AS(make_cmos_latch(latch())->calibrated_work(0, true), std::logic_error);
  CHECK_THROWS_AS(make_simulated_reset(levels({0.5}), kDraws)->change(0, true), std::logic_error);
}

TEST_CASE("a schedule that writes the four stages out costs what they cost", "[neuron]") {
  SimulatedReset built = well({0.5, 0.5}), own = built;
  own.schedule = reset_physics::four_stage(4, 6);
  own.barrier_j = own.tilt_j = 0;
  const auto a = make_simulated_reset(built, kDraws), b = make_simulated_reset(own, kDraws);
  for (bool state : {false, true}) {
    CHECK(b->calibrated_work(1, state).mean_j ==
          Approx(a->calibrated_work(1, state).mean_j).margin(4 * a->calibrated_work(1, state).standard_error_j));
  }
  own.q = {0.1, 0.9};  // the same protocol whatever q, also live
  own.live = true;
  const auto live = make_simulated_reset(own, kDraws);
  CHECK(live->calibrated_work(0, true).mean_j == live->calibrated_work(1, true).mean_j);
}

TEST_CASE("wells of unlike depth give and take the difference, and the floor knows it", "[neuron]") {
  SimulatedReset reset = well({0.5}, 40);
  reset_physics::Schedule still;
  still.knots = {{0, reset_physics::quartic(6, 2, 1, 1)}, {1, reset_physics::quartic(6, 2, 1, 1)}};
  reset.schedule = still;
  reset.calibration_paths = 256;
  const auto physics = make_simulated_reset(reset, kDraws);
  // Nothing moves: no work; what the two wells differ by in free energy is in the floor.
  CHECK(physics->calibrated_work(0, true).mean_j == 0);
  const auto floor = physics->finite_time_floor(0.3, 0.1);
  REQUIRE(floor);
  const reset_physics::Equilibrium well(still.first());
  const double left = well.left_occupation();
  const double differ_kT = std::log((1 - left) / left) * (0.1 - 0.3);
  CHECK(floor->states_j == Approx(kThermal_J * differ_kT).epsilon(1e-6));
  CHECK(floor->duration_j > 0);
  CHECK(physics->finite_time_floor(0.3, 0.3)->states_j == Approx(0).margin(1e-9 * kThermal_J));
}

TEST_CASE("floors of finite time are convex in both occupations, so that means may stand for neurons", "[neuron]") {
  INFO("seed " << kSeed);
  std::mt19937_64 random(kSeed);
  std::uniform_real_distribution<double> start(0.2, 0.95), end(0.01, 0.19);
  const auto levels_of = make_simulated_reset(
      [] {
        SimulatedReset r = levels({0.5}, 8);
        r.calibration_paths = 2;
        return r;
      }(),
      kDraws);
  SimulatedReset wells = well({0.5}, 8);
  wells.calibration_paths = 2;
  const auto wells_of = make_simulated_reset(wells, kDraws);
  for (const auto* physics : {levels_of.get(), wells_of.get()})
    for (int n = 0; n < 20; ++n) {
      const double p = start(random), q = start(random), e = end(random), f = end(random);
      const auto at = [&](double a, double b) { return physics->finite_time_floor(a, b)->duration_j / kThermal_J; };
      CHECK(at((p + q) / 2, (e + f) / 2) <= (at(p, e) + at(q, f)) / 2 + 1e-9);
      CHECK(at(p, e) >= 0);
    }
  CHECK_FALSE(make_landauer_ideal({0.5}, kTemperature_K)->finite_time_floor(0.5, 0));
}
