// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/support/diagnostics.hpp"

namespace szilard::scenario {

/// A YAML text that has been checked byte by byte: UTF-8, no control characters, lines end in LF, no byte order mark.
struct CheckedText {
  std::string text;
  std::vector<std::size_t> line_starts;
  std::vector<std::size_t> continuations;  ///< bytes inside characters before each block of kBlock bytes

  static constexpr std::size_t kBlock = 256;

  /// Place of a byte: line and column from 1, columns counted in characters as editors do.
  support::SourceLocation place(const std::string& file, std::size_t line, std::size_t byte_column,
                                int first_column) const;

 private:
  std::size_t continuations_before(std::size_t at) const;
};

/// Throws InputError (encoding, yaml_syntax for tabs, file_too_large).
CheckedText check_text(std::string_view bytes, const std::string& file, int first_column);

}  // namespace szilard::scenario
