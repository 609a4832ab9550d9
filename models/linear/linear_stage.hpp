// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/energy/energy_sink.hpp"
#include "models/linear/linear_map.hpp"
#include "models/support/signal_block.hpp"

namespace szilard::linear {

/// A linear layer as hardware: input converters or drivers, the medium on its tiles, output converters. Signals cross
/// its edges in the network's own numbers (x in, y = W x + b out); volts, amperes and watts live inside.
/// The SystemC shell is LinearStageModule (linear_stage_module.hpp); the electronic and optical media implement this.
class LinearStage {
 public:
  virtual ~LinearStage() = default;

  virtual const LinearMap& map() const = 0;
  /// Simulated time from valid inputs to valid outputs of one sample, all positions, ps. The stage is busy all the
  /// while.
  virtual std::int64_t duration_ps() const = 0;
  /// Opens the stage's accounts below `component` ("rram/fc1"). Called once, before forward().
  virtual void open_accounts(const std::string& component, energy::EnergySink& sink) = 0;
  /// y for every sample of the block, and the energy of each sample into the sink. Results of a sample depend on
  /// nothing but its values and its index.
  virtual support::SignalBlock forward(const support::SignalBlock& x, energy::EnergySink& sink) = 0;
};

/// The exact linear medium: y = W x + b in double precision, instantly and without loss (v2, Eqs. 1 to 4: no intrinsic
/// bound on linear transmission; the signal energy is taken to be recovered in full and is not booked).
std::unique_ptr<LinearStage> make_ideal_stage(LinearMap map);

}  // namespace szilard::linear
