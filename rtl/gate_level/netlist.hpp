// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rtl/gate_level/liberty.hpp"

namespace szilard::gate_level {

/// A flat netlist of library cells, as yosys writes it with write_json after technology mapping.

using NetId = std::uint32_t;
inline constexpr NetId kZero = 0, kOne = 1;  ///< the constants; nets follow
inline constexpr NetId kNoNet = 0xffffffff;

struct PinRef {
  std::uint32_t cell = 0, pin = 0;  ///< index into Netlist::cells and into the cell's library pins
};

/// One bit of the netlist, counted once whatever its names.
struct Net {
  std::string name;                        ///< the first public one (NAME or NAME[INDEX]), else the first hidden one
  std::vector<std::string> further_names;  ///< the other public ones
  std::optional<PinRef> driver;            ///< absent: an input port, or nothing and nobody reads it
  std::vector<PinRef> loads;
  bool from_input_port = false, to_output_port = false;
  bool clock = false;  ///< carries the clock
};

struct Instance {
  std::string name;
  const LibraryCell* cell = nullptr;
  std::vector<NetId> nets;  ///< one a library pin, kNoNet where unconnected (outputs only)
  support::SourceLocation where;
  bool clock = false;  ///< a buffer or inverter of the clock network
};

struct Port {
  std::string name;
  bool input = true;
  std::vector<NetId> bits;
};

struct Netlist {
  std::string file, module;
  std::string rtl;  ///< fingerprint of the RTL that it was mapped from, as script/map_netlist writes it; or empty
  std::shared_ptr<const Library> library;
  std::vector<Net> nets;  ///< the first two are the constants
  std::vector<Instance> cells;
  std::vector<Port> ports;
  NetId clock = kNoNet;              ///< the input port's bit that clocks all flip-flops; kNoNet if there are none
  std::vector<char> clock_inverted;  ///< by net: a clock net that is high before the rising edge of the port

  const Port* find_port(const std::string& name) const;
  std::size_t flip_flops() const;
  NetId find_net(const std::string& name) const;  ///< by any public name; kNoNet if there is none
};

/// Reads module `top` (empty: the one marked as top, else the only one that is not a library cell). Everything else
/// than supported cells of the library is refused: unknown cells, latches and three-state cells by name, undriven nets,
/// several drivers, combinational loops, gated clocks, several clocks. A connection to 'x' is the synthesiser's
/// don't-care and taken as 0. Throws support::InputError with line and column.
Netlist parse_netlist(const SourceText& source, std::shared_ptr<const Library> library, const std::string& top = {});
Netlist read_netlist(const std::string& path, std::shared_ptr<const Library> library, const std::string& top = {});

}  // namespace szilard::gate_level
