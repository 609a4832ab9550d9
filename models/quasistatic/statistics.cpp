// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "models/quasistatic/ramp.hpp"

namespace szilard::quasistatic {
namespace {

struct Moments {
  double mean = 0, variance = 0;  ///< unbiased; 0 of one number
};

template <typename Number>
Moments moments(std::size_t first, std::size_t count, const Number& number) {
  Moments out;
  for (std::size_t p = 0; p < count; ++p) out.mean += number(first + p);
  out.mean /= double(count);
  for (std::size_t p = 0; p < count; ++p)
    out.variance += (number(first + p) - out.mean) * (number(first + p) - out.mean);
  out.variance = count > 1 ? out.variance / double(count - 1) : 0;
  return out;
}

}  // namespace

RampStatistics summarise(const RampResult& result, std::size_t paths, double kT) {
  if (paths == 0 || result.work.empty() || result.work.size() % paths)
    throw std::invalid_argument("no whole number of samples");
  const std::size_t samples = result.work.size() / paths;
  RampStatistics out;
  double work_error = 0, jarzynski_error = 0;
  for (std::size_t s = 0; s < samples; ++s) {
    const Moments work = moments(s * paths, paths, [&](std::size_t p) { return result.work[p]; });
    const Moments heat = moments(s * paths, paths, [&](std::size_t p) { return result.heat[p]; });
    out.mean_work += work.mean / double(samples);
    out.mean_heat += heat.mean / double(samples);
    out.work_variance += work.variance / double(samples);
    work_error += work.variance / double(paths);
    if (kT == 0) continue;
    const Moments weight = moments(s * paths, paths, [&](std::size_t p) { return std::exp(-result.work[p] / kT); });
    out.jarzynski_average += weight.mean / double(samples);
    jarzynski_error += weight.variance / double(paths);
  }
  out.standard_error = std::sqrt(work_error) / double(samples);
  out.jarzynski_standard_error = std::sqrt(jarzynski_error) / double(samples);
  if (kT == 0) out.jarzynski_average = out.jarzynski_standard_error = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t p = 0; p < result.work.size(); ++p) {
    const double w = result.work[p], q = result.heat[p], du = result.energy_change[p];
    const double scale = std::max({std::abs(w), std::abs(q), std::abs(du), kT});
    if (scale > 0) out.first_law_residual = std::max(out.first_law_residual, std::abs(w - q - du) / scale);
  }
  return out;
}

std::vector<std::vector<double>> covariance(const support::SignalBlock& units, std::size_t paths) {
  if (paths == 0 || units.samples() % paths) throw std::invalid_argument("no whole number of samples");
  const std::size_t n = units.features(), samples = units.samples() / paths;
  std::vector<std::vector<double>> out(n, std::vector<double>(n, 0.0));
  if (paths < 2) return out;
  for (std::size_t s = 0; s < samples; ++s) {
    Eigen::MatrixXd deviations{Eigen::Index(n), Eigen::Index(paths)};
    for (std::size_t i = 0; i < n; ++i)
      deviations.row(Eigen::Index(i)) =
          Eigen::Map<const Eigen::RowVectorXd>(units.row(i) + s * paths, Eigen::Index(paths));
    deviations.colwise() -= deviations.rowwise().mean().eval();
    const Eigen::MatrixXd products = deviations * deviations.transpose() / (double(paths - 1) * double(samples));
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) out[i][j] += products(Eigen::Index(i), Eigen::Index(j));
  }
  return out;
}

}  // namespace szilard::quasistatic
