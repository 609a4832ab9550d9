// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/cosim/layer_probe.hpp"

namespace szilard::cosim {

LayerProbe::LayerProbe(sc_core::sc_module_name name, mapping::Pool pool, Observer observer)
    : sc_core::sc_module(name), in("in"), out("out"), pool_(std::move(pool)), observer_(std::move(observer)) {
  SC_HAS_PROCESS(LayerProbe);
  SC_METHOD(step);
}

void LayerProbe::step() {
  while (true) {
    if (!has_pending_) {
      support::SignalBlock block;
      if (!in->nb_read(block)) return next_trigger(in->data_written_event());
      observer_(block);
      pending_ = pool_.window ? pool_.apply(block) : block;
      has_pending_ = true;
    }
    if (!out->nb_write(pending_)) return next_trigger(out->data_read_event());
    pending_ = {};
    has_pending_ = false;
  }
}

BlockSink::BlockSink(sc_core::sc_module_name name, LayerProbe::Observer observer)
    : sc_core::sc_module(name), in("in"), observer_(std::move(observer)) {
  SC_HAS_PROCESS(BlockSink);
  SC_METHOD(step);
}

void BlockSink::step() {
  support::SignalBlock block;
  while (in->nb_read(block)) observer_(block);
  next_trigger(in->data_written_event());
}

}  // namespace szilard::cosim
