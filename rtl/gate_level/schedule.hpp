// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "rtl/gate_level/netlist.hpp"

namespace szilard::gate_level {

/// The order in which a netlist is evaluated once a clock cycle. Every signal has a slot; gates of one function whose
/// inputs are ready are put into one group with neighbouring output slots, so that a group is one loop.
struct Schedule {
  struct Group {
    std::uint32_t function = 0;      ///< index into functions
    std::uint32_t first_output = 0;  ///< slot; the others follow
    std::uint32_t count = 0;
    std::size_t operands = 0;  ///< in operand_slots: `count` slots of input 0, then of input 1, ...
  };
  struct Register {
    std::uint32_t state = 0;  ///< slot read by gates
    std::uint32_t next = 0;   ///< slot that holds what the active edge takes
    bool rising = true;       ///< edge of the clock port
    std::uint32_t cell = 0;
  };
  std::vector<BooleanFunction> functions;
  std::vector<Group> groups;
  std::vector<std::uint32_t> operand_slots;
  std::vector<Register> registers;
  std::vector<std::uint32_t> slot_of_net;
  std::vector<std::uint32_t> slot_of_probe;
  std::uint32_t slots = 0;
  std::size_t gates = 0;

  bool has_falling_registers() const;
};

/// A condition on the pins of one cell that is to be watched beside the nets, e.g. the state that a leakage belongs to.
struct Probe {
  std::uint32_t cell = 0;
  BooleanFunction function;
};

/// Asynchronous clear and preset act between edges, on what the netlist shows just before the next one. Throws
/// support::InputError on combinational loops, naming the cells.
Schedule make_schedule(const Netlist& netlist, const std::vector<Probe>& probes = {});

}  // namespace szilard::gate_level
