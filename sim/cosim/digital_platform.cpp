// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <sstream>

#include "models/support/constants.hpp"
#include "rtl/gate_level/node_scaling.hpp"
#include "rtl/systolic_module.hpp"
#include "sim/cosim/layer_probe.hpp"
#include "sim/cosim/platform.hpp"

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
        module_(name("array").c_str(), context.quantised.network, settings(), context.spec.name),
        sink_(name("sink").c_str(), [this](const support::SignalBlock& block) { record_passage(block); }) {
    module_.in.bind(in_);
    module_.out.bind(out_);
    module_.energy.bind(context.energy);
    sink_.in.bind(out_);
    module_.set_layer_observer([this](std::uint64_t sample, std::size_t layer, const std::int32_t* codes, std::size_t count) {
      observe(sample, layer, codes, count);
    });
    if (clock_trace && module_.gate_meter())
      throw support::InputError(support::DiagnosticCode::conflict, context.spec.where,
                                "platform '" + context.spec.name + "': --clock-trace does not go with energy from gates",
                                "leave --clock-trace out, or take a preset of coefficients");
    if (clock_trace)
      module_.set_clock_trace([this](std::uint64_t, std::uint64_t, energy::Quanta dissipated) {
        clock_trace_j_.push_back(dissipated.joules());
      });
    put_fault();
  }

  Fifo& input() override { return in_; }
  std::int64_t interval_ps() const override { return module_.interval_ps(); }
  PlatformKind kind() const override { return PlatformKind::digital; }
  const std::vector<double>& clock_trace_j() const override { return clock_trace_j_; }

  void report(PlatformResult& result, std::vector<std::string>& failures) const override {
    const double temperature = context_.scenario.temperature_k;
    result.cycles = module_.cycles();
    report_activity(activity_.traces(), context_.chain, temperature, result);
    result.digital_register_j =
        energy::digital_register_bound_j(module_.register_activity(), temperature) / double(context_.samples);
    result.bound_name = "digital_register_J";
    result.bound_j = result.digital_register_j;
    result.areas.push_back({context_.spec.name, 1, "arrays", std::nullopt});
    for (const mapping::Layer& layer : context_.chain.layers) result.placement.push_back(place(layer.map));
    if (!golden_failure_.empty()) failures.push_back(golden_failure_);
    if (const rtl::GateMeter* meter = module_.gate_meter()) report_gates(*meter, result, failures);
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
    if (!spec.energy.library_path.empty()) {
      settings.gate_level.library = spec.energy.library_path;
      settings.gate_level.netlist = rtl::netlist_file(spec.rtl, spec.rows, spec.columns, spec.energy.library_path);
      settings.gate_level.period_s = static_cast<double>(settings.clock_period_ps) * 1e-12;
      settings.gate_level.wire_f_per_load = spec.energy.wire_f_per_load;
      settings.gate_level.sampled_share = spec.energy.sampled_share;
    }
    return settings;
  }

  void report_gates(const rtl::GateMeter& meter, PlatformResult& result, std::vector<std::string>& failures) const {
    GateLevelResult gates;
    gates.library = context_.spec.digital.energy.library_path;
    gates.cells = meter.cells();
    gates.registers = meter.registers();
    gates.cycles_simulated = meter.cycles_simulated();
    gates.windows_joined = meter.windows_joined();
    gates.weights_difference = meter.weights_difference();
    gates.wire_estimate = meter.wire_estimate();
    rtl::GateEnergy sum;
    for (const auto& batch : meter.energies())
      for (const auto& sample : batch)
        for (const rtl::GateEnergy& layer : sample) sum += layer;
    gates.logic_j = sum.total_j();
    gates.sampling_error = sum.total_j() > 0 ? meter.interval_j() / sum.total_j() : 0;
    const double bit_j = support::kBoltzmann_J_per_K * context_.scenario.temperature_k * support::kLn2;
    const double cycles = double(sum.cycles);
    if (meter.gate_bits_per_cycle()) gates.landauer_gate_j = *meter.gate_bits_per_cycle() * cycles * bit_j;
    if (meter.register_bits_per_cycle()) gates.landauer_register_j = *meter.register_bits_per_cycle() * cycles * bit_j;
    gates.glitch_estimate_j = meter.glitch_estimate_j_per_cycle() * cycles;
    add_figures(gates);
    result.gate_level = gates;
    if (!meter.disagreement().empty()) failures.push_back("platform " + context_.spec.name + ": " + meter.disagreement());
  }

  /// Estimates beside the gates' energy, each a step of its own with its origin.
  void add_figures(GateLevelResult& gates) const {
    const std::vector<std::string>& technologies = context_.spec.technologies;
    const double logic_j = gates.logic_j / double(context_.samples), macs = double(context_.chain.macs());
    if (std::find(technologies.begin(), technologies.end(), "180 nm") != technologies.end()) {
      const gate_level::TechnologyNode& from = gate_level::technology_nodes().front();
      for (const gate_level::TechnologyNode& node : gate_level::technology_nodes()) {
        if (node.nanometres == from.nanometres) continue;
        std::ostringstream name;
        name << "logic scaled to " << node.nanometres << " nm, " << node.voltage_v << " V";
        gates.figures.push_back({name.str(), "Stillmaker and Baas 2017, DOI 10.1016/j.vlsi.2017.02.002",
                                 logic_j * gate_level::energy_ratio(from.nanometres, from.voltage_v, node.nanometres, node.voltage_v)});
      }
    }
    gates.figures.push_back({"per-operation table at 45 nm: MACs x (8-bit multiplication + 32-bit addition)",
                             "Horowitz, ISSCC 2014, DOI 10.1109/ISSCC.2014.6757323: 0.2 pJ + 0.1 pJ", macs * 0.3e-12});
    gates.figures.push_back({"the papers' 16-bit FLOP: 2 MACs x 5e-13 J", "5e-13 J a FLOP, as the papers quote for a GPU", 2 * macs * 5e-13});
  }

  void put_fault() {
    const std::optional<scenario::FaultSpec>& fault = context_.spec.fault;
    if (!fault || fault->model != scenario::FaultSpec::Model::one_lsb) return;
    for (std::size_t l = 0; l < context_.chain.layers.size(); ++l)
      if (context_.chain.layers[l].map.name == fault->layer) module_.inject_fault(l, fault->sample, fault->index);
  }

  void observe(std::uint64_t sample, std::size_t l, const std::int32_t* codes, std::size_t count) {
    check_golden(sample, l, codes, count);
    const mapping::Layer& layer = context_.chain.layers[l];
    support::SignalBlock block(sample, 1, count);
    const double scale = context_.quantised.output_scale[l];
    for (std::size_t i = 0; i < count; ++i) block.row(i)[0] = codes[i] * scale;
    if (layer.pool_before.window) block = layer.pool_before.apply(block);
    activity_.observe(l, block);
    context_.scoreboard.observe(context_.index, l, block);
  }

  /// Every output of the RTL is held against the integer golden model; the first difference is kept.
  void check_golden(std::uint64_t sample, std::size_t l, const std::int32_t* codes, std::size_t count) {
    if (!golden_failure_.empty()) return;
    if (l == 0) {
      const support::SignalBlock x = context_.data.block(std::size_t(sample), 1);
      std::vector<std::int8_t> input(x.features());
      for (std::size_t i = 0; i < input.size(); ++i)
        input[i] = std::int8_t(std::clamp(std::round(x.at(i, 0) / context_.quantised.input_scale.front()), -127.0, 127.0));
      golden_ = rtl::integer_forward(context_.quantised.network, input.data());
    }
    const std::vector<std::int32_t>& expected = golden_.outputs[l];
    for (std::size_t i = 0; i < count; ++i)
      if (codes[i] != expected[i]) {
        golden_failure_ = "platform " + context_.spec.name + " is not bit-exact: layer " + context_.chain.layers[l].map.name +
                          ", sample " + std::to_string(sample) + ", index " + std::to_string(i) + ": RTL " +
                          std::to_string(codes[i]) + ", golden model " + std::to_string(expected[i]);
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
            std::to_string(spec.rows) + " x " + std::to_string(spec.columns) + " array, batch " + std::to_string(spec.batch),
            map.positions, share(map.terms, spec.rows) * share(map.outputs, spec.columns), {}};
  }

  PlatformContext context_;
  OutputActivity activity_;
  Fifo in_, out_;
  rtl::SystolicModule module_;
  BlockSink sink_;
  std::vector<double> clock_trace_j_;
  rtl::IntegerResult golden_;
  std::string golden_failure_;
};

}  // namespace

std::unique_ptr<Platform> make_digital_platform(const PlatformContext& context, bool clock_trace) {
  return std::make_unique<DigitalPlatform>(context, clock_trace);
}

}  // namespace szilard::cosim
