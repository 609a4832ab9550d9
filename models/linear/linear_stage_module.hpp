// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <systemc>

#include "models/energy/energy_port.hpp"
#include "models/linear/linear_stage.hpp"

namespace szilard::linear {

/// SystemC shell of any LinearStage. Takes a block from `in` when one is there and `out` has room, works on all of its
/// samples in one activation, and writes the block that results at the simulated time at which its last sample is
/// ready. Sample s starts at max(ready of s at the input, end of s - 1 here) and ends duration_ps() later; time stamps
/// of each sample go with the block, so results do not depend on how many samples a block holds.
class LinearStageModule : public sc_core::sc_module {
 public:
  sc_core::sc_fifo_in<support::SignalBlock> in;
  sc_core::sc_fifo_out<support::SignalBlock> out;
  sc_core::sc_port<energy::EnergyPort> energy;

  /// Accounts are opened below `component` at the end of elaboration.
  LinearStageModule(sc_core::sc_module_name name, std::unique_ptr<LinearStage> stage, std::string component);

  const LinearStage& stage() const { return *stage_; }

 private:
  void end_of_elaboration() override;
  void step();

  std::unique_ptr<LinearStage> stage_;
  std::string component_;
  std::int64_t free_at_ps_ = 0;
  support::SignalBlock pending_;
  bool has_pending_ = false;
};

}  // namespace szilard::linear
