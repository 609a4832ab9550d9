// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/linear/block_stage_module.hpp"

#include <stdexcept>
#include <string>

namespace szilard::linear {

BlockStageModule::BlockStageModule(sc_core::sc_module_name name)
    : sc_core::sc_module(name), in("in"), out("out"), energy("energy") {}

// Not in the constructor: a derived constructor that throws must leave no process behind.
void BlockStageModule::before_end_of_elaboration() {
  SC_HAS_PROCESS(BlockStageModule);
  SC_METHOD(step);
}

void BlockStageModule::step() {
  using namespace sc_core;
  if (pending_) {
    if (!out.nb_write(*pending_)) return next_trigger(out.data_read_event());
    pending_.reset();
  }
  if (in.num_available() == 0) return next_trigger(in.data_written_event());
  if (out.num_free() == 0) return next_trigger(out.data_read_event());
  support::SignalBlock block;
  if (!in.nb_read(block)) throw std::logic_error(std::string(name()) + ": the input fifo has another reader");
  pending_ = process(block);
  if (!pending_) return next_trigger(SC_ZERO_TIME);
  const sc_time last(static_cast<double>(ready_at_ps()), SC_PS);
  next_trigger(last > sc_time_stamp() ? last - sc_time_stamp() : SC_ZERO_TIME);
}

}  // namespace szilard::linear
