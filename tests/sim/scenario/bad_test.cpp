// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>

#include "tests/sim/scenario/scenario_test.hpp"

using namespace szilard;
using namespace szilard::scenario;
using support::DiagnosticCode;

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> bad_files() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(kTestFolder + "/bad")) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// NAME.set beside NAME.yaml holds one --set a line.
LoadOptions options_of(fs::path file) {
  LoadOptions options;
  std::ifstream lines(file.replace_extension(".set"));
  for (std::string line; std::getline(lines, line);) options.overrides.push_back(line);
  return options;
}

std::vector<support::Diagnostic> diagnose(const fs::path& file) {
  try {
    load(file.string(), options_of(file));
  } catch (const support::InputError& error) {
    return error.diagnostics();
  }
  return {};
}

std::string without_folder(std::string text) {
  for (std::size_t at; (at = text.find(kTestFolder + "/")) != std::string::npos;)
    text.erase(at, kTestFolder.size() + 1);
  return text;
}

std::string printed(const std::vector<support::Diagnostic>& diagnostics) {
  std::string text;
  for (const auto& diagnostic : diagnostics) text += without_folder(support::to_string(diagnostic)) + "\n";
  return text;
}

}  // namespace

TEST_CASE("every bad scenario is refused with exactly the expected diagnostics", "[scenario][bad]") {
  use_test_presets();
  const auto files = bad_files();
  REQUIRE(files.size() >= 60);
  for (const fs::path& file : files) {
    const std::string got = printed(diagnose(file));
    fs::path expected = file;
    expected.replace_extension(".expected");
    if (updates_golden()) std::ofstream(expected) << got;
    INFO(file.filename());
    CHECK_FALSE(got.empty());
    CHECK(got == file_text(expected.string()));
  }
}

TEST_CASE("the bad scenarios bring out every code that the reader has", "[scenario][bad]") {
  use_test_presets();
  std::set<DiagnosticCode> seen;
  for (const fs::path& file : bad_files()) {
    for (const auto& diagnostic : diagnose(file)) seen.insert(diagnostic.code);
  }
  for (const DiagnosticCode code :
       {DiagnosticCode::file_not_found, DiagnosticCode::yaml_syntax, DiagnosticCode::yaml_depth,
        DiagnosticCode::duplicate_key, DiagnosticCode::encoding, DiagnosticCode::unknown_key,
        DiagnosticCode::missing_key, DiagnosticCode::wrong_type, DiagnosticCode::wrong_unit, DiagnosticCode::bad_number,
        DiagnosticCode::out_of_range, DiagnosticCode::unknown_choice, DiagnosticCode::unknown_preset,
        DiagnosticCode::conflict, DiagnosticCode::unsupported_version, DiagnosticCode::unsupported_size,
        DiagnosticCode::bad_override}) {
    INFO(support::diagnostic_code_name(code));
    CHECK(seen.count(code) == 1);
  }
}

TEST_CASE("diagnostics of a file come in the order of its lines", "[scenario][bad]") {
  use_test_presets();
  const auto found = diagnose(kTestFolder + "/bad/many_at_once.yaml");
  REQUIRE(found.size() > 5);
  CHECK(std::is_sorted(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::make_pair(a.where.line, a.where.column) < std::make_pair(b.where.line, b.where.column);
  }));
}

TEST_CASE("a scenario file that is not there, a folder or too large is refused", "[scenario][bad]") {
  const fs::path folder = fs::temp_directory_path() / "szilard_scenario_large";
  fs::create_directories(folder);
  const std::string large = (folder / "large.yaml").string();
  std::ofstream(large) << "# " << std::string((16u << 20) + 1, 'x');
  const auto code_of = [](const std::string& path) {
    const auto found = diagnose(path);
    REQUIRE(found.size() == 1);
    CHECK(found[0].where.file == path);
    return found[0].code;
  };
  CHECK(code_of(large) == DiagnosticCode::file_too_large);
  CHECK(code_of(folder.string()) == DiagnosticCode::file_not_found);
  CHECK(code_of((folder / "none.yaml").string()) == DiagnosticCode::file_not_found);
  fs::remove_all(folder);
}
