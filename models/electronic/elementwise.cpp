// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/elementwise.hpp"

#include "models/support/instruction_set.hpp"

namespace szilard::electronic {

namespace x86_64_v2 {
extern const ElementwiseKernels kKernels;
}
namespace x86_64_v3 {
extern const ElementwiseKernels kKernels;
}
namespace x86_64_v4 {
extern const ElementwiseKernels kKernels;
}

const ElementwiseKernels& elementwise() {
  switch (support::instruction_set()) {
    case support::InstructionSet::v4:
      return x86_64_v4::kKernels;
    case support::InstructionSet::v3:
      return x86_64_v3::kKernels;
    default:
      return x86_64_v2::kKernels;
  }
}

}  // namespace szilard::electronic
