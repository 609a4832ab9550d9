// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/linear/linear_stage_module.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace szilard::linear {

LinearStageModule::LinearStageModule(sc_core::sc_module_name name, std::unique_ptr<LinearStage> stage,
                                     std::string component)
    : BlockStageModule(name), stage_(std::move(stage)), component_(std::move(component)) {
  if (stage_ == nullptr) throw std::logic_error("a linear stage module needs a stage");
  if (stage_->duration_ps() < 0) throw std::logic_error("linear stage " + component_ + ": negative duration");
}

void LinearStageModule::end_of_elaboration() { stage_->open_accounts(component_, sink()); }

std::optional<support::SignalBlock> LinearStageModule::process(const support::SignalBlock& x) {
  support::SignalBlock y = stage_->forward(x, sink());
  for (std::size_t s = 0; s < x.samples(); ++s)
    y.ready_ps()[s] = free_at_ps_ = std::max(x.ready_ps()[s], free_at_ps_) + stage_->duration_ps();
  return y;
}

}  // namespace szilard::linear
