// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <systemc>
#include <vector>

#include "models/energy/bounds.hpp"
#include "models/energy/energy_port.hpp"
#include "sim/cosim/result.hpp"
#include "sim/cosim/scoreboard.hpp"
#include "sim/cosim/wave_recorder.hpp"
#include "sim/mapping/calibration.hpp"
#include "sim/mapping/layer_chain.hpp"
#include "sim/scenario/scenario.hpp"

namespace szilard::cosim {

/// Everything a platform is built from.
struct PlatformContext {
  const scenario::Scenario& scenario;
  const scenario::PlatformSpec& spec;
  const mapping::LayerChain& chain;
  const mapping::Calibration& calibration;
  const mapping::QuantisedChain& quantised;
  const dataset::Dataset& data;
  Scoreboard& scoreboard;
  std::size_t index;  ///< of the platform, in the scoreboard
  std::size_t samples;
  energy::EnergyPort& energy;
  WaveRecorder* waves;  ///< null: none recorded
  const std::function<void(const std::string& platform, const electronic::CrossbarStage& crossbar)>& on_crossbar;
  const std::function<void(const std::string& platform, const optical::OpticalStage& stage)>& on_optical;
};

/// A platform: a chain of SystemC modules from an input FIFO to its own sink. Constructed during elaboration.
class Platform {
 public:
  virtual ~Platform() = default;
  virtual sc_core::sc_fifo<support::SignalBlock>& input() = 0;
  /// Pace at which the source may feed samples, ps.
  virtual std::int64_t interval_ps() const = 0;
  virtual PlatformKind kind() const = 0;
  /// Fills what only the platform knows: neurons, bounds, cycles, placement. Called after the simulation.
  virtual void report(PlatformResult& result, std::vector<std::string>& failures) const = 0;
  /// After the simulation: windows and bits that only the platform knows; by default each sample's passage.
  virtual void record_waves(const std::string& name, WaveRecorder& waves) const;
  /// Joules of each clock cycle, or empty where there is no clock.
  virtual const std::vector<double>& clock_trace_j() const = 0;

  /// Passage of each sample: entry and end of its cycle, ps.
  const std::vector<std::int64_t>& entered_ps() const { return entered_ps_; }
  const std::vector<std::int64_t>& ended_ps() const { return ended_ps_; }

 protected:
  explicit Platform(std::size_t samples) : entered_ps_(samples, 0), ended_ps_(samples, 0) {}
  void record_passage(const support::SignalBlock& block);

 private:
  std::vector<std::int64_t> entered_ps_, ended_ps_;
};

/// Clock period in whole picoseconds, the kernel's resolution.
std::int64_t clock_period_ps(double clock_hz);

/// Activity of ReLU outputs, where no bit neuron keeps it: an output above zero is active.
class OutputActivity {
 public:
  OutputActivity(const mapping::LayerChain& chain, std::size_t samples);
  void observe(std::size_t layer, const support::SignalBlock& outputs);
  std::vector<const energy::ActivityTrace*> traces() const;

 private:
  std::vector<std::unique_ptr<energy::ActivityTrace>> layers_;  // null where a layer has no neurons
};

/// Fills counts, activities and reset bounds of a platform from its neurons' traces, one a layer that has neurons.
void report_activity(const std::vector<const energy::ActivityTrace*>& traces, const mapping::LayerChain& chain,
                     double temperature_k, PlatformResult& result);

std::unique_ptr<Platform> make_analog_platform(const PlatformContext& context);
std::unique_ptr<Platform> make_quasistatic_platform(const PlatformContext& context);
std::unique_ptr<Platform> make_digital_platform(const PlatformContext& context, bool clock_trace);

}  // namespace szilard::cosim
