// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <systemc>
#include <vector>

#include "models/energy/bounds.hpp"
#include "models/linear/block_stage_module.hpp"
#include "models/support/signal_block.hpp"
#include "rtl/digital_coefficients.hpp"
#include "rtl/gate_meter.hpp"
#include "rtl/golden/bfloat_network.hpp"
#include "rtl/golden/integer_network.hpp"

namespace szilard::rtl {

struct SystolicSettings {
  std::string baseline = "systolic_int8";  ///< name of szilard_add_baseline
  int rows = 16, columns = 16;
  std::size_t batch = 1;           ///< samples that share one pass over the weights
  std::uint64_t first_sample = 0;  ///< of the run
  std::size_t samples = 0;         ///< of the whole run; the last batch may be shorter
  std::int64_t clock_period_ps = 1000;
  double input_scale = 1;   ///< value of one input code; floating point inputs stand for themselves
  double output_scale = 1;  ///< value of one unit of the last layer's outputs; likewise
  DigitalCoefficients coefficients;
  GateLevelSettings gate_level;  ///< library: energy of the logic from its gates instead of the coefficients
};

/// SystemC shell of a verilated baseline running a whole network. Takes blocks of real input values, one
/// row a network input; code = clamp(round half away from zero(x / input_scale), -127, 127), or the nearest bfloat16.
/// Samples are collected until a batch is complete, whatever the blocks' sizes; the RTL then runs all clocks of the
/// batch within this activation. The outputs (last layer x output_scale) of all batches that an input block completes
/// leave as one block.
///
/// Times: a batch starts when its last sample is ready and the batch before has ended, and ends its clock cycles later;
/// all its samples are ready then. While one batch runs the next may wait: a sample that comes earlier enters only
/// then, so that latency does not grow where samples come faster than a core takes them (clocks of zero_skip_int8
/// depend on the data). Energy: systolic_layer_accounts() (digital_accounts.hpp) below COMPONENT/LAYER; each clock's
/// activity belongs to the sample that SystolicAccelerator attributes it to. With a cell library, the logic's energy
/// comes from its gates instead (GateMeter) and is posted with the last sample: COMPONENT/LAYER/logic. Filling the
/// weight memory before
/// the first sample belongs to no sample: see load_energy_j(). Nothing leaks between batches.
class SystolicModule : public linear::BlockStageModule {
 public:
  /// A layer's outputs of one sample before pooling: integer codes (last layer: accumulators) or the bits of floating
  /// point numbers, order of LayerShape.
  using LayerObserver =
      std::function<void(std::uint64_t sample, std::size_t layer, const std::int32_t* codes, std::size_t count)>;
  /// Each clock cycle of the run with the sample that it belongs to and what it dissipated; the sums over the clocks of
  /// a sample equal its ledger rows exactly, with energy from gates to 1e-12 (the trace then comes with the last
  /// sample).
  using ClockTrace = std::function<void(std::uint64_t cycle, std::uint64_t sample, energy::Quanta dissipated)>;

  /// Throws std::invalid_argument for a size that was not built, a network that the array cannot run, or bad settings.
  SystolicModule(sc_core::sc_module_name name, const IntegerNetwork& network, const SystolicSettings& settings,
                 std::string component);
  SystolicModule(sc_core::sc_module_name name, const BfloatNetwork& network, const SystolicSettings& settings,
                 std::string component);
  ~SystolicModule() override;

  /// Called before every rising edge of a clock that runs a network, with the edge's time and the sample that the clock
  /// belongs to, when the inputs of that clock have settled: read what find_signal() showed.
  using ClockHook = std::function<void(std::int64_t time_ps, std::uint64_t sample)>;
  void set_clock_hook(ClockHook hook);
  /// A port of the controller, a register (its name ends in _q) or a memory's output by its path in RTL, e.g. "busy" or
  /// "core.array.g_row[0].row.weight_q"; nothing where there is none. The view stays valid as long as the module, and
  /// reading it costs what reading memory costs.
  std::optional<SignalView> find_signal(const std::string& name) const;
  /// Names that find_signal() knows, ports left out.
  std::vector<std::string> signal_names() const;

  void set_layer_observer(LayerObserver observer);
  void set_clock_trace(ClockTrace trace);
  /// The same of samples [first_sample, end_sample) part by part, of every part of the layer that a clock belongs to,
  /// before the clock's own trace: component and what it dissipated. Their sums over a sample's clocks equal the component's ledger rows as those of ClockTrace.
  using PartTrace = std::function<void(std::uint64_t sample, const std::string& component, energy::Quanta dissipated)>;
  void set_part_trace(PartTrace trace, std::uint64_t first_sample, std::uint64_t end_sample);
  /// For tests: moves one result by one least significant bit, in RTL (SystolicAccelerator::inject_fault).
  void inject_fault(std::size_t layer, std::uint64_t sample, std::size_t index);

  /// Time that a full batch takes, ps, and per sample, rounded up: the pace that the array can hold.
  std::int64_t batch_ps() const;
  std::int64_t interval_ps() const;
  std::uint64_t cycles() const;       ///< clocks so far
  std::size_t register_bits() const;  ///< of the accelerator, memories left out
  std::size_t sram_bits() const;      ///< of all its memories
  /// Registers written and toggled so far, by class.
  std::vector<energy::RegisterActivity> register_activity() const;
  /// Cost of filling weight and bias memory once, where the network fits (otherwise it is part of every batch).
  double load_energy_j() const;
  /// What meters the logic gate by gate, or null.
  const GateMeter* gate_meter() const;

 private:
  void end_of_elaboration() override;
  std::optional<support::SignalBlock> process(const support::SignalBlock& block) override;
  std::int64_t ready_at_ps() const override;
  void take(const support::SignalBlock& block);

  struct Runner;
  template <class Network>
  void build(const Network& network, const SystolicSettings& settings, std::string component);
  std::unique_ptr<Runner> runner_;
};

}  // namespace szilard::rtl
