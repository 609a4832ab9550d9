// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace szilard::bounds {

/// Information lost by logic whose inputs are uniform and independent, in bits: H(inputs) - H(outputs) (D8).
double and_gate_loss_bit();
double full_adder_loss_bit();

/// n x n array multiplier of n^2 AND gates and n - 1 rows of n ripple adders (the first of each row a half adder),
/// operands uniform: every cell's loss with the inputs that it meets, summed. Exact by enumeration up to 8 bits;
/// beyond, plug-in entropies of `samples` random operands with Miller and Madow's correction. 2 <= bits <= 16
/// (std::invalid_argument).
double multiplier_gate_loss_bit(int bits, std::uint64_t samples = 100000);
/// The same multiplication as one word: H(both operands) - H(product). By enumeration, 2 <= bits <= 10.
double multiplier_word_loss_bit(int bits);

}  // namespace szilard::bounds
