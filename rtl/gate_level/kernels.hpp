// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "rtl/gate_level/boolean_function.hpp"

namespace szilard::gate_level {

/// Loops of the simulator for one instruction set. A word holds 64 lanes.

/// One group of gates: operands[i * count + k] is the slot of gate k's input i, out[k] its output.
using GateKernel = void (*)(const std::uint32_t* operands, std::size_t count, const std::uint64_t* values,
                            std::uint64_t* out);

struct GateKernelEntry {
  std::uint32_t inputs;
  std::uint64_t truth;  ///< bit b: the output for input 0 = bit 0 of b, input 1 = bit 1, ...
  GateKernel run;
};

struct ProgramRun {
  const BooleanFunction::Step* steps;
  std::size_t step_count;
  const std::uint32_t* operands;
  std::size_t count;
};

/// What a net's lanes are compared with: in one stream the lane before (a lane is a clock cycle), else the same lane of
/// the clock cycle before.
struct CountRun {
  const std::uint64_t *values, *unknown;   ///< unknown may be null: all are known
  std::uint64_t *before, *before_unknown;  ///< by slot; the last lane of the block before (bit 0), or the words before
  std::size_t slots;
  bool stream;
  std::uint64_t valid;                             ///< lanes that are samples
  std::uint64_t pairs;                             ///< lanes that have a sample before them
  unsigned last_lane;                              ///< of a stream
  std::uint64_t *toggles, *ones, *unknowns;        ///< counters by slot
  const std::int64_t *toggle_energy, *one_energy;  ///< by slot in quanta, or null
  std::int64_t* lane_energy;                       ///< 64 sums
};

struct Kernels {
  const GateKernelEntry* gates;
  std::size_t gate_count;
  void (*program)(const ProgramRun&, const std::uint64_t* values, std::uint64_t* out);
  /// Operator by operator on known and unknown values.
  void (*program_unknown)(const ProgramRun&, const std::uint64_t* values, const std::uint64_t* unknown,
                          std::uint64_t* out, std::uint64_t* out_unknown);
  void (*count)(const CountRun&);
};

Kernels kernels_v2();
Kernels kernels_v3();
Kernels kernels_v4();
/// Those of support::instruction_set().
const Kernels& kernels();

}  // namespace szilard::gate_level
