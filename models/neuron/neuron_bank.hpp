// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/energy/bounds.hpp"
#include "models/neuron/reset.hpp"
#include "models/support/philox.hpp"
#include "models/support/signal_block.hpp"

namespace szilard::neuron {

enum class Policy {
  every_cycle,  ///< every neuron is brought to 0 at the end of its cycle (v2)
  on_change,    ///< a neuron keeps its state until its input asks for another (v1's machine); the first sample finds all at 0
};

struct NeuronParameters {
  Policy policy = Policy::every_cycle;
  support::Parameter threshold_offset;         ///< sigma of the fixed offset of each neuron's threshold, relative to full scale, >= 0
  support::Parameter threshold_noise;          ///< sigma of the threshold's noise per decision, relative to full scale, >= 0
  support::Parameter decision_energy_j;        ///< per decision (comparator), >= 0
  support::Parameter decision_time_s;          ///< from valid y to valid s, >= 0
  double full_scale = 1;                       ///< of y, in the network's numbers, from calibration
};

/// A layer of ReLU neurons that are physical bits (v2, Eqs. 3 and 4):
///   s = Theta(y - threshold),  x = s y
/// set when y exceeds the threshold, reset at the end of the cycle. Neuron i decides on row i of the block. Threshold offset i
/// is drawn once per neuron, noise once per decision, both from counter-based streams.
/// Left out here: hysteresis, metastability and read energy of the state.
class NeuronBank {
 public:
  NeuronBank(std::size_t neurons, NeuronParameters parameters, std::unique_ptr<ResetPhysics> physics,
             std::uint64_t seed, const std::string& stream_name, std::uint64_t first_sample, std::size_t samples);

  std::size_t neurons() const { return neurons_; }
  std::int64_t decision_ps() const { return decision_ps_; }
  std::int64_t reset_ps() const { return physics_->reset_duration_ps(); }
  const NeuronParameters& parameters() const { return parameters_; }
  const ResetPhysics& physics() const { return *physics_; }

  /// Opens COMPONENT/neurons accounts: decision, neuron_set, neuron_reset, supplied, dissipated and stored.
  void open_accounts(const std::string& component, energy::EnergySink& sink);

  /// A whole block: states, outputs and energy of every neuron and sample.
  support::SignalBlock forward(const support::SignalBlock& y, energy::EnergySink& sink);

  /// The same, one event at a time, for the SystemC shell at one sample a block. decide() says which neurons change state, without
  /// energy; set() and reset() book one event each; finish() books what is left of the sample and returns x. Books and
  /// results are those of forward(), bit for bit.
  const std::vector<std::uint8_t>& decide(const support::SignalBlock& y);
  void set(std::size_t neuron, std::uint64_t sample, energy::EnergySink& sink);
  void reset(std::size_t neuron, std::uint64_t sample, energy::EnergySink& sink);

  /// What was observed.
  const energy::ActivityTrace& activity() const { return activity_; }
  std::uint64_t sets() const { return sets_; }      ///< 0 -> 1 events
  std::uint64_t resets() const { return resets_; }  ///< 1 -> 0 events
  /// Reset work of each sample in joules (sum over neurons), for the bound check.
  const std::vector<double>& reset_work_j() const { return reset_work_j_; }
  /// Events (of all neurons and samples) whose reset work lay below kT h(p_i); see design, bound check.
  double below_bound_fraction(double temperature_k) const;

 private:
  std::size_t neurons_;
  NeuronParameters parameters_;
  std::unique_ptr<ResetPhysics> physics_;
  std::int64_t decision_ps_;
  energy::ActivityTrace activity_;
  std::uint64_t sets_ = 0, resets_ = 0;
  std::vector<double> reset_work_j_;
};

}  // namespace szilard::neuron
