// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

#include "rtl/gate_level/netlist.hpp"
#include "rtl/gate_level/stimulus.hpp"

namespace szilard::gate_level {

/// Value change dumps (IEEE 1364-2005, clause 18), read as a stream.

struct VcdVariable {
  std::string scope;  ///< "tb.dut"
  std::string name;   ///< without its range
  unsigned width = 1;
  int low = 0;  ///< index of its lowest bit
  bool indexed = false, real = false;
  std::uint32_t signal = 0;  ///< variables of one identifier code share it
  support::SourceLocation where;
};

/// What to take from a dump: the clock and the bits wanted, each a variable and a bit of it counted from the lowest.
struct VcdSelection {
  std::size_t clock = 0;
  std::vector<std::pair<std::size_t, unsigned>> bits;
  bool falling = false;  ///< whether to note them before falling edges too
};

/// Samples bits at each change of the clock from 0 to 1, with what they were at the end of the time step before. z
/// counts as unknown; of std_logic's values L is 0, H is 1, the others are unknown. Texts (s) and reals pass by. Throws support::InputError with line and column.
SampledWaves sample_vcd(std::istream& in, const std::string& file,
                        const std::function<VcdSelection(const std::vector<VcdVariable>&)>& select);

/// The waves of a netlist's data inputs, in the order of `inputs`. The scope is the one that has all input ports of the
/// netlist, `scope` if given; of several the one with most ports, the deepest. Without a clock in the netlist, `clock`
/// names an input port. Throws support::InputError where the dump does not fit the netlist.
SampledWaves read_vcd_inputs(const std::string& path, const Netlist& netlist, const std::vector<NetId>& inputs,
                             const std::string& scope = {}, const std::string& clock = {});

}  // namespace szilard::gate_level
