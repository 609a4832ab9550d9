// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/converter.hpp"

#include <cmath>

#include "models/electronic/checks.hpp"
#include "models/electronic/elementwise.hpp"

namespace szilard::electronic {

double Quantiser::highest_code() const { return bits == 0 ? 0.0 : std::ldexp(1.0, is_signed ? bits - 1 : bits) - 1.0; }

double Quantiser::step() const { return bits == 0 ? 1.0 : full_scale / highest_code(); }

double Quantiser::code(double value) const {
  if (bits == 0) return value;
  const double code = std::round(value * (highest_code() / full_scale));
  const double lowest = is_signed ? -highest_code() : 0.0;
  return code < lowest ? lowest : (code > highest_code() ? highest_code() : code);
}

void Quantiser::quantise(const double* in, std::size_t n, double* out) const {
  elementwise().quantise(in, n, rounding_of(*this), out);
}

void Quantiser::check() const {
  require(bits >= 0 && bits <= 24, "quantiser.bits", bits, "0 to 24");
  require(!(is_signed && bits == 1), "quantiser.bits", bits, "2 or more for a signed quantiser");
  require(std::isfinite(full_scale) && full_scale > 0, "quantiser.full_scale", full_scale, "finite and above 0");
}

void Converter::check() const {
  quantiser.check();
  require_not_negative(energy_per_conversion_j, "energy_per_conversion_j");
  require_not_negative(conversion_time_s, "conversion_time_s");
}

}  // namespace szilard::electronic
