// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/converters/error_curve.hpp"

#include <algorithm>
#include <cmath>

namespace szilard::electronic {
namespace {

// Offset and gain are the numbers 0 and 1 of a converter.
constexpr std::uint32_t kFirstElement = 2;

/// Shifts and stretches points so that the first is 0 and the last size - 1.
void fit_ends(std::vector<double>& points) {
  if (points.size() < 2) return;
  const double first = points.front(), span = points.back() - first;
  if (!(span > 0)) return;  // errors larger than the whole range: nothing to hold on to
  const double scale = double(points.size() - 1) / span;
  for (double& point : points) point = (point - first) * scale;
  points.back() = double(points.size() - 1);
}

void make_monotonic(std::vector<double>& points) {
  for (std::size_t i = 1; i < points.size(); ++i) points[i] = std::max(points[i], points[i - 1]);
}

std::vector<double> gaussians(const support::RandomStream& stream, std::uint64_t number, std::size_t count) {
  std::vector<double> z(count);
  stream.gaussians(number, kFirstElement, count, z.data());
  return z;
}

std::vector<double> unit_steps(std::size_t points, double sigma, bool monotonic, const std::vector<double>& z) {
  std::vector<double> out(points, 0.0);
  for (std::size_t i = 1; i < points; ++i) {
    const double step = 1 + sigma * z[i - 1];
    out[i] = out[i - 1] + (monotonic ? std::max(step, 0.0) : step);
  }
  return out;
}

/// Sums of weights for every word of `bits`.
std::vector<double> binary_sums(int bits, double sigma, const std::vector<double>& z) {
  std::vector<double> out(std::size_t(1) << bits, 0.0);
  for (std::size_t word = 1; word < out.size(); ++word) {
    for (int b = 0; b < bits; ++b) {
      const double unit_errors = sigma * std::sqrt(std::ldexp(1.0, b)) * z[std::size_t(b)];
      if ((word >> b) & 1U) out[word] += std::ldexp(1.0, b) + unit_errors;
    }
  }
  return out;
}

/// Where bisection by `sums` passes from below `word` to `word` or above: the word is reached through the trials on its
/// way, each of which must have come out on its side.
double bisection_threshold(const std::vector<double>& sums, int bits, std::size_t word) {
  int lowest_set = 0;
  while (!((word >> lowest_set) & 1U)) ++lowest_set;
  double threshold = sums[word];
  for (int b = lowest_set + 1; b < bits; ++b) {
    const std::size_t trial = ((word >> (b + 1)) << (b + 1)) | (std::size_t(1) << b);
    threshold = (word >> b) & 1U ? std::max(sums[trial], threshold) : std::min(sums[trial], threshold);
  }
  return threshold;
}

}  // namespace

std::vector<double> thresholds_of(const Converter& converter, const support::RandomStream& stream,
                                  std::uint64_t number) {
  const Quantiser& quantiser = converter.quantiser;
  const double sigma = converter.imperfections.mismatch_lsb;
  const auto count = static_cast<std::size_t>(quantiser.highest_code() - quantiser.lowest_code());
  std::vector<double> points;
  switch (converter.imperfections.mismatch) {
    case Mismatch::none:
      return {};
    case Mismatch::unit_steps:
      points = unit_steps(count, sigma, true, gaussians(stream, number, count));
      fit_ends(points);
      break;
    case Mismatch::binary_weights: {
      const auto sums = binary_sums(quantiser.bits, sigma, gaussians(stream, number, std::size_t(quantiser.bits)));
      for (std::size_t word = sums.size() - count; word < sums.size(); ++word) {
        points.push_back(bisection_threshold(sums, quantiser.bits, word));
      }
      fit_ends(points);
      break;
    }
    case Mismatch::independent:
      points = gaussians(stream, number, count);
      for (std::size_t i = 0; i < count; ++i) points[i] = double(i) + sigma * points[i];
      std::sort(points.begin(), points.end());
      break;
  }
  for (double& point : points) point += quantiser.lowest_code() + 0.5;
  return points;
}

std::vector<double> levels_of(const Converter& converter, const support::RandomStream& stream, std::uint64_t number) {
  const Quantiser& quantiser = converter.quantiser;
  const Imperfections& imperfections = converter.imperfections;
  const double sigma = imperfections.mismatch_lsb;
  const auto count = static_cast<std::size_t>(quantiser.highest_code() - quantiser.lowest_code()) + 1;
  std::vector<double> points;
  switch (imperfections.mismatch) {
    case Mismatch::none:
      return {};
    case Mismatch::unit_steps:
      points = unit_steps(count, sigma, imperfections.monotonic, gaussians(stream, number, count));
      fit_ends(points);
      break;
    case Mismatch::binary_weights: {
      const auto sums = binary_sums(quantiser.bits, sigma, gaussians(stream, number, std::size_t(quantiser.bits)));
      points.assign(sums.end() - static_cast<std::ptrdiff_t>(count), sums.end());
      if (imperfections.monotonic) make_monotonic(points);
      fit_ends(points);
      break;
    }
    case Mismatch::independent:
      points = gaussians(stream, number, count);
      for (std::size_t i = 0; i < count; ++i) points[i] = double(i) + sigma * points[i];
      if (imperfections.monotonic) make_monotonic(points);
      break;
  }
  for (double& point : points) point += quantiser.lowest_code();
  return points;
}

double expected_square_inl(const Converter& converter) {
  const double sigma = converter.imperfections.mismatch_lsb, square = sigma * sigma;
  const double steps = converter.quantiser.highest_code() - converter.quantiser.lowest_code() - 1;
  switch (converter.imperfections.mismatch) {
    case Mismatch::none:
      return 0;
    case Mismatch::unit_steps:  // sum over k of k (N - k) / N is (N^2 - 1) / 6
      return steps < 1 ? 0 : square * (steps - 1) / 6;
    case Mismatch::independent:
      return square;
    case Mismatch::binary_weights: {
      const int bits = converter.quantiser.bits;
      const double top = std::ldexp(1.0, bits) - 1;
      double sum = 0;
      for (int b = 0; b < bits; ++b) {
        // mean over words w of (bit b - w / top)^2
        const double weight = std::ldexp(1.0, b);
        sum += weight * (0.5 - (top + weight) / (2 * top) + (2 * top + 1) / (6 * top));
      }
      return square * sum;
    }
  }
  return 0;
}

}  // namespace szilard::electronic
