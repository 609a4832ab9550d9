// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/yaml_text.hpp"

#include <algorithm>
#include <cstdint>

#include "sim/scenario/yaml.hpp"

namespace szilard::scenario {

using support::DiagnosticCode;
using support::InputError;

namespace {

// Length of the well-formed UTF-8 sequence at `at` (Unicode 15, table 3-7), 0 if there is none.
std::size_t utf8_length(std::string_view bytes, std::size_t at, std::uint32_t& code_point) {
  const auto byte = [&](std::size_t i) {
    return at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0u;
  };
  const std::uint32_t first = byte(0);
  std::size_t length = 0;
  std::uint32_t least = 0;
  if (first < 0x80) {
    code_point = first;
    return 1;
  }
  if (first >= 0xC2 && first <= 0xDF) {
    length = 2, least = 0x80, code_point = first & 0x1F;
  } else if (first >= 0xE0 && first <= 0xEF) {
    length = 3, least = 0x800, code_point = first & 0x0F;
  } else if (first >= 0xF0 && first <= 0xF4) {
    length = 4, least = 0x10000, code_point = first & 0x07;
  } else {
    return 0;
  }
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
    code_point = (code_point << 6) | (byte(i) & 0x3F);
  }
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  return code_point < least || code_point > 0x10FFFF || surrogate ? 0 : length;
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

bool is_control(std::uint32_t code_point) {
  return (code_point < 0x20 && code_point != '\n') || (code_point >= 0x7F && code_point < 0xA0) ||
         code_point == 0xFEFF || code_point == 0x2028 || code_point == 0x2029 || (code_point & 0xFFFE) == 0xFFFE;
}

}  // namespace

std::size_t CheckedText::continuations_before(std::size_t at) const {
  const std::size_t block = std::min(at / kBlock, continuations.size() - 1);
  std::size_t count = continuations[block];
  for (std::size_t i = block * kBlock; i < at; ++i) count += is_continuation(text[i]);
  return count;
}

support::SourceLocation CheckedText::place(const std::string& file, std::size_t line, std::size_t byte_column,
                                           int first_column) const {
  line = std::min(line, line_starts.size() - 1);
  const std::size_t start = line_starts[line];
  const std::size_t end = std::min(start + byte_column, text.size());
  const std::size_t characters = end - start - (continuations_before(end) - continuations_before(start));
  const int shift = line == 0 ? first_column : 1;
  return {file, static_cast<int>(line) + 1, static_cast<int>(characters) + shift};
}

CheckedText check_text(std::string_view bytes, const std::string& file, int first_column) {
  if (bytes.size() > kMaximumYamlBytes) {
    throw InputError(DiagnosticCode::file_too_large, {file, 1, 1}, "the text is longer than 16 MiB",
                     "keep large data in .npy files");
  }
  if (bytes.substr(0, 3) == "\xEF\xBB\xBF") bytes.remove_prefix(3);
  CheckedText checked;
  checked.text.reserve(bytes.size());
  checked.line_starts.push_back(0);
  checked.continuations.push_back(0);
  std::size_t continued = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto here = [&] {
      return checked.place(file, checked.line_starts.size() - 1, checked.text.size() - checked.line_starts.back(),
                           first_column);
    };
    std::uint32_t code_point = 0;
    const std::size_t length = utf8_length(bytes, at, code_point);
    if (length == 0)
      throw InputError(DiagnosticCode::encoding, here(), "the text is not UTF-8", "save the file as UTF-8");
    if (code_point == '\r' && at + 1 < bytes.size() && bytes[at + 1] == '\n') {
      ++at;
      continue;
    }
    if (code_point == '\t') {
      throw InputError(DiagnosticCode::yaml_syntax, here(), "tabs are not taken", "indent and separate with blanks");
    }
    if (is_control(code_point)) {
      throw InputError(DiagnosticCode::encoding, here(), "a control character", "remove it; lines end in LF or CR LF");
    }
    for (std::size_t end = at + length; at < end; ++at) {
      checked.text.push_back(bytes[at]);
      continued += is_continuation(bytes[at]);
      if (checked.text.size() % CheckedText::kBlock == 0) checked.continuations.push_back(continued);
    }
    if (code_point == '\n') checked.line_starts.push_back(checked.text.size());
  }
  return checked;
}

}  // namespace szilard::scenario
