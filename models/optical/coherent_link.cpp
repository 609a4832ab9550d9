// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "models/optical/coherent_stage_impl.hpp"

namespace szilard::optical {

/// Signal and noise behind the worst path. Of amplifiers what each brings into the output's mode, at gains of faint
/// light.
PathResponse CoherentStage::Impl::response(const CoherentTile& tile) const {
  const double gain = output_gain(tile), photon_j = parameters_.photon_energy_j();
  PathResponse path;
  path.current_per_root_w =
      2 * parameters_.responsivity() * std::sqrt(parameters_.local_oscillator_w * gain / tile.path_loss);
  path.detected_share = gain / tile.path_loss;
  path.detected_w = parameters_.local_oscillator_w;
  if (parameters_.input_amplifier && !ways_.from)
    path.spontaneous_w_per_hz += path.detected_share * parameters_.input_amplifier->spontaneous_w_per_hz(
                                                           parameters_.input_amplifier->gain, photon_j);
  if (tile.row_amplifiers > 0)
    path.spontaneous_w_per_hz +=
        gain / std::sqrt(tile.path_loss) * parameters_.gain_row->spontaneous_w_per_hz(tile.row_gain, photon_j);
  if (parameters_.output_amplifier)
    path.spontaneous_w_per_hz += parameters_.output_amplifier->spontaneous_w_per_hz(gain, photon_j);
  return path;
}

const CoherentTile& CoherentStage::Impl::worst_tile() const {
  return *std::max_element(tiles_.begin(), tiles_.end(),
                           [](const CoherentTile& a, const CoherentTile& b) { return a.path_loss < b.path_loss; });
}

void CoherentStage::Impl::solve_light() {
  if (parameters_.wanted_error <= 0 || ways_.to) return;
  wanted_light_w_ = solve_light_power_w(response(worst_tile()), parameters_);
  if (!ways_.from)
    parameters_.light_power_w = {wanted_light_w_, "solved for the wanted error on the worst path", "choice"};
}

LinkBudget CoherentStage::Impl::link() const {
  std::size_t arms = 0, receivers = 0, inputs = 0, row = 0, outputs = 0;
  double in = 0, absorbed = 0, auxiliary = 0, gained = 0, out = 0, heaters_w = 0, output_gain_share = 0;
  for (const CoherentTile& tile : tiles_) {
    arms += ways_.from ? tile.terms - map_.terms : tile.terms;
    receivers += ways_.to ? 0 : tile.outputs;
    in += static_cast<double>(tile.terms);
    absorbed += tile.full_absorbed;
    auxiliary += tile.full_auxiliary;
    gained += tile.full_gained;
    out += tile.full_out;
    heaters_w += tile.report.heaters_w;
    inputs += tile.inputs.empty() ? 0 : tile.lit;
    row += tile.row_amplifiers;
    outputs += output_gain(tile) > 1 ? tile.outputs : 0;
    output_gain_share += (output_gain(tile) - 1) * tile.full_out;
  }
  const double power_w = parameters_.light_power_w;
  LinkBudget budget = link_to_medium(parameters_, arms, receivers, parameters_.local_oscillator_w, input_gain());
  const double handed_w = ways_.from ? static_cast<double>(map_.terms) * power_w : 0, in_w = in * power_w;
  if (handed_w > 0) budget.light.push_back({"from the layer before", in_w - handed_w, -handed_w});
  budget.light.push_back({"medium", in_w, absorbed * power_w});
  budget.light.push_back({"auxiliary ports", in_w - absorbed * power_w, auxiliary * power_w});
  if (row > 0) budget.light.push_back({"gain row, adds", in_w - (absorbed + auxiliary) * power_w, -gained * power_w});
  if (outputs > 0) budget.light.push_back({"output amplifiers, add", out * power_w, -output_gain_share * power_w});
  const double behind_w = (out + output_gain_share) * power_w;
  if (ways_.to) budget.light.push_back({"to the next layer", behind_w, behind_w});
  else budget.detected_w += behind_w;
  budget.electrical_w += heaters_w;
  if (inputs > 0) budget.electrical_w += static_cast<double>(inputs) * parameters_.input_amplifier->electrical_w();
  if (row > 0) budget.electrical_w += static_cast<double>(row) * parameters_.gain_row->electrical_w();
  if (outputs > 0) budget.electrical_w += static_cast<double>(outputs) * parameters_.output_amplifier->electrical_w();

  const CoherentTile& worst = worst_tile();
  if (ways_.from) budget.worst_path = {{"handed over", 1, 1}};
  if (worst.interferometers_in_path > 0)
    budget.worst_path.push_back({"interferometers", worst.interferometers_in_path, worst.path_loss});
  else if (worst.path_loss > 1) budget.worst_path.push_back({"scattering into other modes", 1, worst.path_loss});
  if (output_gain(worst) > 1) budget.worst_path.push_back({"output amplifier", 1, 1 / output_gain(worst)});
  CoherentParameters seen = parameters_;
  if (ways_.to) {
    seen.noise = {};
    seen.intensity_noise_per_hz = 0.0;
  }
  close_path(budget, response(worst), seen);
  return budget;
}

const char* CoherentStage::medium() const {
  return impl_->parameters().medium == Medium::mzi_mesh ? "mzi_mesh" : "scattering_medium";
}

}  // namespace szilard::optical
