// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/support/diagnostics.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace szilard::support {
namespace {

struct CodeText {
  DiagnosticCode code;
  std::string_view name, help;
};

constexpr CodeText kCodes[] = {
    {DiagnosticCode::file_not_found, "file_not_found", "The file does not exist or cannot be read."},
    {DiagnosticCode::file_too_large, "file_too_large", "The file exceeds the size limit of its kind."},
    {DiagnosticCode::file_truncated, "file_truncated", "The file ends before its own header says."},
    {DiagnosticCode::file_format, "file_format", "The file is not of the format that its name or use demands."},
    {DiagnosticCode::yaml_syntax, "yaml_syntax", "The text is not YAML."},
    {DiagnosticCode::yaml_depth, "yaml_depth", "Nesting, aliases or the number of nodes exceed the limit."},
    {DiagnosticCode::duplicate_key, "duplicate_key", "A key stands twice in one map."},
    {DiagnosticCode::encoding, "encoding", "The text is not UTF-8 or has control characters."},
    {DiagnosticCode::unknown_key, "unknown_key", "There is no such key here."},
    {DiagnosticCode::missing_key, "missing_key", "A required key is absent."},
    {DiagnosticCode::wrong_type, "wrong_type",
     "A map, list, text or number was expected and something else was found."},
    {DiagnosticCode::wrong_unit, "wrong_unit", "The unit is missing, unknown or of another dimension."},
    {DiagnosticCode::bad_number, "bad_number", "This is not a number, or not a finite one."},
    {DiagnosticCode::out_of_range, "out_of_range", "The number is outside its allowed range."},
    {DiagnosticCode::unknown_choice, "unknown_choice", "This is not one of the choices."},
    {DiagnosticCode::unknown_preset, "unknown_preset", "There is no such preset."},
    {DiagnosticCode::conflict, "conflict", "Two settings exclude one another."},
    {DiagnosticCode::unsupported_version, "unsupported_version", "The file was written for another version."},
    {DiagnosticCode::bad_override, "bad_override", "An override does not name a key or lacks '='."},
    {DiagnosticCode::unsupported_operator, "unsupported_operator",
     "The operator, attribute or cell is known but not supported."},
    {DiagnosticCode::bad_graph, "bad_graph",
     "The graph or netlist is inconsistent: something missing, a cycle, several drivers or outputs."},
    {DiagnosticCode::shape_mismatch, "shape_mismatch", "Sizes do not fit one another."},
    {DiagnosticCode::non_finite, "non_finite", "There is a NaN or an infinity among the weights or data."},
    {DiagnosticCode::label_count, "label_count", "Images and labels differ in number, or a label is impossible."},
    {DiagnosticCode::unsupported_network, "unsupported_network", "The platform cannot run this network."},
    {DiagnosticCode::unsupported_size, "unsupported_size", "No RTL was built for this size."},
    {DiagnosticCode::usage, "usage", "The command line is wrong."},
    {DiagnosticCode::environment, "environment", "The environment failed: disk full, missing tool, no permission."},
};

const CodeText& text_of(DiagnosticCode code) {
  for (const CodeText& text : kCodes)
    if (text.code == code) return text;
  throw std::logic_error("diagnostic code without a name");
}

// Bytes of the UTF-8 sequence at `text`, 0 if it is not well-formed (overlong forms, surrogates and values above
// U+10FFFF are not).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0) != 0x80) return 0;
  if ((lead == 0xe0 && byte(1) < 0xa0) || (lead == 0xed && byte(1) > 0x9f) || (lead == 0xf0 && byte(1) < 0x90) ||
      (lead == 0xf4 && byte(1) > 0x8f))
    return 0;
  return length;
}

// A terminal must not obey what stands in the user's files: controls (C0, DEL, C1) and bytes that are not UTF-8 are
// written as escapes.
std::string printable(std::string_view text, std::size_t limit) {
  static const char* digits = "0123456789abcdef";
  std::string out;
  const auto escape = [&](unsigned char c) { out += {'\\', 'x', digits[c >> 4], digits[c & 15]}; };
  for (std::size_t i = 0; i < text.size();) {
    if (out.size() >= limit) return out + "...";
    const auto c = static_cast<unsigned char>(text[i]);
    const std::size_t length = utf8_length(text.substr(i));
    if (c == '\n') {
      out += "\\n", ++i;
    } else if (c == '\t') {
      out += "\\t", ++i;
    } else if (length == 0 || c < 0x20 || c == 0x7f) {
      escape(c), ++i;
    } else if (c == 0xc2 && static_cast<unsigned char>(text[i + 1]) < 0xa0) {
      escape(c), escape(static_cast<unsigned char>(text[i + 1])), i += 2;
    } else {
      out.append(text.substr(i, length)), i += length;
    }
  }
  return out;
}

std::string joined(const std::vector<Diagnostic>& diagnostics) {
  if (diagnostics.empty()) throw std::logic_error("an InputError needs at least one diagnostic");
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (!text.empty()) text += '\n';
    text += to_string(diagnostic);
  }
  return text;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> previous(b.size() + 1), row(b.size() + 1), before(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitute = previous[j - 1] + (a[i - 1] != b[j - 1]);
      row[j] = std::min({previous[j] + 1, row[j - 1] + 1, substitute});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, previous);
    std::swap(previous, row);
  }
  return previous[b.size()];
}

}  // namespace

std::string_view diagnostic_code_name(DiagnosticCode code) { return text_of(code).name; }
std::string_view diagnostic_code_help(DiagnosticCode code) { return text_of(code).help; }

const std::vector<DiagnosticCode>& all_diagnostic_codes() {
  static const std::vector<DiagnosticCode> codes = [] {
    std::vector<DiagnosticCode> all;
    for (const CodeText& text : kCodes) all.push_back(text.code);
    return all;
  }();
  return codes;
}

std::string to_string(const Diagnostic& diagnostic) {
  constexpr std::size_t kPathLimit = 4096, kTextLimit = 600;
  std::string text =
      printable(diagnostic.where.file, kPathLimit) + ':' + std::to_string(diagnostic.where.line) + ':' +
      std::to_string(diagnostic.where.column) + (diagnostic.severity == Severity::error ? ": error: " : ": warning: ") +
      printable(diagnostic.message, kTextLimit) + " [" + std::string(diagnostic_code_name(diagnostic.code)) + ']';
  if (!diagnostic.hint.empty()) text += "\n  hint: " + printable(diagnostic.hint, kTextLimit);
  return text;
}

InputError::InputError(std::vector<Diagnostic> diagnostics)
    : std::runtime_error(joined(diagnostics)), diagnostics_(std::move(diagnostics)) {}

InputError::InputError(DiagnosticCode code, SourceLocation where, std::string message, std::string hint)
    : InputError(
          std::vector<Diagnostic>{{Severity::error, code, std::move(where), std::move(message), std::move(hint)}}) {}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr std::size_t kLongest = 64;
  if (word.empty() || word.size() > kLongest) return {};
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kLongest) continue;
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance && distance < candidate.size()) best = candidate, best_distance = distance;
  }
  return best;
}

}  // namespace szilard::support
