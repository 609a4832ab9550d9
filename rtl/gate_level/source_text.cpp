// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/gate_level/source_text.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace szilard::gate_level {

using support::DiagnosticCode;
using support::InputError;

support::SourceLocation SourceText::locate(std::size_t offset) const {
  offset = std::min(offset, text.size());
  const std::string_view before = std::string_view(text).substr(0, offset);
  const std::size_t newline = before.rfind('\n');
  const std::size_t start = newline == std::string_view::npos ? 0 : newline + 1;
  return {file, 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n')),
          1 + static_cast<int>(offset - start)};
}

void SourceText::fail(DiagnosticCode code, std::size_t offset, std::string message, std::string hint) const {
  throw InputError(code, locate(offset), std::move(message), std::move(hint));
}

SourceText read_source(const std::string& path, std::size_t most_bytes) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  const support::SourceLocation where{path, 1, 1};
  if (!std::filesystem::exists(status))
    throw InputError(DiagnosticCode::file_not_found, where, "there is no such file");
  if (std::filesystem::is_directory(status))
    throw InputError(DiagnosticCode::file_not_found, where, "this is a folder, not a file");
  std::ifstream in(path, std::ios::binary);
  if (!in)
    throw InputError(DiagnosticCode::file_not_found, where,
                     std::string("the file cannot be read: ") + std::strerror(errno));
  SourceText source{path, {}};
  constexpr std::size_t kChunk = 1 << 20;
  while (in) {
    const std::size_t had = source.text.size();
    source.text.resize(had + kChunk);
    in.read(source.text.data() + had, static_cast<std::streamsize>(kChunk));
    source.text.resize(had + static_cast<std::size_t>(in.gcount()));
    if (source.text.size() > most_bytes)
      throw InputError(DiagnosticCode::file_too_large, where,
                       "the file is larger than " + std::to_string(most_bytes >> 20) + " MiB");
  }
  if (source.text.compare(0, 2, "\x1f\x8b") == 0)
    throw InputError(DiagnosticCode::file_format, where, "this file is compressed", "decompress it with gunzip");
  return source;
}

}  // namespace szilard::gate_level
