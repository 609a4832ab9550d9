// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/energy/bounds.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <stdexcept>

#include "models/support/constants.hpp"

using namespace szilard::energy;  // NOLINT: a test of this namespace
using szilard::support::kLn2;

namespace {

constexpr double kTemperature_K = 300;
constexpr double kThermal_J = 1.380649e-23 * kTemperature_K;

/// `active` of `samples` in which the neuron is active, spread by a stride coprime with the number of samples.
void fill(ActivityTrace& trace, std::size_t neuron, std::size_t active, std::size_t stride) {
  for (std::size_t k = 0; k < active; ++k) trace.set(neuron, k * stride % trace.samples(), true);
}

ResetBounds bounds_of(const ActivityTrace& trace) { return reset_bounds({&trace}, kTemperature_K); }

}  // namespace

TEST_CASE("the sparse form lies above the entropy by the percentages of D1", "[energy]") {
  const double cases[][2] = {{.01, .0896}, {.05, .640}, {.1, 1.592}, {.2, 4.29}, {.5, 22.1}, {.9, 206}};
  for (const auto& [p, percent] : cases) {
    ActivityTrace trace(1, 1000);
    fill(trace, 0, static_cast<std::size_t>(std::lround(p * 1000)), 1);
    const ResetBounds bounds = bounds_of(trace);
    INFO("p = " << p);
    CHECK(100 * (bounds.reset_sparse_j / bounds.reset_mean_j - 1) == Approx(percent).epsilon(5e-3));
    CHECK(bounds.reset_mean_j == Approx(kThermal_J * (-p * std::log(p) - (1 - p) * std::log(1 - p))).epsilon(1e-13));
  }
}

TEST_CASE("always active neurons cost nothing by entropy and one kT each by the sparse form", "[energy]") {
  ActivityTrace trace(3, 70);
  for (std::size_t i = 0; i < 3; ++i) fill(trace, i, 70, 1);
  const ResetBounds bounds = bounds_of(trace);
  CHECK(bounds.reset_mean_j == 0);
  CHECK(bounds.reset_per_neuron_j == 0);
  CHECK(bounds.reset_joint_j.value() == 0);
  CHECK(bounds.reset_sparse_j == Approx(3 * kThermal_J));
  CHECK(bounds.transition_j == 0);
  CHECK(bounds.landauer_half_j == Approx(3 * kThermal_J * kLn2));
}

TEST_CASE("unequal neurons cost less than their mean suggests, D2's example", "[energy]") {
  ActivityTrace trace(4, 5000);
  const std::size_t strides[] = {1, 7, 1, 3};
  const double p[] = {.02, .1, .5, .02};
  for (std::size_t i = 0; i < 4; ++i) fill(trace, i, static_cast<std::size_t>(std::lround(p[i] * 5000)), strides[i]);
  const ResetBounds bounds = bounds_of(trace);
  CHECK(bounds.reset_per_neuron_j / kThermal_J == Approx(1.2143).epsilon(1e-4));
  CHECK(bounds.reset_mean_j / kThermal_J == Approx(1.7587).epsilon(1e-4));
}

TEST_CASE("a copied neuron halves the joint entropy, within a layer and across two", "[energy]") {
  std::mt19937_64 rng(3);
  ActivityTrace pair(2, 4096), single(1, 4096), copy(1, 4096);
  for (std::size_t s = 0; s < 4096; ++s) {
    const bool active = rng() % 10 < 3;
    for (std::size_t i = 0; i < 2; ++i) pair.set(i, s, active);
    single.set(0, s, active);
    copy.set(0, s, active);
  }
  const ResetBounds within = bounds_of(pair);
  const ResetBounds across = reset_bounds({&single, &copy}, kTemperature_K);
  // Miller-Madow on two occupied cells: + 1 / 2N of a nat.
  CHECK(within.reset_joint_j.value() / within.reset_per_neuron_j == Approx(0.5).margin(1.0 / 4096));
  CHECK(across.reset_joint_j.value() == within.reset_joint_j.value());
  CHECK(across.reset_per_neuron_j == within.reset_per_neuron_j);
  CHECK_FALSE(within.reset_joint_note.empty());
}

TEST_CASE("independent neurons give a joint entropy equal to the sum of theirs", "[energy]") {
  constexpr std::uint64_t kSeed = 12;
  INFO("seed " << kSeed);
  std::mt19937_64 rng(kSeed);
  ActivityTrace trace(100, 1000);
  for (std::size_t i = 0; i < 100; ++i)
    for (std::size_t s = 0; s < 1000; ++s) trace.set(i, s, rng() % 4 == 0);
  const ResetBounds bounds = bounds_of(trace);
  CHECK(bounds.reset_joint_j.value() == Approx(bounds.reset_per_neuron_j).epsilon(1e-12));
}

TEST_CASE("a Markov chain of neurons has the joint entropy of its chain rule", "[energy]") {
  constexpr std::uint64_t kSeed = 5;
  INFO("seed " << kSeed);
  std::mt19937_64 rng(kSeed);
  constexpr std::size_t kNeurons = 12, kSamples = 50000;
  ActivityTrace trace(kNeurons, kSamples);
  for (std::size_t s = 0; s < kSamples; ++s) {
    bool active = rng() % 2 == 0;
    for (std::size_t i = 0; i < kNeurons; ++i) {
      trace.set(i, s, active);
      active = rng() % 10 == 0 ? !active : active;
    }
  }
  const double chain_nat = kLn2 + (kNeurons - 1) * binary_entropy_nat(0.1);
  CHECK(bounds_of(trace).reset_joint_j.value() / kThermal_J == Approx(chain_nat).epsilon(0.01));
}

TEST_CASE("the joint estimate of a layer too wide for its pairs is missing, with the reason", "[energy]") {
  ActivityTrace trace(6000, 2);
  for (std::size_t i = 0; i < 6000; ++i) trace.set(i, i % 2, true);
  const ResetBounds bounds = bounds_of(trace);
  CHECK_FALSE(bounds.reset_joint_j.has_value());
  CHECK(bounds.reset_joint_note.find("too many pairs") != std::string::npos);
  CHECK(bounds.reset_per_neuron_j == Approx(6000 * kThermal_J * kLn2));
}

TEST_CASE("transition counting gives half the entropy at p = 1/2 and vanishes against it for rare activity, D3",
          "[energy]") {
  // 2 ln2 p (1 - p) / h(p) for memoryless neurons.
  const auto ratio = [](double p) { return 2 * kLn2 * p * (1 - p) / binary_entropy_nat(p); };
  CHECK(ratio(0.5) == Approx(0.5));
  CHECK(ratio(1e-4) == Approx(0.136).epsilon(5e-3));
  constexpr std::uint64_t kSeed = 9;
  INFO("seed " << kSeed);
  std::mt19937_64 rng(kSeed);
  for (double p : {0.5, 0.1}) {
    ActivityTrace trace(64, 20000);
    std::bernoulli_distribution active(p);
    for (std::size_t i = 0; i < 64; ++i)
      for (std::size_t s = 0; s < 20000; ++s) trace.set(i, s, active(rng));
    const ResetBounds bounds = bounds_of(trace);
    CHECK(bounds.transition_j / bounds.reset_per_neuron_j == Approx(ratio(p)).epsilon(0.01));
  }
}

TEST_CASE("a persistent neuron's transitions cost a fiftieth of its entropy, D3's example", "[energy]") {
  // p = .1, leaving 1 with .05: 5 neurons of 1000 go 1 -> 0 in each pair of samples.
  constexpr std::size_t kSamples = 200001;
  ActivityTrace trace(1, kSamples);
  // Runs of 20 active, 180 inactive samples: p = .1 and one 1 -> 0 transition in 200 pairs, P(1 -> 0) = .05.
  for (std::size_t s = 0; s < kSamples; ++s) trace.set(0, s, s % 200 < 20);
  const ResetBounds bounds = bounds_of(trace);
  CHECK(bounds.transition_j / kThermal_J == Approx(.00693).epsilon(1e-3));
  CHECK(bounds.reset_per_neuron_j / kThermal_J == Approx(.3251).epsilon(1e-3));
}

TEST_CASE("entropy keeps its relative accuracy at both ends", "[energy]") {
  for (double p : {1e-300, 1e-20, 1e-9, 1e-3})
    CHECK(binary_entropy_nat(p) == Approx(p * (1 - std::log(p))).epsilon(p + 1e-14));
  const double small = std::ldexp(1.0, -50);
  CHECK(binary_entropy_nat(1 - small) == Approx(small * (1 - std::log(small))).epsilon(1e-12));
  CHECK(binary_entropy_nat(0) == 0);
  CHECK(binary_entropy_nat(1) == 0);
  CHECK(binary_entropy_nat(0.5) == Approx(kLn2).epsilon(1e-15));
}

TEST_CASE("divergence is zero only at equality and infinite where the impossible happens", "[energy]") {
  CHECK(bernoulli_divergence_nat(0.3, 0.3) == 0);
  CHECK(bernoulli_divergence_nat(0.05, 0.5) == Approx(kLn2 - binary_entropy_nat(0.05)).epsilon(1e-14));
  CHECK(bernoulli_divergence_nat(0.3, 0.3 + 1e-6) == Approx(1e-12 / (2 * 0.3 * 0.7)).epsilon(1e-4));
  CHECK(std::isinf(bernoulli_divergence_nat(0.1, 0)));
  CHECK(std::isinf(bernoulli_divergence_nat(0.1, 1)));
  CHECK(bernoulli_divergence_nat(0, 0) == 0);
  CHECK(bernoulli_divergence_nat(1, 1) == 0);
}

TEST_CASE("sixteen bits a FLOP at 300 K are 4.594e-20 J, a toggling register pays by its entropy", "[energy]") {
  CHECK(digital_flop_bound_j(0.5, kTemperature_K) == Approx(4.594e-20).epsilon(1e-4));
  CHECK(digital_flop_bound_j(0.5, kTemperature_K, 32) == Approx(9.187e-20).epsilon(1e-4));
  CHECK(digital_register_bound_j({{"acc", 1000, 500}, {"idle", 1000, 0}, {"clock", 1000, 1000}}, kTemperature_K) ==
        Approx(1000 * kThermal_J * kLn2));
  CHECK(digital_register_bound_j({{"acc", 1000, 100}}, kTemperature_K) ==
        Approx(1000 * kThermal_J * binary_entropy_nat(0.1)));
  CHECK(digital_register_bound_j({{"unused", 0, 0}}, kTemperature_K) == 0);
}

TEST_CASE("traces written in runs equal traces written bit by bit", "[energy]") {
  constexpr std::uint64_t kSeed = 8;
  INFO("seed " << kSeed);
  std::mt19937_64 rng(kSeed);
  ActivityTrace runs(2, 1000), bits(2, 1000);
  for (int pass = 0; pass < 3; ++pass) {
    for (std::size_t s = 0; s < 1000;) {
      const std::size_t count = std::min<std::size_t>(1 + rng() % 64, 1000 - s);
      const std::uint64_t word = rng();
      runs.set_run(1, s, count, word);
      for (std::size_t j = 0; j < count; ++j) bits.set(1, s + j, (word >> j & 1) != 0);
      s += count;
    }
    std::uint64_t transitions = 0, active = 0;
    for (std::size_t s = 0; s < 1000; ++s) {
      if (runs.at(1, s) != bits.at(1, s)) CHECK(runs.at(1, s) == bits.at(1, s));
      active += runs.at(1, s);
      if (s + 1 < 1000) transitions += runs.at(1, s) && !runs.at(1, s + 1);
    }
    CHECK(runs.active(1) == active);
    CHECK(runs.transitions_1_0(1) == transitions);
    CHECK(runs.active(0) == 0);
  }
}

TEST_CASE("a bound holds within four standard errors, or to 1e-9 without noise", "[energy]") {
  BoundCheck check{"p", 1.0, 0.0, 1.0, true};
  CHECK(check.holds());
  check.mean_j = 1 - 5e-10;
  CHECK(check.holds());
  check.mean_j = 1 - 2e-9;
  CHECK_FALSE(check.holds());
  check = {"p", 0.95, 0.0126, 1.0, false};
  CHECK(check.holds());
  check.standard_error_j = 0.0124;
  CHECK_FALSE(check.holds());
  check.mean_j = std::nan("");
  CHECK_FALSE(check.holds());
}

TEST_CASE("impossible temperatures are refused", "[energy]") {
  ActivityTrace trace(1, 1);
  for (double t : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    CHECK_THROWS_AS(reset_bounds({&trace}, t), std::invalid_argument);
    CHECK_THROWS_AS(digital_flop_bound_j(1, t), std::invalid_argument);
    CHECK_THROWS_AS(digital_register_bound_j({}, t), std::invalid_argument);
  }
}

TEST_CASE("impossible counts and probabilities are refused", "[energy]") {
  CHECK_THROWS_AS(ActivityTrace(0, 5), std::invalid_argument);
  CHECK_THROWS_AS(ActivityTrace(5, 0), std::invalid_argument);
  CHECK_THROWS_AS(binary_entropy_nat(-1e-9), std::invalid_argument);
  CHECK_THROWS_AS(binary_entropy_nat(std::nan("")), std::invalid_argument);
  CHECK_THROWS_AS(bernoulli_divergence_nat(0.5, 1.1), std::invalid_argument);
  CHECK_THROWS_AS(digital_flop_bound_j(-1, 300), std::invalid_argument);
  CHECK_THROWS_AS(digital_flop_bound_j(1, 300, std::nan("")), std::invalid_argument);
  CHECK_THROWS_AS(digital_register_bound_j({{"r", 1, 2}}, 300), std::invalid_argument);
}

TEST_CASE("layers of different samples, missing traces and places outside are refused", "[energy]") {
  ActivityTrace a(1, 10), b(1, 11);
  CHECK_THROWS_AS(reset_bounds({&a, &b}, 300), std::invalid_argument);
  CHECK_THROWS_AS(reset_bounds({nullptr}, 300), std::invalid_argument);
  CHECK_THROWS_AS(a.set(1, 0, true), std::out_of_range);
  CHECK_THROWS_AS(a.set(0, 10, true), std::out_of_range);
  CHECK_THROWS_AS(a.set_run(0, 5, 6, 0), std::out_of_range);
  CHECK_THROWS_AS(a.set_run(0, 0, 65, 0), std::out_of_range);
  CHECK_THROWS_AS(a.at(0, 10), std::out_of_range);
  CHECK_THROWS_AS(a.active(1), std::out_of_range);
  CHECK_THROWS_AS(a.transitions_1_0(1), std::out_of_range);
  CHECK(reset_bounds({}, 300).reset_mean_j == 0);
}

TEST_CASE("the shares of single cycles average to the bounds of the run", "[energy]") {
  constexpr std::uint64_t kSeed = 5;
  INFO("seed " << kSeed);
  std::mt19937_64 rng(kSeed);
  std::uniform_real_distribution<double> uniform(0, 1);
  ActivityTrace first(7, 130), second(3, 130);
  for (ActivityTrace* trace : {&first, &second})
    for (std::size_t i = 0; i < trace->neurons(); ++i) {
      const double p = i == 0 ? 0 : i == 1 ? 1 : uniform(rng);
      for (std::size_t s = 0; s < 130; ++s) trace->set(i, s, uniform(rng) < p);
    }
  const ResetBounds bounds = reset_bounds({&first, &second}, kTemperature_K);
  const CycleBounds cycles = cycle_bounds({&first, &second}, kTemperature_K);
  REQUIRE(cycles.surprisal_j.size() == 130);
  double surprisal = 0, transition = 0;
  for (double j : cycles.surprisal_j) surprisal += j / 130;
  for (double j : cycles.transition_j) transition += j / 129;
  CHECK(surprisal == Approx(bounds.reset_per_neuron_j).epsilon(1e-12));
  CHECK(transition == Approx(bounds.transition_j).epsilon(1e-12));
  CHECK(cycles.transition_j.front() == 0);
}

TEST_CASE("shares of cycles are refused for impossible layers and temperatures", "[energy]") {
  const ActivityTrace trace(2, 10), longer(2, 11);
  CHECK(cycle_bounds({}, kTemperature_K).surprisal_j.empty());
  CHECK_THROWS_AS(cycle_bounds({&trace, &longer}, kTemperature_K), std::invalid_argument);
  CHECK_THROWS_AS(cycle_bounds({nullptr}, kTemperature_K), std::invalid_argument);
  for (double temperature : {0.0, -1.0, std::nan("")})
    CHECK_THROWS_AS(cycle_bounds({&trace}, temperature), std::invalid_argument);
}

TEST_CASE("the entropy of an ensemble is that of its distinct states, whole and by layer", "[energy]") {
  constexpr std::size_t kStates = 12, kSamples = 3000;
  INFO("seed 91");
  std::mt19937_64 random(91);
  // States drawn from a known table, so that an independent count says what the entropy is.
  std::vector<std::vector<bool>> table(kStates, std::vector<bool>(70));
  for (auto& state : table)
    for (std::size_t i = 0; i < 70; ++i) state[i] = random() % 3 == 0;
  table[1] = table[0];
  table[1][69] = !table[1][69];  // differs in the second layer alone
  ActivityTrace first(40, kSamples), second(30, kSamples);
  std::vector<double> joint(kStates), front(kStates);
  for (std::size_t s = 0; s < kSamples; ++s) {
    const std::size_t k = std::min<std::size_t>(random() % kStates, random() % kStates);
    joint[k] += 1;
    front[k == 1 ? 0 : k] += 1;
    for (std::size_t i = 0; i < 70; ++i)
      if (i < 40) first.set(i, s, table[k][i]);
      else second.set(i - 40, s, table[k][i]);
  }
  const auto bits = [&](const std::vector<double>& counts) {
    double sum = 0;
    for (double n : counts)
      if (n > 0) sum -= n / kSamples * std::log2(n / kSamples);
    return sum;
  };
  const EnsembleEntropy entropy = ensemble_entropy({&first, &second});
  CHECK(entropy.joint_bit == Approx(bits(joint)).epsilon(1e-12));
  CHECK(entropy.by_layer_bit.at(0) == Approx(bits(front)).epsilon(1e-12));
  CHECK(entropy.by_layer_bit.at(1) == Approx(bits(joint)).epsilon(1e-12));
  CHECK(entropy.joint_bit <= bounds_of(first).reset_per_neuron_j / (kThermal_J * kLn2) +
                                 bounds_of(second).reset_per_neuron_j / (kThermal_J * kLn2));
}

TEST_CASE("an ensemble of one state has no entropy, one of all different states log2 of their number", "[energy]") {
  ActivityTrace still(5, 64), counter(6, 64);
  for (std::size_t s = 0; s < 64; ++s)
    for (std::size_t i = 0; i < 6; ++i) counter.set(i, s, (s >> i & 1) != 0);
  CHECK(ensemble_entropy({&still}).joint_bit == 0);
  CHECK(ensemble_entropy({&counter}).joint_bit == Approx(6).epsilon(1e-12));
  CHECK(ensemble_entropy({&counter, &counter}).joint_bit == Approx(6).epsilon(1e-12));
  CHECK(ensemble_entropy({}).joint_bit == 0);
}

TEST_CASE("the plug-in entropy of samples lies (K - 1) / 2N below that of their source, T17", "[energy]") {
  INFO("seed 92");
  std::mt19937_64 random(92);
  constexpr std::size_t kNeurons = 4, kSamples = 100, kRuns = 400;
  double mean = 0, square = 0;
  for (std::size_t run = 0; run < kRuns; ++run) {
    ActivityTrace trace(kNeurons, kSamples);
    for (std::size_t s = 0; s < kSamples; ++s)
      for (std::size_t i = 0; i < kNeurons; ++i) trace.set(i, s, random() % 2 == 0);
    const double nat = ensemble_entropy({&trace}).joint_bit * kLn2;
    mean += nat / kRuns;
    square += nat * nat / kRuns;
  }
  const double error = std::sqrt((square - mean * mean) / kRuns);
  // Sixteen equal states; terms of the order 1/N^2 are below a tenth of this.
  CHECK(mean - kNeurons * kLn2 == Approx(-15.0 / (2 * kSamples)).margin(4 * error + 0.004));
}

TEST_CASE("heat of a cold machine costs T/T* of itself by Carnot, and more by the pump's efficiency", "[energy]") {
  const CooledHeat cold = cooled_heat(kThermal_J * 4 / 300, 4, 300, 0.1);
  CHECK(cold.carnot_total_j() == Approx(kThermal_J).epsilon(1e-12));
  CHECK(cold.pump_work_j == Approx(10 * cold.carnot_work_j).epsilon(1e-12));
  // A million bits at 4 K: 28.4e-15 J with a pump at a tenth of Carnot, 2.87e-15 J without losses.
  const double bits_j = 1e6 * 1.380649e-23 * 4 * kLn2;
  CHECK(cooled_heat(bits_j, 4, 300, 0.1).pump_total_j() == Approx(28.4e-15).epsilon(2e-3));
  CHECK(cooled_heat(bits_j, 4, 300, 0.1).carnot_total_j() == Approx(2.871e-15).epsilon(1e-3));
  CHECK(cooled_heat(1, 300, 300, 0.1).pump_total_j() == 1);
}

TEST_CASE("pumps that are none, and ensembles of different samples, are refused", "[energy]") {
  for (double bad : {0.0, -1.0, 1.1, std::nan("")}) CHECK_THROWS_AS(cooled_heat(1, 4, 300, bad), std::invalid_argument);
  for (double bad : {0.0, -4.0, 301.0, std::nan("")})
    CHECK_THROWS_AS(cooled_heat(1, bad, 300, 0.1), std::invalid_argument);
  CHECK_THROWS_AS(cooled_heat(-1, 4, 300, 0.1), std::invalid_argument);
  ActivityTrace few(2, 10), many(2, 11);
  CHECK_THROWS_AS(ensemble_entropy({&few, &many}), std::invalid_argument);
  CHECK_THROWS_AS(ensemble_entropy({nullptr}), std::invalid_argument);
}
