// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace szilard::support {

/// The hot kernels are compiled for each of these levels of the x86-64 psABI; the best that the processor has is used.
enum class InstructionSet { v2, v3, v4 };

/// What the processor has, or the lower level that the environment variable SZILARD_INSTRUCTION_SET names. Read once.
/// Throws EnvironmentError if the variable names a level that does not exist or that the processor lacks.
InstructionSet instruction_set();
/// "x86-64-v2", "x86-64-v3" or "x86-64-v4".
std::string_view instruction_set_name(InstructionSet set);

}  // namespace szilard::support
