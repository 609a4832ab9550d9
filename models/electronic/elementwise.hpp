// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "models/electronic/converters/rounding.hpp"

namespace szilard::electronic {

/// Loops over the samples of one signal, compiled for each instruction set without contraction, so that all sets give
/// the same bits. Internal to this folder. Arrays must not overlap unless said.
struct ElementwiseKernels {
  void (*quantise)(const double* in, std::size_t n, Rounding rounding, double* out);
  /// Quantised inputs in float, as codes in double, and as bytes code + zero_code.
  void (*load_single)(const double* in, std::size_t n, Rounding rounding, float* out);
  void (*load_codes)(const double* in, std::size_t n, Rounding rounding, double* out);
  void (*load_bytes)(const double* in, std::size_t n, Rounding rounding, int zero_code, unsigned char* out);
  /// Squares of what was loaded: (in x step)^2.
  void (*square)(const double* in, std::size_t n, double step, double* out);
  void (*square_single)(const float* in, std::size_t n, double* out);
  void (*square_bytes)(const unsigned char* in, std::size_t n, int zero_code, double step, double* out);
  void (*narrow)(const double* in, std::size_t n, float* out);
  /// out = sqrt(scale x in); in place is well.
  void (*root)(const double* in, std::size_t n, double scale, double* out);
  void (*root_single)(const float* in, std::size_t n, double scale, double* out);
  /// out = quantised(scale x in + bias + sigma x gaussian + common). common may be null, or all three.
  void (*finish)(const double* in, double scale, double bias, const double* sigma, const double* gaussian,
                 const double* common, std::size_t n, Rounding rounding, double* out);
  void (*finish_single)(const float* in, double scale, double bias, const double* sigma, const double* gaussian,
                        const double* common, std::size_t n, Rounding rounding, double* out);
  /// out += sigma x gaussian
  void (*add_scaled)(const double* sigma, const double* gaussian, std::size_t n, double* out);
};

/// The kernels of support::instruction_set().
const ElementwiseKernels& elementwise();

}  // namespace szilard::electronic
