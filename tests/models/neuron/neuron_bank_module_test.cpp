// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
//
// Each case is one simulation and runs in a process of its own: SystemC's kernel is a singleton.
#define SC_INCLUDE_DYNAMIC_PROCESSES
#include "models/neuron/neuron_bank_module.hpp"

#include <catch2/catch.hpp>
#include <functional>
#include <set>
#include <stdexcept>

#include "tests/models/neuron/bench_bank.hpp"

using namespace szilard;                // NOLINT: a test of these namespaces
using namespace szilard::neuron;        // NOLINT
using namespace szilard::neuron::test;  // NOLINT

namespace {

using Fifo = sc_core::sc_fifo<support::SignalBlock>;
using Inputs = std::vector<std::vector<double>>;

constexpr std::uint64_t kSeed = 17;
constexpr std::int64_t kDecision_ps = 1000, kHold_ps = 2500, kReset_ps = 50;

/// A bank alone: a FIFO that holds all blocks at the start, one that takes all outputs, an energy channel on a ledger.
struct Bench {
  Bench(const std::string& name, const Inputs& inputs, std::size_t quantum, NeuronParameters parameters,
        std::unique_ptr<ResetPhysics> physics, std::int64_t spacing_ps, int out_depth = 1000)
      : inputs_(inputs),
        ledger(kFirstSample, inputs.front().size()),
        channel((name + "_energy").c_str(), ledger),
        in((name + "_in").c_str(), 1000),
        out((name + "_out").c_str(), out_depth),
        module(name.c_str(),
               std::make_unique<NeuronBank>(inputs.size(), std::move(parameters), std::move(physics), 7, kPath,
                                            kFirstSample, inputs.front().size()),
               kHold_ps, kPath) {
    module.in(in);
    module.out(out);
    module.energy(channel);
    const std::size_t samples = inputs.front().size();
    for (std::size_t first = 0; first < samples; first += quantum) {
      support::SignalBlock y = block_of(inputs, kFirstSample, first, std::min(quantum, samples - first));
      for (std::size_t s = 0; s < y.samples(); ++s) y.ready_ps()[s] = static_cast<std::int64_t>(first + s) * spacing_ps;
      REQUIRE(in.nb_write(y));
    }
  }

  /// All samples of the outputs, one after the other: (ready, cycle end, values).
  struct Output {
    std::vector<std::int64_t> ready_ps, cycle_end_ps;
    std::vector<double> values;
    bool operator==(const Output& o) const {
      return ready_ps == o.ready_ps && cycle_end_ps == o.cycle_end_ps && values == o.values;
    }
  };
  void collect() {
    support::SignalBlock x;
    while (out.nb_read(x)) {
      for (std::size_t s = 0; s < x.samples(); ++s) {
        output.ready_ps.push_back(x.ready_ps()[s]);
        output.cycle_end_ps.push_back(x.cycle_end_ps()[s]);
        for (std::size_t i = 0; i < x.features(); ++i) output.values.push_back(x.at(i, s));
      }
    }
  }

  const Inputs inputs_;
  energy::Ledger ledger;
  energy::EnergyChannel channel;
  Fifo in, out;
  NeuronBankModule module;
  Output output;
};

NeuronParameters timed(Policy policy) {
  NeuronParameters parameters;
  parameters.policy = policy;
  parameters.threshold_noise = 0.05;
  parameters.decision_energy_j = 1.63e-15;
  parameters.decision_time_s = 1e-12 * kDecision_ps;
  return parameters;
}

std::int64_t now_ps() { return std::llround(sc_core::sc_time_stamp().to_seconds() * 1e12); }

void on_event(const sc_core::sc_event& event, std::function<void()> action) {
  sc_core::sc_spawn_options options;
  options.spawn_method();
  options.dont_initialize();
  options.set_sensitivity(&event);
  sc_core::sc_spawn(std::move(action), sc_core::sc_gen_unique_name("probe"), &options);
}

bool same_ledger(const energy::Ledger& a, const energy::Ledger& b) {
  if (a.accounts().size() != b.accounts().size()) return false;
  for (energy::AccountId id = 0; id < a.accounts().size(); ++id) {
    if (a.count(id) != b.count(id)) return false;
    for (std::uint64_t s = kFirstSample; s < kFirstSample + a.samples(); ++s)
      if (a.at(id, s) != b.at(id, s)) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("at one sample a block every set and reset fires at its own time, and the output follows its sets",
          "[neuron][systemc]") {
  INFO("seed " << kSeed);
  const Inputs inputs = random_inputs({.1, .5, .9, .5, 0}, 40, kSeed);
  constexpr std::int64_t kSpacing_ps = 3000;  // below the cycle of 3550 ps: the bank is what limits
  Bench bench("bank", inputs, 1, timed(Policy::every_cycle), make_cmos_latch(latch()), kSpacing_ps);
  std::vector<std::vector<std::int64_t>> sets(5), resets(5);
  std::vector<std::int64_t> written;
  std::vector<std::uint64_t> sets_at_write;
  for (std::size_t i = 0; i < 5; ++i) {
    on_event(bench.module.set_event(i), [&, i] { sets[i].push_back(now_ps()); });
    on_event(bench.module.reset_event(i), [&, i] { resets[i].push_back(now_ps()); });
  }
  on_event(bench.out.data_written_event(), [&] {
    written.push_back(now_ps());
    sets_at_write.push_back(bench.module.bank().sets());
  });
  sc_core::sc_start();
  bench.collect();

  const energy::ActivityTrace& activity = bench.module.bank().activity();
  std::vector<std::vector<std::int64_t>> expected_sets(5), expected_resets(5);
  std::int64_t free_ps = 0;
  std::uint64_t sets_so_far = 0;
  REQUIRE(written.size() == 40);
  for (std::size_t s = 0; s < 40; ++s) {
    const auto arrival_ps = static_cast<std::int64_t>(s) * kSpacing_ps;
    const std::int64_t ready_ps = std::max(arrival_ps, free_ps) + kDecision_ps;
    free_ps = ready_ps + kHold_ps + kReset_ps;
    for (std::size_t i = 0; i < 5; ++i) {
      if (!activity.at(i, s)) continue;
      ++sets_so_far;
      expected_sets[i].push_back(ready_ps);
      expected_resets[i].push_back(ready_ps + kHold_ps);
    }
    CHECK(written[s] == ready_ps);
    CHECK(sets_at_write[s] == sets_so_far);
    CHECK(bench.output.ready_ps[s] == ready_ps);
    CHECK(bench.output.cycle_end_ps[s] == free_ps);
  }
  CHECK(sets == expected_sets);
  CHECK(resets == expected_resets);
  CHECK(bench.module.bank().resets() == bench.module.bank().sets());
  CHECK(bench.ledger.closure().worst < 1e-9);
}

TEST_CASE("books, outputs and time stamps do not depend on the size of blocks", "[neuron][systemc]") {
  INFO("seed " << kSeed);
  const std::vector<double> p = {.1, .5, .9, .5, 0, .3, .7};
  const Inputs inputs = random_inputs(p, 150, kSeed);
  std::vector<std::unique_ptr<Bench>> benches;
  for (Policy policy : {Policy::every_cycle, Policy::on_change})
    for (bool ideal : {true, false})
      for (std::size_t quantum : {64, 1, 7, 149}) {
        std::vector<double> q = p;
        q[4] = .01;
        benches.push_back(
            std::make_unique<Bench>("bank" + std::to_string(benches.size()), inputs, quantum, timed(policy),
                                    ideal ? make_landauer_ideal(q, kTemperature_K) : make_cmos_latch(latch()), 5000));
      }
  sc_core::sc_start();
  for (std::size_t b = 0; b < benches.size(); ++b) {
    Bench& bench = *benches[b];
    const Bench& reference = *benches[b / 4 * 4];
    bench.collect();
    INFO("bench " << b);
    CHECK(bench.output.ready_ps.size() == 150);
    CHECK(bench.output == reference.output);
    CHECK(same_ledger(bench.ledger, reference.ledger));
    CHECK(bench.module.bank().sets() == reference.module.bank().sets());
    CHECK(bench.module.bank().resets() == reference.module.bank().resets());
    CHECK(bench.module.bank().reset_work_j() == reference.module.bank().reset_work_j());
    CHECK(bench.ledger.closure().worst < 1e-9);
  }
}

TEST_CASE("on change, a neuron that keeps its state has no event", "[neuron][systemc]") {
  const Inputs inputs = {{1, 1, -1, -1, 1, 1}, {-1, -1, -1, -1, -1, -1}};
  NeuronParameters parameters = timed(Policy::on_change);
  parameters.threshold_noise = 0;
  Bench bench("bank", inputs, 1, parameters, make_cmos_latch(latch()), 10000);
  std::vector<std::int64_t> sets, resets;
  int others = 0;
  on_event(bench.module.set_event(0), [&] { sets.push_back(now_ps()); });
  on_event(bench.module.reset_event(0), [&] { resets.push_back(now_ps()); });
  on_event(bench.module.set_event(1), [&] { ++others; });
  on_event(bench.module.reset_event(1), [&] { ++others; });
  sc_core::sc_start();
  CHECK(sets == std::vector<std::int64_t>{1000, 41000});
  CHECK(resets == std::vector<std::int64_t>{21000});
  CHECK(others == 0);
}

TEST_CASE("a full output stops the bank and loses nothing", "[neuron][systemc]") {
  INFO("seed " << kSeed);
  const Inputs inputs = random_inputs({.5, .5}, 30, kSeed);
  Bench slow("slow", inputs, 1, timed(Policy::every_cycle), make_cmos_latch(latch()), 5000, 1);
  Bench blocks("blocks", inputs, 4, timed(Policy::every_cycle), make_cmos_latch(latch()), 5000, 1);
  Bench fast("fast", inputs, 1, timed(Policy::every_cycle), make_cmos_latch(latch()), 5000);
  sc_core::sc_event drain;
  on_event(drain, [&] {
    slow.collect();
    blocks.collect();
  });
  for (int k = 0; k < 60; ++k) {
    sc_core::sc_start(11, sc_core::SC_NS);
    drain.notify(sc_core::SC_ZERO_TIME);
  }
  sc_core::sc_start();
  slow.collect();
  blocks.collect();
  fast.collect();
  CHECK(fast.output.ready_ps.size() == 30);
  CHECK(slow.output == fast.output);
  CHECK(blocks.output == fast.output);
  CHECK(same_ledger(slow.ledger, fast.ledger));
}

TEST_CASE("instant decisions, holds and resets still set before they reset", "[neuron][systemc]") {
  const Inputs inputs = {{1, 1, -1}, {-1, 1, 1}};
  energy::Ledger ledger(kFirstSample, 3);
  energy::EnergyChannel channel("channel", ledger);
  Fifo in("in", 4), out("out", 4);
  NeuronBankModule module("bank",
                          std::make_unique<NeuronBank>(2, NeuronParameters{}, make_landauer_ideal({.5, .5}, 300), 1,
                                                       kPath, kFirstSample, 3),
                          0, kPath);
  module.in(in);
  module.out(out);
  module.energy(channel);
  for (std::size_t s = 0; s < 3; ++s) REQUIRE(in.nb_write(block_of(inputs, kFirstSample, s, 1)));
  sc_core::sc_start();
  CHECK(out.num_available() == 3);
  CHECK(module.bank().resets() == 4);
  CHECK(now_ps() == 0);
}

TEST_CASE("a module without a bank or with a negative hold time is refused", "[neuron][systemc]") {
  CHECK_THROWS_AS(NeuronBankModule("none", nullptr, 0, kPath), std::invalid_argument);
  const auto bank = [] {
    return std::make_unique<NeuronBank>(2, NeuronParameters{}, make_cmos_latch(latch()), 1, kPath, 0, 3);
  };
  CHECK_THROWS_AS(NeuronBankModule("negative", bank(), -1, kPath), std::invalid_argument);
  NeuronBankModule module("bank", bank(), 0, kPath);
  CHECK_THROWS_AS(module.set_event(2), std::out_of_range);
  CHECK_THROWS_AS(module.reset_event(2), std::out_of_range);
}

TEST_CASE("self-timed decisions are ready when their slowest neuron is, whatever the block", "[neuron][systemc]") {
  INFO("seed " << kSeed);
  const Inputs inputs = random_inputs({.3, .5, .7}, 150, kSeed);
  std::vector<std::unique_ptr<Bench>> benches;
  for (std::size_t quantum : {64, 1, 7}) {
    NeuronParameters parameters = timed(Policy::every_cycle);
    parameters.decision_time_s = 0;
    parameters.errors.regeneration_time_s = 0.3e-9;
    parameters.errors.is_self_timed = true;
    benches.push_back(std::make_unique<Bench>("self_timed" + std::to_string(quantum), inputs, quantum, parameters,
                                              make_cmos_latch(latch()), 5000));
  }
  sc_core::sc_start();
  std::set<std::int64_t> gaps;
  for (std::unique_ptr<Bench>& bench : benches) {
    bench->collect();
    CHECK(bench->output == benches.front()->output);
    CHECK(same_ledger(bench->ledger, benches.front()->ledger));
    CHECK(bench->module.bank().errors().wrong == 0);
  }
  const std::vector<std::int64_t>& ready = benches.front()->output.ready_ps;
  REQUIRE(ready.size() == 150);
  for (std::size_t s = 1; s < ready.size(); ++s) gaps.insert(ready[s] - ready[s - 1]);
  CHECK(gaps.size() > 100);
}

TEST_CASE("bits that change by themselves are reset at their own times, also where nothing was set",
          "[neuron][systemc]") {
  INFO("seed " << kSeed);
  const Inputs inputs = random_inputs({.02, .05}, 200, kSeed);
  std::vector<std::unique_ptr<Bench>> benches;
  for (Policy policy : {Policy::every_cycle, Policy::on_change})
    for (std::size_t quantum : {64, 1, 7}) {
      NeuronParameters parameters = timed(policy);
      parameters.errors.retention_time_s = 10e-9;
      parameters.errors.hysteresis = 0.1;
      parameters.errors.regeneration_time_s = 0.3e-9;
      parameters.errors.read_energy_j = kThermal_J;
      parameters.errors.temperature_k = kTemperature_K;
      benches.push_back(std::make_unique<Bench>("bank" + std::to_string(benches.size()), inputs, quantum, parameters,
                                                make_cmos_latch(latch()), 5000));
    }
  sc_core::sc_start();
  for (std::size_t b = 0; b < benches.size(); ++b) {
    Bench& bench = *benches[b];
    const Bench& reference = *benches[b / 3 * 3];
    bench.collect();
    INFO("bench " << b);
    CHECK(bench.module.bank().errors().gained > 20);
    CHECK(bench.output.ready_ps.size() == 200);
    CHECK(bench.output == reference.output);
    CHECK(same_ledger(bench.ledger, reference.ledger));
    CHECK(bench.module.bank().resets() == reference.module.bank().resets());
    CHECK(bench.ledger.closure().worst < 1e-9);
  }
}
