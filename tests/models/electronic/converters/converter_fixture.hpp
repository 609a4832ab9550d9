// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "models/electronic/converters/converter.hpp"

namespace szilard::electronic::testing {

/// Full scale such that the step is 1: values are in LSB.
inline Converter in_lsb(int bits, bool is_signed) {
  Converter converter;
  converter.quantiser = {bits, 1, is_signed};
  converter.quantiser.full_scale = converter.quantiser.highest_code();
  return converter;
}

inline Converter with_mismatch(int bits, bool is_signed, Mismatch mismatch, double sigma) {
  Converter converter = in_lsb(bits, is_signed);
  converter.imperfections.mismatch = mismatch;
  converter.imperfections.mismatch_lsb = sigma;
  return converter;
}

inline ConverterBank adcs(const Converter& converter, std::size_t count = 1, std::uint64_t seed = 1) {
  return {converter, ConverterBank::Direction::to_digital, count, seed, "test/adc"};
}

inline ConverterBank dacs(const Converter& converter, std::size_t count = 1, std::uint64_t seed = 1) {
  return {converter, ConverterBank::Direction::to_analog, count, seed, "test/adc"};
}

inline std::vector<double> convert(ConverterBank& bank, const std::vector<double>& in, std::size_t converter = 0,
                                   std::uint32_t conversion = 0, std::uint64_t first_sample = 0) {
  std::vector<double> out(in.size());
  bank.start(first_sample, in.size());
  bank.convert(converter, conversion, in.data(), out.data());
  return out;
}

/// Evenly spaced values from low to high.
inline std::vector<double> ramp(double low, double high, std::size_t points) {
  std::vector<double> values(points);
  for (std::size_t i = 0; i < points; ++i) values[i] = low + (high - low) * double(i) / double(points - 1);
  return values;
}

inline double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double v : values) sum += v;
  return sum / double(values.size());
}

inline double deviation_of(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double sum = 0;
  for (const double v : values) sum += (v - mean) * (v - mean);
  return std::sqrt(sum / double(values.size() - 1));
}

/// sqrt(n) times the largest distance of the values' distribution from the standard normal one. Above 1.95 in one case
/// of a thousand (Kolmogorov).
inline double kolmogorov(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const double n = double(values.size());
  double worst = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double p = 0.5 * std::erfc(-values[i] / std::sqrt(2.0));
    worst = std::max({worst, p - double(i) / n, double(i + 1) / n - p});
  }
  return worst * std::sqrt(n);
}

}  // namespace szilard::electronic::testing
