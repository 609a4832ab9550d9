// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "rtl/gate_level/energy_books.hpp"
#include "rtl/gate_level/simulator.hpp"
#include "rtl/gate_meter.hpp"

namespace szilard::rtl {

/// Two sums in one word: energy inside cells above, that of charging nets below, in quanta that keep a cycle within 32
/// bits.
struct PackedEvents {
  gate_level::EventEnergy events;
  double quantum_j = 0;
  double clock_j = 0, leakage_j = 0, wire_every_cycle_j = 0;  ///< a cycle
  double wire_share = 0;                                      ///< of what charges nets

  PackedEvents() = default;
  PackedEvents(const gate_level::EnergyBooks& books, const gate_level::Activity& activity);
  /// A cycle of this sum.
  void add(GateEnergy& to, std::int64_t packed) const;
};

}  // namespace szilard::rtl
