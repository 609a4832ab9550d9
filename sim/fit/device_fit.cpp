// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/fit/device_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/fit/fit_parts.hpp"
#include "sim/fit/variance_fit.hpp"

namespace szilard::fit {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index kHighestDegree = 4;
constexpr double kNormalMedian = 0.67448975;  // median of |z|

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

[[noreturn]] void refuse(const Measurements& data, const std::string& message, const std::string& hint = {}) {
  throw support::InputError(support::DiagnosticCode::file_format, {data.file, 1, 1}, message, hint);
}

struct Repeats {
  double square = 0, freedom = 0, mean_s = 0;
};

void fit_read_noise(const Measurements& data, DeviceFit& fit) {
  std::vector<Repeats> all;
  for (const Cell& cell : data.cells) {
    for (const Reading& reading : cell.readings) {
      if (reading.conductances_s.size() < 2) continue;
      Repeats one{0, static_cast<double>(reading.conductances_s.size() - 1), mean_of(reading.conductances_s)};
      for (const double g : reading.conductances_s) one.square += (g - one.mean_s) * (g - one.mean_s);
      if (one.mean_s > 0) all.push_back(one);
      fit.repeated_reads += reading.conductances_s.size();
    }
  }
  double freedom = 0, absolute = 0, relative = 0;
  for (const Repeats& one : all) {
    freedom += one.freedom;
    absolute += one.square;
    relative += one.square / (one.mean_s * one.mean_s);
  }
  if (!(absolute > 0)) return;
  absolute /= freedom, relative /= freedom;
  double likelihood[2] = {0, 0};
  for (const Repeats& one : all) {
    const double variances[2] = {absolute, relative * one.mean_s * one.mean_s};
    for (int i = 0; i < 2; ++i)
      likelihood[i] -= 0.5 * (one.freedom * std::log(variances[i]) + one.square / variances[i]);
  }
  const bool is_proportional = likelihood[1] >= likelihood[0];
  fit.read_noise = is_proportional ? DeviceFit::ReadNoise::proportional : DeviceFit::ReadNoise::independent;
  fit.read_noise_evidence = std::abs(likelihood[1] - likelihood[0]);
  const double sigma = is_proportional ? std::sqrt(relative) : std::sqrt(absolute) / fit.maximum_conductance_s;
  fit.read_noise_sigma = {sigma, sigma / std::sqrt(2 * freedom)};
  std::vector<double> places;
  for (const Repeats& one : all) places.push_back(one.mean_s / fit.maximum_conductance_s);
  for (const auto& group : groups_of(places)) {
    double square = 0, degrees = 0, place = 0;
    for (const std::size_t i : group) square += all[i].square, degrees += all[i].freedom, place += places[i];
    const double s = std::sqrt(square / degrees) / fit.maximum_conductance_s;
    fit.read_noise_points.push_back({place / static_cast<double>(group.size()), {s, s / std::sqrt(2 * degrees)}});
  }
}

struct Programmed {
  std::size_t cell = 0;
  double g = 0, residual_s = 0, read_variance_s2 = 0;
  bool is_out = false;
};

VectorXd powers(double g, Index count) {
  VectorXd row(count);
  double power = 1;
  for (Index n = 0; n < count; ++n, power *= g) row(n) = power;
  return row;
}

bool is_positive_over(const VectorXd& coefficients, double lowest) {
  for (int i = 0; i <= 1000; ++i) {
    const double g = lowest + (1 - lowest) * i / 1000;
    if (powers(g, coefficients.size()).dot(coefficients) < 0) return false;
  }
  return true;
}

std::optional<LinearLaw> fit_polynomial(const std::vector<Programmed>& cells, double lowest, Index count,
                                        double scale_s) {
  std::vector<const Programmed*> used;
  for (const Programmed& one : cells)
    if (!one.is_out) used.push_back(&one);
  const auto n = static_cast<Index>(used.size());
  MatrixXd basis(n, count);
  VectorXd residuals(n), known(n), floor(n);
  for (Index i = 0; i < n; ++i) {
    const Programmed& one = *used[static_cast<std::size_t>(i)];
    basis.row(i) = powers(one.g, count).transpose();
    residuals(i) = one.residual_s / scale_s;
    known(i) = one.read_variance_s2 / scale_s / scale_s;
    floor(i) = -one.g;
  }
  auto law = fit_deviation(basis, residuals, known, floor);
  if (law && !is_positive_over(law->coefficients, lowest)) return std::nullopt;
  return law;
}

std::optional<LinearLaw> best_polynomial(const std::vector<Programmed>& cells, double lowest, double scale_s) {
  std::set<double> places;
  double used = 0;
  for (const Programmed& one : cells) {
    if (one.is_out) continue;
    places.insert(one.g);
    used += 1;
  }
  std::optional<LinearLaw> best;
  double best_criterion = std::numeric_limits<double>::infinity();
  for (Index count = 1; count <= kHighestDegree + 1 && static_cast<std::size_t>(count) <= places.size(); ++count) {
    const auto law = fit_polynomial(cells, lowest, count, scale_s);
    if (!law) continue;
    const auto p = static_cast<double>(count);
    const double criterion = 2 * p * used / std::max(used - p - 1, 1.0) - 2 * law->log_likelihood;
    if (criterion < best_criterion) best = law, best_criterion = criterion;
  }
  return best;
}

// A first look at outliers that they cannot spoil: the median deviation of cells with similar targets.
void mark_far_cells(std::vector<Programmed>& cells) {
  std::vector<double> places;
  for (const Programmed& one : cells) places.push_back(one.g);
  for (const auto& group : groups_of(places)) {
    std::vector<double> deviations;
    for (const std::size_t i : group) deviations.push_back(std::abs(cells[i].residual_s));
    const double sigma = median_of(deviations) / kNormalMedian;
    for (const std::size_t i : group)
      cells[i].is_out = sigma > 0 && std::abs(cells[i].residual_s) > 1.5 * kOutlier * sigma;
  }
}

void count_outliers(const std::vector<Programmed>& cells, DeviceFit& fit) {
  const double lowest = fit.minimum_conductance_s / fit.maximum_conductance_s;
  double far_from_on = 0, far_from_off = 0, on = 0, off = 0;
  const auto sigma_at = [&](double g) { return fit.programming_sigma_s(g).value / fit.maximum_conductance_s; };
  for (const Programmed& one : cells) {
    const double reach = kOutlier * sigma_at(one.g), end_on = 3 * sigma_at(1), end_off = 3 * sigma_at(lowest);
    const double measured = one.g + one.residual_s / fit.maximum_conductance_s;
    const bool tells_on = 1 - one.g > reach + end_on, tells_off = one.g - lowest > reach + end_off;
    far_from_on += tells_on;
    far_from_off += tells_off;
    if (!one.is_out) continue;
    if (one.residual_s > 0 && measured >= 1 - end_on) on += tells_on;
    else if (one.residual_s < 0 && measured <= lowest + end_off) off += tells_off;
    else ++fit.outliers;
  }
  const auto share = [](double found, double looked_at) -> Estimate {
    if (found == 0) return {};
    const double p = found / std::max(found, looked_at);
    return {p, std::sqrt(p * (1 - p) / looked_at)};
  };
  fit.stuck_on = share(on, far_from_on);
  fit.stuck_off = share(off, far_from_off);
}

void describe_programming(const std::vector<Programmed>& cells, DeviceFit& fit) {
  std::vector<double> places, normalised;
  std::vector<const Programmed*> used;
  for (const Programmed& one : cells) {
    if (one.is_out) continue;
    const double sigma = fit.programming_sigma_s(one.g).value;
    used.push_back(&one);
    places.push_back(one.g);
    normalised.push_back(one.residual_s / std::sqrt(sigma * sigma + one.read_variance_s2));
  }
  fit.programmed_cells = used.size();
  const auto n = static_cast<double>(used.size());
  fit.mean_error = {mean_of(normalised), 1 / std::sqrt(n)};
  const KolmogorovSmirnov normal =
      against_normal(Eigen::Map<VectorXd>(normalised.data(), static_cast<Index>(normalised.size())));
  fit.normal_distance = normal.distance;
  fit.normal_probability = normal.probability;
  const auto groups = groups_of(places);
  for (const auto& group : groups) {
    double square = 0, known = 0, place = 0;
    for (const std::size_t i : group) {
      square += used[i]->residual_s * used[i]->residual_s;
      known += used[i]->read_variance_s2;
      place += places[i];
    }
    const auto size = static_cast<double>(group.size());
    const double total = square / size, own = std::sqrt(std::max(0.0, (square - known) / size));
    const double error = own > 0 ? total / own / std::sqrt(2 * size) : 0;
    fit.programming_points.push_back({place / size, {own, error}});
    const double sigma = fit.programming_sigma_s(place / size).value;
    if (error > 0)
      fit.programming_chi2 += (own - sigma) * (own - sigma) / (error * error) / static_cast<double>(groups.size());
  }
}

void fit_programming(const Measurements& data, DeviceFit& fit) {
  const double scale_s = fit.maximum_conductance_s, lowest = fit.minimum_conductance_s / scale_s;
  fit.programming_time_s = std::numeric_limits<double>::infinity();
  for (const Cell& cell : data.cells)
    fit.programming_time_s = std::min(fit.programming_time_s, cell.readings.front().time_s);
  std::vector<Programmed> cells;
  for (std::size_t i = 0; i < data.cells.size(); ++i) {
    const Cell& cell = data.cells[i];
    const Reading& first = cell.readings.front();
    if (first.time_s != fit.programming_time_s) continue;
    const double mean_s = mean_of(first.conductances_s);
    cells.push_back({i, cell.target_s / scale_s, mean_s - cell.target_s,
                     read_variance_s2(fit, mean_s) / static_cast<double>(first.conductances_s.size()), false});
  }
  if (cells.size() < kFewestCells)
    refuse(data, std::to_string(cells.size()) + " cells were read at the first time; at least " +
                     std::to_string(kFewestCells) + " are needed for a standard deviation");
  mark_far_cells(cells);
  std::optional<LinearLaw> law;
  for (int pass = 0; pass < 10; ++pass) {
    law = best_polynomial(cells, lowest, scale_s);
    if (!law) break;
    bool changed = false;
    for (Programmed& one : cells) {
      const double s = powers(one.g, law->coefficients.size()).dot(law->coefficients);
      const double sigma_s = std::sqrt(s * s * scale_s * scale_s + one.read_variance_s2);
      const bool is_out = std::abs(one.residual_s) > kOutlier * sigma_s;
      changed = changed || is_out != one.is_out;
      one.is_out = is_out;
    }
    if (!changed) break;
  }
  if (!law) {
    const bool is_exact =
        std::all_of(cells.begin(), cells.end(), [](const Programmed& one) { return one.residual_s == 0; });
    if (is_exact) return;
    refuse(data, "no polynomial describes the deviations from the targets",
           "look at the measured column: are the units right?");
  }
  const Index count = law->coefficients.size();
  for (Index n = 0; n < count; ++n) {
    fit.programming_error_s.push_back({law->coefficients(n) * scale_s, std::sqrt(law->covariance(n, n)) * scale_s});
    std::vector<double> row;
    for (Index m = 0; m < count; ++m) row.push_back(law->covariance(n, m) * scale_s * scale_s);
    fit.programming_covariance_s2.push_back(row);
  }
  count_outliers(cells, fit);
  describe_programming(cells, fit);
}

}  // namespace

// Indices in ascending order of place, in groups of nearly equal size that do not part equal places.
std::vector<std::vector<std::size_t>> groups_of(const std::vector<double>& places) {
  std::vector<std::size_t> order(places.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return places[a] < places[b]; });
  const std::set<double> distinct(places.begin(), places.end());
  constexpr std::size_t kMostGroups = 20;
  const std::size_t groups = std::max<std::size_t>(1, std::min({distinct.size(), kMostGroups, places.size() / 8}));
  std::vector<std::vector<std::size_t>> out(1);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool is_full = out.back().size() * groups >= places.size();
    if (is_full && places[order[i]] != places[order[i - 1]]) out.emplace_back();
    out.back().push_back(order[i]);
  }
  return out;
}

double read_variance_s2(const DeviceFit& fit, double conductance_s) {
  const double sigma = fit.read_noise_sigma.value;
  if (fit.read_noise == DeviceFit::ReadNoise::proportional) return sigma * sigma * conductance_s * conductance_s;
  return sigma * sigma * fit.maximum_conductance_s * fit.maximum_conductance_s;
}

Estimate DeviceFit::programming_sigma_s(double g) const {
  Estimate out;
  double variance = 0;
  for (std::size_t n = 0; n < programming_error_s.size(); ++n) {
    out.value += programming_error_s[n].value * std::pow(g, static_cast<double>(n));
    for (std::size_t m = 0; m < programming_error_s.size(); ++m)
      variance += programming_covariance_s2[n][m] * std::pow(g, static_cast<double>(n + m));
  }
  out.standard_error = std::sqrt(std::max(0.0, variance));
  return out;
}

DeviceFit fit_device(const Measurements& data) {
  DeviceFit fit;
  fit.file = data.file;
  fit.rows = data.rows;
  fit.cells = data.cells.size();
  fit.minimum_conductance_s = std::numeric_limits<double>::infinity();
  for (const Cell& cell : data.cells) {
    fit.minimum_conductance_s = std::min(fit.minimum_conductance_s, cell.target_s);
    fit.maximum_conductance_s = std::max(fit.maximum_conductance_s, cell.target_s);
  }
  if (!(fit.maximum_conductance_s > fit.minimum_conductance_s))
    refuse(data, "all targets are " + support::engineering(fit.maximum_conductance_s, "S") +
                     "; a device needs a lowest and a highest conductance");
  fit_read_noise(data, fit);
  fit_programming(data, fit);
  fit_drift(data, fit);
  return fit;
}

}  // namespace szilard::fit
