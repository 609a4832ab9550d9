// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/cosim/gate_report.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "models/support/constants.hpp"
#include "rtl/baseline.hpp"
#include "rtl/gate_level/node_scaling.hpp"

namespace szilard::cosim {

rtl::GateLevelSettings gate_level_settings(const scenario::DigitalEnergy& energy, const std::string& part, int rows,
                                           int columns, std::int64_t clock_period_ps, std::uint64_t seed) {
  rtl::GateLevelSettings settings;
  if (energy.library_path.empty()) return settings;
  settings.library = energy.library_path;
  settings.netlist = rtl::netlist_file(part, rows, columns, energy.library_path);
  settings.rtl = rtl::rtl_fingerprint(part, rows, columns);
  settings.period_s = static_cast<double>(clock_period_ps) * 1e-12;
  settings.wire_f_per_load = energy.wire_f_per_load;
  settings.sampled_share = energy.sampled_share;
  settings.seed = seed;
  settings.clock_fanout = energy.clock_tree_fanout;
  settings.clock_buffer = energy.clock_tree_buffer;
  settings.net_fanout = energy.net_fanout;
  settings.net_buffer = energy.net_buffer;
  return settings;
}

GateLevelResult report_gates(const std::vector<const rtl::GateMeter*>& meters, const scenario::DigitalEnergy& energy,
                             const std::string& platform, double temperature_k, std::vector<std::string>& failures) {
  GateLevelResult gates;
  gates.library = energy.library_path;
  const double bit_j = support::kBoltzmann_J_per_K * temperature_k * support::kLn2;
  double intervals_j2 = 0, differences_j = 0;
  bool gate_bits = true, register_bits = true;
  double gate_j = 0, register_j = 0;
  for (const rtl::GateMeter* meter : meters) {
    gates.cells += meter->cells();
    gates.registers += meter->registers();
    gates.clock_buffers += meter->clock_buffers();
    gates.net_buffers += meter->net_buffers();
    gates.cycles_simulated += meter->cycles_simulated();
    gates.windows_joined += meter->windows_joined();
    gates.wire_estimate = meter->wire_estimate();
    rtl::GateEnergy sum;
    for (const auto& batch : meter->energies())
      for (const auto& sample : batch)
        for (const rtl::GateEnergy& layer : sample) sum += layer;
    const double cycles = double(sum.cycles);
    gates.logic_j += sum.total_j();
    gates.clock_tree_j += meter->clock_tree_j_per_cycle() * cycles;
    intervals_j2 += meter->interval_j() * meter->interval_j();
    differences_j += meter->weights_difference() * sum.total_j();
    gate_bits = gate_bits && meter->gate_bits_per_cycle();
    register_bits = register_bits && meter->register_bits_per_cycle();
    gate_j += meter->gate_bits_per_cycle().value_or(0) * cycles * bit_j;
    register_j += meter->register_bits_per_cycle().value_or(0) * cycles * bit_j;
    gates.glitch_estimate_j += meter->glitch_estimate_j_per_cycle() * cycles;
    if (!meter->disagreement().empty()) failures.push_back("platform " + platform + ": " + meter->disagreement());
  }
  if (gates.logic_j > 0) {
    gates.sampling_error = std::sqrt(intervals_j2) / gates.logic_j;
    gates.weights_difference = differences_j / gates.logic_j;
  }
  if (gate_bits) gates.landauer_gate_j = gate_j;
  if (register_bits) gates.landauer_register_j = register_j;
  return gates;
}

void add_figures(const std::vector<std::string>& technologies, std::size_t samples, std::size_t macs, bool floating,
                 GateLevelResult& gates) {
  if (std::find(technologies.begin(), technologies.end(), "180 nm") != technologies.end()) {
    const gate_level::TechnologyNode& from = gate_level::technology_nodes().front();
    for (const gate_level::TechnologyNode& node : gate_level::technology_nodes()) {
      if (node.nanometres == from.nanometres) continue;
      std::ostringstream name;
      name << "logic scaled to " << node.nanometres << " nm, " << node.voltage_v << " V";
      gates.figures.push_back(
          {name.str(), "Stillmaker and Baas 2017, DOI 10.1016/j.vlsi.2017.02.002",
           gates.logic_j / double(samples) *
               gate_level::energy_ratio(from.nanometres, from.voltage_v, node.nanometres, node.voltage_v)});
    }
  }
  if (macs == 0) return;
  if (floating)
    gates.figures.push_back(
        {"per-operation table at 45 nm: MACs x (16-bit floating multiplication + 32-bit floating addition)",
         "Horowitz, ISSCC 2014, DOI 10.1109/ISSCC.2014.6757323: 1.1 pJ + 0.9 pJ", double(macs) * 2.0e-12});
  else
    gates.figures.push_back({"per-operation table at 45 nm: MACs x (8-bit multiplication + 32-bit addition)",
                             "Horowitz, ISSCC 2014, DOI 10.1109/ISSCC.2014.6757323: 0.2 pJ + 0.1 pJ",
                             double(macs) * 0.3e-12});
  gates.figures.push_back({"the papers' 16-bit FLOP: 2 MACs x 5e-13 J", "5e-13 J a FLOP, as the papers quote for a GPU",
                           2 * double(macs) * 5e-13});
}

}  // namespace szilard::cosim
