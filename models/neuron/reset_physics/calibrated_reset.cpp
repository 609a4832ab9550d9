// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/reset_physics/calibrated_reset.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace szilard::reset_physics {
namespace {

std::size_t place(double u, std::size_t size) {
  if (size == 0) throw std::out_of_range("the ensemble holds no reset from this state");
  return std::min(size - 1, std::size_t(u * double(size)));
}

}  // namespace

CalibratedReset::CalibratedReset(const ResetPaths& ensemble) {
  if (ensemble.size() < 2) throw std::invalid_argument("a calibration needs at least two paths");
  for (std::size_t i = 0; i < ensemble.size(); ++i)
    tables_[ensemble.start_state[i] ? 1 : 0].push_back(
        {ensemble.work_kT[i], ensemble.heat_kT[i], ensemble.end_state[i] != 0});
  for (std::vector<Draw>& table : tables_)
    std::stable_sort(table.begin(), table.end(), [](const Draw& a, const Draw& b) { return a.work_kT < b.work_kT; });
}

CalibratedReset::Draw CalibratedReset::draw(bool start_state, const support::RandomStream& random, std::uint64_t sample,
                                            std::uint32_t index) const {
  const std::vector<Draw>& drawn = table(start_state);
  return drawn[place(random.uniform(sample, index), drawn.size())];
}

double CalibratedReset::mean_work_kT(bool start_state) const {
  double sum = 0;
  for (const Draw& entry : table(start_state)) sum += entry.work_kT;
  return sum / double(paths(start_state));
}

double CalibratedReset::standard_error_kT(bool start_state) const {
  const double mean = mean_work_kT(start_state), count = double(paths(start_state));
  double sum = 0;
  for (const Draw& entry : table(start_state)) sum += (entry.work_kT - mean) * (entry.work_kT - mean);
  return std::sqrt(sum / (count - 1) / count);
}

double CalibratedReset::error_probability(bool start_state) const {
  double failed = 0;
  for (const Draw& entry : table(start_state)) failed += entry.failed;
  return failed / double(paths(start_state));
}

double CalibratedReset::work_quantile_kT(bool start_state, double u) const {
  if (!(u >= 0 && u <= 1)) throw std::invalid_argument("a share lies in [0, 1]");
  return table(start_state)[place(u, paths(start_state))].work_kT;
}

}  // namespace szilard::reset_physics
