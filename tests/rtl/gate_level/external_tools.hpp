// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "rtl/gate_level/netlist.hpp"

namespace szilard::test {

inline const std::string kOsu018 = "/usr/share/qflow/tech/osu018/osu018_stdcells.lib";

/// False, with a warning that names what is missing, where a test cannot run.
bool has_tools(const std::vector<std::string>& programs);

/// A folder of its own, removed when it goes.
class ToolFolder {
 public:
  ToolFolder();
  ~ToolFolder();
  ToolFolder(const ToolFolder&) = delete;
  ToolFolder& operator=(const ToolFolder&) = delete;
  std::string path(const std::string& name) const { return path_ + "/" + name; }
  void write(const std::string& name, const std::string& text) const;
  std::string read(const std::string& name) const;
  /// Runs a command in the folder, its output in NAME.log; fails the test with that output where it fails.
  void run(const std::string& name, const std::string& command) const;

 private:
  std::string path_;
};

/// Maps Verilog to osu018 with yosys, flat: NAME.json, and NAME.v with the same names.
struct Mapping {
  std::vector<std::string> sources;  ///< absolute, or in the folder
  std::string top, parameters;       ///< "-set WIDTH 4 ..."
};
gate_level::Netlist map_to_osu018(const ToolFolder& folder, const Mapping& mapping);

}  // namespace szilard::test
