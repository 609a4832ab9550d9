// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/gate_level/slews.hpp"

#include <algorithm>

namespace szilard::gate_level {
namespace {

using support::DiagnosticCode;
using support::InputError;

struct Arc {
  const TimingArc* arc = nullptr;
  NetId from = kNoNet;
};

std::vector<Arc> arcs_to(const Instance& instance, const LibraryPin& output) {
  std::vector<Arc> arcs;
  for (const TimingArc& arc : output.timing) {
    if (arc.kind == TimingArc::Kind::other) continue;
    for (const std::string& name : arc.related_pins) {
      for (std::size_t p = 0; p < instance.nets.size(); ++p)
        if (instance.cell->pins[p].name == name && instance.nets[p] != kNoNet && instance.nets[p] > kOne)
          arcs.push_back({&arc, instance.nets[p]});
    }
  }
  return arcs;
}

void drive(const Arc& way, NetCondition& to, const NetCondition& from) {
  for (std::size_t edge = 0; edge < 2; ++edge) {
    const LookupTable& table = way.arc->transition_s[edge];
    if (table.empty()) continue;
    for (std::size_t in = 0; in < 2; ++in) {
      bool possible = true;
      switch (way.arc->kind) {
        case TimingArc::Kind::rising_edge:
          possible = in == 0;
          break;
        case TimingArc::Kind::falling_edge:
          possible = in == 1;
          break;
        default:
          possible = way.arc->sense == TimingArc::Sense::both ||
                     (way.arc->sense == TimingArc::Sense::positive) == (in == edge);
      }
      if (possible) to.slew_s[edge] = std::max(to.slew_s[edge], table.at(from.slew_s[in], to.load_f(edge)));
    }
  }
}

}  // namespace

void propagate_slews(const Netlist& netlist, const Conditions& conditions, std::vector<NetCondition>& nets) {
  std::vector<std::uint32_t> waiting(nets.size(), 0);
  std::vector<std::vector<Arc>> arcs(nets.size());
  std::vector<std::vector<NetId>> readers(nets.size());
  std::vector<NetId> ready;
  for (NetId n = 2; n < nets.size(); ++n) {
    if (netlist.nets[n].driver) {
      const PinRef driver = *netlist.nets[n].driver;
      const Instance& instance = netlist.cells[driver.cell];
      arcs[n] = arcs_to(instance, instance.cell->pins[driver.pin]);
      for (const Arc& arc : arcs[n]) {
        readers[arc.from].push_back(n);
        ++waiting[n];
      }
    } else {
      const double slew = n == netlist.clock ? conditions.clock_slew_s : conditions.input_slew_s;
      nets[n].slew_s = {slew, slew};
    }
    if (waiting[n] == 0) ready.push_back(n);
  }
  std::size_t done = 0;
  while (!ready.empty()) {
    const NetId n = ready.back();
    ready.pop_back();
    ++done;
    for (const Arc& arc : arcs[n]) drive(arc, nets[n], nets[arc.from]);
    if (nets[n].buffers) nets[n].slew_s = nets[n].buffers->pass(nets[n].slew_s, nets[n].buffers_j);
    for (NetId reader : readers[n])
      if (--waiting[reader] == 0) ready.push_back(reader);
  }
  if (done + 2 == nets.size()) return;
  for (NetId n = 2; n < nets.size(); ++n)
    if (waiting[n] > 0)
      throw InputError(
          DiagnosticCode::bad_graph, netlist.cells[netlist.nets[n].driver->cell].where,
          "the timing arcs of cell " + netlist.cells[netlist.nets[n].driver->cell].name + " run in a loop");
}

}  // namespace szilard::gate_level
