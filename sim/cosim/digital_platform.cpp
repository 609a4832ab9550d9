// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include "rtl/baseline.hpp"
#include "rtl/golden/bfloat.hpp"
#include "rtl/systolic_module.hpp"
#include "sim/cosim/gate_report.hpp"
#include "sim/cosim/layer_probe.hpp"
#include "sim/cosim/platform.hpp"
#include "sim/cosim/register_waves.hpp"

namespace szilard::cosim {
namespace {

using Fifo = sc_core::sc_fifo<support::SignalBlock>;
constexpr int kFifoDepth = 2;

class DigitalPlatform final : public Platform {
 public:
  DigitalPlatform(const PlatformContext& context, bool clock_trace)
      : Platform(context.samples),
        context_(context),
        activity_(context.chain, context.samples),
        in_(name("in").c_str(), kFifoDepth),
        out_(name("out").c_str(), kFifoDepth),
        floating_(rtl::is_floating(context.spec.digital.rtl)),
        numbers_(floating_ ? mapping::round_to_bfloat(context.chain) : rtl::BfloatNetwork{}),
        module_(floating_ ? std::make_unique<rtl::SystolicModule>(name("array").c_str(), numbers_, settings(),
                                                                  context.spec.name)
                          : std::make_unique<rtl::SystolicModule>(name("array").c_str(), context.quantised.network,
                                                                  settings(), context.spec.name)),
        sink_(name("sink").c_str(), [this](const support::SignalBlock& block) {
          record_passage(block);
          if (context_.waves) context_.waves->values(context_.spec.name, "", "out", block);
        }) {
    module_->in.bind(in_);
    module_->out.bind(out_);
    module_->energy.bind(context.energy);
    if (context.waves)
      show_registers(*module_, *context.waves, context.spec.name, "",
                     [this](std::int64_t time_ps) { clock_begins_ps_.push_back(time_ps); });
    sink_.in.bind(out_);
    module_->set_layer_observer([this](std::uint64_t sample, std::size_t layer, const std::int32_t* codes,
                                       std::size_t count) { observe(sample, layer, codes, count); });
    if (clock_trace || context.waves)
      module_->set_clock_trace([this, clock_trace](std::uint64_t, std::uint64_t sample, energy::Quanta dissipated) {
        if (clock_trace) clock_trace_j_.push_back(dissipated.joules());
        if (context_.waves && context_.waves->wants(sample)) clock_joules_.push_back(dissipated.joules());
      });
    if (context.waves)
      module_->set_part_trace(
          [this](std::uint64_t, const std::string& component, energy::Quanta dissipated) {
            std::vector<double>& own = part_clock_joules_[component];
            own.resize(clock_joules_.size(), 0.0);
            own.push_back(dissipated.joules());
          },
          context.waves->first_sample(), context.waves->end_sample());
    put_fault();
  }

  Fifo& input() override { return in_; }
  std::int64_t interval_ps() const override { return module_->interval_ps(); }
  PlatformKind kind() const override { return PlatformKind::digital; }
  const std::vector<double>& clock_trace_j() const override { return clock_trace_j_; }

  /// A batch's clocks run in one activation: its words stand from its end.
  void record_waves(const std::string& platform, WaveRecorder& waves) const override {
    Platform::record_waves(platform, waves);
    for (const auto& [at, words] : words_)
      waves.words(platform, context_.chain.layers[at.second].map.name, "code", 32, ended_ps()[std::size_t(at.first)],
                  words);
    if (clock_begins_ps_.size() != clock_joules_.size())
      throw std::logic_error("waves: clocks and their joules differ in number");
    const std::int64_t period_ps = clock_period_ps(context_.spec.digital.clock_hz);
    waves.clock_power(platform, platform, clock_begins_ps_, clock_joules_, period_ps);
    for (const auto& [component, joules] : part_clock_joules_)
      waves.clock_power(platform, component, clock_begins_ps_, joules, period_ps);
  }

  void report(PlatformResult& result, std::vector<std::string>& failures) const override {
    const double temperature = context_.scenario.temperature_k;
    result.cycles = module_->cycles();
    report_activity(activity_.traces(), context_.chain, temperature, result);
    result.digital_register_j =
        energy::digital_register_bound_j(module_->register_activity(), temperature) / double(context_.samples);
    result.bound_name = "digital_register_J";
    result.bound_j = result.digital_register_j;
    result.areas.push_back({context_.spec.name, 1, "arrays", std::nullopt});
    for (const mapping::Layer& layer : context_.chain.layers) result.placement.push_back(place(layer.map));
    if (!golden_failure_.empty()) failures.push_back(golden_failure_);
    if (const rtl::GateMeter* meter = module_->gate_meter()) {
      result.gate_level =
          report_gates({meter}, context_.spec.digital.energy, context_.spec.name, temperature, failures);
      add_figures(context_.spec.technologies, context_.samples, context_.chain.macs(), floating_, *result.gate_level);
    }
  }

 private:
  std::string name(const std::string& part) const { return context_.spec.name + "_" + part; }

  rtl::SystolicSettings settings() const {
    const scenario::DigitalSpec& spec = context_.spec.digital;
    rtl::SystolicSettings settings;
    settings.baseline = spec.rtl;
    settings.rows = spec.rows;
    settings.columns = spec.columns;
    settings.batch = std::size_t(spec.batch);
    settings.samples = context_.samples;
    settings.clock_period_ps = clock_period_ps(spec.clock_hz);
    settings.input_scale = context_.quantised.input_scale.front();
    settings.output_scale = context_.quantised.output_scale.back();
    settings.coefficients = spec.energy;
    settings.gate_level = gate_level_settings(spec.energy, spec.rtl, spec.rows, spec.columns, settings.clock_period_ps,
                                              context_.scenario.seed);
    return settings;
  }

  void put_fault() {
    const std::optional<scenario::FaultSpec>& fault = context_.spec.fault;
    if (!fault || fault->model != scenario::FaultSpec::Model::one_lsb) return;
    for (std::size_t l = 0; l < context_.chain.layers.size(); ++l)
      if (context_.chain.layers[l].map.name == fault->layer) module_->inject_fault(l, fault->sample, fault->index);
  }

  void observe(std::uint64_t sample, std::size_t l, const std::int32_t* codes, std::size_t count) {
    check_golden(sample, l, codes, count);
    const mapping::Layer& layer = context_.chain.layers[l];
    support::SignalBlock block(sample, 1, count);
    const double scale = context_.quantised.output_scale[l];
    for (std::size_t i = 0; i < count; ++i)
      block.row(i)[0] = floating_ ? double(rtl::float_of(std::uint32_t(codes[i]))) : codes[i] * scale;
    if (layer.pool_before.window) block = layer.pool_before.apply(block);
    activity_.observe(l, block);
    if (context_.waves && context_.waves->wants(sample)) {
      std::vector<std::uint64_t>& words = words_[{sample, l}];
      for (std::size_t i = 0; i < context_.waves->shown(count); ++i)
        words.push_back(static_cast<std::uint32_t>(codes[i]));
    }
    context_.scoreboard.observe(context_.index, l, block);
  }

  std::vector<std::vector<std::int32_t>> golden_outputs(const support::SignalBlock& x) const {
    if (floating_) {
      std::vector<std::uint16_t> input(x.features());
      for (std::size_t i = 0; i < input.size(); ++i) input[i] = rtl::bf16_of(x.at(i, 0));
      return rtl::bfloat_forward(numbers_, input.data()).outputs;
    }
    std::vector<std::int8_t> input(x.features());
    for (std::size_t i = 0; i < input.size(); ++i)
      input[i] =
          std::int8_t(std::clamp(std::round(x.at(i, 0) / context_.quantised.input_scale.front()), -127.0, 127.0));
    return rtl::integer_forward(context_.quantised.network, input.data()).outputs;
  }

  /// Every output of the RTL is held against the golden model; the first difference is kept.
  void check_golden(std::uint64_t sample, std::size_t l, const std::int32_t* codes, std::size_t count) {
    if (!golden_failure_.empty()) return;
    if (l == 0) golden_ = golden_outputs(context_.data.block(std::size_t(sample), 1));
    const std::vector<std::int32_t>& expected = golden_[l];
    for (std::size_t i = 0; i < count; ++i)
      if (codes[i] != expected[i]) {
        golden_failure_ = "platform " + context_.spec.name + " is not bit-exact: layer " +
                          context_.chain.layers[l].map.name + ", sample " + std::to_string(sample) + ", index " +
                          std::to_string(i) + ": RTL " + std::to_string(codes[i]) + ", golden model " +
                          std::to_string(expected[i]);
        return;
      }
  }

  LayerPlacement place(const linear::LinearMap& map) const {
    const scenario::DigitalSpec& spec = context_.spec.digital;
    const auto share = [](std::size_t used, int size) {
      const std::size_t tiles = (used + std::size_t(size) - 1) / std::size_t(size);
      return double(used) / double(tiles * std::size_t(size));
    };
    return {map.name,
            std::to_string(spec.rows) + " x " + std::to_string(spec.columns) + " array, batch " +
                std::to_string(spec.batch),
            map.positions,
            share(map.terms, spec.rows) * share(map.outputs, spec.columns),
            {}};
  }

  PlatformContext context_;
  OutputActivity activity_;
  Fifo in_, out_;
  bool floating_;
  rtl::BfloatNetwork numbers_;
  std::unique_ptr<rtl::SystolicModule> module_;
  BlockSink sink_;
  std::vector<double> clock_trace_j_;
  std::map<std::string, std::vector<double>> part_clock_joules_;  // waves: clocks of the recorded samples, by component
  std::vector<std::int64_t> clock_begins_ps_;                     // waves: clocks of the recorded samples
  std::vector<double> clock_joules_;
  std::map<std::pair<std::uint64_t, std::size_t>, std::vector<std::uint64_t>>
      words_;                                      // waves: codes by sample and layer
  std::vector<std::vector<std::int32_t>> golden_;  // outputs of each layer for the sample that is checked
  std::string golden_failure_;
};

}  // namespace

std::unique_ptr<Platform> make_digital_platform(const PlatformContext& context, bool clock_trace) {
  return std::make_unique<DigitalPlatform>(context, clock_trace);
}

}  // namespace szilard::cosim
