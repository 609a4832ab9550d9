// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <map>
#include <memory>

#include "models/support/tolerance.hpp"
#include "rtl/relu_unit_module.hpp"
#include "rtl/systolic_module.hpp"
#include "tests/rtl/random_network.hpp"
#include "tests/rtl/shell_bench.hpp"

using namespace szilard;
using namespace szilard::rtl;
using namespace szilard::rtl::testing;

namespace {

constexpr std::size_t kSamples = 11, kInputs = 20, kNeurons = 21;
constexpr double kScale = 0.01, kStep = 0.125;

const IntegerNetwork& network() {
  static const IntegerNetwork network = [] {
    Dice dice(5);
    IntegerNetwork made{{dense(kInputs, 12, dice), dense(12, 5, dice)}};
    made.layers[0].name = "fc1";
    made.layers[1].name = "fc2";
    made.layers[1].requantise = false;
    return made;
  }();
  return network;
}

std::int8_t input_code(std::uint64_t sample, std::size_t k) {
  return static_cast<std::int8_t>(static_cast<int>((sample * 37 + k * k * 11) % 255) - 127);
}
double input_value(std::uint64_t sample, std::size_t k) { return kScale * input_code(sample, k); }
double relu_input(std::uint64_t sample, std::size_t k) { return kStep * (static_cast<int>((sample * 5 + k * 3) % 23) - 11); }

SystolicSettings array_settings(std::size_t batch) {
  SystolicSettings s;
  s.rows = s.columns = 8;
  s.batch = batch;
  s.samples = kSamples;
  s.input_scale = kScale;
  s.output_scale = 0.25;
  s.coefficients = some_coefficients();
  return s;
}

ReluUnitSettings relu_settings() {
  ReluUnitSettings s;
  s.neurons = kNeurons;
  s.lanes = 8;
  s.step = kStep;
  s.coefficients = some_coefficients();
  return s;
}

using ArrayBench = ShellBench<SystolicModule>;
using ReluBench = ShellBench<ReluUnitModule>;

struct Watched {
  std::unique_ptr<ArrayBench> bench;
  std::map<std::uint64_t, std::vector<std::int32_t>> first_layer;
  std::map<std::uint64_t, energy::Quanta> traced;
  std::uint64_t clocks = 0;

  Watched(const std::string& name, std::size_t quantum, std::size_t batch, double amplitude = 1)
      : bench(std::make_unique<ArrayBench>(
            name, kSamples, kInputs, quantum,
            [amplitude](std::uint64_t s, std::size_t k) { return amplitude * input_value(s, k); }, network(),
            array_settings(batch), "systolic")) {
    bench->shell.set_layer_observer([this](std::uint64_t s, std::size_t layer, const std::int32_t* codes, std::size_t n) {
      if (layer == 0) first_layer[s].assign(codes, codes + n);
    });
  }
};

// SystemC's kernel is elaborated once a process: every shell of this file runs in one simulation.
struct Simulation {
  Watched one{"one", 1, 3}, four{"four", 4, 3}, many{"many", 64, 3};
  Watched traced{"traced", 5, 4}, faulty{"faulty", 4, 3}, zero{"zero", 4, 3, 0.0};
  ReluBench relu_one{"relu_one", kSamples, kNeurons, 1, relu_input, relu_settings(), "hybrid/fc1/relu"};
  ReluBench relu_many{"relu_many", kSamples, kNeurons, 64, relu_input, relu_settings(), "hybrid/fc1/relu"};
  ReluBench relu_zero{"relu_zero", kSamples, kNeurons, 4, [](std::uint64_t, std::size_t) { return 0.0; },
                      relu_settings(), "hybrid/fc1/relu"};

  Simulation() {
    traced.bench->shell.set_clock_trace([this](std::uint64_t cycle, std::uint64_t sample, energy::Quanta q) {
      CHECK(cycle == traced.clocks);
      ++traced.clocks;
      traced.traced[sample] += q;
    });
    faulty.bench->shell.inject_fault(0, 4, 7);
    for (const auto& refused : refusals()) CHECK_THROWS_AS(refused(), std::invalid_argument);
    sc_core::sc_start();
  }

  static std::vector<std::function<void()>> refusals();
};

std::vector<std::function<void()>> Simulation::refusals() {
  const auto array = [](auto change) {
    return [change] {
      SystolicSettings s = array_settings(2);
      change(s);
      SystolicModule refused("refused", network(), s, "x");
    };
  };
  const auto relu = [](auto change) {
    return [change] {
      ReluUnitSettings s = relu_settings();
      change(s);
      ReluUnitModule refused("refused", s, "x");
    };
  };
  return {array([](auto& s) { s.rows = 7; }),          array([](auto& s) { s.batch = 0; }),
          array([](auto& s) { s.samples = 0; }),       array([](auto& s) { s.clock_period_ps = 0; }),
          array([](auto& s) { s.input_scale = -1; }),  array([](auto& s) { s.output_scale = 0; }),
          array([](auto& s) { s.coefficients.add_j = -1e-15; }),
          [] { SystolicModule refused("refused", IntegerNetwork{}, array_settings(1), "x"); },
          relu([](auto& s) { s.lanes = 5; }),          relu([](auto& s) { s.neurons = 0; }),
          relu([](auto& s) { s.step = 0; }),           relu([](auto& s) { s.clock_period_ps = -1; }),
          relu([](auto& s) { s.coefficients.clock_j_per_register_bit = std::nan(""); })};
}

Simulation& simulation() {
  static Simulation simulation;
  return simulation;
}

}  // namespace

TEST_CASE("the array module delivers the golden model's outputs in the network's numbers", "[rtl][systemc]") {
  const Watched& run = simulation().one;
  for (std::uint64_t s = 0; s < kSamples; ++s) {
    std::vector<std::int8_t> codes;
    for (std::size_t k = 0; k < kInputs; ++k) codes.push_back(input_code(s, k));
    const IntegerResult golden = integer_forward(network(), codes.data());
    REQUIRE(run.first_layer.at(s) == golden.outputs[0]);
    for (std::size_t o = 0; o < 5; ++o) CHECK(run.bench->drain.values.at(s)[o] == golden.outputs[1][o] * 0.25);
  }
}

TEST_CASE("values, times and ledger of the array module do not depend on the size of blocks", "[rtl][systemc]") {
  const ArrayBench& one = *simulation().one.bench;
  for (const Watched* other : {&simulation().four, &simulation().many}) {
    CHECK(other->bench->drain.values == one.drain.values);
    CHECK(other->bench->drain.ready_ps == one.drain.ready_ps);
    CHECK(other->bench->drain.entered_ps == one.drain.entered_ps);
    CHECK(other->bench->rows() == one.rows());
    CHECK(other->bench->drain.punctual);
  }
}

TEST_CASE("the array module's books close and sum to its clock trace exactly", "[rtl][systemc]") {
  const Watched& run = simulation().traced;
  const energy::Ledger& ledger = run.bench->ledger;
  CHECK(ledger.closure("systolic").worst < support::kLedgerClosure);
  CHECK(run.clocks == run.bench->shell.cycles());
  for (std::uint64_t s = 0; s < kSamples; ++s) {
    CHECK(run.traced.at(s) == ledger.total("systolic", energy::Fate::dissipated, s));
  }
  const auto parts = ledger.by_component("systolic", energy::Fate::dissipated);
  for (const char* part : {"weight_sram", "activation_sram", "accumulator_sram"}) {
    CHECK(parts.at(std::string("systolic/fc1/") + part).count("sram_read") == 1);
  }
  for (const char* mechanism : {"multiply", "requantise", "add", "register_switching", "clock", "leakage"}) {
    CHECK(parts.at("systolic/fc1/array").count(mechanism) == 1);
  }
  const energy::AccountInfo& first = ledger.accounts().front();
  CHECK(first.origin == energy::Origin::table);
  CHECK(first.coefficients.size() == 1);
}

TEST_CASE("samples of a batch are ready together, batches follow one another by their cycles", "[rtl][systemc]") {
  const ArrayBench& run = *simulation().one.bench;  // batches of 3, 3, 3 and 2
  const auto& ready = run.drain.ready_ps;
  CHECK(ready[0] == ready[2]);
  CHECK(ready[3] - ready[2] == run.shell.batch_ps());
  CHECK(ready[6] - ready[5] == run.shell.batch_ps());
  CHECK(ready[9] == ready[10]);
  CHECK(ready[10] - ready[8] <= run.shell.batch_ps());
  CHECK(run.shell.interval_ps() * 3 >= run.shell.batch_ps());
}

TEST_CASE("all-zero input costs the array and the ReLU unit less than other input", "[rtl][systemc]") {
  CHECK(simulation().zero.bench->spent_j("systolic") < simulation().one.bench->spent_j("systolic"));
  CHECK(simulation().relu_zero.spent_j("hybrid") < simulation().relu_one.spent_j("hybrid"));
  CHECK(simulation().zero.bench->spent_j("systolic") > 0);
}

TEST_CASE("a fault in one result is seen there and nowhere else in its layer", "[rtl][systemc]") {
  const auto& sound = simulation().one.first_layer;
  auto broken = simulation().faulty.first_layer;
  REQUIRE(broken.at(4) != sound.at(4));
  CHECK(std::abs(broken.at(4)[7] - sound.at(4)[7]) == 1);
  broken.at(4)[7] = sound.at(4)[7];
  CHECK(broken == sound);
}

TEST_CASE("registers of the array module report what the bound needs", "[rtl][systemc]") {
  const auto registers = simulation().one.bench->shell.register_activity();
  CHECK(registers.size() == 4);
  for (const energy::RegisterActivity& r : registers) {
    INFO(r.name);
    CHECK(r.bits_toggled > 0);
    CHECK(r.bits_toggled <= r.bits_written);
  }
  CHECK(energy::digital_register_bound_j(registers, 300) > 0);
  CHECK(simulation().one.bench->shell.load_energy_j() > 0);
  CHECK(simulation().one.bench->shell.sram_bits() > 8 * simulation().one.bench->shell.register_bits());
}

TEST_CASE("the ReLU unit module rectifies codes, takes its clocks, and closes its books", "[rtl][systemc]") {
  const ReluBench& one = simulation().relu_one;
  std::uint64_t active = 0;
  for (std::uint64_t s = 0; s < kSamples; ++s) {
    for (std::size_t i = 0; i < kNeurons; ++i) {
      CHECK(one.drain.values.at(s)[i] == std::max(0.0, relu_input(s, i)));
      active += relu_input(s, i) > 0;
    }
  }
  CHECK(one.shell.active() == active);
  CHECK(one.shell.duration_ps() == (3 + 1) * 1000);
  CHECK(one.shell.cycles() == kSamples * 4);
  CHECK(one.drain.punctual);
  CHECK(simulation().relu_many.drain.ready_ps == one.drain.ready_ps);
  CHECK(simulation().relu_many.rows() == one.rows());
  CHECK(one.ledger.closure("hybrid").worst < support::kLedgerClosure);
  CHECK(one.shell.register_activity().size() == 1);
}
