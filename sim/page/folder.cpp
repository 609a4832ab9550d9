// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/page/folder.hpp"

#include <filesystem>
#include <fstream>

#include "models/support/diagnostics.hpp"

namespace szilard::page {

using support::DiagnosticCode;
using support::InputError;

bool exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

std::string reason_of(const Json::exception& error) {
  const std::string text = error.what();
  const std::size_t end = text.find("] ");
  return text.compare(0, 1, "[") == 0 && end != std::string::npos ? text.substr(end + 2) : text;
}

Json read_json(const std::string& path, const std::string& name) {
  const support::SourceLocation where{path, 1, 1};
  std::ifstream file(path);
  if (!file)
    throw InputError(DiagnosticCode::file_not_found, where, "the run is incomplete: no such file",
                     "run the scenario again");
  Json json;
  try {
    json = Json::parse(file);
  } catch (const Json::exception& error) {
    throw InputError(DiagnosticCode::file_format, where, "not JSON: " + reason_of(error));
  }
  const std::string prefix = "szilard." + name + "/";
  const std::string schema = json.is_object() && json.contains("schema") && json["schema"].is_string()
                                 ? json["schema"].get<std::string>()
                                 : "";
  if (schema == prefix + "1") return json;
  if (schema.compare(0, prefix.size(), prefix) == 0)
    throw InputError(DiagnosticCode::unsupported_version, where,
                     "written by a newer szilard: " + schema + "; this one reads " + prefix + "1");
  throw InputError(DiagnosticCode::file_format, where, "not what szilard writes: no schema " + prefix + "1");
}

}  // namespace szilard::page
