// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/study/owner.hpp"

#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <sstream>
#include <unistd.h>

namespace szilard::study {
namespace {

/// Clock ticks since boot at which a process began (field 22 of /proc/PID/stat); empty if there is none.
std::string start_of(long process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::size_t name_end = text.rfind(')');  // the name may hold blanks and brackets
  if (name_end == std::string::npos) return {};
  std::istringstream rest(text.substr(name_end + 1));
  std::string field;
  for (int i = 3; i <= 22; ++i)
    if (!(rest >> field)) return {};
  return field;
}

}  // namespace

std::string host_name() {
  char name[256] = {};
  if (gethostname(name, sizeof name - 1) != 0) return "localhost";
  return name;
}

std::string own_identity() { return host_name() + " " + std::to_string(getpid()) + " " + start_of(getpid()); }

bool has_ended(const std::string& identity) {
  std::istringstream in(identity);
  std::string host, start;
  long process = 0;
  if (!(in >> host >> process >> start) || host != host_name()) return false;
  return start_of(process) != start;
}

double wall_clock_s() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace szilard::study
