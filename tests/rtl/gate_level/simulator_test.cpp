// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <catch2/catch.hpp>
#include <numeric>
#include <random>

#include "rtl/gate_level/simulator.hpp"
#include "rtl/gate_level/stimulus.hpp"
#include "tests/rtl/gate_level/netlist_builder.hpp"

using namespace szilard;
using namespace szilard::gate_level;
using test::NetlistBuilder;
using test::small_library;
using test::TextStimulus;

namespace {

Activity run(const Netlist& netlist, const Stimulus& stimulus, bool known = true) {
  Simulator simulator(netlist);
  return simulator.run(stimulus,
                       {known ? simulator.zero_state() : simulator.unknown_state(), nullptr, nullptr, {}, nullptr});
}

std::uint64_t toggles(const Netlist& netlist, const Activity& activity, const std::string& net) {
  const NetId id = netlist.find_net(net);
  REQUIRE(id != kNoNet);
  return activity.toggles[id];
}

/// A netlist of random gates and flip-flops, and what it does by plain interpretation, one cycle and one net at a time.
class RandomCircuit {
 public:
  static constexpr int kInputs = 5, kGates = 60, kRegisters = 20;

  explicit RandomCircuit(unsigned seed, bool falling = false) : random_(seed) {
    NetlistBuilder builder;
    builder.input("clk");
    for (int i = 0; i < kInputs; ++i) nets_.push_back("in" + std::to_string(i)), builder.input(nets_.back());
    for (int r = 0; r < kRegisters; ++r) nets_.push_back("q" + std::to_string(r));
    for (int g = 0; g < kGates; ++g) {
      Gate gate;
      gate.type = int(random_() % 5);
      static const char* kTypes[] = {"INV", "NAND2", "XOR2", "MUX2", "MAJ5"};
      static const std::vector<std::string> kPins[] = {
          {"A"}, {"A", "B"}, {"A", "B"}, {"S", "A", "B"}, {"A", "B", "C", "D", "E"}};
      NetlistBuilder::Pins pins;
      for (const std::string& pin : kPins[gate.type]) {
        gate.inputs.push_back(int(random_() % nets_.size()));
        pins.emplace_back(pin, nets_[gate.inputs.back()]);
      }
      nets_.push_back("n" + std::to_string(g));
      pins.emplace_back("Y", nets_.back());
      builder.cell("g" + std::to_string(g), kTypes[gate.type], pins);
      gates_.push_back(gate);
    }
    for (int r = 0; r < kRegisters; ++r) {
      Register made{int(random_() % nets_.size()), int(random_() % nets_.size()),
                    falling && r % 3 == 0 ? 2 : int(random_() % 2)};
      NetlistBuilder::Pins pins = {{"CLK", "clk"}, {"D", nets_[made.d]}, {"Q", "q" + std::to_string(r)}};
      if (made.kind == 1) pins.emplace_back("E", nets_[made.enable]);
      static const char* kKinds[] = {"DFF", "DFFE", "DFFN"};
      builder.cell("f" + std::to_string(r), kKinds[made.kind], pins);
      registers_.push_back(made);
    }
    netlist = builder.build(small_library());
  }

  /// Values of all nets in each sample: 0, 1, or 2 for unknown.
  std::vector<std::vector<int>> interpret(const Stimulus& stimulus, int initial) const {
    std::vector<int> state(kRegisters, initial);
    std::vector<std::vector<int>> samples;
    for (std::uint64_t cycle = 0; cycle < stimulus.cycles(); ++cycle) {
      std::uint64_t value[kInputs], unknown[kInputs];
      stimulus.words(cycle, 1, value, unknown);
      std::vector<int> v(nets_.size());
      for (int i = 0; i < kInputs; ++i) v[i] = unknown[i] & 1 ? 2 : int(value[i] & 1);
      settle(v, state);
      const auto next = [&](int r) {
        const Register& reg = registers_[r];
        if (reg.kind != 1) return v[reg.d];
        return either(both(v[reg.enable], v[reg.d]), both(inverted(v[reg.enable]), v[kInputs + r]));
      };
      std::vector<int> taken = state;
      for (int r = 0; r < kRegisters; ++r)
        if (registers_[r].kind == 2) taken[r] = next(r);
      state = taken;
      settle(v, state);
      samples.push_back(v);
      for (int r = 0; r < kRegisters; ++r)
        if (registers_[r].kind != 2) taken[r] = next(r);
      state = taken;
    }
    return samples;
  }
  const std::vector<std::string>& nets() const { return nets_; }

  Netlist netlist;

 private:
  struct Gate {
    int type = 0;
    std::vector<int> inputs;
  };
  struct Register {
    int d = 0, enable = 0, kind = 0;
  };
  static int inverted(int a) { return a == 2 ? 2 : 1 - a; }
  static int both(int a, int b) { return a == 0 || b == 0 ? 0 : a == 2 || b == 2 ? 2 : 1; }
  static int either(int a, int b) { return inverted(both(inverted(a), inverted(b))); }

  void settle(std::vector<int>& v, const std::vector<int>& state) const {
    std::copy(state.begin(), state.end(), v.begin() + kInputs);
    for (std::size_t g = 0; g < gates_.size(); ++g) {
      const auto in = [&](std::size_t i) { return v[gates_[g].inputs[i]]; };
      int& out = v[kInputs + kRegisters + g];
      switch (gates_[g].type) {
        case 0:
          out = inverted(in(0));
          break;
        case 1:
          out = inverted(both(in(0), in(1)));
          break;
        case 2:
          out = in(0) == 2 || in(1) == 2 ? 2 : in(0) ^ in(1);
          break;
        case 3:
          out = either(both(in(0), in(1)), both(inverted(in(0)), in(2)));
          break;
        default: {
          out = 0;
          for (std::size_t i = 0; i < 5; ++i)
            for (std::size_t j = i + 1; j < 5; ++j)
              for (std::size_t k = j + 1; k < 5; ++k) out = either(out, both(both(in(i), in(j)), in(k)));
        }
      }
    }
  }

  std::mt19937 random_;
  std::vector<std::string> nets_;
  std::vector<Gate> gates_;
  std::vector<Register> registers_;
};

void check_against_interpretation(const RandomCircuit& circuit, const Stimulus& stimulus, int initial) {
  const std::vector<std::vector<int>> samples = circuit.interpret(stimulus, initial);
  const Activity activity = run(circuit.netlist, stimulus, initial == 0);
  for (std::size_t n = 0; n < circuit.nets().size(); ++n) {
    std::uint64_t changes = 0, ones = 0, unknowns = 0;
    for (std::size_t c = 0; c < samples.size(); ++c) {
      ones += samples[c][n] == 1;
      unknowns += samples[c][n] == 2;
      if (c > 0) changes += samples[c][n] + samples[c - 1][n] == 1;
    }
    const NetId id = circuit.netlist.find_net(circuit.nets()[n]);
    if (id == kNoNet) continue;  // a gate's output that nobody reads has no entry
    INFO(circuit.nets()[n]);
    CHECK(activity.toggles[id] == changes);
    CHECK(activity.ones[id] == ones);
    CHECK(activity.unknowns[id] == unknowns);
  }
}

/// Random bits, each unknown with probability 1/16 in the first cycles.
std::vector<std::string> rows_with_unknown(unsigned seed, std::size_t cycles, std::size_t unknown_until) {
  std::mt19937 random(seed);
  std::vector<std::string> rows(cycles, std::string(RandomCircuit::kInputs, '0'));
  for (std::size_t c = 0; c < cycles; ++c)
    for (char& bit : rows[c]) bit = c < unknown_until && random() % 16 == 0 ? 'x' : char('0' + random() % 2);
  return rows;
}

}  // namespace

TEST_CASE("a toggle flip-flop toggles every cycle and a divided one every second", "[gate_level]") {
  NetlistBuilder builder;
  builder.input("clk").output("q").output("p");
  builder.cell("f", "DFF", {{"CLK", "clk"}, {"D", "nq"}, {"Q", "q"}, {"QN", "nq"}});
  builder.cell("x", "XOR2", {{"A", "p"}, {"B", "q"}, {"Y", "np"}})
      .cell("g", "DFF", {{"CLK", "clk"}, {"D", "np"}, {"Q", "p"}});
  const Netlist netlist = builder.build(small_library());
  for (const std::uint64_t cycles : {1u, 2u, 63u, 64u, 65u, 1000u}) {
    const Activity activity = run(netlist, TextStimulus(std::vector<std::string>(cycles)));
    CHECK(activity.cycles == cycles);
    CHECK(toggles(netlist, activity, "q") == cycles - 1);
    CHECK(toggles(netlist, activity, "nq") == cycles - 1);
    CHECK(toggles(netlist, activity, "p") == (cycles - 1) / 2);
    CHECK(toggles(netlist, activity, "clk") == 0);  // the clock has its own account
  }
  const Activity unknown = run(netlist, TextStimulus(std::vector<std::string>(100)), false);
  CHECK(toggles(netlist, unknown, "q") == 0);
  CHECK(unknown.unknowns[netlist.find_net("q")] == 100);
}

TEST_CASE("inputs are seen in their own sample and registers one later", "[gate_level]") {
  NetlistBuilder builder;
  builder.input("clk").input("d").output("q").output("y").cell("f", "DFF", {{"CLK", "clk"}, {"D", "d"}, {"Q", "q"}});
  builder.cell("x", "XOR2", {{"A", "d"}, {"B", "q"}, {"Y", "y"}});
  const Netlist netlist = builder.build(small_library());
  const Activity activity = run(netlist, TextStimulus({"0", "1", "1", "0", "1"}));
  CHECK(toggles(netlist, activity, "d") == 3);
  CHECK(toggles(netlist, activity, "q") == 2);  // 0 0 1 1 0
  CHECK(activity.ones[netlist.find_net("q")] == 2);
  CHECK(toggles(netlist, activity, "y") == 3);  // 0 1 0 1 1
}

TEST_CASE("an unknown value counts as no toggle, and a known input settles what it decides", "[gate_level]") {
  NetlistBuilder builder;
  builder.input("a").input("b").output("y").output("w");
  builder.cell("g", "NAND2", {{"A", "a"}, {"B", "b"}, {"Y", "y"}})
      .cell("x", "XOR2", {{"A", "a"}, {"B", "b"}, {"Y", "w"}});
  const Netlist netlist = builder.build(small_library());
  const Activity activity = run(netlist, TextStimulus({"x0", "11", "x1", "0x", "01"}));
  CHECK(toggles(netlist, activity, "y") == 1);  // 1 0 x 1 1
  CHECK(toggles(netlist, activity, "w") == 0);  // x 0 x x 1
  CHECK(activity.unknowns[netlist.find_net("w")] == 3);
  CHECK(toggles(netlist, activity, "a") == 0);
  CHECK(toggles(netlist, activity, "b") == 1);  // 0 1 1 x 1
}

TEST_CASE("clear and preset act at once, and clear wins where the library says so", "[gate_level]") {
  NetlistBuilder builder;
  builder.input("clk").input("d").input("r").input("s").output("q");
  builder.cell("f", "DFFRS", {{"CLK", "clk"}, {"D", "d"}, {"R", "r"}, {"S", "s"}, {"Q", "q"}});
  const Netlist netlist = builder.build(small_library());
  // d r s:        preset  d=1     clear   after   both    after
  const Activity activity = run(netlist, TextStimulus({"010", "111", "101", "111", "100", "011"}));
  CHECK(activity.ones[netlist.find_net("q")] == 2);  // 1 1 0 0 0 0
  CHECK(toggles(netlist, activity, "q") == 1);
  const Activity unknown = run(netlist, TextStimulus({"111", "001", "111"}), false);
  CHECK(unknown.unknowns[netlist.find_net("q")] == 1);  // x 0 0
}

TEST_CASE("random circuits do what plain interpretation says", "[gate_level]") {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    const RandomCircuit circuit(seed, seed % 4 == 0);
    Simulator simulator(circuit.netlist);
    check_against_interpretation(circuit, TextStimulus(rows_with_unknown(seed, 200, 0)), 0);
  }
}

TEST_CASE("random circuits do so with unknown registers and inputs too", "[gate_level]") {
  for (unsigned seed = 101; seed <= 120; ++seed) {
    INFO("seed " << seed);
    const RandomCircuit circuit(seed, seed % 4 == 0);
    check_against_interpretation(circuit, TextStimulus(rows_with_unknown(seed, 300, 150)), 2);
  }
}

TEST_CASE("windows side by side are the single stream to the last toggle", "[gate_level]") {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    INFO("seed " << seed);
    const RandomCircuit circuit(seed, seed % 3 == 0);
    Simulator simulator(circuit.netlist);
    const TextStimulus stimulus(rows_with_unknown(seed, 1000 + seed, seed % 2 ? 100 : 0));
    const std::uint64_t windows = seed % 2 ? 64 : 7;
    Simulator::StreamRequest request;
    request.initial = seed % 2 ? simulator.unknown_state() : simulator.zero_state();
    std::vector<std::uint64_t> starts;
    for (std::uint64_t w = 0; w < windows; ++w) starts.push_back(stimulus.cycles() * w / windows);
    for (std::uint64_t start : starts) request.marks.push_back(start == 0 ? 0 : start - 1);
    std::vector<RegisterState> states;
    request.states = &states;
    EventEnergy energy;
    for (NetId n = 0; n < circuit.netlist.nets.size(); ++n) energy.by_toggle.push_back(n * n + 1);
    std::vector<std::int64_t> by_cycle;
    request.energy = &energy;
    request.by_cycle = &by_cycle;
    const Activity single = simulator.run(stimulus, request);
    REQUIRE(states.size() == windows);
    std::vector<Window> parts;
    for (std::uint64_t w = 0; w < windows; ++w)
      parts.push_back({starts[w], w + 1 < windows ? starts[w + 1] : stimulus.cycles(), states[w]});
    std::vector<energy::Quanta> by_window;
    const Activity lanes = simulator.run_windows(stimulus, parts, &energy, &by_window);
    CHECK(lanes == single);
    for (std::uint64_t w = 0; w < windows; ++w)
      CHECK(by_window[w].count == std::accumulate(by_cycle.begin() + std::ptrdiff_t(parts[w].first),
                                                  by_cycle.begin() + std::ptrdiff_t(parts[w].end), std::int64_t{0}));
    std::int64_t sum = 0;
    for (NetId n = 2; n < circuit.netlist.nets.size(); ++n)
      sum += std::int64_t(single.toggles[n]) * energy.by_toggle[n];
    CHECK(std::accumulate(by_cycle.begin(), by_cycle.end(), std::int64_t{0}) == sum);
  }
}

TEST_CASE("random stimulus is a function of seed, net and cycle", "[gate_level]") {
  NetlistBuilder builder;
  builder.input("a").input("b").output("y").cell("g", "NAND2", {{"A", "a"}, {"B", "b"}, {"Y", "y"}});
  const Netlist netlist = builder.build(small_library());
  Simulator simulator(netlist);
  const RandomStimulus stimulus(netlist, simulator.inputs(), 100000, 7);
  std::uint64_t value[2], unknown[2], shifted[2];
  stimulus.words(64, 64, value, unknown);
  stimulus.words(100, 64, shifted, unknown);
  CHECK((value[0] >> 36) == (shifted[0] & 0xfffffff));
  CHECK(value[0] != value[1]);
  const Activity activity = run(netlist, stimulus);
  for (const char* name : {"a", "b"}) CHECK(double(toggles(netlist, activity, name)) == Approx(50000).margin(4 * 158));
  CHECK(double(activity.ones[netlist.find_net("y")]) == Approx(75000).margin(4 * 137));
  const Activity held = run(netlist, RandomStimulus(netlist, simulator.inputs(), 1000, 7, {{"b", 0}}));
  CHECK(toggles(netlist, held, "y") == 0);
}

TEST_CASE("holding what is no data input, or a value that does not fit, is refused", "[gate_level][bad]") {
  NetlistBuilder builder;
  builder.input("clk").input("d").output("q").cell("f", "DFF", {{"CLK", "clk"}, {"D", "d"}, {"Q", "q"}});
  const Netlist netlist = builder.build(small_library());
  Simulator simulator(netlist);
  for (const char* name : {"clk", "q", "nothing"})
    CHECK_THROWS_AS(RandomStimulus(netlist, simulator.inputs(), 10, 1, {{name, 0}}), support::InputError);
  CHECK_THROWS_AS(RandomStimulus(netlist, simulator.inputs(), 10, 1, {{"d", 2}}), support::InputError);
}
