// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/training/lane_kernels.hpp"

#include "models/support/instruction_set.hpp"

namespace szilard::training {

const LaneKernels& lane_kernels() {
  static const LaneKernels chosen = support::instruction_set() == support::InstructionSet::v4   ? lane_kernels_v4()
                                    : support::instruction_set() == support::InstructionSet::v3 ? lane_kernels_v3()
                                                                                                : lane_kernels_v2();
  return chosen;
}

}  // namespace szilard::training
