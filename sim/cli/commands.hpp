// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace szilard::cli {

/// Exit codes of every command.
enum ExitCode {
  kOk = 0,
  kCheckFailed = 1,      ///< it ran, and a check failed
  kUsage = 2,            ///< wrong usage or input
  kFailedPoints = 3,     ///< a study ended with failed points
  kEnvironment = 4,      ///< disk full, missing tool, no permission
  kInternal = 70,        ///< a fault of szilard's own
};

struct RunArguments {
  std::string scenario;
  std::string directory;  ///< empty: out/NAME
  std::vector<std::string> set;
  std::optional<std::uint64_t> seed;
  std::optional<std::size_t> samples;
  std::size_t quantum = 128;
  std::string clock_trace;
  std::string export_directory;
  bool attribute = false;
  std::size_t jobs = 0;  ///< of attribute; 0: one a processor
  std::string ledger = "csv";
  bool json = false, quiet = false;
};
int run(const RunArguments& arguments);

struct CheckArguments {
  std::vector<std::string> scenarios;
  std::vector<std::string> set;
  bool json = false;
};
int check(const CheckArguments& arguments);

struct InferArguments {
  std::string model, input, output;
  std::vector<std::string> named_inputs;  ///< NAME=FILE.npy
  bool json = false;
};
int infer(const InferArguments& arguments);

struct ListArguments {
  std::string what;     ///< models, presets, scenarios or layers
  std::string network;  ///< layers
  std::string folder = "scenarios";
  bool json = false;
};
int list(const ListArguments& arguments);

struct RegressArguments {
  std::vector<std::string> paths;
  std::string junit;
  bool update = false;
};
int regress(const RegressArguments& arguments, const std::string& executable);

int explain(const std::string& directory, const std::string& component);
int schema(bool markdown);
int doctor(bool json);
int print_version();

}  // namespace szilard::cli
