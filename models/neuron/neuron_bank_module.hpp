// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <systemc>
#include <vector>

#include "models/energy/energy_port.hpp"
#include "models/neuron/neuron_bank.hpp"

namespace szilard::neuron {

/// SystemC shell of a NeuronBank. Law of time of sample s, in integer picoseconds:
///   start = max(ready of s at the input, free),   ready = start + decision_ps,
///   every_cycle: the resets begin at ready + hold_ps (the next stage has read by then), free = ready + hold_ps +
///   reset_ps; uncompute: likewise (hold_ps lasts till the later stages are undone), with decision_ps instead of
///   reset_ps; on_change: changes in both directions happen at ready, free = ready + hold_ps.
/// cycle_end of s is the later of the input's and `free`.
///
/// In a block of one sample every set and reset is an sc_event of its neuron, notified at its own time; the neuron's
/// energy is booked in a method that the event triggers, and the output is written after all sets. Larger blocks carry
/// time stamps only and are written when their last sample is ready. Books, outputs and time stamps are the same.
/// Resets end after the output was written: let the simulation run until nothing is left to do (sc_start() without a
/// time) before reading the books.
class NeuronBankModule : public sc_core::sc_module {
 public:
  sc_core::sc_fifo_in<support::SignalBlock> in;
  sc_core::sc_fifo_out<support::SignalBlock> out;
  sc_core::sc_port<energy::EnergyPort> energy;

  /// Accounts are opened as `component` ("rram/fc1/neurons") at the end of elaboration. hold_ps >= 0.
  NeuronBankModule(sc_core::sc_module_name name, std::unique_ptr<NeuronBank> bank, std::int64_t hold_ps,
                   std::string component);

  const NeuronBank& bank() const { return *bank_; }
  /// Events of a neuron, for a user's own processes and for waves; they fire at one sample a block.
  const sc_core::sc_event& set_event(std::size_t neuron) const { return set_events_.at(neuron); }
  const sc_core::sc_event& reset_event(std::size_t neuron) const { return reset_events_.at(neuron); }

 private:
  void end_of_elaboration() override;
  void accept();
  void deliver();
  void finish();
  void on_set(std::size_t neuron);
  void on_reset(std::size_t neuron);

  void spawn_neuron_methods();
  void stamp(const support::SignalBlock& input, support::SignalBlock& output);
  void start_events(const support::SignalBlock& input);
  void notify_resets();
  energy::EnergySink& sink() { return *energy.operator->(); }

  std::unique_ptr<NeuronBank> bank_;
  std::int64_t hold_ps_;
  std::string component_;
  std::vector<sc_core::sc_event> set_events_, reset_events_;
  sc_core::sc_event deliver_event_, finish_event_, free_event_;

  std::int64_t free_at_ps_ = 0;
  support::SignalBlock pending_;
  std::int64_t deliver_at_ps_ = 0;
  bool has_pending_ = false;  ///< an output waits to be written
  bool in_cycle_ = false;     ///< a single sample's events are under way
  const Decision* decision_ = nullptr;
  std::size_t sets_left_ = 0, resets_left_ = 0;
  bool spawned_ = false;
};

}  // namespace szilard::neuron
