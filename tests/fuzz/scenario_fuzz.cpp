// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// The scenario reader on any bytes: a diagnosis or a scenario, and a scenario's resolved text reads back to itself.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "sim/scenario/load_text.hpp"

namespace {

// A folder with a file named "n" that network, inputs and labels can name, and a technology folder with one cell
// alone: reading many presets would only slow the search.
std::string folder() {
  std::string made = (std::filesystem::temp_directory_path() / "szilard_fuzz_XXXXXX").string();
  if (!mkdtemp(made.data())) std::abort();
  std::ofstream(made + "/n") << "stands in for a file\n";
  std::filesystem::create_directory(made + "/technology");
  std::ofstream(made + "/technology/cell.yaml")
      << "title: a cell\nfor: linear.electronic_crossbar\ntechnology: 1 nm\n"
         "minimum_conductance: {value: 1 uS, source: s, status: choice}\n"
         "maximum_conductance: {value: 40 uS, source: s, status: choice}\n"
         "levels: {value: 16, source: s, status: choice}\nprogramming_error: {value: none, source: s, status: choice}\n"
         "read_noise: {value: none, source: s, status: choice}\nread_voltage: {value: 1 V, source: s, status: choice}\n"
         "read_time: {value: 1 ns, source: s, status: choice}\nsettling_time: {value: 0 s, source: s, status: choice}\n"
         "row_capacitance_per_cell: {value: 1 fF, source: s, status: choice}\n";
  setenv("SZILARD_TECHNOLOGY", (made + "/technology").c_str(), 1);
  return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string path = folder() + "/scenario.yaml";
  using namespace szilard;
  scenario::Scenario read;
  try {
    read = scenario::load_text({reinterpret_cast<const char*>(data), size}, path);
  } catch (const support::InputError& error) {
    for (const auto& diagnostic : error.diagnostics()) {
      if (support::to_string(diagnostic).empty() || diagnostic.where.line < 1 || diagnostic.where.column < 1)
        std::abort();
    }
    return 0;
  }
  const scenario::Scenario again = scenario::load_text(read.resolved_yaml, path);
  if (again.resolved_yaml != read.resolved_yaml || again.canonical != read.canonical) std::abort();
  return 0;
}
