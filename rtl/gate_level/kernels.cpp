// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/gate_level/kernels.hpp"

#include "models/support/instruction_set.hpp"

namespace szilard::gate_level {

const Kernels& kernels() {
  static const Kernels chosen = [] {
    switch (support::instruction_set()) {
      case support::InstructionSet::v4:
        return kernels_v4();
      case support::InstructionSet::v3:
        return kernels_v3();
      default:
        return kernels_v2();
    }
  }();
  return chosen;
}

}  // namespace szilard::gate_level
