// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// The Liberty reader on any bytes: a library whose tables can be looked up, or InputError.
#include <cstdint>
#include <string>

#include "rtl/gate_level/liberty.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace szilard;
  try {
    const gate_level::Library library =
        gate_level::parse_liberty({"fuzz.lib", std::string(reinterpret_cast<const char*>(data), size)});
    for (const gate_level::LibraryCell& cell : library.cells) {
      for (const gate_level::LibraryPin& pin : cell.pins) {
        if (pin.function) pin.function->truth_table();
        for (const gate_level::InternalPower& power : pin.internal_power)
          for (const gate_level::LookupTable& table : power.energy_j) table.at(1e-10, 1e-13);
      }
    }
    for (const gate_level::WireLoad& wires : library.wire_loads) wires.capacitance_f(3);
  } catch (const support::InputError&) {
  }
  return 0;
}
