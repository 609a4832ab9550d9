// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <systemc>

#include "models/energy/energy_port.hpp"
#include "models/support/signal_block.hpp"

namespace szilard::linear {

/// What SystemC shells that turn blocks into blocks have in common: takes a block from `in` when one is there and `out`
/// has room, works on all of its samples in one activation, and writes the result at the simulated time at which its
/// last sample is ready. SC_METHOD only.
class BlockStageModule : public sc_core::sc_module {
 public:
  sc_core::sc_fifo_in<support::SignalBlock> in;
  sc_core::sc_fifo_out<support::SignalBlock> out;
  sc_core::sc_port<energy::EnergyPort> energy;

 protected:
  explicit BlockStageModule(sc_core::sc_module_name name);

  /// The result with its time stamps; nothing where the block alone does not yet make one.
  virtual std::optional<support::SignalBlock> process(const support::SignalBlock& block) = 0;
  /// When the last sample of the result of process() is ready, ps.
  virtual std::int64_t ready_at_ps() const = 0;
  energy::EnergyPort& sink() { return *energy.operator->(); }

 private:
  void before_end_of_elaboration() override;
  void step();

  std::optional<support::SignalBlock> pending_;
};

}  // namespace szilard::linear
