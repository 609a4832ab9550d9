// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/quasistatic/unit_kernels.hpp"

#include "models/support/instruction_set.hpp"

namespace szilard::quasistatic {

const UnitKernels& unit_kernels() {
  static const UnitKernels chosen = support::instruction_set() == support::InstructionSet::v4   ? unit_kernels_v4()
                                    : support::instruction_set() == support::InstructionSet::v3 ? unit_kernels_v3()
                                                                                                : unit_kernels_v2();
  return chosen;
}

}  // namespace szilard::quasistatic
