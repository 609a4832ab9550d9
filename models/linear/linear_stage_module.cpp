// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/linear/linear_stage_module.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace szilard::linear {

LinearStageModule::LinearStageModule(sc_core::sc_module_name name, std::unique_ptr<LinearStage> stage,
                                     std::string component)
    : sc_core::sc_module(name),
      in("in"),
      out("out"),
      energy("energy"),
      stage_(std::move(stage)),
      component_(std::move(component)) {
  if (stage_ == nullptr) throw std::logic_error("a linear stage module needs a stage");
  if (stage_->duration_ps() < 0) throw std::logic_error("linear stage " + component_ + ": negative duration");
  SC_HAS_PROCESS(LinearStageModule);
  SC_METHOD(step);
}

void LinearStageModule::end_of_elaboration() { stage_->open_accounts(component_, *energy.operator->()); }

void LinearStageModule::step() {
  using namespace sc_core;
  if (has_pending_) {
    if (!out.nb_write(pending_)) return next_trigger(out.data_read_event());
    pending_ = {};
    has_pending_ = false;
  }
  if (in.num_available() == 0) return next_trigger(in.data_written_event());
  if (out.num_free() == 0) return next_trigger(out.data_read_event());
  support::SignalBlock x;
  if (!in.nb_read(x)) throw std::logic_error("linear stage " + component_ + ": the input fifo has another reader");

  pending_ = stage_->forward(x, *energy.operator->());
  has_pending_ = true;
  std::int64_t last_ps = 0;
  for (std::size_t s = 0; s < x.samples(); ++s) {
    free_at_ps_ = std::max(x.ready_ps()[s], free_at_ps_) + stage_->duration_ps();
    pending_.ready_ps()[s] = free_at_ps_;
    last_ps = free_at_ps_;
  }
  const sc_time last(double(last_ps), SC_PS);
  next_trigger(last > sc_time_stamp() ? last - sc_time_stamp() : SC_ZERO_TIME);
}

}  // namespace szilard::linear
