// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <utility>
#include <vector>

namespace szilard::study {

/// Runs of one point that differ in their seeds alone, taken as independent draws.
struct Sample {
  std::vector<double> values;

  double mean() const;
  /// s, with n - 1 in the denominator; 0 of a single value.
  double standard_deviation() const;
  /// Half width of the 95 % confidence interval of the mean by Student's t; 0 of a single value, which has none.
  double half_width() const;
  /// 95 % confidence interval of the standard deviation by chi-squared, for normal values; none of a single value.
  std::optional<std::pair<double, double>> deviation_interval() const;
};

/// A difference of means against the spread over seeds.
struct Difference {
  double mean = 0;        ///< of b - a
  double half_width = 0;  ///< of its 95 % confidence interval
  double p = 1;           ///< two-sided: how often chance alone gives as much, were there no difference
};

/// By Student's t of the differences, value by value: for runs whose seeds are the same (Student 1908,
/// doi:10.2307/2331554). None for fewer than two. A difference that is the same for every seed has p = 0.
std::optional<Difference> paired_difference(const Sample& a, const Sample& b);

/// By Welch's t, which takes no variances to be equal (Welch 1947, doi:10.1093/biomet/34.1-2.28). None where one has
/// fewer than two.
std::optional<Difference> welch_difference(const Sample& a, const Sample& b);

/// Which of several comparisons are significant when the chance of a single false one among all is to stay below
/// `level` (Holm 1979, https://www.jstor.org/stable/4615733).
std::vector<bool> significant(const std::vector<double>& p, double level = 0.05);

}  // namespace szilard::study
