// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <cmath>

#include "models/support/atomic_file.hpp"
#include "sim/waves/merged.hpp"

namespace szilard::waves {
namespace {

/// Short codes of printable characters.
std::string code(std::size_t index) {
  std::string text;
  do {
    text += static_cast<char>('!' + index % 94);
    index /= 94;
  } while (index-- > 0);
  return text;
}

std::string value_text(const Signal& signal, const MergedChange& change, const std::string& id) {
  if (signal.kind == Kind::event) return "1" + id + "\n";
  if (signal.kind == Kind::real) {
    char digits[40];
    return "r" + std::string(digits, std::to_chars(digits, digits + sizeof digits, change.real).ptr) + " " + id + "\n";
  }
  if (signal.width == 1) return (change.bits & 1 ? "1" : "0") + id + "\n";
  std::string bits;
  for (unsigned b = signal.width; b-- > 0;) bits += change.bits >> b & 1 ? '1' : '0';
  return "b" + bits + " " + id + "\n";
}

std::string declaration(const Signal& signal, const std::string& name, const std::string& id) {
  if (signal.kind == Kind::real) return "$var real 64 " + id + " " + name + " $end\n";
  if (signal.kind == Kind::event) return "$var event 1 " + id + " " + name + " $end\n";
  const std::string range = signal.width > 1 ? " [" + std::to_string(signal.width - 1) + ":0]" : "";
  return "$var wire " + std::to_string(signal.width) + " " + id + " " + name + range + " $end\n";
}

}  // namespace

void write_vcd(const Recording& recording, const std::string& path) {
  support::AtomicFile file(path);
  file.write("$version szilard $end\n$timescale 1 ps $end\n");
  std::vector<std::string> ids;
  for (std::size_t s = 0; s < recording.signals().size(); ++s) ids.push_back(code(s));
  std::vector<std::string> scope;
  for (const Place& place : places(recording)) {
    std::size_t common = 0;
    while (common < scope.size() && common < place.scope.size() && scope[common] == place.scope[common]) ++common;
    for (std::size_t up = common; up < scope.size(); ++up) file.write("$upscope $end\n");
    for (std::size_t down = common; down < place.scope.size(); ++down)
      file.write("$scope module " + place.scope[down] + " $end\n");
    scope = place.scope;
    file.write(declaration(recording.signals()[place.signal], place.name, ids[place.signal]));
  }
  for (std::size_t up = 0; up < scope.size(); ++up) file.write("$upscope $end\n");
  file.write("$enddefinitions $end\n");
  std::int64_t now = -1;
  for (const MergedChange& change : merged(recording)) {
    if (change.time_ps != now) file.write("#" + std::to_string(now = change.time_ps) + "\n");
    file.write(value_text(recording.signals()[change.signal], change, ids[change.signal]));
  }
  file.commit();
}

}  // namespace szilard::waves
