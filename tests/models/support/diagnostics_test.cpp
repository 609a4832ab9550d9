// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/support/diagnostics.hpp"

#include <catch2/catch.hpp>
#include <set>

using namespace szilard::support;

namespace {

Diagnostic error(DiagnosticCode code, const SourceLocation& where, const std::string& message,
                 const std::string& hint = {}) {
  Diagnostic diagnostic;
  diagnostic.code = code;
  diagnostic.where = where;
  diagnostic.message = message;
  diagnostic.hint = hint;
  return diagnostic;
}

}  // namespace

TEST_CASE("every diagnostic code has a name of its own and a sentence", "[support][fast]") {
  std::set<std::string> names;
  for (DiagnosticCode code : all_diagnostic_codes()) {
    const std::string name(diagnostic_code_name(code));
    INFO(name);
    CHECK(names.insert(name).second);
    CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos);
    REQUIRE(!diagnostic_code_help(code).empty());
    CHECK(diagnostic_code_help(code).back() == '.');
  }
  CHECK(names.size() == std::size_t(DiagnosticCode::environment) + 1);
}

TEST_CASE("codes are listed in the order of the enumeration, none left out", "[support][fast]") {
  const auto& codes = all_diagnostic_codes();
  for (std::size_t i = 0; i < codes.size(); ++i) CHECK(std::size_t(codes[i]) == i);
}

TEST_CASE("a diagnostic reads file:line:col: error: message [code]", "[support][fast]") {
  Diagnostic diagnostic = error(DiagnosticCode::unknown_key, {"a.yaml", 3, 7}, "no key 'rosw' here");
  CHECK(to_string(diagnostic) == "a.yaml:3:7: error: no key 'rosw' here [unknown_key]");
  diagnostic.severity = Severity::warning;
  diagnostic.hint = "did you mean 'rows'?";
  CHECK(to_string(diagnostic) == "a.yaml:3:7: warning: no key 'rosw' here [unknown_key]\n  hint: did you mean 'rows'?");
}

TEST_CASE("control characters of the input never reach the terminal", "[support][bad]") {
  const Diagnostic diagnostic = error(DiagnosticCode::encoding, {"a\nb", 1, 1}, "x\x1b[31m\x7f\r\ty", "\xc2\x9b");
  const std::string text = to_string(diagnostic);
  CHECK(text == "a\\nb:1:1: error: x\\x1b[31m\\x7f\\x0d\\ty [encoding]\n  hint: \\xc2\\x9b");
}

TEST_CASE("well-formed UTF-8 passes and broken UTF-8 is escaped", "[support][bad]") {
  const auto message = [](const char* text) { return to_string(error(DiagnosticCode::encoding, {"f", 1, 1}, text)); };
  CHECK(message("5 \u03a9 \u20ac \U0001f600") == "f:1:1: error: 5 \u03a9 \u20ac \U0001f600 [encoding]");
  CHECK(message("\xc0\xaf") == "f:1:1: error: \\xc0\\xaf [encoding]");
  CHECK(message("\xed\xa0\x80") == "f:1:1: error: \\xed\\xa0\\x80 [encoding]");
  CHECK(message("\xf4\x90\x80\x80") == "f:1:1: error: \\xf4\\x90\\x80\\x80 [encoding]");
  CHECK(message("end\xe2\x82") == "f:1:1: error: end\\xe2\\x82 [encoding]");
  CHECK(message("\x80") == "f:1:1: error: \\x80 [encoding]");
}

TEST_CASE("over-long text is cut", "[support][bad]") {
  const Diagnostic diagnostic = error(DiagnosticCode::usage, {"f", 1, 1}, std::string(1000000, 'x'));
  CHECK(to_string(diagnostic).size() < 1000);
  CHECK(to_string(diagnostic).find("xxx... [usage]") != std::string::npos);
}

TEST_CASE("an input error carries every diagnostic and refuses to carry none", "[support][bad]") {
  const InputError two({error(DiagnosticCode::bad_number, {"f", 1, 2}, "one"),
                        error(DiagnosticCode::wrong_unit, {"f", 2, 3}, "two", "three")});
  CHECK(two.diagnostics().size() == 2);
  CHECK(std::string(two.what()) == "f:1:2: error: one [bad_number]\nf:2:3: error: two [wrong_unit]\n  hint: three");
  CHECK(InputError(DiagnosticCode::usage, {"f", 1, 1}, "m").diagnostics().at(0).code == DiagnosticCode::usage);
  CHECK_THROWS_AS(InputError(std::vector<Diagnostic>{}), std::logic_error);
}

TEST_CASE("the nearest word is found within a third of its letters, else none", "[support][fast]") {
  const std::vector<std::string> keys = {"rows", "columns", "temperature", "seed"};
  CHECK(nearest("rosw", keys) == "rows");
  CHECK(nearest("colums", keys) == "columns");
  CHECK(nearest("temprature", keys) == "temperature");
  CHECK(nearest("banana", keys).empty());
  CHECK(nearest("", keys).empty());
  CHECK(nearest("x", keys).empty());
  CHECK(nearest(std::string(100000, 'r'), keys).empty());
  CHECK(nearest("rows", {}).empty());
}
