// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rtl/signal_view.hpp"

namespace szilard::rtl {

/// What the logic of a baseline is mapped to, and how much of a run is simulated with it.
struct GateLevelSettings {
  std::string library;  ///< Liberty file; empty: no gate level
  std::string netlist;  ///< as script/map_netlist writes it
  std::string rtl;      ///< rtl_fingerprint() of the RTL in the run, which a netlist that has one must bear; or empty
  double period_s = 1e-9;
  std::optional<double> wire_f_per_load;  ///< instead of the library's default wire_load
  std::optional<double> sampled_share;    ///< of the batches; none: all
  std::uint64_t seed = 1;                 ///< decides which batches
  unsigned clock_fanout = 0,
           net_fanout = 0;  ///< most loads of a modelled buffer (gate_level/energy_books.hpp); 0: none
  std::string clock_buffer, net_buffer;
};

/// Energy of the logic in one layer for one sample.
struct GateEnergy {
  std::uint64_t cycles = 0;
  double switching_j = 0, internal_j = 0, wire_j = 0, clock_j = 0, leakage_j = 0;
  double total_j() const { return switching_j + internal_j + wire_j + clock_j + leakage_j; }
  GateEnergy& operator+=(const GateEnergy& other);
};

/// Joules of a baseline's logic from its gates, clock cycle by clock cycle, in step with the verilated RTL.
///
/// Every clock the meter notes what the netlist's inputs are in RTL. A run is cut into windows; in the clock before
/// each the values of all registers are taken from RTL by name and start one of 64 lanes of the gate-level simulator
/// (gate_level/simulator.hpp), so that a run is simulated 64 windows at a time and joined without a seam. Held against
/// RTL are every output of the top in every clock, and all registers at the end of every window.
///
/// Law: EnergyBooks (gate_level/energy_books.hpp): zero delay, ideal clock. The weights with which internal_power
/// averages over related pins are those of the first windows simulated; weights_difference() tells what those of the
/// whole run would have changed. Where wires have a capacitance, switching is split between pins and wires in the ratio
/// of the first windows, and state-dependent leakage is its mean there.
///
/// With a sampled share, whole batches are simulated or not, chosen at random; the others take, layer by layer, the
/// mean energy of a cycle, and so does the first cycle of each stretch that is simulated, which has nothing before it
/// to toggle from. interval_j() is the half-width of the 95 % interval of the run's total (sampling.hpp).
class GateMeter final : public ClockMeter {
 public:
  using SignalLookup = std::function<std::optional<SignalView>(const std::string& name)>;

  /// Throws support::InputError where library or netlist cannot be used, and where the netlist is not the model's: of
  /// other sources (unsupported_version), or with an input or a register that RTL does not have by name.
  GateMeter(const GateLevelSettings& settings, std::size_t layers, std::size_t batches, const SignalLookup& lookup);
  ~GateMeter() override;

  void begin_batch(std::size_t samples, std::uint64_t cycles_expected);
  void begin_layer(std::size_t layer);
  void sample(std::uint32_t owner) override;
  void end_batch();
  /// Keeps the energy of every clock, in order; before the first batch.
  void keep_clocks();
  /// Complete after finish(); sums to energies(). Empty unless kept.
  const std::vector<double>& clock_energies_j() const;

  /// [batch][sample][layer], complete after finish().
  const std::vector<std::vector<std::vector<GateEnergy>>>& energies() const;
  /// Ends the run: fills in what was not simulated. Throws std::invalid_argument where too little was for an interval.
  void finish();

  std::size_t cells() const;
  std::size_t registers() const;
  std::size_t clock_buffers() const, net_buffers() const;  ///< modelled ones
  double clock_tree_j_per_cycle() const;                   ///< share of the clock's energy
  std::uint64_t cycles_simulated() const;
  std::uint64_t windows_joined() const;
  double interval_j() const;          ///< 0 where all was simulated
  double weights_difference() const;  ///< relative, of the simulated cycles' total
  /// Bits forgotten a clock cycle by each combinational cell by itself, and by each register (gate_level/landauer.hpp),
  /// from the first windows; none where a cell is too wide.
  std::optional<double> gate_bits_per_cycle() const;
  /// What glitches would add a clock cycle, an estimate from the same windows (gate_level/glitches.hpp); in no total.
  double glitch_estimate_j_per_cycle() const;
  std::optional<double> register_bits_per_cycle() const;
  const std::string& wire_estimate() const;
  /// For the ledger: "41,431 cells of osu018_stdcells, 1.8 V; wires: ...".
  std::string netlist_note() const;
  /// What did not agree with RTL, a sentence; empty if all did.
  const std::string& disagreement() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// File of the netlist of a baseline in a library: in the folder named by SZILARD_NETLISTS, else the build's. Throws
/// support::InputError (file_not_found) with the command that makes it.
std::string netlist_file(const std::string& baseline, int rows, int columns, const std::string& library);

}  // namespace szilard::rtl
