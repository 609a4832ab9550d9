// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/gate_level/saif.hpp"

#include <cctype>
#include <cmath>

namespace szilard::gate_level {
namespace {

std::string escaped(const std::string& name) {
  std::string out;
  for (char c : name) {
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::string saif_text(const Netlist& netlist, const Activity& activity, double period_s, const std::string& version) {
  const double picoseconds = period_s * 1e12;
  const bool whole = picoseconds >= 1 && std::abs(picoseconds - std::round(picoseconds)) < 1e-9 * picoseconds;
  const auto period = static_cast<std::uint64_t>(std::llround(whole ? picoseconds : picoseconds * 1e3));
  std::string out = "(SAIFILE\n(SAIFVERSION \"2.0\")\n(DIRECTION \"backward\")\n(DESIGN \"" + netlist.module +
                    "\")\n(VENDOR \"szilard\")\n(PROGRAM_NAME \"szilard\")\n(VERSION \"" + version +
                    "\")\n(DIVIDER / )\n(TIMESCALE 1 " + (whole ? "ps" : "fs") + ")\n(DURATION " +
                    std::to_string(activity.cycles * period) + ")\n(INSTANCE " + escaped(netlist.module) + "\n(NET\n";
  for (NetId n = 2; n < netlist.nets.size(); ++n) {
    const Net& net = netlist.nets[n];
    std::uint64_t low = 0, high = 0, toggles = activity.toggles[n];
    if (net.clock) {
      high = activity.cycles * period / 2;
      low = activity.cycles * period - high;
      toggles = 2 * activity.cycles;
    } else {
      high = activity.ones[n] * period;
      low = (activity.cycles - activity.ones[n] - activity.unknowns[n]) * period;
    }
    const std::string figures = " (T0 " + std::to_string(low) + ") (T1 " + std::to_string(high) + ") (TX " +
                                std::to_string(activity.cycles * period - low - high) + ") (TC " +
                                std::to_string(toggles) + ") (IG 0))\n";
    out += "(" + escaped(net.name) + figures;
    for (const std::string& name : net.further_names) out += "(" + escaped(name) + figures;
  }
  return out + ")\n)\n)\n";
}

}  // namespace szilard::gate_level
