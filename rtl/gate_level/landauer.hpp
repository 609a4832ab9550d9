// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rtl/gate_level/netlist.hpp"
#include "rtl/gate_level/simulator.hpp"

namespace szilard::gate_level {

/// What a netlist forgets while it computes, in bits over all samples of a trace; times kT ln2 it is Landauer's cost of
/// that convention (R. Landauer, IBM J. Res. Dev. 5, 183 (1961), DOI 10.1147/rd.53.0183). Three conventions, none of
/// which follows from another and none of which is a bound on the function that is computed: a reversible netlist of it
/// would forget nothing.
///
///     gate      sum over combinational cells of H(in | out) = H(in) - H(out), from the joint frequencies of a cell's
///               inputs in the samples; each cell erases what its own outputs do not tell of its own inputs
///     register  sum over flip-flops of samples x H2(toggles / samples): each clock edge replaces the bit, and what it
///               replaces is known as far as it was likely to stay
///     word      H(inputs) - H(outputs) of the netlist as one function of its input word
///
/// The gate convention counts one bit several times: a net that feeds m cells is forgotten in each of them though the
/// others still hold it, and correlations between cells are not seen; a cell of two outputs (an adder) forgets less
/// than the gates that it could be made of. Left out: glitches, and what the clock network and the cells' inner nodes
/// forget. H2 per flip-flop takes successive toggles as independent. Samples are the simulator's; unknown ones do not
/// count.
struct ErasedBits {
  std::uint64_t samples = 0;
  std::optional<double> gate;       ///< absent where a cell has more than LandauerEvaluator::kMostInputs inputs
  std::optional<double> register_;  ///< absent without flip-flops
  std::vector<double> by_cell;      ///< gate's or register's, whichever the cell is part of
  std::string gate_note;
};

class LandauerEvaluator {
 public:
  static constexpr std::size_t kMostInputs = 8;

  explicit LandauerEvaluator(const Netlist& netlist);
  /// What the simulator must watch: every combination of every combinational cell's inputs.
  const std::vector<Probe>& probes() const { return probes_; }
  /// `activity` must be of a simulator with probes(). With `sampled` the samples are independent draws from a larger
  /// whole, and entropies are corrected for their number (energy::entropy_bit).
  ErasedBits evaluate(const Activity& activity, bool sampled) const;

 private:
  struct Cell {
    std::uint32_t cell = 0;
    std::size_t first_probe = 0;
    std::vector<std::uint64_t> output_of;  ///< by combination of inputs
  };
  void watch(std::uint32_t cell);

  const Netlist& netlist_;
  std::vector<Probe> probes_;
  std::vector<Cell> cells_;
  std::vector<std::pair<std::uint32_t, NetId>> registers_;  ///< cell, net that shows the state
  std::string too_wide_;
};

/// H(in | out) of a cell whose inputs are independent and as often 0 as 1, all its outputs seen: 0 for an inverter, 1
/// for an exclusive or, 2 - H2(1/4) = 1.189 for a NAND of two. Absent for flip-flops and beyond
/// LandauerEvaluator::kMostInputs inputs.
std::optional<double> uniform_erased_bit(const LibraryCell& cell);

/// The word convention. Absent, with the reason, where it has no meaning or cannot be had: flip-flops (outputs depend
/// on more than the inputs), more than 20 data inputs or 40 outputs, or so few samples that the
/// correction of H(inputs) exceeds 0.25 bit, where what it leaves out reaches 0.01.
struct ErasedWord {
  std::optional<double> bits;  ///< over all samples
  std::string note;
};
ErasedWord erased_word(const Netlist& netlist, const Stimulus& stimulus, bool sampled);

}  // namespace szilard::gate_level
