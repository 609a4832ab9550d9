// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/energy/ledger.hpp"
#include "models/neuron/neuron_bank.hpp"
#include "models/support/signal_block.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/waves/recording.hpp"

namespace szilard::cosim {

/// Makes waves of what the platforms of a run show (docs/waves.md): of the samples and signals that a scenario asks
/// for, by their time stamps, so that nothing depends on the blocks in which samples came.
class WaveRecorder {
 public:
  WaveRecorder(const scenario::WavesSpec& spec, std::size_t samples, std::vector<std::string> layers);

  std::uint64_t first_sample() const { return first_; }
  std::uint64_t end_sample() const { return end_; }
  bool wants(std::uint64_t sample) const { return sample >= first_ && sample < end_; }
  std::size_t shown(std::size_t signals) const;  ///< of so many

  /// Numbers NAME_0, NAME_1, ... of a layer (empty: of the platform), from the time at which each sample's are ready;
  /// from its entry where `at_entry`.
  void values(const std::string& platform, const std::string& layer, const std::string& name,
              const support::SignalBlock& block, bool at_entry = false);
  /// Time in which a part of a platform works on a sample: where its energy goes. `part` is a component below the
  /// platform or a path above some; components that have no window of their own take that of the longest path above
  /// them.
  void window(const std::string& platform, const std::string& part, std::uint64_t sample, std::int64_t begin_ps,
              std::int64_t end_ps);

  /// Bits s_0, s_1, ... with their set and reset events, after the run. ready_ps: decisions of the recorded samples,
  /// hold_ps: how long states stand before their reset begins.
  void bits(const std::string& platform, const std::string& layer, const neuron::NeuronBank& bank,
            std::int64_t hold_ps);

  /// Words of a verilated model in a sample: NAME_0, NAME_1, ... of a layer, from that time on.
  void words(const std::string& platform, const std::string& layer, const std::string& name, unsigned width,
             std::int64_t time_ps, const std::vector<std::uint64_t>& values);

  /// A register of a verilated model by its path in RTL: PLATFORM.rtl.PATH, or PLATFORM.LAYER.rtl.PATH of a layer's own
  /// model.
  waves::Signal& register_at(const std::string& platform, const std::string& layer, const std::string& path,
                             unsigned width);

  /// Power of a component (or of the platform itself) clock by clock, COMPONENT.clock_power_W: `joules` of the recorded
  /// samples from each of `begins_ps` on for one period, in the order in which clocks came.
  void clock_power(const std::string& platform, const std::string& component,
                   const std::vector<std::int64_t>& begins_ps, const std::vector<double>& joules,
                   std::int64_t period_ps);

  /// Power of every component below the platform, and of the platform, from what the ledger has as dissipated in the
  /// recorded samples.
  void power(const std::string& platform, const energy::Ledger& ledger);

  /// Everything, once all of it is recorded.
  std::shared_ptr<const waves::Recording> finish() {
    recording_->sort();
    return recording_;
  }

 private:
  struct Window {
    std::int64_t begin_ps, end_ps;
  };
  std::vector<std::string> scope_of(const std::string& platform, const std::string& component) const;
  const Window& window_of(const std::string& platform, const std::string& component, std::uint64_t sample) const;

  std::uint64_t first_, end_;
  std::size_t signals_;  ///< of a layer
  std::vector<std::string> layers_;
  std::shared_ptr<waves::Recording> recording_ = std::make_shared<waves::Recording>();
  /// The first signals of so many of a layer, by platform, layer and name.
  std::vector<waves::Signal*>& row_of(const std::string& platform, const std::string& layer, const std::string& name,
                                      std::size_t size, waves::Kind kind, unsigned width);

  std::map<std::string, std::vector<waves::Signal*>> rows_;
  std::map<std::string, std::map<std::uint64_t, Window>> windows_;           ///< by component path, sample
  std::map<std::string, std::map<std::uint64_t, std::int64_t>> decided_ps_;  ///< by PLATFORM/LAYER: when x was ready
};

}  // namespace szilard::cosim
