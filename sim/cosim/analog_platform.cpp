// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "models/capacitive/capacitive_stage.hpp"
#include "models/electronic/converters/converted_edges.hpp"
#include "models/electronic/crossbar_stage.hpp"
#include "models/linear/linear_stage_module.hpp"
#include "models/neuron/neuron_bank_module.hpp"
#include "models/optical/converted_stage.hpp"
#include "models/support/constants.hpp"
#include "models/support/units.hpp"
#include "rtl/relu_unit_module.hpp"
#include "sim/cosim/bank_report.hpp"
#include "sim/cosim/gate_report.hpp"
#include "sim/cosim/layer_probe.hpp"
#include "sim/cosim/optical_report.hpp"
#include "sim/cosim/platform.hpp"
#include "sim/cosim/quantised_stage.hpp"
#include "sim/cosim/register_waves.hpp"
#include "sim/mapping/optical_stage.hpp"
#include "sim/scenario/own_parts.hpp"

namespace szilard::cosim {

namespace {

using Fifo = sc_core::sc_fifo<support::SignalBlock>;
constexpr int kFifoDepth = 2;

/// Resets that cost nothing: for tests of the checks.
class FreeReset final : public neuron::ResetPhysics {
 public:
  explicit FreeReset(std::unique_ptr<neuron::ResetPhysics> real) : real_(std::move(real)) {}
  std::string name() const override { return real_->name(); }
  neuron::EventEnergy set(std::size_t) const override { return {}; }
  neuron::EventEnergy reset(std::size_t, bool) const override { return {}; }
  neuron::EventEnergy change(std::size_t, bool) const override { return {}; }
  std::int64_t reset_duration_ps() const override { return real_->reset_duration_ps(); }
  energy::Origin origin() const override { return energy::Origin::assumed; }
  std::string law() const override { return "an error put in on purpose: nothing"; }
  std::vector<energy::Coefficient> coefficients() const override { return {}; }

 private:
  std::unique_ptr<neuron::ResetPhysics> real_;
};

class AnalogPlatform final : public Platform {
 public:
  explicit AnalogPlatform(const PlatformContext& context)
      : Platform(context.samples),
        context_(context),
        spec_(context.spec),
        on_light_(context.spec),
        activity_(context.chain, context.samples) {
    std::vector<double> full_scales;
    for (const mapping::LayerRange& range : context.calibration.layers) full_scales.push_back(range.input_max);
    if (spec_.linear.coherent.hand_over && spec_.linear.crossbar.input)
      full_scales.front() = full_scale(spec_.linear.input_range, 0, true);
    on_light_ = mapping::with_light_of_chain(spec_, context.chain, full_scales, context.scenario.seed);
    ways_ = mapping::light_ways(on_light_, context.chain, full_scales);
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
  void record_waves(const std::string& name, WaveRecorder& waves) const override;
  void report(PlatformResult& result, std::vector<std::string>& failures) const override;

 private:
  std::string name(const std::string& part) const { return spec_.name + "_" + part; }

  /// What a layer's medium and converters are built from.
  const scenario::PlatformSpec& spec_of(std::size_t l) const {
    return on_light_.of_layer(context_.chain.layers[l].map.name);
  }

  /// Full scale of a layer's DACs (at its input) or ADCs, in the network's numbers.
  double full_scale(const scenario::ConverterRange& range, std::size_t l, bool is_input) const {
    using Model = scenario::ConverterRange::Model;
    const mapping::LayerRange& calibrated = context_.calibration.layers[l];
    switch (range.model) {
      case Model::maximum:
        return is_input ? calibrated.input_max : calibrated.linear_max;
      case Model::percentile: {
        const mapping::LayerPercentile& percentile = context_.calibration.percentiles.at(range.percentile)[l];
        return is_input ? percentile.input : percentile.linear;
      }
      case Model::given:
        return range.limit;
      case Model::full: {
        const scenario::LinearSpec& linear = spec_of(l).linear;
        const bool has_dac = linear.crossbar.input.has_value();
        const double input_max = has_dac ? full_scale(linear.input_range, l, true) : calibrated.input_max;
        return mapping::largest_output(context_.chain.layers[l].map, input_max, calibrated.input_negative);
      }
    }
    throw std::logic_error("range of a converter");
  }

  std::unique_ptr<linear::LinearStage> make_stage(std::size_t l) const {
    const mapping::Layer& layer = context_.chain.layers[l];
    const mapping::LayerRange& range = context_.calibration.layers[l];
    const scenario::PlatformSpec& spec = spec_of(l);
    if (spec.linear.model == scenario::LinearModel::ideal) {
      if (spec.linear.quantisation == scenario::Quantisation::int8)
        return make_quantised_ideal_stage(layer.map, context_.quantised, l);
      return linear::make_ideal_stage(layer.map);
    }
    electronic::CrossbarParameters parameters = spec.linear.crossbar;
    // Where signals come analog from the layer before, they pass no DAC.
    if (ways_[l].to) parameters.output.reset();
    if (l > 0 && (!spec_of(l - 1).linear.crossbar.output || ways_[l].from)) parameters.input.reset();
    double input_full_scale = range.input_max;
    if (parameters.input) {
      input_full_scale = full_scale(spec.linear.input_range, l, true);
      parameters.input->quantiser.full_scale = input_full_scale;
      parameters.input->quantiser.is_signed = range.input_negative;
    }
    if (parameters.output) {
      parameters.output->quantiser.full_scale = full_scale(spec.linear.output_range, l, false);
      parameters.output->quantiser.is_signed = true;
    }
    if (spec.linear.model == scenario::LinearModel::own)
      return make_own_stage(spec, layer, range, input_full_scale, parameters.input, parameters.output);
    if (spec.linear.model == scenario::LinearModel::capacitive_crossbar) {
      try {
        return std::make_unique<capacitive::CapacitiveStage>(layer.map, spec.linear.capacitive, range.input_max,
                                                             range.input_negative, context_.scenario.seed,
                                                             layer.map.name);
      } catch (const std::invalid_argument& wrong) {
        throw support::InputError(support::DiagnosticCode::conflict, spec.where,
                                  "platform '" + spec_.name + "' cannot be built: " + wrong.what());
      }
    }
    if (spec.linear.model != scenario::LinearModel::electronic_crossbar)
      return mapping::make_optical_stage(
          spec, layer, {input_full_scale, range.input_negative, parameters.input, parameters.output, ways_[l]},
          context_.scenario.seed);
    // Streams are named by layer alone: platforms with the same crossbars get the same devices and the same noise.
    auto stage = std::make_unique<electronic::CrossbarStage>(layer.map, std::move(parameters), input_full_scale,
                                                             context_.scenario.seed, layer.map.name);
    for (const support::SignalBlock& inputs : range.inputs) stage->calibrate(inputs);
    return stage;
  }

  std::unique_ptr<linear::LinearStage> make_own_stage(const scenario::PlatformSpec& spec, const mapping::Layer& layer,
                                                      const mapping::LayerRange& range, double input_full_scale,
                                                      const std::optional<electronic::Converter>& input,
                                                      const std::optional<electronic::Converter>& output) const;

  void add_layer(std::size_t l, std::unique_ptr<linear::LinearStage> stage) {
    const mapping::Layer& layer = context_.chain.layers[l];
    const std::string path = spec_.name + "/" + layer.map.name;
    place(l, *stage);
    add_areas(path, layer, *stage);
    std::int64_t occupied = stage->duration_ps();
    auto module = std::make_unique<linear::LinearStageModule>(name("linear_" + std::to_string(l)).c_str(),
                                                              std::move(stage), path);
    connect(*module);
    module->energy.bind(context_.energy);
    linear_.push_back(std::move(module));

    if (layer.pool_before.window) add_probe(l, "pool", layer.pool_before, [](const support::SignalBlock&) {});
    if (context_.waves)
      add_probe(l, "wave", {}, [this, l](const support::SignalBlock& block) { show(l, "y", block, linear_ps_); });
    interval_ps_ = std::max(interval_ps_, occupied);
    if (layer.activation == mapping::Activation::relu) {
      if (spec_.neuron.model == scenario::NeuronModel::relu_rtl) add_relu_unit(l, path);
      else add_neurons(l, path);
    }
    add_probe(l, "probe", layer.pool_after, [this, l](const support::SignalBlock& block) {
      if (kind() == PlatformKind::hybrid) activity_.observe(l, block);
      context_.scoreboard.observe(context_.index, l, block);
      if (context_.waves) show(l, "x", block, output_ps_);
    });
  }

  /// To the waves, and when the layer's signals were ready.
  void show(std::size_t l, const char* name, const support::SignalBlock& block,
            std::vector<std::vector<std::int64_t>>& ready_ps) {
    ready_ps.resize(context_.chain.layers.size(), std::vector<std::int64_t>(context_.samples));
    for (std::size_t s = 0; s < block.samples(); ++s)
      ready_ps[l][std::size_t(block.first_sample()) + s] = block.ready_ps()[s];
    context_.waves->values(spec_.name, context_.chain.layers[l].map.name, name, block);
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
    auto bank = std::make_unique<neuron::NeuronBank>(layer.neurons(), parameters, make_reset(l), context_.scenario.seed,
                                                     layer.map.name, 0, context_.samples);
    // The next stage reads the outputs while the bank holds them.
    std::int64_t hold = l + 1 < duration_ps_.size() ? duration_ps_[l + 1] : 0;
    hold = std::max<std::int64_t>(hold, std::llround(spec.hold_s.value * 1e12));
    if (parameters.policy == neuron::Policy::uncompute)
      hold = std::max(hold, there_and_back_ps(l, bank->decision_ps()));
    interval_ps_ = std::max(interval_ps_, bank->decision_ps() + hold + bank->restore_ps());
    auto module = std::make_unique<neuron::NeuronBankModule>(name("neurons_" + std::to_string(l)).c_str(),
                                                             std::move(bank), hold, path + "/neurons");
    connect(*module);
    module->energy.bind(context_.energy);
    banks_.push_back(std::move(module));
    bank_layers_.push_back(l);
    hold_ps_.push_back(hold);
  }

  /// How long all layers after l take, forwards and then backwards, and layer l's medium backwards.
  std::int64_t there_and_back_ps(std::size_t l, std::int64_t decision_ps) const {
    std::int64_t time_ps = duration_ps_[l];
    for (std::size_t k = l + 1; k < duration_ps_.size(); ++k) {
      const bool decides = context_.chain.layers[k].activation == mapping::Activation::relu;
      time_ps += 2 * (duration_ps_[k] + (decides ? decision_ps : 0));
    }
    return time_ps;
  }

  std::unique_ptr<neuron::ResetPhysics> make_reset(std::size_t l) const;
  std::unique_ptr<neuron::ResetPhysics> make_own_physics(const std::string& layer, std::vector<double> q) const;
  support::InputError refused(const std::string& part, const std::string& layer, const std::string& why) const;
  std::unique_ptr<neuron::ResetPhysics> make_physics(std::size_t l) const;
  void add_relu_unit(std::size_t l, const std::string& path);
  void place(std::size_t l, const linear::LinearStage& stage);
  void add_areas(const std::string& path, const mapping::Layer& layer, const linear::LinearStage& stage);

  PlatformContext context_;
  const scenario::PlatformSpec& spec_;
  scenario::PlatformSpec on_light_;       // with the light of a chain that hands it on
  std::vector<optical::LightWays> ways_;  // light from layer to layer; none elsewhere
  std::vector<std::int64_t> duration_ps_;
  std::int64_t interval_ps_ = 0;
  std::vector<std::unique_ptr<Fifo>> fifos_;
  std::vector<std::unique_ptr<linear::LinearStageModule>> linear_;
  std::vector<std::unique_ptr<neuron::NeuronBankModule>> banks_;
  std::vector<std::size_t> bank_layers_;
  std::vector<std::int64_t> hold_ps_;                             // of each bank
  std::vector<std::vector<std::int64_t>> linear_ps_, output_ps_;  // waves: when y and x were ready, [layer][sample]
  std::vector<std::unique_ptr<rtl::ReluUnitModule>> relu_units_;
  std::vector<std::unique_ptr<LayerProbe>> probes_;
  std::unique_ptr<BlockSink> sink_;
  OutputActivity activity_;
  std::vector<LayerPlacement> placement_;
  std::vector<support::AreaPart> areas_;
  std::vector<double> no_trace_;
};

std::unique_ptr<linear::LinearStage> AnalogPlatform::make_own_stage(
    const scenario::PlatformSpec& spec, const mapping::Layer& layer, const mapping::LayerRange& range,
    double input_full_scale, const std::optional<electronic::Converter>& input,
    const std::optional<electronic::Converter>& output) const {
  const scenario::OwnMediumSpec& own = *spec.linear.own;
  const std::uint64_t seed = context_.scenario.seed;
  try {
    std::unique_ptr<linear::LinearStage> stage =
        own.medium->make({layer.map, own.values, context_.scenario.temperature_k, input_full_scale, range.linear_max,
                          range.input_negative, seed, layer.map.name});
    if (!stage) throw std::invalid_argument("it made nothing");
    if (!input && !output) return stage;
    return std::make_unique<electronic::ConvertedLinearStage>(std::move(stage), input, output, seed, layer.map.name);
  } catch (const std::invalid_argument& wrong) {
    throw refused(own.medium->name, layer.map.name, wrong.what());
  }
}

support::InputError AnalogPlatform::refused(const std::string& part, const std::string& layer,
                                            const std::string& why) const {
  return support::InputError(
      support::DiagnosticCode::conflict, spec_.where,
      "platform '" + spec_.name + "' cannot be built: layer " + layer + ": " + part + ": " + why);
}

std::unique_ptr<neuron::ResetPhysics> AnalogPlatform::make_reset(std::size_t l) const {
  std::unique_ptr<neuron::ResetPhysics> physics = make_physics(l);
  const auto& fault = spec_.fault;
  const bool is_free = fault && fault->model == scenario::FaultSpec::Model::free_reset &&
                       fault->layer == context_.chain.layers[l].map.name;
  return is_free ? std::make_unique<FreeReset>(std::move(physics)) : std::move(physics);
}

std::unique_ptr<neuron::ResetPhysics> AnalogPlatform::make_physics(std::size_t l) const {
  const scenario::NeuronSpec& spec = spec_.neuron;
  const mapping::Layer& layer = context_.chain.layers[l];
  const double temperature_k = context_.scenario.temperature_k;
  const neuron::DrawSeed seed{context_.scenario.seed, layer.map.name};
  std::vector<double> q(layer.neurons(), 0.5);
  if (spec.protocol == scenario::Protocol::known) q = context_.calibration.known_probability(l);
  if (spec.protocol == scenario::Protocol::assumed) q.assign(q.size(), spec.assumed_probability);
  switch (spec.reset) {
    case scenario::ResetModel::landauer_ideal:
      return neuron::make_landauer_ideal(std::move(q), temperature_k);
    case scenario::ResetModel::cmos_latch:
      return neuron::make_cmos_latch(spec.latch);
    case scenario::ResetModel::two_level:
    case scenario::ResetModel::double_well: {
      neuron::SimulatedReset reset = spec.simulated;
      reset.temperature_k = temperature_k;
      reset.q = std::move(q);
      return neuron::make_simulated_reset(std::move(reset), seed);
    }
    case scenario::ResetModel::optimal_transport: {
      neuron::TransportReset reset = spec.transport;
      reset.temperature_k = temperature_k;
      reset.q = std::move(q);
      return neuron::make_optimal_transport_reset(std::move(reset), seed);
    }
    case scenario::ResetModel::memristive_threshold:
    case scenario::ResetModel::optical_bistable:
      return neuron::make_device_reset(spec.device, q.size(), seed);
    case scenario::ResetModel::own:
      return make_own_physics(layer.map.name, std::move(q));
  }
  throw std::logic_error("reset model");
}

std::unique_ptr<neuron::ResetPhysics> AnalogPlatform::make_own_physics(const std::string& layer,
                                                                       std::vector<double> q) const {
  const scenario::OwnNeuronSpec& own = *spec_.neuron.own;
  const std::size_t neurons = q.size();
  try {
    std::unique_ptr<neuron::ResetPhysics> physics = own.neuron->make(
        {neurons, std::move(q), own.values, context_.scenario.temperature_k, context_.scenario.seed, layer});
    if (!physics) throw std::invalid_argument("it made nothing");
    return physics;
  } catch (const std::invalid_argument& wrong) {
    throw refused(own.neuron->name, layer, wrong.what());
  }
}

void AnalogPlatform::place(std::size_t l, const linear::LinearStage& stage) {
  const linear::LinearMap& map = context_.chain.layers[l].map;
  const scenario::LinearSpec& built_from = spec_of(l).linear;
  LayerPlacement placement{map.name, "ideal medium", map.positions, 1.0, double(stage.duration_ps()) * 1e-12};
  if (built_from.own) placement.hardware = built_from.own->medium->name;
  if (const auto* crossbar = dynamic_cast<const electronic::CrossbarStage*>(&stage)) {
    if (context_.on_crossbar) context_.on_crossbar(spec_.name, *crossbar);
    std::size_t used = 0, built = 0, rows = 0, columns = 0, adcs = 0;
    const std::vector<electronic::TileReport> tiles = crossbar->tiles();
    for (const electronic::TileReport& tile : tiles) {
      used += tile.rows_used * tile.columns_used;
      built += tile.rows * tile.columns;
      rows = tile.rows, columns = tile.columns;
      adcs += tile.adcs;
    }
    placement.hardware = std::to_string(tiles.size()) + (tiles.size() == 1 ? " tile of " : " tiles of ") +
                         std::to_string(rows) + " x " + std::to_string(columns);
    const auto& output = built_from.crossbar.output;
    if (output && output->columns_per_converter > 1)
      placement.hardware += ", " + std::to_string(adcs) + " ADC" + (adcs == 1 ? "" : "s");
    placement.utilisation = built ? double(used) / double(built) : 0;
  }
  if (const auto* charge = dynamic_cast<const capacitive::CapacitiveStage*>(&stage)) {
    const capacitive::CapacitiveParameters& built = charge->parameters();
    const std::vector<capacitive::CapacitiveTile> tiles = charge->tiles();
    double used = 0;
    for (const capacitive::CapacitiveTile& tile : tiles) used += double(tile.rows_used * tile.columns_used);
    placement.hardware = std::to_string(tiles.size()) + (tiles.size() == 1 ? " tile of " : " tiles of ") +
                         std::to_string(built.rows) + " x " + std::to_string(built.columns);
    placement.utilisation = used / (double(tiles.size()) * double(built.rows) * double(built.columns));
  }
  if (const auto* optical = dynamic_cast<const optical::OpticalStage*>(&stage)) {
    if (context_.on_optical) context_.on_optical(spec_.name, *optical);
    double used = 0;
    const std::vector<optical::OpticalTileReport> tiles = optical->tiles();
    for (const optical::OpticalTileReport& tile : tiles) used += double(tile.rows_used * tile.columns_used);
    const std::size_t modes = optical->light().modes;
    placement.hardware = std::to_string(tiles.size()) +
                         (tiles.size() == 1 ? " optical tile of " : " optical tiles of ") + std::to_string(modes) +
                         " modes";
    placement.utilisation = used / (double(tiles.size()) * double(modes) * double(modes));
  }
  placement_.push_back(std::move(placement));
}

void AnalogPlatform::add_areas(const std::string& path, const mapping::Layer& layer, const linear::LinearStage& stage) {
  const electronic::CrossbarArea& area = on_light_.of_layer(layer.map.name).linear.crossbar.area;
  const auto converters = [&](std::size_t dacs, std::size_t adcs) {
    if (dacs > 0) areas_.push_back({path + "/dac", std::int64_t(dacs), "converters", area.dac_m2});
    if (adcs > 0) areas_.push_back({path + "/adc", std::int64_t(adcs), "converters", area.adc_m2});
  };
  if (const auto* crossbar = dynamic_cast<const electronic::CrossbarStage*>(&stage)) {
    for (support::AreaPart& part : crossbar->areas(path)) areas_.push_back(std::move(part));
  } else if (const auto* charge = dynamic_cast<const capacitive::CapacitiveStage*>(&stage)) {
    for (support::AreaPart& part : charge->areas(path)) areas_.push_back(std::move(part));
  } else if (const auto* optical = dynamic_cast<const optical::OpticalStage*>(&stage)) {
    for (support::AreaPart& part : optical->areas(path)) areas_.push_back(std::move(part));
    if (const auto* converted = dynamic_cast<const optical::ConvertedStage*>(optical))
      converters(converted->dacs(), converted->adcs());
  } else {
    areas_.push_back({path, 1, "media", std::nullopt});
    if (const auto* converted = dynamic_cast<const electronic::ConvertedLinearStage*>(&stage))
      converters(converted->edges().dacs(), converted->edges().adcs());
  }
  if (layer.activation != mapping::Activation::relu) return;
  if (spec_.neuron.model == scenario::NeuronModel::relu_rtl)
    areas_.push_back({path + "/relu", 1, "units", std::nullopt});
  else areas_.push_back({path + "/neurons", std::int64_t(layer.neurons()), "neurons", spec_.neuron.area_m2});
}

void AnalogPlatform::report(PlatformResult& result, std::vector<std::string>& failures) const {
  result.placement = placement_;
  result.areas = areas_;
  for (std::size_t l = 0; l < linear_.size(); ++l)
    if (const auto* optical = dynamic_cast<const optical::OpticalStage*>(&linear_[l]->stage()))
      result.optical.push_back(report_optical(*optical, spec_of(l).linear, context_.samples));
  result.cycles = context_.samples;
  const double temperature = context_.scenario.temperature_k;
  if (kind() == PlatformKind::hybrid) {
    report_activity(activity_.traces(), context_.chain, temperature, result);
    std::vector<energy::RegisterActivity> registers;
    for (const auto& unit : relu_units_) {
      const auto activity = unit->register_activity();
      registers.insert(registers.end(), activity.begin(), activity.end());
    }
    result.digital_register_j = energy::digital_register_bound_j(registers, temperature) / double(context_.samples);
    std::vector<const rtl::GateMeter*> meters;
    for (const auto& unit : relu_units_)
      if (unit->gate_meter()) meters.push_back(unit->gate_meter());
    if (!meters.empty()) {
      result.gate_level = report_gates(meters, spec_.neuron.energy, spec_.name, temperature, failures);
      add_figures(spec_.technologies, context_.samples, 0, false, *result.gate_level);
    }
    return;
  }
  std::vector<const energy::ActivityTrace*> traces;
  std::vector<BankAt> banks;
  for (std::size_t b = 0; b < banks_.size(); ++b) {
    const std::string& layer = context_.chain.layers[bank_layers_[b]].map.name;
    banks.push_back({&banks_[b]->bank(), layer, spec_.name + "/" + layer + "/neurons"});
    traces.push_back(&banks_[b]->bank().activity());
  }
  report_activity(traces, context_.chain, temperature, result);
  report_banks(banks, spec_.name, temperature, result, failures);
  if (!result.has_reset_bounds) return;
  result.bound_name = "reset_per_neuron_J";
  // v1's machine pays for changes: the bound of resets in every cycle is not its measure.
  if (spec_.neuron.parameters.policy == neuron::Policy::every_cycle)
    result.bound_j = result.reset_bounds.reset_per_neuron_j;
}

void AnalogPlatform::record_waves(const std::string& platform, WaveRecorder& waves) const {
  Platform::record_waves(platform, waves);
  for (std::size_t l = 0; l < context_.chain.layers.size(); ++l) {
    const std::string& layer = context_.chain.layers[l].map.name;
    const auto bank = std::find(bank_layers_.begin(), bank_layers_.end(), l);
    const std::size_t b = std::size_t(bank - bank_layers_.begin());
    const bool has_bits = bank != bank_layers_.end();
    const std::int64_t after_ps = has_bits ? hold_ps_[b] + banks_[b]->bank().restore_ps() : 0;
    for (std::size_t s = 0; s < context_.samples; ++s) {
      const std::int64_t begin_ps = l == 0 ? entered_ps()[s] : output_ps_[l - 1][s];
      waves.window(platform, layer, s, begin_ps, linear_ps_[l][s]);
      waves.window(platform, layer + (has_bits ? "/neurons" : "/relu"), s, linear_ps_[l][s],
                   output_ps_[l][s] + after_ps);
    }
    if (has_bits) waves.bits(platform, layer, banks_[b]->bank(), hold_ps_[b]);
  }
}

void AnalogPlatform::add_relu_unit(std::size_t l, const std::string& path) {
  rtl::ReluUnitSettings settings;
  settings.neurons = context_.chain.layers[l].neurons();
  settings.lanes = spec_.neuron.lanes;
  settings.clock_period_ps = clock_period_ps(spec_.neuron.clock_hz);
  settings.coefficients = spec_.neuron.energy;
  settings.samples = context_.samples;
  settings.gate_level = gate_level_settings(spec_.neuron.energy, "relu_unit", 1, spec_.neuron.lanes,
                                            settings.clock_period_ps, context_.scenario.seed);
  electronic::Quantiser quantiser = spec_of(l).linear.crossbar.output->quantiser;
  quantiser.full_scale = full_scale(spec_of(l).linear.output_range, l, false);
  quantiser.is_signed = true;
  settings.step = quantiser.step();
  auto unit =
      std::make_unique<rtl::ReluUnitModule>(name("relu_" + std::to_string(l)).c_str(), settings, path + "/relu");
  interval_ps_ = std::max(interval_ps_, unit->duration_ps());
  connect(*unit);
  unit->energy.bind(context_.energy);
  if (context_.waves) show_registers(*unit, *context_.waves, spec_.name, context_.chain.layers[l].map.name);
  relu_units_.push_back(std::move(unit));
}

}  // namespace

std::unique_ptr<Platform> make_analog_platform(const PlatformContext& context) {
  return std::make_unique<AnalogPlatform>(context);
}

}  // namespace szilard::cosim
