// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/support/data_folder.hpp"

#include <filesystem>

namespace szilard::support {

namespace fs = std::filesystem;

namespace {

std::string& named_folder() {
  static std::string folder;
  return folder;
}

}  // namespace

void use_data_folder(const std::string& folder) { named_folder() = folder; }

std::string data_folder(const std::string& name, const std::string& built) {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  const fs::path installed = program.parent_path().parent_path() / "share/szilard" / name;
  const fs::path named = fs::path(named_folder()) / name;
  if (fs::is_directory(installed, failed)) return installed.string();
  if (!named_folder().empty() && fs::is_directory(named, failed)) return named.string();
  return built.empty() ? installed.string() : built;
}

}  // namespace szilard::support
