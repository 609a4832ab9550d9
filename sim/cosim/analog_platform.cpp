// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <stdexcept>

#include "models/electronic/crossbar_stage.hpp"
#include "models/linear/linear_stage_module.hpp"
#include "models/neuron/neuron_bank_module.hpp"
#include "rtl/relu_unit_module.hpp"
#include "sim/cosim/layer_probe.hpp"
#include "sim/cosim/platform.hpp"
#include "sim/cosim/quantised_stage.hpp"

namespace szilard::cosim {

void Platform::record_passage(const support::SignalBlock& block) {
  for (std::size_t s = 0; s < block.samples(); ++s) {
    const std::size_t sample = std::size_t(block.first_sample()) + s;
    entered_ps_[sample] = block.entered_ps()[s];
    ended_ps_[sample] = std::max(block.cycle_end_ps()[s], block.ready_ps()[s]);
  }
}

namespace {

using Fifo = sc_core::sc_fifo<support::SignalBlock>;
constexpr int kFifoDepth = 2;

class AnalogPlatform final : public Platform {
 public:
  explicit AnalogPlatform(const PlatformContext& context)
      : Platform(context.samples), context_(context), spec_(context.spec) {
    std::vector<std::unique_ptr<linear::LinearStage>> stages;
    for (std::size_t l = 0; l < context.chain.layers.size(); ++l) stages.push_back(make_stage(l));
    for (const auto& stage : stages) duration_ps_.push_back(stage->duration_ps());

    fifos_.push_back(std::make_unique<Fifo>(name("in").c_str(), kFifoDepth));
    for (std::size_t l = 0; l < stages.size(); ++l) add_layer(l, std::move(stages[l]));
    sink_ = std::make_unique<BlockSink>(name("sink").c_str(),
                                        [this](const support::SignalBlock& block) { record_passage(block); });
    sink_->in.bind(*fifos_.back());
  }

  Fifo& input() override { return *fifos_.front(); }
  std::int64_t interval_ps() const override { return interval_ps_; }
  PlatformKind kind() const override {
    return spec_.neuron.model == scenario::NeuronModel::relu_rtl ? PlatformKind::hybrid : PlatformKind::dynamic_analog;
  }
  const std::vector<double>& clock_trace_j() const override { return no_trace_; }
  void report(PlatformResult& result, std::vector<std::string>& failures) const override;

 private:
  std::string name(const std::string& part) const { return spec_.name + "_" + part; }

  std::unique_ptr<linear::LinearStage> make_stage(std::size_t l) const {
    const mapping::Layer& layer = context_.chain.layers[l];
    const mapping::LayerRange& range = context_.calibration.layers[l];
    if (spec_.linear.model == scenario::LinearModel::ideal) {
      if (spec_.linear.quantisation == scenario::Quantisation::int8)
        return make_quantised_ideal_stage(layer.map, context_.quantised, l);
      return linear::make_ideal_stage(layer.map);
    }
    electronic::CrossbarParameters parameters = spec_.linear.crossbar;
    // Where signals stay analog between layers, only the network's own input passes a DAC.
    if (l > 0 && !parameters.output) parameters.input.reset();
    if (parameters.input) {
      parameters.input->quantiser.full_scale = range.input_max;
      parameters.input->quantiser.is_signed = range.input_negative;
    }
    if (parameters.output) {
      parameters.output->quantiser.full_scale = range.linear_max;
      parameters.output->quantiser.is_signed = true;
    }
    // Streams are named by layer alone: platforms with the same crossbars get the same devices and the same noise.
    return std::make_unique<electronic::CrossbarStage>(layer.map, std::move(parameters), range.input_max,
                                                       context_.scenario.seed, layer.map.name);
  }

  void add_layer(std::size_t l, std::unique_ptr<linear::LinearStage> stage) {
    const mapping::Layer& layer = context_.chain.layers[l];
    const std::string path = spec_.name + "/" + layer.map.name;
    place(l, *stage);
    std::int64_t occupied = stage->duration_ps();
    auto module = std::make_unique<linear::LinearStageModule>(name("linear_" + std::to_string(l)).c_str(), std::move(stage), path);
    connect(*module);
    module->energy.bind(context_.energy);
    linear_.push_back(std::move(module));

    if (layer.pool_before.window) add_probe(l, "pool", layer.pool_before, [](const support::SignalBlock&) {});
    interval_ps_ = std::max(interval_ps_, occupied);
    if (layer.activation == mapping::Activation::relu) {
      if (spec_.neuron.model == scenario::NeuronModel::relu_rtl)
        add_relu_unit(l, path);
      else
        add_neurons(l, path);
    }
    add_probe(l, "probe", layer.pool_after,
              [this, l](const support::SignalBlock& block) { context_.scoreboard.observe(context_.index, l, block); });
  }

  template <typename Module>
  void connect(Module& module) {
    module.in.bind(*fifos_.back());
    fifos_.push_back(std::make_unique<Fifo>(name("fifo_" + std::to_string(fifos_.size())).c_str(), kFifoDepth));
    module.out.bind(*fifos_.back());
  }

  void add_probe(std::size_t l, const std::string& part, const mapping::Pool& pool, LayerProbe::Observer observer) {
    auto probe = std::make_unique<LayerProbe>(name(part + "_" + std::to_string(l)).c_str(), pool, std::move(observer));
    connect(*probe);
    probes_.push_back(std::move(probe));
  }

  void add_neurons(std::size_t l, const std::string& path) {
    const mapping::Layer& layer = context_.chain.layers[l];
    const scenario::NeuronSpec& spec = spec_.neuron;
    neuron::NeuronParameters parameters = spec.parameters;
    parameters.full_scale = context_.calibration.layers[l].linear_max;
    std::unique_ptr<neuron::ResetPhysics> physics;
    if (spec.reset == scenario::ResetModel::cmos_latch) {
      physics = neuron::make_cmos_latch(spec.latch);
    } else {
      std::vector<double> q(layer.neurons(), 0.5);
      if (spec.protocol == scenario::Protocol::known) q = context_.calibration.known_probability(l);
      physics = neuron::make_landauer_ideal(std::move(q), context_.scenario.temperature_k);
    }
    auto bank = std::make_unique<neuron::NeuronBank>(layer.neurons(), std::move(parameters), std::move(physics),
                                                     context_.scenario.seed, layer.map.name, 0, context_.samples);
    // The next stage reads the outputs while the bank holds them.
    const std::int64_t hold = l + 1 < duration_ps_.size() ? duration_ps_[l + 1] : 0;
    interval_ps_ = std::max(interval_ps_, bank->decision_ps() + hold + bank->reset_ps());
    auto module = std::make_unique<neuron::NeuronBankModule>(name("neurons_" + std::to_string(l)).c_str(), std::move(bank),
                                                             hold, path + "/neurons");
    connect(*module);
    module->energy.bind(context_.energy);
    banks_.push_back(std::move(module));
    bank_layers_.push_back(l);
  }

  void add_relu_unit(std::size_t l, const std::string& path);
  void place(std::size_t l, const linear::LinearStage& stage);

  PlatformContext context_;
  const scenario::PlatformSpec& spec_;
  std::vector<std::int64_t> duration_ps_;
  std::int64_t interval_ps_ = 0;
  std::vector<std::unique_ptr<Fifo>> fifos_;
  std::vector<std::unique_ptr<linear::LinearStageModule>> linear_;
  std::vector<std::unique_ptr<neuron::NeuronBankModule>> banks_;
  std::vector<std::size_t> bank_layers_;
  std::vector<std::unique_ptr<rtl::ReluUnitModule>> relu_units_;
  std::vector<std::unique_ptr<LayerProbe>> probes_;
  std::unique_ptr<BlockSink> sink_;
  std::vector<LayerPlacement> placement_;
  std::vector<double> no_trace_;
};

void AnalogPlatform::place(std::size_t l, const linear::LinearStage& stage) {
  const linear::LinearMap& map = context_.chain.layers[l].map;
  LayerPlacement placement{map.name, "ideal medium", map.positions, 1.0, double(stage.duration_ps()) * 1e-12};
  if (const auto* crossbar = dynamic_cast<const electronic::CrossbarStage*>(&stage)) {
    std::size_t used = 0, built = 0, rows = 0, columns = 0;
    const std::vector<electronic::TileReport> tiles = crossbar->tiles();
    for (const electronic::TileReport& tile : tiles) {
      used += tile.rows_used * tile.columns_used;
      built += tile.rows * tile.columns;
      rows = tile.rows, columns = tile.columns;
    }
    placement.hardware = std::to_string(tiles.size()) + (tiles.size() == 1 ? " tile of " : " tiles of ") +
                         std::to_string(rows) + " x " + std::to_string(columns);
    placement.utilisation = built ? double(used) / double(built) : 0;
  }
  placement_.push_back(std::move(placement));
}

void AnalogPlatform::report(PlatformResult& result, std::vector<std::string>& failures) const {
  result.placement = placement_;
  result.cycles = context_.samples;
  std::vector<const energy::ActivityTrace*> traces;
  double below = 0;
  const double temperature = context_.scenario.temperature_k;
  for (std::size_t b = 0; b < banks_.size(); ++b) {
    const neuron::NeuronBank& bank = banks_[b]->bank();
    const energy::ActivityTrace& trace = bank.activity();
    traces.push_back(&trace);
    double active = 0, bound = 0;
    for (std::size_t i = 0; i < trace.neurons(); ++i) {
      active += double(trace.active(i));
      result.neurons.transitions_1_0 += trace.transitions_1_0(i);
    }
    const double cells = double(trace.neurons()) * double(context_.samples);
    result.neurons.count += trace.neurons();
    result.neurons.active_mean += active;
    result.neurons.active_by_layer.emplace_back(context_.chain.layers[bank_layers_[b]].map.name, active / cells);
    result.neurons.sets += bank.sets();
    result.neurons.resets += bank.resets();
    below += bank.below_bound_fraction(temperature) * cells;

    if (bank.parameters().policy != neuron::Policy::every_cycle) continue;
    bound = energy::reset_bounds({&trace}, temperature).reset_per_neuron_j;
    energy::BoundCheck check;
    check.component = spec_.name + "/" + context_.chain.layers[bank_layers_[b]].map.name + "/neurons";
    check.bound_j = bound;
    const std::vector<double>& work = bank.reset_work_j();
    for (double w : work) check.mean_j += w;
    check.mean_j /= double(work.size());
    for (double w : work) check.standard_error_j += (w - check.mean_j) * (w - check.mean_j);
    check.standard_error_j = work.size() > 1 ? std::sqrt(check.standard_error_j / double(work.size() - 1) / double(work.size())) : 0;
    if (!check.holds())
      failures.push_back("the mean reset work of " + check.component + " is " + std::to_string(check.mean_j / check.bound_j) +
                         " of its bound");
    result.bound_checks.push_back(check);
  }
  if (!traces.empty()) {
    const double cells = double(result.neurons.count) * double(context_.samples);
    result.neurons.active_mean /= cells;
    result.neurons.below_bound_fraction = below / cells;
    result.reset_bounds = energy::reset_bounds(traces, temperature);
    result.has_reset_bounds = true;
    if (kind() == PlatformKind::dynamic_analog) {
      result.bound_name = "reset_per_neuron_J";
      result.bound_j = result.reset_bounds.reset_per_neuron_j;
    }
  }
  if (!relu_units_.empty()) {
    std::vector<energy::RegisterActivity> registers;
    for (const auto& unit : relu_units_) {
      const auto activity = unit->register_activity();
      registers.insert(registers.end(), activity.begin(), activity.end());
    }
    result.digital_register_j = energy::digital_register_bound_j(registers, temperature) / double(context_.samples);
  }
}

void AnalogPlatform::add_relu_unit(std::size_t, const std::string&) {}

}  // namespace

std::unique_ptr<Platform> make_analog_platform(const PlatformContext& context) {
  return std::make_unique<AnalogPlatform>(context);
}

}  // namespace szilard::cosim
