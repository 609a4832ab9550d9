// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/cli/szilard_process.hpp"

#include <boost/process.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <nlohmann/json.hpp>
#include <sstream>

namespace szilard::test {

ProcessResult run_szilard(const std::vector<std::string>& arguments,
                          const std::map<std::string, std::string>& environment, const std::string& directory) {
  return run_program(std::string(SZILARD_BINARY_DIR) + "/bin/szilard", arguments, environment, directory);
}

ProcessResult run_program(const std::string& program, const std::vector<std::string>& arguments,
                          const std::map<std::string, std::string>& environment, const std::string& directory) {
  namespace process = boost::process;
  // Through env: Boost 1.74 reads past the end of a variable when it looks for another.
  std::vector<std::string> words;
  for (const auto& [name, value] : environment) words.push_back(name + "=" + value);
  words.push_back(program);
  words.insert(words.end(), arguments.begin(), arguments.end());
  process::ipstream out, err;
  process::child child(process::exe = "/usr/bin/env", process::args = words, process::start_dir = directory,
                       process::std_in<process::null, process::std_out> out, process::std_err > err);
  const auto drain = [](process::ipstream& stream) {
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
  };
  std::future<std::string> errors = std::async(std::launch::async, [&] { return drain(err); });
  ProcessResult result;
  result.out = drain(out);
  result.err = errors.get();
  child.wait();
  result.code = child.exit_code();
  return result;
}

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "szilard-test-XXXXXX").string();
  if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file) throw std::runtime_error("cannot write " + path);
}

std::string without_wall(const std::string& summary) {
  auto json = nlohmann::ordered_json::parse(summary);
  json.erase("wall");
  return json.dump(1);
}

}  // namespace szilard::test
