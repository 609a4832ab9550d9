// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/gate_level/external_tools.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace szilard::test {

bool has_tools(const std::vector<std::string>& programs) {
  for (const std::string& program : programs) {
    if (std::system(("command -v " + program + " > /dev/null").c_str()) == 0) continue;
    WARN("SKIPPED: " << program << " is not installed");
    return false;
  }
  if (std::filesystem::exists(kOsu018)) return true;
  WARN("SKIPPED: " << kOsu018 << " is not installed");
  return false;
}

ToolFolder::ToolFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "szilard_tools_XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
  path_ = name;
}
ToolFolder::~ToolFolder() {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
}
void ToolFolder::write(const std::string& name, const std::string& text) const { std::ofstream(path(name)) << text; }
std::string ToolFolder::read(const std::string& name) const {
  std::ifstream in(path(name));
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}
void ToolFolder::run(const std::string& name, const std::string& command) const {
  const int status = std::system(("cd '" + path_ + "' && " + command + " > " + name + ".log 2>&1").c_str());
  INFO(command << "\n" << read(name + ".log"));
  REQUIRE(status == 0);
}

gate_level::Netlist map_to_osu018(const ToolFolder& folder, const Mapping& mapping) {
  std::string script = "read_verilog -sv";
  for (const std::string& source : mapping.sources) script += " " + source;
  if (!mapping.parameters.empty()) script += "\nchparam " + mapping.parameters + " " + mapping.top;
  script += "\nsynth -noabc -noshare -flatten -top " + mapping.top + "\ndfflibmap -liberty " + kOsu018 +
            "\nabc -liberty " + kOsu018 + "\nopt_clean -purge\nwrite_json " + mapping.top +
            ".json\nwrite_verilog -noattr -norename " + mapping.top + ".v\n";
  folder.write(mapping.top + ".ys", script);
  folder.run("yosys", "yosys -q " + mapping.top + ".ys");
  static const auto library = std::make_shared<const gate_level::Library>(gate_level::read_liberty(kOsu018));
  return gate_level::read_netlist(folder.path(mapping.top + ".json"), library);
}

}  // namespace szilard::test
