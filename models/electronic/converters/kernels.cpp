// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/converters/kernels.hpp"

#include "models/support/instruction_set.hpp"

namespace szilard::electronic {

namespace x86_64_v2 {
extern const ConverterKernels kConverterKernels;
}
namespace x86_64_v3 {
extern const ConverterKernels kConverterKernels;
}
namespace x86_64_v4 {
extern const ConverterKernels kConverterKernels;
}

const ConverterKernels& converter_kernels() {
  switch (support::instruction_set()) {
    case support::InstructionSet::v4:
      return x86_64_v4::kConverterKernels;
    case support::InstructionSet::v3:
      return x86_64_v3::kConverterKernels;
    default:
      return x86_64_v2::kConverterKernels;
  }
}

}  // namespace szilard::electronic
