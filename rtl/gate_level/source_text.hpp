// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "models/support/diagnostics.hpp"

namespace szilard::gate_level {

/// A file of the user's as text, with the way back from a byte to its line and column.
struct SourceText {
  std::string file;
  std::string text;

  support::SourceLocation locate(std::size_t offset) const;
  [[noreturn]] void fail(support::DiagnosticCode code, std::size_t offset, std::string message,
                         std::string hint = {}) const;
  /// `word` must lie within `text`.
  std::size_t offset_of(std::string_view word) const { return static_cast<std::size_t>(word.data() - text.data()); }
};

/// Throws support::InputError: file_not_found, file_too_large.
SourceText read_source(const std::string& path, std::size_t most_bytes);

}  // namespace szilard::gate_level
