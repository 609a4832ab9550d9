// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace szilard::support {

/// Where in the user's input something is wrong. Lines and columns start at 1. For binary files the line is 1 and the
/// column is the byte offset + 1, so that editors and scripts can read one form.
struct SourceLocation {
  std::string file;
  int line = 1;
  int column = 1;
};

/// The closed list of what can be wrong; diagnostic_code_name() gives the text in [brackets], diagnostic_code_help()
/// one sentence each.
enum class DiagnosticCode {
  // files
  file_not_found,  ///< the file does not exist or cannot be read
  file_too_large,  ///< the file exceeds the size limit of its kind
  file_truncated,  ///< the file ends before its own header says
  file_format,     ///< the file is not of the format that its name or use demands
  // YAML text
  yaml_syntax,    ///< the text is not YAML
  yaml_depth,     ///< nesting, aliases or node count exceed the limit
  duplicate_key,  ///< a key stands twice in one map
  encoding,       ///< the text is not UTF-8 or has control characters
  // scenario
  unknown_key,          ///< no such key here
  missing_key,          ///< a required key is absent
  wrong_type,           ///< a map, list, text or number was expected
  wrong_unit,           ///< the unit is missing, unknown or of another dimension
  bad_number,           ///< not a number, or not finite
  out_of_range,         ///< a number outside the allowed range
  unknown_choice,       ///< not one of the choices
  unknown_preset,       ///< no such preset
  conflict,             ///< two settings exclude one another
  unsupported_version,  ///< the file was written for another version
  bad_override,         ///< --set does not name a key or lacks '='
  // network
  unsupported_operator,  ///< the ONNX operator, or an attribute of it, is not supported
  bad_graph,             ///< the graph is inconsistent: missing tensor, cycle, several outputs
  shape_mismatch,        ///< sizes do not fit one another
  non_finite,            ///< NaN or infinity among weights or data
  // data
  label_count,  ///< images and labels differ in number, or a label is impossible
  // mapping
  unsupported_network,  ///< the platform cannot run this network
  unsupported_size,     ///< an RTL size that was not built
  // command line
  usage,  ///< wrong command line
  // environment
  environment,  ///< disk full, missing tool, no permission
};

std::string_view diagnostic_code_name(DiagnosticCode code);
std::string_view diagnostic_code_help(DiagnosticCode code);
/// Every code once, in the order of the enumeration (documentation and tests).
const std::vector<DiagnosticCode>& all_diagnostic_codes();

enum class Severity { error, warning };

struct Diagnostic {
  Severity severity = Severity::error;
  DiagnosticCode code = DiagnosticCode::usage;
  SourceLocation where;
  std::string message;
  std::string hint;  ///< what to do about it; may be empty
};

/// "file:line:col: error: message [code]" and, where there is a hint, a second line "  hint: ...". Control characters
/// from the input are escaped, over-long text is cut.
std::string to_string(const Diagnostic& diagnostic);

/// The user's input cannot be used. Carries every diagnostic found, at least one. Exit code 2.
class InputError : public std::runtime_error {
 public:
  explicit InputError(std::vector<Diagnostic> diagnostics);
  InputError(DiagnosticCode code, SourceLocation where, std::string message, std::string hint = {});
  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

 private:
  std::vector<Diagnostic> diagnostics_;
};

/// The environment failed: disk full, tool missing, no permission. Exit code 4.
class EnvironmentError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The candidate nearest to `word` by edit distance, or empty if none is near (for "did you mean").
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace szilard::support
