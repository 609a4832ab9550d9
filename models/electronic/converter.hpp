// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "models/support/parameter.hpp"

namespace szilard::electronic {

/// A uniform quantiser of `bits`. Unsigned: codes 0 .. 2^bits - 1 over [0, full_scale]. Signed: codes -(2^(bits-1) - 1) ..
/// 2^(bits-1) - 1 over [-full_scale, full_scale]. Rounds half away from zero, clips outside. bits = 0: no quantisation and no
/// clipping (an ideal converter).
struct Quantiser {
  int bits = 0;
  double full_scale = 1;
  bool is_signed = false;

  double step() const;
  double code(double value) const;   ///< an integer as double
  double value(double code) const { return code * step(); }
  void quantise(const double* in, std::size_t n, double* out) const;  ///< value(code(in)), vectorised
};

/// A DAC or ADC: a quantiser with energy and time per conversion.
struct Converter {
  Quantiser quantiser;
  support::Parameter energy_per_conversion_j;  ///< [J] >= 0
  support::Parameter conversion_time_s;        ///< [s] >= 0
};

}  // namespace szilard::electronic
