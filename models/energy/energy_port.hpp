// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <systemc>

#include "models/energy/energy_sink.hpp"

namespace szilard::energy {

/// The energy port of every SystemC shell: sc_core::sc_port<EnergyPort>. Bind it to an EnergyChannel.
class EnergyPort : public virtual sc_core::sc_interface, public EnergySink {};

/// Hands everything on to a plain sink, usually a Ledger.
class EnergyChannel : public sc_core::sc_module, public EnergyPort {
 public:
  EnergyChannel(sc_core::sc_module_name name, EnergySink& sink) : sc_core::sc_module(name), sink_(sink) {}
  AccountId open(const AccountInfo& account) override { return sink_.open(account); }
  void post(AccountId account, std::uint64_t sample, Quanta amount, std::int64_t count) override {
    sink_.post(account, sample, amount, count);
  }

 private:
  EnergySink& sink_;
};

}  // namespace szilard::energy
