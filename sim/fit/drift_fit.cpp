// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "sim/fit/fit_parts.hpp"
#include "sim/fit/variance_fit.hpp"

namespace szilard::fit {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

struct Slope {
  double log_g = 0, nu = 0, error = 0;
};

MatrixXd log_basis(const std::vector<Slope>& slopes, double first, double second) {
  MatrixXd basis(static_cast<Index>(slopes.size()), 2);
  for (std::size_t i = 0; i < slopes.size(); ++i) {
    basis(static_cast<Index>(i), 0) = std::clamp(slopes[i].log_g, first, second);
    basis(static_cast<Index>(i), 1) = 1;
  }
  return basis;
}

// The straight line in ln g that may become constant at either end: breaks are tried at quantiles of the data, each
// costs one parameter.
template <typename Fit>
FittedLogLaw best_log_law(const std::vector<Slope>& slopes, const Fit& fit_basis) {
  std::vector<double> places;
  for (const Slope& one : slopes) places.push_back(one.log_g);
  std::sort(places.begin(), places.end());
  const auto quantile = [&](int tenth) { return places[(places.size() - 1) * static_cast<std::size_t>(tenth) / 20]; };
  const double price = std::log(static_cast<double>(slopes.size()));
  FittedLogLaw best;
  double best_criterion = std::numeric_limits<double>::infinity();
  const auto keep = [&](const LinearLaw& law, double first, double second, double parameters) {
    const double criterion = parameters * price - 2 * law.log_likelihood;
    if (!(criterion < best_criterion)) return;
    best_criterion = criterion;
    const bool is_flat = law.coefficients.size() == 1;
    const double slope = is_flat ? 0 : law.coefficients(0), offset = law.coefficients(is_flat ? 0 : 1);
    best = {};
    best.slope = slope, best.offset = offset;
    best.first_break = first, best.second_break = second;
    const double a = slope * first + offset, b = slope * second + offset;
    best.lowest = std::max(0.0, std::min(a, b));
    best.highest = std::max(0.0, std::max(a, b));
    const Index o = is_flat ? 0 : 1;
    best.slope_error = {slope, is_flat ? 0 : std::sqrt(law.covariance(0, 0))};
    best.offset_error = {offset, std::sqrt(law.covariance(o, o))};
    best.covariance = is_flat ? 0 : law.covariance(0, 1);
  };
  const MatrixXd ones = MatrixXd::Ones(static_cast<Index>(slopes.size()), 1);
  if (const auto law = fit_basis(ones)) keep(*law, places.front(), places.back(), 1);
  for (int i = 0; i < 20; ++i) {
    for (int j = i + 2; j <= 20; ++j) {
      const double first = quantile(i), second = quantile(j);
      if (!(second > first)) continue;
      if (const auto law = fit_basis(log_basis(slopes, first, second)))
        keep(*law, first, second, 2 + (i > 0) + (j < 20));
    }
  }
  return best;
}

VectorXd values_at(const FittedLogLaw& law, const std::vector<Slope>& slopes) {
  VectorXd out(static_cast<Index>(slopes.size()));
  for (std::size_t i = 0; i < slopes.size(); ++i)
    out(static_cast<Index>(i)) = std::clamp(law.slope * slopes[i].log_g + law.offset, law.lowest, law.highest);
  return out;
}

// Slopes of ln G against ln t with the errors that read noise gives them.
std::vector<Slope> slopes_of(const Measurements& data, const DeviceFit& fit, DeviceFit::Drift& drift) {
  std::vector<Slope> slopes;
  double residual = 0, freedom = 0;
  for (const Cell& cell : data.cells) {
    std::vector<double> x, y, variance;
    for (const Reading& reading : cell.readings) {
      const double g = mean_of(reading.conductances_s);
      if (reading.time_s < drift.reference_time_s || !(g > 0)) continue;
      x.push_back(std::log(reading.time_s / drift.reference_time_s));
      y.push_back(std::log(g));
      variance.push_back(read_variance_s2(fit, g) / (g * g) / static_cast<double>(reading.conductances_s.size()));
    }
    // A cell that reads nearly nothing says nothing about its exponent.
    const double first = y.empty() ? 0 : std::exp(y.front());
    if (x.size() < 2 || x.front() != 0 || first < 0.01 * fit.maximum_conductance_s) continue;
    const double sigma =
        fit.programming_error_s.empty() ? 0 : fit.programming_sigma_s(cell.target_s / fit.maximum_conductance_s).value;
    if (std::abs(first - cell.target_s) > 2 * kOutlier * sigma && sigma > 0) continue;
    const double mean_x = mean_of(x), mean_y = mean_of(y);
    double xx = 0, xy = 0, error = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      xx += (x[i] - mean_x) * (x[i] - mean_x);
      xy += (x[i] - mean_x) * (y[i] - mean_y);
    }
    for (std::size_t i = 0; i < x.size(); ++i) error += (x[i] - mean_x) * (x[i] - mean_x) * variance[i] / (xx * xx);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double rest = y[i] - mean_y - xy / xx * (x[i] - mean_x);
      residual += rest * rest;
    }
    freedom += static_cast<double>(x.size()) - 2;
    slopes.push_back({std::log(first / fit.maximum_conductance_s), -xy / xx, std::sqrt(error)});
  }
  if (freedom > 0) drift.residual = std::sqrt(residual / freedom);
  return slopes;
}

}  // namespace

Estimate FittedLogLaw::at(double g) const {
  const double x = std::clamp(std::log(g), first_break, second_break);
  const double variance = slope_error.standard_error * slope_error.standard_error * x * x + 2 * covariance * x +
                          offset_error.standard_error * offset_error.standard_error;
  return {std::clamp(slope * x + offset, lowest, highest), std::sqrt(std::max(0.0, variance))};
}

void fit_drift(const Measurements& data, DeviceFit& fit) {
  DeviceFit::Drift drift;
  drift.reference_time_s = std::numeric_limits<double>::infinity();
  std::set<double> times;
  for (const Cell& cell : data.cells)
    for (const Reading& reading : cell.readings)
      if (reading.time_s > 0) times.insert(reading.time_s);
  if (times.size() < 2) return;
  drift.reference_time_s = *times.begin();
  drift.has_read_noise = fit.read_noise != DeviceFit::ReadNoise::unknown;
  const std::vector<Slope> slopes = slopes_of(data, fit, drift);
  if (slopes.size() < kFewestCells) return;
  const auto n = static_cast<Index>(slopes.size());
  VectorXd nu(n), known(n);
  for (Index i = 0; i < n; ++i) {
    nu(i) = slopes[static_cast<std::size_t>(i)].nu;
    known(i) = slopes[static_cast<std::size_t>(i)].error * slopes[static_cast<std::size_t>(i)].error;
  }
  const VectorXd no_floor = VectorXd::Constant(n, -std::numeric_limits<double>::infinity());
  VectorXd variance = VectorXd::Constant(n, std::max((nu.array() - nu.mean()).square().mean(), 1e-12));
  for (int pass = 0; pass < 3; ++pass) {
    drift.mean = best_log_law(slopes, [&](const MatrixXd& basis) { return fit_mean(basis, nu, variance); });
    const VectorXd residuals = nu - values_at(drift.mean, slopes);
    drift.spread =
        best_log_law(slopes, [&](const MatrixXd& basis) { return fit_deviation(basis, residuals, known, no_floor); });
    variance = (values_at(drift.spread, slopes).cwiseAbs2() + known).cwiseMax(1e-14);
  }
  drift.cells = slopes.size();
  const VectorXd residuals = nu - values_at(drift.mean, slopes);
  drift.normal_probability = against_normal(residuals.cwiseQuotient(variance.cwiseSqrt())).probability;
  std::vector<double> places;
  for (const Slope& one : slopes) places.push_back(std::exp(one.log_g));
  for (const auto& group : groups_of(places)) {
    double place = 0, mean = 0, square = 0, noise = 0;
    const auto size = static_cast<double>(group.size());
    for (const std::size_t i : group) {
      const auto at = static_cast<Index>(i);
      place += places[i] / size, mean += nu(at) / size, square += residuals(at) * residuals(at) / size,
          noise += known(at) / size;
    }
    const double own = std::sqrt(std::max(0.0, square - noise));
    drift.mean_points.push_back({place, {mean, std::sqrt(square / size)}});
    drift.spread_points.push_back({place, {own, own > 0 ? square / own / std::sqrt(2 * size) : 0}});
  }
  fit.drift = drift;
}

}  // namespace szilard::fit
