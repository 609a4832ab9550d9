// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "models/capacitive/capacitive_stage.hpp"

namespace szilard::capacitive {

/// Codes of one side, inputs or weights, as the bits that cells see. Internal to this folder.
class BitCodes {
 public:
  BitCodes(CellProduct product, int bits, bool is_signed, double full_scale);

  int bits() const { return bits_; }
  double step() const { return step_; }
  /// The bits of the code nearest to `value`, clipped to full scale; bit j stands for weight(j), or with `equality` for
  /// -weight(j) where it is 0.
  std::uint32_t pattern(double value) const;
  double weight(int bit) const;
  /// The value that a pattern stands for.
  double value(std::uint32_t pattern) const;

 private:
  CellProduct product_;
  int bits_;
  bool is_signed_;
  double highest_, step_;
};

}  // namespace szilard::capacitive
