// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <systemc>

#include "models/support/signal_block.hpp"
#include "sim/mapping/layer_chain.hpp"

namespace szilard::cosim {

/// Stands between two layers: shows every block to an observer (the scoreboard) and hands it on. Where the network
/// pools after the layer, the pooled signals go on: an ideal selector without time or energy (docs/assumptions.md).
class LayerProbe : public sc_core::sc_module {
 public:
  using Observer = std::function<void(const support::SignalBlock&)>;

  sc_core::sc_fifo_in<support::SignalBlock> in;
  sc_core::sc_fifo_out<support::SignalBlock> out;

  LayerProbe(sc_core::sc_module_name name, mapping::Pool pool, Observer observer);

 private:
  void step();

  mapping::Pool pool_;
  Observer observer_;
  support::SignalBlock pending_;
  bool has_pending_ = false;
};

/// The end of a platform: takes every block and shows it to an observer.
class BlockSink : public sc_core::sc_module {
 public:
  sc_core::sc_fifo_in<support::SignalBlock> in;
  BlockSink(sc_core::sc_module_name name, LayerProbe::Observer observer);

 private:
  void step();
  LayerProbe::Observer observer_;
};

}  // namespace szilard::cosim
