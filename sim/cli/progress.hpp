// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

namespace szilard::cli {

/// One line on a terminal's stderr, rewritten at most ten times a second; nothing where stderr is no terminal.
class Progress {
 public:
  explicit Progress(bool quiet);
  ~Progress();
  void show(const std::string& phase, const std::string& what, double share);

 private:
  bool active_;
  std::chrono::steady_clock::time_point last_{};
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace szilard::cli
