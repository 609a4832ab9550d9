// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/neuron_bank.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "models/support/tolerance.hpp"
#include "tests/models/neuron/bench_bank.hpp"

using namespace szilard;                // NOLINT: a test of these namespaces
using namespace szilard::neuron;        // NOLINT
using namespace szilard::neuron::test;  // NOLINT
using energy::Fate;
using energy::Quanta;

namespace {

constexpr std::uint64_t kSeed = 31;

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::vector<double> observed(const NeuronBank& bank) {
  std::vector<double> p;
  for (std::size_t i = 0; i < bank.neurons(); ++i)
    p.push_back(static_cast<double>(bank.activity().active(i)) / static_cast<double>(bank.activity().samples()));
  return p;
}

/// Adds an energy to every reset that its supply does not deliver: a leak that the books must show.
class LeakyReset final : public ResetPhysics {
 public:
  std::string name() const override { return "leaky"; }
  EventEnergy set(std::size_t) const override { return {{1000}, {500}, {500}}; }
  EventEnergy reset(std::size_t neuron, bool state) const override {
    return state ? EventEnergy{{}, {500 + (neuron == 2 ? 50 : 0)}, {-500}} : EventEnergy{};
  }
  EventEnergy change(std::size_t neuron, bool from) const override { return from ? reset(neuron, true) : set(neuron); }
  std::int64_t reset_duration_ps() const override { return 1; }
  energy::Origin origin() const override { return energy::Origin::assumed; }
  std::string law() const override { return "test"; }
  std::vector<energy::Coefficient> coefficients() const override { return {}; }
};

/// Different energies in every event, fate and neuron.
class UnevenReset final : public ResetPhysics {
 public:
  std::string name() const override { return "uneven"; }
  EventEnergy set(std::size_t i) const override { return {q(9 * i + 7), q(4 * i + 3), q(5 * i + 4)}; }
  EventEnergy reset(std::size_t i, bool state) const override {
    return state ? EventEnergy{q(i + 2), q(6 * i + 6), -q(5 * i + 4)} : EventEnergy{q(2 * i + 1), q(2 * i + 1), {}};
  }
  EventEnergy change(std::size_t i, bool from) const override { return from ? reset(i, true) : set(i); }
  std::int64_t reset_duration_ps() const override { return 1; }
  energy::Origin origin() const override { return energy::Origin::assumed; }
  std::string law() const override { return "test"; }
  std::vector<energy::Coefficient> coefficients() const override { return {}; }

 private:
  static Quanta q(std::size_t n) { return Quanta{static_cast<energy::Int128>(n) << 70}; }
};

}  // namespace

TEST_CASE("without offset and noise a bank is a ReLU", "[neuron]") {
  INFO("seed " << kSeed);
  const auto inputs = random_inputs({0.1, 0.5, 0.9}, 131, kSeed);
  const Run run = run_bank(inputs, {}, make_landauer_ideal({.1, .5, .9}, kTemperature_K), 64);
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t s = 0; s < 131; ++s) {
      CHECK(run.outputs[i][s] == std::max(inputs[i][s], 0.0));
      CHECK(run.bank->activity().at(i, s) == (inputs[i][s] > 0));
    }
}

TEST_CASE("mean reset energy is kT times entropy plus divergence of the assumed from the observed probability",
          "[neuron]") {
  INFO("seed " << kSeed);
  const std::vector<double> assumed = {.02, .1, .5, .02, .7, .999};
  const auto inputs = random_inputs({.03, .2, .5, .01, .6, .9}, 3000, kSeed);
  const Run run = run_bank(inputs, {}, make_landauer_ideal(assumed, kTemperature_K), 64);
  const std::vector<double> p = observed(*run.bank);
  double expected_nat = 0, bound_nat = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    expected_nat += energy::binary_entropy_nat(p[i]) + energy::bernoulli_divergence_nat(p[i], assumed[i]);
    bound_nat += energy::binary_entropy_nat(p[i]);
  }
  CHECK(mean(run.bank->reset_work_j()) == Approx(kThermal_J * expected_nat).epsilon(1e-9));
  CHECK(mean(run.bank->reset_work_j()) > kThermal_J * bound_nat);
  CHECK(run.total("neuron_reset", Fate::dissipated).joules() == Approx(3000 * kThermal_J * expected_nat).epsilon(1e-9));
}

TEST_CASE("a protocol that knows the observed probabilities meets the bound exactly", "[neuron]") {
  INFO("seed " << kSeed);
  const auto inputs = random_inputs({.03, .2, .5, .4}, 2000, kSeed);
  const Run first = run_bank(inputs, {}, make_landauer_ideal({.5, .5, .5, .5}, kTemperature_K), 64);
  const Run run = run_bank(inputs, {}, make_landauer_ideal(observed(*first.bank), kTemperature_K), 64);
  const double bound_j = energy::reset_bounds({&run.bank->activity()}, kTemperature_K).reset_per_neuron_j;
  CHECK(mean(run.bank->reset_work_j()) == Approx(bound_j).epsilon(1e-9));
  CHECK(energy::BoundCheck{"p", mean(run.bank->reset_work_j()), 0, bound_j, true}.holds());
}

TEST_CASE("a blind protocol pays kT ln2 a neuron and sample whatever the activity", "[neuron]") {
  INFO("seed " << kSeed);
  for (double p : {0.0, 0.05, 0.5, 1.0}) {
    const auto inputs = random_inputs({p, p, p}, 500, kSeed);
    const Run run = run_bank(inputs, {}, make_landauer_ideal({.5, .5, .5}, kTemperature_K), 64);
    CHECK(mean(run.bank->reset_work_j()) == Approx(3 * kThermal_J * support::kLn2).epsilon(1e-9));
    CHECK(run.bank->below_bound_fraction(kTemperature_K) == 0);
  }
}

TEST_CASE("rare activity: most single resets lie below the bound, their mean does not", "[neuron]") {
  std::vector<std::vector<double>> inputs(1, std::vector<double>(1000, -1.0));
  for (std::size_t s = 0; s < 50; ++s) inputs[0][s * 20] = 1;
  const Run run = run_bank(inputs, {}, make_landauer_ideal({.05}, kTemperature_K), 64);
  CHECK(run.bank->below_bound_fraction(kTemperature_K) == Approx(0.95));
  CHECK(mean(run.bank->reset_work_j()) == Approx(kThermal_J * energy::binary_entropy_nat(.05)).epsilon(1e-9));
}

TEST_CASE("blocks of 1, 7, 64 and all samples and single events give the same books to the last bit", "[neuron]") {
  INFO("seed " << kSeed);
  const std::vector<double> p = {.02, .1, .5, .02, .7, .97, .3, .4, .5, .6, .1, .2, .3, .5, .5, .9, .05, .5, .5};
  const auto inputs = random_inputs(p, 331, kSeed);
  for (Policy policy : {Policy::every_cycle, Policy::on_change}) {
    for (int physics = 0; physics < 4; ++physics) {
      const auto make = [&]() -> std::unique_ptr<ResetPhysics> {
        if (physics == 0) return make_landauer_ideal(p, kTemperature_K);
        if (physics == 1) return make_cmos_latch(latch());
        if (physics == 2) return std::make_unique<LeakyReset>();
        return std::make_unique<UnevenReset>();
      };
      NeuronParameters parameters;
      parameters.policy = policy;
      parameters.threshold_offset = 0.05;
      parameters.threshold_noise = 0.1;
      parameters.decision_energy_j = 1.63e-15;
      const Run whole = run_bank(inputs, parameters, make(), 331);
      CHECK(whole.bank->sets() > 0);
      for (std::size_t quantum : {0, 1, 7, 64, 100}) {
        INFO("policy " << static_cast<int>(policy) << ", physics " << physics << ", quantum " << quantum);
        CHECK(same_books(run_bank(inputs, parameters, make(), quantum), whole));
      }
    }
  }
}

TEST_CASE("books equal a plain sum over neurons and samples", "[neuron]") {
  INFO("seed " << kSeed);
  const auto inputs = random_inputs({.2, .5, .9, .4}, 200, kSeed);
  for (Policy policy : {Policy::every_cycle, Policy::on_change}) {
    NeuronParameters parameters;
    parameters.policy = policy;
    const Run run = run_bank(inputs, parameters, std::make_unique<UnevenReset>(), 64);
    const UnevenReset physics;
    Quanta set_supplied, reset_dissipated;
    std::uint64_t sets = 0, resets = 0;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      bool before = false;
      for (double y : inputs[i]) {
        const bool now = y > 0;
        const bool is_set = policy == Policy::every_cycle ? now : now && !before;
        const bool is_reset = policy == Policy::every_cycle ? now : before && !now;
        if (is_set) set_supplied += physics.set(i).supplied;
        if (is_reset) reset_dissipated += physics.reset(i, true).dissipated;
        if (policy == Policy::every_cycle && !now) reset_dissipated += physics.reset(i, false).dissipated;
        sets += is_set;
        resets += is_reset;
        before = now;
      }
    }
    CHECK((run.total("neuron_set", Fate::supplied) == set_supplied));
    CHECK((run.total("neuron_reset", Fate::dissipated) == reset_dissipated));
    CHECK(run.bank->sets() == sets);
    CHECK(run.bank->resets() == resets);
  }
}

TEST_CASE("on change, each change costs kT ln2 at the limit, and the first sample starts from 0 without a reset",
          "[neuron]") {
  const std::vector<std::vector<double>> inputs = {{1, 1, -1, -1, 1}, {-1, -1, -1, -1, -1}, {-1, 1, -1, 1, -1}};
  NeuronParameters parameters;
  parameters.policy = Policy::on_change;
  const Run run = run_bank(inputs, parameters, make_landauer_ideal({.5, .5, .5}, kTemperature_K), 2);
  CHECK(run.bank->sets() == 4);
  CHECK(run.bank->resets() == 3);
  CHECK(run.total("neuron_reset", Fate::dissipated).joules() == Approx(7 * kThermal_J * support::kLn2).epsilon(1e-9));
  CHECK((run.ledger->at(0, kFirstSample) == Quanta::from_joules(kThermal_J * support::kLn2)));
  CHECK(run.ledger->by_mechanism("p", Fate::dissipated).count("neuron_set") == 0);
  CHECK(run.bank->below_bound_fraction(kTemperature_K) == 0);
}

TEST_CASE("a latch keeps what it stored until its reset, over a whole run nothing is left", "[neuron]") {
  INFO("seed " << kSeed);
  const auto inputs = random_inputs({.2, .5, .9, .4}, 200, kSeed);
  const double cv2_j = 1e-15 * 0.9 * 0.9;
  for (Policy policy : {Policy::every_cycle, Policy::on_change}) {
    NeuronParameters parameters;
    parameters.policy = policy;
    const Run run = run_bank(inputs, parameters, make_cmos_latch(latch()), 64);
    const auto sets = static_cast<double>(run.bank->sets()), resets = static_cast<double>(run.bank->resets());
    CHECK(run.total("neuron_set", Fate::supplied).joules() == Approx(sets * cv2_j).epsilon(1e-12));
    CHECK(run.total("neuron_set", Fate::dissipated).joules() == Approx(sets * cv2_j / 2).epsilon(1e-12));
    CHECK(run.total("neuron_reset", Fate::dissipated).joules() == Approx(resets * cv2_j / 2).epsilon(1e-12));
    const double stored_j = run.ledger->total("p", Fate::stored).joules();
    CHECK(stored_j == Approx((sets - resets) * cv2_j / 2).margin(1e-30));
    CHECK(run.ledger->closure().worst < support::kLedgerClosure);
  }
}

TEST_CASE("on change, a latch's closure holds in samples with changes in both directions", "[neuron]") {
  const std::vector<std::vector<double>> inputs = {{1, -1, 1, -1}, {-1, 1, -1, 1}};
  NeuronParameters parameters;
  parameters.policy = Policy::on_change;
  parameters.decision_energy_j = 1.63e-15;
  const Run run = run_bank(inputs, parameters, make_cmos_latch(latch()), 4);
  CHECK(run.ledger->closure().worst < support::kLedgerClosure);
  CHECK(run.total("neuron_decision", Fate::supplied).joules() == Approx(8 * 1.63e-15));
}

TEST_CASE("a leak in the physics breaks closure and names the bank", "[neuron]") {
  const std::vector<std::vector<double>> inputs = {{1, 1, 1}, {1, -1, 1}, {-1, -1, 1}};
  const Run run = run_bank(inputs, {}, std::make_unique<LeakyReset>(), 64);
  const energy::Ledger::Closure closure = run.ledger->closure();
  CHECK(closure.component == kPath);
  CHECK(closure.sample == kFirstSample + 2);
  CHECK(closure.imbalance_j == Approx(-50e-34));
}

TEST_CASE("only accounts that can be other than zero are opened", "[neuron]") {
  const Run ideal = make_run(2, 1, {}, make_landauer_ideal({.1, .2}, kTemperature_K));
  CHECK(ideal.ledger->accounts().size() == 2);
  for (const energy::AccountInfo& info : ideal.ledger->accounts()) CHECK(info.mechanism == "neuron_reset");
  NeuronParameters parameters;
  parameters.decision_energy_j = {1.63e-15, "test source", "read"};
  const Run cmos = make_run(2, 1, parameters, make_cmos_latch(latch()));
  CHECK(cmos.ledger->accounts().size() == 2 + 3 + 2);
  for (const energy::AccountInfo& info : cmos.ledger->accounts()) {
    CHECK(info.component == kPath);
    CHECK_FALSE(info.coefficients.empty());
    CHECK((info.origin == energy::Origin::table) == (info.mechanism == "neuron_decision"));
  }
}

TEST_CASE("threshold offsets stay with the neuron, noise changes from sample to sample", "[neuron]") {
  constexpr std::size_t kNeurons = 400, kSamples = 100;
  const std::vector<std::vector<double>> inputs(kNeurons, std::vector<double>(kSamples, 0.0));
  NeuronParameters offset;
  offset.threshold_offset = 0.1;
  const Run fixed = run_bank(inputs, offset, make_cmos_latch(latch()), 64);
  std::size_t always = 0;
  for (std::size_t i = 0; i < kNeurons; ++i) {
    const std::uint64_t active = fixed.bank->activity().active(i);
    CHECK((active == 0 || active == kSamples));
    always += active == kSamples;
  }
  CHECK(std::fabs(static_cast<double>(always) / kNeurons - 0.5) < 4 * 0.5 / std::sqrt(kNeurons));
  NeuronParameters noise;
  noise.threshold_noise = 0.1;
  noise.full_scale = 4;
  std::vector<std::vector<double>> at_one_sigma(kNeurons, std::vector<double>(kSamples, 0.4));
  const Run noisy = run_bank(at_one_sigma, noise, make_cmos_latch(latch()), 64);
  const double share = static_cast<double>(noisy.bank->sets()) / (kNeurons * kSamples);
  CHECK(std::fabs(share - 0.841345) < 4 * std::sqrt(0.84 * 0.16 / (kNeurons * kSamples)));
}

TEST_CASE("parameters out of range are refused", "[neuron]") {
  const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
  const auto make = [](const NeuronParameters& parameters) {
    NeuronBank(2, parameters, make_cmos_latch(latch()), 1, "n", 0, 10);
  };
  for (double bad : {-1.0, nan, infinity}) {
    NeuronParameters parameters;
    parameters.threshold_offset = bad;
    CHECK_THROWS_AS(make(parameters), std::invalid_argument);
    parameters = {};
    parameters.threshold_noise = bad;
    CHECK_THROWS_AS(make(parameters), std::invalid_argument);
    parameters = {};
    parameters.decision_energy_j = bad;
    CHECK_THROWS(make(parameters));
    parameters = {};
    parameters.decision_time_s = bad;
    CHECK_THROWS_AS(make(parameters), std::invalid_argument);
    parameters = {};
    parameters.full_scale = bad;
    CHECK_THROWS_AS(make(parameters), std::invalid_argument);
  }
}

TEST_CASE("banks without neurons, samples or fitting physics are refused", "[neuron]") {
  CHECK_THROWS_AS(NeuronBank(0, {}, make_cmos_latch(latch()), 1, "n", 0, 10), std::invalid_argument);
  CHECK_THROWS_AS(NeuronBank(2, {}, make_cmos_latch(latch()), 1, "n", 0, 0), std::invalid_argument);
  CHECK_THROWS_AS(NeuronBank(2, {}, nullptr, 1, "n", 0, 10), std::invalid_argument);
  CHECK_THROWS_AS(NeuronBank(2, {}, make_landauer_ideal({.1, .2, .3}, 300), 1, "n", 0, 10), std::invalid_argument);
}

TEST_CASE("blocks of another width, out of order or beyond the run are refused", "[neuron]") {
  Run run = make_run(2, 4, {}, make_cmos_latch(latch()));
  CHECK_THROWS_AS(run.bank->forward(support::SignalBlock(kFirstSample, 1, 3), *run.ledger), std::invalid_argument);
  CHECK_THROWS_AS(run.bank->forward(support::SignalBlock(kFirstSample + 1, 1, 2), *run.ledger), std::logic_error);
  CHECK_THROWS_AS(run.bank->forward(support::SignalBlock(kFirstSample, 5, 2), *run.ledger), std::out_of_range);
  run.bank->forward(support::SignalBlock(kFirstSample, 2, 2), *run.ledger);
  CHECK_THROWS_AS(run.bank->forward(support::SignalBlock(kFirstSample, 2, 2), *run.ledger), std::logic_error);
}

TEST_CASE("an input that is not a number is refused by name", "[neuron]") {
  Run run = make_run(2, 80, {}, make_cmos_latch(latch()));
  support::SignalBlock y(kFirstSample, 80, 2);
  y.row(1)[70] = std::nan("");
  CHECK_THROWS_WITH(run.bank->forward(y, *run.ledger), Catch::Contains("neuron 1") && Catch::Contains("sample 1070"));
}

TEST_CASE("events that were not decided, or are left out, are refused", "[neuron]") {
  Run run = make_run(2, 4, {}, make_cmos_latch(latch()));
  CHECK_THROWS_AS(run.bank->set(0, *run.ledger), std::logic_error);
  CHECK_THROWS_AS(run.bank->finish(*run.ledger), std::logic_error);
  support::SignalBlock y(kFirstSample, 1, 2);
  y.row(0)[0] = 1;
  run.bank->decide(y);
  CHECK_THROWS_AS(run.bank->decide(y), std::logic_error);
  CHECK_THROWS_AS(run.bank->set(1, *run.ledger), std::logic_error);
  CHECK_THROWS_AS(run.bank->set(2, *run.ledger), std::out_of_range);
  CHECK_THROWS_AS(run.bank->reset(0, *run.ledger), std::logic_error);
  run.bank->set(0, *run.ledger);
  CHECK_THROWS_AS(run.bank->set(0, *run.ledger), std::logic_error);
  CHECK_THROWS_AS(run.bank->finish(*run.ledger), std::logic_error);
  run.bank->reset(0, *run.ledger);
  CHECK_NOTHROW(run.bank->finish(*run.ledger));
  CHECK_THROWS_AS(run.bank->decide(support::SignalBlock(kFirstSample + 1, 2, 2)), std::invalid_argument);
}

TEST_CASE("accounts open once and before the first sample", "[neuron]") {
  NeuronBank bank(2, {}, make_cmos_latch(latch()), 1, "n", 0, 10);
  energy::Ledger ledger(0, 10);
  CHECK_THROWS_AS(bank.forward(support::SignalBlock(0, 1, 2), ledger), std::logic_error);
  bank.open_accounts("n", ledger);
  CHECK_THROWS_AS(bank.open_accounts("n", ledger), std::logic_error);
  CHECK_THROWS_AS(bank.below_bound_fraction(0), std::invalid_argument);
}

TEST_CASE("a computation that is run backwards erases nothing and costs nothing", "[neuron]") {
  INFO("seed " << kSeed);
  const auto inputs = random_inputs({0.1, 0.5, 0.9}, 200, kSeed);
  NeuronParameters back;
  back.policy = Policy::uncompute;
  back.decision_time_s = 1e-9;
  const Run run = run_bank(inputs, back, make_landauer_ideal({.5, .5, .5}, kTemperature_K), 64);
  const Run reset = run_bank(inputs, {}, make_landauer_ideal({.5, .5, .5}, kTemperature_K), 64);
  CHECK(run.ledger->accounts().empty());
  CHECK(run.outputs == reset.outputs);
  CHECK(run.bank->resets() == reset.bank->resets());
  CHECK(run.bank->below_bound_fraction(kTemperature_K) == 0);
  CHECK(run.bank->restore_ps() == run.bank->decision_ps());
  CHECK(same_books(run, run_bank(inputs, back, make_landauer_ideal({.5, .5, .5}, kTemperature_K), 0)));
  CHECK_THROWS_AS(make_run(1, 4, back, make_cmos_latch(latch())), std::invalid_argument);
}
