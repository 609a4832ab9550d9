// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/wires/wire_kernels.hpp"

#include <stdexcept>

#include "models/support/instruction_set.hpp"

namespace szilard::wires {

const WireKernels& wire_kernels() {
  switch (support::instruction_set()) {
    case support::InstructionSet::v2:
      return wire_kernels_v2();
    case support::InstructionSet::v3:
      return wire_kernels_v3();
    case support::InstructionSet::v4:
      return wire_kernels_v4();
  }
  throw std::logic_error("instruction set without kernels");
}

}  // namespace szilard::wires
