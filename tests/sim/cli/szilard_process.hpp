// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

namespace szilard::test {

struct ProcessResult {
  int code = -1;
  std::string out, err;
};

/// Runs the built szilard as a user would, in `directory`, with further environment variables.
ProcessResult run_szilard(const std::vector<std::string>& arguments,
                          const std::map<std::string, std::string>& environment = {},
                          const std::string& directory = SZILARD_SOURCE_DIR);

/// The same of another program.
ProcessResult run_program(const std::string& program, const std::vector<std::string>& arguments,
                          const std::map<std::string, std::string>& environment = {},
                          const std::string& directory = SZILARD_SOURCE_DIR);

/// A folder of its own for one test, removed when it goes.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::string path(const std::string& name = {}) const { return name.empty() ? path_ : path_ + "/" + name; }

 private:
  std::string path_;
};

std::string read_file(const std::string& path);
void write_file(const std::string& path, const std::string& text);
/// A summary's text without its wall times.
std::string without_wall(const std::string& summary);
inline std::string source(const std::string& path) { return std::string(SZILARD_SOURCE_DIR) + "/" + path; }

}  // namespace szilard::test
