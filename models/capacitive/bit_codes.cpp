// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/capacitive/bit_codes.hpp"

#include <algorithm>
#include <cmath>

namespace szilard::capacitive {

BitCodes::BitCodes(CellProduct product, int bits, bool is_signed, double full_scale)
    : product_(product),
      bits_(bits),
      is_signed_(is_signed && product == CellProduct::conjunction),
      highest_(std::ldexp(1.0, is_signed_ ? bits - 1 : bits) - 1),
      step_(full_scale / highest_) {}

std::uint32_t BitCodes::pattern(double value) const {
  const double level = value / step_;
  if (product_ == CellProduct::equality)
    return static_cast<std::uint32_t>(std::llround(std::clamp((level + highest_) / 2, 0.0, highest_)));
  const auto code = std::llround(std::clamp(level, is_signed_ ? -highest_ : 0.0, highest_));
  return static_cast<std::uint32_t>(code) & ((std::uint32_t{1} << bits_) - 1);
}

double BitCodes::weight(int bit) const {
  const double weight = std::ldexp(1.0, bit);
  return is_signed_ && bit + 1 == bits_ ? -weight : weight;
}

double BitCodes::value(std::uint32_t pattern) const {
  double code = 0;
  for (int bit = 0; bit < bits_; ++bit) {
    const bool is_set = (pattern >> bit & 1) != 0;
    if (product_ == CellProduct::equality) code += is_set ? weight(bit) : -weight(bit);
    else if (is_set) code += weight(bit);
  }
  return code * step_;
}

}  // namespace szilard::capacitive
