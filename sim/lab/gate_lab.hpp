// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rtl/gate_level/energy_books.hpp"
#include "rtl/gate_level/landauer.hpp"
#include "rtl/gate_level/netlist.hpp"
#include "rtl/gate_level/simulator.hpp"

namespace szilard::lab {

/// One mapped netlist on the bench: its toggles and the energy of each clock cycle, from a cell library.
struct GateRequest {
  std::string netlist, library, top;
  std::string vcd, scope, clock;       ///< stimulus from a dump
  std::optional<std::int64_t> random;  ///< or so many cycles of random inputs, all registers 0 at first
  std::uint64_t seed = 1;
  std::vector<std::string> held;  ///< "reset=0": inputs that do not take part in --random
  std::string period = "10 ns", input_slew = "0 s", clock_slew = "0 s", output_load = "0 F", wire_per_load, wire_load;
  std::string clock_tree;              ///< "16:CLKBUF1": loads of each buffer, and the buffer
  std::string internal_rule = "mean";  ///< mean or opensta-2.0.17 (gate_level::AveragingRule)
};

struct GateResult {
  std::shared_ptr<const gate_level::Library> library;
  gate_level::Netlist netlist;
  gate_level::Conditions conditions;
  gate_level::Activity activity;
  gate_level::EnergyBooks books;
  std::vector<std::int64_t> quanta_by_cycle;  ///< of books.quantum_j; they sum to books.total
  gate_level::ErasedBits erased;
  gate_level::ErasedWord erased_word;
  std::string wire_estimate;
  double temperature_k = 0;  ///< the library's, for kT ln2
  std::uint64_t toggles_total = 0, clock_toggles = 0;
};

/// Throws support::InputError, naming options or places in files.
GateResult run_gate(const GateRequest& request);
std::string gate_json(const GateResult& result);
void print_gate(std::ostream& out, const GateResult& result);

}  // namespace szilard::lab
