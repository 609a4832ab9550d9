// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "models/electronic/crossbar_stage.hpp"
#include "models/linear/linear_stage_module.hpp"
#include "models/neuron/neuron_bank_module.hpp"
#include "models/support/constants.hpp"
#include "models/support/units.hpp"
#include "rtl/relu_unit_module.hpp"
#include "sim/cosim/layer_probe.hpp"
#include "sim/cosim/platform.hpp"
#include "sim/cosim/quantised_stage.hpp"

namespace szilard::cosim {

namespace {

using Fifo = sc_core::sc_fifo<support::SignalBlock>;
constexpr int kFifoDepth = 2;

struct MeanError {
  double mean = 0, standard_error = 0;
};

MeanError mean_error(const std::vector<double>& values) {
  MeanError out;
  const double n = double(values.size());
  for (double v : values) out.mean += v;
  out.mean /= n;
  for (double v : values) out.standard_error += (v - out.mean) * (v - out.mean);
  out.standard_error = n > 1 ? std::sqrt(out.standard_error / (n - 1) / n) : 0;
  return out;
}

class AnalogPlatform final : public Platform {
 public:
  explicit AnalogPlatform(const PlatformContext& context)
      : Platform(context.samples),
        context_(context),
        spec_(context.spec),
        activity_(context.chain, context.samples) {
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
        const bool has_dac = spec_.linear.crossbar.input.has_value();
        const double input_max = has_dac ? full_scale(spec_.linear.input_range, l, true) : calibrated.input_max;
        return mapping::largest_output(context_.chain.layers[l].map, input_max, calibrated.input_negative);
      }
    }
    throw std::logic_error("range of a converter");
  }

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
    double input_full_scale = range.input_max;
    if (parameters.input) {
      input_full_scale = full_scale(spec_.linear.input_range, l, true);
      parameters.input->quantiser.full_scale = input_full_scale;
      parameters.input->quantiser.is_signed = range.input_negative;
    }
    if (parameters.output) {
      parameters.output->quantiser.full_scale = full_scale(spec_.linear.output_range, l, false);
      parameters.output->quantiser.is_signed = true;
    }
    // Streams are named by layer alone: platforms with the same crossbars get the same devices and the same noise.
    return std::make_unique<electronic::CrossbarStage>(layer.map, std::move(parameters), input_full_scale,
                                                       context_.scenario.seed, layer.map.name);
  }

  void add_layer(std::size_t l, std::unique_ptr<linear::LinearStage> stage) {
    const mapping::Layer& layer = context_.chain.layers[l];
    const std::string path = spec_.name + "/" + layer.map.name;
    place(l, *stage);
    add_areas(path, layer, *stage);
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
              [this, l](const support::SignalBlock& block) {
                if (kind() == PlatformKind::hybrid) activity_.observe(l, block);
                context_.scoreboard.observe(context_.index, l, block);
              });
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
    auto bank = std::make_unique<neuron::NeuronBank>(layer.neurons(), parameters, make_reset(l),
                                                     context_.scenario.seed, layer.map.name, 0, context_.samples);
    // The next stage reads the outputs while the bank holds them.
    std::int64_t hold = l + 1 < duration_ps_.size() ? duration_ps_[l + 1] : 0;
    hold = std::max<std::int64_t>(hold, std::llround(spec.hold_s.value * 1e12));
    if (parameters.policy == neuron::Policy::uncompute) hold = std::max(hold, there_and_back_ps(l, bank->decision_ps()));
    interval_ps_ = std::max(interval_ps_, bank->decision_ps() + hold + bank->restore_ps());
    auto module = std::make_unique<neuron::NeuronBankModule>(name("neurons_" + std::to_string(l)).c_str(), std::move(bank),
                                                             hold, path + "/neurons");
    connect(*module);
    module->energy.bind(context_.energy);
    banks_.push_back(std::move(module));
    bank_layers_.push_back(l);
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
  void report_resets(PlatformResult& result) const;
  void add_relu_unit(std::size_t l, const std::string& path);
  void place(std::size_t l, const linear::LinearStage& stage);
  void add_areas(const std::string& path, const mapping::Layer& layer, const linear::LinearStage& stage);
  void check_bank(std::size_t b, PlatformResult& result, std::vector<std::string>& failures) const;

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
  OutputActivity activity_;
  std::vector<LayerPlacement> placement_;
  std::vector<support::AreaPart> areas_;
  std::vector<double> no_trace_;
};

std::unique_ptr<neuron::ResetPhysics> AnalogPlatform::make_reset(std::size_t l) const {
  const scenario::NeuronSpec& spec = spec_.neuron;
  const mapping::Layer& layer = context_.chain.layers[l];
  const double temperature_k = context_.scenario.temperature_k;
  const neuron::DrawSeed seed{context_.scenario.seed, layer.map.name};
  std::vector<double> q(layer.neurons(), 0.5);
  if (spec.protocol == scenario::Protocol::known) q = context_.calibration.known_probability(l);
  if (spec.protocol == scenario::Protocol::assumed) q.assign(q.size(), spec.assumed_probability);
  switch (spec.reset) {
    case scenario::ResetModel::landauer_ideal: return neuron::make_landauer_ideal(std::move(q), temperature_k);
    case scenario::ResetModel::cmos_latch: return neuron::make_cmos_latch(spec.latch);
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
      return neuron::make_device_reset(reset_physics::memristive_threshold(), q.size(), seed);
    case scenario::ResetModel::optical_bistable:
      return neuron::make_device_reset(reset_physics::optical_bistable(), q.size(), seed);
  }
  throw std::logic_error("reset model");
}

void AnalogPlatform::place(std::size_t l, const linear::LinearStage& stage) {
  const linear::LinearMap& map = context_.chain.layers[l].map;
  LayerPlacement placement{map.name, "ideal medium", map.positions, 1.0, double(stage.duration_ps()) * 1e-12};
  if (const auto* crossbar = dynamic_cast<const electronic::CrossbarStage*>(&stage)) {
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
    const auto& output = spec_.linear.crossbar.output;
    if (output && output->columns_per_converter > 1) placement.hardware += ", " + std::to_string(adcs) + " ADC" + (adcs == 1 ? "" : "s");
    placement.utilisation = built ? double(used) / double(built) : 0;
  }
  placement_.push_back(std::move(placement));
}

void AnalogPlatform::add_areas(const std::string& path, const mapping::Layer& layer, const linear::LinearStage& stage) {
  if (const auto* crossbar = dynamic_cast<const electronic::CrossbarStage*>(&stage)) {
    for (support::AreaPart& part : crossbar->areas(path)) areas_.push_back(std::move(part));
  } else {
    areas_.push_back({path, 1, "media", std::nullopt});
  }
  if (layer.activation != mapping::Activation::relu) return;
  if (spec_.neuron.model == scenario::NeuronModel::relu_rtl)
    areas_.push_back({path + "/relu", 1, "units", std::nullopt});
  else
    areas_.push_back({path + "/neurons", std::int64_t(layer.neurons()), "neurons", spec_.neuron.area_m2});
}

void AnalogPlatform::check_bank(std::size_t b, PlatformResult& result, std::vector<std::string>& failures) const {
  const neuron::NeuronBank& bank = banks_[b]->bank();
  if (bank.parameters().policy != neuron::Policy::every_cycle) return;
  energy::BoundCheck check;
  check.component = spec_.name + "/" + context_.chain.layers[bank_layers_[b]].map.name + "/neurons";
  check.bound_j = result.reset_bounds_by_layer.at(b).second.reset_per_neuron_j;
  const MeanError work = mean_error(bank.reset_work_j());
  check.mean_j = work.mean;
  check.standard_error_j = work.standard_error;
  if (bank.physics().is_drawn()) {
    // What a reset leaves behind in its failures it need not pay for. One rate for the whole bank: entropy is concave, so this
    // asks for no more than each neuron's own would.
    const double resets = double(context_.samples) * double(bank.neurons());
    const double e = double(bank.failed_resets()) / resets;
    const double kt_j = support::kBoltzmann_J_per_K * context_.scenario.temperature_k;
    check.bound_j -= kt_j * double(bank.neurons()) * energy::binary_entropy_nat(e);
    const double slope = e > 0 && e < 1 ? std::log1p(-e) - std::log(e) : 0;
    const double of_errors_j = kt_j * double(bank.neurons()) * slope * std::sqrt(e * (1 - e) / resets);
    const double of_ensembles_j = bank.physics().draws_from_calibration() ? bank.calibration_error_j() : 0;
    check.standard_error_j = std::sqrt(check.standard_error_j * check.standard_error_j + of_errors_j * of_errors_j +
                                       of_ensembles_j * of_ensembles_j);
    check.deterministic = false;
  }
  if (!check.holds())
    failures.push_back("the mean reset work of " + check.component + ", " + support::engineering(check.mean_j, "J") +
                       ", lies below its bound of " + support::engineering(check.bound_j, "J"));
  result.bound_checks.push_back(check);
}

void AnalogPlatform::report_resets(PlatformResult& result) const {
  DrawnResetResult resets;
  double neurons = 0, square_j2 = 0, ensembles_j2 = 0;
  for (const auto& module : banks_) {
    const neuron::NeuronBank& bank = module->bank();
    if (!bank.physics().is_drawn()) return;
    const std::vector<double>&work = bank.reset_work_j(), &expected = bank.expected_work_j();
    std::vector<double> difference(work.size());
    for (std::size_t s = 0; s < work.size(); ++s) difference[s] = work[s] - expected[s];
    const MeanError error = mean_error(difference);
    resets.failed += bank.failed_resets();
    resets.duration_s = double(bank.reset_ps()) * 1e-12;
    resets.mean_work_j += mean_error(work).mean;
    resets.calibrated_work_j += mean_error(expected).mean;
    square_j2 += error.standard_error * error.standard_error;
    const double ensembles_j = bank.calibration_error_j();
    ensembles_j2 += ensembles_j * ensembles_j;
    if (!bank.physics().draws_from_calibration()) square_j2 += ensembles_j * ensembles_j;
    neurons += double(bank.neurons());
  }
  if (banks_.empty()) return;
  resets.error_probability = double(resets.failed) / (neurons * double(context_.samples));
  resets.mean_work_j /= neurons;
  resets.calibrated_work_j /= neurons;
  resets.calibrated_standard_error_j = std::sqrt(ensembles_j2) / neurons;
  resets.difference_standard_error_j = std::sqrt(square_j2) / neurons;
  result.drawn_resets = resets;
}

void AnalogPlatform::report(PlatformResult& result, std::vector<std::string>& failures) const {
  result.placement = placement_;
  result.areas = areas_;
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
    return;
  }
  std::vector<const energy::ActivityTrace*> traces;
  double below = 0;
  for (std::size_t b = 0; b < banks_.size(); ++b) {
    const neuron::NeuronBank& bank = banks_[b]->bank();
    traces.push_back(&bank.activity());
    result.neurons.sets += bank.sets();
    result.neurons.resets += bank.resets();
    result.neurons.errors.add(bank.errors());
    below += bank.below_bound_fraction(temperature) * double(bank.neurons());
    result.reset_bounds_by_layer.emplace_back(context_.chain.layers[bank_layers_[b]].map.name,
                                              energy::reset_bounds({&bank.activity()}, temperature));
    check_bank(b, result, failures);
  }
  report_activity(traces, context_.chain, temperature, result);
  report_resets(result);
  if (!result.has_reset_bounds) return;
  result.neurons.below_bound_fraction = below / double(result.neurons.count);
  result.bound_name = "reset_per_neuron_J";
  // v1's machine pays for changes: the bound of resets in every cycle is not its measure.
  if (spec_.neuron.parameters.policy == neuron::Policy::every_cycle) result.bound_j = result.reset_bounds.reset_per_neuron_j;
}

void AnalogPlatform::add_relu_unit(std::size_t l, const std::string& path) {
  rtl::ReluUnitSettings settings;
  settings.neurons = context_.chain.layers[l].neurons();
  settings.lanes = spec_.neuron.lanes;
  settings.clock_period_ps = clock_period_ps(spec_.neuron.clock_hz);
  settings.coefficients = spec_.neuron.energy;
  electronic::Quantiser quantiser = spec_.linear.crossbar.output->quantiser;
  quantiser.full_scale = full_scale(spec_.linear.output_range, l, false);
  quantiser.is_signed = true;
  settings.step = quantiser.step();
  auto unit = std::make_unique<rtl::ReluUnitModule>(name("relu_" + std::to_string(l)).c_str(), settings, path + "/relu");
  interval_ps_ = std::max(interval_ps_, unit->duration_ps());
  connect(*unit);
  unit->energy.bind(context_.energy);
  relu_units_.push_back(std::move(unit));
}

}  // namespace

std::unique_ptr<Platform> make_analog_platform(const PlatformContext& context) {
  return std::make_unique<AnalogPlatform>(context);
}

}  // namespace szilard::cosim
