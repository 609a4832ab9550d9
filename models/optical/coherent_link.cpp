// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "models/optical/coherent_stage_impl.hpp"

namespace szilard::optical {
namespace {

PathResponse response(const CoherentTile& tile, const CoherentParameters& parameters) {
  PathResponse path;
  path.current_per_root_w = 2 * parameters.responsivity() * std::sqrt(parameters.local_oscillator_w / tile.path_loss);
  path.detected_share = 1 / tile.path_loss;
  path.detected_w = parameters.local_oscillator_w;
  return path;
}

}  // namespace

const CoherentTile& CoherentStage::Impl::worst_tile() const {
  return *std::max_element(tiles_.begin(), tiles_.end(),
                           [](const CoherentTile& a, const CoherentTile& b) { return a.path_loss < b.path_loss; });
}

void CoherentStage::Impl::solve_light() {
  if (parameters_.wanted_error > 0)
    parameters_.light_power_w = {solve_light_power_w(response(worst_tile(), parameters_), parameters_),
                                 "solved for the wanted error on the worst path", "choice"};
}

LinkBudget CoherentStage::Impl::link() const {
  std::size_t arms = 0, receivers = 0;
  double absorbed = 0, auxiliary = 0, out = 0, heaters_w = 0;
  for (const CoherentTile& tile : tiles_) {
    arms += tile.terms;
    receivers += tile.outputs;
    absorbed += tile.full_absorbed;
    auxiliary += tile.full_auxiliary;
    out += tile.full_out;
    heaters_w += tile.report.heaters_w;
  }
  const double power_w = parameters_.light_power_w;
  LinkBudget budget = link_to_medium(parameters_, arms, receivers, parameters_.local_oscillator_w);
  const double in_w = static_cast<double>(arms) * power_w;
  budget.light.push_back({"medium", in_w, absorbed * power_w});
  budget.light.push_back({"auxiliary ports", in_w - absorbed * power_w, auxiliary * power_w});
  budget.detected_w += out * power_w;
  budget.electrical_w += heaters_w;

  const CoherentTile& worst = worst_tile();
  if (worst.interferometers_in_path > 0)
    budget.worst_path.push_back({"interferometers", worst.interferometers_in_path, worst.path_loss});
  else if (worst.path_loss > 1)
    budget.worst_path.push_back({"scattering into other modes", 1, worst.path_loss});
  close_path(budget, response(worst, parameters_), parameters_);
  return budget;
}

const char* CoherentStage::medium() const {
  return impl_->parameters().medium == Medium::mzi_mesh ? "mzi_mesh" : "scattering_medium";
}

}  // namespace szilard::optical
