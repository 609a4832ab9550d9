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

namespace szilard::rtl {

struct ReluUnitSettings {
  std::size_t neurons = 0;  ///< signals of a sample
  int lanes = 16;           ///< codes a clock; one of relu_unit_lanes()
  double step = 1;          ///< value of one code: the step of the ADC before the unit
  std::int64_t clock_period_ps = 1000;
  DigitalCoefficients coefficients;  ///< register toggle, clock and leakage are used
  GateLevelSettings gate_level;      ///< library: energy from the unit's gates instead
  std::size_t samples = 0;           ///< gate_level: of the whole run
};

/// SystemC shell of the verilated ReLU unit of the hybrid platform. An ADC has brought y onto multiples of `step`;
/// code = round half away from zero(y / step), 16 bits; x = max(code, 0) x step, through RTL. A sample takes
/// ceil(neurons / lanes) + 1 clocks; it starts when it is ready and the one before has left.
/// Energy: relu_unit_accounts() (digital_accounts.hpp) at the component, which leave out the logic between the
/// registers; or that of its gates, all clocks simulated (GateMeter), posted with the last sample.
class ReluUnitModule : public linear::BlockStageModule {
 public:
  /// Throws std::invalid_argument for lanes that were not built or bad settings.
  ReluUnitModule(sc_core::sc_module_name name, const ReluUnitSettings& settings, std::string component);
  ~ReluUnitModule() override;

  std::int64_t duration_ps() const;  ///< of one sample
  std::uint64_t cycles() const;      ///< clocks so far
  std::size_t register_bits() const;
  std::vector<energy::RegisterActivity> register_activity() const;
  /// Neuron outputs above zero so far, over all samples.
  std::uint64_t active() const;
  /// Called before every rising edge of a clock of a sample, with the edge's time: read what find_signal() showed.
  using ClockHook = std::function<void(std::int64_t time_ps, std::uint64_t sample)>;
  void set_clock_hook(ClockHook hook);
  /// As of ReluUnit; a view stays valid as long as the module.
  std::optional<SignalView> find_signal(const std::string& name) const;
  std::vector<std::string> signal_names() const;
  /// What meters the unit gate by gate, or null.
  const GateMeter* gate_meter() const;

 private:
  void end_of_elaboration() override;
  std::optional<support::SignalBlock> process(const support::SignalBlock& y) override;
  std::int64_t ready_at_ps() const override;

  struct Unit;
  std::unique_ptr<Unit> unit_;
};

}  // namespace szilard::rtl
