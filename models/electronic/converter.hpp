// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "models/support/parameter.hpp"

namespace szilard::electronic {

/// A uniform quantiser of `bits`. Unsigned: codes 0 .. 2^bits - 1 over [0, full_scale]. Signed: codes -(2^(bits-1) - 1)
/// .. 2^(bits-1) - 1 over [-full_scale, full_scale]. Rounds half away from zero, clips outside. bits = 0: no
/// quantisation and no clipping (an ideal converter; step 1, the code of a value is the value). Law: code = round(value
/// x highest code / full_scale), value = code x step, step = full_scale / highest code.
struct Quantiser {
  int bits = 0;
  double full_scale = 1;
  bool is_signed = false;

  double highest_code() const;  ///< 2^bits - 1 or 2^(bits-1) - 1; 0 for an ideal converter
  double step() const;
  double code(double value) const;  ///< an integer as double
  double value(double code) const { return code * step(); }
  void quantise(const double* in, std::size_t n, double* out) const;  ///< value(code(in)), vectorised
  /// Throws std::invalid_argument that names the field: bits 0 .. 24 (signed: not 1), full_scale finite and > 0.
  void check() const;
};

/// A DAC or ADC: a quantiser with energy and time per conversion.
struct Converter {
  Quantiser quantiser;
  support::Parameter energy_per_conversion_j;  ///< [J] >= 0
  support::Parameter conversion_time_s;        ///< [s] >= 0

  void check() const;  ///< throws std::invalid_argument that names the field
};

}  // namespace szilard::electronic
