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

/// SystemC shell of a NeuronBank. A sample's outputs are valid decision_ps after its inputs; the bank holds them for
/// `hold_ps` (the next stage reads them), then resets, and takes the next sample reset_ps later. With one sample a block every set
/// and every reset is an sc_event of its neuron, notified at its own time; larger blocks carry time stamps only. The books are the same.
class NeuronBankModule : public sc_core::sc_module {
 public:
  sc_core::sc_fifo_in<support::SignalBlock> in;
  sc_core::sc_fifo_out<support::SignalBlock> out;
  sc_core::sc_port<energy::EnergyPort> energy;

  NeuronBankModule(sc_core::sc_module_name name, std::unique_ptr<NeuronBank> bank, std::int64_t hold_ps,
                   std::string component);

  const NeuronBank& bank() const { return *bank_; }
  /// Events of a neuron, for a user's own processes and for waves; they fire at one sample a block.
  const sc_core::sc_event& set_event(std::size_t neuron) const;
  const sc_core::sc_event& reset_event(std::size_t neuron) const;

 private:
  std::unique_ptr<NeuronBank> bank_;
  std::int64_t hold_ps_;
  std::string component_;
};

}  // namespace szilard::neuron
