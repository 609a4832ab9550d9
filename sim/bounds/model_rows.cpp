// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <stdexcept>

#include "models/support/units.hpp"
#include "sim/bounds/row_maker.hpp"
#include "sim/bounds/workload_rows.hpp"

namespace szilard::bounds {
namespace {

constexpr double kSecondsPerHour = 3600;

}  // namespace

void inference_rows(const Workload& w, double t, RowMaker& rows) {
  const double n = w.at("parameters"), flop = w.at("flop_per_parameter") * n, bits = w.at("bits_per_flop");
  const double nu = w.at("neurons"), p = w.at("activity"), thermal = thermal_j(t), bit = landauer_j(t);
  const std::string per_token = support::shortest(w.at("flop_per_parameter")) + " FLOP per parameter";
  rows.add("R5.inference", "FLOP of one inference", "1", flop, per_token);
  const double computed = flop * w.at("energy_per_flop");
  if (w.has("measured_energy"))
    rows.add("R35.current", "energy of one inference today", "J", computed, w.at("measured_energy"),
             per_token + " x energy per FLOP; corrected: measured (" + w.inputs.at("measured_energy").source +
                 "), memory-bound, so J/FLOP does not give it (D7)");
  else rows.add("R35.current", "energy of one inference today", "J", computed, per_token + " x energy per FLOP");
  rows.add("R35.landauer", "digital inference at Landauer's limit", "J", flop * bits * bit,
           per_token + " x " + support::shortest(bits) + " bit x kT ln2 (D5)");
  rows.add("R35.dynamic", "dynamic analog inference, Eq. 5", "J", nu * thermal * binary_entropy_nat(p),
           support::shortest(nu) + " neurons reset with activation probability " + support::shortest(p) +
               ", exact entropy (D5)");
  rows.add("R35.quasi_static", "quasi-static analog inference, Eq. 7", "J", 0.0, "reversible: no lower bound");
  rows.add("D1.small_p", "Eq. 5 in its small-p form", "J", nu * thermal * p * (1 - std::log(p)),
           nu * thermal * binary_entropy_nat(p), "overstates the exact form, so it is no bound (D1)");
  rows.add("D5.landauer_6n", "Landauer's limit with 6 FLOP per parameter", "J", 6 * n * bits * bit,
           "the training count, D5");
  rows.add("D5.landauer_100n", "Landauer's limit with 100 N kT", "J", 100 * n * thermal,
           "the coefficient of Eq. 17, D5");
  if (const auto printed = w.paper.find("R35.dynamic"); printed != w.paper.end())
    rows.add("D5.neurons", "neurons at p = 1/2 that the printed dynamic bound needs", "1", printed->second / bit,
             "printed value over kT ln2");
  if (w.has("gated_neurons"))
    rows.add("D5.dynamic_gated", "dynamic bound with one neuron per gated pair", "J",
             w.at("gated_neurons") * thermal * binary_entropy_nat(p),
             support::shortest(w.at("gated_neurons")) + " neurons");
  if (w.has("sparse_activity"))
    rows.add("D5.dynamic_sparse", "dynamic bound with sparse activity", "J",
             nu * thermal * binary_entropy_nat(w.at("sparse_activity")),
             "p = " + support::shortest(w.at("sparse_activity")) + ", as Eq. 5 presupposes p << 1");
}

void training_rows(const Workload& w, double t, RowMaker& rows) {
  const double n = w.at("parameters"), active = w.at("active_parameters"), thermal = thermal_j(t), bit = landauer_j(t);
  const double flop = w.at("flop_per_parameter") * active, bits = w.at("bits_per_flop");
  const std::string per_token = support::shortest(w.at("flop_per_parameter")) + " FLOP per active parameter";
  rows.add("R5.training", "FLOP of the whole training", "1", flop * w.at("tokens"), per_token + " and token");
  if (w.has("gpu_time_h") && w.has("gpu_power")) {
    const double per_watt = w.at("gpu_time_h") * kSecondsPerHour / w.at("tokens");
    rows.add("R36.current", "energy per token of today's training", "J", per_watt * w.at("gpu_power"),
             per_watt * (w.has("gpu_power_corrected") ? w.at("gpu_power_corrected") : w.at("gpu_power")),
             "GPU hours x power over tokens; corrected with the power of the boards in use (D7)");
  }
  const double digital = flop * bits * bit, analog = 2 * n * thermal;
  rows.add("R36.landauer", "digital training at Landauer's limit, per token", "J", digital,
           per_token + " x " + support::shortest(bits) + " bit x kT ln2 (D6)");
  rows.add("R36.analog", "quasi-static analog training, Eq. 16, per token", "J", analog, "2 N kT with every parameter");
  rows.add("R31.ratio", "digital over analog training bound", "1", digital / analog,
           "Eq. 17 over Eq. 16; below 1 training in silico may win");
  rows.add("D6.landauer_rounded", "Eq. 17 as printed, per token", "J", 100 * active * thermal, digital,
           "100 N_a kT; corrected: unrounded");
  rows.add("D6.analog_active", "Eq. 16 with active parameters only", "J", 2 * active * thermal,
           "2 N_a kT: not what Eq. 16 says");
  if (w.has("low_bits_per_flop")) {
    const double low = flop * w.at("low_bits_per_flop") * bit;
    rows.add("D6.landauer_low_precision", "digital limit at the precision in use, per token", "J", low,
             support::shortest(w.at("low_bits_per_flop")) + " bit per FLOP");
    rows.add("D6.ratio_low_precision", "the same over the analog bound", "1", low / analog,
             "below 1: the MoE claim holds at this precision");
  }
}

void brain_rows(const Workload& w, double t, RowMaker& rows) {
  const double neurons = w.at("neurons"), rate = w.at("firing_rate"), bit = landauer_j(t);
  const auto resets = [&](double cycle) { return neurons / cycle * binary_entropy_nat(rate * cycle) / support::kLn2; };
  const double cycle = w.at("cycle_time"), long_cycle = w.at("long_cycle_time");
  const auto ms = [](double time) { return support::shortest(time * 1e3) + " ms"; };
  const std::string at = support::quantity_text(t, support::Dimension::temperature);
  rows.add("R1.landauer_brain", "erasure of one bit at body temperature", "J", bit, "kT ln2 at " + at);
  rows.add("R14.upper", "upper bound on the brain's rate", "bit/s", w.at("power") / bit, "power over kT ln2 at " + at);
  rows.add("R14.lower", "lower figure of the brain's rate", "bit/s", neurons * rate, resets(cycle),
           "v1: every transition one bit; corrected: Eq. 5 with a reset every " + ms(cycle) + " (D4)");
  rows.add("R14.window_low", "lower end of the likely window", "bit/s", {}, {},
           "a judgement of the papers, without a formula");
  rows.add("R14.window_high", "upper end of the likely window", "bit/s", {}, {},
           "a judgement of the papers, without a formula");
  rows.add(
      "D4.lower_long_cycle", "the same with longer cycles", "bit/s", neurons * rate, resets(long_cycle),
      "Eq. 5 with a reset every " + ms(long_cycle) + ": the figure depends on a cycle that the paper does not fix");
  rows.add("D4.lower_power", "power at the lower figure", "W", neurons * rate * bit, resets(cycle) * bit,
           "rate x kT ln2");
}

std::vector<BoundRow> network_rows(const NetworkSize& network, double temperature_k) {
  if (!(temperature_k > 0 && std::isfinite(temperature_k))) throw std::invalid_argument("temperature is above 0 K");
  static const std::map<std::string, double> none;
  const double n = network.parameters, macs = network.macs, thermal = thermal_j(temperature_k),
               bit = landauer_j(temperature_k);
  const std::string of = network.name + ": ";
  RowMaker rows(none);
  rows.add("R5.network_flop", "FLOP of one inference of the network", "1", 2 * n, 2 * macs,
           of + "2 FLOP per parameter; corrected: 2 per multiply-add counted, parameters are used more than once");
  rows.add("R35.network_current", "energy at 5e-13 J per FLOP", "J", 2 * n * 5e-13, 2 * macs * 5e-13,
           of + "v2's figure for GPUs");
  rows.add("R35.network_landauer", "digital inference at Landauer's limit", "J", 2 * n * 16 * bit, 2 * macs * 16 * bit,
           of + "16 bit per FLOP");
  rows.add(
      "R35.network_dynamic", "dynamic analog inference, Eq. 5", "J", network.neurons * bit,
      of + support::shortest(network.neurons) + " neurons at p = 1/2, the most they can cost; a run knows their p");
  rows.add("R35.network_quasi_static", "quasi-static analog inference, Eq. 7", "J", 0.0,
           of + "reversible: no lower bound");
  rows.add("R36.network_landauer", "digital training at Landauer's limit, per sample", "J", 6 * n * 16 * bit,
           6 * macs * 16 * bit, of + "6 FLOP per parameter (corrected: per multiply-add), 16 bit each");
  rows.add("R36.network_analog", "quasi-static analog training, Eq. 16, per sample", "J", 2 * n * thermal,
           of + "2 N kT");
  return rows.take();
}

std::vector<BoundRow> workload_rows(const Workload& workload, std::optional<double> temperature_k) {
  const double t = temperature_k.value_or(workload.at("temperature"));
  if (!(t > 0 && std::isfinite(t))) throw std::invalid_argument("temperature is above 0 K");
  RowMaker rows(workload.paper);
  switch (workload.kind) {
    case WorkloadKind::inference:
      inference_rows(workload, t, rows);
      break;
    case WorkloadKind::training:
      training_rows(workload, t, rows);
      break;
    case WorkloadKind::brain:
      brain_rows(workload, t, rows);
      break;
    case WorkloadKind::earth:
      earth_rows(workload, t, rows);
      break;
  }
  return rows.take();
}

}  // namespace szilard::bounds
