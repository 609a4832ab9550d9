// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// The value change dump reader on any bytes: samples of the first bits, or InputError.
#include <cstdint>
#include <sstream>
#include <string>

#include "rtl/gate_level/vcd.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace szilard;
  using namespace szilard::gate_level;
  std::istringstream in(std::string(reinterpret_cast<const char*>(data), size));
  try {
    sample_vcd(in, "fuzz.vcd", [](const std::vector<VcdVariable>& variables) {
      if (variables.empty())
        throw support::InputError(support::DiagnosticCode::file_format, {"fuzz.vcd", 1, 1}, "no variables");
      VcdSelection selection;
      for (std::size_t v = 0; v < variables.size() && v < 8; ++v)
        selection.bits.emplace_back(v, variables[v].width / 2);
      return selection;
    });
  } catch (const support::InputError&) {
  }
  return 0;
}
