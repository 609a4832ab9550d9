// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "models/linear/block_stage_module.hpp"
#include "models/quasistatic/piece_relaxation.hpp"
#include "models/quasistatic/ramp.hpp"
#include "models/support/constants.hpp"
#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/cosim/layer_probe.hpp"
#include "sim/cosim/platform.hpp"
#include "sim/mapping/quasistatic_network.hpp"

namespace szilard::cosim {
namespace {

using Fifo = sc_core::sc_fifo<support::SignalBlock>;
constexpr int kFifoDepth = 2;
using support::DiagnosticCode;
using support::InputError;

constexpr double kLeastSteps = 50;

/// Springs of the scenario, energies in kT and times in relaxation times.
quasistatic::Network springs(const PlatformContext& context, double kT_j) {
  const scenario::QuasiStaticSpec& spec = context.spec.quasistatic;
  const double stiffness = spec.stiffness_j / kT_j;
  quasistatic::Network out = mapping::make_quasistatic(context.chain, stiffness, stiffness);
  for (const std::vector<double>* numbers : {&spec.layer_stiffness_j, &spec.layer_relaxation_s})
    if (!numbers->empty() && numbers->size() != out.layers.size())
      throw InputError(DiagnosticCode::shape_mismatch, spec.layers_where,
                       std::to_string(numbers->size()) + " layers named, the network has " +
                           std::to_string(out.layers.size()) + " with units");
  for (std::size_t l = 0; l < out.layers.size(); ++l) {
    quasistatic::Layer& layer = out.layers[l];
    if (!spec.layer_stiffness_j.empty())
      std::fill(layer.stiffness.begin(), layer.stiffness.end(), spec.layer_stiffness_j[l] / kT_j);
    const double slowness = spec.layer_relaxation_s.empty() ? 1 : spec.layer_relaxation_s[l] / spec.relaxation_time_s;
    for (std::size_t i = 0; i < layer.units(); ++i) layer.friction[i] = layer.stiffness[i] * slowness;
  }
  return out;
}

quasistatic::Integrator integrator_of(const PlatformContext& context, const quasistatic::Network& network) {
  const bool solvable = network.is_linear() && network.units() <= quasistatic::kExactUnits;
  const scenario::SpringSteps wanted = context.spec.quasistatic.integrator;
  if (wanted == scenario::SpringSteps::heun) return quasistatic::Integrator::heun;
  if (solvable) return quasistatic::Integrator::exact;
  if (wanted == scenario::SpringSteps::automatic) return quasistatic::Integrator::heun;
  if (!quasistatic::is_piecewise_linear(network))
    throw InputError(
        DiagnosticCode::unsupported_network, context.spec.where,
        "platform '" + context.spec.name + "': integrator: exact needs linear units and ReLUs without maxima",
        "leave 'integrator' out");
  return quasistatic::Integrator::pieces;
}

/// The machine as a SystemC module: for each sample the inputs move from the sample before to this one, then stand
/// still while the outputs are read. Energies in kT and times in relaxation times inside.
class QuasiStaticModule final : public linear::BlockStageModule {
 public:
  QuasiStaticModule(sc_core::sc_module_name name, const PlatformContext& context, OutputActivity& activity)
      : BlockStageModule(name),
        context_(context),
        activity_(activity),
        kT_j_(support::kBoltzmann_J_per_K * context.scenario.temperature_k),
        network_(springs(context, kT_j_)) {
    const scenario::QuasiStaticSpec& spec = context.spec.quasistatic;
    const double tau_s = spec.relaxation_time_s;
    duration_ps_ = std::llround((spec.ramp_tau + spec.read_tau) * tau_s * 1e12);
    request_.duration = spec.ramp_tau;
    request_.hold = spec.read_tau;
    request_.read_every = spec.read_every_tau;
    request_.integrator = integrator_of(context, network_);
    request_.kT = 1;
    request_.shape = quasistatic::Shape(int(spec.shape));
    request_.seed = context.scenario.seed;
    request_.keep_units = true;
    const double rate = quasistatic::stiffest_rate(network_, 1);
    request_.steps = std::size_t(std::max(kLeastSteps, std::ceil(spec.ramp_tau * rate / spec.step)));
  }

  std::int64_t duration_ps() const { return duration_ps_; }
  double negative_share() const { return samples_ ? double(negative_) / double(samples_) : 0; }

 private:
  void end_of_elaboration() override {
    using energy::Fate;
    energy::AccountInfo account;
    account.component = context_.spec.name + "/units";
    account.mechanism = "input_ramp";
    account.fate = Fate::supplied;
    account.law = "W = sum of dH at fixed units, along the path of the inputs";
    account.counted = "ramps";
    account.coefficients = {{"stiffness", support::Parameter(context_.spec.quasistatic.stiffness_j), "J"},
                            {"relaxation time", context_.spec.quasistatic.relaxation_time_s, "s"}};
    supplied_ = sink().open(account);
    account.mechanism = "relaxation";
    account.fate = Fate::dissipated;
    account.law = "Q = line integral of the units' forces along their moves, inputs held";
    dissipated_ = sink().open(account);
    account.mechanism = "strain";
    account.fate = Fate::stored;
    account.law = "change of H = sum kappa/2 (x - f(y))^2 from start to end";
    stored_ = sink().open(account);
    const scenario::QuasiStaticSpec& spec = context_.spec.quasistatic;
    if (!spec.read_energy_j) return;
    account = {};
    account.component = context_.spec.name + "/reader";
    account.mechanism = "reading";
    account.law = "E = outputs x readings x read_energy";
    account.counted = "readings of one output";
    account.coefficients = {{"read energy", *spec.read_energy_j, "J"}};
    account.fate = Fate::supplied;
    read_supplied_ = sink().open(account);
    account.fate = Fate::dissipated;
    read_dissipated_ = sink().open(account);
  }

  std::optional<support::SignalBlock> process(const support::SignalBlock& block) override {
    const support::SignalBlock from = before(block);
    request_.first_path = block.first_sample();
    const quasistatic::RampResult ramp = quasistatic::ramp(network_, from, block, request_);
    std::int64_t free_at = free_at_ps_;
    support::SignalBlock outputs = block.sibling(ramp.outputs.features());
    for (std::size_t i = 0; i < outputs.features(); ++i)
      std::copy(ramp.outputs.row(i), ramp.outputs.row(i) + block.samples(), outputs.row(i));
    for (std::size_t s = 0; s < block.samples(); ++s) {
      const std::uint64_t sample = block.first_sample() + s;
      sink().post_joules(supplied_, sample, ramp.work[s] * kT_j_, 1);
      sink().post_joules(dissipated_, sample, ramp.heat[s] * kT_j_, 1);
      sink().post_joules(stored_, sample, ramp.energy_change[s] * kT_j_, 1);
      negative_ += ramp.work[s] < 0;
      if (const auto& reading = context_.spec.quasistatic.read_energy_j) {
        const std::uint64_t readings = ramp.readings * ramp.outputs.features();
        for (const energy::AccountId account : {read_supplied_, read_dissipated_})
          sink().post_joules(account, sample, double(readings) * reading->value, readings);
      }
      free_at = std::max(free_at, block.entered_ps()[s]) + duration_ps_;
      outputs.ready_ps()[s] = outputs.cycle_end_ps()[s] = free_at;
    }
    samples_ += block.samples();
    free_at_ps_ = free_at;
    observe(block, ramp, outputs);
    return outputs;
  }
  std::int64_t ready_at_ps() const override { return free_at_ps_; }

  /// The inputs that stood before each sample: the sample before; zero before the first.
  support::SignalBlock before(const support::SignalBlock& block) const {
    support::SignalBlock earlier = block.sibling(block.features());
    const std::size_t first = std::size_t(block.first_sample());
    support::SignalBlock last(0, 1, block.features());
    if (first > 0) last = context_.data.block(first - 1, 1);
    for (std::size_t i = 0; i < block.features(); ++i) {
      earlier.row(i)[0] = first > 0 ? last.row(i)[0] : 0;
      for (std::size_t s = 1; s < block.samples(); ++s) earlier.row(i)[s] = block.row(i)[s - 1];
    }
    return earlier;
  }

  void observe(const support::SignalBlock& block, const quasistatic::RampResult& ramp,
               const support::SignalBlock& outputs) {
    const quasistatic::Evaluation at = quasistatic::evaluate(network_, block, ramp.units);
    for (std::size_t l = 0; l < network_.layers.size(); ++l) {
      const std::size_t first = network_.first_unit(l);
      const bool read = l + 1 == network_.layers.size() && !network_.layers[l].of_units.window;
      support::SignalBlock units = block.sibling(network_.layers[l].units());
      for (std::size_t i = 0; i < units.features(); ++i) {
        const double* const row = read ? outputs.row(i) : ramp.units.row(first + i);
        std::copy(row, row + block.samples(), units.row(i));
      }
      context_.scoreboard.observe(context_.index, l, units);
      if (context_.waves) {
        units.ready_ps() = outputs.ready_ps();
        context_.waves->values(context_.spec.name, context_.chain.layers[l].map.name, "u", units);
      }
      for (std::size_t i = 0; i < units.features(); ++i)
        std::copy(at.arguments.row(first + i), at.arguments.row(first + i) + block.samples(), units.row(i));
      activity_.observe(l, units);
    }
  }

  PlatformContext context_;
  OutputActivity& activity_;
  double kT_j_;
  quasistatic::Network network_;
  quasistatic::RampRequest request_;
  std::int64_t duration_ps_ = 0, free_at_ps_ = 0;
  energy::AccountId supplied_ = 0, dissipated_ = 0, stored_ = 0, read_supplied_ = 0, read_dissipated_ = 0;
  std::size_t samples_ = 0, negative_ = 0;
};

class QuasiStaticPlatform final : public Platform {
 public:
  explicit QuasiStaticPlatform(const PlatformContext& context)
      : Platform(context.samples),
        context_(context),
        in_(name("in").c_str(), kFifoDepth),
        out_(name("out").c_str(), kFifoDepth),
        activity_(context.chain, context.samples),
        module_(name("units").c_str(), context, activity_),
        sink_(name("sink").c_str(), [this](const support::SignalBlock& block) { record_passage(block); }) {
    module_.in.bind(in_);
    module_.out.bind(out_);
    module_.energy.bind(context.energy);
    sink_.in.bind(out_);
  }

  Fifo& input() override { return in_; }
  std::int64_t interval_ps() const override { return module_.duration_ps(); }
  PlatformKind kind() const override { return PlatformKind::quasi_static; }
  const std::vector<double>& clock_trace_j() const override { return no_trace_; }

  void report(PlatformResult& result, std::vector<std::string>&) const override {
    for (const mapping::Layer& layer : context_.chain.layers) {
      LayerPlacement placement;
      placement.layer = layer.map.name;
      placement.hardware = std::to_string(layer.outputs()) + " springs";
      placement.duration_s = double(module_.duration_ps()) * 1e-12;
      result.placement.push_back(placement);
    }
    report_activity(activity_.traces(), context_.chain, context_.scenario.temperature_k, result);
    result.neurons.below_bound_fraction = module_.negative_share();
  }

 private:
  std::string name(const std::string& part) const { return context_.spec.name + "_" + part; }

  PlatformContext context_;
  Fifo in_, out_;
  OutputActivity activity_;
  QuasiStaticModule module_;
  BlockSink sink_;
  std::vector<double> no_trace_;
};

}  // namespace

std::unique_ptr<Platform> make_quasistatic_platform(const PlatformContext& context) {
  return std::make_unique<QuasiStaticPlatform>(context);
}

}  // namespace szilard::cosim
