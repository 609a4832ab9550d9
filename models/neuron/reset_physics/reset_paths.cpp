// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/reset_physics/reset_paths.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace szilard::reset_physics {

ResetPaths::ResetPaths(std::size_t paths)
    : work_kT(paths), heat_kT(paths), energy_change_kT(paths), start_state(paths), end_state(paths) {}

ResetStatistics summarise(const ResetPaths& paths, double start_occupation, double equilibrium_occupation) {
  const std::size_t n = paths.size();
  if (n < 2) throw std::invalid_argument("statistics of resets need at least two paths");
  ResetStatistics out;
  double work = 0, heat = 0, weight = 0, weight_square = 0, weight_success = 0;
  std::size_t success = 0, started_in_one = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double w = paths.work_kT[i], q = paths.heat_kT[i], du = paths.energy_change_kT[i];
    const bool one = paths.start_state[i] != 0, reset = paths.end_state[i] == 0;
    work += w;
    heat += q;
    const double ratio =
        one ? equilibrium_occupation / start_occupation : (1 - equilibrium_occupation) / (1 - start_occupation);
    const double e = std::exp(-w) * ratio;
    weight += e;
    weight_square += e * e;
    if (reset) weight_success += e;
    success += reset;
    started_in_one += one;
    const double scale = std::max({1.0, std::abs(w), std::abs(q), std::abs(du)});
    out.first_law_residual = std::max(out.first_law_residual, std::abs(w - q - du) / scale);
  }
  const double count = double(n);
  out.mean_work_kT = work / count;
  out.mean_heat_kT = heat / count;
  double squares = 0;
  for (double w : paths.work_kT) squares += (w - out.mean_work_kT) * (w - out.mean_work_kT);
  out.variance_kT2 = squares / (count - 1);
  out.standard_error_kT = std::sqrt(out.variance_kT2 / count);
  out.success_probability = double(success) / count;
  out.rarest_end = double(std::min(success, n - success)) / count;
  out.rarest_start = double(std::min(started_in_one, n - started_in_one)) / count;
  out.jarzynski_average = weight / count;
  out.jarzynski_standard_error =
      std::sqrt(std::max(0.0, weight_square / count - out.jarzynski_average * out.jarzynski_average) / count);
  out.jarzynski_success = success > 0 ? weight_success / double(success) : 0;
  return out;
}

double share_below(const ResetPaths& paths, double floor_kT) {
  const auto below = std::count_if(paths.work_kT.begin(), paths.work_kT.end(), [&](double w) { return w < floor_kT; });
  return paths.size() == 0 ? 0 : double(below) / double(paths.size());
}

}  // namespace szilard::reset_physics
