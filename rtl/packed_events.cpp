// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/packed_events.hpp"

#include <algorithm>
#include <cmath>

namespace szilard::rtl {

PackedEvents::PackedEvents(const gate_level::EnergyBooks& books, const gate_level::Activity& activity) {
  double charging = 0, internal = 0;
  for (std::size_t n = 0; n < books.events.by_toggle.size(); ++n) {
    charging += static_cast<double>(books.events.by_toggle[n] - books.internal_by_toggle[n]);
    internal += std::abs(static_cast<double>(books.internal_by_toggle[n]));
  }
  const double most = std::max(charging, 2 * internal);
  const double nets = static_cast<double>(books.events.by_toggle.size());
  const double scale = std::max(1.0, most / (4.2e9 - nets));
  quantum_j = books.quantum_j * scale;
  for (std::size_t n = 0; n < books.events.by_toggle.size(); ++n) {
    const auto low = static_cast<std::int64_t>(
        std::llround(static_cast<double>(books.events.by_toggle[n] - books.internal_by_toggle[n]) / scale));
    const auto high = static_cast<std::int64_t>(std::llround(static_cast<double>(books.internal_by_toggle[n]) / scale));
    events.by_toggle.push_back(high * (std::int64_t{1} << 32) + low);
  }
  events.by_probe.assign(books.events.by_probe.size(), 0);
  double states = 0;
  for (std::size_t p = 0; p < books.events.by_probe.size(); ++p)
    states += static_cast<double>(books.events.by_probe[p]) * static_cast<double>(activity.probe_ones[p]);
  const double cycles = static_cast<double>(std::max<std::uint64_t>(activity.cycles, 1));
  clock_j = static_cast<double>(books.clock_every_cycle) * books.quantum_j;
  leakage_j = (static_cast<double>(books.leakage_every_cycle) + states / cycles) * books.quantum_j;
  wire_every_cycle_j =
      static_cast<double>(books.every_cycle - books.clock_every_cycle - books.leakage_every_cycle) * books.quantum_j;
  double wire = 0, all = 0;
  for (std::size_t n = 0; n < books.wire_by_toggle.size(); ++n) {
    const auto toggles = static_cast<double>(activity.toggles[n]);
    wire += static_cast<double>(books.wire_by_toggle[n]) * toggles;
    all += static_cast<double>(books.events.by_toggle[n] - books.internal_by_toggle[n]) * toggles;
  }
  wire_share = all > 0 ? wire / all : 0;
}

void PackedEvents::add(GateEnergy& to, std::int64_t packed) const {
  const std::int64_t low = packed & 0xffffffff;
  const double charging_j = static_cast<double>(low) * quantum_j;
  ++to.cycles;
  to.switching_j += charging_j * (1 - wire_share);
  to.wire_j += charging_j * wire_share + wire_every_cycle_j;
  to.internal_j += static_cast<double>((packed - low) >> 32) * quantum_j;
  to.clock_j += clock_j;
  to.leakage_j += leakage_j;
}

}  // namespace szilard::rtl
