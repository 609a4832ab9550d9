// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/study/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

namespace szilard::study {
namespace {

/// Rounding of equal values is no spread.
bool is_nothing(double deviation, double scale) { return !(deviation > 1e-13 * std::abs(scale)); }

Difference by_t(double mean, double standard_error, double freedom, double scale) {
  if (is_nothing(standard_error, scale)) return {mean, 0, is_nothing(std::abs(mean), scale) ? 1.0 : 0.0};
  const boost::math::students_t t(freedom);
  return {mean, boost::math::quantile(t, 0.975) * standard_error,
          2 * boost::math::cdf(boost::math::complement(t, std::abs(mean) / standard_error))};
}

double scale_of(const Sample& a, const Sample& b) { return std::max(std::abs(a.mean()), std::abs(b.mean())); }

}  // namespace

double Sample::mean() const { return std::accumulate(values.begin(), values.end(), 0.0) / double(values.size()); }

double Sample::standard_deviation() const {
  if (values.size() < 2) return 0;
  const double middle = mean();
  double squares = 0;
  for (const double value : values) squares += (value - middle) * (value - middle);
  const double deviation = std::sqrt(squares / double(values.size() - 1));
  return is_nothing(deviation, middle) ? 0 : deviation;
}

double Sample::half_width() const {
  if (values.size() < 2) return 0;
  const double n = double(values.size());
  return boost::math::quantile(boost::math::students_t(n - 1), 0.975) * standard_deviation() / std::sqrt(n);
}

std::optional<std::pair<double, double>> Sample::deviation_interval() const {
  if (values.size() < 2) return std::nullopt;
  const double freedom = double(values.size() - 1), deviation = standard_deviation();
  const boost::math::chi_squared chi(freedom);
  return std::make_pair(deviation * std::sqrt(freedom / boost::math::quantile(chi, 0.975)),
                        deviation * std::sqrt(freedom / boost::math::quantile(chi, 0.025)));
}

std::optional<Difference> paired_difference(const Sample& a, const Sample& b) {
  if (a.values.size() != b.values.size() || a.values.size() < 2) return std::nullopt;
  Sample differences;
  for (std::size_t i = 0; i < a.values.size(); ++i) differences.values.push_back(b.values[i] - a.values[i]);
  const double n = double(a.values.size());
  return by_t(differences.mean(), differences.standard_deviation() / std::sqrt(n), n - 1, scale_of(a, b));
}

std::optional<Difference> welch_difference(const Sample& a, const Sample& b) {
  if (a.values.size() < 2 || b.values.size() < 2) return std::nullopt;
  const auto squared_error = [](const Sample& s) {
    return s.standard_deviation() * s.standard_deviation() / double(s.values.size());
  };
  const double of_a = squared_error(a), of_b = squared_error(b), sum = of_a + of_b;
  const double weight = of_a * of_a / double(a.values.size() - 1) + of_b * of_b / double(b.values.size() - 1);
  return by_t(b.mean() - a.mean(), std::sqrt(sum), weight > 0 ? sum * sum / weight : 1, scale_of(a, b));
}

std::vector<bool> significant(const std::vector<double>& p, double level) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t(0));
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<bool> is_significant(p.size(), false);
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    if (p[order[rank]] > level / double(p.size() - rank)) break;
    is_significant[order[rank]] = true;
  }
  return is_significant;
}

}  // namespace szilard::study
