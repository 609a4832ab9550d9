// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace szilard::cli {

/// For options of unsigned integers: CLI11 takes -1 for the largest of them.
inline CLI::Validator not_negative() {
  return CLI::Validator(
      [](const std::string& text) { return text.rfind('-', 0) == 0 ? text + " is below 0" : std::string(); }, "");
}
/// For counts of which there is at least one.
inline CLI::Validator at_least_one() {
  return CLI::Validator(
      [](const std::string& text) {
        const bool none = !text.empty() && text.find_first_not_of("0") == std::string::npos;
        return none || text.rfind('-', 0) == 0 ? text + " is below 1" : std::string();
      },
      "");
}

}  // namespace szilard::cli
