// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/gate_level/clock_network.hpp"

namespace szilard::gate_level {
namespace {

using support::DiagnosticCode;
using support::InputError;

struct ClockPin {
  NetId net = kNoNet;
  bool inverted = false;
};

ClockPin clock_pin(const Instance& instance, const FlipFlop& flip_flop) {
  const BooleanFunction& function = flip_flop.clocked_on;
  const bool inverted =
      function.steps().size() == 2 && function.steps()[1].operation == BooleanFunction::Operation::invert;
  if (!function.is_input() && !(inverted && function.inputs().size() == 1))
    throw InputError(DiagnosticCode::unsupported_operator, instance.where,
                     "cell " + instance.name + ": " + instance.cell->name + " is not clocked by one pin");
  for (std::size_t p = 0; p < instance.cell->pins.size(); ++p)
    if (instance.cell->pins[p].name == function.inputs().front()) return {instance.nets[p], inverted};
  throw InputError(
      DiagnosticCode::unsupported_operator, instance.cell->where,
      "cell " + instance.cell->name + " is clocked by " + function.inputs().front() + ", which is no pin of it");
}

struct Passed {
  bool passes = false, inverts = false;
  NetId from = kNoNet;
};

/// A cell of one input and this one output that copies or inverts.
Passed passed(const Instance& instance, std::uint32_t output) {
  const LibraryCell& cell = *instance.cell;
  const BooleanFunction& function = *cell.pins[output].function;
  if (!cell.flip_flops.empty() || function.inputs().size() != 1) return {};
  const std::vector<bool> table = function.truth_table();
  if (table[0] == table[1]) return {};
  for (std::size_t p = 0; p < cell.pins.size(); ++p)
    if (cell.pins[p].name == function.inputs().front()) return {true, table[0], instance.nets[p]};
  return {};
}

}  // namespace

void find_clock(Netlist& netlist) {
  netlist.clock_inverted.assign(netlist.nets.size(), 0);
  std::string first_user;
  for (const Instance& instance : netlist.cells) {
    for (const FlipFlop& flip_flop : instance.cell->flip_flops) {
      NetId net = clock_pin(instance, flip_flop).net;
      std::vector<NetId> path;
      std::vector<char> inverts;  // of the cell that drives path[i]
      for (;;) {
        if (net <= kOne)
          throw InputError(DiagnosticCode::bad_graph, instance.where,
                           "the clock of cell " + instance.name + " is a constant");
        path.push_back(net);
        if (netlist.nets[net].from_input_port) break;
        if (path.size() > netlist.nets.size())
          throw InputError(DiagnosticCode::bad_graph, instance.where,
                           "the clock of cell " + instance.name + " runs in a loop");
        const PinRef driver = *netlist.nets[net].driver;
        Instance& source = netlist.cells[driver.cell];
        const Passed way = passed(source, driver.pin);
        if (!way.passes)
          throw InputError(DiagnosticCode::unsupported_operator, instance.where,
                           "the clock of cell " + instance.name + " comes from cell " + source.name + " (" +
                               source.cell->name + "): gated and divided clocks cannot be simulated");
        source.clock = true;
        inverts.push_back(way.inverts);
        net = way.from;
      }
      if (netlist.clock == kNoNet) {
        netlist.clock = net;
        first_user = instance.name;
      } else if (netlist.clock != net) {
        throw InputError(DiagnosticCode::bad_graph, instance.where,
                         "there are several clocks: " + netlist.nets[netlist.clock].name + " at cell " + first_user +
                             ", " + netlist.nets[net].name + " at cell " + instance.name);
      }
      bool inverted = false;
      for (std::size_t i = path.size(); i-- > 0;) {
        netlist.nets[path[i]].clock = true;
        if (i < inverts.size()) inverted = inverted != (inverts[i] != 0);
        netlist.clock_inverted[path[i]] = inverted;
      }
    }
  }
}

bool clocked_by_rising_edge(const Netlist& netlist, const Instance& instance, const FlipFlop& flip_flop) {
  const ClockPin pin = clock_pin(instance, flip_flop);
  return pin.inverted == (netlist.clock_inverted[pin.net] != 0);
}

}  // namespace szilard::gate_level
