// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <systemc>

#include "models/linear/block_stage_module.hpp"
#include "models/linear/linear_stage.hpp"

namespace szilard::linear {

/// SystemC shell of any LinearStage. Sample s starts at max(ready of s at the input, end of s - 1 here) and ends
/// duration_ps() later; time stamps of each sample go with the block, so results do not depend on how many samples a
/// block holds.
class LinearStageModule : public BlockStageModule {
 public:
  /// Accounts are opened below `component` at the end of elaboration.
  LinearStageModule(sc_core::sc_module_name name, std::unique_ptr<LinearStage> stage, std::string component);

  const LinearStage& stage() const { return *stage_; }

 private:
  void end_of_elaboration() override;
  std::optional<support::SignalBlock> process(const support::SignalBlock& x) override;
  std::int64_t ready_at_ps() const override { return free_at_ps_; }

  std::unique_ptr<LinearStage> stage_;
  std::string component_;
  std::int64_t free_at_ps_ = 0;
};

}  // namespace szilard::linear
