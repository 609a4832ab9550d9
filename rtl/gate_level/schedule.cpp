// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/gate_level/schedule.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

#include "rtl/gate_level/clock_network.hpp"

namespace szilard::gate_level {
namespace {

using support::DiagnosticCode;
using support::InputError;
using Operation = BooleanFunction::Operation;

/// Nets have their own number; what only a cell knows (states behind a clear, next states, probes) follows them.
using Signal = std::uint32_t;

struct Gate {
  std::uint32_t function = 0, cell = 0;
  Signal output = 0;
  std::vector<Signal> inputs;
};

BooleanFunction substituted(const BooleanFunction& function,
                            const std::map<std::string, BooleanFunction>& replacements) {
  std::vector<BooleanFunction> stack;
  for (const BooleanFunction::Step& step : function.steps()) {
    if (step.operation == Operation::input) {
      const std::string& name = function.inputs()[step.input];
      const auto found = replacements.find(name);
      stack.push_back(found == replacements.end() ? BooleanFunction::input(name) : found->second);
    } else if (step.operation == Operation::zero || step.operation == Operation::one) {
      stack.push_back(BooleanFunction::constant(step.operation == Operation::one));
    } else if (step.operation == Operation::invert) {
      stack.back() = !stack.back();
    } else {
      const BooleanFunction right = std::move(stack.back());
      stack.pop_back();
      stack.back() = step.operation == Operation::both     ? stack.back() & right
                     : step.operation == Operation::either ? stack.back() | right
                                                           : stack.back() ^ right;
    }
  }
  return stack.front();
}

/// What clear and preset leave of a value; where both are active and the library does not say, clear wins.
BooleanFunction forced(const FlipFlop& ff, const BooleanFunction& value) {
  if (ff.clear && ff.preset)
    return ff.both == '1' ? *ff.preset | ((!*ff.clear) & value) : (!*ff.clear) & (*ff.preset | value);
  if (ff.clear) return (!*ff.clear) & value;
  if (ff.preset) return *ff.preset | value;
  return value;
}

class Builder {
 public:
  Builder(const Netlist& netlist, Schedule& schedule)
      : netlist_(netlist), schedule_(schedule), signals_(static_cast<Signal>(netlist.nets.size())) {}

  void build(const std::vector<Probe>& probes) {
    for (const Probe& probe : probes) probed_[probe.cell];
    for (std::uint32_t c = 0; c < netlist_.cells.size(); ++c) add_cell(c);
    std::vector<Signal> probe_signals;
    for (const Probe& probe : probes)
      probe_signals.push_back(add_gate(probe.cell, probe.function, probed_[probe.cell], signals_++));
    order();
    for (std::size_t r = 0; r < registers_.size(); ++r) {
      schedule_.registers[r].state = slots_[registers_[r].state];
      schedule_.registers[r].next = slots_[registers_[r].next];
    }
    schedule_.slot_of_net.assign(slots_.begin(), slots_.begin() + static_cast<std::ptrdiff_t>(netlist_.nets.size()));
    for (Signal signal : probe_signals) schedule_.slot_of_probe.push_back(slots_[signal]);
    schedule_.gates = gates_.size();
  }

 private:
  using Names = std::map<std::string, Signal>;
  struct RegisterSignals {
    Signal state = 0, next = 0;
  };

  Names pin_names(std::uint32_t cell) const {
    Names names;
    const Instance& instance = netlist_.cells[cell];
    for (std::size_t p = 0; p < instance.nets.size(); ++p)
      if (instance.nets[p] != kNoNet) names[instance.cell->pins[p].name] = instance.nets[p];
    return names;
  }

  std::uint32_t function_index(const BooleanFunction& function) {
    std::string key(1, static_cast<char>(function.inputs().size()));
    for (const BooleanFunction::Step& step : function.steps()) {
      key += static_cast<char>(step.operation);
      key += static_cast<char>(step.input);
    }
    const auto [found, fresh] =
        function_index_.emplace(std::move(key), static_cast<std::uint32_t>(schedule_.functions.size()));
    if (fresh) schedule_.functions.push_back(function);
    return found->second;
  }

  Signal add_gate(std::uint32_t cell, const BooleanFunction& function, const Names& names, Signal output) {
    Gate gate;
    gate.cell = cell;
    gate.output = output;
    gate.function = function_index(function);
    for (const std::string& name : function.inputs()) {
      const auto found = names.find(name);
      if (found == names.end()) {
        const Instance& instance = netlist_.cells[cell];
        throw InputError(
            DiagnosticCode::unsupported_operator, instance.cell->where,
            "a function of cell " + instance.cell->name + " reads " + name + ", which is no connected pin of it");
      }
      gate.inputs.push_back(found->second);
    }
    gates_.push_back(std::move(gate));
    return output;
  }

  void add_cell(std::uint32_t c) {
    const Instance& instance = netlist_.cells[c];
    if (instance.clock) {
      if (const auto probed = probed_.find(c); probed != probed_.end()) probed->second = pin_names(c);
      return;
    }
    const LibraryCell& cell = *instance.cell;
    Names names = pin_names(c), hidden;
    std::map<std::string, BooleanFunction> inverses;
    std::vector<char> done(cell.pins.size(), 0);
    try {
      for (const FlipFlop& ff : cell.flip_flops) {
        const bool asynchronous = ff.clear || ff.preset;
        Signal state = kNoNet;
        for (std::size_t p = 0; p < cell.pins.size() && !asynchronous && state == kNoNet; ++p) {
          const LibraryPin& pin = cell.pins[p];
          if (pin.direction != LibraryPin::Direction::output || instance.nets[p] == kNoNet) continue;
          if (!pin.function->is_input() || pin.function->inputs().front() != ff.state) continue;
          state = instance.nets[p];
          done[p] = 1;
        }
        if (state == kNoNet) state = signals_++;
        Names own = names;
        own[ff.state] = state;
        Signal shown = state;
        if (asynchronous) shown = add_gate(c, forced(ff, BooleanFunction::input(ff.state)), own, signals_++);
        own[ff.state] = shown;
        names[ff.state] = shown;
        if (!ff.inverse_state.empty()) inverses[ff.inverse_state] = !BooleanFunction::input(ff.state);
        const BooleanFunction next = forced(ff, substituted(ff.next_state, inverses));
        const Signal next_signal = next.is_input() && own.count(next.inputs().front())
                                       ? own[next.inputs().front()]
                                       : add_gate(c, next, own, signals_++);
        registers_.push_back({state, next_signal});
        schedule_.registers.push_back({0, 0, clocked_by_rising_edge(netlist_, instance, ff), c});
      }
      for (std::size_t p = 0; p < cell.pins.size(); ++p) {
        if (cell.pins[p].direction != LibraryPin::Direction::output || done[p]) continue;
        const bool connected = instance.nets[p] != kNoNet;
        if (!connected && !probed_.count(c)) continue;
        const Signal output = connected ? instance.nets[p] : signals_++;
        add_gate(c, substituted(*cell.pins[p].function, inverses), names, output);
        if (!connected) hidden[cell.pins[p].name] = output;
      }
      if (const auto probed = probed_.find(c); probed != probed_.end()) {
        probed->second = names;
        probed->second.insert(hidden.begin(), hidden.end());
      }
    } catch (const std::length_error& error) {
      throw InputError(DiagnosticCode::unsupported_operator, cell.where, "cell " + cell.name + ": " + error.what());
    }
  }

  void order() {
    constexpr std::uint32_t kUnset = 0xffffffff;
    slots_.assign(signals_, kUnset);
    std::vector<char> from_gate(signals_, 0);
    for (const Gate& gate : gates_) from_gate[gate.output] = 1;
    std::uint32_t slot = 0;
    for (Signal s = 0; s < signals_; ++s)
      if (!from_gate[s]) slots_[s] = slot++;

    std::vector<std::vector<std::uint32_t>> readers(signals_);
    std::vector<std::uint32_t> waiting(gates_.size(), 0);
    std::vector<std::vector<std::uint32_t>> ready(schedule_.functions.size());
    for (std::uint32_t g = 0; g < gates_.size(); ++g) {
      for (Signal s : gates_[g].inputs) {
        if (!from_gate[s]) continue;
        readers[s].push_back(g);
        ++waiting[g];
      }
      if (waiting[g] == 0) ready[gates_[g].function].push_back(g);
    }
    std::size_t placed = 0;
    while (placed < gates_.size()) {
      const auto fullest = std::max_element(ready.begin(), ready.end(),
                                            [](const auto& a, const auto& b) { return a.size() < b.size(); });
      if (fullest->empty()) fail_on_loop(waiting);
      const std::vector<std::uint32_t> members = std::exchange(*fullest, {});
      Schedule::Group group;
      group.function = gates_[members.front()].function;
      group.first_output = slot;
      group.count = static_cast<std::uint32_t>(members.size());
      group.operands = schedule_.operand_slots.size();
      for (std::size_t i = 0; i < schedule_.functions[group.function].inputs().size(); ++i)
        for (std::uint32_t g : members) schedule_.operand_slots.push_back(slots_[gates_[g].inputs[i]]);
      for (std::uint32_t g : members) slots_[gates_[g].output] = slot++;
      for (std::uint32_t g : members)
        for (std::uint32_t reader : readers[gates_[g].output])
          if (--waiting[reader] == 0) ready[gates_[reader].function].push_back(reader);
      placed += members.size();
      schedule_.groups.push_back(group);
    }
    schedule_.slots = slot;
  }

  [[noreturn]] void fail_on_loop(const std::vector<std::uint32_t>& waiting) const {
    std::map<Signal, std::uint32_t> driver;
    for (std::uint32_t g = 0; g < gates_.size(); ++g)
      if (waiting[g] > 0) driver[gates_[g].output] = g;
    std::vector<std::uint32_t> path;
    std::vector<char> seen(gates_.size(), 0);
    std::uint32_t g = driver.begin()->second;
    while (!seen[g]) {
      seen[g] = 1;
      path.push_back(g);
      for (Signal s : gates_[g].inputs) {
        const auto found = driver.find(s);
        if (found == driver.end()) continue;
        g = found->second;
        break;
      }
    }
    path.erase(path.begin(), std::find(path.begin(), path.end(), g));
    std::reverse(path.begin(), path.end());
    std::string names;
    constexpr std::size_t kMostNames = 8;
    for (std::size_t i = 0; i < path.size() && i < kMostNames; ++i)
      names += (i ? ", " : "") + netlist_.cells[gates_[path[i]].cell].name;
    if (path.size() > kMostNames) names += ", and " + std::to_string(path.size() - kMostNames) + " more";
    throw InputError(DiagnosticCode::bad_graph, netlist_.cells[gates_[path.front()].cell].where,
                     "a combinational loop runs through " + names);
  }

  const Netlist& netlist_;
  Schedule& schedule_;
  Signal signals_;
  std::vector<Gate> gates_;
  std::vector<RegisterSignals> registers_;
  std::vector<std::uint32_t> slots_;
  std::map<std::string, std::uint32_t> function_index_;
  std::map<std::uint32_t, Names> probed_;  ///< cells with probes: what their pins and states are
};

}  // namespace

bool Schedule::has_falling_registers() const {
  return std::any_of(registers.begin(), registers.end(), [](const Register& r) { return !r.rising; });
}

Schedule make_schedule(const Netlist& netlist, const std::vector<Probe>& probes) {
  Schedule schedule;
  Builder(netlist, schedule).build(probes);
  return schedule;
}

}  // namespace szilard::gate_level
