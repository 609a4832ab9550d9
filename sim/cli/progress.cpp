// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/progress.hpp"

#include <cstdio>
#include <cstdlib>
#include <unistd.h>

namespace szilard::cli {

Progress::Progress(bool quiet) : active_(!quiet && isatty(STDERR_FILENO)) {}

Progress::~Progress() {
  if (active_) std::fputs("\r\033[K", stderr);
}

void Progress::show(const std::string& phase, const std::string& what, double share) {
  if (!active_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  std::fprintf(stderr, "\r\033[K%s: %s %3.0f %% (%.1f s)", phase.c_str(), what.c_str(), 100 * share, elapsed);
  std::fflush(stderr);
}

}  // namespace szilard::cli
