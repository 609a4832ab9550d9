// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "models/electronic/converters/rounding.hpp"

namespace szilard::electronic {

/// Where sorted thresholds stand: cell c holds those in [origin + c, origin + c + 1) but for rounding; below[c] of them
/// lie lower, at most `probes` within. Behind the last threshold `probes` NaN follow, which nothing passes.
struct ThresholdSearch {
  double origin = 0, last_cell = 0;
  int probes = 0;
  const std::int32_t* below = nullptr;
  const double* thresholds = nullptr;
};

/// Loops over the samples of one signal, compiled for each instruction set without contraction, so that all sets give
/// the same bits. in == out is well. Internal to this folder.
struct ConverterKernels {
  void (*quantise)(const double* in, std::size_t n, Rounding rounding, double* out);
  void (*codes)(const double* in, std::size_t n, Rounding rounding, double* out);
  /// out = in x scale + offset + sigma x gaussian; gaussian may be null.
  void (*affine)(const double* in, std::size_t n, double scale, double offset, double sigma, const double* gaussian,
                 double* out);
  /// out = lowest + number of thresholds <= in.
  void (*count)(const double* in, std::size_t n, ThresholdSearch search, double lowest, std::int32_t* place,
                double* out);
  /// out = table[code - lowest]
  void (*look_up)(const double* codes, std::size_t n, double lowest, const double* table, double* out);
  /// sum += table[code - lowest]
  void (*tally)(const double* codes, std::size_t n, double lowest, const double* table, double* sum);
};

/// The kernels of support::instruction_set().
const ConverterKernels& converter_kernels();

}  // namespace szilard::electronic
