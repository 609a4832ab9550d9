// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/energy/quanta.hpp"
#include "rtl/gate_level/buffer_tree.hpp"
#include "rtl/gate_level/netlist.hpp"
#include "rtl/gate_level/schedule.hpp"
#include "rtl/gate_level/simulator.hpp"

namespace szilard::gate_level {

/// Energy of a mapped netlist from its activity and its cell library, by the non-linear power model of Liberty files.
///
///     switching  1/2 C V^2 a toggle of a net, C the larger of the summed rise and fall capacitances of the pins it
///                drives
///     wire       1/2 C_w V^2 a toggle, C_w an estimate: the library's wire_load or one the user states; else 0
///     internal   E(slew, load) of the tables of internal_power: the load's CV^2 is not in them
///     clock      C V^2 a cycle for the clock net, internal energy of clock pins and clock buffers, and of a clock tree
///                where one is modelled
///     leakage    cell_leakage_power, or leakage_power of the state that the cell is in, times the period
///
/// Slews run from the inputs (ports: `input_slew_s`, clock: `clock_slew_s`) through rise_transition and
/// fall_transition, the worst over all arcs for each edge. The internal energy of a toggle of an output is the mean of
/// rise and fall, averaged over the related pins with weights (toggles of the pin) x (probability that the output
/// depends on it, inputs taken as independent); an input pin's own groups count with mean x toggles; `when` weighs with
/// its probability. Groups of several supplies are added. This is the rule of OpenSTA 3.1. That of OpenSTA 2.0.17, the
/// one in Debian 12, adds rise and fall and so counts an inverter twice, an AOI22 four times (opensta_rule.hpp); it
/// serves for comparison only.
///
/// Left out: glitches (see Simulator), energy between clock-high states, temperature, derating of slews, wires'
/// resistance.
/// Leakage is that of the state just before the rising edge.

enum class AveragingRule { mean, opensta_2_0_17 };

/// What the library does not say. A clock tree of `clock_buffer` cells with at most `clock_fanout` loads each stands
/// between the clock port and the clock pins where clock_fanout > 0, and a tree of `net_buffer` cells behind every
/// other net that has more than net_fanout loads where that is > 0 (buffer_tree.hpp): unbuffered, such nets' edges
/// would leave the tables.
struct Conditions {
  double period_s = 10e-9;
  double input_slew_s = 0, clock_slew_s = 0;
  double output_load_f = 0;               ///< at every output port
  std::optional<double> wire_f_per_load;  ///< instead of the library's default wire_load
  std::string wire_load;                  ///< name of another wire_load group
  AveragingRule rule = AveragingRule::mean;
  unsigned clock_fanout = 0;
  std::string clock_buffer;
  unsigned net_fanout = 0;
  std::string net_buffer;
};

/// By net: what loads it and how fast its edges are.
struct NetCondition {
  std::array<double, 2> pin_f{};  ///< by edge, without wires
  double wire_f = 0;
  std::array<double, 2> slew_s{};             ///< by edge, at the pins
  std::shared_ptr<const BufferTree> buffers;  ///< between driver and pins, or none
  double buffers_j = 0;                       ///< inside them, a toggle
  /// What the driver sees.
  double load_f(std::size_t edge) const { return buffers ? buffers->tops_f() : pin_f[edge] + wire_f; }
  double load_f() const { return std::max(load_f(0), load_f(1)); }
  /// Of all pins that a toggle charges, wires left out.
  double charged_f() const { return std::max(pin_f[0], pin_f[1]) + (buffers ? buffers->inputs_f() : 0); }
};

/// Energies in quanta of EnergyBooks::quantum_j.
struct EnergyParts {
  energy::Quanta switching, internal, clock, leakage, wire;
  energy::Quanta total() const { return switching + internal + clock + leakage + wire; }
  EnergyParts& operator+=(const EnergyParts& other);
};

struct EnergyBooks {
  double quantum_j = 0;  ///< a power of two, so that every figure below is a sum of integers
  EventEnergy events;
  std::vector<std::int64_t> internal_by_toggle, wire_by_toggle;  ///< parts of events.by_toggle; the rest is switching
  std::int64_t every_cycle = 0;                                  ///< clock and the leakage that no state changes
  std::int64_t leakage_every_cycle = 0, clock_every_cycle = 0;   ///< its parts; the rest is wires
  std::vector<EnergyParts> by_cell;
  EnergyParts ports;  ///< nets that input ports drive, the clock net, the modelled clock tree
  EnergyParts total;
  energy::Quanta clock_tree;   ///< share of total.clock
  energy::Quanta net_buffers;  ///< of the modelled ones behind nets: share of total.switching and total.internal
  double joules(energy::Quanta quanta) const { return static_cast<double>(quanta.count) * quantum_j; }
};

class EnergyEvaluator {
 public:
  /// Throws support::InputError where conditions or library do not fit.
  EnergyEvaluator(const Netlist& netlist, const Conditions& conditions);

  const std::vector<NetCondition>& nets() const { return nets_; }
  /// What the simulator must watch beside the nets: the states of state-dependent leakage.
  const std::vector<Probe>& probes() const { return probes_; }
  std::size_t clock_buffers() const;  ///< modelled ones
  std::size_t net_buffers() const;
  std::string wire_estimate() const;  ///< in words: where the wires' capacitance comes from

  /// `activity` must be of a simulator with probes(). Its tallies decide the weights of internal_power, so one activity
  /// gives one set of event energies; another run with these, cycle by cycle, sums to the same total.
  EnergyBooks evaluate(const Activity& activity) const;

 private:
  struct LeakageState {
    std::uint32_t cell = 0;
    double watt = 0;  ///< beyond the cell's base
  };
  void load_nets();
  std::optional<BufferTree> clock_tree() const;
  void watch_leakage();
  double probability(const Instance& instance, const BooleanFunction& function, const Activity& activity) const;
  double output_energy_j(const Instance& instance, std::size_t pin, const Activity& activity) const;
  double input_energy_j(const Instance& instance, std::size_t pin, const Activity& activity) const;
  std::optional<double> operand_weight(const Instance& instance, const LibraryPin& output, const std::string& pin,
                                       const Activity& activity) const;
  double density(NetId net, const Activity& activity) const;

  const Netlist& netlist_;
  Conditions conditions_;
  std::vector<NetCondition> nets_;
  std::vector<Probe> probes_;
  std::vector<LeakageState> leakage_states_;
  std::vector<double> base_leakage_w_;  ///< by cell
  double buffers_leakage_w_ = 0;        ///< of the nets' modelled ones
};

}  // namespace szilard::gate_level
