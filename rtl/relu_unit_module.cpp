// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/relu_unit_module.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "rtl/digital_accounts.hpp"
#include "rtl/relu_unit/relu_unit.hpp"

namespace szilard::rtl {
namespace {

const ReluUnitSettings& checked(const ReluUnitSettings& settings, const std::string& component) {
  const auto reject = [&](const std::string& what) { throw std::invalid_argument(component + ": " + what); };
  if (settings.neurons == 0) reject("a ReLU unit has at least one neuron");
  if (!std::isfinite(settings.step) || settings.step <= 0) reject("the step of a code must be positive");
  if (settings.clock_period_ps <= 0) reject("the clock period must be positive");
  validate(settings.coefficients);
  if (!settings.gate_level.library.empty() && settings.samples == 0)
    reject("energy from gates needs the number of samples");
  return settings;
}

}  // namespace

struct ReluUnitModule::Unit final : ClockMeter {
  Unit(const ReluUnitSettings& s, std::string c)
      : settings(checked(s, c)),
        component(std::move(c)),
        rtl(s.lanes),
        accounts(relu_unit_accounts(component, rtl.register_bits(), s.coefficients,
                                    static_cast<double>(s.clock_period_ps) * 1e-12)),
        before_run(rtl.activity()),
        gate_accounts(component) {
    if (s.gate_level.library.empty()) return;
    meter = std::make_unique<GateMeter>(s.gate_level, 1, 1,
                                        [this](const std::string& name) { return rtl.find_signal(name); });
    meter->begin_batch(s.samples, s.samples * rtl.cycles(s.neurons));
    meter->begin_layer(0);
    rtl.set_meter(this);
  }

  void sample(std::uint32_t) override {
    if (meter) meter->sample(static_cast<std::uint32_t>(finished));
    if (hook) hook(start_ps + sample_clocks++ * settings.clock_period_ps, sample_number);
  }
  void post_gates(energy::EnergySink& sink, std::uint64_t first_sample) {
    meter->end_batch();
    meter->finish();
    const auto& samples = meter->energies().front();
    for (std::size_t n = 0; n < samples.size(); ++n) gate_accounts.post(sink, first_sample + n, samples[n].front());
  }

  std::int16_t code(double y) const {
    const double rounded = std::round(y / settings.step);
    if (!(std::abs(rounded) <= std::numeric_limits<std::int16_t>::max())) {
      throw std::range_error(component + ": " + std::to_string(y) + " is no 16-bit code at a step of " +
                             std::to_string(settings.step));
    }
    return static_cast<std::int16_t>(rounded);
  }

  ReluUnitSettings settings;
  std::string component;
  ReluUnit rtl;
  PartAccounts<ReluActivity> accounts;
  ReluActivity before_run;  // of reset
  GateAccounts gate_accounts;
  std::unique_ptr<GateMeter> meter;
  ClockHook hook;
  std::uint64_t sample_number = 0;  // that runs, and when it began, and its clocks so far
  std::int64_t start_ps = 0, sample_clocks = 0;
  std::size_t finished = 0;  // samples
  std::uint64_t active = 0;
  std::int64_t free_at_ps = 0;
};

ReluUnitModule::ReluUnitModule(sc_core::sc_module_name name, const ReluUnitSettings& settings, std::string component)
    : linear::BlockStageModule(name), unit_(std::make_unique<Unit>(settings, std::move(component))) {}

ReluUnitModule::~ReluUnitModule() = default;

void ReluUnitModule::end_of_elaboration() {
  if (unit_->meter) unit_->gate_accounts.open(sink(), unit_->meter->netlist_note());
  else unit_->accounts.open(sink());
}

std::optional<support::SignalBlock> ReluUnitModule::process(const support::SignalBlock& y) {
  Unit& u = *unit_;
  if (y.features() != u.settings.neurons) {
    throw std::invalid_argument(u.component + ": a block of " + std::to_string(y.features()) + " signals came for " +
                                std::to_string(u.settings.neurons) + " neurons");
  }
  support::SignalBlock x = y.sibling(y.features());
  std::vector<std::int16_t> codes(u.settings.neurons), rectified(u.settings.neurons);
  for (std::size_t s = 0; s < y.samples(); ++s) {
    for (std::size_t i = 0; i < codes.size(); ++i) codes[i] = u.code(y.at(i, s));
    const ReluActivity before = u.rtl.activity();
    u.sample_number = y.first_sample() + s;
    u.start_ps = std::max(u.free_at_ps, y.ready_ps()[s]);
    u.sample_clocks = 0;
    u.rtl.run(codes.data(), codes.size(), rectified.data());
    if (!u.meter) u.accounts.post(sink(), y.first_sample() + s, u.rtl.activity() - before);
    ++u.finished;
    if (u.meter && u.finished == u.settings.samples) u.post_gates(sink(), y.first_sample() + s + 1 - u.finished);
    for (std::size_t i = 0; i < codes.size(); ++i) {
      u.active += rectified[i] > 0;
      x.row(i)[s] = rectified[i] * u.settings.step;
    }
    u.free_at_ps = u.start_ps + duration_ps();
    x.ready_ps()[s] = u.free_at_ps;
    x.cycle_end_ps()[s] = u.free_at_ps;
  }
  return x;
}

std::int64_t ReluUnitModule::ready_at_ps() const { return unit_->free_at_ps; }

std::int64_t ReluUnitModule::duration_ps() const {
  return static_cast<std::int64_t>(unit_->rtl.cycles(unit_->settings.neurons)) * unit_->settings.clock_period_ps;
}
std::uint64_t ReluUnitModule::cycles() const { return (unit_->rtl.activity() - unit_->before_run).cycles; }
std::size_t ReluUnitModule::register_bits() const { return unit_->rtl.register_bits(); }
const GateMeter* ReluUnitModule::gate_meter() const { return unit_->meter.get(); }
void ReluUnitModule::set_clock_hook(ClockHook hook) {
  unit_->hook = std::move(hook);
  unit_->rtl.set_meter(unit_->hook || unit_->meter ? unit_.get() : nullptr);
}
std::optional<SignalView> ReluUnitModule::find_signal(const std::string& name) const {
  return unit_->rtl.find_signal(name);
}
std::vector<std::string> ReluUnitModule::signal_names() const { return unit_->rtl.signal_names(); }
std::uint64_t ReluUnitModule::active() const { return unit_->active; }

std::vector<energy::RegisterActivity> ReluUnitModule::register_activity() const {
  const ReluActivity a = unit_->rtl.activity() - unit_->before_run;
  return {{"ReLU output registers", a.bits_written, a.bits_toggled}};
}

}  // namespace szilard::rtl
