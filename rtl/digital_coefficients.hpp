// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/support/parameter.hpp"

namespace szilard::rtl {

/// What one counted event of a digital baseline costs. Values come from a preset with their sources; all are >= 0.
struct DigitalCoefficients {
  support::Parameter multiply_j;            ///< 8 x 8 bit multiplication of which an operand changed [J]
  support::Parameter add_j;                 ///< 32-bit addition or comparison of which an operand changed [J]
  support::Parameter multiply_bf16_j;       ///< 16-bit floating point multiplication of which an operand changed [J]
  support::Parameter add_float32_j;         ///< 32-bit floating point addition or comparison whose result changed [J]
  support::Parameter register_toggle_j;     ///< one register bit that changed [J]
  support::Parameter sram_read_j_per_bit;   ///< one bit of a word read [J]
  support::Parameter sram_write_j_per_bit;  ///< one bit of a word written [J]
  support::Parameter clock_j_per_register_bit;    ///< one clock edge pair at one register bit that is not gated off [J]
  support::Parameter leakage_w_per_register_bit;  ///< register and the logic around it, per bit [W]
};

}  // namespace szilard::rtl
