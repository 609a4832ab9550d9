// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/support/instruction_set.hpp"

#include <cstdlib>
#include <stdexcept>
#include <string>

#include "models/support/diagnostics.hpp"

namespace szilard::support {
namespace {

InstructionSet processor() {
  __builtin_cpu_init();
  const bool v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
                  __builtin_cpu_supports("fma");
  const bool v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                  __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                  __builtin_cpu_supports("avx512vl");
  return v4 ? InstructionSet::v4 : v3 ? InstructionSet::v3 : InstructionSet::v2;
}

InstructionSet choose() {
  const InstructionSet best = processor();
  const char* const wish = std::getenv("SZILARD_INSTRUCTION_SET");
  if (wish == nullptr) return best;
  for (InstructionSet set : {InstructionSet::v2, InstructionSet::v3, InstructionSet::v4})
    if (instruction_set_name(set) == wish && set <= best) return set;
  throw EnvironmentError("SZILARD_INSTRUCTION_SET is '" + std::string(wish).substr(0, 40) +
                         "', but this processor has x86-64-v2 to " + std::string(instruction_set_name(best)));
}

}  // namespace

InstructionSet instruction_set() {
  static const InstructionSet chosen = choose();
  return chosen;
}

std::string_view instruction_set_name(InstructionSet set) {
  switch (set) {
    case InstructionSet::v2:
      return "x86-64-v2";
    case InstructionSet::v3:
      return "x86-64-v3";
    case InstructionSet::v4:
      return "x86-64-v4";
  }
  throw std::logic_error("instruction set without a name");
}

}  // namespace szilard::support
