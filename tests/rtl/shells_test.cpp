// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bitset>
#include <catch2/catch.hpp>
#include <cstring>
#include <map>
#include <memory>
#include <regex>

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
double relu_input(std::uint64_t sample, std::size_t k) {
  return kStep * (static_cast<int>((sample * 5 + k * 3) % 23) - 11);
}

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
    bench->shell.set_layer_observer(
        [this](std::uint64_t s, std::size_t layer, const std::int32_t* codes, std::size_t n) {
          if (layer == 0) first_layer[s].assign(codes, codes + n);
        });
  }
};

/// The least significant 64 bits of one element that a view shows.
std::uint64_t word_of(const SignalView& view, unsigned element = 0) {
  std::uint64_t value = 0;
  std::memcpy(&value, view.data + element * view.element_bytes, std::min<std::size_t>(8, (view.bits + 7) / 8));
  return view.bits < 64 ? value & ((std::uint64_t{1} << view.bits) - 1) : value;
}

/// What a clock hook saw of a shell: every clock's time and sample, and toggles of the registers whose name has `part`.
template <class Shell>
struct Hooked {
  struct Clock {
    std::int64_t time_ps;
    std::uint64_t sample;
    std::vector<std::uint64_t> words;
  };
  std::vector<Clock> clocks;
  std::uint64_t toggles = 0;
  std::vector<std::pair<SignalView, std::vector<std::uint8_t>>> counted;
  std::vector<SignalView> kept;

  void attach(Shell& shell, const std::string& part, const std::vector<std::string>& names) {
    for (const std::string& name : shell.signal_names())
      if (!part.empty() && std::regex_match(name, std::regex(part)))
        counted.push_back({shell.find_signal(name).value(), {}});
    for (const std::string& name : names) kept.push_back(shell.find_signal(name).value());
    shell.set_clock_hook([this](std::int64_t time_ps, std::uint64_t sample) {
      Clock clock{time_ps, sample, {}};
      for (const SignalView& view : kept) clock.words.push_back(word_of(view));
      clocks.push_back(clock);
      for (auto& [view, before] : counted) {
        const std::size_t bytes = view.elements > 1 ? view.elements * view.element_bytes : (view.bits + 7) / 8;
        const std::vector<std::uint8_t> now(view.data, view.data + bytes);
        for (std::size_t i = 0; i < before.size(); ++i) toggles += std::bitset<8>(unsigned(now[i] ^ before[i])).count();
        before = now;
      }
    });
  }
};

// SystemC's kernel is elaborated once a process: every shell of this file runs in one simulation.
struct Simulation {
  Watched one{"one", 1, 3}, four{"four", 4, 3}, many{"many", 64, 3};
  Watched traced{"traced", 5, 4}, faulty{"faulty", 4, 3}, zero{"zero", 4, 3, 0.0};
  ArrayBench slow{"slow",
                  kSamples,
                  kInputs,
                  1,
                  [](std::uint64_t s, std::size_t k) { return input_value(s, k); },
                  network(),
                  [] {
                    SystolicSettings s = array_settings(2);
                    s.baseline = "mac_serial";
                    s.rows = 1;
                    return s;
                  }(),
                  "serial"};
  ReluBench relu_one{"relu_one", kSamples, kNeurons, 1, relu_input, relu_settings(), "hybrid/fc1/relu"};
  ReluBench relu_many{"relu_many", kSamples, kNeurons, 64, relu_input, relu_settings(), "hybrid/fc1/relu"};
  ReluBench relu_zero{"relu_zero",     kSamples,         kNeurons, 4, [](std::uint64_t, std::size_t) { return 0.0; },
                      relu_settings(), "hybrid/fc1/relu"};

  Hooked<SystolicModule> array_clocks;
  Hooked<ReluUnitModule> relu_clocks;

  Simulation() {
    array_clocks.attach(one.bench->shell, R"(core\..*(weight_q|weight_skew\.g_stage\[[1-9]\]\.held))", {"busy"});
    relu_clocks.attach(relu_many.shell, "", {"valid", "codes_0", "codes_7", "valid_q", "codes_q_0", "codes_q_7"});
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
  return {array([](auto& s) { s.rows = 7; }),
          array([](auto& s) { s.batch = 0; }),
          array([](auto& s) { s.samples = 0; }),
          array([](auto& s) { s.clock_period_ps = 0; }),
          array([](auto& s) { s.input_scale = -1; }),
          array([](auto& s) { s.output_scale = 0; }),
          array([](auto& s) { s.coefficients.add_j = -1e-15; }),
          [] { SystolicModule refused("refused", IntegerNetwork{}, array_settings(1), "x"); },
          relu([](auto& s) { s.lanes = 5; }),
          relu([](auto& s) { s.neurons = 0; }),
          relu([](auto& s) { s.step = 0; }),
          relu([](auto& s) { s.clock_period_ps = -1; }),
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

TEST_CASE("samples that come faster than a core takes them enter while the batch before theirs runs, not earlier",
          "[rtl][systemc]") {
  const auto& entered = simulation().slow.drain.entered_ps;  // batches of 2, fed one sample a nanosecond
  const auto& ready = simulation().slow.drain.ready_ps;
  REQUIRE(entered.size() == kSamples);
  CHECK(entered[0] == 0);
  CHECK(ready[3] - ready[1] > 10 * 1000);
  for (std::size_t s = 4; s < kSamples; ++s) {
    INFO("sample " << s);
    const std::size_t batch = s / 2;
    CHECK(entered[s] == ready[2 * (batch - 2)]);  // the batch before began when the one before that ended
    CHECK(entered[s] >= entered[s - 1]);
  }
  for (std::size_t s = 0; s < kSamples; ++s)
    CHECK(simulation().one.bench->drain.entered_ps[s] <= simulation().one.bench->drain.ready_ps[s]);
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

TEST_CASE("a clock hook is called once a clock of the array, in order, with that clock's sample", "[rtl][systemc]") {
  const auto& clocks = simulation().array_clocks.clocks;
  SystolicModule& shell = simulation().one.bench->shell;
  REQUIRE(clocks.size() == shell.cycles());
  std::map<std::uint64_t, std::uint64_t> by_sample;
  for (std::size_t c = 0; c < clocks.size(); ++c) {
    ++by_sample[clocks[c].sample];
    if (c > 0) CHECK((clocks[c].time_ps - clocks[c - 1].time_ps) % array_settings(3).clock_period_ps == 0);
    if (c > 0) CHECK(clocks[c].time_ps > clocks[c - 1].time_ps);
    if (c > 0) CHECK(clocks[c].sample / 3 >= clocks[c - 1].sample / 3);  // batches of 3 follow one another
  }
  CHECK(by_sample.size() == kSamples);
  const auto busy = std::count_if(clocks.begin(), clocks.end(), [](const auto& clock) { return clock.words[0] == 1; });
  CHECK(busy > static_cast<std::ptrdiff_t>(clocks.size() / 2));
  CHECK(busy < static_cast<std::ptrdiff_t>(clocks.size()));
}

TEST_CASE("weight registers seen by name through a clock hook toggle as often as the RTL counts", "[rtl][systemc]") {
  const auto registers = simulation().one.bench->shell.register_activity();
  const auto weights = std::find_if(registers.begin(), registers.end(),
                                    [](const auto& r) { return r.name.find("weight") != std::string::npos; });
  REQUIRE(weights != registers.end());
  CHECK(simulation().array_clocks.counted.size() ==
        8 + 7);  // a row each, and the stages that skew words on their way in
  CHECK(simulation().array_clocks.toggles == weights->bits_toggled);
}

TEST_CASE("every name that a shell lists is found, and others are not", "[rtl][systemc]") {
  const SystolicModule& array = simulation().one.bench->shell;
  const ReluUnitModule& unit = simulation().relu_one.shell;
  const std::vector<std::string> of_array = array.signal_names(), of_unit = unit.signal_names();
  CHECK(of_array.size() > 30);
  CHECK(of_unit.size() == 2 + 2 * 8);
  for (const std::string& name : of_array) CHECK(array.find_signal(name).has_value());
  for (const std::string& name : of_unit) CHECK(unit.find_signal(name).has_value());
  for (const char* name :
       {"", "nothing", "core.array.g_row[8].row.weight_q", "core.array.g_row[0].row.weight_q ", "codes_0"})
    CHECK_FALSE(array.find_signal(name).has_value());
  for (const char* name : {"", "busy", "codes_8", "codes_q_-1", "codes_"})
    CHECK_FALSE(unit.find_signal(name).has_value());
}

TEST_CASE("a clock hook of the ReLU unit sees each word enter and, one clock later, leave rectified",
          "[rtl][systemc]") {
  const auto& clocks = simulation().relu_clocks.clocks;
  REQUIRE(clocks.size() == kSamples * 4);
  for (std::size_t c = 0; c < clocks.size(); ++c) {
    const std::uint64_t sample = c / 4, word = c % 4;
    INFO("sample " << sample << ", clock " << word);
    CHECK(clocks[c].sample == sample);
    CHECK((word == 0 || clocks[c].time_ps == clocks[c - 1].time_ps + relu_settings().clock_period_ps));
    REQUIRE(clocks[c].words[0] == (word < 3 ? 1u : 0u));  // three words of eight lanes, and one clock behind
    CHECK(clocks[c].words[3] == (word > 0 ? 1u : 0u));
    for (const std::size_t lane : {std::size_t{0}, std::size_t{7}}) {
      const std::size_t in = lane ? 2 : 1, out = lane ? 5 : 4, neuron = 8 * word + lane;
      const double code = neuron < kNeurons ? std::round(relu_input(sample, neuron) / kStep) : 0;
      if (word < 3) CHECK(clocks[c].words[in] == static_cast<std::uint16_t>(static_cast<std::int16_t>(code)));
      if (word > 0) CHECK(clocks[c].words[out] == (clocks[c - 1].words[in] >> 15 ? 0 : clocks[c - 1].words[in]));
    }
  }
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
