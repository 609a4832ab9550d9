// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/gate_level/glitches.hpp"

#include <algorithm>
#include <stdexcept>

#include "rtl/gate_level/kernels.hpp"

namespace szilard::gate_level {
namespace {

using Word = std::uint64_t;

/// Values of all signals in up to 64 windows.
class UnitDelays {
 public:
  UnitDelays(const Simulator& simulator, const Netlist& netlist)
      : schedule_(simulator.schedule()), values_(schedule_.slots, 0) {
    for (const Schedule::Register& r : schedule_.registers)
      if (!r.rising)
        throw std::invalid_argument(netlist.file + ": glitches are estimated with rising-edge registers only");
    for (NetId net : simulator.inputs()) inputs_.push_back(schedule_.slot_of_net[net]);
    values_[schedule_.slot_of_net[kOne]] = ~Word{0};
    // just before a rising edge the clock is 0, where it is not inverted
    for (NetId net = 2; net < netlist.nets.size(); ++net)
      if (netlist.nets[net].clock && netlist.clock_inverted.at(net)) values_[schedule_.slot_of_net[net]] = ~Word{0};
  }

  std::size_t inputs() const { return inputs_.size(); }
  std::vector<Word>& values() { return values_; }
  void set_inputs(const std::vector<Word>& words) {
    for (std::size_t i = 0; i < inputs_.size(); ++i) values_[inputs_[i]] = words[i];
  }
  void settle() {
    for (const Schedule::Group& group : schedule_.groups) run(group, values_, values_.data());
  }
  /// All cells a unit of time further; whether anything changed.
  bool step(std::vector<Word>& next) const {
    next = values_;
    for (const Schedule::Group& group : schedule_.groups) run(group, values_, next.data());
    return next != values_;
  }

 private:
  void run(const Schedule::Group& group, const std::vector<Word>& from, Word* to) const {
    const BooleanFunction& function = schedule_.functions[group.function];
    kernels().program({function.steps().data(), function.steps().size(),
                       schedule_.operand_slots.data() + group.operands, group.count},
                      from.data(), to + group.first_output);
  }
  const Schedule& schedule_;
  std::vector<Word> values_;
  std::vector<std::uint32_t> inputs_;
};

}  // namespace

GlitchEstimate estimate_glitches(const Netlist& netlist, const Simulator& simulator, const Stimulus& stimulus,
                                 const std::vector<Window>& windows, const std::vector<std::int64_t>& by_toggle) {
  constexpr unsigned kMostUnits = 100000;
  UnitDelays machine(simulator, netlist);
  const Schedule& schedule = simulator.schedule();
  std::uint64_t longest = 0;
  for (const Window& w : windows) longest = std::max(longest, w.end - w.first + (w.first > 0));
  std::vector<Word> state(schedule.registers.size(), 0), inputs(machine.inputs()), word(machine.inputs()),
      unknown(machine.inputs());
  for (std::size_t w = 0; w < windows.size(); ++w)
    for (std::size_t r = 0; r < state.size(); ++r) state[r] |= Word{windows[w].state.at(r) == 1} << w;
  std::vector<Word> settled, next;
  GlitchEstimate out;
  for (std::uint64_t step = 0; step < longest; ++step) {
    Word running = 0;
    std::fill(inputs.begin(), inputs.end(), 0);
    for (std::size_t w = 0; w < windows.size(); ++w) {
      const std::uint64_t cycle = windows[w].first - (windows[w].first > 0) + step;
      if (cycle >= windows[w].end) continue;
      running |= Word{1} << w;
      stimulus.words(cycle, 1, word.data(), unknown.data());
      for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i] |= (word[i] & 1) << w;
    }
    std::vector<Word>& values = machine.values();
    settled = values;
    for (std::size_t r = 0; r < state.size(); ++r) values[schedule.registers[r].state] = state[r];
    machine.set_inputs(inputs);
    if (step == 0) {
      machine.settle();
    } else {
      const std::vector<Word> started = values;
      std::vector<std::uint32_t> transitions(schedule.slots, 0);
      unsigned units = 0;
      for (; machine.step(next); ++units) {
        if (units == kMostUnits) throw std::invalid_argument(netlist.file + ": does not settle");
        for (std::size_t s = 0; s < next.size(); ++s)
          if (next[s] != values[s])
            transitions[s] += static_cast<std::uint32_t>(__builtin_popcountll((next[s] ^ values[s]) & running));
        values.swap(next);
      }
      for (NetId net = 2; net < netlist.nets.size(); ++net) {
        if (netlist.nets[net].clock) continue;
        const std::uint32_t slot = schedule.slot_of_net[net];
        const auto toggles = static_cast<std::uint32_t>(__builtin_popcountll((values[slot] ^ settled[slot]) & running));
        const auto at_once =
            static_cast<std::uint32_t>(__builtin_popcountll((started[slot] ^ settled[slot]) & running));
        const std::uint32_t all = transitions[slot] + at_once;
        out.settled_toggles += toggles;
        out.transitions += all;
        out.settled_energy += static_cast<double>(toggles) * static_cast<double>(by_toggle.at(net));
        out.glitch_energy +=
            (static_cast<double>(all) - static_cast<double>(toggles)) * static_cast<double>(by_toggle[net]);
      }
      out.cycles += static_cast<std::uint64_t>(__builtin_popcountll(running));
    }
    for (std::size_t r = 0; r < state.size(); ++r) state[r] = values[schedule.registers[r].next];
  }
  return out;
}

}  // namespace szilard::gate_level
