// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/systolic_module.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <utility>

#include "rtl/digital_accounts.hpp"
#include "rtl/golden/bfloat.hpp"
#include "rtl/systolic_int8/systolic_accelerator.hpp"

namespace szilard::rtl {
namespace {

void check(const SystolicSettings& settings, const std::string& component) {
  const auto reject = [&](const std::string& what) { throw std::invalid_argument(component + ": " + what); };
  if (settings.batch == 0) reject("a batch has at least one sample");
  if (settings.samples == 0) reject("the run has no samples");
  if (settings.clock_period_ps <= 0) reject("the clock period must be positive");
  if (!std::isfinite(settings.input_scale) || settings.input_scale <= 0) reject("the input scale must be positive");
  if (!std::isfinite(settings.output_scale) || settings.output_scale <= 0) reject("the output scale must be positive");
  validate(settings.coefficients);
}

std::int8_t input_code(double x, double scale) {
  return static_cast<std::int8_t>(std::clamp(std::round(x / scale), -127.0, 127.0));
}

}  // namespace

// Everything but ports and processes: samples that wait, the accelerator, the books.
struct SystolicModule::Runner final : ClockMeter {
  struct Waiting {
    std::vector<std::int8_t> codes;
    std::vector<std::uint16_t> numbers;  // of a floating point network, instead
    std::int64_t entered_ps = 0, ready_ps = 0;
  };

  template <class Network>
  Runner(const Network& network, const SystolicSettings& s, std::string c)
      : settings(s), component(std::move(c)), accelerator(s.rows, s.columns, s.baseline) {
    accelerator.load(network);
    if (!s.gate_level.library.empty()) {
      const std::size_t batches = (s.samples + s.batch - 1) / s.batch;
      meter = std::make_unique<GateMeter>(s.gate_level, network.layers.size(), batches,
                                          [this](const std::string& name) { return accelerator.find_signal(name); });
      accelerator.set_meter(meter.get());
      for (const auto& layer : network.layers) gate_accounts.emplace_back(component + "/" + layer.name + "/logic");
    }
    for (const auto& layer : network.layers) {
      accounts.push_back(systolic_layer_accounts(component + "/" + layer.name, accelerator.geometry(),
                                                 settings.coefficients, period_s()));
      if (meter) accounts.back().erase(accounts.back().begin());  // the array's counts: its gates are metered
    }
  }

  bool floating() const { return accelerator.geometry().floating; }
  double value_of(std::int32_t output) const {
    return floating() ? double(float_of(static_cast<std::uint32_t>(output))) : output * settings.output_scale;
  }
  double period_s() const { return static_cast<double>(settings.clock_period_ps) * 1e-12; }
  std::size_t left() const { return settings.samples - finished; }
  std::size_t next_batch() const { return std::min(settings.batch, left()); }

  void sample(std::uint32_t owner) override {
    hook(batch_start_ps + batch_clocks++ * settings.clock_period_ps, settings.first_sample + finished + owner);
  }

  struct Clock {
    std::uint64_t sample;
    std::size_t layer;
    energy::Quanta memories;  // without gates: all parts
  };

  void run_batch(energy::EnergySink& sink, std::size_t count);
  support::SignalBlock take_outputs();
  bool wants_parts(std::uint64_t sample) const {
    return part_trace && sample >= first_part_sample && sample < end_part_sample;
  }
  void tell(std::uint64_t cycle, const Clock& clock, const energy::Quanta* of_parts, energy::Quanta gates) const;
  void post_gates(energy::EnergySink& sink);

  SystolicSettings settings;
  std::string component;
  SystolicAccelerator accelerator;
  std::vector<std::vector<PartAccounts<ActivityCounts>>> accounts;  // [layer][part]
  std::unique_ptr<GateMeter> meter;
  std::vector<GateAccounts> gate_accounts;  // [layer]
  LayerObserver observer;
  ClockTrace trace;
  PartTrace part_trace;
  std::uint64_t first_part_sample = 0, end_part_sample = 0;
  std::vector<Clock> clocks;                  // of a trace, until the gates' energy is known
  std::vector<energy::Quanta> clocked_parts;  // accounts of the clocks whose parts are wanted, in the order of clocks
  ClockHook hook;
  std::int64_t batch_start_ps = 0, batch_clocks = 0;
  std::vector<Waiting> waiting;
  BatchResult result;
  ActivityCounts total;
  std::size_t finished = 0;
  std::int64_t free_at_ps = 0;

  // outputs of the batches that ran since the last block left
  struct Done {
    std::vector<std::int32_t> values;
    std::int64_t entered_ps = 0, ready_ps = 0;
  };
  std::vector<Done> done;
};

void SystolicModule::Runner::run_batch(energy::EnergySink& sink, std::size_t count) {
  std::vector<const std::int8_t*> inputs;
  std::vector<const std::uint16_t*> numbers;
  std::int64_t start_ps = free_at_ps;
  for (std::size_t s = 0; s < count; ++s) {
    inputs.push_back(waiting[s].codes.data());
    numbers.push_back(waiting[s].numbers.data());
    start_ps = std::max(start_ps, waiting[s].ready_ps);
  }
  if (trace || part_trace) {
    std::uint64_t cycle = total.cycles;
    accelerator.set_observer([this, cycle](std::uint64_t sample, std::size_t layer, const ActivityCounts& a) mutable {
      Clock clock{settings.first_sample + sample, layer, {}};
      const bool wants = wants_parts(clock.sample);
      for (const auto& part : accounts[layer]) {
        const energy::Quanta dissipated = part.dissipated(a);
        clock.memories += dissipated;
        if (wants) clocked_parts.push_back(dissipated);
      }
      if (meter) {
        clocks.push_back(clock);
      } else {
        tell(cycle++, clock, clocked_parts.data(), {});
        clocked_parts.clear();
      }
    });
  }
  // There is room for the samples of one batch beside the one that runs: later ones enter when theirs may wait.
  for (std::size_t s = 0; s < count; ++s) waiting[s].entered_ps = std::max(waiting[s].entered_ps, batch_start_ps);
  batch_start_ps = start_ps;
  batch_clocks = 0;
  if (floating()) accelerator.run_batch(numbers.data(), count, result);
  else accelerator.run_batch(inputs.data(), count, result);
  free_at_ps = start_ps + static_cast<std::int64_t>(result.cycles) * settings.clock_period_ps;
  for (std::size_t s = 0; s < count; ++s) {
    const std::uint64_t sample = settings.first_sample + finished + s;
    for (std::size_t l = 0; l < accounts.size(); ++l) {
      const LayerRun& run = result.samples[s][l];
      for (const auto& part : accounts[l]) part.post(sink, sample, run.activity);
      total += run.activity;
      if (observer) observer(sample, l, run.outputs.data(), run.outputs.size());
    }
    done.push_back({result.samples[s].back().delivered, waiting[s].entered_ps, free_at_ps});
  }
  waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(count));
  finished += count;
  if (meter && finished == settings.samples) post_gates(sink);
}

void SystolicModule::Runner::post_gates(energy::EnergySink& sink) {
  meter->finish();
  std::uint64_t sample = settings.first_sample;
  for (const auto& batch : meter->energies())
    for (const auto& layers : batch) {
      for (std::size_t l = 0; l < layers.size(); ++l) gate_accounts[l].post(sink, sample, layers[l]);
      ++sample;
    }
  const std::vector<double>& gates_j = meter->clock_energies_j();
  const energy::Quanta* of_parts = clocked_parts.data();
  for (std::size_t c = 0; c < clocks.size(); ++c) {
    tell(c, clocks[c], of_parts, energy::Quanta::from_joules(gates_j.at(c)));
    if (wants_parts(clocks[c].sample)) of_parts += accounts[clocks[c].layer].size();
  }
}

void SystolicModule::Runner::tell(std::uint64_t cycle, const Clock& clock, const energy::Quanta* of_parts,
                                  energy::Quanta gates) const {
  if (wants_parts(clock.sample)) {
    for (const auto& part : accounts[clock.layer]) part_trace(clock.sample, part.component(), *of_parts++);
    if (meter) part_trace(clock.sample, gate_accounts[clock.layer].component(), gates);
  }
  if (trace) trace(cycle, clock.sample, clock.memories + gates);
}

support::SignalBlock SystolicModule::Runner::take_outputs() {
  const std::size_t features = done.front().values.size();
  support::SignalBlock block(settings.first_sample + finished - done.size(), done.size(), features);
  for (std::size_t s = 0; s < done.size(); ++s) {
    for (std::size_t f = 0; f < features; ++f) block.row(f)[s] = value_of(done[s].values[f]);
    block.entered_ps()[s] = done[s].entered_ps;
    block.ready_ps()[s] = done[s].ready_ps;
    block.cycle_end_ps()[s] = done[s].ready_ps;
  }
  done.clear();
  return block;
}

SystolicModule::SystolicModule(sc_core::sc_module_name name, const IntegerNetwork& network,
                               const SystolicSettings& settings, std::string component)
    : linear::BlockStageModule(name) {
  build(network, settings, std::move(component));
}

SystolicModule::SystolicModule(sc_core::sc_module_name name, const BfloatNetwork& network,
                               const SystolicSettings& settings, std::string component)
    : linear::BlockStageModule(name) {
  build(network, settings, std::move(component));
}

template <class Network>
void SystolicModule::build(const Network& network, const SystolicSettings& settings, std::string component) {
  check(settings, component);
  runner_ = std::make_unique<Runner>(network, settings, std::move(component));
}

SystolicModule::~SystolicModule() = default;

void SystolicModule::end_of_elaboration() {
  for (auto& layer : runner_->accounts) {
    for (auto& part : layer) part.open(sink());
  }
  for (GateAccounts& layer : runner_->gate_accounts) layer.open(sink(), runner_->meter->netlist_note());
}

void SystolicModule::take(const support::SignalBlock& block) {
  Runner& r = *runner_;
  const std::size_t inputs = r.accelerator.inputs();
  const std::uint64_t expected = r.settings.first_sample + r.finished + r.waiting.size();
  if (block.features() != inputs || block.first_sample() != expected || block.samples() > r.left() - r.waiting.size()) {
    throw std::invalid_argument(r.component + ": a block of samples from " + std::to_string(block.first_sample()) +
                                " with " + std::to_string(block.features()) + " signals came where sample " +
                                std::to_string(expected) + " with " + std::to_string(inputs) + " was due");
  }
  for (std::size_t s = 0; s < block.samples(); ++s) {
    Runner::Waiting sample;
    for (std::size_t k = 0; k < inputs; ++k) {
      if (r.floating()) sample.numbers.push_back(bf16_of(block.at(k, s)));
      else sample.codes.push_back(input_code(block.at(k, s), r.settings.input_scale));
    }
    sample.entered_ps = block.entered_ps()[s];
    sample.ready_ps = block.ready_ps()[s];
    r.waiting.push_back(std::move(sample));
  }
  while (!r.waiting.empty() && r.waiting.size() >= r.next_batch()) r.run_batch(sink(), r.next_batch());
}

std::optional<support::SignalBlock> SystolicModule::process(const support::SignalBlock& block) {
  take(block);
  if (runner_->done.empty()) return {};
  return runner_->take_outputs();
}

std::int64_t SystolicModule::ready_at_ps() const { return runner_->free_at_ps; }

void SystolicModule::set_layer_observer(LayerObserver observer) { runner_->observer = std::move(observer); }
void SystolicModule::set_clock_trace(ClockTrace trace) {
  runner_->trace = std::move(trace);
  if (runner_->meter) runner_->meter->keep_clocks();
}
void SystolicModule::set_part_trace(PartTrace trace, std::uint64_t first_sample, std::uint64_t end_sample) {
  runner_->part_trace = std::move(trace);
  runner_->first_part_sample = first_sample;
  runner_->end_part_sample = end_sample;
  if (runner_->meter) runner_->meter->keep_clocks();
}
void SystolicModule::set_clock_hook(ClockHook hook) {
  runner_->hook = std::move(hook);
  runner_->accelerator.set_watcher(runner_->hook ? runner_.get() : nullptr);
}
std::optional<SignalView> SystolicModule::find_signal(const std::string& name) const {
  return runner_->accelerator.find_signal(name);
}
std::vector<std::string> SystolicModule::signal_names() const { return runner_->accelerator.signal_names(); }

void SystolicModule::inject_fault(std::size_t layer, std::uint64_t sample, std::size_t index) {
  const SystolicSettings& s = runner_->settings;
  if (sample < s.first_sample || sample - s.first_sample >= s.samples) {
    throw std::invalid_argument("fault: sample " + std::to_string(sample) + " is not part of the run");
  }
  runner_->accelerator.inject_fault(layer, sample - s.first_sample, index);
}

std::int64_t SystolicModule::batch_ps() const {
  const std::size_t count = std::min(runner_->settings.batch, runner_->settings.samples);
  return static_cast<std::int64_t>(runner_->accelerator.batch_cycles(count)) * runner_->settings.clock_period_ps;
}

std::int64_t SystolicModule::interval_ps() const {
  const auto count = static_cast<std::int64_t>(std::min(runner_->settings.batch, runner_->settings.samples));
  return (batch_ps() + count - 1) / count;
}

std::uint64_t SystolicModule::cycles() const { return runner_->total.cycles; }
std::size_t SystolicModule::register_bits() const { return runner_->accelerator.geometry().register_bits; }

std::size_t SystolicModule::sram_bits() const {
  const ArrayGeometry& g = runner_->accelerator.geometry();
  const std::size_t word = 8 * g.word_bytes();
  return word * g.columns * (g.weight_depth + g.result_depth) + word * g.rows * g.activation_depth +
         32 * g.columns * (g.accumulator_depth + g.bias_depth);
}

std::vector<energy::RegisterActivity> SystolicModule::register_activity() const {
  const ActivityCounts& t = runner_->total;
  return {{"weight registers", t.weight_bits_written, t.weight_bits_toggled},
          {"activation registers", t.activation_bits_written, t.activation_bits_toggled},
          {"partial-sum registers", t.partial_sum_bits_written, t.partial_sum_bits_toggled},
          {"accumulator, pipeline and control registers", t.pipeline_bits_written, t.pipeline_bits_toggled}};
}

const GateMeter* SystolicModule::gate_meter() const { return runner_->meter.get(); }

double SystolicModule::load_energy_j() const {
  energy::Quanta sum;
  for (const auto& part : runner_->accounts.front()) sum += part.dissipated(runner_->accelerator.load_activity());
  return sum.joules();
}

}  // namespace szilard::rtl
