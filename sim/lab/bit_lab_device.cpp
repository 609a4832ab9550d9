// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/lab/bit_lab_device.hpp"

#include <cmath>

#include "models/neuron/drawn_reset.hpp"
#include "models/neuron/reset_physics/reset_paths.hpp"
#include "models/support/constants.hpp"

namespace szilard::lab {
namespace {

double entropy(double p) { return (p > 0 ? -p * std::log(p) : 0) - (p < 1 ? (1 - p) * std::log1p(-p) : 0); }

std::unique_ptr<neuron::ResetPhysics> physics_of(const BitRequest& request, const scenario::NeuronSpec& spec) {
  if (request.model == "cmos_latch") return neuron::make_cmos_latch(spec.latch);
  return neuron::make_device_reset(spec.device, 1, {request.seed, "lab/bit/" + request.model});
}

}  // namespace

scenario::NeuronSpec device_neuron(const BitRequest& request) {
  return scenario::neuron_of_preset(request.model, request.preset, request.temperature_k);
}

BitResult run_device(const BitRequest& request) {
  const scenario::NeuronSpec spec = device_neuron(request);
  const std::unique_ptr<neuron::ResetPhysics> physics = physics_of(request, spec);
  const double kt_j = support::kBoltzmann_J_per_K * request.temperature_k;
  const support::RandomStream starts(request.seed, support::stream_of("lab/bit/device_start"));
  reset_physics::ResetPaths paths(request.paths);
  const neuron::EventEnergy set = physics->set(0), reset = physics->reset(0, true);
  for (std::size_t i = 0; i < request.paths; ++i) {
    const std::uint8_t state = starts.uniform(i, 0) < request.bias;
    paths.start_state[i] = state;
    if (!state) continue;
    paths.work_kT[i] = (set.supplied + reset.supplied).joules() / kt_j;
    paths.heat_kT[i] = (set.dissipated + reset.dissipated).joules() / kt_j;
    paths.energy_change_kT[i] = (set.stored + reset.stored).joules() / kt_j;
    if (!physics->is_drawn()) continue;
    neuron::DrawnReset drawn;
    physics->draw(i, 1, &state, &drawn);
    paths.end_state[i] = drawn.failed;
  }
  const reset_physics::ResetStatistics statistics = reset_physics::summarise(paths, request.bias);
  BitResult out;
  out.device = BitResult::Device{request.preset,
                                 physics->is_drawn() ? spec.device.set_j.value : set.supplied.joules(),
                                 physics->is_drawn() ? spec.device.reset_j.value : reset.supplied.joules(),
                                 double(physics->set_duration_ps()) * 1e-12,
                                 double(physics->reset_duration_ps()) * 1e-12,
                                 physics->is_drawn() ? spec.device.error_probability() : 0};
  out.mean_work_kT = statistics.mean_work_kT;
  out.standard_error_kT = statistics.standard_error_kT;
  out.mean_heat_kT = statistics.mean_heat_kT;
  out.variance_kT2 = statistics.variance_kT2;
  out.first_law_residual = statistics.first_law_residual;
  out.success_probability = statistics.success_probability;
  out.jarzynski_from = "none: cited energies, not a protocol on paths";
  out.landauer_kT = out.floor_kT =
      std::max(0.0, entropy(request.bias) - entropy(request.bias * out.device->error_probability));
  out.floor_from = "h(P) - h(error)";
  out.share_below_floor = reset_physics::share_below(paths, out.floor_kT);
  const double each_kT = (set.supplied + reset.supplied).joules() / kt_j;
  out.exact_work_kT = request.bias * each_kT;
  out.exact_variance_kT2 = request.bias * (1 - request.bias) * each_kT * each_kT;
  return out;
}

}  // namespace szilard::lab
