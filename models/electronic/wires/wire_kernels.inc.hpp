// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// The kernels of wire_kernels.hpp for one instruction set. Included once by each of wire_kernels_v2.cpp, _v3.cpp and
// _v4.cpp, which define SZILARD_WIRE_KERNELS as the name of the function that hands the kernels out.
#include "models/electronic/wires/bit_kernels.inc.hpp"
#include "models/electronic/wires/gram_kernels.inc.hpp"
#include "models/electronic/wires/word_kernels.inc.hpp"

namespace szilard::wires {

const WireKernels& SZILARD_WIRE_KERNELS() {
  static const WireKernels kernels = {
      &pack, &make_word_pivots, &make_bit_pivots, &coarse_sums, &word_pass, &residual, &branch_values,
      &gram, &bit_down,         &bit_up};
  return kernels;
}

}  // namespace szilard::wires
